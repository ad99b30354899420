"""Rounded weights and ranges, by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from studio.families.portable import Port, PortableNetwork
from studio.families.quantization import QuantPlan
from studio.families.traced import Traced
from studio.runtimes.traced.ranges import LEVELS, Seen, ends_of, seen_by_layers
from studio.runtimes.traced.rounding import rounded, rounded_by_group, shift_of

NONE = np.zeros(1, np.float32)


def test_int8_is_symmetric_by_output() -> None:
    weight = np.array([[1.27, -0.5], [0.0, 0.0], [-254.0, 100.6]], np.float32)
    made = rounded(weight)
    assert made.numbers.tolist() == [[127, -50], [0, 0], [-127, 50]]
    assert np.allclose(made.scale[:, 0], [0.01, 1 / 127, 2.0])


def test_int4_is_symmetric_by_group() -> None:
    weight = np.array([[7.0, -3.4, 0.7, 0.1]], np.float32)
    made = rounded_by_group(weight, 2)
    assert made.numbers.tolist() == [[[7, -3], [7, 1]]]
    assert np.allclose(made.scale.ravel(), [1.0, 0.1])
    with pytest.raises(ValueError, match="groups of 3 do not divide 4"):
        rounded_by_group(weight, 3)


def test_the_shift_is_what_rounding_adds_to_a_mean() -> None:
    weight = np.random.default_rng(0).standard_normal((6, 2, 3, 3)).astype(np.float32)
    made = rounded(weight)
    means = np.array([1.0, -2.0, 0.5, 4.0], np.float32)  # two groups of two channels
    shift = shift_of(weight, made, means)
    level = torch.from_numpy(means)[None, :, None, None].expand(1, 4, 3, 3)
    exact, coarse = (
        nn.functional.conv2d(level, torch.from_numpy(each), groups=2).flatten()
        for each in (weight, made.numbers * made.scale)
    )
    assert np.allclose(shift, (coarse - exact).numpy(), atol=1e-5)


@pytest.mark.parametrize(("low", "high"), [(-0.278, 6.0), (-3.0, 2.0), (0.0, 4.0), (-5.0, -1.0)])
def test_zero_is_a_level(low: float, high: float) -> None:
    for activations in ("symmetric", "asymmetric"):
        plan = QuantPlan(activations=activations)  # type: ignore[arg-type]
        first, last = ends_of(Seen(low, high, NONE, NONE, NONE), plan)
        assert first <= min(low, 0) + 1e-6
        assert last >= max(high, 0) - 1e-6
        step = (last - first) / (LEVELS - 1)
        assert abs(first / step - round(first / step)) < 1e-4


def test_ranges_and_means_are_over_all_inputs() -> None:
    class Small(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Linear(2, 2, bias=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            made: torch.Tensor = self.first(x)
            return made

    module = Traced(Small(), ["x"], lambda network, given: (network(given["x"]),))
    network = PortableNetwork(
        "k", "n", (Port("x", ("batch", 2)),), (), (), 4, 4, 4, bytes, lambda: module
    )
    feeds = tuple({"x": np.array([row], np.float32)} for row in ([1.0, -8.0], [3.0, 2.0]))
    seen = seen_by_layers(network, module, ["first"], feeds, QuantPlan())["first"]
    assert (seen.low, seen.high) == (-8.0, 3.0)
    assert seen.means.tolist() == [2.0, -3.0]
    assert (seen.lows.tolist(), seen.highs.tolist()) == ([1.0, -8.0], [3.0, 2.0])
    plan = QuantPlan(estimator="percentile", percentile=90.0, activations="asymmetric")
    feeds = ({"x": np.arange(200, dtype=np.float32).reshape(100, 2)},)
    seen = seen_by_layers(network, module, ["first"], feeds, plan)["first"]
    assert seen.high == pytest.approx(0.9 * 199, abs=1)
