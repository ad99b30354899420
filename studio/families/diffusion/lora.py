"""LoRA files, fused into the weights of a pipeline before anything else is done with it.

A LoRA adds to some weights W a product of two narrow matrices, ``W + s * alpha / rank * B A`` (Hu
et al. 2021, section 4.1). Names are those of diffusers, PEFT or kohya's scripts; diffusers
translates them. Nothing of the model it is fused into changes: what it touches is made anew.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from studio.checkpoints.causes import Cause, listed, shortened
from studio.errors import BadChoice, RefusedFile, cause_of
from studio.families.diffusion.components import UNBUILDABLE, quiet, replaced
from studio.families.diffusion.distilled import metadata_of, recognised_lora, with_distilled
from studio.families.diffusion.folder import tensors_of
from studio.families.diffusion.model import DiffusionModel
from studio.families.info import HistoryStep, model_key
from studio.families.metadata import one_line

MOST_STRENGTH = 10.0
_MIXINS = {
    "StableDiffusionPipeline": "StableDiffusionLoraLoaderMixin",
    "StableDiffusionXLPipeline": "StableDiffusionXLLoraLoaderMixin",
    "StableDiffusion3Pipeline": "SD3LoraLoaderMixin",
    "FluxPipeline": "FluxLoraLoaderMixin",
}
_DOWN, _UP = ".lora_A.weight", ".lora_B.weight"
_UNKNOWN = ("dora_scale", "lora_mid", "hada_", "lokr_", ".oft_", ".diff")


@dataclass(frozen=True, eq=False)
class Change:
    """What is added to one weight: ``scale * up @ down``."""

    down: Tensor
    up: Tensor
    scale: float

    def of(self, weight: Tensor) -> Tensor:
        """``weight`` with it, in the type of ``weight``.

        Raises:
            ValueError: the shapes do not fit.
        """
        if self.down.ndim < 2 or self.up.shape[1] != self.down.shape[0]:
            raise ValueError("its two matrices do not fit each other")
        shape = self.up.shape[0], *self.down.shape[1:]
        if math.prod(shape) != weight.numel() or shape[0] != weight.shape[0]:
            raise ValueError(
                f"it is {' x '.join(map(str, shape))} there, and the model has "
                f"{' x '.join(map(str, weight.shape))}"
            )
        product = self.up.float().flatten(1) @ self.down.float().flatten(1)
        made: Tensor = weight.float() + self.scale * product.reshape(weight.shape)
        return made.to(weight.dtype)


def with_lora(model: DiffusionModel, path: str | Path, strength: float = 1.0) -> DiffusionModel:
    """``model`` with a LoRA file fused into it. One that was trained to take steps away (LCM,
    Lightning, Hyper) brings its steps, guidance and scheduler as defaults.

    Args:
        path: a safetensors file. strength: -10 to 10; 1 is as it was trained, 0 adds nothing.

    Raises:
        RefusedFile: the file is no LoRA, or one for another base.
        BadChoice: the strength is none, or pipelines of this class have no LoRA.
    """
    if not -MOST_STRENGTH <= strength <= MOST_STRENGTH:
        raise BadChoice(
            f"a LoRA's strength of {strength:g} is not within -{MOST_STRENGTH:g} and "
            f"{MOST_STRENGTH:g}"
        )
    mixin = _MIXINS.get(model.info.config.pipeline)
    if mixin is None:
        raise BadChoice(
            f"{model.info.name} is a {model.info.config.pipeline}, which takes no LoRA; those that "
            f"do are {', '.join(_MIXINS)}"
        )
    path = Path(path)
    digest = hashlib.sha256()
    try:
        changes = _changes(model, path, mixin, digest)
        networks = {name: _fused(model, name, each, strength) for name, each in changes.items()}
    except Cause as cause:
        raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    except OSError as error:
        raise RefusedFile(f"{path} cannot be read: {cause_of(error)}") from error
    config = model.info.config
    if strength > 0:
        found = recognised_lora(path, metadata_of(path), config)
        config = with_distilled(config, found)
    step = HistoryStep("lora", f"{one_line(path.stem)} at {strength:g}")
    info = replace(
        model.info,
        config=config,
        key=model_key(model.info.key, HistoryStep("lora", f"{digest.hexdigest()} {strength!r}")),
        history=(*model.info.history, step),
    )
    return DiffusionModel(info, model.components.with_networks(networks), model.plan)


def _changes(
    model: DiffusionModel, path: Path, mixin: str, digest: Any
) -> dict[str, dict[str, Change]]:
    """By component and module: what the file adds.

    Raises:
        Cause: it is no LoRA that is understood.
    """
    if path.suffix.lower() != ".safetensors":
        raise Cause("accepted are LoRA files in safetensors")
    held = tensors_of(path, path.name, digest)
    if odd := [name for name in held if any(word in name for word in _UNKNOWN)]:
        raise Cause(f"{listed(odd, 1)} belongs to another kind of adapter; accepted are plain LoRA")
    if not any("lora" in name.lower() for name in held):
        raise Cause(f"it is no LoRA: none of its tensors is part of one ({listed(held, 2)})")
    tensors, alphas, given = _translated(model, path, mixin)
    found: dict[str, dict[str, Change]] = {}
    for name, down in tensors.items():
        if not name.endswith(_DOWN):
            if not name.endswith(_UP):
                raise Cause(f"{shortened(name)} is no part of a plain LoRA")
            continue
        module = name.removesuffix(_DOWN)
        up = tensors.get(module + _UP)
        if up is None:
            raise Cause(f"{shortened(name)} has no counterpart")
        component, _, inner = module.partition(".")
        rank = down.shape[0]
        alpha = alphas.get(module, given.get(component, {}).get(inner, rank))
        found.setdefault(component, {})[inner] = Change(down, up, float(alpha) / rank)
    return found


def _translated(
    model: DiffusionModel, path: Path, mixin: str
) -> tuple[dict[str, Tensor], Mapping[str, float], Mapping[str, Mapping[str, float]]]:
    """Tensors and alphas under the names of diffusers and PEFT, and alphas that metadata tells."""
    import diffusers.loaders as loaders
    from safetensors import safe_open

    with safe_open(str(path), framework="pt", device="cpu") as file:
        metadata = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    more = {}
    if model.info.config.kind == "unet":
        more["unet_config"] = model.running_network.config
    elif model.info.config.kind == "flux":
        more["return_alphas"] = True
    denoiser = model.info.denoiser
    base = f"it is no LoRA for a {model.info.config.pipeline}"
    try:
        with quiet():
            made = getattr(loaders, mixin).lora_state_dict(tensors, **more)
            state, alphas = made if isinstance(made, tuple) else (made, {})
            result = _renamed(state, denoiser)
            numbers = _renamed(alphas or {}, denoiser)
    except UNBUILDABLE as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise Cause(f"{base}: {why}") from error
    return (
        result,
        {_module(name): float(each) for name, each in numbers.items()},
        _told(metadata, result),
    )


def _renamed(state: Mapping[str, Any], denoiser: str) -> dict[str, Any]:
    """Names of diffusers as PEFT's, component by component."""
    from diffusers.utils import (
        convert_state_dict_to_diffusers,
        convert_state_dict_to_peft,
        convert_unet_state_dict_to_peft,
    )

    parts: dict[str, dict[str, Any]] = {}
    for name, value in state.items():
        component, _, inner = name.partition(".")
        parts.setdefault(component, {})[inner] = value
    result = {}
    for component, each in parts.items():
        if component == denoiser:
            each = convert_unet_state_dict_to_peft(each)
        else:
            each = convert_state_dict_to_peft(convert_state_dict_to_diffusers(each))
        result.update({f"{component}.{inner}": value for inner, value in each.items()})
    return result


def _module(name: str) -> str:
    """The module that an alpha is for: they are named after it, or after its first matrix."""
    for ending in (".alpha", _DOWN, ".lora.down.weight"):
        name = name.removesuffix(ending)
    return name


def _told(
    metadata: Mapping[str, str], tensors: Mapping[str, Tensor]
) -> dict[str, dict[str, float]]:
    """Alphas that PEFT has written into the metadata, by component and module."""
    try:
        said = json.loads(metadata.get("lora_adapter_metadata", "{}"))
    except (ValueError, RecursionError):
        return {}
    found: dict[str, dict[str, float]] = {}
    for name in tensors if isinstance(said, dict) else ():
        if not name.endswith(_DOWN):
            continue
        component, _, inner = name.removesuffix(_DOWN).partition(".")
        patterns = said.get(f"{component}.alpha_pattern") or {}
        alpha = said.get(f"{component}.lora_alpha")
        if isinstance(patterns, dict):
            alpha = patterns.get(inner, alpha)
        if isinstance(alpha, int | float) and not isinstance(alpha, bool):
            found.setdefault(component, {})[inner] = float(alpha)
    return found


def _fused(
    model: DiffusionModel, component: str, changes: Mapping[str, Change], strength: float
) -> nn.Module:
    """A network with what a file adds; weights that it does not touch are shared.

    Raises:
        Cause: the network has no such part, or one of another shape.
    """
    base = f"it is a LoRA for another base than {shortened(model.info.name)}"
    if component not in model.components.folder.components:
        raise Cause(f"{base}: it changes a {shortened(component)}, which there is none of")
    network = model.components.stored(component)
    modules = dict(network.named_modules())
    made: dict[str, Tensor] = {}
    for name, change in changes.items():
        place = next((each for each in _names(name) if each in modules), None)
        weight = getattr(modules.get(place or ""), "weight", None)
        if place is None or not isinstance(weight, Tensor):
            raise Cause(
                f"{base}: it changes {shortened(f'{component}.{name}')}, which is not there"
            )
        if not weight.is_floating_point():
            raise Cause(
                f"it changes {shortened(f'{component}.{name}')}, whose weights are those of a GGUF "
                f"file in {model.info.config.packed}; a LoRA is fused into safetensors only"
            )
        try:
            fitting = replace(change, scale=change.scale * strength)
            made[f"{place}.weight"] = fitting.of(weight.detach())
        except ValueError as error:
            raise Cause(f"{base}: of {shortened(f'{component}.{name}')}, {error}") from error
    if not all(bool(torch.isfinite(tensor).all()) for tensor in made.values()):
        raise Cause("it holds numbers that are none, or too large for the model's weights")
    return replaced(network, made)


def _names(name: str) -> tuple[str, ...]:
    """What a module of a text encoder may be called."""
    if name.startswith("text_model."):
        return name, name.removeprefix("text_model.")
    return name, f"text_model.{name}"
