"""Weight transfer: the strongest channels of a wide network begin a narrow one.

Greedy and layer by layer (Li et al. 2020, section 3.2 and the code's ``weight_transfer``): of every
convolution, counted over the inputs already chosen, the outputs with the largest sums of absolute
weights are taken, largest first; what was chosen, in that order, is what the next layer reads. A
residual block ends in the order of its input, so that the sum still adds like to like.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from studio.checkpoints.translation_sizes import (
    ResNetSizes,
    SpadeSizes,
    TranslationSizes,
    UNetSizes,
)
from studio.errors import BadChoice

_NORM = ("weight", "bias", "mean", "var")


def transferred(
    tensors: Mapping[str, Tensor], wide: TranslationSizes, narrow: TranslationSizes
) -> dict[str, Tensor]:
    """Every tensor of a network of sizes ``narrow``, taken from ``tensors`` of sizes ``wide``.

    Raises:
        BadChoice: they are of different form, or ``narrow`` is wider somewhere.
    """
    _check(wide, narrow)
    made = _Transfer(tensors, narrow.shapes())
    if isinstance(narrow, ResNetSizes):
        _resnet(made, narrow)
    elif isinstance(narrow, UNetSizes):
        assert isinstance(wide, UNetSizes)
        _unet(made, wide, narrow)
    else:
        _spade(made, narrow)
    return made.found


def _check(wide: TranslationSizes, narrow: TranslationSizes) -> None:
    before, after = wide.shapes(), narrow.shapes()
    if type(wide) is not type(narrow) or set(before) != set(after):
        raise BadChoice(
            "weights can be transferred between networks of one form alone: as many layers, both "
            "plain or both MobileNet-style, with the same norms"
        )
    for name, shape in after.items():
        if any(a > b for a, b in zip(shape, before[name], strict=True)):
            raise BadChoice(
                f"weights are transferred to narrower networks; {name} would grow from "
                f"{list(before[name])} to {list(shape)}"
            )


class _Transfer:
    """Takes tensors and remembers what it took; an index is the channels chosen, in order."""

    def __init__(
        self, tensors: Mapping[str, Tensor], shapes: Mapping[str, tuple[int, ...]]
    ) -> None:
        self.tensors = tensors
        self.shapes = shapes
        self.found: dict[str, Tensor] = {}

    def convolve(self, name: str, inputs: Tensor, outputs: Tensor | None = None) -> Tensor:
        """A convolution (out, in, k, k); returns its outputs, chosen unless they are given."""
        kernel = self.tensors[f"{name}.weight"][:, inputs]
        if outputs is None:
            outputs = strongest(kernel, (1, 2, 3), self.shapes[f"{name}.weight"][0])
        return self._keep(name, kernel[outputs], outputs)

    def convolve_up(self, name: str, inputs: Tensor, outputs: Tensor | None = None) -> Tensor:
        """A transposed convolution (in, out, k, k)."""
        kernel = self.tensors[f"{name}.weight"][inputs]
        if outputs is None:
            outputs = strongest(kernel, (0, 2, 3), self.shapes[f"{name}.weight"][1])
        return self._keep(name, kernel[:, outputs], outputs)

    def separable(self, name: str, inputs: Tensor, outputs: Tensor | None = None) -> Tensor:
        """Depthwise, which keeps its inputs, then pointwise, which chooses."""
        deep = f"{name}.depthwise"
        self._keep(deep, self.tensors[f"{deep}.weight"][inputs], inputs)
        self.norm(f"{name}.inner_norm", inputs)
        return self.convolve(f"{name}.pointwise", inputs, outputs)

    def norm(self, name: str, channels: Tensor) -> None:
        """Whatever a norm has, a value a channel."""
        for part in _NORM:
            if f"{name}.{part}" in self.shapes:
                self.found[f"{name}.{part}"] = self.tensors[f"{name}.{part}"][channels].clone()

    def _keep(self, name: str, kernel: Tensor, outputs: Tensor) -> Tensor:
        self.found[f"{name}.weight"] = kernel.clone(memory_format=torch.contiguous_format)
        if f"{name}.bias" in self.shapes:
            self.found[f"{name}.bias"] = self.tensors[f"{name}.bias"][outputs].clone()
        return outputs


def strongest(kernel: Tensor, over: tuple[int, ...], count: int) -> Tensor:
    """The ``count`` channels with the largest sums of absolute weights, largest first."""
    return kernel.detach().abs().sum(over).topk(count, largest=True).indices


def _resnet(made: _Transfer, sizes: ResNetSizes) -> None:
    x = made.convolve("stem", torch.arange(sizes.inputs))
    made.norm("stem.norm", x)
    for i in range(len(sizes.down)):
        x = made.convolve(f"down.{i}", x)
        made.norm(f"down.{i}.norm", x)
    half = made.separable if sizes.separable else made.convolve
    for k in range(len(sizes.blocks)):
        inner = half(f"blocks.{k}.0", x)
        made.norm(f"blocks.{k}.0.norm", inner)
        half(f"blocks.{k}.1", inner, x)
        made.norm(f"blocks.{k}.1.norm", x)
    for i in range(len(sizes.up)):
        x = made.convolve_up(f"up.{i}", x)
        made.norm(f"up.{i}.norm", x)
    made.convolve("head", x, torch.arange(sizes.outputs))


def _unet(made: _Transfer, wide: UNetSizes, sizes: UNetSizes) -> None:
    """Not in the paper: a skip connection carries the channels that its convolution chose."""
    x, skips = torch.arange(sizes.inputs), []
    for i in range(sizes.depth):
        x = made.convolve(f"down.{i}", x)
        made.norm(f"down.{i}.norm", x)
        skips.append(x)
    skips.pop()
    for i in range(sizes.depth):
        last = i == sizes.depth - 1
        if i > 0:
            offset, _ = wide.up_inputs(i)
            x = torch.cat((skips.pop(), x + offset))
        outputs = torch.arange(sizes.outputs) if last else None
        x = made.convolve_up(f"up.{i}", x, outputs)
        made.norm(f"up.{i}.norm", x)


def _spade(made: _Transfer, sizes: SpadeSizes) -> None:
    """Not in the paper: every norm scales and shifts the channels that were chosen before it."""
    labels = torch.arange(sizes.inputs)
    part = made.separable if sizes.separable else made.convolve

    def modulate(name: str, channels: Tensor) -> None:
        made.norm(name, channels)
        hidden = made.convolve(f"{name}.shared", labels)
        part(f"{name}.gamma", hidden, channels)
        part(f"{name}.beta", hidden, channels)

    x = made.convolve("first", labels)
    for k, block in enumerate(sizes.blocks):
        name = f"blocks.{k}"
        modulate(f"{name}.norm0", x)
        middle = made.convolve(f"{name}.conv0", x)
        modulate(f"{name}.norm1", middle)
        if not block.shortcut:
            made.convolve(f"{name}.conv1", middle, x)
            continue
        chosen = made.convolve(f"{name}.conv1", middle)
        modulate(f"{name}.norm_shortcut", x)
        made.convolve(f"{name}.shortcut", x, chosen)
        x = chosen
    made.convolve("last", x, torch.arange(sizes.outputs))
