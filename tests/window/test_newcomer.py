"""What a newcomer does, with real processes, a real window, a mouse and a keyboard."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.fixtures_root import FIXTURES
from tests.window.desk import Desk, desk, missing_tools, wait_for

pytestmark = pytest.mark.skipif(bool(missing_tools()), reason=f"needs {missing_tools()}")


STILL_SECONDS = 1.0


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as here:
        yield here


def _canvas(screen: Desk) -> np.ndarray:
    x, y, width, height = screen.place("canvas")
    return screen.picture()[y : y + height, x : x + width].astype(int)


def _colours(pixels: np.ndarray) -> int:
    return len(np.unique(pixels.reshape(-1, 3), axis=0))


def _standing(screen: Desk) -> np.ndarray:
    """The canvas once it has stood still: the two sides come one after the other."""
    last, since = _canvas(screen), time.monotonic()
    until = since + 60
    while time.monotonic() < until:
        time.sleep(0.2)
        now = _canvas(screen)
        if now.shape != last.shape or (now != last).any():
            last, since = now, time.monotonic()
        elif time.monotonic() - since > STILL_SECONDS:
            return now
    raise AssertionError("the canvas never stood still")


def _wait_for_picture(screen: Desk) -> np.ndarray:
    """The canvas once both of its sides show more than their grey ground, and stand still."""

    def drawn() -> bool:
        pixels = _canvas(screen)
        half = pixels.shape[1] // 2
        return min(_colours(pixels[:, :half]), _colours(pixels[:, half:])) > 400

    wait_for(drawn, "a picture on both sides of the window")
    return _standing(screen)


def _differs(screen: Desk, before: np.ndarray, what: str) -> np.ndarray:
    def changed() -> bool:
        now = _canvas(screen)
        if now.shape != before.shape:
            return True
        return bool(np.abs(now - before).max(axis=2).astype(bool).mean() > 0.02)

    wait_for(changed, what)
    return _standing(screen)


def test_drag_the_width_and_wipe(screen: Desk) -> None:
    app = screen.start_window()
    first = _wait_for_picture(screen)
    x, y, width, height = screen.place("width track")
    middle = y + height // 2
    screen.drag((x + width - 8, middle), (x + width // 4, middle))
    narrow = _differs(screen, first, "the picture of a narrow subnet")

    # Side A shows full and does not change with the width; side B does.
    half = first.shape[1] // 2
    moved = np.abs(narrow - first).max(axis=2) > 8
    assert moved[:, half:].mean() > 0.05
    assert moved[:, :half].mean() < 0.01

    screen.xdotool("key", "4")
    wiped = _differs(screen, narrow, "the two pictures over each other")
    left, top, wide, tall = screen.place("canvas")
    at = top + tall // 2
    screen.drag((left + wide // 2, at), (left + wide // 2 + 150, at))
    _differs(screen, wiped, "another place of the divider")
    assert app.poll() is None, screen.log()


def test_undo_takes_back_one_drag(screen: Desk) -> None:
    screen.start_window()
    first = _wait_for_picture(screen)
    x, y, width, height = screen.place("width track")
    screen.drag((x + width - 8, y + height // 2), (x + width // 4, y + height // 2), steps=20)
    narrow = _differs(screen, first, "the picture of a narrow subnet")
    screen.xdotool("key", "ctrl+z")
    _differs(screen, narrow, "the picture from before the drag")

    def back() -> bool:
        return bool(np.abs(_canvas(screen) - first).max(axis=2).astype(bool).mean() < 0.01)

    wait_for(back, "exactly the first picture")


def test_a_checkpoint_of_another_project_opens_by_path(screen: Desk) -> None:
    path = FIXTURES / "anycost" / "odd" / "generator.pt"
    app = screen.start_window(str(path))
    _wait_for_picture(screen)
    screen.xdotool("search", "--sync", "--onlyvisible", "--name", "generator")
    assert app.poll() is None, screen.log()


def test_a_bad_file_costs_a_sentence_and_nothing_else(screen: Desk) -> None:
    path = FIXTURES / "hostile" / "os_system.pkl"
    app = screen.start_window(str(path))
    screen.place("notice")
    assert app.poll() is None, screen.log()
    assert not Path("PWNED").exists()


def test_close_ends_every_process(screen: Desk) -> None:
    app = screen.start_window()
    _wait_for_picture(screen)
    screen.xdotool("key", "ctrl+q")
    wait_for(lambda: app.poll() is not None, "the app to end", 20)
    assert app.returncode == 0, screen.log()


def test_without_a_display_the_demo_runs(tmp_path: Path) -> None:
    absent = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    done = subprocess.run(
        [sys.executable, "-m", "studio.cli"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in absent},
        capture_output=True,
        text=True,
        timeout=170,
        check=True,
    )
    assert "no display" in done.stderr
    folder = tmp_path / "maquette-demo"
    assert "data:image/png;base64," in (folder / "index.html").read_text()
    assert len(list(folder.glob("*.png"))) >= 3
