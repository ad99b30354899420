"""Which tensors share channels: what must be narrowed together.

Found by following the steps of the network, so that it holds for every form of it. A convolution
makes channels of its own; norms, activations and depthwise convolutions hand them on; the sum of
two values ties theirs (a residual block gives what it gets); joined values lie one behind another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.checkpoints.translation_sizes import (
    ResNetSizes,
    SpadeSizes,
    TranslationSizes,
    UNetSizes,
)
from studio.families.translation.config import TranslationConfig
from studio.families.translation.program import program
from studio.families.translation.steps import (
    INPUT,
    PICTURE,
    Add,
    Convolve,
    ConvolveUp,
    Join,
    Modulate,
    Normalise,
)


@dataclass(frozen=True)
class Member:
    """A tensor with channels of a group along ``axis``, from ``start`` on."""

    tensor: str
    axis: int
    start: int = 0


@dataclass(frozen=True)
class Reader:
    """A convolution that mixes the channels of a group with others: its step, its weight, and
    where in what it reads they begin."""

    step: str
    weight: str
    axis: int
    start: int = 0


@dataclass(frozen=True)
class Group:
    """Channels that stay or go together.

    Args:
        name: the convolution that makes them first, e.g. ``blocks.0.0.pointwise``.
        count: how many. members: all tensors that have them, readers' weights too.
        readers: who mixes them.
        tie: groups of one tie, other than "", must stay equal in number.
    """

    name: str
    count: int
    members: tuple[Member, ...]
    readers: tuple[Reader, ...]
    tie: str = ""


class _Channels:
    """What is gathered of one group; groups are joined by pointing at another."""

    def __init__(self, name: str, count: int) -> None:
        self.name, self.count = name, count
        self.members: list[Member] = []
        self.readers: list[Reader] = []
        self.fixed = False
        self.same: _Channels | None = None

    def root(self) -> _Channels:
        return self if self.same is None else self.same.root()


def groups(config: TranslationConfig) -> tuple[Group, ...]:
    """Every group of channels that may lose some, in the order in which they are made; those of the
    input and of the picture, and the ranks of chains, are not among them."""
    shapes = config.sizes.shapes()
    values: dict[str, tuple[_Channels, ...]] = {}
    made: list[_Channels] = []

    def new(name: str, count: int) -> tuple[_Channels, ...]:
        made.append(_Channels(name, count))
        return (made[-1],)

    def owns(parts: Sequence[_Channels], tensor: str | None, axis: int = 0) -> None:
        start = 0
        for part in parts:
            if tensor is not None:
                part.root().members.append(Member(tensor, axis, start))
            start += part.count

    def tied(one: Sequence[_Channels], two: Sequence[_Channels]) -> None:
        for a, b in zip(one, two, strict=True):
            first, second = a.root(), b.root()
            if first is not second:
                first.members += second.members
                first.readers += second.readers
                first.fixed |= second.fixed
                second.same = first

    values[INPUT] = new(INPUT, config.sizes.inputs)
    values[INPUT][0].fixed = True
    for step in program(config):
        source = values[step.source]
        if isinstance(step, Convolve | ConvolveUp):
            if isinstance(step, Convolve) and step.depthwise:
                owns(source, step.weight)
                owns(source, step.bias)
                values[step.name] = source
                continue
            up = isinstance(step, ConvolveUp)
            start = 0
            for part in source:
                reader = Reader(step.name, step.weight, 0 if up else 1, start)
                part.root().readers.append(reader)
                part.root().members.append(Member(step.weight, reader.axis, start))
                start += part.count
            out = new(step.name, shapes[step.weight][1 if up else 0])
            owns(out, step.weight, 1 if up else 0)
            owns(out, step.bias)
            values[step.name] = out
            out[0].fixed = step.name.endswith((".reduced", ".core"))
        elif isinstance(step, Normalise):
            for tensor in (step.weight, step.bias, step.mean, step.var):
                owns(source, tensor)
            values[step.name] = source
        elif isinstance(step, Add):
            tied(source, values[step.other])
            values[step.name] = source
        elif isinstance(step, Modulate):
            tied(source, values[step.gamma])
            tied(source, values[step.beta])
            values[step.name] = source
        elif isinstance(step, Join):
            values[step.name] = (*source, *values[step.other])
        else:
            values[step.name] = source
    for part in values[PICTURE]:
        part.root().fixed = True
    found = []
    for each in made:
        if each.same is None and not each.fixed:
            members = tuple(dict.fromkeys(each.members))
            readers = tuple(dict.fromkeys(each.readers))
            found.append(Group(each.name, each.count, members, readers, _tie(each.name, config)))
    return tuple(found)


def _tie(name: str, config: TranslationConfig) -> str:
    """The norms of one SPADE block have layers inside that share one number of channels."""
    if isinstance(config.sizes, SpadeSizes) and name.endswith(".shared"):
        return ".".join(name.split(".")[:2])
    return ""


def kept(
    tensors: Mapping[str, Tensor], every: Sequence[Group], indices: Sequence[Tensor]
) -> dict[str, Tensor]:
    """The tensors with the channels of each group that ``indices`` (n,) name, in their order.

    Joined values keep their order too: what a reader has of one group follows what it has of the
    other.
    """
    wanted: dict[tuple[str, int], dict[int, tuple[int, Tensor]]] = {}
    for group, index in zip(every, indices, strict=True):
        for member in group.members:
            place = wanted.setdefault((member.tensor, member.axis), {})
            place[member.start] = (group.count, index)
    found = dict(tensors)
    for (name, axis), parts in wanted.items():
        whole = torch.arange(tensors[name].shape[axis])
        rows, at = [], 0
        for start in sorted(parts):
            count, index = parts[start]
            rows += [whole[at:start], start + index]
            at = start + count
        rows.append(whole[at:])
        found[name] = found[name].index_select(axis, torch.cat(rows))
    return found


def sizes_of(sizes: TranslationSizes, tensors: Mapping[str, Tensor]) -> TranslationSizes:
    """``sizes`` with the channels that narrowed ``tensors`` have."""
    from dataclasses import replace

    def outputs(name: str) -> int:
        whole = f"{name}.weight"
        return tensors.get(f"{name}.expand", tensors[whole]).shape[0]

    def risen(name: str) -> int:
        return tensors[f"{name}.weight"].shape[1]

    if isinstance(sizes, ResNetSizes):
        inside = "0.pointwise" if sizes.separable else "0"
        return replace(
            sizes,
            stem=outputs("stem"),
            down=tuple(outputs(f"down.{i}") for i in range(len(sizes.down))),
            blocks=tuple(outputs(f"blocks.{k}.{inside}") for k in range(len(sizes.blocks))),
            up=tuple(risen(f"up.{i}") for i in range(len(sizes.up))),
        )
    if isinstance(sizes, UNetSizes):
        return replace(
            sizes,
            down=tuple(outputs(f"down.{i}") for i in range(sizes.depth)),
            up=tuple(risen(f"up.{i}") for i in range(sizes.depth - 1)),
        )
    blocks = tuple(
        replace(
            block,
            middle=outputs(f"blocks.{k}.conv0"),
            outputs=outputs(f"blocks.{k}.conv1"),
            hidden=outputs(f"blocks.{k}.norm0.shared"),
        )
        for k, block in enumerate(sizes.blocks)
    )
    return replace(sizes, first=outputs("first"), blocks=blocks)
