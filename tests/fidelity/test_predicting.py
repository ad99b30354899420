"""Predicted latencies: planted lines are found again, and the uncertainty is what it says."""

from __future__ import annotations

import numpy as np
import pytest

from studio.fidelity.predicting import between, fitted, student

MACS = (60e6, 240e6, 540e6, 950e6)


def test_a_planted_line_is_found_again_without_uncertainty() -> None:
    model = fitted(MACS, [0.5 + 2e-8 * m for m in MACS])
    assert model is not None
    assert model.constant == pytest.approx(0.5)
    assert model.per_mac == pytest.approx(2e-8)
    assert (model.count, model.freedom) == (4, 2)
    found = model.at(100e6)
    assert found.median == pytest.approx(2.5)
    assert (found.low, found.high) == pytest.approx((2.5, 2.5))


def test_too_few_sizes_predict_nothing() -> None:
    assert fitted(MACS[:2], [1.0, 2.0]) is None
    assert fitted((1e6, 1e6, 2e6), [1.0, 1.1, 2.0]) is None
    assert fitted(MACS[:3], [0.0, 1.0, 2.0]) is None


@pytest.mark.parametrize(
    ("times", "constant"), [([1.0, 5.0, 11.0, 20.0], False), ([3.0, 2.9, 2.8, 2.7], True)]
)
def test_neither_part_is_negative(times: list[float], constant: bool) -> None:
    model = fitted(MACS, times)
    assert model is not None
    assert min(model.constant, model.per_mac) == 0.0
    assert (model.constant > 0) is constant
    assert model.freedom == 3


def test_four_in_five_are_within_the_interval() -> None:
    chance = np.random.default_rng(1)
    inside = []
    for _ in range(2000):
        sizes = chance.uniform(50e6, 1e9, 6)
        true = 1.0 + 1.5e-8 * sizes
        seen = true * (1 + 0.05 * chance.standard_normal(6))
        model = fitted(tuple(sizes[:5]), tuple(seen[:5]))
        assert model is not None
        found = model.at(sizes[5])
        inside.append(found.low <= seen[5] <= found.high)
    assert 0.76 < np.mean(inside) < 0.84


def test_what_is_far_from_everything_measured_is_less_certain() -> None:
    chance = np.random.default_rng(2)
    times = [(1.0 + 2e-8 * m) * (1 + 0.1 * chance.standard_normal()) for m in MACS]
    model = fitted(MACS, times)
    assert model is not None
    near, far = model.at(500e6), model.at(20e9)
    assert (far.high - far.low) / far.median > (near.high - near.low) / near.median > 0


@pytest.mark.parametrize(
    ("freedom", "value"), [(1, 3.0777), (2, 1.8856), (3, 1.6377), (10, 1.3722), (100, 1.2901)]
)
def test_students_percentile(freedom: int, value: float) -> None:
    assert student(freedom) == pytest.approx(value, rel=0.01)


def test_between_two() -> None:
    assert between(0.6, (0.5, 1.0), (0.75, 2.0)) == pytest.approx(1.4)
