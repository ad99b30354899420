"""``maquette world clay-heads`` and the two trainings of clay heads on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.fidelity.sets import Explained
from studio.training.clay_heads import job
from studio.training.clay_heads.job import JudgeRequest, Request, Result
from studio.training.clay_heads.judging import ReadBack
from tests.cli.test_commands import refused, run, strict_json


def test_a_world_is_written_and_named(tmp_path: Path) -> None:
    out = tmp_path / "heads"
    result = run("world", "clay-heads", "-n", "2", "--size", "16", "-o", str(out), "--json")
    assert result.exit_code == 0, result.output
    assert strict_json(result.stdout) == {"path": str(out), "count": 2, "size": 16, "seed": 0}
    assert len(list((out / "images").iterdir())) == 2


def test_worlds_that_cannot_be_drawn_are_refused_in_a_sentence(tmp_path: Path) -> None:
    out = str(tmp_path / "heads")
    assert "at least 1" in refused("world", "clay-heads", "-n", "0", "-o", out)
    assert "16 to 1024" in refused("world", "clay-heads", "--size", "33", "-o", out)


def test_training_takes_what_was_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Request] = []

    def train(request: Request, tell: object, stopped: object) -> Result:
        asked.append(request)
        return Result(5, 0.1, 128, (25.0, 24.0, 23.0, 22.0))

    monkeypatch.setattr(job, "train", train)
    out = tmp_path / "a.safetensors"
    options = ("--steps", "5", "--without", "muon", "--without", "edges", "--json")
    result = run("train", "clay-heads", "-o", str(out), *options)
    assert result.exit_code == 0, result.output
    assert strict_json(result.stdout)["decibels"] == [25.0, 24.0, 23.0, 22.0]
    assert asked[0].steps == 5
    assert asked[0].without == ("muon", "edges")
    assert "safetensors" in refused("train", "clay-heads", "-o", str(tmp_path / "a.png"))
    refused("train", "clay-heads", "-o", str(out), "--without", "nothing", code=2)


def test_judges_tell_what_they_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def make_judge(request: JudgeRequest, tell: object) -> ReadBack:
        assert request.steps == 7
        return ReadBack((Explained("turn", 0.99),), (0.95,))

    monkeypatch.setattr(job, "make_judge", make_judge)
    out = str(tmp_path / "judge.safetensors")
    result = run("train", "clay-heads-judge", "-o", out, "--steps", "7")
    assert result.exit_code == 0, result.output
    assert "0.990" in result.stdout
    assert "95.0%" in result.stdout
