"""What a translation model draws from, as the document holds it: a picture, or a drawing.

Everything is an immutable value, so that undo and the session file need nothing of their own.
Imports neither torch nor Qt.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from studio.errors import RefusedFile

Tool = Literal["pen", "eraser", "fill"]
Kind = Literal["none", "picture", "drawing"]
TOOLS: tuple[Tool, ...] = ("pen", "eraser", "fill")
KINDS: tuple[Kind, ...] = ("none", "picture", "drawing")
MOST_SIDE = 4096  # of a drawing, in pixels
MOST_STROKES = 5_000
MOST_POINTS = 200_000  # of all strokes together
MOST_BYTES = 6_000_000  # of one picture kept in a session
WIDEST = 256.0  # pixels of a stroke
INK, PAPER = 0, 255

Point = tuple[float, float, float]
"""Column and row in pixels of the drawing, and the pressure, 0 to 1."""


@dataclass(frozen=True)
class StoredPicture:
    """A picture file kept in the session.

    Args:
        name: of the file, without folders. width, height: in pixels, as it is to be seen.
        content: the bytes of the file as base64.
    """

    name: str
    width: int
    height: int
    content: str

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return _decoded(self.content)

    @staticmethod
    def of(name: str, width: int, height: int, data: bytes) -> StoredPicture:
        """A picture from the bytes of its file."""
        return StoredPicture(name, width, height, base64.b64encode(data).decode("ascii"))


# The same bytes for the same picture: then comparing what is to be drawn costs nothing.
@lru_cache(maxsize=16)
def _decoded(content: str) -> bytes:
    return base64.b64decode(content, validate=True)


@dataclass(frozen=True)
class Stroke:
    """One movement of a tool, or one fill.

    Args:
        points: where it went; of a fill the place alone.
        width: in pixels at full pressure. value: the grey value (0 is ink) or the label.
    """

    tool: Tool
    points: tuple[Point, ...]
    width: float = 3.0
    value: int = INK


@dataclass(frozen=True)
class Drawing:
    """A sheet with strokes.

    Args:
        width, height: of the sheet in pixels.
        paper: the value of an empty pixel: 255 is white paper, of label maps it is a label.
        labels: the strokes draw a label map, so that their edges are hard.
        below: a label map that the strokes paint over, stretched to the sheet without mixing
            labels; the eraser brings it back. None for an empty sheet of ``paper``.
    """

    width: int = 256
    height: int = 256
    strokes: tuple[Stroke, ...] = ()
    paper: int = PAPER
    labels: bool = False
    below: StoredPicture | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing has been drawn, nor lies below."""
        return not self.strokes and self.below is None

    def with_stroke(self, stroke: Stroke) -> Drawing:
        """This drawing with one more stroke."""
        return replace(self, strokes=(*self.strokes, stroke))

    def growing(self, stroke: Stroke) -> Drawing:
        """This drawing with its last stroke as it is now."""
        return replace(self, strokes=(*self.strokes[:-1], stroke))

    def resized(self, width: int, height: int) -> Drawing:
        """This drawing on a sheet of another size, its strokes stretched with it."""
        if (width, height) == (self.width, self.height):
            return self
        across, down = width / self.width, height / self.height
        thick = (across * down) ** 0.5
        strokes = tuple(
            replace(
                stroke,
                points=tuple((x * across, y * down, p) for x, y, p in stroke.points),
                width=min(WIDEST, max(0.5, stroke.width * thick)),
            )
            for stroke in self.strokes
        )
        return replace(self, width=width, height=height, strokes=strokes)

    def cleared(self) -> Drawing:
        """The empty sheet."""
        return replace(self, strokes=(), below=None)


@dataclass(frozen=True)
class Source:
    """What is drawn from.

    Args:
        kind: which of the two counts now; the other stays, to be gone back to.
        picture, drawing: what was opened, and what was drawn.
        width, height: size to draw at in pixels; None for that of the picture or the sheet, or the
            nearest one that the model allows.
    """

    kind: Kind = "none"
    picture: StoredPicture | None = None
    drawing: Drawing | None = None
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> tuple[int, int] | None:
        """(width, height) of what counts now, or None while there is nothing."""
        found = self.picture if self.kind == "picture" else self.drawing
        return None if found is None or self.kind == "none" else (found.width, found.height)


def check_source(source: Source) -> None:
    """Refuse what no model can draw from.

    Raises:
        ValueError: names the value and what would be accepted.
    """
    if (source.kind == "picture" and source.picture is None) or (
        source.kind == "drawing" and source.drawing is None
    ):
        raise ValueError(f"the {source.kind} to draw from is missing")
    for side in (source.width, source.height):
        if side is not None and not 1 <= side <= 16384:
            raise ValueError(f"a size of {side} px is not within 1 and 16384")
    if source.picture is not None:
        _check_picture(source.picture)
    if source.drawing is not None:
        _check_drawing(source.drawing)


def _check_picture(picture: StoredPicture) -> None:
    if len(picture.content) > MOST_BYTES * 4 // 3 + 4:
        raise ValueError(f"the picture {picture.name[:40]} has more than {MOST_BYTES >> 20} MB")
    if not (1 <= picture.width <= 16384 and 1 <= picture.height <= 16384):
        raise ValueError(f"the picture {picture.name[:40]} has no sensible size")
    try:
        base64.b64decode(picture.content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"the picture {picture.name[:40]} is damaged") from error


def _check_drawing(drawing: Drawing) -> None:
    if not (1 <= drawing.width <= MOST_SIDE and 1 <= drawing.height <= MOST_SIDE):
        raise ValueError(f"a drawing has sides of 1 to {MOST_SIDE} px")
    if len(drawing.strokes) > MOST_STROKES:
        raise ValueError(f"a drawing has at most {MOST_STROKES} strokes")
    if sum(len(stroke.points) for stroke in drawing.strokes) > MOST_POINTS:
        raise ValueError(f"a drawing has at most {MOST_POINTS} points")
    if drawing.below is not None:
        if not drawing.labels:
            raise ValueError("only label maps are painted over")
        _check_picture(drawing.below)
        from studio.session.raster import label_map

        try:
            label_map(drawing.below)
        except RefusedFile as error:
            raise ValueError(str(error)) from error
    for value in (drawing.paper, *(stroke.value for stroke in drawing.strokes)):
        if not 0 <= value <= 255:
            raise ValueError(f"the value {value} of a drawing is not within 0 and 255")
    for stroke in drawing.strokes:
        if not stroke.points or not 0 < stroke.width <= WIDEST:
            raise ValueError(f"a stroke has points, and a width above 0 up to {WIDEST:g} px")
        if any(not (abs(x) <= 1e5 and abs(y) <= 1e5 and 0 <= p <= 1) for x, y, p in stroke.points):
            raise ValueError("a point of a stroke is far outside of its drawing")
