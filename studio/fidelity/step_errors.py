"""How far a denoiser is from another at every step of a run, both at the same latents.

Runs of two denoisers drift apart: the pictures of a good draft may differ much from those of the
full network, and those of a poor one little. What each says of the same latents does not drift.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from studio.families.diffusion.inputs import DiffusionInputs
from studio.subnets.choice import SubnetChoice, asked
from studio.subnets.denoisers.calls import timestep_of

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel

Between = Callable[[], None] | None


def step_errors(
    full: DiffusionModel,
    other: DiffusionModel,
    inputs: DiffusionInputs,
    choice: SubnetChoice,
    *,
    between: Between = None,
    reference: Callable[..., Any] | None = None,
    draft: Callable[..., Any] | None = None,
) -> tuple[float, ...]:
    """The relative error of what the denoiser of ``other`` says, by step: the norm of its
    difference to the whole denoiser of ``full`` over the norm of that, which leads the run.

    Args:
        other: ``full`` itself, or a variant of it. choice: of ``other``.
        between: called before every layer; may raise to stop.
        reference, draft: run in place of the two in PyTorch, such as their compiled forms, with the
            arguments and the answer of their ``forward``.

    Raises:
        MaquetteError: as of ``DiffusionModel.render``.
    """
    from studio.families.diffusion.sampling import interrupted

    inputs = asked(inputs, choice)
    first = full.running_network if reference is None else reference
    second = other.denoiser_of(choice, other.settled(inputs)) if draft is None else draft
    found: list[tuple[float, list[float]]] = []

    def both(*args: Any, **kwargs: Any) -> Any:
        said = first(*args, **kwargs)
        error = _relative(second(*args, **kwargs)[0], said[0])
        time = timestep_of(args, kwargs)
        if not found or found[-1][0] != time:  # some schedulers ask twice in a step
            found.append((time, []))
        found[-1][1].append(error)
        return said

    with interrupted([each for each in (first, second) if isinstance(each, nn.Module)], between):
        full.render(inputs, denoiser=both)
    return tuple(sum(errors) / len(errors) for _, errors in found)


def _relative(one: Tensor, full: Tensor) -> float:
    size = float(full.float().norm())
    apart = float((one.float() - full.float()).norm())
    return apart / size if size > 0 else 0.0
