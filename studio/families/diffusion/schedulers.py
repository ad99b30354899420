"""Schedulers by their usual names. Imports no library.

The settings are those that users of these names expect: the same that other programs give them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.families.diffusion.classes import Kind

_PLAIN = {"use_karras_sigmas": False, "use_exponential_sigmas": False, "use_beta_sigmas": False}
_KARRAS = {**_PLAIN, "use_karras_sigmas": True}
_SECOND = {"algorithm_type": "dpmsolver++", "solver_order": 2, "final_sigmas_type": "zero"}
_SDE = {**_SECOND, "algorithm_type": "sde-dpmsolver++"}
_TRAILING = {"timestep_spacing": "trailing"}


@dataclass(frozen=True)
class Scheduler:
    """What a usual name means: a class of diffusers, and settings over the model's own."""

    runs: str
    settings: Mapping[str, Any]


NOISE: Mapping[str, Scheduler] = {
    "ddim": Scheduler("DDIMScheduler", {}),
    "ddim trailing": Scheduler("DDIMScheduler", _TRAILING),
    "ddpm": Scheduler("DDPMScheduler", {}),
    "pndm": Scheduler("PNDMScheduler", {"skip_prk_steps": True}),
    "lms": Scheduler("LMSDiscreteScheduler", _PLAIN),
    "euler": Scheduler("EulerDiscreteScheduler", _PLAIN),
    "euler karras": Scheduler("EulerDiscreteScheduler", _KARRAS),
    "euler trailing": Scheduler("EulerDiscreteScheduler", {**_PLAIN, **_TRAILING}),
    "euler a": Scheduler("EulerAncestralDiscreteScheduler", {}),
    "euler a trailing": Scheduler("EulerAncestralDiscreteScheduler", _TRAILING),
    "heun": Scheduler("HeunDiscreteScheduler", _PLAIN),
    "dpm2": Scheduler("KDPM2DiscreteScheduler", _PLAIN),
    "dpm2 karras": Scheduler("KDPM2DiscreteScheduler", _KARRAS),
    "dpm2 a": Scheduler("KDPM2AncestralDiscreteScheduler", _PLAIN),
    "dpm++ 2s": Scheduler("DPMSolverSinglestepScheduler", {**_PLAIN, **_SECOND}),
    "dpm++ 2m": Scheduler("DPMSolverMultistepScheduler", {**_PLAIN, **_SECOND}),
    "dpm++ 2m karras": Scheduler("DPMSolverMultistepScheduler", {**_KARRAS, **_SECOND}),
    "dpm++ 2m sde": Scheduler("DPMSolverMultistepScheduler", {**_PLAIN, **_SDE}),
    "dpm++ 2m sde karras": Scheduler("DPMSolverMultistepScheduler", {**_KARRAS, **_SDE}),
    "unipc": Scheduler("UniPCMultistepScheduler", _PLAIN),
    "deis": Scheduler("DEISMultistepScheduler", _PLAIN),
    "lcm": Scheduler("LCMScheduler", {}),
    "tcd": Scheduler("TCDScheduler", {}),
}
"""For networks that predict the noise, or the velocity between noise and picture. Those that end in
``trailing`` space their few steps from the noisiest one on, as step-distilled networks expect (Lin
et al. 2023, "Common Diffusion Noise Schedules and Sample Steps are Flawed", section 3.3)."""

FLOW: Mapping[str, Scheduler] = {
    "euler": Scheduler("FlowMatchEulerDiscreteScheduler", {}),
    "heun": Scheduler("FlowMatchHeunDiscreteScheduler", {}),
}
"""For networks of flow matching."""

# These pipelines of diffusers do not scale what they hand to the denoiser, so only schedulers
# that need no scaling are right there.
_UNSCALED = (
    "ddim", "ddim trailing", "ddpm", "pndm", "dpm++ 2m", "dpm++ 2m karras", "unipc", "deis", "lcm",
    "tcd",
)  # fmt: skip
_SUITED: Mapping[Kind, tuple[str, ...]] = {
    "unet": tuple(NOISE),
    "pixart": tuple(NOISE),
    "dit": _UNSCALED,
    "ldm": _UNSCALED,
    "unconditional": ("ddpm", "ddim"),
    "sd3": tuple(FLOW),
    "flux": ("euler",),
}


def suited(kind: Kind) -> tuple[str, ...]:
    """Usual names of the schedulers that a denoiser of that kind can be run with."""
    return _SUITED[kind]


def scheduler_of(name: str, kind: Kind) -> Scheduler:
    """What a usual name means for a kind of denoiser; a name of :func:`suited`."""
    return (FLOW if kind in ("sd3", "flux") else NOISE)[name]


def usual_name(runs: str, config: Mapping[str, Any], kind: Kind) -> str:
    """The usual name of a scheduler as a folder configures it; its class where it has none.

    Args:
        runs: the class. config: its configuration.
    """
    table = FLOW if kind in ("sd3", "flux") else NOISE
    found = [name for name, each in table.items() if each.runs == runs]
    defaults = {"algorithm_type": "dpmsolver++", "solver_order": 2, "final_sigmas_type": "zero"}
    fitting = [
        name
        for name in found
        if all(config.get(k, defaults.get(k, False)) == v for k, v in table[name].settings.items())
    ]
    if fitting:  # the one that says most
        return max(fitting, key=lambda name: len(table[name].settings))
    return found[0] if len(found) == 1 else runs
