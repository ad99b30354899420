"""A recipe from the palette to the picture, with the real engine and a tiny network."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.session import file
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model
from tests.widgets.real import opened


@pytest.fixture(scope="module")
def model_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    # Not an Anycost model, whose channels count as sorted.
    small_model(replace(small_config(), architecture="stylegan2")).save(path)
    return path


@pytest.fixture
def window(qapp, qtbot, model_file):
    with opened(qtbot, model_file) as window:
        yield window


def choose(window, qtbot, name):
    window.stack.add.setChecked(True)
    palette = window.stack.palette_
    qtbot.waitUntil(lambda: any(o.name == name for o in palette.shown()), timeout=30_000)
    palette.chosen.emit(next(o for o in palette.shown() if o.name == name))


def is_baked(window):
    renderer = window.app.renderer
    shown = renderer.shown.get("B")
    return shown is not None and shown.model != renderer.scene.info.key


def test_sorting_channels_as_a_step_from_the_palette_to_the_picture(window, qtbot, tmp_path):
    renderer, controller = window.app.renderer, window.controller
    controller.set_subnet(SubnetChoice(), None)
    qtbot.waitUntil(lambda: renderer.pixels("B") is not None, timeout=60_000)
    choose(window, qtbot, "subnet")
    assert [s.technique for s in controller.document.recipe.steps] == ["subnet"]
    window.stack.apply.click()
    qtbot.waitUntil(lambda: is_baked(window), timeout=90_000)
    variant = window.app.baking.find(controller.document.recipe, controller.document.subnet)
    assert variant.info.sorted_channels
    assert "channels ordered" in variant.reports[0].report.summary
    full, live = renderer.pixels("A"), renderer.pixels("B")
    assert np.abs(full.astype(int) - live.astype(int)).max() <= 1
    # The live subnet works on the variant, and fidelity is that to full of the original.
    slider = window.right.width_slider
    slider.set_value(0.5, notify=True)
    qtbot.waitUntil(lambda: renderer.shown["B"].subnet.width == 0.5, timeout=30_000)
    assert is_baked(window)
    pair = renderer.scene.full, renderer.shown["B"]
    qtbot.waitUntil(lambda: renderer.fidelities.get(*pair) is not None, timeout=60_000)
    # A new renderer has both models again.
    os.kill(window.app.client.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: "nothing was lost" in window.notice.sentence(), timeout=60_000)
    slider.set_value(0.75, notify=True)
    qtbot.waitUntil(lambda: renderer.shown["B"].subnet.width == 0.75, timeout=60_000)
    assert is_baked(window)
    # Off and on again needs no job.
    titles: list[str] = []
    window.app.jobs.progressed.connect(lambda _, title, __: titles.append(title))
    card = next(iter(window.stack.cards.values()))
    card.switched.emit(False)
    qtbot.waitUntil(lambda: not is_baked(window), timeout=30_000)
    card.switched.emit(True)
    qtbot.waitUntil(lambda: is_baked(window), timeout=30_000)
    assert "Apply the recipe" not in titles
    # A session brings the recipe back, and what was applied.
    path = tmp_path / "work.maquette"
    file.save(controller.document, path)
    assert file.load(path).recipe == controller.document.recipe
    window.app.sessions.open(path)
    qtbot.waitUntil(lambda: window.app.sessions.path == path, timeout=30_000)
    qtbot.waitUntil(lambda: is_baked(window), timeout=30_000)


def test_a_model_that_is_gone_is_said_in_one_sentence(window, qtbot, model_file):
    document = window.controller.document
    choose(window, qtbot, "subnet")
    hidden = model_file.rename(model_file.with_suffix(".hidden"))
    try:
        window.stack.apply.click()
        qtbot.waitUntil(lambda: window.notice.severity() == "error", timeout=60_000)
    finally:
        hidden.rename(model_file)
    assert str(model_file) in window.notice.sentence()
    assert window.controller.document.subnet == document.subnet
    assert window.stack.apply.isEnabled()
    window.stack.apply.click()
    window.stack.cancel.click()
    assert not window.app.baking.busy
