"""Edit directions that keep to themselves."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from studio.families.stylegan.config import StyleGanConfig
from studio.training.clay_heads import directions as module
from studio.training.clay_heads.directions import effects, selective
from studio.training.clay_heads.generator import new_generator
from studio.training.clay_heads.observer import Observer
from studio.training.clay_heads.scene import NAMES, Z_DIM

SMALL = StyleGanConfig("anycost", 64, Z_DIM, 24, 0, 2, (8,) * 10)


def test_planted_entanglement_is_taken_out() -> None:
    torch.manual_seed(0)
    mixing = torch.eye(6) + 0.4 * torch.rand(6, 6)
    readings = torch.randn(6, 12)  # what one unit of w changes in each reading: w_dim 12
    directions = mixing @ torch.linalg.pinv(readings).T  # unmixed, each would change one by 1

    def changed(d: Tensor) -> Tensor:
        return d @ readings.T

    before = changed(directions)
    after = changed(selective(directions, before))
    off_before = (before - torch.diag(before.diagonal())).abs().max()
    off_after = (after - torch.diag(after.diagonal())).abs().max()
    assert off_after < 0.1 * off_before
    assert torch.allclose(after.diagonal(), before.diagonal(), rtol=1e-3)


def test_a_direction_that_nobody_can_read_stays_finite() -> None:
    directions = torch.randn(4, 8)
    changed = torch.diag(torch.tensor([1.0, 1.0, 1.0, 0.0]))
    result = selective(directions, changed)
    assert torch.isfinite(result).all()
    assert torch.allclose(result[:3], directions[:3], atol=1e-3)


def test_effects_are_what_the_observer_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LATENTS", 8)
    torch.manual_seed(0)
    model, observer = new_generator(0, SMALL), Observer().requires_grad_(False).eval()
    directions = torch.randn(3, SMALL.w_dim)
    once = effects(model, observer, directions)
    assert once.shape == (3, len(NAMES))
    assert torch.allclose(effects(model, observer, -directions), -once, atol=1e-6)
    assert float(effects(model, observer, torch.zeros_like(directions)).abs().max()) == 0.0
