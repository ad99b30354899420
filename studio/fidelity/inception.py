"""The Inception network of FID (Szegedy et al. 2015, Heusel et al. 2017), with weights on disk.

The file is the network of the original FID as it was brought to PyTorch
(``pt_inception-2015-12-05`` and its twins; the tensors are named as in torchvision's
``Inception3``, with 1008 classes). Nothing is fetched. Pictures are scaled to 299 pixels bilinearly
and brought to [-1, 1], as the PyTorch versions of FID do by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.checkpoints.state_dict import read_state_dict
from studio.errors import RefusedFile

SIDE, FEATURES = 299, 2048
EPSILON = 0.001  # of its batch norms
Pair = tuple[int, int]


@dataclass(frozen=True)
class _Layer:
    """A convolution with its batch norm: sizes, kernel (down, across), stride, padding."""

    inputs: int
    outputs: int
    kernel: Pair = (1, 1)
    stride: int = 1
    padding: Pair = (0, 0)


def _square(inputs: int, outputs: int, kernel: int, stride: int = 1, padding: int = 0) -> _Layer:
    return _Layer(inputs, outputs, (kernel, kernel), stride, (padding, padding))


def _across(inputs: int, outputs: int, kernel: int) -> _Layer:
    return _Layer(inputs, outputs, (1, kernel), 1, (0, kernel // 2))


def _down(inputs: int, outputs: int, kernel: int) -> _Layer:
    return _Layer(inputs, outputs, (kernel, 1), 1, (kernel // 2, 0))


def _mixed_a(inputs: int, pool: int) -> dict[str, _Layer]:
    return {
        "branch1x1": _Layer(inputs, 64),
        "branch5x5_1": _Layer(inputs, 48),
        "branch5x5_2": _square(48, 64, 5, padding=2),
        "branch3x3dbl_1": _Layer(inputs, 64),
        "branch3x3dbl_2": _square(64, 96, 3, padding=1),
        "branch3x3dbl_3": _square(96, 96, 3, padding=1),
        "branch_pool": _Layer(inputs, pool),
    }


def _mixed_c(inner: int) -> dict[str, _Layer]:
    return {
        "branch1x1": _Layer(768, 192),
        "branch7x7_1": _Layer(768, inner),
        "branch7x7_2": _across(inner, inner, 7),
        "branch7x7_3": _down(inner, 192, 7),
        "branch7x7dbl_1": _Layer(768, inner),
        "branch7x7dbl_2": _down(inner, inner, 7),
        "branch7x7dbl_3": _across(inner, inner, 7),
        "branch7x7dbl_4": _down(inner, inner, 7),
        "branch7x7dbl_5": _across(inner, 192, 7),
        "branch_pool": _Layer(768, 192),
    }


def _mixed_e(inputs: int) -> dict[str, _Layer]:
    return {
        "branch1x1": _Layer(inputs, 320),
        "branch3x3_1": _Layer(inputs, 384),
        "branch3x3_2a": _across(384, 384, 3),
        "branch3x3_2b": _down(384, 384, 3),
        "branch3x3dbl_1": _Layer(inputs, 448),
        "branch3x3dbl_2": _square(448, 384, 3, padding=1),
        "branch3x3dbl_3a": _across(384, 384, 3),
        "branch3x3dbl_3b": _down(384, 384, 3),
        "branch_pool": _Layer(inputs, 192),
    }


STEM = {
    "Conv2d_1a_3x3": _square(3, 32, 3, stride=2),
    "Conv2d_2a_3x3": _square(32, 32, 3),
    "Conv2d_2b_3x3": _square(32, 64, 3, padding=1),
    "Conv2d_3b_1x1": _Layer(64, 80),
    "Conv2d_4a_3x3": _square(80, 192, 3),
}
BLOCKS: dict[str, dict[str, _Layer]] = {
    "Mixed_5b": _mixed_a(192, 32),
    "Mixed_5c": _mixed_a(256, 64),
    "Mixed_5d": _mixed_a(288, 64),
    "Mixed_6a": {
        "branch3x3": _square(288, 384, 3, stride=2),
        "branch3x3dbl_1": _Layer(288, 64),
        "branch3x3dbl_2": _square(64, 96, 3, padding=1),
        "branch3x3dbl_3": _square(96, 96, 3, stride=2),
    },
    "Mixed_6b": _mixed_c(128),
    "Mixed_6c": _mixed_c(160),
    "Mixed_6d": _mixed_c(160),
    "Mixed_6e": _mixed_c(192),
    "Mixed_7a": {
        "branch3x3_1": _Layer(768, 192),
        "branch3x3_2": _square(192, 320, 3, stride=2),
        "branch7x7x3_1": _Layer(768, 192),
        "branch7x7x3_2": _across(192, 192, 7),
        "branch7x7x3_3": _down(192, 192, 7),
        "branch7x7x3_4": _square(192, 192, 3, stride=2),
    },
    "Mixed_7b": _mixed_e(1280),
    "Mixed_7c": _mixed_e(2048),
}
LAYERS: dict[str, _Layer] = {
    **STEM,
    **{f"{block}.{name}": layer for block, all_ in BLOCKS.items() for name, layer in all_.items()},
}
_NORM = ("weight", "bias", "running_mean", "running_var")


class Inception:
    """The network up to its last pooling. Batch norms are folded into the convolutions."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        self._folded: dict[str, tuple[Tensor, Tensor]] = {}
        for name in LAYERS:
            scale, shift, mean, variance = (tensors[f"{name}.bn.{each}"] for each in _NORM)
            factor = scale * torch.rsqrt(variance + EPSILON)
            weight = tensors[f"{name}.conv.weight"] * factor[:, None, None, None]
            self._folded[name] = weight, shift - mean * factor

    @torch.no_grad()
    def features(self, pictures: Tensor) -> Tensor:
        """Features (n, 2048) of pictures (n, 3, h, w) in [0, 1]."""
        size = (SIDE, SIDE)
        x = F.interpolate(pictures, size=size, mode="bilinear", align_corners=False) * 2.0 - 1.0
        for name in ("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3"):
            x = self._run(x, name)
        x = F.max_pool2d(x, 3, 2)
        x = self._run(self._run(x, "Conv2d_3b_1x1"), "Conv2d_4a_3x3")
        x = F.max_pool2d(x, 3, 2)
        for block in BLOCKS:
            x = self._block(x, block)
        return x.mean(dim=(2, 3))

    def _run(self, x: Tensor, *names: str) -> Tensor:
        for name in names:
            layer, (weight, bias) = LAYERS[name], self._folded[name]
            x = F.relu(F.conv2d(x, weight, bias, layer.stride, layer.padding))
        return x

    def _block(self, x: Tensor, block: str) -> Tensor:
        def way(*branches: str) -> Tensor:
            return self._run(x, *(f"{block}.{branch}" for branch in branches))

        kind = block[:7]
        if kind == "Mixed_5":
            parts = [
                way("branch1x1"),
                way("branch5x5_1", "branch5x5_2"),
                way("branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
                self._run(_mean_of_there(x), f"{block}.branch_pool"),
            ]
        elif block == "Mixed_6a":
            parts = [
                way("branch3x3"),
                way("branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"),
                F.max_pool2d(x, 3, 2),
            ]
        elif kind == "Mixed_6":
            parts = [
                way("branch1x1"),
                way(*(f"branch7x7_{n}" for n in (1, 2, 3))),
                way(*(f"branch7x7dbl_{n}" for n in (1, 2, 3, 4, 5))),
                self._run(_mean_of_there(x), f"{block}.branch_pool"),
            ]
        elif block == "Mixed_7a":
            parts = [
                way("branch3x3_1", "branch3x3_2"),
                way(*(f"branch7x7x3_{n}" for n in (1, 2, 3, 4))),
                F.max_pool2d(x, 3, 2),
            ]
        else:
            one, two = way("branch3x3_1"), way("branch3x3dbl_1", "branch3x3dbl_2")
            # The original graph pools by the mean in the first of the two and by the largest value
            # in the last, which its port keeps.
            pooled = _mean_of_there(x) if block == "Mixed_7b" else F.max_pool2d(x, 3, 1, 1)
            parts = [
                way("branch1x1"),
                self._run(one, f"{block}.branch3x3_2a"),
                self._run(one, f"{block}.branch3x3_2b"),
                self._run(two, f"{block}.branch3x3dbl_3a"),
                self._run(two, f"{block}.branch3x3dbl_3b"),
                self._run(pooled, f"{block}.branch_pool"),
            ]
        return torch.cat(parts, dim=1)


def _mean_of_there(x: Tensor) -> Tensor:
    """The mean over 3x3 of what is inside the picture."""
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


def wanted_tensors() -> dict[str, tuple[int, ...]]:
    """Names and shapes of the tensors that a file must hold."""
    found: dict[str, tuple[int, ...]] = {}
    for name, layer in LAYERS.items():
        found[f"{name}.conv.weight"] = (layer.outputs, layer.inputs, *layer.kernel)
        found |= {f"{name}.bn.{each}": (layer.outputs,) for each in _NORM}
    return found


def load_inception(path: Path) -> Inception:
    """The network in a file of the user's.

    Raises:
        RefusedFile: the file does not hold it.
    """
    try:
        return Inception(read_state_dict(path, wanted_tensors()))
    except RefusedFile as error:
        raise RefusedFile(
            f"{str(error).rstrip('.')}; accepted for FID is its Inception network of 2015 with "
            "1008 classes, as PyTorch versions of FID publish it."
        ) from error
