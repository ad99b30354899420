"""What a step that learns has reached: the loss, held-out pictures, how near they are to full."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.engine.job_messages import JobLesson
from studio.training.distil.options import Closeness
from widgets.style.theme import GRID, caption_font
from widgets.training.run_parts import FiguresTable
from widgets.training.sparkline import Sparkline
from widgets.training.width_strip import LABELS, WidthStrip


class LearningView(QWidget):
    """Shows the newest look at a training, nothing before the first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says = QLabel()
        self.says.setFont(caption_font(self.says.font()))
        self.curve = Sparkline()
        self.curve.setAccessibleName(self.tr("Loss"))
        self.curve.setToolTip(self.tr("Loss: how far what it answers is from full, so far"))
        self.strip = WidthStrip()
        self.strip.setToolTip(self.tr("Pictures that it does not learn from"))
        self.table = FiguresTable(named=True)
        self.table.setToolTip(
            self.tr("Mean difference to what full draws: FLIP from 0 to 1, smaller is nearer")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for widget in (self.says, self.curve, self.strip, self.table):
            layout.addWidget(widget)
        self._shape = (1, 1)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The strip is as high as its pictures are, at the width there is."""
        width, height = self._shape
        self.strip.setFixedHeight(max(1, (self.width() - LABELS) * height // width))

    def clear(self) -> None:
        """No training is under way."""
        self.hide()

    def show_lesson(self, lesson: JobLesson) -> None:
        """What it has reached."""
        text = self.tr("Step {step}, {minutes} min")
        self.says.setText(text.format(step=lesson.step, minutes=f"{lesson.minutes:.1f}"))
        self.curve.set_values(lesson.losses)
        self.curve.setVisible(len(lesson.losses) > 1)
        self.strip.show_picture(
            lesson.picture, [self.tr("before"), self.tr("now"), self.tr("full")]
        )
        self._shape = (lesson.picture.width, lesson.picture.height)
        self._fit()
        heads = ("", self.tr("FLIP at first"), self.tr("FLIP now"), self.tr("PSNR now"))
        parts = zip(lesson.before.parts, lesson.now.parts, strict=True)
        lines = [self._line(name, old, new) for (name, old), (_, new) in parts]
        name = self.tr("mean") if lines else ""
        lines.append(self._line(name, lesson.before, lesson.now))
        self.table.show_lines(heads, lines)
        self.show()

    def _line(self, name: str, old: Closeness, new: Closeness) -> tuple[str, ...]:
        decibels = self.tr("equal") if new.psnr is None else f"{new.psnr:.1f} dB"
        return name, f"{old.flip:.3f}", f"{new.flip:.3f}", decibels
