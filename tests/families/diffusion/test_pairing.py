"""A small file that names a pipeline and its denoiser opens as both."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from studio.errors import RefusedFile
from studio.families.diffusion.opening import open_pipeline
from studio.families.diffusion.pairing import SUFFIX, Pair, is_pair, read_pair, write_pair
from studio.families.opening import open_model
from tests.families.diffusion.gguf_writing import write_gguf
from tests.families.diffusion.tiny import shared_folder, shared_model, small_inputs

FLUX = "FluxPipeline"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("gguf") / "flux-Q8_0.gguf"
    write_gguf(shared_model(FLUX).network.state_dict(), file, "Q8_0")
    return file


def test_both_are_opened_by_one_path(tmp_path: Path, packed: Path) -> None:
    pair = Pair(shared_folder(FLUX), packed)
    file = write_pair(pair, tmp_path / "models")
    assert is_pair(file)
    assert read_pair(file) == pair
    assert write_pair(pair, tmp_path / "models") == file
    made, wanted = open_model(file), open_pipeline(pair.pipeline, denoiser=packed)
    assert (made.info.path, made.info.key) == (str(file), wanted.info.key)
    assert made.info.name == f"{wanted.info.name} Q8_0"
    assert np.array_equal(made.render(small_inputs(FLUX)), wanted.render(small_inputs(FLUX)))
    with pytest.raises(RefusedFile, match="names a denoiser itself"):
        open_model(file, denoiser=packed)


def test_what_is_no_pair_is_refused(tmp_path: Path, packed: Path) -> None:
    good = {"format": "maquette-pipeline", "version": 1}
    good |= {"pipeline": str(shared_folder(FLUX)), "denoiser": str(packed)}
    for change, words in (
        ({"format": "x"}, "does not name a pipeline"),
        ({"version": 2}, "of version .2.; accepted is 1"),
        ({"denoiser": "flux.gguf"}, "does not name a pipeline"),
        ({"denoiser": 3}, "does not name a pipeline"),
        ({"pipeline": str(tmp_path / "gone")}, r"gone.* is not there any more"),
        ({"pipeline": "/a\0b"}, "cannot be read|not there any more"),
    ):
        file = tmp_path / f"a{SUFFIX}"
        file.write_text(json.dumps(good | change))
        with pytest.raises(RefusedFile, match=words):
            open_model(file)
    file.write_text("{")
    with pytest.raises(RefusedFile, match="JSON"):
        open_model(file)
    file.write_text(" " * 200_000)
    with pytest.raises(RefusedFile, match="far too large"):
        open_model(file)
