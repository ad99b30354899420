"""Pipelines are loaded as they are; folders that are none get a sentence."""

from __future__ import annotations

import numpy as np
from safetensors.numpy import save_file

from studio.engine.messages import Failed, OpenModel, Render
from tests.widgets.diffusion.conftest import info_of
from widgets.opening import holds_pipeline, is_pipeline


def test_a_folder_and_a_single_file_go_to_the_renderer(stage, qtbot, tmp_path) -> None:
    folder = tmp_path / "pipe"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    file = tmp_path / "sd.safetensors"
    save_file({"model.diffusion_model.out.2.bias": np.zeros(1, np.float32)}, file)
    assert is_pipeline(folder)
    assert holds_pipeline(file)
    for path in (folder, file):
        stage.client.models[str(path)] = info_of(path=str(path))
        opened = []
        stage.app.opening.open(path, lambda info, ref, into=opened: into.append(ref))
        qtbot.waitUntil(
            lambda p=path: (
                stage.client.of(OpenModel)[-1:] != []
                and stage.client.of(OpenModel)[-1].path == str(p)
            ),
            timeout=5000,
        )
        stage.client.answer_all()
        qtbot.waitUntil(lambda into=opened: bool(into), timeout=5000)
        assert (opened[0].path, opened[0].family) == (str(path), "diffusion")
    assert not stage.runner.handles


def test_what_is_no_pipeline_is_refused_with_a_sentence(window, qtbot, tmp_path) -> None:
    plain = tmp_path / "plain.safetensors"
    save_file({"conv.weight": np.zeros(1, np.float32)}, plain)
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"\xff" * 20)
    assert not holds_pipeline(plain)
    assert not holds_pipeline(damaged)
    before = window.controller.document
    folder = tmp_path / "empty"
    folder.mkdir()
    window.commands.open_path(folder)
    qtbot.waitUntil(
        lambda: "is a folder without model_index.json" in window.notice.sentence(), timeout=5000
    )
    assert window.controller.document == before


def test_a_folder_that_is_gone_when_the_renderer_starts_again(window, stage, qtbot, tmp_path):
    folder = tmp_path / "pipe"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    info = stage.client.models[str(folder)] = info_of(path=str(folder))
    window.commands.open_path(folder)
    qtbot.waitUntil(lambda: window.controller.info == info, timeout=5000)
    opened = stage.client.of(OpenModel)[-1]
    document = window.controller.document
    stage.client.mailbox.answer(Failed("open", opened.request, f"{folder} cannot be read"))
    qtbot.waitUntil(lambda: window.notice.sentence() == f"{folder} cannot be read", timeout=5000)
    # What is drawn now fails, and nothing else changes.
    stage.client.auto = False
    window.controller.set_words("x", None, prompt="a face")
    for lane in ("current", "full"):
        request = stage.client.of(Render, lane)[-1]
        stage.client.waiting.remove(request)
        stage.client.fail(request, "the model of this picture is not open any more")
    qtbot.waitUntil(lambda: "is not open any more" in window.notice.sentence(), timeout=5000)
    assert window.controller.document.model == document.model
    assert not window.app.renderer.drawing
    # Opened again, the very same pictures are asked for.
    stage.client.auto = True
    window.controller.set_words("x", None, prompt="")
    asked = len(stage.client.of(Render))
    window.commands.open_path(folder)
    qtbot.waitUntil(lambda: len(stage.client.of(OpenModel)) > 1, timeout=5000)
    qtbot.waitUntil(
        lambda: window.app.renderer.shown.get("B") == window.app.renderer.scene.sides["B"].spec,
        timeout=5000,
    )
    window.controller.set_words("x", None, prompt="a face")
    qtbot.waitUntil(lambda: window.app.renderer.shown["B"].inputs.prompt == "a face", timeout=5000)
    assert len(stage.client.of(Render)) > asked
