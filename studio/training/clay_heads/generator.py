"""The generator of clay heads: its sizes, its start, its subnets while it is trained."""

from __future__ import annotations

import torch
from torch import Tensor

from studio.families.stylegan import synthesis
from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.subnets.choice import SubnetChoice, resolve
from studio.training.clay_heads.scene import NAMES, Z_DIM

CHANNELS = (320, 320, 320, 288, 256, 192, 128, 128, 64, 64, 36, 32, 24, 24)


def config_for(resolution: int) -> StyleGanConfig:
    """The generator of clay heads at 128 or 256 pixels."""
    return StyleGanConfig(
        architecture="anycost",
        resolution=resolution,
        z_dim=Z_DIM,
        w_dim=192,
        c_dim=0,
        mapping_layers=6,
        channels=CHANNELS[: 2 * (resolution.bit_length() - 2)],
    )


CONFIG = config_for(128)
RGB_START = 0.1  # a stage that joins must not disturb what the earlier ones have learnt


def new_generator(seed: int, config: StyleGanConfig = CONFIG) -> StyleGan2:
    """An untrained generator whose mapping reads only the coordinates that mean something."""
    torch.manual_seed(seed)
    model = StyleGan2(config)
    with torch.no_grad():
        first = model.mapping[0].weight
        assert isinstance(first, Tensor)
        first[:, len(NAMES) :] = 0.0
        first *= (config.z_dim / len(NAMES)) ** 0.5
        for module in model.rgb:
            module.weight.mul_(RGB_START)  # type: ignore[operator]
    for layer in model.layers:
        layer.noise_strength.requires_grad_(False)
    first.register_hook(_known_only)  # type: ignore[no-untyped-call]
    return model


def _known_only(gradient: Tensor) -> Tensor:
    gradient = gradient.clone()
    gradient[:, len(NAMES) :] = 0.0
    return gradient


def run(model: StyleGan2, w: Tensor, ratio: float, resolution: int) -> list[Tensor]:
    """Pictures (n, 3, r, r) of every stage up to ``resolution`` from w (n, w_dim)."""
    subnet = resolve(SubnetChoice(width=ratio, resolution=resolution), model.config)
    view = model.view(subnet.channels, subnet.resolution)
    styles = w[:, None].expand(-1, model.config.style_count, -1)
    return synthesis.synthesise(view, styles, use_noise=False, every_stage=True)
