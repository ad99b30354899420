"""From sizes and settings to steps: one builder for each form of network. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from studio.checkpoints.factor import Factor
from studio.checkpoints.translation_sizes import Norm, ResNetSizes, SpadeSizes, UNetSizes
from studio.families.translation.config import TranslationConfig
from studio.families.translation.steps import (
    INPUT,
    PICTURE,
    Activate,
    Add,
    Convolve,
    ConvolveUp,
    Double,
    Join,
    Modulate,
    Normalise,
    Reflect,
    Shrink,
    Step,
)


def program(config: TranslationConfig) -> tuple[Step, ...]:
    """The steps from ``INPUT`` (n, inputs, h, w) to ``PICTURE`` (n, outputs, h, w)."""
    builder = _Builder(config)
    sizes = config.sizes
    if isinstance(sizes, ResNetSizes):
        builder.resnet(sizes)
    elif isinstance(sizes, UNetSizes):
        builder.unet(sizes)
    else:
        builder.spade(sizes)
    return _chained(tuple(builder.steps), dict(sizes.chains))


def has_statistics(config: TranslationConfig) -> bool:
    """Whether a network has batch norms, whose statistics a subnet needs anew."""
    return any(isinstance(s, Normalise) and s.kind == "batch" for s in program(config))


def _chained(steps: tuple[Step, ...], chains: Mapping[str, Factor]) -> tuple[Step, ...]:
    """The steps with some convolutions as two or three in a row; the last has the old name.

    The first link is 1x1 without a bias, so padding after it is padding before it.
    """
    if not chains:
        return steps
    found: list[Step] = []
    for step in steps:
        factor = chains.get(step.name) if isinstance(step, Convolve) else None
        if factor is None or not isinstance(step, Convolve):
            found.append(step)
            continue
        name = step.name
        found.append(Convolve(f"{name}.reduced", step.source, f"{name}.reduce"))
        core = replace(step, source=f"{name}.reduced", depthwise=factor.form == "cp")
        if factor.form == "svd":
            found.append(core)
            continue
        found.append(replace(core, name=f"{name}.core", bias=None))
        found.append(Convolve(name, f"{name}.core", f"{name}.expand", step.bias))
    return tuple(found)


class _Builder:
    """Adds steps; every method returns the name of the value that it made."""

    def __init__(self, config: TranslationConfig) -> None:
        self.config = config
        self.steps: list[Step] = []
        self.labels: dict[int, str] = {1: INPUT}

    def add(self, step: Step) -> str:
        self.steps.append(step)
        return step.name

    def norm(self, x: str, name: str, kind: Norm) -> str:
        if kind == "none":
            return x
        weight, bias = (None, None) if kind == "instance" else (f"{name}.weight", f"{name}.bias")
        if kind == "batch":
            return self.add(
                Normalise(name, x, "batch", weight, bias, f"{name}.mean", f"{name}.var")
            )
        return self.add(Normalise(name, x, "instance", weight, bias))

    def separable(self, x: str, name: str, padding: int) -> str:
        """Depthwise, norm, pointwise; all with biases."""
        deep, point = f"{name}.depthwise", f"{name}.pointwise"
        x = self.add(
            Convolve(deep, x, f"{deep}.weight", f"{deep}.bias", padding=padding, depthwise=True)
        )
        x = self.norm(x, f"{name}.inner_norm", self.config.inner_norm)
        return self.add(Convolve(point, x, f"{point}.weight", f"{point}.bias"))

    def resnet(self, sizes: ResNetSizes) -> None:
        x = INPUT
        if self.config.settings.clamp_input:
            x = self.add(Activate("clamped", x, "clamp"))
        x = self.add(Reflect("stem.padded", x, 3))
        x = self._layer(x, "stem", sizes)
        for i in range(len(sizes.down)):
            x = self._layer(x, f"down.{i}", sizes, stride=2, padding=1)
        for k in range(len(sizes.blocks)):
            y = self._half_block(x, f"blocks.{k}.0", sizes)
            y = self.add(Activate(f"blocks.{k}.0.active", y, "relu"))
            y = self._half_block(y, f"blocks.{k}.1", sizes)
            x = self.add(Add(f"blocks.{k}", x, y))
        for i in range(len(sizes.up)):
            name = f"up.{i}"
            bias = f"{name}.bias" if sizes.bias else None
            x = self.add(ConvolveUp(name, x, f"{name}.weight", bias, output_padding=1))
            x = self.norm(x, f"{name}.norm", sizes.norm)
            x = self.add(Activate(f"{name}.active", x, "relu"))
        x = self.add(Reflect("head.padded", x, 3))
        x = self.add(Convolve("head", x, "head.weight", "head.bias"))
        self.add(Activate(PICTURE, x, "tanh"))

    def _layer(
        self, x: str, name: str, sizes: ResNetSizes, *, stride: int = 1, padding: int = 0
    ) -> str:
        bias = f"{name}.bias" if sizes.bias else None
        x = self.add(Convolve(name, x, f"{name}.weight", bias, stride, padding))
        x = self.norm(x, f"{name}.norm", sizes.norm)
        return self.add(Activate(f"{name}.active", x, "relu"))

    def _half_block(self, x: str, name: str, sizes: ResNetSizes) -> str:
        padding = 1
        if sizes.padding == "reflect":
            x, padding = self.add(Reflect(f"{name}.padded", x, 1)), 0
        if sizes.separable:
            x = self.separable(x, name, padding)
        else:
            bias = f"{name}.bias" if sizes.bias else None
            x = self.add(Convolve(name, x, f"{name}.weight", bias, padding=padding))
        return self.norm(x, f"{name}.norm", sizes.norm)

    def unet(self, sizes: UNetSizes) -> None:
        x, skips = INPUT, []
        for i in range(sizes.depth):
            name = f"down.{i}"
            if i > 0:
                x = self.add(Activate(f"{name}.active", x, "leaky"))
            bias = f"{name}.bias" if sizes.bias else None
            x = self.add(Convolve(name, x, f"{name}.weight", bias, stride=2, padding=1))
            if 0 < i < sizes.depth - 1:
                x = self.norm(x, f"{name}.norm", sizes.norm)
            skips.append(x)
        skips.pop()
        for i in range(sizes.depth):
            name, last = f"up.{i}", i == sizes.depth - 1
            x = self.add(Activate(f"{name}.active", x, "relu"))
            bias = f"{name}.bias" if sizes.bias or last else None
            x = self.add(ConvolveUp(name, x, f"{name}.weight", bias, output_padding=0))
            if not last:
                x = self.norm(x, f"{name}.norm", sizes.norm)
                x = self.add(Join(f"{name}.joined", skips.pop(), x))
        self.add(Activate(PICTURE, x, "tanh"))

    def spade(self, sizes: SpadeSizes) -> None:
        doublings, blocks = self.config.doublings, len(sizes.blocks)
        left = 1 << doublings  # how much smaller than the label map the value is
        x = self.add(Convolve("first", self._shrunk(left), "first.weight", "first.bias", padding=1))
        # The last blocks double before each of them; with five doublings the second middle block
        # follows the first at the same size.
        silent = {0} if doublings == blocks - 1 else {0, 2}
        for k in range(blocks):
            if k not in silent:
                x, left = self.add(Double(f"doubled.{k}", x)), left // 2
            x = self._spade_block(x, k, sizes, left)
        x = self.add(Activate("last.active", x, "leaky"))
        x = self.add(Convolve("last", x, "last.weight", "last.bias", padding=1))
        self.add(Activate(PICTURE, x, "tanh"))

    def _shrunk(self, factor: int) -> str:
        if factor not in self.labels:
            self.labels[factor] = self.add(Shrink(f"labels.{factor}", INPUT, factor))
        return self.labels[factor]

    def _spade_block(self, x: str, k: int, sizes: SpadeSizes, left: int) -> str:
        name, straight = f"blocks.{k}", x
        if sizes.blocks[k].shortcut:
            straight = self._modulated(x, f"{name}.norm_shortcut", sizes, left)
            weight = f"{name}.shortcut.weight"
            straight = self.add(Convolve(f"{name}.shortcut", straight, weight))
        for part in (0, 1):
            convolution = f"{name}.conv{part}"
            x = self._modulated(x, f"{name}.norm{part}", sizes, left)
            x = self.add(Activate(f"{convolution}.active", x, "leaky"))
            x = self.add(
                Convolve(convolution, x, f"{convolution}.weight", f"{convolution}.bias", padding=1)
            )
        return self.add(Add(name, straight, x))

    def _modulated(self, x: str, name: str, sizes: SpadeSizes, left: int) -> str:
        if sizes.norm == "batch":
            normed = self.add(
                Normalise(f"{name}.free", x, "batch", mean=f"{name}.mean", var=f"{name}.var")
            )
        else:
            normed = self.add(Normalise(f"{name}.free", x, "instance"))
        pad = sizes.kernel // 2
        shared = f"{name}.shared"
        hidden = self.add(
            Convolve(shared, self._shrunk(left), f"{shared}.weight", f"{shared}.bias", padding=pad)
        )
        hidden = self.add(Activate(f"{shared}.active", hidden, "relu"))
        made = []
        for part in (f"{name}.gamma", f"{name}.beta"):
            if sizes.separable:
                made.append(self.separable(hidden, part, pad))
            else:
                made.append(
                    self.add(Convolve(part, hidden, f"{part}.weight", f"{part}.bias", padding=pad))
                )
        return self.add(Modulate(name, normed, made[0], made[1]))
