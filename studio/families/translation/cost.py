"""What a translation network costs: weights and multiplies, from its steps. Imports no torch.

Two counts of multiply-accumulates (MACs) for one picture, because papers and hardware disagree:

* ``macs``: the multiplies that the network really needs. A transposed convolution of stride 2
  touches each *input* pixel once per weight. Included: convolutions, instance norms (two a value:
  squares for the spread, and the scale), batch norms and SPADE's modulation (one a value). Not
  included: biases, paddings and activations, which only add, compare or look up.
* ``paper_macs``: the count of Li et al. 2020 (GAN Compression, table 1: 56.8 G for the CycleGAN
  generator at 256 px, 281 G for GauGAN at 512 x 256), which a tracing profiler gives:
  convolutions alone, each charged for its *output* size, so that a transposed one counts four
  times its real work.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from studio.checkpoints.translation_sizes import Shape
from studio.families.portable import LayerMacs
from studio.families.translation.config import TranslationConfig
from studio.families.translation.program import program
from studio.families.translation.steps import (
    INPUT,
    Convolve,
    ConvolveUp,
    Double,
    Join,
    Modulate,
    Normalise,
    Reflect,
    Shrink,
    Step,
    last_uses,
    sources,
)

Size = tuple[int, int, int]  # channels, height, width
_STATISTICS = (".mean", ".var")


@dataclass(frozen=True)
class TranslationCost:
    """The cost of one network or subnet at batch 1.

    Args:
        parameters: trainable weights. size_bytes: those and statistics of batch norms in float32.
        macs: true multiply-accumulates. paper_macs: what papers report (see the module).
        layers: every convolution with its true multiplies. paper_layers: what papers report of
            each.
        activations: largest number of values alive at once.
    """

    parameters: int
    size_bytes: int
    macs: int
    paper_macs: int
    layers: tuple[LayerMacs, ...]
    paper_layers: tuple[int, ...]
    activations: int


def cost(config: TranslationConfig, height: int, width: int) -> TranslationCost:
    """Add up a network for pictures of ``height`` and ``width`` pixels."""
    shapes = config.sizes.shapes()
    steps = program(config)
    values = value_sizes(steps, shapes, config.sizes.inputs, height, width)
    layers, papers, rest = [], [], 0
    for step in steps:
        before, after = values[step.source], values[step.name]
        if isinstance(step, Convolve | ConvolveUp):
            a, b, k, _ = shapes[step.weight]
            taps = a * b * k * k  # of a depthwise one, b is 1
            seen = before if isinstance(step, ConvolveUp) else after
            layers.append(LayerMacs(step.name, taps * seen[1] * seen[2], taps))
            papers.append(taps * after[1] * after[2])
        elif isinstance(step, Normalise):
            rest += math.prod(after) * (2 if step.kind == "instance" else 1)
        elif isinstance(step, Modulate):
            rest += math.prod(after)
    stored = sum(math.prod(shape) for shape in shapes.values())
    statistics = sum(math.prod(s) for name, s in shapes.items() if name.endswith(_STATISTICS))
    return TranslationCost(
        parameters=stored - statistics,
        size_bytes=4 * stored,
        macs=rest + sum(layer.macs for layer in layers),
        paper_macs=sum(papers),
        layers=tuple(layers),
        paper_layers=tuple(papers),
        activations=_most_alive(steps, values),
    )


def value_sizes(
    steps: tuple[Step, ...], shapes: Mapping[str, Shape], inputs: int, height: int, width: int
) -> dict[str, Size]:
    """Channels, height and width of the input and of every value."""
    values: dict[str, Size] = {INPUT: (inputs, height, width)}
    for step in steps:
        c, h, w = values[step.source]
        match step:
            case Convolve():
                c, _, k, _ = shapes[step.weight]
                h, w = ((n + 2 * step.padding - k) // step.stride + 1 for n in (h, w))
            case ConvolveUp():
                c, h, w = shapes[step.weight][1], 2 * h, 2 * w
            case Reflect():
                h, w = h + 2 * step.amount, w + 2 * step.amount
            case Join():
                c += values[step.other][0]
            case Double():
                h, w = 2 * h, 2 * w
            case Shrink():
                h, w = -(-h // step.factor), -(-w // step.factor)
            case _:
                pass
        values[step.name] = (c, h, w)
    return values


def _most_alive(steps: tuple[Step, ...], values: Mapping[str, Size]) -> int:
    alive = {INPUT: math.prod(values[INPUT])}
    most, dropped = 0, last_uses(steps)
    for step in steps:
        assert all(source in alive for source in sources(step))
        alive[step.name] = math.prod(values[step.name])
        most = max(most, sum(alive.values()))
        for name in dropped.get(step.name, ()):
            del alive[name]
    return most
