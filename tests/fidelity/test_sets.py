"""Distances between sets of features, and the reading back of attributes."""

from __future__ import annotations

import pytest
import torch

from studio.fidelity.sets import explained, feature_distance


def _normal(count: int, mean: float, spread: float, seed: int) -> torch.Tensor:
    random = torch.Generator().manual_seed(seed)
    return mean + spread * torch.randn(count, 6, generator=random, dtype=torch.float64)


def test_the_distance_of_two_gaussians_is_the_known_one() -> None:
    a, b = _normal(40_000, 0.0, 1.0, 1), _normal(40_000, 0.5, 2.0, 2)
    # Per dimension: (0 - 0.5)^2 + (1 - 2)^2.
    assert feature_distance(a, b) == pytest.approx(6 * 1.25, rel=0.03)
    assert feature_distance(a, b) == pytest.approx(feature_distance(b, a), rel=1e-6)


def test_a_set_has_no_distance_to_itself_and_little_to_its_like() -> None:
    a, b = _normal(4000, 0.0, 1.0, 1), _normal(4000, 0.0, 1.0, 2)
    assert feature_distance(a, a) == pytest.approx(0.0, abs=1e-8)
    assert feature_distance(a, b) < 0.02


def test_correlated_features_count() -> None:
    a = _normal(20_000, 0.0, 1.0, 1)
    turned = a.clone()
    turned[:, 0] = 0.8 * a[:, 1] + 0.6 * a[:, 0]  # the same spread, but tied to another column
    assert feature_distance(a, turned) > 0.3


def test_too_few_pictures_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 6"):
        feature_distance(torch.zeros(6, 6), torch.zeros(10, 6))


def test_r2_is_one_for_the_truth_zero_for_the_mean_and_skips_the_unseen() -> None:
    asked = torch.linspace(-1, 1, 50)
    assert explained(asked, asked) == pytest.approx(1.0)
    assert explained(asked, torch.zeros(50)) == pytest.approx(0.0, abs=1e-6)
    wrong = asked.clone()
    wrong[:10] = 5.0
    seen = torch.arange(50) >= 10
    assert explained(asked, wrong) < 0.0
    assert explained(asked, wrong, seen) == pytest.approx(1.0)
