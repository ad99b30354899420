"""What the types of inputs and choices alone do not say, for values that come from files."""

from __future__ import annotations

from studio.errors import BadChoice
from studio.families.inputs import MAX_SEED, MAX_STRENGTH, GanInputs
from studio.subnets.choice import SubnetChoice


def check_inputs(inputs: GanInputs) -> None:
    """Refuse inputs that no model can draw.

    Raises:
        ValueError: names the value and what would be accepted.
    """
    if not 0 <= inputs.seed <= MAX_SEED:
        raise ValueError(f"seed {inputs.seed} is not within 0 and {MAX_SEED}")
    if not (0 <= inputs.truncation <= 2 and 0 <= inputs.noise <= 2):
        raise ValueError("truncation and noise must be within 0 and 2")
    if inputs.mix_seed is not None and not 0 <= inputs.mix_seed <= MAX_SEED:
        raise ValueError(f"seed {inputs.mix_seed} is not within 0 and {MAX_SEED}")
    if any(not abs(strength) <= MAX_STRENGTH for _, strength in inputs.edits):
        raise ValueError(f"edits must be within {-MAX_STRENGTH:g} and {MAX_STRENGTH:g}")


def check_choice(choice: SubnetChoice) -> None:
    """Refuse a choice that fits no model.

    Raises:
        ValueError: names the value and what would be accepted.
    """
    if not 0 < choice.width <= 1:
        raise ValueError(f"width {choice.width:g} is not above 0 and at most 1")
    if choice.denoising is not None:
        try:
            choice.denoising.elastic.checked()
            choice.denoising.reuse.checked()
            choice.denoising.sampling.checked()
        except BadChoice as error:
            raise ValueError(str(error)) from error
