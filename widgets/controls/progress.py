"""A job that runs: what it does, how far it is, how long it takes, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from widgets.controls.elided import ElidedLabel
from widgets.style.motion import reduced_motion
from widgets.style.theme import GRID, caption_font, tabular

THICKNESS = 4
FRAME = 33
TRIP = 1200
SEGMENT = 0.25
UNITS = 1000


def time_left(seconds: float) -> str:
    """How long something still takes, as one says it: "20 s left", "3 min left"."""
    seconds = max(0, round(seconds))
    if seconds < 60:
        text, number = QCoreApplication.translate("JobProgressBar", "{n} s left"), str(seconds)
    elif seconds < 3600:
        text = QCoreApplication.translate("JobProgressBar", "{n} min left")
        number = str(-(-seconds // 60))
    else:
        text = QCoreApplication.translate("JobProgressBar", "{n} h left")
        number = f"{seconds / 3600:.1f}"
    return text.replace("{n}", number)


class ThinBar(QProgressBar):
    """A flat bar of 4 px in the text's colour; a moving piece where the end is not known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setRange(0, UNITS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._phase = 0.0
        self._on_screen = False
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME)
        self._frames.timeout.connect(self._advance)

    def set_fraction(self, fraction: float | None) -> None:
        """0 to 1, or None where nobody knows."""
        if fraction is None:
            self.setRange(0, 0)
        else:
            self.setRange(0, UNITS)
            self.setValue(round(min(max(fraction, 0.0), 1.0) * UNITS))
        self._run()

    @property
    def moving(self) -> bool:
        return self._frames.isActive()

    def sizeHint(self) -> QSize:
        return QSize(96, THICKNESS)

    def minimumSizeHint(self) -> QSize:
        return QSize(32, THICKNESS)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_screen = True
        self._run()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._on_screen = False
        self._run()

    def _run(self) -> None:
        if self.maximum() == 0 and self._on_screen and not reduced_motion():
            self._frames.start()
        else:
            self._frames.stop()
        self.update()

    def _advance(self) -> None:
        self._phase = (self._phase + FRAME / TRIP) % 1.0
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = self.rect().toRectF()
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(whole, THICKNESS / 2, THICKNESS / 2)
        painter.setBrush(self.palette().color(QPalette.ColorRole.WindowText))
        if self.maximum() > 0:
            piece = QRectF(0, 0, whole.width() * self.value() / UNITS, whole.height())
        elif reduced_motion():
            piece = whole.adjusted(whole.width() * 0.4, 0, -whole.width() * 0.4, 0)
        else:
            start = self._phase * (1 + SEGMENT) - SEGMENT
            piece = QRectF(start * whole.width(), 0, SEGMENT * whole.width(), whole.height())
        painter.drawRoundedRect(piece.intersected(whole), THICKNESS / 2, THICKNESS / 2)


class JobProgressBar(QWidget):
    """One line of the status row."""

    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ElidedLabel("", self)
        self.bar = ThinBar(self)
        self.left = QLabel(self)
        self.left.setFont(caption_font(self.font()))
        # The widest common text, so that the bar keeps its length while the seconds run down.
        self.left.setMinimumWidth(self.left.fontMetrics().horizontalAdvance(time_left(59 * 60)))
        self.left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.clicked.connect(self.cancel_clicked)
        self.text.setFont(tabular(self.font()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.text, 2)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.left)
        layout.addWidget(self.cancel)
        self.set_progress(None, "")

    def set_progress(
        self, fraction: float | None, text: str, seconds_left: float | None = None
    ) -> None:
        """``fraction`` in 0 to 1 and ``seconds_left`` are None where they are not known."""
        self.text.set_text(text)
        self.bar.set_fraction(fraction)
        self.left.setText("" if seconds_left is None else time_left(seconds_left))
        self.setAccessibleName(text)
        self.bar.setAccessibleName(text)
        self.cancel.setAccessibleName(self.tr("Cancel: {job}").replace("{job}", text))

    def set_cancelling(self, cancelling: bool) -> None:
        """Cancel has been pressed and the job is about to end."""
        self.cancel.setEnabled(not cancelling)
