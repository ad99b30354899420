"""Maquette's own tensor names, and the sizes of a network from the shapes of its tensors.

The names are those of ``studio.families.stylegan.network.StyleGan2``; this folder comes before
``families`` and so states them once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from studio.checkpoints.causes import Cause
from studio.checkpoints.factor import NO_CHAINS, Chains, Factor
from studio.checkpoints.stored import Shape

MAX_STAGES = 11
MAX_MAPPING_LAYERS = 64
_MODULATED = ("weight", "style_weight", "style_bias", "bias")


@dataclass(frozen=True)
class Sizes:
    """Every size of a generator; see ``StyleGanConfig`` for the meaning of each."""

    z_dim: int
    w_dim: int
    c_dim: int
    mapping_layers: int
    channels: tuple[int, ...]
    chains: Chains = NO_CHAINS

    @property
    def stages(self) -> int:
        """Number of resolutions, from 4 px up."""
        return len(self.channels) // 2

    @property
    def resolution(self) -> int:
        """Height and width of the full picture in pixels."""
        return 4 << (self.stages - 1)

    def shapes(self) -> dict[str, Shape]:
        """Name and shape of every tensor of the network."""
        w, c = self.w_dim, self.channels
        label = w if self.c_dim else 0
        shapes: dict[str, Shape] = {"const": (c[0], 4, 4), "w_avg": (w,)}
        if self.c_dim:
            shapes |= {"label_embed.weight": (w, self.c_dim), "label_embed.bias": (w,)}
        for i in range(self.mapping_layers):
            inputs = self.z_dim + label if i == 0 else w
            if rank := self.chains.mapping_rank(i):
                shapes[f"mapping.{i}.reduce"] = (rank, inputs)
            shapes[f"mapping.{i}.weight"] = (w, rank or inputs)
            shapes[f"mapping.{i}.bias"] = (w,)
        for k in range(len(c) - 1):
            pixels = 4 << ((k + 1) // 2)
            shapes |= _modulated(f"layers.{k}", w, c[k], c[k + 1], 3)
            if factor := self.chains.factor(k):
                chain = factor.shapes(c[k], c[k + 1])
                shapes |= {f"layers.{k}.{part}": shape for part, shape in chain.items()}
            shapes |= {f"layers.{k}.noise_strength": (), f"layers.{k}.noise": (pixels, pixels)}
        for s in range(self.stages):
            shapes |= _modulated(f"rgb.{s}", w, c[2 * s + 1], 3, 1)
        return shapes


def sizes_of(
    shapes: Mapping[str, Shape], stages: int, mapping_layers: int, chains: Chains
) -> Sizes:
    """The sizes that most tensors agree on, so that the odd one out can be named.

    Args:
        shapes: canonical name to shape, for every tensor of the network.
        stages: number of resolutions. mapping_layers: fully connected layers.
        chains: what is kept as a chain, as the file says; its shapes are not told from one another.

    Raises:
        Cause: the shapes do not even have the right number of axes to tell.
    """

    def vote(*votes: tuple[str, int]) -> int:
        seen = [
            shapes[name][axis]
            for name, axis in votes
            if name in shapes and axis < len(shapes[name])
        ]
        if not seen:
            raise Cause(f"the tensor {votes[0][0]} has the shape {list(shapes[votes[0][0]])}")
        return Counter(seen).most_common(1)[0][0]

    def channel(entry: int) -> int:
        votes = []
        if entry > 0:
            last = _last_link(chains.factor(entry - 1))
            votes += [(f"layers.{entry - 1}.{last}", 0), (f"layers.{entry - 1}.bias", 0)]
        if entry < 2 * stages - 1:
            votes += _inputs(f"layers.{entry}", chains.factor(entry))
        if entry % 2:
            votes += _inputs(f"rgb.{entry // 2}")
        if entry == 0:
            votes += [("const", 0)]
        return vote(*votes)

    rows = [(f"mapping.{i}.bias", 0) for i in range(mapping_layers)]
    columns = [(f"layers.{k}.style_weight", 1) for k in range(2 * stages - 1)]
    w_dim = vote(("w_avg", 0), *rows, *columns)
    conditional = "label_embed.weight" in shapes
    c_dim = vote(("label_embed.weight", 1)) if conditional else 0
    first = vote(("mapping.0.reduce" if chains.mapping_rank(0) else "mapping.0.weight", 1))
    z_dim = first - w_dim if conditional else first
    channels = tuple(map(channel, range(2 * stages)))
    sizes = Sizes(z_dim, w_dim, c_dim, mapping_layers, channels, chains)
    if min(sizes.z_dim, sizes.w_dim, *sizes.channels) < 1 or (conditional and c_dim < 1):
        raise Cause("one of its layers has no channels at all")
    return sizes


def _last_link(factor: Factor | None) -> str:
    return "weight" if factor is None or factor.form == "svd" else "expand"


def _inputs(layer: str, factor: Factor | None = None) -> list[tuple[str, int]]:
    first = "weight" if factor is None else "reduce"
    return [(f"{layer}.{first}", 1), (f"{layer}.style_weight", 0), (f"{layer}.style_bias", 0)]


def _modulated(name: str, w: int, inputs: int, outputs: int, kernel: int) -> dict[str, Shape]:
    shapes: tuple[Shape, ...] = (
        (outputs, inputs, kernel, kernel),
        (inputs, w),
        (inputs,),
        (outputs,),
    )
    return {f"{name}.{part}": shape for part, shape in zip(_MODULATED, shapes, strict=True)}
