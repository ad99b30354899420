"""``maquette train clay-heads`` from a request to a model file, tiny."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.errors import BadChoice, RefusedFile
from studio.families.opening import open_model
from studio.fidelity.judge import load_judge
from studio.training.clay_heads import job
from studio.training.clay_heads.job import (
    JudgeRequest,
    Request,
    make_judge,
    settings_for,
    train,
)
from studio.training.clay_heads.judging import READABLE
from studio.training.clay_heads.scene import NAMES
from studio.training.clay_heads.train import Settings
from tests.training.test_clay_heads_training import SMALL


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests ask for the smallest generator and teacher."""
    whole = settings_for

    def small(request: Request) -> Settings:
        from dataclasses import replace

        return replace(
            whole(request), config=SMALL, workers=1, batch=4, observer_steps=0, mapping_steps=0
        )

    monkeypatch.setattr(job, "settings_for", small)


def test_a_run_writes_a_model_and_goes_on_from_its_checkpoint(tiny: None, tmp_path: Path) -> None:
    told: list[str] = []
    request = Request(tmp_path / "a.safetensors", tmp_path / "work", steps=4, renders=32)
    result = train(request, told.append)
    assert result.steps == 4
    assert len(result.decibels) == 4
    assert any("held out" in line for line in told)
    model = open_model(str(request.output))
    assert model.info.directions == NAMES

    more = Request(tmp_path / "b.safetensors", tmp_path / "work", steps=6, renders=32, resume=True)
    assert train(more).steps == 6
    longer = Request(
        tmp_path / "c.safetensors", tmp_path / "work", steps=8, renders=32, longer=True
    )
    assert train(longer).steps == 8


def test_nothing_to_resume_from_is_said(tiny: None, tmp_path: Path) -> None:
    request = Request(tmp_path / "a.safetensors", tmp_path / "w", steps=1, renders=32, resume=True)
    with pytest.raises(RefusedFile, match="does not exist"):
        train(request)


def test_parts_can_be_left_out(tmp_path: Path) -> None:
    def asked(*without: str) -> Settings:
        return settings_for(Request(tmp_path / "a", tmp_path, without=without))

    assert asked().weights.features > 0
    assert asked().widths
    assert asked("features").weights.features == 0
    assert asked().weights.detail > 0
    assert asked("detail").weights.detail == 0
    assert asked("edges").weights.edges == 0
    assert asked("agreement").weights.agreement == 0
    assert asked("observer").observer_steps == 0
    assert asked("growth").growth == (0.0, 0.0, 0.0)
    assert not asked("widths").widths
    assert not asked("muon").orthogonal
    assert asked().mapping_steps > 0
    assert asked("mapping").mapping_steps == 0


@pytest.mark.parametrize(
    "request_with",
    [{"renders": 20}, {"renders": 0}, {"minutes": 0.0}, {"steps": 0}, {"adversarial": -1.0}],
)
def test_numbers_out_of_range_are_refused(tmp_path: Path, request_with: dict[str, int]) -> None:
    with pytest.raises(BadChoice):
        settings_for(Request(tmp_path / "a", tmp_path, **request_with))  # type: ignore[arg-type]


def test_a_judge_is_trained_written_and_tried_on_unseen_renders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "HELD_OUT", 16)
    told: list[str] = []
    out, work = tmp_path / "judge.safetensors", tmp_path / "work"
    request = JudgeRequest(out, work, steps=2, renders=16, workers=1)
    back = make_judge(request, told.append)
    assert len(back.attributes) == len(READABLE.attributes)
    assert all(0.0 <= k <= 1.0 for k in back.kinds)
    assert load_judge(request.output).readable == READABLE
    assert any("judge step" in line for line in told)
    with pytest.raises(BadChoice):
        make_judge(JudgeRequest(tmp_path / "j", tmp_path, renders=20))
