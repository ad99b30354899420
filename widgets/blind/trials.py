"""The trials of a blind test, and what they come to. Pure; no Qt."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Literal

from widgets.blind.binomial import two_sided

TRIALS = 10
SEEDS = 1_000_000
CLEAR = 0.05
Side = Literal["A", "B"]


@dataclass(frozen=True)
class Trial:
    """One pair of pictures of one seed; *full* stands on the side ``full``."""

    seed: int
    full: Side


def make_trials(rng: random.Random, count: int = TRIALS) -> tuple[Trial, ...]:
    """So many trials with different seeds and *full* on a random side each time."""
    seeds = rng.sample(range(SEEDS), count)
    return tuple(Trial(seed, rng.choice(("A", "B"))) for seed in seeds)


@dataclass(frozen=True)
class BlindRun:
    """A test under way: its trials and the sides that were called *full* so far."""

    trials: tuple[Trial, ...]
    answers: tuple[Side, ...] = ()

    @property
    def present(self) -> Trial | None:
        """The trial to be answered next, or None at the end."""
        done = len(self.answers)
        return self.trials[done] if done < len(self.trials) else None

    def answered(self, side: Side) -> BlindRun:
        """The test after one more answer; unchanged at its end."""
        if self.present is None:
            return self
        return replace(self, answers=(*self.answers, side))

    @property
    def right(self) -> int:
        """How often *full* was found."""
        return sum(t.full == a for t, a in zip(self.trials, self.answers, strict=False))

    @property
    def p_value(self) -> float:
        """See ``two_sided``; of what has been answered so far, at least one."""
        return two_sided(self.right, len(self.answers))

    @property
    def verdict(self) -> Literal["told", "reversed", "not told"]:
        """Whether the two were told apart at the usual 5%: rightly, the wrong way round, or not."""
        if self.p_value >= CLEAR:
            return "not told"
        return "told" if 2 * self.right > len(self.answers) else "reversed"
