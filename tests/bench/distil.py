"""Distillation after pruning: how much of the FLIP to full comes back, and what the time was.

``python -m tests.bench distil`` prunes half of the channels of the embedded model, evenly and
wherever they matter least, and lets each learn for five minutes on two threads; with ``--quick``
for a few steps.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.distil.technique import Distil
from plugins.prune.technique import Prune
from studio.families.model import Model
from studio.families.opening import open_stylegan
from studio.fidelity.measure import Subject, measure
from studio.fidelity.measurement import Measurement
from studio.recipes.contract import Context
from studio.training.distil.generator import GeneratorPupil
from studio.training.distil.looking import examined
from tests.bench.figures import Figure
from tests.bench.rounds import torch_threads

MODEL = "clay-heads"
RATIO = 0.5
SPREADS = ("even", "global")


@dataclass(frozen=True)
class Settings:
    """Length of the training, in minutes or in steps; threads; how channels are pruned; seeds of
    the measurement beside latency."""

    minutes: float = 5.0
    steps: int | None = None
    threads: int = 2
    spreads: tuple[str, ...] = SPREADS
    seeds: int = 8


def settings(quick: bool) -> Settings:
    """The figures of the README, or a fast look at them."""
    return Settings(steps=20, spreads=SPREADS[:1]) if quick else Settings()


def figures(asked: Settings, full: Model | None = None) -> Iterator[Figure]:
    """FLIP over held-out seeds before and after, CPU seconds, and latencies in PyTorch."""
    full = full or open_stylegan(MODEL)
    with torch_threads(asked.threads):
        for spread in asked.spreads:
            yield from _one(full, spread, asked)


def _one(full: Model, spread: str, asked: Settings) -> Iterator[Figure]:
    title = f"pruned by {100 * RATIO:g} % ({spread})"
    prune = Prune()
    params = prune.params(ratio=RATIO, spread=spread)
    pruned = prune.transform(full, params, Context(full=full)).model
    distil = Distil()
    told = Context(full=full, progress=_Seen())
    began = os.times()
    baked = distil.transform(pruned, distil.params(minutes=asked.minutes, steps=asked.steps), told)
    ended = os.times()
    pupil = GeneratorPupil(pruned, full)
    held = pupil.held("reported")
    flips = [
        examined(pupil, model.network, held, lambda: None).closeness.flip
        for model in (pruned, baked.model)
    ]
    length = f"{asked.minutes:g} minutes" if asked.steps is None else f"{asked.steps} steps"
    yield Figure(f"{title}, FLIP to full", "", (flips[0],))
    yield Figure(f"{title}, FLIP after {length}", "", (flips[1],), "at most half")
    yield Figure(f"{title}, won back", "%", (100 * (1 - flips[1] / flips[0]),), ">= 50")
    spent = ended.user - began.user + ended.system - began.system
    yield Figure(f"{title}, CPU time", "s", (spent,), f"{asked.threads} threads")
    yield Figure(f"{title}, time", "s", (baked.report.seconds,))
    for note in baked.report.notes:
        print(f"  {note}", file=sys.stderr, flush=True)
    rows = measure(
        full,
        (),
        others=[Subject("pruned", pruned), Subject("distilled", baked.model)],
        seeds=asked.seeds,
    )
    for name, row in zip(("full", "pruned", "distilled"), rows, strict=True):
        yield from _row(f"{title}, {name}", row)


def _row(title: str, row: Measurement) -> Iterator[Figure]:
    yield Figure(f"{title}, multiplies", "M", (row.macs / 1e6,))
    yield Figure(f"{title}, {row.target}, {row.threads} threads", "ms", (row.latency_ms.median,))


class _Seen:
    """Prints every fifth percent."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, fraction: float, text: str) -> None:
        if fraction >= self._next:
            self._next = fraction + 0.05
            print(f"  {100 * fraction:.0f} %: {text}", file=sys.stderr, flush=True)
