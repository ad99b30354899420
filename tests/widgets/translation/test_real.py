"""A model of pictures in the real window with the real engine."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from studio.runtimes.target import PYTORCH_CPU
from tests.families.translation.small import small_model
from tests.widgets.real import opened
from tests.widgets.translation.conftest import SUPER


@pytest.fixture
def window(qapp, qtbot, tmp_path):
    model = tmp_path / "supernet.safetensors"
    small_model(SUPER).save(model)
    with opened(qtbot, model, str(PYTORCH_CPU)) as window:
        yield window


def test_a_line_changes_both_pictures_and_the_width_only_one(window, qtbot):
    renderer, slider = window.app.renderer, window.right.width_slider
    full, subnet = (renderer.pixels(side).copy() for side in "AB")
    assert full.shape == (256, 256, 3)
    assert np.array_equal(full, subnet)
    slider.track.drag_started.emit()
    slider.track.moved.emit(slider._position_of(0.5))
    qtbot.waitUntil(lambda: renderer.shown["B"].subnet.width == 0.5, timeout=30_000)
    slider.track.drag_ended.emit()
    assert np.array_equal(renderer.pixels("A"), full)
    assert not np.array_equal(renderer.pixels("B"), full)
    qtbot.waitUntil(
        lambda: renderer.fidelities.get(renderer.scene.full, renderer.shown["B"]) is not None,
        timeout=60_000,
    )
    panel = window.sides.translation
    panel.kinds["drawing"].click()
    pad, left = panel.drawing.pad, Qt.MouseButton.LeftButton

    def settled():
        return all(renderer.shown[side] == renderer.scene.sides[side].spec for side in ("A", "B"))

    qtbot.waitUntil(settled, timeout=30_000)
    blank = {side: renderer.pixels(side).copy() for side in "AB"}
    qtbot.mousePress(pad, left, pos=QPoint(40, 40))
    for x in (80, 120, 160):
        qtbot.mouseMove(pad, QPoint(x, x))
    qtbot.mouseRelease(pad, left, pos=QPoint(160, 160))
    qtbot.waitUntil(settled, timeout=30_000)
    for side in "AB":
        assert not np.array_equal(renderer.pixels(side), blank[side])
    window.controller.undo()
    qtbot.waitUntil(settled, timeout=30_000)
    for side in "AB":
        assert np.array_equal(renderer.pixels(side), blank[side])
