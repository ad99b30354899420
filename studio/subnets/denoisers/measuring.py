"""What leaving something out does to a denoiser's answers: by block, and by step and width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import Call, outcome
from studio.subnets.denoisers.choice import Elastic, Kept, resolve
from studio.subnets.denoisers.sites import Layout
from studio.subnets.denoisers.slicing import view

Progress = Callable[[float, str], None]


def relative_error(made: Tensor, wanted: Tensor) -> float:
    """Norm of the difference over the norm of what was wanted; 0 where both are 0."""
    difference = float((made.double() - wanted.double()).norm())
    return difference / max(float(wanted.double().norm()), 1e-30) if difference else 0.0


def damages(
    denoiser: nn.Module,
    layout: Layout,
    calls: Sequence[Call],
    progress: Progress = lambda fraction, text: None,
) -> dict[str, float]:
    """Relative error of the answers without each skippable block alone, by name, over ``calls``.

    Raises:
        BadChoice: there is no call.
    """
    if not calls:
        raise BadChoice("damage is measured along a run; there is no call of the denoiser")
    wanted = torch.cat([outcome(denoiser, call).flatten() for call in calls])
    found = {}
    for place, block in enumerate(layout.blocks):
        progress(place / len(layout.blocks), f"without {block.name}")
        without = view(denoiser, layout, Kept(skipped=frozenset([block.name])))
        made = torch.cat([outcome(without, call).flatten() for call in calls])
        found[block.name] = relative_error(made, wanted)
    return found


def skip_order(found: dict[str, float]) -> tuple[str, ...]:
    """Blocks by rising damage: in which order depth leaves them out."""
    return tuple(sorted(found, key=lambda name: found[name]))


@dataclass(frozen=True)
class Sensitivity:
    """How far narrower denoisers answer from the full one, step by step.

    Args:
        steps: of the run that was measured. widths: from the widest. errors: relative error for
            each step and width, ``errors[step][width]``.
    """

    steps: int
    widths: tuple[float, ...]
    errors: tuple[tuple[float, ...], ...]


def sensitivity(
    denoiser: nn.Module,
    layout: Layout,
    calls: Sequence[Call],
    widths: Sequence[float],
    choice: Elastic | None = None,
    order: Sequence[str] = (),
    progress: Progress = lambda fraction, text: None,
) -> Sensitivity:
    """Measure the widths on the calls of one run, each on what the full denoiser was given.

    Args:
        calls: of a run, in its order, one or more of each step. widths: each above 0, at most 1.
        choice: what is chosen besides the width, with ``order`` as for ``resolve``.

    Raises:
        BadChoice: there is no call or no width, or one is out of bounds.
    """
    if not calls or not widths:
        raise BadChoice("sensitivity is measured for widths along a run; one of them is missing")
    widths = tuple(sorted(set(widths), reverse=True))
    views = [
        view(denoiser, layout, resolve(choice or Elastic(), layout, order, width))
        for width in widths
    ]
    steps = sorted({call.step for call in calls})
    rows = []
    for place, step in enumerate(steps):
        progress(place / len(steps), f"step {place + 1} of {len(steps)}")
        own = [call for call in calls if call.step == step]
        wanted = torch.cat([outcome(denoiser, call).flatten() for call in own])
        row = []
        for narrow in views:
            made = torch.cat([outcome(narrow, call).flatten() for call in own])
            row.append(relative_error(made, wanted))
        rows.append(tuple(row))
    return Sensitivity(len(steps), widths, tuple(rows))


def schedule(found: Sensitivity, costs: Sequence[float], target: float) -> tuple[float, ...]:
    """Widths by step whose mean cost keeps to a target, with the least sum of squared errors.

    From the narrowest everywhere, the step goes up next that gains most for its cost, along the
    lower convex hull of each step's errors; what then still fits is filled up.

    Args:
        costs: of one call at each width of ``found``, in any unit. target: mean cost allowed.

    Raises:
        BadChoice: not even the narrowest width keeps to the target, or costs do not fit widths.
    """
    if len(costs) != len(found.widths):
        raise BadChoice(f"{len(found.widths)} widths were measured; {len(costs)} costs are given")
    narrow = min(range(len(costs)), key=lambda n: costs[n])
    if target < costs[narrow] * (1 - 1e-9):
        raise BadChoice(
            f"a mean cost of {target:g} is below that of the narrowest width, {costs[narrow]:g}"
        )
    chosen = [narrow] * found.steps
    room = target * found.steps * (1 + 1e-9) - costs[narrow] * found.steps
    while True:
        best = None
        for step, row in enumerate(found.errors):
            now = chosen[step]
            # The steepest fall of all widths that fit lies on the hull.
            for other, cost in enumerate(costs):
                more = cost - costs[now]
                gain = row[now] ** 2 - row[other] ** 2
                if 0 < more <= room and gain > 0 and (best is None or gain / more > best[0]):
                    best = (gain / more, step, other, more)
        if best is None:
            return tuple(found.widths[n] for n in chosen)
        _, step, other, more = best
        chosen[step] = other
        room -= more
