"""The discriminator that some files carry beside the generator.

State dicts of rosinality/stylegan2-pytorch keep it as ``d``, snapshots of NVlabs/stylegan2-ada-
pytorch as ``D``. A file without one, or with one of another build, is no failure: what it lacks is
told in a few words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import psutil
import torch

from studio.checkpoints.causes import Cause
from studio.checkpoints.networks import FoundNetwork, network_of
from studio.checkpoints.reading import content_of, refusing
from studio.checkpoints.spans import Span
from studio.checkpoints.stored import Shape, StoredTensor, check_window, load

_SHARE_OF_MEMORY = 0.5
_KEYS = ("d", "D", "discriminator")
_ADA_BLOCK = re.compile(r"b(\d{1,6})\.conv0\.weight")
_MOST_BLOCKS = 10


@dataclass(frozen=True)
class FoundDiscriminator:
    """A discriminator as read from a file, or why there is none.

    Args:
        tensors: float32 under the names of ``studio.families.stylegan.discriminator``, learning-
            rate factors folded in; empty when there is none to use.
        channels: of every resolution from the full one down to 4 px.
        conv_clamp: absolute limit on activations, or None.
        words: what there is, in a few words such as "discriminator of the file, 64 px".
    """

    tensors: dict[str, torch.Tensor]
    channels: tuple[int, ...]
    conv_clamp: float | None
    words: str


@dataclass(frozen=True)
class _Part:
    """One tensor: its name in the file and here; ``scaled`` ones get their learning-rate factor."""

    source: str
    target: str
    scaled: bool = True


def open_discriminator(path: str | Path) -> FoundDiscriminator:
    """Read the discriminator of a file. Nothing in the file is run.

    Raises:
        RefusedFile: the file itself cannot be read.
    """

    def work(file: BinaryIO, size: int) -> FoundDiscriminator:
        content = content_of(Span(file, 0, size), Path(path).suffix.lower() == ".safetensors")
        stored = None
        if isinstance(content, dict):
            stored = next((content[k] for k in _KEYS if content.get(k) is not None), None)
        if stored is None:
            return _none("the file has no discriminator")
        try:
            return _read(network_of("its discriminator", stored))
        except Cause as cause:
            return _none(f"the discriminator of the file is not used: {cause}")

    return refusing(Path(path), work)


def _none(words: str) -> FoundDiscriminator:
    return FoundDiscriminator({}, (), None, words)


def _read(found: FoundNetwork) -> FoundDiscriminator:
    stored = found.tensors
    if "convs.0.0.weight" in stored:
        parts, clamp = _rosinality(stored), None
    elif any(_ADA_BLOCK.match(name) for name in stored):
        parts, clamp = _ada(stored), _clamp(found.attributes)
    else:
        raise Cause("its tensors have names that are not known here")
    missing = [p.source for p in parts if p.source not in stored]
    if missing:
        raise Cause(f"it lacks {missing[0]}")
    needed = 8 * sum(stored[p.source].count for p in parts)
    if needed > _SHARE_OF_MEMORY * psutil.virtual_memory().available:
        raise Cause("there is not enough memory for it")
    tensors = {part.target: _converted(part, stored[part.source]) for part in parts}
    channels = _channels(tensors)
    resolution = 4 << (len(channels) - 1)
    return FoundDiscriminator(
        {name.replace("head.", f"heads.{resolution}."): t for name, t in tensors.items()},
        channels,
        clamp,
        f"discriminator of the file, {resolution} px",
    )


def _converted(part: _Part, tensor: StoredTensor) -> torch.Tensor:
    check_window(part.source, tensor)
    values = torch.from_numpy(load(part.source, tensor))
    if part.scaled and values.ndim > 1:
        values = values / math.sqrt(math.prod(values.shape[1:]))
    return values


def _rosinality(stored: Mapping[str, StoredTensor]) -> list[_Part]:
    parts = _pair("convs.0.0.weight", "convs.0.1.bias", "head")
    count = _count(lambda k: f"convs.{k + 1}.conv1.0.weight" in stored)
    for k in range(count):
        block = f"convs.{k + 1}"
        parts += _pair(f"{block}.conv1.0.weight", f"{block}.conv1.1.bias", f"blocks.{k}.first")
        parts += _pair(f"{block}.conv2.1.weight", f"{block}.conv2.2.bias", f"blocks.{k}.second")
        parts.append(_Part(f"{block}.skip.1.weight", f"blocks.{k}.skip.weight"))
    return [
        *parts,
        *_pair("final_conv.0.weight", "final_conv.1.bias", "last"),
        *_pair("final_linear.0.weight", "final_linear.0.bias", "hidden"),
        *_pair("final_linear.1.weight", "final_linear.1.bias", "score"),
    ]


def _ada(stored: Mapping[str, StoredTensor]) -> list[_Part]:
    if any(name.startswith("mapping.") for name in stored):
        raise Cause("it asks for a class with every picture")
    sizes = sorted((int(m[1]) for n in stored if (m := _ADA_BLOCK.match(n))), reverse=True)
    if sizes != [4 << k for k in range(len(sizes), 0, -1)] or len(sizes) > _MOST_BLOCKS:
        raise Cause("its blocks are not those of one picture size")
    parts = _pair(f"b{sizes[0]}.fromrgb.weight", f"b{sizes[0]}.fromrgb.bias", "head")
    for k, size in enumerate(sizes):
        parts += _pair(f"b{size}.conv0.weight", f"b{size}.conv0.bias", f"blocks.{k}.first")
        parts += _pair(f"b{size}.conv1.weight", f"b{size}.conv1.bias", f"blocks.{k}.second")
        parts.append(_Part(f"b{size}.skip.weight", f"blocks.{k}.skip.weight"))
    for source, target in (("conv", "last"), ("fc", "hidden"), ("out", "score")):
        parts += _pair(f"b4.{source}.weight", f"b4.{source}.bias", target)
    return parts


def _pair(weight: str, bias: str, target: str) -> list[_Part]:
    return [_Part(weight, f"{target}.weight"), _Part(bias, f"{target}.bias", scaled=False)]


def _count(there: Callable[[int], bool]) -> int:
    count = next((k for k in range(_MOST_BLOCKS + 1) if not there(k)), _MOST_BLOCKS + 1)
    if not 1 <= count <= _MOST_BLOCKS:
        raise Cause(f"it has {count} blocks; accepted are 1 to {_MOST_BLOCKS}")
    return count


def _clamp(attributes: Mapping[str, Mapping[object, object]]) -> float | None:
    found = {v.get("conv_clamp") for p, v in attributes.items() if p.endswith((".conv0", ".conv1"))}
    if len(found) != 1:
        raise Cause("its layers clamp at different values")
    (value,) = found
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e30:
        raise Cause("its limit on activations is no positive number")
    return float(value)


def _channels(tensors: Mapping[str, torch.Tensor]) -> tuple[int, ...]:
    """Channels from full resolution down, every shape checked against them.

    Raises:
        Cause: two tensors do not fit each other.
    """
    blocks = sum(name.endswith(".first.weight") for name in tensors)
    firsts = [tensors[f"blocks.{k}.first.weight"].shape[0] for k in range(blocks)]
    c = [*firsts, tensors["last.weight"].shape[0]]
    wanted: dict[str, Shape] = {"head.weight": (c[0], 3, 1, 1), "head.bias": (c[0],)}
    for k in range(blocks):
        wanted |= {
            f"blocks.{k}.first.weight": (c[k], c[k], 3, 3),
            f"blocks.{k}.first.bias": (c[k],),
            f"blocks.{k}.second.weight": (c[k + 1], c[k], 3, 3),
            f"blocks.{k}.second.bias": (c[k + 1],),
            f"blocks.{k}.skip.weight": (c[k + 1], c[k], 1, 1),
        }
    last = c[-1]
    wanted |= {
        "last.weight": (last, last + 1, 3, 3),
        "last.bias": (last,),
        "hidden.weight": (last, 16 * last),
        "hidden.bias": (last,),
        "score.weight": (1, last),
        "score.bias": (1,),
    }
    for name, shape in wanted.items():
        if tuple(tensors[name].shape) != shape:
            raise Cause(f"its tensor {name} has the shape {list(tensors[name].shape)}")
    return tuple(c)
