"""What leaving something out does to a denoiser's answers: by block, and by step and width."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import Call, outcome
from studio.subnets.denoisers.choice import Elastic, Kept, resolve
from studio.subnets.denoisers.scheduling import Sensitivity
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
