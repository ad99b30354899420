"""Evolution over the widths of a supernet, through Optuna's NSGA-II.

Two figures are made small at once, distance and cost, and a subnet above the budget gives way to
any below it. Figures are those of GAN Compression's own search (Li et al. 2020, section 3.3): the
best quarter of a generation are parents, half of the children come from two of them, each stage
from either, and a stage changes by chance of 0.2. Optuna lets it change in every child, where the
original leaves those of two parents as they are.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from studio.errors import BadChoice
from studio.training.gan_compression.options import About
from studio.training.gan_compression.space import Space, Widths

FAR = 1e9  # distance of what is too dear to be worth looking at
_LIMIT = "over budget"


def _option(default: Any, text: str, low: float, high: float) -> Any:
    return field(default=default, metadata={"about": About(text, low, high)})


@dataclass(frozen=True)
class EvolutionOptions:
    """How a search goes; see :func:`about`.

    Raises:
        BadChoice: a value is outside its bounds.
    """

    population: int = _option(100, "Subnets of one generation.", 4, 10_000)
    generations: int = _option(20, "Generations; published searches ran 500.", 1, 100_000)
    parents: float = _option(0.25, "Share of a generation that has children.", 0.01, 1)
    mutations: float = _option(0.5, "Share of the children that have one parent.", 0, 1)
    mutation: float = _option(0.2, "Chance that a stage of a child changes.", 0, 1)
    seed: int = _option(0, "Seed of every random choice.", 0, 2**32 - 1)

    def __post_init__(self) -> None:
        for each in fields(self):
            value, bounds = getattr(self, each.name), about(each.name)
            if not bounds.low <= value <= bounds.high:
                raise BadChoice(
                    f"{each.name} {value:g} is not within {bounds.low:g} and {bounds.high:g}"
                )


def about(name: str) -> About:
    """The words and bounds of one option."""
    for each in fields(EvolutionOptions):
        if each.name == name:
            found: About = each.metadata["about"]
            return found
    raise KeyError(name)


@dataclass(frozen=True)
class Candidate:
    """A subnet within the budget that was scored."""

    widths: Widths
    distance: float
    cost: float


def evolve(
    space: Space,
    score: Callable[[Widths], float],
    cost: Callable[[Widths], float],
    limit: float,
    options: EvolutionOptions,
    *,
    progress: Callable[[float, str], None] = lambda fraction, text: None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Candidate, ...]:
    """Every different subnet within ``limit`` that was scored, nearest first.

    The same seed and the same figures give the same search. Each subnet is scored once.

    Args:
        score: distance, small is good. cost: in the unit of ``limit``; quick.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
        stopped: asked before every subnet; True ends the search with what was found.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    choices = [list(each) for each in space.options]
    kinds: dict[str, optuna.distributions.BaseDistribution] = {
        str(stage): optuna.distributions.CategoricalDistribution(each)
        for stage, each in enumerate(choices)
    }
    study = optuna.create_study(directions=["minimize", "minimize"], sampler=_sampler(options))
    # The ends are known to matter, and the smallest to be within any budget that can be met.
    for widths in (space.smallest, space.largest):
        study.enqueue_trial({str(k): width for k, width in enumerate(widths)})
    found: dict[Widths, Candidate] = {}
    total = options.population * options.generations
    for number in range(total):
        if stopped():
            break
        trial = study.ask(kinds)
        widths = tuple(int(trial.params[str(k)]) for k in range(len(choices)))
        price = cost(widths)
        trial.set_constraint(_LIMIT, price - limit)
        if price > limit:
            study.tell(trial, (FAR, price))
            continue
        if widths not in found:
            found[widths] = Candidate(widths, score(widths), price)
        study.tell(trial, (found[widths].distance, price))
        best = min(each.distance for each in found.values())
        progress(number / total, f"{len(found)} subnets scored, nearest {best:.4f}")
        if len(found) == space.count:
            break
    return tuple(sorted(found.values(), key=lambda each: (each.distance, each.cost)))


def _sampler(options: EvolutionOptions) -> Any:
    import optuna

    count = max(2, round(options.parents * options.population))

    def parents(study: Any, population: list[Any]) -> list[Any]:
        """The best by ranks of non-domination, among equals the nearest; in budget comes first."""
        within = [t for t in population if t.constraints.get(_LIMIT, 0.0) <= 0]
        over = [t for t in population if t.constraints.get(_LIMIT, 0.0) > 0]
        over.sort(key=lambda t: (t.constraints[_LIMIT], t.number))
        return (_ranked(within) + over)[:count]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.NSGAIISampler(
            population_size=options.population,
            mutation_prob=options.mutation,
            crossover_prob=1.0 - options.mutations,
            swapping_prob=0.5,
            seed=options.seed,
            elite_population_selection_strategy=parents,
        )


def _ranked(trials: Sequence[Any]) -> list[Any]:
    """Trials front by front; within a front the nearest first."""
    left, ranked = list(trials), []
    while left:
        front = [t for t in left if not any(_beats(other, t) for other in left)]
        ranked += sorted(front, key=lambda t: (t.values[0], t.number))
        chosen = {t.number for t in front}
        left = [t for t in left if t.number not in chosen]
    return ranked


def _beats(a: Any, b: Any) -> bool:
    no_worse = a.values[0] <= b.values[0] and a.values[1] <= b.values[1]
    better = a.values[0] < b.values[0] or a.values[1] < b.values[1]
    return bool(no_worse and better)
