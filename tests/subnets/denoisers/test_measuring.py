"""Sensitivity by step, and the schedule of widths that it gives."""

from __future__ import annotations

from itertools import product

import pytest

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import example, outcome, recording, timestep_of
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.measuring import sensitivity
from studio.subnets.denoisers.scheduling import Sensitivity, schedule, spread
from tests.subnets.denoisers import tiny


def test_recorded_calls_carry_their_step() -> None:
    network = tiny.denoiser("dit")
    with recording(network) as calls:
        for time in (900.0, 900.0, 500.0, 100.0):
            outcome(network, example(network, **tiny.size("dit"), timestep=time))
    assert [call.step for call in calls] == [0, 0, 1, 2]
    assert [timestep_of(call.args, call.kwargs) for call in calls] == [900, 900, 500, 100]
    outcome(network, calls[0])
    assert len(calls) == 4
    with recording(network, every=2, most=1) as few:
        for time in (900.0, 500.0, 100.0):
            outcome(network, example(network, **tiny.size("dit"), timestep=time))
    assert [call.step for call in few] == [0]


def test_sensitivity_is_nothing_for_the_whole_and_grows() -> None:
    network = tiny.denoiser("sd")
    with recording(network) as calls:
        for time in (900.0, 100.0):
            outcome(network, example(network, **tiny.size("sd"), timestep=time))
    found = sensitivity(network, find_layout(network), calls, (0.25, 1.0, 0.5))
    assert found.widths == (1.0, 0.5, 0.25)
    assert found.steps == 2
    for row in found.errors:
        assert row[0] == 0
        assert row[1] > 0
        assert row[2] > 0


def test_a_schedule_gives_width_where_it_counts() -> None:
    errors = ((0.0, 0.1), (0.0, 0.5), (0.0, 0.2), (0.0, 0.4))
    found = Sensitivity(4, (1.0, 0.5), errors)
    assert schedule(found, (10.0, 4.0), 7.0) == (0.5, 1.0, 0.5, 1.0)
    assert schedule(found, (10.0, 4.0), 10.0) == (1.0,) * 4
    assert schedule(found, (10.0, 4.0), 4.0) == (0.5,) * 4


def test_a_schedule_keeps_to_its_target_and_is_close_to_the_best() -> None:
    errors = tuple((0.0, 0.02 * (step + 1), 0.1 + 0.05 * step) for step in range(5))
    found, costs = Sensitivity(5, (1.0, 0.5, 0.25), errors), (10.0, 4.0, 2.0)

    def judged(widths: tuple[float, ...]) -> tuple[float, float]:
        places = [found.widths.index(width) for width in widths]
        error = sum(found.errors[step][place] ** 2 for step, place in enumerate(places))
        return error, sum(costs[place] for place in places) / 5

    for target in (2.0, 3.0, 4.0, 6.0, 9.0):
        error, cost = judged(schedule(found, costs, target))
        assert cost <= target
        every = (judged(each) for each in product(found.widths, repeat=5))
        best = min(error for error, cost in every if cost <= target)
        assert error <= best * 1.5 + 1e-12


def test_a_target_below_the_narrowest_is_refused() -> None:
    found = Sensitivity(1, (1.0, 0.5), ((0.0, 0.1),))
    with pytest.raises(BadChoice, match="narrowest"):
        schedule(found, (10.0, 4.0), 3.0)
    with pytest.raises(BadChoice, match="costs"):
        schedule(found, (10.0,), 3.0)


ERRORS = ((0.0, 0.1, 0.3), (0.0, 0.5, 0.9), (0.0, 0.2, 0.4), (0.0, 0.4, 0.8))
FOUND = Sensitivity(4, (1.0, 0.5, 0.25), ERRORS)


def square(width: float) -> float:
    """What a convolution between two narrowed sides costs."""
    return width * width


def test_spread_goes_from_the_same_at_every_step_to_the_schedule() -> None:
    assert spread(FOUND, square, 0.6, 0.0) == (0.6,) * 4
    best = spread(FOUND, square, 0.6, 1.0)
    # The steps in which narrow widths err most are the widest, in that order.
    assert best[1] >= best[3] >= best[2] >= best[0]
    assert best[1] > best[0]
    half = spread(FOUND, square, 0.6, 0.5)
    assert half == tuple(round((0.6 + each) / 2, 4) for each in best)
    for widths in (best, half):
        assert sum(map(square, widths)) <= 4 * square(0.6) + 1e-9
    assert sum(map(square, best)) > 0.9 * 4 * square(0.6)


def test_spread_stays_within_what_was_measured() -> None:
    assert spread(FOUND, square, 0.25, 1.0) == (0.25,) * 4
    assert spread(FOUND, square, 1.0, 1.0) == (1.0,) * 4
    with pytest.raises(BadChoice, match="narrowest"):
        spread(FOUND, square, 0.2, 1.0)
