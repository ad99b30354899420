"""Whether a choice of a pipeline is one network, as runtimes other than PyTorch want it. Imports no
torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from studio.families.diffusion.config import DiffusionConfig
    from studio.subnets.choice import SubnetChoice

Reason = Literal["packed", "steps"]
STEPS_DIFFER = (
    "a choice whose steps differ (width by timestep, features used again, guidance on a part of "
    "the steps) is no single network"
)


def pytorch_alone(choice: SubnetChoice, config: DiffusionConfig) -> Reason | None:
    """Why PyTorch alone runs a choice: its weights are ``packed`` in a GGUF file, or its ``steps``
    differ, so that it is no single network; None where any runtime does."""
    if config.packed:
        return "packed"
    return "steps" if choice.denoising is not None and choice.denoising.within_a_run else None
