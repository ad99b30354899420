"""A tiny Stable Diffusion in the real window with the real engine."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from PySide6.QtCore import Qt

from studio.engine.messages import Stepped
from studio.runtimes.target import PYTORCH_CPU
from tests.families.diffusion.tiny import shared_folder
from tests.widgets.real import opened


def test_a_prompt_changes_the_pictures_and_stop_leaves_them(qapp, qtbot) -> None:
    folder = shared_folder("StableDiffusionPipeline")
    with opened(qtbot, folder, str(PYTORCH_CPU)) as window:
        renderer, panel = window.app.renderer, window.sides.diffusion
        steps: list[Stepped] = []
        window.app.bridge.answered.connect(
            lambda answer, _: steps.append(answer) if isinstance(answer, Stepped) else None
        )
        before = renderer.pixels("B").copy()
        assert renderer.shown["A"].inputs.steps > renderer.shown["B"].inputs.steps
        field = panel.prompt.field
        field.setFocus()
        qtbot.keyClicks(field, "a green head")
        qtbot.waitUntil(
            lambda: all(renderer.shown[s].inputs.prompt == "a green head" for s in "AB"),
            timeout=60_000,
        )
        assert not np.array_equal(renderer.pixels("B"), before)
        qtbot.waitUntil(
            lambda: panel.prompt.length.text() == "10 of 75 parts of words", timeout=30_000
        )
        assert steps
        # A thousand steps are not waited for.
        last = dict(renderer.shown)
        panel.knobs.steps.set_value(100, notify=True)
        panel.size.across.setValue(512)
        qtbot.waitUntil(lambda: renderer.step_of("B") is not None, timeout=60_000)
        window.actions_["stop_drawing"].trigger()
        assert not renderer.drawing
        seen = len(steps)
        qtbot.wait(300)
        assert len(steps) <= seen + 1  # one was on its way
        assert renderer.shown["B"] == last["B"]
        window.controller.undo()
        window.controller.undo()
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_the_window_needs_neither_torch_nor_diffusers() -> None:
    code = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "import widgets.main_window, widgets.diffusion.panel, widgets.diffusion.caption\n"
        "import studio.session.raster, studio.session.diffusion_source\n"
        "bad = ('torch', 'diffusers', 'transformers', 'openvino', 'onnxruntime')\n"
        "print(*(name for name in bad if name in sys.modules))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr, result.returncode) == ("", "", 0)
