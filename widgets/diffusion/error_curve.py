"""The error of the denoiser step by step, as a small curve below the pictures."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from widgets.diffusion.step_errors import StepErrors
from widgets.style.theme import GRID, caption_font

HEIGHT = 7 * GRID


class Curve(QWidget):
    """Shows and does nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(caption_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.errors: tuple[float, ...] = ()

    def sizeHint(self) -> QSize:
        return QSize(20 * GRID, HEIGHT)

    def show_errors(self, errors: tuple[float, ...]) -> None:
        """Show others."""
        if errors != self.errors:
            self.errors = errors
            self.update()

    def points(self, area: QRectF) -> list[QPointF]:
        """Where the steps lie in ``area``: the first one at the left, no error at the bottom, the
        largest at the top."""
        most = max(self.errors, default=0.0) or 1.0
        last = max(1, len(self.errors) - 1)
        return [
            QPointF(
                area.left() + area.width() * n / last, area.bottom() - area.height() * each / most
            )
            for n, each in enumerate(self.errors)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.errors:
            return
        painter, palette, metrics = QPainter(self), self.palette(), self.fontMetrics()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, bottom = percent(max(self.errors)), percent(0.0)
        last = str(len(self.errors))
        room = max(metrics.horizontalAdvance(text) for text in (top, bottom)) + GRID
        line = metrics.height()
        area = QRectF(
            room, line / 2, self.width() - room - GRID, self.height() - line * 1.5 - GRID / 2
        )
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for text, y in ((top, area.top()), (bottom, area.bottom())):
            painter.drawText(QRectF(0, y - line / 2, room - GRID / 2, line), right, text)
        below = QRectF(area.left(), area.bottom() + GRID / 2, area.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "1")
        if len(self.errors) > 1:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, last)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self.tr("step"))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        accent, points = palette.color(QPalette.ColorRole.Accent), self.points(area)
        painter.setPen(QPen(accent, 1.5))
        painter.drawPolyline(points)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        if len(points) <= 60:
            for point in points:
                painter.drawEllipse(point, 2.0, 2.0)


class ErrorCurve(QWidget):
    """Hidden while both sides run the same denoiser."""

    def __init__(self, errors: StepErrors) -> None:
        super().__init__()
        self._errors = errors
        self.words = QLabel()
        self.words.setFont(caption_font(self.words.font()))
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.curve = Curve()
        self.setToolTip(
            self.tr(
                "Runs drift apart, so that pictures alone mislead. Here both denoisers look at "
                "the same latents, those of the full one; norm of the difference over the norm"
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.words)
        layout.addWidget(self.curve)
        self.setVisible(False)
        errors.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show what is known now."""
        found = self._errors.found
        self.setVisible(self._errors.wanted is not None and found != ())
        if found is None:
            self.words.setText(self.tr("Error of the denoiser by step: not known yet"))
        elif found:
            text = self.tr("Error of the denoiser by step: {mean} in the mean, {most} at most")
            mean = percent(sum(found) / len(found))
            self.words.setText(text.format(mean=mean, most=percent(max(found))))
        self.curve.show_errors(found or ())
        self.curve.setAccessibleDescription(self.words.text())


def percent(share: float) -> str:
    """A share: 0 %, 0.42 %, 7.3 %, 38 %."""
    value = 100 * share
    if value == 0:
        return "0 %"
    if value < 0.095:
        return f"{value:.1g} %"
    return f"{value:.2g} %" if value < 9.95 else f"{value:.0f} %"
