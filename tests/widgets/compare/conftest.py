"""A compare view on the screen, pictures of one colour, and motion switched on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from widgets.compare.view import CompareView, Mode

RED, GREEN, BLUE = (200, 30, 30), (30, 160, 40), (20, 40, 210)


def plain(colour: tuple[int, int, int], side: int = 128) -> np.ndarray:
    return np.full((side, side, 3), colour, np.uint8)


@pytest.fixture
def view(qtbot: QtBot) -> CompareView:
    """600 x 480, red 128 px at A, green 32 px at B, wiped."""
    made = CompareView()
    qtbot.addWidget(made)
    made.resize(600, 480)
    made.set_picture("A", plain(RED))
    made.set_picture("B", plain(GREEN, 32))
    made.set_mode(Mode.WIPE)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def colour_at(view: CompareView) -> Callable[[float, float], tuple[int, int, int]]:
    """The colour of the canvas at logical x, y."""

    def read(x: float, y: float) -> tuple[int, int, int]:
        image = view.canvas.grab().toImage()
        ratio = image.devicePixelRatio()
        return image.pixelColor(int(x * ratio), int(y * ratio)).getRgb()[:3]

    return read


@pytest.fixture
def motion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAQUETTE_REDUCED_MOTION", "0")
