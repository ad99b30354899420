"""The steps of a translation network in PyTorch; gradients pass through."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional

from studio.families.translation.steps import (
    EPSILON,
    INPUT,
    LEAK,
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
    last_uses,
)

Tensors = Mapping[str, Tensor]


def run(
    steps: tuple[Step, ...],
    tensors: Tensors,
    x: Tensor,
    between: Callable[[], None] | None = None,
    keep: Mapping[str, Callable[[Tensor], None]] | None = None,
    batch: Callable[[Normalise, Tensor], None] | None = None,
    reads: Callable[[Convolve | ConvolveUp, Tensor], Tensor] | None = None,
) -> Tensor:
    """Run a network on pictures or label maps (n, inputs, h, w).

    Args:
        steps: from ``program``. tensors: by name, of the widths that the steps were made for.
        between: called before every convolution; may raise to stop.
        keep: takes the values of the steps it names, for losses on intermediate activations.
        batch: makes batch norms use the statistics of what goes through them, as in training, and
            is told each of them with that value.
        reads: is shown what every convolution reads, and gives what it is to read instead.
    """
    values = {INPUT: x}
    dropped = last_uses(steps)
    for step in steps:
        if between is not None and isinstance(step, Convolve | ConvolveUp):
            between()
        if batch is not None and isinstance(step, Normalise) and step.kind == "batch":
            made = _by_batch(step, values[step.source], tensors)
            batch(step, values[step.source])
        else:
            x = values[step.source]
            if reads is not None and isinstance(step, Convolve | ConvolveUp):
                x = reads(step, x)
            made = _made(step, x, values, tensors)
        if keep is not None and step.name in keep:
            keep[step.name](made)
        values[step.name] = made
        for name in dropped.get(step.name, ()):
            del values[name]
    return values[PICTURE]


def _made(step: Step, x: Tensor, values: dict[str, Tensor], tensors: Tensors) -> Tensor:
    """What a step makes of ``x``, its first source, and of others."""
    match step:
        case Convolve():
            bias = None if step.bias is None else tensors[step.bias]
            groups = x.shape[1] if step.depthwise else 1
            return functional.conv2d(
                x, tensors[step.weight], bias, step.stride, step.padding, groups=groups
            )
        case ConvolveUp():
            bias = None if step.bias is None else tensors[step.bias]
            return functional.conv_transpose2d(
                x, tensors[step.weight], bias, 2, 1, output_padding=step.output_padding
            )
        case Reflect():
            a = step.amount
            return functional.pad(x, (a, a, a, a), mode="reflect")
        case Normalise():
            return _normalised(step, x, tensors)
        case Activate():
            return _active(step, x)
        case Add():
            return x + values[step.other]
        case Join():
            return torch.cat((x, values[step.other]), dim=1)
        case Double():
            return functional.interpolate(x, scale_factor=2.0, mode="nearest")
        case Shrink():
            return x[:, :, :: step.factor, :: step.factor]
        case Modulate():
            return x * (1 + values[step.gamma]) + values[step.beta]


def _normalised(step: Normalise, x: Tensor, tensors: Tensors) -> Tensor:
    weight = None if step.weight is None else tensors[step.weight]
    bias = None if step.bias is None else tensors[step.bias]
    if step.mean is None or step.var is None:
        return functional.instance_norm(x, weight=weight, bias=bias, eps=EPSILON)
    return functional.batch_norm(
        x, tensors[step.mean], tensors[step.var], weight, bias, training=False, eps=EPSILON
    )


def _by_batch(step: Normalise, x: Tensor, tensors: Tensors) -> Tensor:
    weight = None if step.weight is None else tensors[step.weight]
    bias = None if step.bias is None else tensors[step.bias]
    return functional.batch_norm(x, None, None, weight, bias, training=True, eps=EPSILON)


def _active(step: Activate, x: Tensor) -> Tensor:
    if step.kind == "relu":
        return functional.relu(x)
    if step.kind == "leaky":
        return functional.leaky_relu(x, LEAK)
    return x.tanh() if step.kind == "tanh" else x.clamp(-1, 1)
