"""Calls of a denoiser along short runs of its pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.errors import BadChoice
from studio.families.diffusion.trajectories import STEPS, short_runs
from tests.families.diffusion.tiny import shared_model

NAME = "StableDiffusionPipeline"


def _first(calls: list[Any]) -> torch.Tensor:
    call = calls[0]
    given = call.args[0] if call.args else call.kwargs["sample"]
    assert isinstance(given, torch.Tensor)
    return given


def _text(calls: list[Any]) -> torch.Tensor:
    found: torch.Tensor = calls[0].kwargs["encoder_hidden_states"]
    return found


def test_runs_are_short_and_the_same_for_the_same_seed() -> None:
    told: list[float] = []
    model = shared_model("DiTPipeline")
    calls = short_runs(model, STEPS + 1, progress=lambda part, text: told.append(part))
    assert len(calls) == STEPS + 1
    assert [call.step for call in calls] == [*range(STEPS), 0]
    assert told == [0.0, 0.5]
    again = short_runs(model, 1)
    assert torch.equal(_first(again), _first(calls))
    assert torch.equal(_first(short_runs(model, 1, seed=1)), _first(calls[STEPS:]))
    assert not torch.equal(_first(calls), _first(calls[STEPS:]))


def test_no_run_is_begun_for_nothing() -> None:
    told: list[float] = []
    # Its sampler takes the second step twice.
    calls = short_runs(shared_model(NAME), STEPS + 1, progress=lambda part, text: told.append(part))
    assert [call.step for call in calls] == [0, 1, 1, 2, 3]
    assert told == [0.0]


def test_prompts_are_those_of_the_folder(tmp_path: Path) -> None:
    model = shared_model(NAME)
    own = _text(short_runs(model, 1))
    (tmp_path / "prompts.txt").write_text("a cup\n", "utf-8")
    other = _text(short_runs(model, 1, folder=str(tmp_path)))
    assert not torch.equal(own, other)
    (tmp_path / "prompts.txt").write_text("\n", "utf-8")
    with pytest.raises(BadChoice, match="has no prompts"):
        short_runs(model, 1, folder=str(tmp_path))
    # A pipeline without prompts has no use for them.
    assert len(short_runs(shared_model("DDPMPipeline"), 1, folder=str(tmp_path))) == 1
