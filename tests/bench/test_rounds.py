"""The benches of runtimes: who is timed when, and what is made of the times."""

from __future__ import annotations

from functools import partial

import pytest
import torch

from tests.bench.rounds import Runner, Times, in_rounds, product, torch_threads


def test_everybody_runs_in_turn_and_every_other_round_backwards() -> None:
    ran: list[str] = []
    runners = [Runner(name, "f32", 1.0, partial(ran.append, name)) for name in "abc"]
    found = in_rounds(runners, turns=2, runs=2)
    assert "".join(ran) == "aaabbbccc" + "cccbbbaaa"  # one of each three is not counted
    assert [[len(turn) for turn in found[name].turns] for name in "abc"] == [[2, 2]] * 3


def test_rates_are_operations_over_the_median_of_a_round() -> None:
    times = Times(Runner("x", "f32", 2e9, lambda: None), ((10.0, 20.0, 90.0), (40.0, 40.0, 5.0)))
    assert times.medians == (20.0, 40.0)
    assert times.rates == pytest.approx((100.0, 50.0))  # 2 G in 20 ms are 100 G a second
    assert times.all == (10.0, 20.0, 90.0, 40.0, 40.0, 5.0)


@pytest.mark.parametrize("precision", ["f32", "bf16"])
def test_a_product_is_one_of_that_size_and_precision(precision: str) -> None:
    runner = product(24, precision)
    made = runner.run()
    assert isinstance(made, torch.Tensor)
    assert (made.shape, runner.flops) == ((24, 24), 2 * 24**3)
    assert made.dtype == {"f32": torch.float32, "bf16": torch.bfloat16}[precision]


def test_threads_are_as_before_afterwards() -> None:
    before = torch.get_num_threads()
    with torch_threads(before + 1):
        assert torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before
