"""How much each convolution of a translation network loses by int8 (see ``sensitivity``)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from studio.families.quantization import QuantPlan
from studio.families.translation.model import TranslationModel
from studio.families.translation.run import run
from studio.families.translation.steps import Convolve, ConvolveUp
from studio.recipes.scan import LayerDamage, Sensitivity, decibels
from studio.subnets.choice import SubnetChoice

LARGEST = 127
TESTS = 2  # pictures to judge by; each layer draws every one of them again
Progress = Callable[[float, str], None]
Kernel = Convolve | ConvolveUp


class PictureBench:
    """A subnet with the ranges of what its convolutions read, and pictures to compare with.

    Args:
        model: in f32. plan: its estimator is read; its layers are not.
        inputs: over which ranges are found, (1, inputs, h, w) each. tests: to judge by.
        choice: the subnet.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
    """

    def __init__(
        self,
        model: TranslationModel,
        plan: QuantPlan,
        inputs: Sequence[Tensor],
        tests: Sequence[Tensor],
        choice: SubnetChoice = SubnetChoice(),
        progress: Progress = lambda fraction, text: None,
    ) -> None:
        view = model.view(choice)
        self._steps, self._tensors, self._progress = view.steps, view.tensors, progress
        self._kernels = {s.name: s for s in view.steps if isinstance(s, Kernel)}
        share = plan.percentile / 100 if plan.estimator == "percentile" else 1.0
        self._largest: dict[str, float] = {}

        def record(step: Kernel, x: Tensor) -> Tensor:
            values = np.abs(x.numpy())
            found = float(values.max() if share == 1 else np.quantile(values, share))
            self._largest[step.name] = max(found, self._largest.get(step.name, 0.0))
            return x

        for number, each in enumerate(inputs):
            progress(0.3 * number / len(inputs), "ranges of activations")
            self._draw(each, self._tensors, record)
        self._tests = list(tests)
        self._wanted = [self._draw(each, self._tensors, None) for each in self._tests]
        network = model.portable(choice)
        self._macs = {layer.name: layer.macs / network.macs for layer in network.layers}

    @property
    def names(self) -> tuple[str, ...]:
        """All convolutions, in the order in which they run."""
        return tuple(self._kernels)

    def share(self, names: Collection[str]) -> float:
        """Of the network's multiplies that those layers hold."""
        return sum(self._macs[name] for name in names)

    def psnr(self, names: Collection[str]) -> float | None:
        """dB to f32 with those layers in int8; None when nothing changed."""
        return decibels(self._error(frozenset(names)))

    def scan(self, names: Sequence[str] | None = None) -> Sensitivity:
        """Each layer's own damage, and that of all of them together.

        Args:
            names: the layers to look at; all when None.
        """
        names = self.names if names is None else tuple(names)
        layers = []
        for number, name in enumerate(names):
            self._progress(0.3 + 0.7 * number / len(names), f"{name} alone in int8")
            error = self._error(frozenset((name,)))
            layers.append(LayerDamage(name, decibels(error), error, self._macs[name]))
        return Sensitivity(tuple(layers), self.psnr(names), len(self._tests))

    def _error(self, names: frozenset[str]) -> float:
        """Mean squared error of the pictures with those layers in int8."""
        rounded = dict(self._tensors)
        for name in names:
            step = self._kernels[name]
            rounded[step.weight] = _rounded(step, self._tensors[step.weight])

        def reads(step: Kernel, x: Tensor) -> Tensor:
            if step.name not in names:
                return x
            grid = max(self._largest[step.name], 1e-30) / LARGEST
            return (x / grid).round().clamp(-LARGEST - 1, LARGEST) * grid

        errors = [
            float((self._draw(x, rounded, reads) - wanted).square().mean())
            for x, wanted in zip(self._tests, self._wanted, strict=True)
        ]
        return sum(errors) / len(errors)

    def _draw(
        self,
        x: Tensor,
        tensors: Mapping[str, Tensor],
        reads: Callable[[Kernel, Tensor], Tensor] | None,
    ) -> Tensor:
        with torch.no_grad():
            return run(self._steps, tensors, x, reads=reads)


def _rounded(step: Kernel, weight: Tensor) -> Tensor:
    """A kernel on the grid of int8, symmetric per output channel."""
    axis = 1 if isinstance(step, ConvolveUp) else 0
    others = [d for d in range(weight.ndim) if d != axis]
    scale = weight.abs().amax(others, keepdim=True).clamp_min(1e-30) / LARGEST
    return (weight / scale).round() * scale
