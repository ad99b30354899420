"""Tiny decoders (TAESD and its kin): from latents to a picture in a few small convolutions.

They come as an ``AutoencoderTiny`` folder of diffusers, or as the decoder alone in one file with
the original numbers. Both are a row of layers: a convolution, then for each size some blocks,
an upsampling and a convolution. Sizes follow from shapes; no configuration is needed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from studio.checkpoints.causes import Cause, listed
from studio.families.diffusion.components import quiet
from studio.families.diffusion.folder import tensors_of

FILE = "diffusion_pytorch_model.safetensors"
_PREFIXES = ("decoder.layers.", "taesd_decoder.", "decoder.", "layers.", "")
_LAYER = re.compile(r"(\d{1,3})\.(.+)")
_MOST_SIZES, _MOST_BLOCKS, _MOST_CHANNELS = 6, 64, 512
_LARGEST = 200_000_000  # bytes of a file
Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class TinyDecoder:
    """A decoder of scaled latents.

    Args:
        network: (1, latents, h, w) to RGB (1, 3, h * factor, w * factor) in about [-1, 1], float32.
    """

    path: Path
    network: nn.Module
    latents: int
    factor: int


@dataclass(frozen=True)
class _Row:
    """The layers: ``begin`` is the number of the first, ``blocks`` how many of each size."""

    prefix: str
    begin: int
    latents: int
    channels: int
    blocks: tuple[int, ...]


def weights_of(path: Path) -> Path:
    """The file with weights that a folder or file means.

    Raises:
        Cause: there is none.
    """
    if not path.is_dir():
        if path.suffix.lower() != ".safetensors":
            raise Cause("accepted are an AutoencoderTiny folder, and its decoder in safetensors")
        return path
    if (path / FILE).is_file():
        return path / FILE
    raise Cause(f"there is no {FILE} in it; accepted are AutoencoderTiny folders of diffusers")


def read_tiny_decoder(path: Path) -> TinyDecoder:
    """A tiny decoder from a folder or a file.

    Raises:
        Cause: it is none. OSError: it cannot be read.
    """
    from diffusers.models.autoencoders.vae import DecoderTiny
    from safetensors import safe_open

    file = weights_of(path)
    if file.stat().st_size > _LARGEST:
        raise Cause("it is far too large for a tiny decoder")
    held = {n: each.shape for n, each in tensors_of(file, file.name, hashlib.sha256()).items()}
    row = _row(held)
    with quiet(), torch.device("meta"):
        network: Any = DecoderTiny(
            in_channels=row.latents,
            out_channels=3,
            num_blocks=row.blocks,
            block_out_channels=(row.channels,) * len(row.blocks),
            upsampling_scaling_factor=2,
            act_fn="relu",
            upsample_fn="nearest",
        )
    wanted = {n: tuple(tensor.shape) for n, tensor in network.state_dict().items()}
    names = {name: _name(name, row) for name in wanted}
    if odd := [n for n, source in names.items() if held.get(source) != wanted[n]]:
        raise Cause(f"it is no tiny decoder: {listed(odd)} is missing or of another size")
    with safe_open(str(file), framework="pt", device="cpu") as stream:
        state = {n: stream.get_tensor(source).float() for n, source in names.items()}
    network.load_state_dict(state, strict=True, assign=True)
    network = network.eval().requires_grad_(False)
    return TinyDecoder(path, network, row.latents, 2 ** (len(row.blocks) - 1))


def _name(name: str, row: _Row) -> str:
    """The name in the file of a tensor ``layers.N.rest``."""
    _, number, rest = name.split(".", 2)
    return f"{row.prefix}{int(number) + row.begin}.{rest}"


def _row(held: Mapping[str, Shape]) -> _Row:
    """The layers by the names and shapes of a file.

    Raises:
        Cause: they are none.
    """
    for prefix in _PREFIXES:
        layers: dict[int, dict[str, Shape]] = {}
        for name, shape in held.items():
            match = _LAYER.fullmatch(name.removeprefix(prefix)) if name.startswith(prefix) else None
            if match is not None:
                layers.setdefault(int(match[1]), {})[match[2]] = shape
        if layers:
            return _read(prefix, layers)
    raise Cause("it is no tiny decoder: its tensors are not those of a row of layers")


def _read(prefix: str, layers: Mapping[int, Mapping[str, Shape]]) -> _Row:
    begin, last = min(layers), max(layers)
    first = layers[begin].get("weight", ())
    if len(first) != 4 or begin > 1:
        raise Cause("it is no tiny decoder: it does not begin with a convolution")
    counts, blocks = [], 0
    for number in range(begin + 1, last + 1):
        layer = layers.get(number, {})
        if "conv.0.weight" in layer:
            blocks += 1
        elif "weight" in layer:
            counts.append(blocks)
            blocks = 0
    if not 1 <= len(counts) <= _MOST_SIZES or sum(counts) > _MOST_BLOCKS or blocks:
        raise Cause("it is no tiny decoder: its layers are in another order")
    if first[0] > _MOST_CHANNELS or first[1] > _MOST_CHANNELS:
        raise Cause(f"it is no tiny decoder: its first layer is {list(first)}")
    return _Row(prefix, begin, first[1], first[0], tuple(counts))
