"""A generator with random weights, of the size that papers and demos quote their figures for."""

from __future__ import annotations

import torch

from studio.families.info import ModelInfo
from studio.families.model import Model
from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2

CONFIG_F = StyleGanConfig(
    architecture="stylegan2",
    resolution=1024,
    z_dim=512,
    w_dim=512,
    c_dim=0,
    mapping_layers=8,
    channels=tuple(
        count for count in (512, 512, 512, 512, 512, 256, 128, 64, 32) for _ in range(2)
    ),
)


def random_model(config: StyleGanConfig) -> Model:
    """A generator with random weights and the noise of a trained one, with pictures in the usual
    range, so that PSNR means what it means of pictures."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = StyleGan2(config)
        with torch.no_grad():
            for name, tensor in network.named_parameters():
                if name.endswith("noise_strength"):
                    tensor.fill_(0.1)
                elif name.startswith("rgb") and name.endswith(".weight"):
                    tensor.mul_(0.25)
    count = sum(p.numel() for p in network.parameters())
    info = ModelInfo(
        key=f"random-{config.resolution}-{count}",
        name="random",
        title="Random weights",
        path="",
        layout="maquette",
        family="stylegan",
        config=config,
        parameters=count,
        size_bytes=4 * count,
        licence="unknown",
        source_sha256="",
    )
    return Model(info, network)
