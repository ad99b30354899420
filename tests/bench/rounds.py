"""Several networks timed in turn, and a product of matrices among them as the machine's limit."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from tests.bench.figures import timed

PRECISIONS = {"f32": torch.float32, "bf16": torch.bfloat16}


@dataclass(frozen=True)
class Runner:
    """One who takes part in the rounds: ``flops`` are floating-point operations of a run."""

    name: str
    precision: str
    flops: float
    run: Callable[[], object]


def product(side: int, precision: str) -> Runner:
    """A product of square matrices of that side."""
    a, b = (torch.randn(side, side).to(PRECISIONS[precision]) for _ in range(2))
    return Runner(product_name(precision), precision, 2.0 * side**3, lambda: torch.mm(a, b))


def product_name(precision: str) -> str:
    """What the product in that precision is called among the runners."""
    return f"product of matrices, {precision}"


@dataclass(frozen=True)
class Times:
    """Milliseconds of one runner, round by round."""

    runner: Runner
    turns: tuple[tuple[float, ...], ...]

    @property
    def all(self) -> tuple[float, ...]:
        return tuple(each for turn in self.turns for each in turn)

    @property
    def medians(self) -> tuple[float, ...]:
        return tuple(statistics.median(turn) for turn in self.turns)

    @property
    def rates(self) -> tuple[float, ...]:
        """Billions of floating-point operations a second, a median a round."""
        return tuple(self.runner.flops / each / 1e6 for each in self.medians)


Rounds = dict[str, Times]


def in_rounds(runners: Sequence[Runner], turns: int, runs: int) -> Rounds:
    """Everybody in turn, so that a drift of the machine's speed touches all alike, and every other
    round backwards, so that nobody always follows the same one.

    Args:
        turns: rounds. runs: how often each runs in a round, after one run that does not count.
    """
    found: dict[str, list[tuple[float, ...]]] = {runner.name: [] for runner in runners}
    with torch.inference_mode():
        for turn in range(turns):
            for runner in runners if turn % 2 == 0 else reversed(runners):
                # The run before brings its weights back into the processor's caches.
                found[runner.name].append(timed(runner.run, runs, warm_up=1))
    return {runner.name: Times(runner, tuple(found[runner.name])) for runner in runners}


@contextmanager
def torch_threads(threads: int) -> Iterator[None]:
    """Let torch use so many threads within the block."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
