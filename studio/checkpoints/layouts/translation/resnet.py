"""Residual generators: CycleGAN, pix2pix, pix2pixHD's global one, GAN Compression and its subnets.

``model.N`` counts the modules of one sequence: padding, the first convolution (1), norm, rectifier;
three modules for every further convolution; one a residual block; three for every transposed
convolution; padding and the last convolution. In a block, padding and dropout shift the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from studio.checkpoints.causes import Cause, NotSupported
from studio.checkpoints.layouts.translation.taking import (
    Found,
    Stored,
    axis,
    norm_of,
    norm_sources,
    weight,
)
from studio.checkpoints.translation_sizes import MOST_HALVINGS, Norm, Padding, ResNetSizes

_BLOCK = re.compile(r"model\.(\d{1,4})\.conv_block\.(\d{1,2})\.")
_FIRST = "model.1.weight"
_MOST_BLOCKS = 200
_FIRST_DOWN = 4  # module of the first convolution of stride 2
# Modules of the two convolutions of a block: with its padding as modules of their own or not, and
# with a place for dropout between them or not.
_SLOTS: dict[tuple[int, int], tuple[Padding, bool]] = {
    (1, 5): ("reflect", False),
    (1, 6): ("reflect", True),
    (0, 3): ("zero", False),
    (0, 4): ("zero", True),
}


@dataclass(frozen=True)
class _Places:
    """Which modules of the sequence are what."""

    down: tuple[int, ...]
    blocks: tuple[int, ...]
    up: tuple[int, ...]
    head: int
    slots: tuple[int, int]


def recognises(names: Collection[str]) -> bool:
    """Whether a state dict has residual blocks under these names."""
    return any(_BLOCK.match(name) for name in names)


def find(stored: Stored) -> Found:
    """Every size from shapes, and where each tensor is.

    Raises:
        Cause: parts are missing or fit no generator. NotSupported: a form that is not run here.
    """
    mobile = any(".conv.0." in name for name in stored if _BLOCK.match(name))
    if _FIRST not in stored:
        kind = "GAN Compression mobile ResNet" if mobile else "CycleGAN or GAN Compression ResNet"
        raise Cause(
            f"it looks like a {kind} generator (the state dict of a subnet) without its first "
            f"convolution: it lacks {_FIRST}"
        )
    if any(name.endswith(".filt") for name in stored):
        raise NotSupported(
            "it looks like a ResNet generator that blurs before it samples (CUT), which is not "
            "opened yet; accepted are those of CycleGAN and GAN Compression"
        )
    places = _places(stored)
    padding, dropout = _SLOTS[places.slots]
    sizes = _sizes(stored, places, mobile, padding)
    return Found(
        layout="gan-compression" if mobile or dropout else "cyclegan",
        sizes=sizes,
        sources=_sources(places, sizes),
    )


def _places(stored: Stored) -> _Places:
    matches = [match for name in stored if (match := _BLOCK.match(name))]
    blocks = sorted({int(match[1]) for match in matches})
    first, count = blocks[0], len(blocks)
    if count > _MOST_BLOCKS or blocks != list(range(first, first + count)):
        raise Cause(f"its {count} residual blocks do not follow one another")
    downs, rest = divmod(first - _FIRST_DOWN, 3)
    if rest or not 1 <= downs <= MOST_HALVINGS:
        raise Cause(
            f"its first residual block is module {first}; convolutions of stride 2 before it make "
            f"that 7, 10, 13 and so on up to {_FIRST_DOWN + 3 * MOST_HALVINGS}"
        )
    end = first + count
    slots = {
        int(match[2])
        for name in stored
        if (match := _BLOCK.match(name)) and len(stored[name].shape) == 4
    }
    chosen = tuple(sorted(slots))
    if len(chosen) != 2 or chosen not in _SLOTS:
        known = " or ".join(f"{a} and {b}" for a, b in _SLOTS)
        raise Cause(
            f"the convolutions of its residual blocks are modules {', '.join(map(str, chosen))}; "
            f"known are {known}"
        )
    return _Places(
        tuple(_FIRST_DOWN + 3 * i for i in range(downs)),
        tuple(blocks),
        tuple(end + 3 * i for i in range(downs)),
        end + 3 * downs + 1,
        (chosen[0], chosen[1]),
    )


def _sizes(stored: Stored, places: _Places, mobile: bool, padding: Padding) -> ResNetSizes:
    first, _ = places.slots
    pointwise = ".conv.2" if mobile else ""
    bias = "model.1.bias" in stored
    # A norm without weights leaves no trace; the projects give convolutions a bias only then.
    without: Norm = "instance" if bias else "none"
    inner: Norm = "instance"
    if mobile:
        inner = norm_of(stored, f"model.{places.blocks[0]}.conv_block.{first}.conv.1", "instance")
    head = weight(stored, f"model.{places.head}")
    if axis(stored, _FIRST, 2) != 7 or axis(stored, head, 2) != 7:
        raise NotSupported(
            f"its outer convolutions are {axis(stored, _FIRST, 2)}x{axis(stored, _FIRST, 2)}; "
            "accepted are 7x7"
        )
    return ResNetSizes(
        inputs=axis(stored, _FIRST, 1),
        outputs=axis(stored, head, 0),
        stem=axis(stored, _FIRST, 0),
        down=tuple(axis(stored, f"model.{n}.weight", 0) for n in places.down),
        blocks=tuple(
            axis(stored, f"model.{n}.conv_block.{first}{pointwise}.weight", 0)
            for n in places.blocks
        ),
        up=tuple(axis(stored, f"model.{n}.weight", 1) for n in places.up),
        norm=norm_of(stored, "model.2", without),
        bias=bias,
        separable=mobile,
        inner_norm=inner,
        padding=padding,
    )


def _sources(places: _Places, sizes: ResNetSizes) -> dict[str, str]:
    layers = {"stem": ("model.1", "model.2")}
    for kind, modules in (("down", places.down), ("up", places.up)):
        for i, module in enumerate(modules):
            layers[f"{kind}.{i}"] = (f"model.{module}", f"model.{module + 1}")
    for k, module in enumerate(places.blocks):
        for index, slot in enumerate(places.slots):
            block = f"model.{module}.conv_block"
            layers[f"blocks.{k}.{index}"] = (f"{block}.{slot}", f"{block}.{slot + 1}")
    sources: dict[str, str] = {}
    for target, (convolution, norm) in layers.items():
        sources |= norm_sources(f"{target}.norm", norm, sizes.norm)
        for part in ("weight", "bias"):
            if sizes.separable and target.startswith("blocks."):
                sources[f"{target}.depthwise.{part}"] = f"{convolution}.conv.0.{part}"
                sources[f"{target}.pointwise.{part}"] = f"{convolution}.conv.2.{part}"
                inner = f"{convolution}.conv.1"
                sources |= norm_sources(f"{target}.inner_norm", inner, sizes.inner_norm)
            else:
                sources[f"{target}.{part}"] = f"{convolution}.{part}"
    for part in ("weight", "bias"):
        sources[f"head.{part}"] = f"model.{places.head}.{part}"
    return sources
