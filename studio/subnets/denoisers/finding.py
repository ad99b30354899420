"""Finding what can be narrowed and left out in a denoiser of diffusers.

Only insides of blocks are cut (Lin et al. 2021, "Anycost GANs", carried over to denoisers): what
lies on the residual trunk is read by everything behind it and stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from studio.subnets.denoisers.chains import LAST, Chain
from studio.subnets.denoisers.clones import is_hooked
from studio.subnets.denoisers.sites import Block, BlockKind, Kind, Layout, Left, Part, Site

PROCESSORS = {"AttnProcessor", "AttnProcessor2_0", "JointAttnProcessor2_0", "FluxAttnProcessor"}
GATED = {"GEGLU", "SwiGLU"}
LINK = "it is a link of a chain, whose ranks stay"
PLAIN = {"GELU", "ApproximateGELU", "LinearActivation"}


class _Kept(Exception):
    """A site that cannot be narrowed; its text is the reason."""


def find_layout(denoiser: nn.Module) -> Layout:
    """All sites and blocks of a denoiser, and what stays as it is with the reason.

    Args:
        denoiser: a UNet2DConditionModel, UNet2DModel, DiT, PixArt, SD3 or Flux transformer of
            diffusers, or any other made of the same blocks.
    """
    modules = dict(denoiser.named_modules())
    hooked = [name for name, module in modules.items() if name and is_hooked(module)]
    blocks = tuple(_blocks(denoiser, modules))
    names = [block.name for block in blocks]
    sites: list[Site] = []
    left: list[Left] = []
    for name, module in modules.items():
        for kind, finder in _FINDERS.get(type(module).__name__, ()):
            try:
                if _touches(name, hooked):
                    raise _Kept("something else runs in the place of one of its modules")
                count, size, parts = finder(name, module)
                parts = tuple(_link(part, modules[part.layer]) for part in parts)
                if count < 2:
                    raise _Kept(f"it has a single {_ONE[kind]}")
                for part in parts:
                    _check_layer(modules[part.layer])
            except _Kept as reason:
                left.append(Left(name, str(reason)))
            else:
                sites.append(Site(name, kind, count, size, parts, _around(name, names)))
    covered = {part.layer for site in sites for part in site.parts}
    left += _trunk(modules, covered, [one.name for one in left])
    return Layout(tuple(sites), blocks, tuple(left))


def _link(part: Part, layer: nn.Module) -> Part:
    """Where elements lie in a layer that is a chain: in its first or its last link."""
    if not isinstance(layer, Chain):
        return part
    return replace(part, layer=f"{part.layer}.{layer.first if part.inputs else LAST}")


_ONE = {"channels": "group of channels", "heads": "head", "units": "unit"}


def _resnet(name: str, module: Any) -> tuple[int, int, tuple[Part, ...]]:
    """Channels between conv1 and conv2 of a ResnetBlock2D, by groups of norm2."""
    if module.time_embedding_norm not in ("default", "scale_shift"):
        raise _Kept(f"its time embedding acts by {module.time_embedding_norm}")
    groups = module.norm2.num_groups
    parts = [Part(f"{name}.conv1"), Part(f"{name}.norm2"), Part(f"{name}.conv2", inputs=True)]
    if module.time_emb_proj is not None:
        runs = 2 if module.time_embedding_norm == "scale_shift" else 1
        parts.append(Part(f"{name}.time_emb_proj", runs=runs))
    return groups, module.conv1.out_channels // groups, tuple(parts)


def _attention(name: str, module: Any) -> tuple[int, int, tuple[Part, ...]]:
    """Heads of an Attention or FluxAttention, also where text and picture attend jointly."""
    processor = type(module.processor).__name__
    if processor not in PROCESSORS:
        raise _Kept(f"its attention runs by {processor}, which does not say where its heads are")
    if getattr(module, "fused_projections", False):
        raise _Kept("its projections are fused")
    if getattr(module, "inner_kv_dim", module.inner_dim) != module.inner_dim:
        raise _Kept("its keys and values have fewer heads than its queries")
    size = module.inner_dim // module.heads
    for norm in ("norm_q", "norm_k", "norm_added_q", "norm_added_k"):
        weight = getattr(getattr(module, norm, None), "weight", None)
        if weight is not None and weight.numel() != size:
            raise _Kept("its queries and keys are normalised over all heads at once")
    outputs = ["to_q", "to_k", "to_v", "add_q_proj", "add_k_proj", "add_v_proj"]
    parts = [Part(f"{name}.{each}") for each in outputs if getattr(module, each, None) is not None]
    if getattr(module, "to_out", None) is not None:
        parts.append(Part(f"{name}.to_out.0", inputs=True))
    elif module.pre_only:
        # A block of Flux that runs attention and feed-forward at once: one layer reads both.
        parts.append(Part(f"{name.rpartition('.')[0]}.proj_out", inputs=True))
    else:
        raise _Kept("nothing is known to read its heads")
    if getattr(module, "to_add_out", None) is not None:
        parts.append(Part(f"{name}.to_add_out", inputs=True))
    return module.heads, size, tuple(parts)


def _feed_forward(name: str, module: Any) -> tuple[int, int, tuple[Part, ...]]:
    """Hidden units of a FeedForward; of a gated one each with its gate."""
    first = type(module.net[0]).__name__
    if first not in GATED | PLAIN:
        raise _Kept(f"nothing is known of its activation {first}")
    runs = 2 if first in GATED else 1
    count = module.net[2].in_features
    return count, 1, (Part(f"{name}.net.0.proj", runs=runs), Part(f"{name}.net.2", inputs=True))


def _flux_single(name: str, module: Any) -> tuple[int, int, tuple[Part, ...]]:
    """Hidden units of a FluxSingleTransformerBlock, which lie behind its heads."""
    count = module.proj_mlp.out_features
    offset = module.proj_out.in_features - count
    parts = (Part(f"{name}.proj_mlp"), Part(f"{name}.proj_out", inputs=True, offset=offset))
    return count, 1, parts


_FINDERS: dict[str, tuple[tuple[Kind, Any], ...]] = {
    "ResnetBlock2D": (("channels", _resnet),),
    "Attention": (("heads", _attention),),
    "FluxAttention": (("heads", _attention),),
    "FeedForward": (("units", _feed_forward),),
    "FluxSingleTransformerBlock": (("units", _flux_single),),
}


def _check_layer(layer: nn.Module) -> None:
    """Whether slices of a layer's weights are plain views.

    Raises:
        _Kept: they are not.
    """
    if type(layer) not in (nn.Linear, nn.Conv2d, nn.GroupNorm):
        raise _Kept(f"one of its layers is a {type(layer).__name__}, not a plain one")
    if isinstance(layer, nn.Conv2d) and layer.groups != 1:
        raise _Kept("one of its convolutions has groups")
    for tensor in layer.parameters():
        plain = type(tensor) is nn.Parameter and type(tensor.data) is torch.Tensor
        if not plain or not tensor.is_floating_point():
            raise _Kept("its weights are stored quantised")


def _blocks(denoiser: nn.Module, modules: dict[str, nn.Module]) -> Iterator[Block]:
    """Blocks whose input and output agree, outermost first; what is inside one is not listed."""
    # The last layers of a DiT read the embedding inside its first block.
    pinned = "transformer_blocks.0" if "DiT" in type(denoiser).__name__ else None
    found: list[str] = []
    hooked = [name for name, module in modules.items() if name and is_hooked(module)]
    for name, module in modules.items():
        kind = _block_kind(module)
        if kind is None or name == pinned or _around(name, found) or _touches(name, hooked):
            continue
        found.append(name)
        yield Block(name, kind)


def _block_kind(given: nn.Module) -> BlockKind | None:
    module: Any = given
    name = type(module).__name__
    if name == "ResnetBlock2D":
        same = module.conv_shortcut is None and module.upsample is None
        return "resnet" if same and module.downsample is None else None
    if name == "Transformer2DModel":
        single = module.is_input_continuous and len(module.transformer_blocks) == 1
        return "transformer2d" if single else None
    if name == "Attention":
        return "attention" if module.residual_connection else None
    if name == "BasicTransformerBlock":
        return "basic"
    joint = ("JointTransformerBlock", "FluxTransformerBlock", "FluxSingleTransformerBlock")
    return "joint" if name in joint else None


def _around(name: str, names: list[str]) -> str:
    """The module of ``names`` that is or holds the one called ``name``; empty for none."""
    return next((n for n in names if name == n or name.startswith(f"{n}.")), "")


def _touches(name: str, hooked: list[str]) -> bool:
    """Whether a module holds, is or is inside one that runs by other means."""
    return any(h == name or h.startswith(f"{name}.") or name.startswith(f"{h}.") for h in hooked)


def _trunk(
    modules: dict[str, nn.Module], covered: set[str], explained: list[str]
) -> Iterator[Left]:
    """Layers with weights that belong to no site and have no reason yet."""
    for name, module in modules.items():
        weights = [tensor for tensor in module._parameters.values() if tensor is not None]
        if weights and name not in covered and not _around(name, explained):
            linked = isinstance(modules.get(name.rpartition(".")[0]), Chain)
            yield Left(
                name, LINK if linked else "it belongs to the residual trunk or to an embedding"
            )
