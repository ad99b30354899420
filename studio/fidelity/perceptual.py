"""LPIPS (Zhang et al. 2018), with a network that the user has on disk. Nothing is fetched.

The convolutions are AlexNet's or VGG16's as torchvision publishes them, or those of a whole LPIPS
network. The linear heads of version 0.1 come out of the whole network, else out of torchmetrics,
which is installed with Maquette and carries them (a few kilobytes).
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.checkpoints.state_dict import names_in, read_state_dict
from studio.errors import BadChoice, RefusedFile
from studio.fidelity.metrics import Pixels

SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
"""What the network expects of pictures in [-1, 1]: (x - shift) / scale."""
TINY = 1e-10
LEAST = 32  # pixels; below, nothing is left after the last pooling


@dataclass(frozen=True)
class _Convolution:
    """Number in torchvision's list, inputs, outputs, kernel, stride, padding, slice of LPIPS (from
    1), and the size of the pooling before it with its stride 2; 0 for none."""

    number: int
    inputs: int
    outputs: int
    kernel: int
    stride: int
    padding: int
    slice: int
    pool: int = 0


ALEX = (
    _Convolution(0, 3, 64, 11, 4, 2, 1),
    _Convolution(3, 64, 192, 5, 1, 2, 2, 3),
    _Convolution(6, 192, 384, 3, 1, 1, 3, 3),
    _Convolution(8, 384, 256, 3, 1, 1, 4),
    _Convolution(10, 256, 256, 3, 1, 1, 5),
)
VGG = tuple(
    _Convolution(number, inputs, outputs, 3, 1, 1, stage, pool)
    for number, inputs, outputs, stage, pool in (
        (0, 3, 64, 1, 0), (2, 64, 64, 1, 0),
        (5, 64, 128, 2, 2), (7, 128, 128, 2, 0),
        (10, 128, 256, 3, 2), (12, 256, 256, 3, 0), (14, 256, 256, 3, 0),
        (17, 256, 512, 4, 2), (19, 512, 512, 4, 0), (21, 512, 512, 4, 0),
        (24, 512, 512, 5, 2), (26, 512, 512, 5, 0), (28, 512, 512, 5, 0),
    )
)  # fmt: skip
NETWORKS = {"alex": ALEX, "vgg": VGG}


@dataclass(frozen=True)
class Perceptual:
    """A network and its heads: weight and bias of each convolution, and a head (c,) per slice."""

    name: str
    weights: tuple[tuple[Tensor, Tensor], ...]
    heads: tuple[Tensor, ...]

    def distance(self, reference: Pixels, candidate: Pixels) -> float:
        """LPIPS of two 8-bit RGB pictures (h, w, 3) of one size; 0 for equal ones.

        Raises:
            BadChoice: they have fewer than 32 pixels a side.
        """
        if min(reference.shape[:2]) < LEAST:
            raise BadChoice(
                f"LPIPS needs pictures of {LEAST} pixels or more; these have "
                f"{min(reference.shape[:2])}"
            )
        return float(self.apart(_tensor(reference), _tensor(candidate))[0])

    @torch.no_grad()
    def apart(self, a: Tensor, b: Tensor) -> Tensor:
        """LPIPS of pictures (n, 3, h, w) in [-1, 1], (n,).

        Section 3.1: features of every slice are brought to unit length across channels; squared
        differences are weighted by the head, averaged over places and added up.
        """
        total = torch.zeros(len(a))
        for one, two, head in zip(self._slices(a), self._slices(b), self.heads, strict=True):
            squares = (_unit(one) - _unit(two)).square()
            total += (squares * head[:, None, None]).sum(dim=1).mean(dim=(1, 2))
        return total

    def _slices(self, x: Tensor) -> list[Tensor]:
        x = (x - torch.tensor(SHIFT)[:, None, None]) / torch.tensor(SCALE)[:, None, None]
        ends: dict[int, Tensor] = {}
        for layer, (weight, bias) in zip(NETWORKS[self.name], self.weights, strict=True):
            if layer.pool:
                x = F.max_pool2d(x, layer.pool, 2)
            x = F.relu(F.conv2d(x, weight, bias, layer.stride, layer.padding))
            ends[layer.slice] = x
        return list(ends.values())


def load_perceptual(path: Path) -> Perceptual:
    """The network in a file of the user's.

    Raises:
        RefusedFile: the file holds none of those that are accepted.
    """
    names = names_in(path)
    for name, layers in NETWORKS.items():
        first = names.get("features.0.weight", names.get("net.slice1.0.weight"))
        if first == (layers[0].outputs, 3, layers[0].kernel, layers[0].kernel):
            whole = "net.slice1.0.weight" in names
            return _loaded(path, name, whole=whole)
    raise RefusedFile(
        f"{path.name} cannot be used for LPIPS: accepted are the weights of AlexNet or VGG16 as "
        "torchvision publishes them, and those of a whole LPIPS network of either."
    )


def _loaded(path: Path, name: str, *, whole: bool) -> Perceptual:
    layers = NETWORKS[name]
    starts = [
        f"net.slice{layer.slice}.{layer.number}" if whole else f"features.{layer.number}"
        for layer in layers
    ]
    shapes: dict[str, tuple[int, ...]] = {}
    for start, layer in zip(starts, layers, strict=True):
        shapes[f"{start}.weight"] = (layer.outputs, layer.inputs, layer.kernel, layer.kernel)
        shapes[f"{start}.bias"] = (layer.outputs,)
    ends = {layer.slice: layer.outputs for layer in layers}
    heads = {f"lin{n}.model.1.weight": (1, c, 1, 1) for n, c in enumerate(ends.values())}
    found = read_state_dict(path, {**shapes, **(heads if whole else {})})
    if not whole:
        found |= read_state_dict(_heads_file(name), heads)
    return Perceptual(
        name,
        tuple((found[f"{start}.weight"], found[f"{start}.bias"]) for start in starts),
        tuple(found[head].flatten() for head in heads),
    )


def _heads_file(name: str) -> Path:
    """Where torchmetrics keeps the heads of a network. Imports nothing of it."""
    spec = importlib.util.find_spec("torchmetrics")
    if spec is None or spec.origin is None:
        raise RefusedFile("the heads of LPIPS come with torchmetrics, which is not installed")
    folder = Path(spec.origin).parent / "functional" / "image" / "lpips_models"
    return folder / f"{name}.pth"


def _unit(features: Tensor) -> Tensor:
    return features / (features.square().sum(dim=1, keepdim=True).sqrt() + TINY)


def _tensor(picture: Pixels) -> Tensor:
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1.0
