"""Measure baked variants of a model, each a model of its own, against the original's full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from studio.errors import BadChoice
from studio.families.inputs import MAX_SEED, GanInputs
from studio.families.model import Model
from studio.fidelity.compare import compare_pictures
from studio.fidelity.drawing import Drawer
from studio.fidelity.measure import Progress, measurement_of, time_runs
from studio.fidelity.measurement import Measurement
from studio.subnets.choice import SubnetChoice, resolve

FULL = SubnetChoice()


@dataclass(frozen=True)
class Baked:
    """A baked variant that is open, and who draws it."""

    model: Model
    drawer: Drawer


@dataclass(frozen=True)
class Candidate:
    """What to measure: ``ready`` opens it when its turn has come, so that one is open at a time.

    Args:
        choice: the subnet of the variant to measure. name: for tables.
    """

    ready: Callable[[], Baked]
    choice: SubnetChoice = FULL
    name: str = ""


@dataclass(frozen=True)
class Found:
    """A measurement, and the key of the weights that it is of."""

    key: str
    measurement: Measurement


def measure_variants(
    reference: Drawer,
    candidates: Sequence[Candidate],
    *,
    inputs: GanInputs = GanInputs(),
    seeds: int = 8,
    progress: Progress | None = None,
) -> list[Found]:
    """Measure each candidate as :func:`studio.fidelity.measure.measure` measures a subnet.

    Args:
        reference: draws *full* of the original model, at the precision to compare at.
        inputs, seeds: the pictures: those of ``inputs.seed`` and the seeds after it.
        progress: called with a fraction in [0, 1] and a line of text.

    Raises:
        BadChoice: a choice or an input does not fit.
        RefusedFile: a variant cannot be opened.
    """
    if seeds < 1:
        raise BadChoice(f"{seeds} seeds were asked for; at least 1 is needed")
    report = progress or (lambda fraction, text: None)
    every = [replace(inputs, seed=(inputs.seed + i) % (MAX_SEED + 1)) for i in range(seeds)]
    report(0.0, f"drawing {seeds} pictures with full")
    references = [reference.draw(each, FULL) for each in every]
    found = []
    for index, candidate in enumerate(candidates):
        report((index + 0.5) / (len(candidates) + 0.5), f"measuring {candidate.name}")
        baked, choice = candidate.ready(), candidate.choice
        resolve(choice, baked.model.info.config)
        pictures = (baked.drawer.draw(each, choice) for each in every)
        close = [compare_pictures(r, p) for r, p in zip(references, pictures, strict=True)]
        with baked.drawer.running(inputs, choice) as (run, threads):
            latency = time_runs(run)
        made = measurement_of(baked.model, choice, candidate.name, close, latency)
        made = replace(made, target=baked.drawer.target, threads=threads)
        found.append(Found(baked.model.info.key, made))
    report(1.0, "done")
    return found
