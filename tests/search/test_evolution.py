"""Evolution finds what is known to be best, and a budget is kept and refused with a sentence."""

from __future__ import annotations

from itertools import product

import pytest
import torch

from studio.errors import BadChoice
from studio.runtimes.timing_record import Spread
from studio.search.budget import Budget
from studio.search.evolution import EvolutionOptions, about, evolve
from studio.search.latency import Clock, sampled
from studio.training.gan_compression.shapes import resnet_sizes
from studio.training.gan_compression.space import Space, Widths, space_of

SPACE = space_of(resnet_sizes(3, 3, 4, 6))  # 3 ** 8 subnets
BEST: Widths = (3, 8, 12, 8, 16, 12, 8, 2)


def distance(widths: Widths) -> float:
    """Least, 0, at one planted subnet, and growing with every stage that differs."""
    return sum(abs(a - b) / b for a, b in zip(widths, BEST, strict=True))


def cost(widths: Widths) -> float:
    return float(sum(widths))


def test_a_planted_optimum_within_the_budget_is_found() -> None:
    options = EvolutionOptions(population=40, generations=25, seed=1)
    found = evolve(SPACE, distance, cost, cost(BEST), options)
    assert found[0].widths == BEST
    assert found[0].distance == 0
    assert all(each.cost <= cost(BEST) for each in found)
    assert len({each.widths for each in found}) == len(found) < 40 * 25
    assert [each.distance for each in found] == sorted(each.distance for each in found)


def test_under_a_tight_budget_it_comes_to_the_best_there_is() -> None:
    """Against every subnet there is, tried one by one: within a hundredth of the best."""
    limit = cost(BEST) - 8
    every = [w for w in product(*SPACE.options) if cost(w) <= limit]
    options = EvolutionOptions(population=40, generations=25, seed=2)
    found = evolve(SPACE, distance, cost, limit, options)
    assert found[0].distance <= min(map(distance, every)) + 0.01
    assert found[0].cost <= limit


def test_a_small_space_is_tried_to_its_end_and_each_subnet_once() -> None:
    sizes = resnet_sizes(3, 3, 4, 3)
    fixed = [(full,) for full in space_of(sizes).largest[:-1]]
    space = Space(sizes, (*fixed, (4, 2)))
    asked: list[Widths] = []

    def score(widths: Widths) -> float:
        asked.append(widths)
        return float(widths[-1])

    found = evolve(space, score, cost, 1e9, EvolutionOptions(population=4, generations=50))
    assert [each.widths[-1] for each in found] == [2, 4]
    assert len(asked) == 2


def test_the_same_seed_searches_the_same() -> None:
    options = EvolutionOptions(population=10, generations=4, seed=7)
    first = evolve(SPACE, distance, cost, 90, options)
    assert first == evolve(SPACE, distance, cost, 90, options)
    other = EvolutionOptions(population=10, generations=4, seed=8)
    assert first != evolve(SPACE, distance, cost, 90, other)


def test_a_stop_keeps_what_was_found() -> None:
    left = iter([False] * 5 + [True])
    options = EvolutionOptions(population=10, generations=10)
    found = evolve(SPACE, distance, cost, 1e9, options, stopped=lambda: next(left))
    assert 1 <= len(found) <= 5


def test_defaults_are_those_of_the_paper() -> None:
    options = EvolutionOptions()
    figures = options.population, options.parents, options.mutations, options.mutation
    assert figures == (100, 0.25, 0.5, 0.2)
    assert "Chance" in about("mutation").text
    with pytest.raises(BadChoice, match="mutation 2 is not within 0 and 1"):
        EvolutionOptions(mutation=2)


@pytest.mark.parametrize(
    ("text", "limit", "unit"),
    [
        ("20ms", 20, "ms"),
        ("0.5 s", 500, "ms"),
        ("5GMAC", 5e9, "macs"),
        ("300mmacs", 3e8, "macs"),
        ("2.5GMAC-paper", 2.5e9, "paper_macs"),
    ],
)
def test_budgets_are_read(text: str, limit: float, unit: str) -> None:
    assert Budget.parse(text) == Budget(pytest.approx(limit), unit)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "20", "0ms", "-3ms", "fast", "5 GB", "nanms", "1e9MAC"])
def test_what_is_no_budget_is_refused(text: str) -> None:
    with pytest.raises(BadChoice, match="is no budget; accepted are milliseconds such as 20ms"):
        Budget.parse(text)


def test_costs_are_said_in_their_unit() -> None:
    assert Budget.parse("20ms").text(3.14159) == "3.14 ms"
    assert Budget.parse("5GMAC").text(4.5e9) == "4.5 GMACs"
    assert Budget.parse("5GMAC-paper").text(4.5e6) == "4.5 MMACs as the paper counts"


def spread(median: float) -> Spread:
    return Spread(median, median, median, 5)


def test_latencies_are_measured_once_and_predicted_from_those() -> None:
    measured: list[Widths] = []

    def timed(widths: Widths) -> Spread:
        measured.append(widths)
        return spread(2 + 0.5 * cost(widths))

    clock = Clock(cost, timed)
    draw = torch.Generator().manual_seed(0)
    first = sampled(SPACE, lambda n: int(torch.randint(n, (), generator=draw)), 6)
    assert {SPACE.smallest, SPACE.largest} <= set(first)
    assert len(first) == 6
    for widths in first:
        clock.measured(widths)
    clock.measured(first[0])
    assert len(measured) == 6
    assert clock.predicted(BEST) == pytest.approx(2 + 0.5 * cost(BEST), rel=1e-6)
    clock.known[BEST] = spread(77)
    assert clock.predicted(BEST) == 77


def test_two_measured_sizes_predict_in_proportion() -> None:
    clock = Clock(cost, lambda widths: spread(cost(widths)))
    clock.measured(SPACE.largest)
    assert clock.predicted(BEST) == pytest.approx(cost(BEST))
