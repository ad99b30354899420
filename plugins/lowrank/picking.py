"""The layers of a denoiser that may become chains, and why the others stay whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from plugins.lowrank.observing import moment_size
from plugins.lowrank.params import LowRankParams
from studio.recipes.contract import LayerReport
from studio.subnets.denoisers.chains import Chain

FLOAT = 4  # bytes
AT_ONCE = 2**27  # numbers of second moments that are held at a time: 1 GB
BLOCKS = (
    "down_blocks",
    "mid_block",
    "up_blocks",
    "transformer_blocks",
    "single_transformer_blocks",
)
ENDS = "it reads or writes the latents, or embeds what the denoiser is given"


@dataclass(frozen=True)
class Pick:
    """One that may become a chain; ``number`` of it gives it a seed of its own."""

    name: str
    module: Any
    number: int

    @property
    def weight(self) -> Tensor:
        """As a matrix or a kernel, float64."""
        weight: Tensor = self.module.weight.detach().double()
        return weight[:, :, 0, 0] if weight.ndim == 4 and weight[0, 0].numel() == 1 else weight

    @property
    def shape(self) -> tuple[int, int, int]:
        """(o, i, taps)."""
        o, i, *kernel = self.module.weight.shape
        return o, i, kernel[0] * kernel[1] if kernel else 1


def picked(network: nn.Module, params: LowRankParams) -> tuple[list[Pick], dict[str, LayerReport]]:
    """The layers that may become chains, and a row for every layer; theirs is yet to be filled."""
    modules = dict(network.named_modules())
    found: list[Pick] = []
    rows: dict[str, LayerReport] = {}
    for name, module in modules.items():
        inside = isinstance(modules.get(name.rpartition(".")[0]), Chain)
        if inside or not isinstance(module, Chain | nn.Linear | nn.Conv2d):
            continue
        why = _whole(name, module, modules, params)
        size = FLOAT * sum(
            each.numel() for n, each in module.named_parameters() if n.endswith("weight")
        )
        rows[name] = LayerReport(name, why, "", size, size)
        if not why:
            found.append(Pick(name, module, len(rows)))
    return found, rows


def _whole(name: str, module: Any, modules: Mapping[str, nn.Module], params: LowRankParams) -> str:
    """Why a layer is left whole; empty when it is not."""
    if isinstance(module, Chain):
        return "it is a chain already"
    if name.partition(".")[0] not in BLOCKS:
        return ENDS
    part = _part(name, module, modules)
    if not getattr(params, part):
        return f"{part.replace('_', '-')} was left out"
    if type(module) not in (nn.Linear, nn.Conv2d) or not module.weight.is_floating_point():
        return "it is no plain layer"
    if isinstance(module, nn.Conv2d):
        if module.groups > 1:
            return "it has groups"
        if tuple(module.kernel_size) not in ((1, 1), (3, 3)):
            size = " x ".join(map(str, module.kernel_size))
            return f"its kernel is {size}; those of 3 x 3 and 1 x 1 become chains"
    if module.weight.numel() < params.least_weights:
        return f"it has {module.weight.numel()} weights, fewer than {params.least_weights}"
    return ""


def _part(name: str, module: nn.Module, modules: Mapping[str, nn.Module]) -> str:
    """Which of the kinds that can be chosen a layer of a block is of."""
    path = name.split(".")
    around = {type(modules[".".join(path[:n])]).__name__ for n in range(1, len(path))}
    if around & {"Attention", "FluxAttention"}:
        return "attention"
    if "FeedForward" in around or path[-1] == "proj_mlp":
        return "feed_forward"
    if any("norm" in each or "emb" in each for each in path):
        return "modulation"
    if "FluxSingleTransformerBlock" in around:
        return "feed_forward"
    # What stands around the attention of a U-Net, a linear layer or a 1x1 convolution.
    if path[-1] in ("proj_in", "proj_out"):
        return "attention"
    return "convolutions" if isinstance(module, nn.Conv2d) else "modulation"


def all_kernels(layers: Sequence[Pick]) -> bool:
    return all(layer.shape[2] > 1 for layer in layers)


def in_parts(layers: Sequence[Pick]) -> Iterator[list[Pick]]:
    """The layers in parts whose second moments memory holds at a time."""
    group: list[Pick] = []
    size = 0
    for layer in layers:
        own = moment_size(layer.module.weight)
        if group and size + own > AT_ONCE:
            yield group
            group, size = [], 0
        group.append(layer)
        size += own
    yield group
