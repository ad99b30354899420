"""How much each convolution loses by int8, and which to leave in float for a wanted quality.

One layer after the other is rounded in PyTorch as an int8 runtime rounds it, on the same grids:
weights symmetric per output channel, what the layer reads symmetric per tensor. That tells within
seconds what compiling one network a layer would tell in minutes. Bias correction is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from studio.families.model import Model
from studio.families.quantization import QuantPlan
from studio.families.stylegan.portable import convolution, parts_of, rgb_convolution
from studio.families.stylegan.styles import sample_latents
from studio.families.stylegan.synthesis import (
    BLUR_TAPS,
    SynthesisView,
    run_layer,
    run_rgb,
    synthesise,
    upsample_rgb,
)
from studio.families.stylegan.watching import Watched
from studio.recipes.scan import SCAN_SEEDS, LayerDamage, Proposal, Sensitivity, decibels
from studio.subnets.choice import SubnetChoice

LARGEST = 127
TEST_SEED_STEP = 1  # pictures are judged on other latents than ranges were found on

Progress = Callable[[float, str], None]


class _Ranges(Watched):
    """Records the largest absolute value that each layer reads."""

    def __init__(self, view: SynthesisView, plan: QuantPlan) -> None:
        super().__init__(view)
        self._share = plan.percentile / 100 if plan.estimator == "percentile" else 1.0
        self.largest: dict[str, float] = {}

    def seen(self, name: str, x: Tensor, weight: Tensor, axis: int) -> tuple[Tensor, Tensor]:
        values = np.abs(x.detach().numpy())
        found = float(values.max() if self._share == 1 else np.quantile(values, self._share))
        self.largest[name] = max(found, self.largest.get(name, 0.0))
        return x, weight


class _Rounded(Watched):
    """Rounds what some layers compute with to the grids of int8."""

    def __init__(
        self, view: SynthesisView, largest: Mapping[str, float], names: Collection[str]
    ) -> None:
        super().__init__(view)
        self._largest, self._chosen = largest, frozenset(names)
        self._weights: dict[str, Tensor] = {}

    def seen(self, name: str, x: Tensor, weight: Tensor, axis: int) -> tuple[Tensor, Tensor]:
        if name not in self._chosen:
            return x, weight
        if name not in self._weights:
            others = [d for d in range(weight.ndim) if d != axis]
            scale = weight.abs().amax(others, keepdim=True).clamp_min(1e-30) / LARGEST
            self._weights[name] = (weight / scale).round() * scale
        step = max(self._largest[name], 1e-30) / LARGEST
        x = (x / step).round().clamp(-LARGEST - 1, LARGEST) * step
        return x, self._weights[name]


@dataclass
class Bench:
    """A subnet with the ranges of what its layers read and pictures to compare with.

    Args:
        model: in f32. plan: estimator, samples and seed are read; its layers are not.
        seeds: pictures to judge by. choice: the subnet.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
    """

    model: Model
    plan: QuantPlan
    seeds: int = SCAN_SEEDS
    choice: SubnetChoice = field(default_factory=SubnetChoice)
    progress: Progress = lambda fraction, text: None

    def __post_init__(self) -> None:
        self._view = self.model.view(self.choice)
        self._taps = torch.tensor(BLUR_TAPS)
        latents = self.model.calibration_latents(self.plan)
        recorder = _Ranges(self._view, self.plan)
        for number, w in enumerate(latents):
            self.progress(0.3 * number / len(latents), "ranges of activations")
            with torch.no_grad(), recorder:
                synthesise(self._view, self._rows(w))
        self._largest = recorder.largest
        z, labels = sample_latents(
            self.model.info.config, self.seeds, self.plan.seed + TEST_SEED_STEP
        )
        with torch.no_grad():
            self._tests = [self._rows(w) for w in self.model.network.map(z, labels)]
            self._wanted = [_seen(synthesise(self._view, rows)[-1]) for rows in self._tests]
        total = self.model.portable(self.choice).macs
        self._macs: dict[str, float] = {}
        self._parts: dict[int, list[str]] = {}
        for part in parts_of(self._view):
            self._macs[part.name] = part.macs / total
            if part.layer is not None:
                self._parts.setdefault(part.layer, []).append(part.name)

    @property
    def names(self) -> tuple[str, ...]:
        """All layers that can be asked for."""
        return tuple(self._macs)

    def share(self, names: Collection[str]) -> float:
        """Of the network's multiplies that those layers hold."""
        return sum(self._macs[name] for name in names)

    def psnr(self, names: Collection[str]) -> float | None:
        """dB to f32 with those layers in int8; None when nothing changed."""
        rounded, errors = _Rounded(self._view, self._largest, names), []
        for rows, wanted in zip(self._tests, self._wanted, strict=True):
            with torch.no_grad(), rounded:
                given = _seen(synthesise(self._view, rows)[-1])
            errors.append(float((given - wanted).square().mean()))
        return decibels(sum(errors) / len(errors))

    def scan(self, names: Sequence[str] | None = None) -> Sensitivity:
        """Each layer's own damage, and that of all of them together.

        Args:
            names: the layers to look at; all when None.
        """
        names = self.names if names is None else tuple(names)
        errors = dict.fromkeys(names, 0.0)
        for number, (rows, wanted) in enumerate(zip(self._tests, self._wanted, strict=True)):
            for name, given in self._alone(rows, names, number / len(self._tests)):
                errors[name] += float((_seen(given) - wanted).square().mean()) / len(self._tests)
        layers = tuple(LayerDamage(n, decibels(errors[n]), errors[n], self._macs[n]) for n in names)
        return Sensitivity(layers, self.psnr(names), len(self._tests))

    def _alone(self, rows: Tensor, names: Sequence[str], done: float) -> list[tuple[str, Tensor]]:
        """(name, picture) of every layer alone in int8. What lies before it is computed once."""
        view, taps, found = self._view, self._taps, []
        x = view.const.expand(1, *view.const.shape)
        picture: Tensor | None = None
        with torch.no_grad():
            for index, layer in enumerate(view.layers):
                self.progress(
                    0.3 + 0.7 * (done + index / len(view.layers) / len(self._tests)),
                    f"{convolution(index)} alone in int8",
                )
                at, stage = (x, picture), index // 2
                for name in self._parts[index]:
                    if name in names:
                        with _Rounded(view, self._largest, (name,)):
                            found.append((name, self._rest(rows, index, *at)))
                x = run_layer(x, rows[:, index], layer, layer.noise, taps)
                if index % 2:
                    continue
                if rgb_convolution(stage) in names:
                    with _Rounded(view, self._largest, (rgb_convolution(stage),)):
                        found.append((rgb_convolution(stage), self._rest(rows, index, *at)))
                rgb = run_rgb(x, rows[:, index + 1], view.rgb[stage])
                picture = rgb if picture is None else upsample_rgb(picture, taps) + rgb
        return found

    def _rest(self, rows: Tensor, start: int, x: Tensor, picture: Tensor | None) -> Tensor:
        for index, layer in enumerate(self._view.layers[start:], start):
            x = run_layer(x, rows[:, index], layer, layer.noise, self._taps)
            if index % 2 == 0:
                rgb = run_rgb(x, rows[:, index + 1], self._view.rgb[index // 2])
                picture = rgb if picture is None else upsample_rgb(picture, self._taps) + rgb
        assert picture is not None
        return picture

    def _rows(self, w: Tensor) -> Tensor:
        return w.expand(1, self.model.info.config.style_count, -1)


class LayerBench(Protocol):
    """What tells how much layers lose by int8, whatever the family: :class:`Bench` is one."""

    def share(self, names: Collection[str]) -> float:
        """Of the network's multiplies that those layers hold."""

    def psnr(self, names: Collection[str]) -> float | None:
        """dB to f32 with those layers in int8; None when nothing changed."""

    def scan(self, names: Sequence[str] | None = None) -> Sensitivity:
        """Each layer's own damage, and that of all of them together."""


def proposed(
    bench: LayerBench, candidates: Sequence[str], wanted: float, found: Sensitivity | None = None
) -> Proposal:
    """Leave the worst layers in float, one after the other, until the quality is predicted.

    Args:
        candidates: layers that may run in int8. wanted: dB to the f32 picture.
        found: a scan of them, if there is one already; else it is made if need be.
    """
    kept: list[str] = []
    psnr = bench.psnr(candidates)
    if psnr is not None and psnr < wanted:
        damage = found or bench.scan(candidates)
        order = [layer.name for layer in damage.worst_first if layer.name in set(candidates)]
        while order and psnr is not None and psnr < wanted:
            kept.append(order.pop(0))
            psnr = bench.psnr(order)
    left = [name for name in candidates if name not in kept]
    reached = psnr is None or psnr >= wanted
    return Proposal(tuple(kept), psnr, bench.share(left), reached)


def _seen(picture: Tensor) -> Tensor:
    return picture.clamp(-1, 1)
