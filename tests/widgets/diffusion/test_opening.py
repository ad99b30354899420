"""Pipelines are loaded as they are; folders that are none get a sentence."""

from __future__ import annotations

import numpy as np
from safetensors.numpy import save_file

from studio.engine.messages import OpenModel
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
