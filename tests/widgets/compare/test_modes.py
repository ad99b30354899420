"""What is to be seen in each mode, read from the painted pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from tests.widgets.compare.conftest import BLUE, GREEN, RED, plain
from widgets.compare.view import CompareView, Mode
from widgets.style.theme import picture_background

Reader = Callable[[float, float], tuple[int, int, int]]


def middle(view: CompareView) -> tuple[float, float]:
    return view.canvas.width() / 2, view.canvas.height() / 2


@pytest.mark.parametrize(("mode", "colour"), [(Mode.FULL, RED), (Mode.CURRENT, GREEN)])
def test_single_modes_show_one_side(
    view: CompareView, colour_at: Reader, mode: Mode, colour: tuple[int, int, int]
) -> None:
    view.set_mode(mode)
    assert colour_at(*middle(view)) == colour


def test_side_shows_both_at_the_same_place_of_equal_panes(
    view: CompareView, colour_at: Reader
) -> None:
    view.set_mode(Mode.SIDE)
    width, (_, y) = view.canvas.width(), middle(view)
    assert colour_at(width / 4, y) == RED
    assert colour_at(width * 3 / 4, y) == GREEN
    assert colour_at(width / 2, y) == picture_background().getRgb()[:3]
    first, second = (view.canvas.scene.rect(pane) for pane in view.canvas.scene.panes())
    assert (first.w, first.h, first.y) == (second.w, second.h, second.y)
    assert second.x - first.x == width - width // 2


def test_wipe_shows_a_left_and_b_right_of_the_divider(view: CompareView, colour_at: Reader) -> None:
    view.set_divider(0.25)
    x, _ = view.canvas.scene.divider_line() or (0, None)
    _, y = middle(view)
    y += 60  # beside the grip
    assert colour_at(x - 12, y) == RED
    assert colour_at(x + 12, y) == GREEN


def test_difference_shows_the_map_or_says_when_it_comes(
    view: CompareView, colour_at: Reader
) -> None:
    view.set_mode(Mode.DIFFERENCE)
    assert view._note.isVisible()
    assert "release" in view._note.text()
    view.set_difference(plain(BLUE))
    assert not view._note.isVisible()
    assert colour_at(*middle(view)) == BLUE
    view.set_difference(None)
    assert view._note.isVisible()


def test_mode_changes_are_told_once(view: CompareView, qtbot: QtBot) -> None:
    told: list[Mode] = []
    view.mode_changed.connect(told.append)
    view.set_mode(Mode.SIDE)
    view.set_mode(Mode.SIDE)
    assert told == [Mode.SIDE]
    assert view.mode() is Mode.SIDE


@pytest.mark.parametrize("small", [8, 32, 50])
def test_pictures_of_different_size_lie_on_each_other(
    view: CompareView, colour_at: Reader, small: int
) -> None:
    """An edge in the middle of both pictures stays in one line through every zoom and pan."""
    for side, pixels in (("A", 128), ("B", small)):
        picture = plain(RED, pixels)
        picture[pixels // 2 :] = BLUE
        view.set_picture(side, picture)
    # Beside the middle of the picture, where its edge would hide under the grip.
    for factor in (1.0, 1.7, 3.0):
        view.fit()
        view.zoom_at(factor, QPointF(300, 200))
        image = view.canvas.grab().toImage()
        x, seen = view.canvas.scene.divider_line() or (0, None)
        assert seen is not None
        column = [
            [image.pixelColor(int(x + dx), row).getRgb()[:3] for row in range(image.height())]
            for dx in (-30, 30)
        ]
        assert RED in column[0]
        edges = [rows.index(BLUE) for rows in column]
        assert edges[0] == edges[1]


def test_enlarged_pixels_stay_sharp_unless_smoothing_is_asked_for(view: CompareView) -> None:
    view.set_mode(Mode.CURRENT)
    picture = plain(RED, 8)
    picture[:, 4:] = BLUE
    view.set_picture("A", None)
    view.set_picture("B", picture)

    def colours() -> set[tuple[int, int, int]]:
        image = view.canvas.grab().toImage()
        y = image.height() // 2
        row = {image.pixelColor(x, y).getRgb()[:3] for x in range(image.width())}
        return row - {picture_background().getRgb()[:3]}

    assert colours() == {RED, BLUE}
    view.set_smooth(True)
    assert len(colours()) > 2


def test_a_reduced_picture_is_averaged(view: CompareView, colour_at: Reader) -> None:
    view.set_mode(Mode.FULL)
    checked = np.zeros((2048, 2048, 3), np.uint8)
    checked[::2, ::2] = checked[1::2, 1::2] = 255
    view.set_picture("A", checked)
    red, _, _ = colour_at(*middle(view))
    assert 90 < red < 165


def test_actual_size_is_one_device_pixel_each(view: CompareView) -> None:
    view.set_mode(Mode.FULL)
    view.actual_size()
    assert view.zoom() == 1.0
    rect = view.canvas.scene.rect(view.canvas.scene.panes()[0])
    assert (rect.w, rect.h) == (128, 128)
    assert not view.is_fitted()


def test_fit_follows_the_size_of_the_window(view: CompareView, qtbot: QtBot) -> None:
    view.fit()
    before = view.zoom()
    with qtbot.waitSignal(view.view_changed) as told:
        view.resize(1200, 900)
    assert view.zoom() > before
    assert told.args == [view.zoom(), 0.5, 0.5]


def test_a_picture_taken_away_leaves_its_place(view: CompareView, colour_at: Reader) -> None:
    view.set_mode(Mode.CURRENT)
    rect = view.canvas.scene.rect(view.canvas.scene.panes()[0])
    view.set_picture("B", None)
    assert not view.has_picture("B")
    assert view.canvas.scene.rect(view.canvas.scene.panes()[0]) == rect
    assert colour_at(*middle(view)) != GREEN


def test_empty_state_offers_its_action(view: CompareView, qtbot: QtBot) -> None:
    view.set_empty("Open a model to see its picture.", "Open")
    assert not view._empty.isVisible()
    room = view.canvas.geometry()
    view.set_picture("A", None)
    view.set_picture("B", None)
    assert view._empty.isVisible()
    assert view.canvas.geometry() == room
    with qtbot.waitSignal(view.empty_action):
        view._empty.action.click()
    view.set_picture("A", plain(RED))
    assert not view._empty.isVisible()
    assert view.canvas.geometry() == room


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), np.zeros((0, 4, 3), np.uint8)],
)
def test_other_arrays_are_refused(view: CompareView, wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        view.set_picture("A", wrong)


def test_other_sides_are_refused(view: CompareView) -> None:
    with pytest.raises(ValueError, match="side 'C'"):
        view.set_picture("C", plain(RED))


def test_the_picture_does_not_depend_on_the_array_after_it_is_set(
    view: CompareView, colour_at: Reader
) -> None:
    pixels = plain(RED)
    view.set_mode(Mode.FULL)
    view.set_picture("A", pixels)
    pixels[:] = 0
    assert colour_at(*middle(view)) == RED


def test_views_of_arrays_are_accepted(view: CompareView, colour_at: Reader) -> None:
    view.set_mode(Mode.FULL)
    view.set_picture("A", plain(RED, 64)[::2, ::-1])
    assert colour_at(*middle(view)) == RED
