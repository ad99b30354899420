"""All reusable widgets in one window with sample pictures, to look at.

python -m tests.widgets.gallery [--theme dark|light|system] [--mode side] [--korean] [--empty]
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from widgets.compare.view import CompareView, Mode
from widgets.controls.card import Card
from widgets.controls.fold import Fold
from widgets.controls.notice import NoticeBar
from widgets.controls.progress import JobProgressBar
from widgets.controls.slider import ChoiceSlider, ValueSlider
from widgets.controls.strip import PictureStrip
from widgets.controls.table import Column, NumberTable
from widgets.style.theme import GRID, apply_theme, icon, names

KOREAN = {
    "Width": "너비",
    "Resolution": "해상도",
    "Truncation": "다양성 줄이기 (잘라내기)",
    "Noise": "잡음",
    "Smile": "미소",
    "Light from the left side": "왼쪽에서 들어오는 빛의 세기",
    "Seed": "시드",
    "Subnet": "부분 신경망",
    "Part of the network that answers at once while you drag.": (
        "끌어서 움직이는 동안 바로 응답하는 신경망의 일부입니다."
    ),
    "More": "더 보기",
    "One per stage": "단계별로",
    "Rule": "규칙",
    "full": "전체",
    "width 0.5, 32 px": "너비 0.5, 32 px",
}


def picture(side: int, seed: int = 0) -> np.ndarray:
    """A lit ball on a shaded ground, (side, side, 3) uint8."""
    rng = np.random.default_rng(seed)
    colour = rng.uniform(0.35, 0.95, 3)
    y, x = np.mgrid[0:side, 0:side] / (side - 1) * 2 - 1
    radius = np.hypot(x, y + 0.1)
    depth = np.sqrt(np.clip(0.6 - radius**2, 0, None))
    light = np.clip(-0.5 * x - 0.6 * y + 0.7 * depth, 0, 1)[..., None]
    ball = (radius < 0.77)[..., None] * (0.12 + 0.88 * light) * colour
    ground = (0.55 - 0.25 * y)[..., None] * np.ones(3) * (1 - (radius < 0.77)[..., None])
    eyes = (np.hypot(np.abs(x) - 0.27, y + 0.2) < 0.09)[..., None]
    return (np.clip((ball + ground) * (1 - 0.85 * eyes), 0, 1) * 255).astype(np.uint8)


class Gallery(QWidget):
    """The widgets, roughly where the main window has them."""

    def __init__(self, mode: Mode, *, korean: bool, empty: bool) -> None:
        super().__init__()
        self.setWindowTitle("Gallery")
        self._korean = korean
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._tools())
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(_scrolled(self._left()))
        row.addWidget(self._compare(mode, empty), 1)
        row.addWidget(_scrolled(self._right()))
        layout.addLayout(row, 1)
        layout.addWidget(self._notice())
        layout.addWidget(self._table())
        layout.addWidget(self._progress())

    def _say(self, text: str) -> str:
        return KOREAN.get(text, text) if self._korean else text

    def _tools(self) -> QWidget:
        bar = QToolBar()
        for name in names():
            action = bar.addAction(icon(name), name)
            action.setEnabled(name != "redo")
        return bar

    def _left(self) -> QWidget:
        panel = QWidget()
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        strip = PictureStrip(removable=False)
        strip.set_items([(str(n), str(n * 137)) for n in range(9)])
        for n in range(8):
            strip.set_picture(str(n), picture(64, n))
        strip.set_current("1")
        layout.addWidget(strip)
        say = self._say
        layout.addWidget(ValueSlider(say("Seed"), 0, 2**32 - 1, 0, step=1, decimals=0))
        for label in ("Truncation", "Noise", "Smile", "Light from the left side"):
            slider = ValueSlider(say(label), -2, 2, 0 if label[0] in "SL" else 1, step=0.05)
            slider.set_value(0.7)
            layout.addWidget(slider)
        fold = Fold(say("More"), opened=True)
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(2 * GRID, 0, 0, 0)
        rows.addWidget(
            ValueSlider(say("Light from the left side"), 0.01, 100, 1, step=0.01, logarithmic=True)
        )
        fold.set_content(inner)
        layout.addWidget(fold)
        empty = PictureStrip()
        empty.set_empty_text(
            "No pins yet. P keeps what you see."
            if not self._korean
            else "아직 고정한 그림이 없습니다. P를 누르면 지금 그림을 고정합니다."
        )
        layout.addWidget(empty)
        layout.addStretch()
        return panel

    def _right(self) -> QWidget:
        say = self._say
        panel = QWidget()
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        card = Card(say("Subnet"), switchable=True)
        card.set_summary(say("Part of the network that answers at once while you drag."))
        menu = QMenu(card)
        menu.addAction("Move up")
        card.set_menu(menu)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GRID)
        width = ValueSlider(
            say("Width"), 0.1, 1, 1, step=0.01, stops=[0.25, 0.5, 0.75, 1], tooltip="Ratio"
        )
        width.set_value(0.5)
        rows.addWidget(width)
        sizes = ChoiceSlider(say("Resolution"), [8, 16, 32, 64, 128], 128, unit="px")
        sizes.set_value(32)
        rows.addWidget(sizes)
        rule = QHBoxLayout()
        rule.addWidget(QLabel(say("Rule")))
        box = QComboBox()
        box.addItems(["literal", "anycost"])
        rule.addWidget(box, 1)
        rows.addLayout(rule)
        rows.addWidget(Fold(say("One per stage")))
        card.set_content(body)
        layout.addWidget(card)
        off = Card("Int8", "Whole numbers instead of floats.", switchable=True)
        content = QWidget()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(ValueSlider("Keep", 0, 10, 4, step=1, decimals=0, unit="layers"))
        off.set_content(content)
        off.set_on(False)
        layout.addWidget(off)
        layout.addWidget(Card("Distil", "Trains the small one on the large one.", opened=False))
        layout.addStretch()
        return panel

    def _compare(self, mode: Mode, empty: bool) -> QWidget:
        self.view = CompareView()
        self.view.set_empty("Open a model to see its picture.", "Open…")
        if not empty:
            self.view.set_picture("A", picture(128))
            self.view.set_picture("B", picture(32))
            self.view.set_caption(
                "A",
                self._say("full"),
                ["128 px, 5.2 M, 0.90 GMAC", "18 ms (17 to 21), PyTorch f32 CPU", "reference"],
            )
            self.view.set_caption(
                "B",
                self._say("width 0.5, 32 px"),
                [
                    "32 px, 1.4 M parameters, 0.25 GMAC",
                    "5.1 ms (4.8 to 6.0), PyTorch f32 CPU, 2 threads, last 20",
                    "FLIP 0.060, SSIM 0.950, PSNR 31.2 dB",
                ],
            )
            self.view.set_stale("B", True)
        self.view.set_mode(mode)
        return self.view

    def _notice(self) -> QWidget:
        notice = NoticeBar()
        notice.set(
            "clay.pkl holds a StyleGAN3 generator; StyleGAN2 is what can be opened."
            if not self._korean
            else "clay.pkl 파일에는 StyleGAN3 생성기가 들어 있습니다. 열 수 있는 것은 "
            "StyleGAN2이며, 다른 파일을 고르면 지금 모델은 그대로 남아 있습니다.",
            "Traceback\n  ...",
            "error",
            "Open another" if not self._korean else "다른 파일 열기",
        )
        return notice

    def _table(self) -> QWidget:
        table = NumberTable(
            [
                Column("Variant", numeric=False),
                Column("Latency", "ms", formatter=lambda v: f"{v:.1f}"),
                Column("FLIP", formatter=lambda v: f"{v:.3f}"),
                Column("Size", "MB", formatter=lambda v: f"{v:.1f}"),
            ]
        )
        rows = {
            "full": ("full", 18.04, 0.0, 20.6),
            "half": ("width 0.5, 128 px", 5.11, 0.06, 5.9),
            "new": ("width 0.25, 64 px", None, None, 1.7),
        }
        table.set_rows(rows)
        table.select_ids(["half"])
        table.fit_columns()
        table.setFixedHeight(120)
        return table

    def _progress(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * GRID)
        known, unknown = JobProgressBar(), JobProgressBar()
        known.set_progress(0.43, "Measuring width 0.5, 43%", 20)
        unknown.set_progress(None, "Converting ffhq-256-config-e.pt")
        layout.addWidget(known)
        layout.addWidget(unknown)
        return row


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFixedWidth(296)
    return area


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--mode", default="side", choices=[mode.value for mode in Mode])
    parser.add_argument("--korean", action="store_true")
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--size", default="1280x770", help="in logical pixels")
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    apply_theme(app, options.theme)
    window = Gallery(Mode(options.mode), korean=options.korean, empty=options.empty)
    width, height = options.size.split("x")
    window.resize(int(width), int(height))
    window.show()
    return app.exec()


if __name__ == "__main__":
    raise SystemExit(main())
