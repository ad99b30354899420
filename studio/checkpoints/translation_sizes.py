"""Sizes of picture-to-picture generators and the shapes of their tensors under Maquette's names.

Three forms: residual networks (CycleGAN, GAN Compression, pix2pixHD's global generator), U-Nets
(pix2pix) and SPADE (GauGAN). ``studio.families.translation`` builds the networks; this folder comes
before ``families`` and so holds what both need. Imports neither torch nor numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from studio.checkpoints.factor import Factor

Shape = tuple[int, ...]
Chains = tuple[tuple[str, Factor], ...]
Norm = Literal["instance", "affine", "batch", "none"]
"""``instance`` is without weights, ``affine`` an instance norm with them."""
NORMS: tuple[Norm, ...] = ("instance", "affine", "batch", "none")
Padding = Literal["reflect", "zero"]
PADDINGS: tuple[Padding, ...] = ("reflect", "zero")
MOST_HALVINGS = 12  # 4096 px are then one
FIXED_BLOCKS = 3  # of a SPADE generator: head, middle and middle, before the upsampling ones


@dataclass(frozen=True)
class ResNetSizes:
    """A residual network (Johnson et al. 2016; Li et al. 2020, section 3.2).

    Args:
        inputs, outputs: channels of the pictures.
        stem: channels of the first convolution (7x7).
        down: channels of every convolution of stride 2.
        blocks: hidden channels of every residual block; its ends have those of the last ``down``.
        up: channels of every transposed convolution, as many as ``down``.
        norm: after every convolution but the last. bias: those convolutions have a bias.
        separable: blocks have depthwise and pointwise convolutions (MobileNet-style).
        inner_norm: between depthwise and pointwise.
        padding: of the blocks.
        chains: convolutions that are kept as chains of smaller ones, by name.
    """

    kind: ClassVar[Literal["resnet"]] = "resnet"
    inputs: int
    outputs: int
    stem: int
    down: tuple[int, ...]
    blocks: tuple[int, ...]
    up: tuple[int, ...]
    norm: Norm = "instance"
    bias: bool = True
    separable: bool = False
    inner_norm: Norm = "instance"
    padding: Padding = "reflect"
    chains: Chains = ()

    def shapes(self) -> dict[str, Shape]:
        """Name and shape of every tensor."""
        return chained(self._whole(), self.chains)

    def _whole(self) -> dict[str, Shape]:
        """The same where no convolution is a chain."""
        trunk = self.down[-1]
        shapes = self._layer("stem", (self.stem, self.inputs, 7, 7), self.stem)
        for i, (before, after) in enumerate(pairwise((self.stem, *self.down))):
            shapes |= self._layer(f"down.{i}", (after, before, 3, 3), after)
        for k, hidden in enumerate(self.blocks):
            for part, (before, after) in enumerate(((trunk, hidden), (hidden, trunk))):
                name = f"blocks.{k}.{part}"
                if self.separable:
                    shapes |= separable_shapes(name, before, after, 3, self.inner_norm)
                    shapes |= norm_shapes(f"{name}.norm", after, self.norm)
                else:
                    shapes |= self._layer(name, (after, before, 3, 3), after)
        for i, (before, after) in enumerate(pairwise((trunk, *self.up))):
            shapes |= self._layer(f"up.{i}", (before, after, 3, 3), after)
        shapes["head.weight"] = (self.outputs, self.up[-1], 7, 7)
        return shapes | {"head.bias": (self.outputs,)}

    def _layer(self, name: str, weight: Shape, channels: int) -> dict[str, Shape]:
        bias: dict[str, Shape] = {f"{name}.bias": (channels,)} if self.bias else {}
        return {f"{name}.weight": weight} | bias | norm_shapes(f"{name}.norm", channels, self.norm)


@dataclass(frozen=True)
class UNetSizes:
    """A U-Net (Isola et al. 2017, section 6.1.1).

    Args:
        inputs, outputs: channels of the pictures.
        down: channels of every convolution, from the picture inwards.
        up: channels of every transposed convolution but the last, from the inside outwards.
        norm: after every convolution but the first, the innermost and the last.
        bias: the convolutions have a bias; the last one always has.
        chains: convolutions that are kept as chains of smaller ones, by name.
    """

    kind: ClassVar[Literal["unet"]] = "unet"
    inputs: int
    outputs: int
    down: tuple[int, ...]
    up: tuple[int, ...]
    norm: Norm = "batch"
    bias: bool = False
    chains: Chains = ()

    @property
    def depth(self) -> int:
        """How often the picture is halved."""
        return len(self.down)

    def up_inputs(self, index: int) -> tuple[int, int]:
        """Channels that a transposed convolution gets by the skip connection, and from inside."""
        if index == 0:
            return 0, self.down[-1]
        return self.down[self.depth - 1 - index], self.up[index - 1]

    def shapes(self) -> dict[str, Shape]:
        """Name and shape of every tensor."""
        return chained(self._whole(), self.chains)

    def _whole(self) -> dict[str, Shape]:
        """The same where no convolution is a chain."""
        shapes: dict[str, Shape] = {}
        for i, (before, after) in enumerate(pairwise((self.inputs, *self.down))):
            shapes[f"down.{i}.weight"] = (after, before, 4, 4)
            if self.bias:
                shapes[f"down.{i}.bias"] = (after,)
            if 0 < i < self.depth - 1:
                shapes |= norm_shapes(f"down.{i}.norm", after, self.norm)
        for i, after in enumerate((*self.up, self.outputs)):
            last = i == self.depth - 1
            shapes[f"up.{i}.weight"] = (sum(self.up_inputs(i)), after, 4, 4)
            if self.bias or last:
                shapes[f"up.{i}.bias"] = (after,)
            if not last:
                shapes |= norm_shapes(f"up.{i}.norm", after, self.norm)
        return shapes


@dataclass(frozen=True)
class SpadeBlock:
    """A residual block of SPADE (Park et al. 2019, section 3).

    Args:
        middle: channels between its convolutions. outputs: channels after them.
        hidden: channels inside its normalisation layers.
        shortcut: its input is normalised and convolved too, since it changes the width.
    """

    middle: int
    outputs: int
    hidden: int
    shortcut: bool


@dataclass(frozen=True)
class SpadeSizes:
    """A SPADE generator without an image encoder.

    Args:
        inputs: channels of the one-hot label map, an edge channel included. outputs: of pictures.
        first: channels of the first convolution.
        blocks: head, two middle ones, and four or five upsampling ones.
        norm: the normalisation that the labels modulate; it has no weights of its own.
        kernel: size of the convolutions that make the modulation.
        separable: those are depthwise and pointwise (MobileNet-style).
        inner_norm: between depthwise and pointwise, as far as tensors tell: ``none`` may be an
            instance norm, which has none.
        chains: convolutions that are kept as chains of smaller ones, by name.
    """

    kind: ClassVar[Literal["spade"]] = "spade"
    inputs: int
    outputs: int
    first: int
    blocks: tuple[SpadeBlock, ...]
    norm: Norm = "batch"
    kernel: int = 3
    separable: bool = False
    inner_norm: Norm = "none"
    chains: Chains = ()

    def block_inputs(self, index: int) -> int:
        """Channels that go into a block."""
        return self.first if index == 0 else self.blocks[index - 1].outputs

    def norms(self, index: int) -> tuple[tuple[str, int], ...]:
        """Names and channels of the normalisation layers of a block."""
        before, name = self.block_inputs(index), f"blocks.{index}"
        found = ((f"{name}.norm0", before), (f"{name}.norm1", self.blocks[index].middle))
        if not self.blocks[index].shortcut:
            return found
        return (*found, (f"{name}.norm_shortcut", before))

    def shapes(self) -> dict[str, Shape]:
        """Name and shape of every tensor."""
        return chained(self._whole(), self.chains)

    def _whole(self) -> dict[str, Shape]:
        """The same where no convolution is a chain."""
        shapes: dict[str, Shape] = {
            "first.weight": (self.first, self.inputs, 3, 3),
            "first.bias": (self.first,),
        }
        for k, block in enumerate(self.blocks):
            name, before = f"blocks.{k}", self.block_inputs(k)
            shapes |= {
                f"{name}.conv0.weight": (block.middle, before, 3, 3),
                f"{name}.conv0.bias": (block.middle,),
                f"{name}.conv1.weight": (block.outputs, block.middle, 3, 3),
                f"{name}.conv1.bias": (block.outputs,),
            }
            if block.shortcut:
                shapes[f"{name}.shortcut.weight"] = (block.outputs, before, 1, 1)
            for norm, channels in self.norms(k):
                shapes |= self._modulation(norm, channels, block.hidden)
        last = self.blocks[-1].outputs
        return shapes | {"last.weight": (self.outputs, last, 3, 3), "last.bias": (self.outputs,)}

    def _modulation(self, name: str, channels: int, hidden: int) -> dict[str, Shape]:
        k = self.kernel
        shapes: dict[str, Shape] = {}
        if self.norm == "batch":
            shapes = {f"{name}.mean": (channels,), f"{name}.var": (channels,)}
        shapes[f"{name}.shared.weight"] = (hidden, self.inputs, k, k)
        shapes[f"{name}.shared.bias"] = (hidden,)
        for part in ("gamma", "beta"):
            if self.separable:
                shapes |= separable_shapes(f"{name}.{part}", hidden, channels, k, self.inner_norm)
            else:
                shapes[f"{name}.{part}.weight"] = (channels, hidden, k, k)
                shapes[f"{name}.{part}.bias"] = (channels,)
        return shapes


TranslationSizes = ResNetSizes | UNetSizes | SpadeSizes


def chained(shapes: dict[str, Shape], chains: Chains) -> dict[str, Shape]:
    """``shapes`` with some convolutions as chains: ``reduce`` (r, i, 1, 1), ``weight`` between and,
    unless svd, ``expand`` (o, r, 1, 1) in place of ``weight`` (o, i, k, k).

    Raises:
        KeyError: a chain is named that is no convolution.
    """
    found = dict(shapes)
    for name, factor in chains:
        outputs, inputs, height, width = shapes[f"{name}.weight"]
        into, out = factor.inside(outputs)
        middle = 1 if factor.form == "cp" else into
        found[f"{name}.reduce"] = (into, inputs, 1, 1)
        found[f"{name}.weight"] = (out, middle, height, width)
        if factor.form != "svd":
            found[f"{name}.expand"] = (outputs, out, 1, 1)
    return found


def norm_shapes(name: str, channels: int, norm: Norm) -> dict[str, Shape]:
    """The tensors that a normalisation layer keeps."""
    parts = {"batch": ("weight", "bias", "mean", "var"), "affine": ("weight", "bias")}
    return {f"{name}.{part}": (channels,) for part in parts.get(norm, ())}


def separable_shapes(
    name: str, before: int, after: int, kernel: int, inner: Norm
) -> dict[str, Shape]:
    """A depthwise convolution, the norm after it and a pointwise one, all with biases."""
    return {
        f"{name}.depthwise.weight": (before, 1, kernel, kernel),
        f"{name}.depthwise.bias": (before,),
        **norm_shapes(f"{name}.inner_norm", before, inner),
        f"{name}.pointwise.weight": (after, before, 1, 1),
        f"{name}.pointwise.bias": (after,),
    }
