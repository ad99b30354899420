"""The bench of the hot swap, with real processes and a small model; no time is judged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.places import cache_dir
from studio.subnets.choice import SubnetChoice
from tests.bench import ladder
from tests.bench.stage import Stage
from tests.families.small import small_model

MOVES = 6


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.safetensors"
    small_model().save(path)
    return path


def test_every_stretch_of_the_hot_swap_is_measured(file: Path) -> None:
    before = dict(os.environ)
    asked = ladder.Settings(file, width=0.5, beside=0.61, moves=MOVES, returns=1, most=3)
    listed = list(ladder.figures(asked))
    found = {each.name: each for each in listed}
    assert len(found) == len(listed)
    assert len(found["PyTorch alone, on a rung and beside"].samples) == MOVES
    assert found["rungs of the ladder"].samples == (3.0,)
    assert len(found["one rung compiled in the job"].samples) == 3
    (compiled,) = found["opening to the first compiled subnet"].samples
    (draws,) = found["opening to the first that draws"].samples
    (last,) = found["opening to the last of 3 rungs"].samples
    assert 0 < compiled < draws <= last
    # The width beside the rung is never compiled, so PyTorch draws to the end.
    during = found["while compiling, all renders"].samples
    eager = found["while compiling, by PyTorch f32 CPU"].samples
    swapped = found.get("while compiling, by OpenVINO f32 CPU")
    assert len(eager) >= len(during) / 2
    assert len(eager) + (len(swapped.samples) if swapped else 0) == len(during)
    assert len(found["once compiled, by OpenVINO f32 CPU"].samples) == MOVES
    assert "once compiled, by PyTorch f32 CPU" not in found
    (back,) = found["a cached network back, since it was wanted"].samples
    (every,) = found["all of 3 back, since they were wanted"].samples
    assert 0 < back <= every
    assert dict(os.environ) == before
    assert not (cache_dir() / "compiled").exists()


def test_a_ladder_that_cannot_be_compiled_ends_with_the_reason(file: Path) -> None:
    with Stage(file, "openvino:CPU:int8") as stage:
        stage.compile((SubnetChoice(width=0.5),))
        with pytest.raises(SystemExit, match="int8 needs a quantised network"):
            stage.drag((0.5,), until=stage.done.is_set)


def test_a_file_that_is_no_model_ends_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "broken.safetensors"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(SystemExit, match=r"broken\.safetensors"):
        Stage(path, ladder.TARGET)
