"""The real window with the real engine and a tiny network."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.widgets.real import opened


@pytest.fixture(scope="module")
def model_file(tmp_path_factory):
    import torch

    from studio.families.info import ModelInfo
    from studio.families.model import Model
    from studio.families.stylegan.config import StyleGanConfig
    from studio.families.stylegan.network import StyleGan2

    torch.manual_seed(0)
    config = StyleGanConfig("anycost", 64, 16, 16, 0, 2, (32,) * 10)
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    info = ModelInfo(
        "k", "tiny", "Tiny", str(path), "maquette", "stylegan", config, 1, 1, "CC0-1.0", "0" * 64,
        widths=(0.25, 0.5, 0.75, 1.0), resolutions=(16, 32, 64), sorted_channels=True,
    )  # fmt: skip
    Model(info, StyleGan2(config)).save(path)
    return path


@pytest.fixture
def window(qapp, qtbot, model_file):
    with opened(qtbot, model_file) as window:
        yield window


def slide(window, qtbot, width):
    """One move of a drag whose button stays down."""
    slider = window.right.width_slider
    slider.track.moved.emit(slider._position_of(width))
    qtbot.wait(5)


def test_drag_kill_drag(window, qtbot):
    slider, renderer = window.right.width_slider, window.app.renderer
    before = renderer.pixels("B").copy()
    slider.track.drag_started.emit()
    for width in (0.45, 0.4, 0.35):
        slide(window, qtbot, width)
    qtbot.waitUntil(lambda: renderer.shown["B"].subnet.width == 0.35, timeout=30_000)
    assert (renderer.pixels("B") != before).any()
    # The renderer dies under the hand; the hand goes on.
    pid = window.app.client.pid
    slide(window, qtbot, 0.3)
    os.kill(pid, signal.SIGKILL)
    for width in (0.28, 0.26, 0.6):
        slide(window, qtbot, width)
    slider.track.drag_ended.emit()
    qtbot.waitUntil(lambda: "nothing was lost" in window.notice.sentence(), timeout=60_000)
    qtbot.waitUntil(lambda: renderer.shown["B"].subnet.width == 0.6, timeout=60_000)
    assert window.app.client.pid != pid
    assert window.controller.document.subnet.width == 0.6
    assert len(window.controller.history) == 1
    window.controller.undo()
    assert window.controller.document.subnet.width == 0.5
    # On release the numbers follow.
    qtbot.waitUntil(
        lambda: renderer.fidelities.get(renderer.scene.full, renderer.shown["B"]) is not None,
        timeout=60_000,
    )


def test_a_grid_fills_while_a_slider_is_dragged(window, qtbot):
    window.actions_["grid"].trigger()
    made, slider = window.grid, window.right.width_slider
    slider.track.drag_started.emit()
    for width in (0.45, 0.4, 0.35):
        slide(window, qtbot, width)
    qtbot.waitUntil(lambda: window.app.renderer.shown["B"].subnet.width == 0.35, timeout=30_000)
    slider.track.drag_ended.emit()
    qtbot.waitUntil(lambda: made.state.text() == "Pictures: 16", timeout=60_000)
    full, half = (made.table.cells.cell(0, column) for column in (0, 1))
    assert full.caption == "reference"
    assert half.caption.startswith("FLIP 0.")
    assert full.image.size() == half.image.size()
    assert full.image != half.image


def test_the_window_process_imports_no_torch(model_file):
    code = f"""
import sys
from widgets import start
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import widgets.__main__ as main
build = start.build
def built(client, mailbox):
    window = build(client, mailbox)
    ready = QTimer(window, interval=50)
    def look():
        if set(window.app.renderer.shown) == {{"A", "B"}}:
            ready.stop()
            window.close()
    ready.timeout.connect(look)
    ready.start()
    return window
start.build = built
status = main.main([{str(model_file)!r}])
heavy = ("torch", "onnxruntime", "openvino", "pyqtgraph", "pydantic", "PIL", "safetensors")
print([name for name in heavy if name in sys.modules], status)
"""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120
    )
    assert run.stdout.strip() == "[] 0", run.stdout + run.stderr
