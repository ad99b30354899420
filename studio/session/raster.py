"""From the strokes of a drawing to its pixels, the same everywhere. Imports neither torch nor Qt.

Lines of pictures have soft edges of one pixel; those of label maps are hard, for half a label is
none. A stroke is drawn as its segments: at every pixel the distance to the nearest one decides.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from studio.errors import RefusedFile
from studio.session.source import Drawing, Point, StoredPicture, Stroke

Plane = npt.NDArray[np.uint8]
MAPS = ("P", "L", "1", "I", "I;16")  # modes of Pillow that hold one number a pixel
MOST_LABEL = 255
SAME = 48  # grey values that a fill takes for one, so that it reaches under the soft edge of a line


def pixels(drawing: Drawing) -> Plane:
    """The drawing as grey values or labels (height, width). Not to be written to."""
    return _upto(drawing, len(drawing.strokes))


def png(drawing: Drawing) -> bytes:
    """The drawing as a grey PNG file."""
    return _png(drawing)


@lru_cache(maxsize=8)
def _png(drawing: Drawing) -> bytes:
    return encoded(pixels(drawing))


def encoded(plane: Plane) -> bytes:
    """A plane (h, w) as a grey PNG, quickly: drawings are flat and pack well anyhow."""
    height, width = plane.shape
    rows = np.zeros((height, width + 1), dtype=np.uint8)  # a filter byte before every row
    rows[:, 1:] = plane

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


class _Sheets:
    """The last sheets by their strokes, so that a growing stroke draws only itself."""

    def __init__(self) -> None:
        self.base: tuple[Drawing, Plane] | None = None


_sheets = _Sheets()


def _upto(drawing: Drawing, count: int) -> Plane:
    """The sheet after the first ``count`` strokes."""
    done = drawing.strokes[: max(0, count - 1)]
    before = _before(drawing, done)
    if count == 0:
        return before
    plane = before.copy()
    _draw(plane, drawing.strokes[count - 1], drawing)
    plane.setflags(write=False)
    return plane


def _before(drawing: Drawing, done: tuple[Stroke, ...]) -> Plane:
    """The sheet that the last stroke is drawn on, from the one that was worked out last."""
    known = _sheets.base
    plane: Plane | None = None
    first = 0
    if known is not None:
        other, found = known
        same = (other.width, other.height, other.paper, other.labels, other.below) == (
            drawing.width, drawing.height, drawing.paper, drawing.labels, drawing.below,
        )  # fmt: skip
        n = len(other.strokes)
        if (
            same
            and n <= len(done)
            and all(a is b or a == b for a, b in zip(other.strokes, done, strict=False))
        ):
            if n == len(done):
                return found
            plane, first = found.copy(), n
    if plane is None:
        plane = _sheet(drawing).copy()
    for stroke in done[first:]:
        _draw(plane, stroke, drawing)
    plane.setflags(write=False)
    key = replace(drawing, strokes=done)
    _sheets.base = (key, plane)
    return plane


def _sheet(drawing: Drawing) -> Plane:
    """What the strokes are drawn on. Not to be written to."""
    if drawing.below is None:
        return np.full((drawing.height, drawing.width), drawing.paper, dtype=np.uint8)
    return _stretched(drawing.below, drawing.width, drawing.height)


@lru_cache(maxsize=4)
def _stretched(picture: StoredPicture, width: int, height: int) -> Plane:
    found = label_map(picture)
    rows = (np.arange(height) * found.shape[0]) // height
    columns = (np.arange(width) * found.shape[1]) // width
    plane = np.ascontiguousarray(found[rows[:, None], columns[None, :]])
    plane.setflags(write=False)
    return plane


def label_map(picture: StoredPicture) -> Plane:
    """The labels of a map (height, width), by palette index or grey value.

    Raises:
        RefusedFile: it cannot be read, is in colours, or has labels above 255.
    """
    import io

    from PIL import Image  # takes a while to import, and most drawings need none

    try:
        with Image.open(io.BytesIO(picture.data)) as image:
            if image.mode not in MAPS:
                raise RefusedFile(f"{picture.name} is in colours, and no label map")
            found = np.asarray(image).astype(np.int64)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RefusedFile(f"{picture.name} cannot be read as a label map") from error
    if found.size == 0 or found.min() < 0 or found.max() > MOST_LABEL:
        raise RefusedFile(
            f"{picture.name} has labels outside of 0 and {MOST_LABEL}, which cannot be painted over"
        )
    return found.astype(np.uint8)


def _draw(plane: Plane, stroke: Stroke, drawing: Drawing) -> None:
    if stroke.tool == "fill":
        _fill(plane, stroke, hard=drawing.labels)
        return
    value = drawing.paper if stroke.tool == "eraser" else stroke.value
    under = _sheet(drawing) if stroke.tool == "eraser" and drawing.below is not None else None
    points = stroke.points
    steps = list(pairwise(points)) if len(points) > 1 else [(points[0], points[0])]
    if drawing.labels:
        for a, b in steps:
            found = _covered(plane.shape, a, b, stroke.width)
            if found is not None:
                window, cover = found
                hit = cover >= 0.5
                plane[window][hit] = value if under is None else under[window][hit]
        return
    # A stroke covers a pixel once, however often it crosses it.
    most = np.zeros(plane.shape, dtype=np.float32)
    for a, b in steps:
        found = _covered(plane.shape, a, b, stroke.width)
        if found is not None:
            window, cover = found
            np.maximum(most[window], cover, out=most[window])
    touched = most > 0
    mixed = plane[touched] * (1 - most[touched]) + value * most[touched]
    plane[touched] = np.rint(mixed).astype(np.uint8)


def _covered(
    shape: tuple[int, ...], a: Point, b: Point, width: float
) -> tuple[tuple[slice, slice], npt.NDArray[np.float32]] | None:
    """Which part of the sheet a segment reaches, and how much of every pixel there it covers."""
    ra, rb = max(0.5, width * a[2] / 2), max(0.5, width * b[2] / 2)
    reach = max(ra, rb) + 1
    left, right = int(min(a[0], b[0]) - reach), int(max(a[0], b[0]) + reach) + 1
    top, bottom = int(min(a[1], b[1]) - reach), int(max(a[1], b[1]) + reach) + 1
    left, top = max(0, left), max(0, top)
    right, bottom = min(shape[1], right), min(shape[0], bottom)
    if left >= right or top >= bottom:
        return None
    y, x = np.ogrid[top:bottom, left:right]
    px, py = x + np.float32(0.5 - a[0]), y + np.float32(0.5 - a[1])
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = np.clip((px * dx + py * dy) / length, 0, 1) if length > 0 else np.zeros_like(px + py)
    distance = np.hypot(px - along * dx, py - along * dy)
    cover = np.clip(ra + along * (rb - ra) - distance + 0.5, 0, 1)
    return (slice(top, bottom), slice(left, right)), cover.astype(np.float32)


def _fill(plane: Plane, stroke: Stroke, *, hard: bool) -> None:
    """Give the area around a point the value of the stroke."""
    column, row = int(stroke.points[0][0]), int(stroke.points[0][1])
    height, width = plane.shape
    if not (0 <= column < width and 0 <= row < height):
        return
    here = int(plane[row, column])
    limit = 0 if hard else SAME
    alike = np.abs(plane.astype(np.int16) - here) <= limit
    inside = _connected(alike, row, column)
    plane[inside] = stroke.value


def _connected(alike: npt.NDArray[np.bool_], row: int, column: int) -> npt.NDArray[np.bool_]:
    """The pixels that hang together with one, found run by run along the rows."""
    height, width = alike.shape
    left_open = alike.copy()
    inside = np.zeros_like(alike)
    waiting = [(row, column)]
    while waiting:
        y, x = waiting.pop()
        line = left_open[y]
        if not line[x]:
            continue
        closed = np.flatnonzero(~line[:x])
        first = int(closed[-1]) + 1 if closed.size else 0
        closed = np.flatnonzero(~line[x:])
        last = x + int(closed[0]) if closed.size else width
        inside[y, first:last] = True
        line[first:last] = False
        for near in (y - 1, y + 1):
            if 0 <= near < height:
                part = left_open[near, first:last]
                starts = np.flatnonzero(part & ~np.concatenate(([False], part[:-1])))
                waiting += [(near, first + int(start)) for start in starts]
    return inside
