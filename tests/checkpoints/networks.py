"""From an opened file to a network that can be compared with the stored outputs."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import torch
from torch import Tensor

from studio.checkpoints import Checkpoint
from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2

SMALL = StyleGanConfig("stylegan2-ada", 16, 6, 8, 0, 2, (5, 6, 7, 6, 5, 4), None)
CLASSES = StyleGanConfig("stylegan2-ada", 8, 6, 8, 3, 2, (5, 6, 7, 6), 1.25)


def config_of(opened: Checkpoint) -> StyleGanConfig:
    """All sizes, read from the shapes of the tensors."""
    t = opened.tensors
    stages = sum(name.startswith("rgb.") and name.endswith(".style_bias") for name in t)
    layers = sum(name.startswith("mapping.") and name.endswith(".bias") for name in t)
    w_dim = t["w_avg"].shape[0]
    c_dim = t["label_embed.weight"].shape[1] if "label_embed.weight" in t else 0
    z_dim = t["mapping.0.weight"].shape[1] - (w_dim if c_dim else 0)
    outputs = (t[f"layers.{k}.weight"].shape[0] for k in range(2 * stages - 1))
    channels = (t["const"].shape[0], *outputs)
    return StyleGanConfig(
        opened.architecture,  # type: ignore[arg-type]
        4 << (stages - 1),
        z_dim,
        w_dim,
        c_dim,
        layers,
        channels,
        opened.conv_clamp,
    )


def network_of(opened: Checkpoint) -> StyleGan2:
    """The network with exactly the tensors of the file."""
    network = StyleGan2(config_of(opened))
    network.load_state_dict(opened.tensors)
    return network.freeze()


def random_network(config: StyleGanConfig, seed: int = 0) -> StyleGan2:
    """A network in which no tensor is zero, so that a forgotten term shows."""
    torch.manual_seed(seed)
    network = StyleGan2(config)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if name.endswith(("bias", "noise_strength", "w_avg")):
                tensor.add_(torch.randn_like(tensor) * 0.3)
    return network


def metadata_of(config: StyleGanConfig, **more: str) -> dict[str, str]:
    """The texts that a Maquette file needs."""
    return {"config": json.dumps(asdict(config)), **more}


def close(actual: Tensor, expected: np.ndarray) -> None:
    """1e-4 absolute, or 1e-5 of the largest value."""
    difference = float(np.abs(actual.numpy() - expected).max())
    assert difference <= max(1e-4, 1e-5 * float(np.abs(expected).max()))
