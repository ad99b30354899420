"""Sets of pictures held against the world that the embedded model learnt."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from studio.engine.judging import realism_metric, set_metrics, world_features
from studio.errors import BadChoice
from studio.families.info import HistoryStep
from studio.fidelity.domain import judged
from studio.fidelity.judge import clay_heads_judge
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.preview import drawn
from tests.families.small import small_model

BUSTS = HistoryStep("drawn", "clay busts by Maquette's own renderer; no photographs")


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("MAQUETTE_CACHE_DIR", str(tmp_path / "cache"))


def test_the_domain_is_told_by_the_history_of_the_weights() -> None:
    info = small_model().info
    assert not judged(info)
    assert judged(replace(info, history=(BUSTS, HistoryStep("prune", "less"))))
    with pytest.raises(BadChoice, match="knows clay heads alone"):
        set_metrics(info, realism=True, fid_weights="", progress=lambda f, t: None)
    assert set_metrics(info, realism=False, fid_weights="", progress=lambda f, t: None) == ()


def test_the_world_is_drawn_once_and_kept(monkeypatch) -> None:
    told: list[str] = []
    first = world_features(32, 3, lambda f, text: told.append(text))
    assert first.shape == (3, 128)
    assert told

    def never(*_: object) -> None:
        raise AssertionError("it was drawn again")

    monkeypatch.setattr("studio.training.clay_heads.preview.drawn", never)
    assert torch.equal(world_features(32, 3, never), first)


def test_the_world_itself_is_most_real(monkeypatch) -> None:
    """Busts of other latents are nearer to the world than grey and noise are."""
    count = 132
    monkeypatch.setattr("studio.engine.judging.PART", count)
    info = replace(small_model().info, history=(BUSTS,))
    info = replace(info, config=replace(info.config, channels=(8,) * 6, resolution=16))
    metric = realism_metric(info, lambda f, t: None, seeds=count)
    assert metric.reference is not None
    judge = clay_heads_judge()
    with torch.no_grad():
        others = judge.features(drawn(latents(count, 5), 16))
        noise = judge.features(torch.rand(count, 3, 16, 16))
    assert metric.apart(metric.reference, metric.reference) == pytest.approx(0.0, abs=1e-3)
    assert metric.apart(others, metric.reference) < 0.5 * metric.apart(noise, metric.reference)
