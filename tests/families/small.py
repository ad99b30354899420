"""Small generators with random weights, for tests that need no file."""

from __future__ import annotations

from dataclasses import replace

import torch

from studio.checkpoints.factor import Factor
from studio.families.info import ModelInfo
from studio.families.model import Model
from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2


def small_config(
    channels: tuple[int, ...] = (24, 24, 24, 20, 16, 16, 12, 12),
    *,
    c_dim: int = 0,
    conv_clamp: float | None = None,
) -> StyleGanConfig:
    return StyleGanConfig(
        architecture="stylegan2-ada" if c_dim else "anycost",
        resolution=4 << (len(channels) // 2 - 1),
        z_dim=16,
        w_dim=18,
        c_dim=c_dim,
        mapping_layers=2,
        channels=channels,
        conv_clamp=conv_clamp,
    )


def small_network(config: StyleGanConfig) -> StyleGan2:
    """Random in every tensor: a forgotten bias or noise strength shows at once."""
    with torch.random.fork_rng():
        torch.manual_seed(7)
        network = StyleGan2(config)
        with torch.no_grad():
            for name, tensor in network.named_parameters():
                if name.endswith(("bias", "noise_strength")):
                    tensor.add_(0.3 * torch.randn_like(tensor))
            network.w_avg.copy_(torch.randn_like(network.w_avg))
    return network


def small_model(config: StyleGanConfig | None = None, directions: tuple[str, ...] = ()) -> Model:
    config = config or small_config()
    info = ModelInfo(
        key="small",
        name="small",
        title="Small",
        path="small.safetensors",
        layout="maquette",
        family="stylegan",
        config=config,
        parameters=1,
        size_bytes=4,
        licence="Apache-2.0",
        source_sha256="0" * 64,
        directions=directions,
        widths=(0.5, 1.0),
        resolutions=config.resolutions,
    )
    generator = torch.Generator().manual_seed(5)
    rows = torch.randn(len(directions), config.w_dim, generator=generator)
    return Model(info, small_network(config), rows)


CHAINS = (
    Factor("tucker2", (7, 5)),
    Factor("cp", (9,)),
    Factor("svd", (6,)),
    Factor("tucker2", (1, 4)),
    None,
    Factor("svd", (5,)),
    Factor("cp", (1,)),
)


def factorised_config(c_dim: int = 0, conv_clamp: float | None = None) -> StyleGanConfig:
    """Every form of chain, upsampling and not, beside one whole kernel."""
    config = small_config(c_dim=c_dim, conv_clamp=conv_clamp)
    return replace(config, factors=CHAINS, mapping_ranks=(5, 0))


def whole(model: Model) -> Model:
    """The same model with every chain put together into the matrix that it stands for."""
    network, config = model.network, model.info.config
    tensors = dict(network.state_dict())
    for k, layer in enumerate(network.view().layers):
        tensors[f"layers.{k}.weight"] = layer.kernel()
    for i in range(config.mapping_layers):
        reduce = tensors.pop(f"mapping.{i}.reduce", None)
        if reduce is not None:
            tensors[f"mapping.{i}.weight"] = tensors[f"mapping.{i}.weight"] @ reduce
    tensors = {n: t for n, t in tensors.items() if not n.endswith((".reduce", ".expand"))}
    config = replace(config, factors=(), mapping_ranks=())
    info = replace(model.info, config=config)
    return Model(info, StyleGan2.from_tensors(config, tensors), model.directions)
