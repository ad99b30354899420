"""What a report says of a pipeline alone: what it was asked, and errors of denoisers by step."""

from __future__ import annotations

from collections.abc import Sequence

from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.inputs import DiffusionInputs, Settled, settled
from studio.families.info import AnyConfig
from studio.reporting.curves import Curve, error_curves
from studio.reporting.page import facts_list


def asked_facts(config: AnyConfig, inputs: object) -> str:
    """What a pipeline was asked to draw; nothing of other models."""
    if not isinstance(inputs, DiffusionInputs) or not isinstance(config, DiffusionConfig):
        return ""
    wanted = settled(inputs, config)
    facts = [
        ("Prompt", wanted.prompt),
        ("Negative prompt", wanted.negative),
        ("Class", str(wanted.label) if config.classes else ""),
        ("Steps", f"{wanted.steps_run}, of variants that say others theirs"),
        ("Guidance", "" if config.guidance == "none" else f"{wanted.guidance:g}"),
        ("Scheduler", wanted.scheduler),
        ("Size", f"{wanted.width} x {wanted.height} px"),
        ("First seed", str(wanted.seed)),
        ("Drawn from", _drawn_from(wanted)),
    ]
    return f"<h2>What is drawn</h2>{facts_list([fact for fact in facts if fact[1]])}"


def _drawn_from(wanted: Settled) -> str:
    if wanted.picture is None:
        return ""
    part = "in the marked places" if wanted.mask is not None else "everywhere"
    return f"a picture, of which {wanted.strength:.0%} is drawn anew, {part}"


def errors_part(curves: Sequence[Curve]) -> str:
    """The errors by step of all variants; nothing where there are none."""
    if not curves:
        return ""
    return (
        f"<h2>Error of the denoiser by step</h2>{error_curves(curves)}"
        '<p class="soft">How far each denoiser is from full\'s at the same latents, on the way of '
        "full to the first picture: the norm of the difference over that of full's answer. Runs "
        "drift apart, so that pictures alone mislead.</p>"
    )
