"""A translation network as a list of steps: the one description that PyTorch, ONNX and the counts
of multiplies follow. Imports no torch.

Every step has a name, which is also the name of the value it makes; ``source`` and the like name
values made before, and ``INPUT`` is what goes into the network. Tensors are named as in a file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

INPUT = "input"
PICTURE = "picture"
EPSILON = 1e-5  # of every norm
LEAK = 0.2


@dataclass(frozen=True)
class Convolve:
    """A convolution; ``depthwise`` has one filter a channel. ``padding`` is with zeros."""

    name: str
    source: str
    weight: str
    bias: str | None = None
    stride: int = 1
    padding: int = 0
    depthwise: bool = False


@dataclass(frozen=True)
class ConvolveUp:
    """A transposed convolution of stride 2 whose output is twice as large as its input."""

    name: str
    source: str
    weight: str
    bias: str | None
    output_padding: int


@dataclass(frozen=True)
class Reflect:
    """Reflection padding by ``amount`` pixels on all sides."""

    name: str
    source: str
    amount: int


@dataclass(frozen=True)
class Normalise:
    """A norm: by the picture's own spread, or by stored statistics (``batch``).

    ``weight`` and ``bias`` are names of tensors, or None where it has none.
    """

    name: str
    source: str
    kind: Literal["instance", "batch"]
    weight: str | None = None
    bias: str | None = None
    mean: str | None = None
    var: str | None = None


@dataclass(frozen=True)
class Activate:
    """A pointwise function: ``clamp`` limits to [-1, 1]."""

    name: str
    source: str
    kind: Literal["relu", "leaky", "tanh", "clamp"]


@dataclass(frozen=True)
class Add:
    """The sum of two values."""

    name: str
    source: str
    other: str


@dataclass(frozen=True)
class Join:
    """The channels of ``source``, then those of ``other``."""

    name: str
    source: str
    other: str


@dataclass(frozen=True)
class Double:
    """Twice as high and wide, every pixel repeated."""

    name: str
    source: str


@dataclass(frozen=True)
class Shrink:
    """The first of every ``factor`` pixels, down and across: nearest neighbour."""

    name: str
    source: str
    factor: int


@dataclass(frozen=True)
class Modulate:
    """``source * (1 + gamma) + beta`` (Park et al. 2019, equation 1)."""

    name: str
    source: str
    gamma: str
    beta: str


Step = (
    Convolve | ConvolveUp | Reflect | Normalise | Activate | Add | Join | Double | Shrink | Modulate
)


def is_convolution(step: Step) -> bool:
    """Whether a step has a kernel."""
    return isinstance(step, Convolve | ConvolveUp)


def sources(step: Step) -> tuple[str, ...]:
    """Names of the values that a step reads."""
    if isinstance(step, Add | Join):
        return step.source, step.other
    if isinstance(step, Modulate):
        return step.source, step.gamma, step.beta
    return (step.source,)


def without_idle_biases(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The same network without the biases that an instance norm takes away again.

    It is worth more than the additions: where all of a channel is one value, what is left of that
    value by rounding is divided by the root of ``EPSILON``. Runtimes that add up in float32 draw
    0.001 beside the picture then; without the bias the value is 0.
    """
    readers: dict[str, list[Step]] = {}
    for step in steps:
        for source in sources(step):
            readers.setdefault(source, []).append(step)

    def idle(step: Step) -> bool:
        after = readers.get(step.name, [])
        return bool(after) and all(
            isinstance(reader, Normalise) and reader.kind == "instance" for reader in after
        )

    return tuple(
        replace(step, bias=None) if isinstance(step, Convolve | ConvolveUp) and idle(step) else step
        for step in steps
    )


def last_uses(steps: tuple[Step, ...]) -> dict[str, tuple[str, ...]]:
    """Step name to the values that nobody reads after it, so that their memory can go."""
    final: dict[str, str] = {}
    for step in steps:
        for source in sources(step):
            final[source] = step.name
    dropped: dict[str, list[str]] = {}
    for value, name in final.items():
        dropped.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in dropped.items()}
