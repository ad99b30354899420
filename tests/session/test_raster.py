"""The pixels of drawings, against answers that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.errors import RefusedFile
from studio.session.raster import encoded, label_map, pixels, png
from studio.session.source import Drawing, Source, StoredPicture, Stroke, check_source


def line(*points: tuple[float, float], width: float = 3.0, value: int = 0, tool="pen") -> Stroke:
    return Stroke(tool, tuple((x, y, 1.0) for x, y in points), width, value)


def test_a_level_line_covers_the_rows_of_its_width() -> None:
    # Centre of row 10, three pixels wide: rows 9, 10 and 11 are ink, those beside them paper.
    found = pixels(Drawing(32, 24, (line((4, 10.5), (28, 10.5)),)))
    assert (found[9:12, 6:26] == 0).all()
    assert (found[[7, 8, 12, 13], 6:26] == 255).all()
    assert (found[:, :2] == 255).all()


def test_an_edge_between_two_pixels_is_half_ink() -> None:
    # One row further down by half a pixel: the outer rows are half covered.
    found = pixels(Drawing(32, 24, (line((4, 10.0), (28, 10.0)),)))
    assert set(found[8, 6:26]) == set(found[11, 6:26]) == {128}
    assert (found[9:11, 6:26] == 0).all()


def test_crossing_itself_makes_a_line_no_darker() -> None:
    there = pixels(Drawing(32, 24, (line((4, 10), (28, 10)),)))
    and_back = pixels(Drawing(32, 24, (line((4, 10), (28, 10), (4, 10)),)))
    assert np.array_equal(there, and_back)


def test_pressure_makes_a_line_wide() -> None:
    stroke = Stroke("pen", ((4.0, 12.0, 0.2), (60.0, 12.0, 1.0)), 10.0)
    found = pixels(Drawing(64, 24, (stroke,)))
    thick = (found < 128).sum(axis=0)
    assert thick[6] in (2, 3)
    assert thick[56] in (9, 10)
    assert (np.diff(thick[6:57].astype(int)) >= 0).all()


def test_an_eraser_brings_the_paper_back() -> None:
    marks = (line((4, 10.5), (28, 10.5)), line((0, 10.5), (32, 10.5), width=9, tool="eraser"))
    assert (pixels(Drawing(32, 24, marks)) == 255).all()
    labels = Drawing(
        32, 24,
        (line((4, 10), (28, 10), value=5), line((0, 10), (32, 10), width=9, tool="eraser")),
        paper=2, labels=True,
    )  # fmt: skip
    assert (pixels(labels) == 2).all()


def test_labels_have_hard_edges() -> None:
    found = pixels(Drawing(32, 24, (line((4, 4), (28, 19), value=7),), paper=1, labels=True))
    assert set(np.unique(found)) == {1, 7}


def test_a_fill_stays_inside_a_closed_line() -> None:
    box = line((6, 6), (26, 6), (26, 18), (6, 18), (6, 6), value=3)
    sheet = Drawing(32, 24, (box, line((16, 12), value=9, tool="fill")), paper=0, labels=True)
    found = pixels(sheet)
    assert (found[9:15, 9:23] == 9).all()
    assert (found[0] == 0).all()
    assert (found[:, 0] == 0).all()
    assert (found[6, 8:24] == 3).all()


def test_a_fill_reaches_around_corners_and_not_over_the_edge() -> None:
    wall = line((16, -4), (16, 20), width=2, value=1)
    spill = Drawing(32, 24, (wall, line((2, 2), value=4, tool="fill")), paper=0, labels=True)
    found = pixels(spill)
    assert found[2, 30] == 4  # below the wall there is a way through
    assert found[10, 16] == 1
    outside = Drawing(32, 24, (line((99, 99), value=4, tool="fill"),), paper=0, labels=True)
    assert (pixels(outside) == 0).all()


def test_strokes_outside_of_the_sheet_draw_nothing() -> None:
    assert (pixels(Drawing(16, 16, (line((-40, -40), (-20, -20)),))) == 255).all()


POINTS = st.lists(
    st.tuples(st.floats(-5, 37), st.floats(-5, 29), st.floats(0.1, 1)), min_size=1, max_size=5
)
STROKES = st.builds(
    Stroke,
    st.sampled_from(("pen", "eraser", "fill")),
    POINTS.map(tuple),
    st.floats(0.5, 9),
    st.integers(0, 255),
)


@given(st.lists(STROKES, max_size=4), st.booleans(), st.integers(0, 3))
def test_a_sheet_that_grew_is_the_sheet_that_was_drawn_at_once(strokes, labels, keep) -> None:
    sheet = Drawing(32, 24, tuple(strokes), paper=0, labels=labels)
    at_once = pixels(sheet).copy()
    for count in (0, keep, len(strokes), max(0, len(strokes) - 1), len(strokes)):
        grown = pixels(Drawing(32, 24, tuple(strokes[:count]), paper=0, labels=labels))
    assert np.array_equal(grown, at_once)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 255))
def test_the_file_holds_the_very_numbers(width, height, value) -> None:
    plane = (np.arange(width * height, dtype=np.int64) * 7 + value).astype(np.uint8)
    plane = plane.reshape(height, width)
    with Image.open(BytesIO(encoded(plane))) as image:
        assert image.mode == "L"
        assert np.array_equal(np.asarray(image), plane)


def test_an_empty_sheet_is_a_file_too() -> None:
    with Image.open(BytesIO(png(Drawing(12, 8)))) as image:
        assert image.size == (12, 8)
        assert image.getextrema() == (255, 255)


def map_of(plane: np.ndarray, name: str = "map.png") -> StoredPicture:
    height, width = plane.shape
    return StoredPicture.of(name, width, height, encoded(plane.astype(np.uint8)))


def test_strokes_paint_over_a_label_map_and_the_eraser_brings_it_back() -> None:
    below = np.array([[1, 2], [3, 4]])
    sheet = Drawing(8, 8, labels=True, paper=0, below=map_of(below))
    assert not sheet.empty
    # Stretched without mixing: every label fills its quarter.
    assert np.array_equal(pixels(sheet), np.kron(below, np.ones((4, 4), int)))
    painted = sheet.with_stroke(line((0, 4), (8, 4), width=4, value=7))
    assert (pixels(painted)[2:6] == 7).all()
    assert np.array_equal(pixels(painted)[[0, 1, 6, 7]], pixels(sheet)[[0, 1, 6, 7]])
    erased = painted.with_stroke(line((0, 4), (8, 4), width=4, tool="eraser"))
    assert np.array_equal(pixels(erased), pixels(sheet))
    filled = sheet.with_stroke(line((1, 1), value=9, tool="fill"))
    assert (pixels(filled)[:4, :4] == 9).all()
    assert (pixels(filled)[4:] == pixels(sheet)[4:]).all()
    assert sheet.cleared() == Drawing(8, 8, labels=True, paper=0)
    other = replace(painted, below=map_of(below + 1))
    assert (pixels(other)[0] == [2] * 4 + [3] * 4).all()  # nothing of the sheet before is kept


def test_what_is_no_label_map_is_refused() -> None:
    def stored(image: Image.Image) -> StoredPicture:
        content = BytesIO()
        image.save(content, "PNG")
        return StoredPicture.of("a.png", *image.size, content.getvalue())

    for image, why in (
        (Image.new("RGB", (2, 2)), "in colours"),
        (Image.fromarray(np.full((2, 2), 300, np.uint16)), "labels outside of 0 and 255"),
    ):
        with pytest.raises(RefusedFile, match=why):
            label_map(stored(image))
    broken = StoredPicture.of("a.png", 2, 2, b"nothing")
    with pytest.raises(RefusedFile, match="cannot be read"):
        label_map(broken)
    with pytest.raises(ValueError, match="cannot be read as a label map"):
        check_source(Source("drawing", drawing=Drawing(2, 2, labels=True, below=broken)))
    with pytest.raises(ValueError, match="only label maps"):
        check_source(Source("drawing", drawing=Drawing(2, 2, below=map_of(np.eye(2)))))
