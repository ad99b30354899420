"""What changes by itself: blink, waiting line, crossfade."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.widgets.compare.conftest import BLUE, GREEN, RED, plain
from widgets.compare.view import CompareView, Mode
from widgets.compare.waiting import DELAY

Reader = Callable[[float, float], tuple[int, int, int]]


@pytest.mark.usefixtures("motion")
def test_blink_shows_the_sides_in_turn(view: CompareView, qtbot: QtBot, colour_at: Reader) -> None:
    view.set_mode(Mode.BLINK)
    spot = (view.canvas.width() / 2, view.canvas.height() / 2)
    assert colour_at(*spot) == RED
    qtbot.waitUntil(lambda: colour_at(*spot) == GREEN, timeout=2000)
    qtbot.waitUntil(lambda: colour_at(*spot) == RED, timeout=2000)


@pytest.mark.usefixtures("motion")
def test_blink_stops_when_hidden_and_in_other_modes(view: CompareView) -> None:
    view.set_mode(Mode.BLINK)
    assert view.canvas.blinking
    view.hide()
    assert not view.canvas.blinking
    view.show()
    assert view.canvas.blinking
    view.set_mode(Mode.SIDE)
    assert not view.canvas.blinking


def test_with_less_motion_a_click_blinks(
    view: CompareView, qtbot: QtBot, colour_at: Reader
) -> None:
    view.set_mode(Mode.BLINK)
    assert not view.canvas.blinking
    x, y = view.canvas.width() // 2, view.canvas.height() // 2
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    assert colour_at(x, y) == GREEN


def test_blink_without_one_side_shows_the_other(view: CompareView, colour_at: Reader) -> None:
    view.set_picture("A", None)
    view.set_mode(Mode.BLINK)
    assert colour_at(view.canvas.width() / 2, view.canvas.height() / 2) == GREEN


def test_waiting_line_comes_late_and_the_picture_stays(
    view: CompareView, qtbot: QtBot, colour_at: Reader
) -> None:
    view.set_mode(Mode.FULL)
    waiting = view.canvas.scene.waiting
    view.set_stale("A", True)
    qtbot.wait(DELAY // 3)
    assert not waiting.visible("A")
    qtbot.waitUntil(lambda: waiting.visible("A"), timeout=2000)
    seen = view.canvas.scene.rect(view.canvas.scene.panes()[0])
    ratio = view.canvas.ratio
    assert min(colour_at(seen.centre[0] / ratio, (seen.y - 5) / ratio)) > 150
    assert colour_at(view.canvas.width() / 2, view.canvas.height() / 2) == RED
    view.set_stale("A", False)
    assert not waiting.visible("A")
    assert min(colour_at(seen.centre[0] / ratio, (seen.y - 5) / ratio)) < 165


def test_a_quick_render_never_shows_the_waiting_line(view: CompareView, qtbot: QtBot) -> None:
    waiting = view.canvas.scene.waiting
    for _ in range(6):
        view.set_stale("B", True)
        qtbot.wait(DELAY // 4)
        view.set_stale("B", False)
    qtbot.wait(DELAY + 50)
    assert not waiting.visible("B")


def test_steady_staleness_is_told_although_it_is_repeated(view: CompareView, qtbot: QtBot) -> None:
    waiting = view.canvas.scene.waiting
    for _ in range(12):
        view.set_stale("B", True)
        qtbot.wait(DELAY // 6)
    assert waiting.visible("B")


@pytest.mark.usefixtures("motion")
def test_waiting_line_moves_only_on_screen(view: CompareView, qtbot: QtBot) -> None:
    waiting = view.canvas.scene.waiting
    view.set_stale("A", True)
    qtbot.waitUntil(lambda: waiting.moving, timeout=2000)
    view.hide()
    assert not waiting.moving
    view.show()
    assert waiting.moving
    view.set_stale("A", False)
    assert not waiting.moving


@pytest.mark.usefixtures("motion")
def test_crossfade_blends_and_ends(view: CompareView, qtbot: QtBot, colour_at: Reader) -> None:
    view.set_mode(Mode.FULL)
    spot = (view.canvas.width() / 2, view.canvas.height() / 2)
    view.crossfade_to("A", plain(BLUE), ms=400)
    layer = view.canvas.scene.layers["A"]
    assert layer.fading
    qtbot.waitUntil(lambda: colour_at(*spot) not in (RED, BLUE), timeout=1000)
    qtbot.waitUntil(lambda: not layer.fading, timeout=2000)
    assert colour_at(*spot) == BLUE


def test_crossfade_is_at_once_with_less_motion(view: CompareView, colour_at: Reader) -> None:
    view.set_mode(Mode.FULL)
    view.crossfade_to("A", plain(BLUE))
    assert not view.canvas.scene.layers["A"].fading
    assert colour_at(view.canvas.width() / 2, view.canvas.height() / 2) == BLUE
