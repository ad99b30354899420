"""The blind test: ten pairs of pictures, and in the end how likely the answers are by guessing."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QHideEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.engine.messages import RenderSpec
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.runtimes.target import Target, reference_of
from studio.session.document import CURRENT, FULL_SUBNET, Document
from widgets.blind.trials import TRIALS, BlindRun, Side, Trial, make_trials
from widgets.captions import stepped, subnet_name, with_steps
from widgets.controller import Controller
from widgets.controls.quiet import QuietBox
from widgets.frontier.hover import image_of
from widgets.picture_requests import PictureRequests
from widgets.scene import DIFFUSION, Drawn, asked_of, drafts, drawn_by, suited, wanted_inputs
from widgets.style.theme import GRID, picture_background

if TYPE_CHECKING:
    import numpy as np

PICTURE = 320


class Shown(QWidget):
    """One picture, scaled smoothly into the room it has: both sides alike, whatever their size."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(20 * GRID, 20 * GRID)

    def sizeHint(self) -> QSize:
        return QSize(PICTURE, PICTURE)

    def set_image(self, image: QImage | None) -> None:
        """Show a picture, or nothing."""
        self.image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), picture_background())
        if self.image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side = min(self.width(), self.height())
        left, top = (self.width() - side) / 2, (self.height() - side) / 2
        painter.drawImage(QRectF(left, top, side, side), self.image)


class BlindTest(QDialog):
    """Shows *full* and a variant side by side in random order, and asks which one is full."""

    def __init__(
        self,
        controller: Controller,
        requests: PictureRequests,
        parent: QWidget | None = None,
        rng: random.Random | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("blind test")
        self.setWindowTitle(self.tr("Blind test"))
        self._controller, self._requests = controller, requests
        self._rng = rng or random.SystemRandom()
        self._info: ModelInfo | None = None
        self._drawn: Drawn | None = None
        self._name = ""
        self._target = ""
        self._document = Document()
        self.test: BlindRun | None = None
        self.variant = QuietBox()
        self.variant.setObjectName("blind variant")
        self.variant.setAccessibleName(self.tr("The variant that is tested"))
        self.variant.activated.connect(lambda _: self.begin())
        self.pictures = {
            "A": Shown(self.tr("Picture A")),
            "B": Shown(self.tr("Picture B")),
        }
        self.buttons = {
            "A": QPushButton(self.tr("&A is full")),
            "B": QPushButton(self.tr("&B is full")),
        }
        self.question = QLabel()
        self.question.setObjectName("blind question")
        self.question.setWordWrap(True)
        self.question.setMinimumHeight(4 * self.fontMetrics().lineSpacing())
        self.again = QPushButton(self.tr("Test again"))
        self.again.clicked.connect(self.begin)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        for each in (*self.buttons.values(), self.again, close):
            each.setAutoDefault(False)
        for side, each in self.buttons.items():
            each.clicked.connect(lambda _=False, s=side: self.answer(s))
        self._arrange(close)
        requests.ready.connect(lambda *_: self._show())
        requests.failed.connect(self._failed)

    def _arrange(self, close: QPushButton) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID)
        label = QLabel(self.tr("full against"))
        label.setBuddy(self.variant)
        top.addWidget(label)
        top.addWidget(self.variant, 1)
        sides = QHBoxLayout()
        sides.setSpacing(2 * GRID)
        for side in ("A", "B"):
            column = QVBoxLayout()
            column.setSpacing(GRID)
            column.addWidget(self.pictures[side], 1)
            column.addWidget(self.buttons[side])
            sides.addLayout(column, 1)
        end = QHBoxLayout()
        end.setSpacing(GRID)
        end.addStretch(1)
        end.addWidget(self.again)
        end.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(top)
        layout.addLayout(sides, 1)
        layout.addWidget(self.question)
        layout.addLayout(end)
        self.resize(2 * PICTURE + 6 * GRID, PICTURE + 28 * GRID)

    def offer(self, info: ModelInfo) -> None:
        """Show it, with the variant of side B (else the current one) against full."""
        self._info = info
        document = self._controller.document
        self.variant.clear()
        for ref in (CURRENT, *(variant.id for variant in document.kept)):
            try:
                drawn = drawn_by(document, ref, info, self._controller.baked)
            except MaquetteError:
                continue
            if self._differs(drawn):
                self.variant.addItem(self._called(ref, drawn), (ref, drawn))
        shown = document.view.side_b
        for index in range(self.variant.count()):
            if self.variant.itemData(index)[0] == shown:
                self.variant.setCurrentIndex(index)
        self.begin()
        self.show()
        self.raise_()
        self.activateWindow()

    def begin(self) -> None:
        """A new test of the chosen variant."""
        chosen = self.variant.currentData()
        if self._info is None or chosen is None:
            self.test = None
            self._show()
            return
        self._drawn = chosen[1]
        self._name = self.variant.currentText()
        self._target = self._controller.target
        self._document = self._controller.document
        self.test = BlindRun(make_trials(self._rng, TRIALS))
        self._want()
        self._show()

    def _want(self) -> None:
        """Have the pictures of this trial and the next drawn: all at once could fill the memory."""
        if self.test is not None:
            done = len(self.test.answers)
            near = self.test.trials[done : done + 2]
            self._requests.want(s for trial in near for s in self._specs(trial).values())

    def answer(self, side: Side) -> None:
        """Call a side *full*; only once both pictures are there."""
        if self.test is not None and self._both() is not None:
            self.test = self.test.answered(side)
            self._want()
            self._show()

    def _specs(self, trial: Trial) -> dict[str, RenderSpec]:
        """What either side shows."""
        info, drawn = self._info, self._drawn
        assert info is not None
        assert drawn is not None
        seeded = replace(self._document.inputs, seed=trial.seed)
        document = replace(self._document, inputs=seeded)
        full = wanted_inputs(document, info)
        small = asked_of(document, info, drawn.info, drawn.choice)
        other = "B" if trial.full == "A" else "A"
        # Both on one target, so that only the variant differs; of int8, full in f32.
        on = suited(self._target, drawn.info, drawn.choice)
        return {
            trial.full: RenderSpec(
                info.key, full, FULL_SUBNET, str(reference_of(Target.parse(on)))
            ),
            other: RenderSpec(drawn.info.key, small, drawn.choice, on),
        }

    def _differs(self, drawn: Drawn) -> bool:
        """Whether a variant is there, and not full itself."""
        assert self._info is not None
        if not drawn.applied:
            return False
        plain = drawn.info.key == self._info.key and drawn.choice == FULL_SUBNET
        return not plain or drafts(self._controller.document, self._info)

    def _called(self, ref: str, drawn: Drawn) -> str:
        """The name of a variant; of a pipeline with the steps of its drafts."""
        info, document = self._info, self._controller.document
        assert info is not None
        name = subnet_name(document.choice_of(ref), info.config)
        if drawn.info.key != info.key:
            name = with_steps(name, document.recipe_of(ref))
        return stepped(name, wanted_inputs(document, info, draft=True), drawn.choice)

    def _both(self) -> dict[str, np.ndarray] | None:
        """The pictures of the present trial, once both are at hand."""
        trial = None if self.test is None else self.test.present
        if trial is None:
            return None
        found = {side: self._requests.get(spec) for side, spec in self._specs(trial).items()}
        return (
            {s: p for s, p in found.items() if p is not None}
            if all(p is not None for p in found.values())
            else None
        )

    # ---- what is shown ------------------------------------------------------------------------

    def _show(self) -> None:
        both = self._both()
        for side, shown in self.pictures.items():
            # Neither before both: what comes first would give itself away.
            shown.set_image(None if both is None else image_of(both[side]))
            self.buttons[side].setEnabled(both is not None)
        test = self.test
        self.again.setVisible(test is not None and test.present is None)
        if test is None:
            self.question.setText(
                self.tr("There is no variant but full. Choose a width below 1 first.")
                if self._info is None or self._info.family != DIFFUSION
                else self.tr("There is no variant but full. Choose fewer steps or a width first.")
            )
        elif test.present is not None:
            number = self.tr("Picture {n} of {all}.").format(
                n=len(test.answers) + 1, all=len(test.trials)
            )
            ask = (
                self.tr("Which one is full? Press A or B; guess where you cannot tell.")
                if both is not None
                else self.tr("Drawing…")
            )
            self.question.setText(f"{number} {ask}")
        else:
            self.question.setText(self.result(test))

    def result(self, test: BlindRun) -> str:
        """What a test came to, in plain words."""
        score = self.tr("You found full in {right} of {all} pictures.").format(
            right=test.right, all=len(test.answers)
        )
        chance = self.tr(
            "By guessing alone, a score at least as far from half comes up in {share} of such "
            "tests (exact binomial test, two-sided, p = {p})."
        ).format(share=_percent(test.p_value), p=f"{test.p_value:.2g}")
        verdict = {
            "told": self.tr("So you can tell {name} from full."),
            "reversed": self.tr(
                "So you can tell {name} from full, but you took it for the better one."
            ),
            "not told": self.tr("That is no sign that you can tell {name} from full."),
        }[test.verdict].format(name=self._name)
        return f"{score} {chance} {verdict}"

    def _failed(self, spec: RenderSpec, sentence: str) -> None:
        trial = None if self.test is None else self.test.present
        if trial is not None:
            self.test = None
            self._show()
            self.question.setText(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = {Qt.Key.Key_A: "A", Qt.Key.Key_B: "B"}.get(Qt.Key(event.key()))
        if key is not None and not event.modifiers():
            self.answer(key)
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self._requests.want([])
        super().hideEvent(event)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%" if share < 0.1 else f"{100 * share:.0f}%"
