"""The samplers that a bundle's ``run.py`` has, with the settings of a pipeline's own scheduler."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from studio.bundles.manifest import Sampler
from studio.errors import BadChoice
from studio.families.diffusion.components import quiet
from studio.families.diffusion.sampling import made_pipeline

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel

_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "unet": ("ddim", "dpm++ 2m", "dpm++ 2m karras", "euler"),
    "pixart": ("ddim", "dpm++ 2m", "dpm++ 2m karras", "euler"),
    "dit": ("ddim", "dpm++ 2m", "dpm++ 2m karras"),
    "ldm": ("ddim", "dpm++ 2m", "dpm++ 2m karras"),
    "unconditional": ("ddpm", "ddim"),
    "sd3": ("euler",),
    "flux": ("euler",),
}
_KINDS = {"dpm++ 2m": "dpm", "dpm++ 2m karras": "dpm"}
_SETTINGS = {
    "dpm": ("use_karras_sigmas",),
    "ddim": ("set_alpha_to_one", "clip_sample", "clip_sample_range"),
    "ddpm": ("variance_type", "clip_sample", "clip_sample_range"),
    "euler": (),
}
_NOISE = (
    "num_train_timesteps",
    "beta_start",
    "beta_end",
    "beta_schedule",
    "timestep_spacing",
    "steps_offset",
    "prediction_type",
)
_FLOW = (
    "num_train_timesteps",
    "shift",
    "use_dynamic_shifting",
    "time_shift_type",
    "base_shift",
    "max_shift",
    "base_image_seq_len",
    "max_image_seq_len",
)
# What no sampler here does; a scheduler that asks for one is none of these.
_UNKNOWN = (
    "trained_betas",
    "rescale_betas_zero_snr",
    "thresholding",
    "shift_terminal",
    "use_exponential_sigmas",
    "use_beta_sigmas",
    "invert_sigmas",
    "stochastic_sampling",
    "sigma_min",
    "sigma_max",
)
_KNOWN = {
    "beta_schedule": ("linear", "scaled_linear", "squaredcos_cap_v2"),
    "timestep_spacing": ("leading", "trailing", "linspace"),
    "prediction_type": ("epsilon", "v_prediction", "sample"),
    "interpolation_type": ("linear",),
    "timestep_type": ("discrete",),
    "final_sigmas_type": ("zero",),
    "algorithm_type": ("dpmsolver++",),
    "solver_order": (2,),
    "solver_type": ("midpoint",),
    "use_lu_lambdas": (False,),
    "use_flow_sigmas": (False,),
    "lambda_min_clipped": (-math.inf,),
}
_FEW = ("LCMScheduler", "TCDScheduler")


def samplers_of(model: DiffusionModel) -> tuple[dict[str, Sampler], str]:
    """The samplers by usual name, and the usual one.

    Raises:
        BadChoice: none fits the pipeline's own scheduler.
    """
    config, own = model.info.config, model.components.folder.scheduler
    if own.runs in _FEW:
        raise BadChoice(
            f"a pipeline of few steps ({own.runs}) cannot be exported so far: run.py has no "
            "sampler that draws in as few"
        )
    found, whys = {}, []
    for name in _OF_KIND[config.kind]:
        wanted = model.settled(replace(model.own_inputs(1)[0], scheduler=name))
        with quiet():  # the pipeline sets right what old schedulers say of themselves
            made = made_pipeline(model, wanted).scheduler
        # A scheduler also keeps what only others of its kind read.
        takes = inspect.signature(type(made).__init__).parameters
        values = {key: value for key, value in made.config.items() if key in takes}
        kind = "flow" if config.flow else _KINDS.get(name, name)
        if why := _unfit(kind, values):
            whys.append(why)
            continue
        read = _FLOW if config.flow else (*_NOISE, *_SETTINGS[kind])
        kept: dict[str, Any] = {key: values[key] for key in read}
        if config.flow:
            kept["from_one"] = config.kind == "flux"
        found[name] = Sampler.model_validate({"kind": kind, "settings": kept})
    if not found:
        raise BadChoice(
            f"a pipeline whose {own.runs} has {whys[0]} cannot be exported so far: no sampler of "
            "run.py does that"
        )
    usual = config.scheduler if config.scheduler in found else _nearest(own.runs, found)
    return found, usual


def _unfit(kind: str, values: Mapping[str, Any]) -> str:
    """The first setting that a sampler here has not; empty for none."""
    if kind != "dpm" and values.get("use_karras_sigmas"):
        return "the setting use_karras_sigmas"
    if kind == "euler" and values.get("prediction_type") == "sample":
        return "prediction_type sample"
    variance = values.get("variance_type")
    if kind == "ddpm" and variance not in ("fixed_small", "fixed_small_log", "fixed_large"):
        return f"variance_type {variance}"
    for key in _UNKNOWN:
        if values.get(key):
            return f"the setting {key}"
    for key, known in _KNOWN.items():
        if key in values and values[key] not in known:
            return f"{key} {values[key]}"
    return ""


def _nearest(runs: str, found: Mapping[str, Sampler]) -> str:
    """The sampler that stands in for a scheduler that is not there."""
    alike = "euler" if runs.startswith(("Euler", "Heun", "LMS", "KDPM2")) else "ddim"
    alike = "dpm++ 2m" if runs.startswith(("DPMSolver", "DEIS", "UniPC")) else alike
    return alike if alike in found else next(iter(found))
