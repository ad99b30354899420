"""The geometry of the compare view, without Qt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.compare.transform import (
    MAX_ZOOM,
    Rect,
    Transform,
    clamped,
    divider_fraction,
    divider_x,
    fit_zoom,
    limits,
    panes,
    panned,
    picture_rect,
    rescaled,
    snapped,
    source_window,
    zoomed_at,
)

PANE = Rect(0, 0, 800, 600)
SIZE = (128, 128)
sides = st.integers(1, 2048)
lengths = st.integers(20, 4000)


@pytest.mark.parametrize(
    ("zoom", "expected"), [(1.02, 1.0), (1.97, 2.0), (7.9, 8.0), (1.5, 1.5), (0.7, 0.7), (0.97, 1)]
)
def test_zoom_snaps_to_near_whole_numbers(zoom: float, expected: float) -> None:
    assert snapped(zoom) == expected


def test_fit_prefers_whole_pixels_where_they_cost_little() -> None:
    assert fit_zoom(SIZE, Rect(0, 0, 8 * 128 + 60, 2000)) == 8.0
    assert fit_zoom(SIZE, Rect(0, 0, 192, 192)) == 1.5


@given(sides, sides, lengths, lengths)
def test_fit_never_leaves_the_area(w: int, h: int, width: int, height: int) -> None:
    area = Rect(0, 0, width, height)
    rect = picture_rect((w, h), area, Transform(fit_zoom((w, h), area)))
    assert rect.w <= max(width + 1, 1)
    assert rect.h <= max(height + 1, 1)


@given(st.floats(0.3, 60), st.floats(0, 1), st.floats(0, 1))
def test_pictures_lie_on_whole_pixels(zoom: float, cx: float, cy: float) -> None:
    rect = picture_rect(SIZE, PANE, Transform(zoom, cx, cy))
    assert all(float(v).is_integer() for v in (rect.x, rect.y, rect.w, rect.h))


def test_whole_zoom_is_a_whole_multiple() -> None:
    assert picture_rect(SIZE, PANE, Transform(3.0)).w == 384


@given(st.floats(1, 20), st.floats(1, 20), st.floats(0, 1), st.floats(0, 1))
def test_zoom_keeps_the_point_under_the_cursor(
    before: float, after: float, across: float, down: float
) -> None:
    start = Transform(before)
    old = picture_rect(SIZE, PANE, start)
    x, y = old.x + across * old.w, old.y + down * old.h
    new = picture_rect(SIZE, PANE, zoomed_at(SIZE, PANE, start, after, (x, y)))
    # Corner and size are whole pixels, each half a pixel off at most.
    assert across * new.w + new.x == pytest.approx(x, abs=1.0)
    assert down * new.h + new.y == pytest.approx(y, abs=1.0)


def test_zoom_has_limits() -> None:
    low, high = limits(SIZE, PANE)
    assert high == MAX_ZOOM
    assert clamped(SIZE, PANE, Transform(1000)).zoom == high
    assert clamped(SIZE, PANE, Transform(0.001)).zoom == low
    assert SIZE[0] * low == 16


def test_a_picture_that_fits_is_centred_and_a_larger_one_fills_the_area() -> None:
    assert clamped(SIZE, PANE, Transform(2.0, 0.1, 0.9)) == Transform(2.0, 0.5, 0.5)
    view = clamped(SIZE, PANE, Transform(10.0, 0.0, 1.0))
    rect = picture_rect(SIZE, PANE, view)
    assert rect.x == 0
    assert rect.bottom == PANE.bottom


def test_panning_moves_by_device_pixels() -> None:
    before = picture_rect(SIZE, PANE, Transform(10.0))
    after = picture_rect(SIZE, PANE, panned(SIZE, Transform(10.0), 25, -40))
    assert (after.x - before.x, after.y - before.y) == (25, -40)


def test_a_sharper_reference_keeps_the_place_on_the_screen() -> None:
    small = Transform(8.0, 0.3, 0.6)
    large = rescaled(small, (32, 32), (128, 128))
    assert picture_rect((32, 32), PANE, small) == picture_rect((128, 128), PANE, large)


def test_divider_stays_within_the_visible_picture() -> None:
    zoomed = picture_rect(SIZE, PANE, Transform(20.0))
    assert divider_x(0.25, zoomed, PANE) == 200
    fitted = Rect(100, 50, 400, 400)
    assert divider_x(0.25, fitted, PANE) == 200
    assert divider_fraction(200, fitted, PANE) == 0.25
    assert divider_fraction(-50, fitted, PANE) == 0.0
    assert divider_fraction(5000, fitted, PANE) == 1.0


@given(st.integers(2, 4001), st.integers(1, 3000))
def test_two_panes_are_equal(width: int, height: int) -> None:
    first, second = panes(width, height, two=True)
    assert (first.w, first.h) == (second.w, second.h)
    assert first.right <= second.x
    assert second.right == width


@given(st.floats(1, 64), st.floats(0, 1), st.floats(0, 1), st.sampled_from([8, 32, 100, 128]))
def test_source_window_covers_what_is_seen(zoom: float, cx: float, cy: float, side: int) -> None:
    rect = picture_rect(SIZE, PANE, clamped(SIZE, PANE, Transform(zoom, cx, cy)))
    seen = rect.meet(PANE)
    source, target = source_window(rect, seen, (side, side))
    assert source.x >= 0
    assert source.right <= side
    assert target.x <= seen.x + 1e-6
    assert target.right >= seen.right - 1e-6
    # The window is scaled as the whole picture is, or the two sides would not lie together.
    assert target.w / source.w == pytest.approx(rect.w / side)
