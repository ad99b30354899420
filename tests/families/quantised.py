"""A small generator whose pictures and ranges are as even as trained ones."""

from __future__ import annotations

from dataclasses import replace

import torch

from studio.families.model import Model
from studio.families.quantization import QuantPlan
from studio.families.stylegan.network import StyleGan2
from tests.families.small import small_config, small_model

CHANNELS = (16, 16, 16, 16, 16, 16, 16, 16)


def tame_model(channels: tuple[int, ...] = CHANNELS) -> Model:
    """Pictures within [-1, 1], styles around 1: where rounding shows as in a trained network."""
    model = small_model(small_config(channels))
    tensors = {name: tensor.clone() for name, tensor in model.network.state_dict().items()}
    for name, tensor in tensors.items():
        if name.endswith("style_weight"):
            tensor *= 0.15
        elif name.endswith("noise_strength"):
            tensor *= 0.1
        elif name.startswith("rgb") and name.endswith(".weight"):
            tensor *= 0.15
        elif name.startswith("rgb") and name.endswith(".bias"):
            tensor *= 0.1
    network = StyleGan2.from_tensors(model.info.config, tensors)
    return Model(replace(model.info, key="tame"), network, model.directions)


def convolutions(model: Model) -> tuple[str, ...]:
    """Names of all styled convolutions."""
    return tuple(layer.name for layer in model.portable().layers if layer.name.startswith("layer"))


def plan_of(model: Model, **changes: object) -> QuantPlan:
    """All styled convolutions in int8, a few calibration inputs."""
    return replace(QuantPlan(convolutions(model), samples=8), **changes)  # type: ignore[arg-type]


def with_tensors(model: Model, **changes: torch.Tensor) -> Model:
    """The model with other tensors; dots of their names as double underscores."""
    tensors = dict(model.network.state_dict())
    tensors |= {name.replace("__", "."): value for name, value in changes.items()}
    return Model(model.info, StyleGan2.from_tensors(model.info.config, tensors), model.directions)
