"""Two forms of a denoiser that share what one of them remembers.

U-Nets follow Ma et al. 2023, "DeepCache: Accelerating Diffusion Models for Free", section 3.2: the
features that come up from the deep into one layer of the way up change little from step to step, so
they are kept and only what lies outside of that layer is computed. Transformers keep what a span of
their blocks has added. Both are made by putting other modules into the places of some: the
``forward`` that runs is always diffusers' own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.subnets.denoisers.clones import replaced
from studio.subnets.denoisers.layers import Skipped

Module = TypeVar("Module", bound=nn.Module)
DOWN = {"DownBlock2D", "CrossAttnDownBlock2D", "AttnDownBlock2D", "ResnetDownsampleBlock2D"}
UP = {"UpBlock2D", "CrossAttnUpBlock2D", "AttnUpBlock2D", "ResnetUpsampleBlock2D"}
SPANS = ("transformer_blocks", "single_transformer_blocks")


class Memory:
    """What the form that computes everything leaves for the other, apart for each ``key``."""

    def __init__(self) -> None:
        self.key: object = None
        self.kept: dict[object, Any] = {}

    def put(self, value: Any) -> None:
        """Keep something under the present key."""
        self.kept[self.key] = value

    def get(self) -> Any:
        """What is kept under the present key."""
        return self.kept[self.key]

    @property
    def known(self) -> bool:
        """Whether something is kept under the present key."""
        return self.key in self.kept

    def clear(self) -> None:
        """Forget everything, as a new run begins."""
        self.kept.clear()


@dataclass(frozen=True)
class Split(Generic[Module]):
    """Forms of one denoiser.

    Args:
        whole: computes everything, bit for bit as the denoiser does, and remembers.
        part: computes the outside and takes the rest from ``memory``.
    """

    whole: Module
    part: Module
    memory: Memory


def branches(denoiser: nn.Module) -> int:
    """How many branches there are to choose from; 0 where features cannot be used again."""
    if hasattr(denoiser, "down_blocks"):
        # Without a middle nothing is left out where the whole way down is computed.
        own = len(_downs(denoiser)) - (getattr(denoiser, "mid_block", None) is None)
        return own if _reason(denoiser) is None else 0
    return max(len(_spans(denoiser)) - 1, 0)


def split(denoiser: Module, branch: int, memory: Memory | None = None) -> Split[Module]:
    """The forms of a denoiser, whole or a view, for one branch; ``Reuse`` says what it means.

    Raises:
        BadChoice: the denoiser has no such branch, or is made in a way that has none.
    """
    there = branches(denoiser)
    if not 0 <= branch < there:
        reason = _reason(denoiser) if hasattr(denoiser, "down_blocks") else None
        raise BadChoice(reason or f"branch {branch} is not within 0 and {there - 1}")
    memory = memory or Memory()
    if hasattr(denoiser, "down_blocks"):
        whole, part = _unet(denoiser, branch, memory)
    else:
        whole, part = _transformer(denoiser, branch, memory)
    return Split(replaced(denoiser, whole), replaced(denoiser, part), memory)


# --- U-Nets ---------------------------------------------------------------------------------------


class Empty(nn.Module):
    """A layer of the way down, or the middle, that nobody will read: its output is empty."""

    def forward(self, hidden_states: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        """(b, c, h, w) to (b, 0, h, w)."""
        return hidden_states[:, :0]


class Remembering(nn.Module):
    """A layer of the way up that keeps what came up to it from the deep.

    Args:
        resnet: the layer. deep: channels of its input that come from the deep; those of the skip
            connection follow.
    """

    def __init__(self, resnet: nn.Module, deep: int, memory: Memory) -> None:
        super().__init__()
        self.resnet = resnet
        self.deep = deep
        self.memory = memory

    def forward(self, hidden_states: Tensor, *args: Any, **kwargs: Any) -> Any:
        """As the layer does."""
        self.memory.put(hidden_states[:, : self.deep])
        return self.resnet(hidden_states, *args, **kwargs)


class Recalling(Remembering):
    """The same layer where only its skip connection is computed."""

    def forward(self, hidden_states: Tensor, *args: Any, **kwargs: Any) -> Any:
        """As the layer does, on what is kept and the skip connection alone."""
        return self.resnet(torch.cat([self.memory.get(), hidden_states], 1), *args, **kwargs)


def _reason(denoiser: nn.Module) -> str | None:
    """Why a U-Net has no branches, as a sentence; None where it has."""
    unet: Any = denoiser
    for blocks, known in ((unet.down_blocks, DOWN), (unet.up_blocks, UP)):
        for block in blocks:
            if type(block).__name__ not in known:
                return f"features of a {type(block).__name__} cannot be used again"
    if len(_downs(denoiser)) != len(_ups(denoiser)):
        return "this U-Net's skip connections do not pair with its layers"
    return None


def _downs(denoiser: nn.Module) -> list[tuple[str, ...]]:
    """For each skip connection from the outside in, the modules that make it after the one before;
    the first is the network's first convolution."""
    unet: Any = denoiser
    made: list[tuple[str, ...]] = [("conv_in",)]
    for number, block in enumerate(unet.down_blocks):
        path = f"down_blocks.{number}"
        for layer in range(len(block.resnets)):
            made.append((f"{path}.resnets.{layer}", *_attention(block, path, layer)))
        if block.downsamplers is not None:
            made.append(tuple(f"{path}.downsamplers.{n}" for n in range(len(block.downsamplers))))
    return made


def _ups(denoiser: nn.Module) -> list[tuple[str, ...]]:
    """The layers of the way up in their order, each a resnet and what follows it."""
    unet: Any = denoiser
    made: list[tuple[str, ...]] = []
    for number, block in enumerate(unet.up_blocks):
        path = f"up_blocks.{number}"
        for layer in range(len(block.resnets)):
            own = [f"{path}.resnets.{layer}", *_attention(block, path, layer)]
            if layer == len(block.resnets) - 1 and block.upsamplers is not None:
                own += [f"{path}.upsamplers.{n}" for n in range(len(block.upsamplers))]
            made.append(tuple(own))
    return made


def _attention(block: Any, path: str, layer: int) -> tuple[str, ...]:
    return (f"{path}.attentions.{layer}",) if hasattr(block, "attentions") else ()


def _unet(
    denoiser: nn.Module, branch: int, memory: Memory
) -> tuple[dict[str, nn.Module], dict[str, nn.Module]]:
    """Changes that make the two forms of a U-Net."""
    ups = _ups(denoiser)
    place = len(ups) - 1 - branch
    reader, *_ = ups[place]
    resnet: Any = denoiser.get_submodule(reader)
    # Skip connections come behind what comes from the deep in a layer's input.
    deep = resnet.in_channels - _channels(denoiser, _downs(denoiser)[branch][0])
    whole: dict[str, nn.Module] = {reader: Remembering(resnet, deep, memory)}
    part: dict[str, nn.Module] = {reader: Recalling(resnet, deep, memory)}
    for first, *others in _downs(denoiser)[branch + 1 :]:
        part[first] = Empty()
        part |= {path: _through(denoiser, path) for path in others}
    for layer in ups[:place]:
        part |= {path: _through(denoiser, path) for path in layer}
    if getattr(denoiser, "mid_block", None) is not None:
        part["mid_block"] = Empty()
    return whole, part


def _channels(denoiser: nn.Module, path: str) -> int:
    """Channels that a layer of the way down gives."""
    layer: Any = denoiser.get_submodule(path)
    return int(layer.out_channels)


def _through(denoiser: nn.Module, path: str) -> nn.Module:
    """What hands on its input in the place of a module."""
    name = type(denoiser.get_submodule(path)).__name__
    gives_tuple = name in ("Transformer2DModel", "DualTransformer2DModel") or (
        name == "Skipped" and denoiser.get_submodule(path).kind == "transformer2d"
    )
    return Skipped("transformer2d" if gives_tuple else "resnet")


# --- transformers ---------------------------------------------------------------------------------


class SpanStart(nn.Module):
    """The first block of a span: its input is noted."""

    def __init__(self, block: nn.Module, memory: Memory) -> None:
        super().__init__()
        self.block = block
        self.memory = memory

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """As the block does."""
        self.memory.put(_streams(args, kwargs))
        return self.block(*args, **kwargs)


class SpanEnd(nn.Module):
    """The last block of a span: what the span has added is kept in place of its input."""

    def __init__(self, block: nn.Module, memory: Memory) -> None:
        super().__init__()
        self.block = block
        self.memory = memory

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """As the block does."""
        before = self.memory.get()
        made = self.block(*args, **kwargs)
        text, picture = made if isinstance(made, tuple) else (None, made)
        added = None if text is None else text - before[1]
        self.memory.put((picture - before[0], added))
        return made


class Adding(nn.Module):
    """A span that adds what it added before."""

    context_pre_only = False

    def __init__(self, joint: bool, memory: Memory) -> None:
        super().__init__()
        self.joint = joint
        self.memory = memory

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """The streams with the addition, in the form in which the blocks give them."""
        picture, text = _streams(args, kwargs)
        added, to_text = self.memory.get()
        if not self.joint:
            return picture + added
        return (None if to_text is None else text + to_text), picture + added


def _streams(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Tensor, Any]:
    """The tokens of the picture and of the text that a block takes."""
    picture = kwargs["hidden_states"] if "hidden_states" in kwargs else args[0]
    return picture, kwargs.get("encoder_hidden_states")


def _spans(denoiser: nn.Module) -> list[str]:
    """Paths of all blocks of a transformer in their order."""
    return [
        f"{name}.{place}"
        for name in SPANS
        if hasattr(denoiser, name)
        for place in range(len(getattr(denoiser, name)))
    ]


def _transformer(
    denoiser: nn.Module, branch: int, memory: Memory
) -> tuple[dict[str, nn.Module], dict[str, nn.Module]]:
    """Changes that make the two forms of a transformer, whose outer blocks are always computed."""
    paths = _spans(denoiser)
    before, after = (branch + 2) // 2, (branch + 1) // 2
    span = paths[before : len(paths) - after]
    block = denoiser.get_submodule
    name = type(block(span[0])).__name__
    joint = name != "BasicTransformerBlock" and not (
        name == "Skipped" and getattr(block(span[0]), "kind", "") == "basic"
    )
    if len(span) == 1:
        both = SpanStart(SpanEnd(block(span[0]), memory), memory)
        return {span[0]: both}, {span[0]: Adding(joint, memory)}
    whole: dict[str, nn.Module] = {
        span[0]: SpanStart(block(span[0]), memory),
        span[-1]: SpanEnd(block(span[-1]), memory),
    }
    part: dict[str, nn.Module] = {path: Skipped("joint" if joint else "basic") for path in span}
    part[span[0]] = Adding(joint, memory)
    return whole, part
