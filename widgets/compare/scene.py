"""Paints one frame of the compare view: panes, pictures, divider, tags and waiting lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from widgets.compare.layer import Layer, to_qrectf
from widgets.compare.modes import SIDES, Mode
from widgets.compare.transform import (
    Rect,
    Size,
    Transform,
    divider_x,
    panes,
    picture_rect,
)
from widgets.compare.waiting import Waiting

GRIP_RADIUS = 11.0
LINE = 2.0
STALE_LINE = 3.0


@dataclass
class Scene:
    """All that a frame depends on. Lengths are device pixels; ``ratio`` of them are one point."""

    layers: dict[str, Layer]
    difference: Layer
    waiting: Waiting
    view: Transform = field(default_factory=Transform)
    mode: Mode = Mode.SIDE
    divider: float = 0.5
    divider_hot: bool = False
    blink_side: str = "A"
    smooth: bool = False
    names: dict[str, str] = field(default_factory=lambda: {"A": "", "B": ""})
    width: float = 0.0
    height: float = 0.0
    ratio: float = 1.0

    @property
    def reference(self) -> Size | None:
        """The size of the largest picture: the pixels that the zoom counts."""
        sizes = [layer.size for layer in self.layers.values() if layer.size]
        return max(sizes, key=lambda size: size[0] * size[1]) if sizes else None

    def panes(self) -> tuple[Rect, ...]:
        return panes(self.width, self.height, two=self.mode is Mode.SIDE)

    def rect(self, pane: Rect) -> Rect:
        """Where the picture lies when it is shown in ``pane``."""
        reference = self.reference
        return Rect(0, 0, 0, 0) if reference is None else picture_rect(reference, pane, self.view)

    def shown(self) -> list[tuple[str, Rect, Rect]]:
        """The sides on show, each with its pane and the part of the pane it may paint."""
        areas = self.panes()
        whole = areas[0]
        if self.mode is Mode.SIDE:
            return [(side, pane, pane) for side, pane in zip(SIDES, areas, strict=True)]
        if self.mode is Mode.WIPE:
            x = divider_x(self.divider, self.rect(whole), whole)
            left = Rect(whole.x, whole.y, x - whole.x, whole.h)
            right = Rect(x, whole.y, whole.right - x, whole.h)
            return [("A", whole, left), ("B", whole, right)]
        if self.mode is Mode.DIFFERENCE:
            return []
        return [(self.lone_side(), whole, whole)]

    def lone_side(self) -> str:
        """The side that a mode of one picture shows."""
        if self.mode is Mode.BLINK:
            other = "B" if self.blink_side == "A" else "A"
            return self.blink_side if self.layers[self.blink_side].size else other
        return "A" if self.mode is Mode.FULL else "B"

    def divider_line(self) -> tuple[float, Rect] | None:
        """x of the divider and the visible picture beside it; None when there is no divider."""
        if self.mode is not Mode.WIPE or self.reference is None:
            return None
        pane = self.panes()[0]
        rect = self.rect(pane)
        return divider_x(self.divider, rect, pane), rect.meet(pane)


def paint(painter: QPainter, scene: Scene, background: QColor, accent: QColor, font: QFont) -> None:
    """Paint ``scene``. ``painter`` must count device pixels."""
    painter.fillRect(QRectF(0, 0, scene.width, scene.height), background)
    for side, pane, part in scene.shown():
        rect = scene.rect(pane)
        seen = rect.meet(part)
        layer = scene.layers[side]
        if layer.size is None and not rect.empty:
            _placeholder(painter, seen, scene)
        layer.paint(painter, rect, seen, smooth=scene.smooth)
        if scene.waiting.visible(side) and not seen.empty:
            scene.waiting.paint(painter, seen, round(STALE_LINE * scene.ratio))
    if scene.mode is Mode.DIFFERENCE and scene.reference is not None:
        _paint_difference(painter, scene)
    if scene.mode is Mode.WIPE:
        _paint_wipe_tags(painter, scene, font)
        _paint_divider(painter, scene, accent)
    if scene.mode is Mode.BLINK and scene.reference is not None:
        seen = scene.rect(scene.panes()[0]).meet(scene.panes()[0])
        _tag(painter, scene, font, scene.names[scene.lone_side()], seen, right=False)


def _paint_difference(painter: QPainter, scene: Scene) -> None:
    pane = scene.panes()[0]
    rect = scene.rect(pane)
    seen = rect.meet(pane)
    if scene.difference.size is None:
        _placeholder(painter, seen, scene)
    else:
        scene.difference.paint(painter, rect, seen, smooth=scene.smooth)
    if any(scene.waiting.visible(side) for side in SIDES) and not seen.empty:
        scene.waiting.paint(painter, seen, round(STALE_LINE * scene.ratio))


def _placeholder(painter: QPainter, seen: Rect, scene: Scene) -> None:
    """The place of a picture that is not there yet."""
    painter.fillRect(to_qrectf(seen), QColor(0, 0, 0, 40))
    painter.setPen(QPen(QColor(0, 0, 0, 70), max(1.0, scene.ratio)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(to_qrectf(seen.inset(scene.ratio / 2)))


def _paint_divider(painter: QPainter, scene: Scene, accent: QColor) -> None:
    line = scene.divider_line()
    if line is None or line[1].empty:
        return
    x, seen = line
    unit = scene.ratio
    thick = max(1, round(LINE * unit))
    left = round(x - thick / 2)
    # A dark edge on both sides keeps the line visible on pictures of the accent's own colour.
    edge = max(1, round(unit))
    top, height = int(seen.y), int(seen.h)
    painter.fillRect(left - edge, top, thick + 2 * edge, height, QColor(0, 0, 0, 140))
    painter.fillRect(left, top, thick, height, accent)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(left + thick / 2, round(seen.y + seen.h / 2))
    radius = (GRIP_RADIUS + (1.5 if scene.divider_hot else 0.0)) * unit
    painter.setPen(QPen(QColor(0, 0, 0, 140), unit))
    painter.setBrush(accent)
    painter.drawEllipse(QPointF(0, 0), radius, radius)
    dark = QColor(13, 13, 13) if accent.lightness() > 128 else QColor(255, 255, 255)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(dark)
    for direction in (-1, 1):
        arrow = QPainterPath(QPointF(direction * 7 * unit, 0))
        arrow.lineTo(direction * 2.5 * unit, -4 * unit)
        arrow.lineTo(direction * 2.5 * unit, 4 * unit)
        arrow.closeSubpath()
        painter.drawPath(arrow)
    painter.restore()


def _paint_wipe_tags(painter: QPainter, scene: Scene, font: QFont) -> None:
    line = scene.divider_line()
    if line is None or line[1].empty:
        return
    x, seen = line
    left = Rect(seen.x, seen.y, x - seen.x, seen.h)
    right = Rect(x, seen.y, seen.right - x, seen.h)
    _tag(painter, scene, font, scene.names["A"], left, right=False)
    _tag(painter, scene, font, scene.names["B"], right, right=True)


def _tag(
    painter: QPainter, scene: Scene, font: QFont, name: str, area: Rect, *, right: bool
) -> None:
    """A name in the upper corner of ``area``, left out where there is no room for it."""
    unit = scene.ratio
    metrics = QFontMetricsF(font)
    room = area.w / unit - 8 - 12
    if not name or room < 16 or area.h < 40 * unit:
        return
    text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
    width, height = metrics.horizontalAdvance(text) + 12, metrics.height() + 4
    x = area.right / unit - width - 4 if right else area.x / unit + 4
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(unit, unit)
    box = QRectF(x, area.y / unit + 4 + STALE_LINE, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(QColor(255, 255, 255))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
