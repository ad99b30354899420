"""A model of pictures in the real window with the real engine."""

from __future__ import annotations

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QPoint, Qt

from studio.engine.client import EngineClient
from studio.runtimes.target import PYTORCH_CPU
from tests.families.translation.small import small_model
from tests.widgets.translation.conftest import SUPER


@pytest.fixture
def window(qapp, qtbot, tmp_path):
    from widgets.mailbox import Mailbox
    from widgets.start import begin, build

    model = tmp_path / "supernet.safetensors"
    small_model(SUPER).save(model)
    mailbox = Mailbox()
    client = EngineClient(mailbox.answer, mailbox.state)
    client.start()
    window = build(client, mailbox)
    window.controller.use_target(str(PYTORCH_CPU))
    window.show()
    begin(window, model, None)
    qtbot.waitUntil(lambda: set(window.app.renderer.shown) == {"A", "B"}, timeout=60_000)
    yield window
    window.close()
    window.deleteLater()
    assert not [p for p in psutil.Process().children(recursive=True) if p.is_running()]


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
