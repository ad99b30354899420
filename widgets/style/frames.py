"""Frames around panels and around what has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette, QPen


def draw_focus(painter: QPainter, rect: QRect, palette: QPalette, radius: float = 3.0) -> None:
    """Draw the ring just inside ``rect``, in the accent colour: the focus is what is current."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)
    painter.restore()


def draw_panel(painter: QPainter, rect: QRect, palette: QPalette, radius: float = 4.0) -> None:
    """Fill ``rect`` as a panel that lies on the window, with a thin edge."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Midlight), 1))
    painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


def soft(colour: QColor, share: float = 0.4) -> QColor:
    """``colour`` with the opacity ``share``, for the halo of a focused handle."""
    faded = QColor(colour)
    faded.setAlphaF(share)
    return faded


def claims_space(event: QEvent) -> bool:
    """Whether a button must take this event so that Space presses it even in a window where
    Space is a shortcut; the event is accepted then."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != Qt.Key.Key_Space or event.modifiers():
        return False
    event.accept()
    return True
