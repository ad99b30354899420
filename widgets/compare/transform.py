"""The geometry of the compare view: one zoom and one centre, shared by every picture shown.

Pure numbers, no Qt. A *reference* is the size in pixels of the largest picture at hand; smaller
pictures of the same thing cover the same rectangle. A *pane* is the area that a picture may use.
All lengths are device pixels, so that a whole zoom gives whole pixels on any screen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MAX_ZOOM = 64.0
MIN_SIDE = 16.0
SNAP = 0.06


@dataclass(frozen=True)
class Rect:
    """Left, top, width and height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    @property
    def empty(self) -> bool:
        return self.w <= 0 or self.h <= 0

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def meet(self, other: Rect) -> Rect:
        """The part that both cover; empty where they do not meet."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Rect(x, y, max(0.0, right - x), max(0.0, bottom - y))

    def inset(self, margin: float) -> Rect:
        w, h = max(0.0, self.w - 2 * margin), max(0.0, self.h - 2 * margin)
        return Rect(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)


@dataclass(frozen=True)
class Transform:
    """Where to look.

    Args:
        zoom: device pixels per reference pixel, before snapping to whole numbers.
        cx, cy: the point of the picture in the middle of the pane, 0 to 1 each.
    """

    zoom: float = 1.0
    cx: float = 0.5
    cy: float = 0.5


Size = tuple[int, int]


def snapped(zoom: float) -> float:
    """``zoom``, or the whole number beside it: crisp pixels are worth a few per cent of size."""
    whole = round(zoom)
    if whole >= 1 and abs(zoom - whole) <= SNAP * whole:
        return float(whole)
    return zoom


def fit_zoom(reference: Size, area: Rect) -> float:
    """The zoom at which the whole picture fits into ``area``.

    A whole number where that costs at most an eighth of the size.
    """
    width, height = reference
    zoom = max(min(area.w / width, area.h / height), 1e-6)
    whole = math.floor(zoom)
    if whole >= 1 and zoom - whole <= zoom / 8:
        return float(whole)
    # Just under a whole number, snapping would otherwise make the picture outgrow the area.
    return zoom if snapped(zoom) <= zoom else zoom * (1 - SNAP)


def limits(reference: Size, area: Rect) -> tuple[float, float]:
    """Smallest and largest zoom: from a stamp (never larger than the fit) to 64 times."""
    fit = fit_zoom(reference, area)
    return min(MIN_SIDE / max(reference), fit), max(MAX_ZOOM, fit)


def picture_rect(reference: Size, pane: Rect, view: Transform) -> Rect:
    """The rectangle of the picture, on whole device pixels. May reach beyond the pane."""
    zoom = snapped(view.zoom)
    w, h = max(1, round(reference[0] * zoom)), max(1, round(reference[1] * zoom))
    middle_x, middle_y = pane.centre
    return Rect(round(middle_x - view.cx * w), round(middle_y - view.cy * h), w, h)


def clamped(reference: Size, area: Rect, view: Transform) -> Transform:
    """``view`` within the zoom limits and without showing needless emptiness.

    Along an axis where the picture fits into ``area`` it is centred; where it does not, its edges
    stay outside the area.
    """
    low, high = limits(reference, area)
    zoom = min(max(view.zoom, low), high)
    shown = snapped(zoom)

    def axis(centre: float, size: float, room: float) -> float:
        if size <= room:
            return 0.5
        half = room / 2 / size
        return min(max(centre, half), 1 - half)

    return Transform(
        zoom,
        axis(view.cx, reference[0] * shown, area.w),
        axis(view.cy, reference[1] * shown, area.h),
    )


def zoomed_at(
    reference: Size, pane: Rect, view: Transform, zoom: float, point: tuple[float, float]
) -> Transform:
    """``view`` at ``zoom`` with the part of the picture under ``point`` kept where it is."""
    before = picture_rect(reference, pane, view)
    u, v = (point[0] - before.x) / before.w, (point[1] - before.y) / before.h
    shown = snapped(zoom)
    middle_x, middle_y = pane.centre
    cx = u - (point[0] - middle_x) / (reference[0] * shown)
    cy = v - (point[1] - middle_y) / (reference[1] * shown)
    return Transform(zoom, cx, cy)


def panned(reference: Size, view: Transform, dx: float, dy: float) -> Transform:
    """``view`` with the picture moved by ``dx``, ``dy`` device pixels."""
    shown = snapped(view.zoom)
    return replace(
        view,
        cx=view.cx - dx / (reference[0] * shown),
        cy=view.cy - dy / (reference[1] * shown),
    )


def rescaled(view: Transform, before: Size, after: Size) -> Transform:
    """``view`` for a new reference size, so that the picture keeps its place on the screen."""
    return replace(view, zoom=view.zoom * before[0] / after[0])


def divider_x(fraction: float, rect: Rect, pane: Rect) -> float:
    """Where the divider stands: at ``fraction`` of the visible part of the picture, so that it
    can always be reached, however far the picture is zoomed in."""
    seen = rect.meet(pane)
    return round(seen.x + fraction * seen.w)


def divider_fraction(x: float, rect: Rect, pane: Rect) -> float:
    """The inverse of `divider_x`, within 0 and 1."""
    seen = rect.meet(pane)
    return 0.5 if seen.w <= 0 else min(max((x - seen.x) / seen.w, 0.0), 1.0)


def panes(width: float, height: float, *, two: bool) -> tuple[Rect, ...]:
    """The whole area as one pane, or as two of exactly equal size."""
    if not two:
        return (Rect(0, 0, width, height),)
    half = width // 2
    return Rect(0, 0, half, height), Rect(width - half, 0, half, height)


def source_window(rect: Rect, seen: Rect, size: Size) -> tuple[Rect, Rect]:
    """The pixels of a picture of ``size`` that are needed to paint ``seen``, and where they go.

    One more pixel on each side, where there is one, so that smooth scaling has its neighbours.
    Painting only these keeps coordinates small at high zoom.
    """
    kx, ky = rect.w / size[0], rect.h / size[1]
    left = max(0, math.floor((seen.x - rect.x) / kx) - 1)
    top = max(0, math.floor((seen.y - rect.y) / ky) - 1)
    right = min(size[0], math.ceil((seen.right - rect.x) / kx) + 1)
    bottom = min(size[1], math.ceil((seen.bottom - rect.y) / ky) + 1)
    w, h = max(0, right - left), max(0, bottom - top)
    return Rect(left, top, w, h), Rect(rect.x + left * kx, rect.y + top * ky, w * kx, h * ky)
