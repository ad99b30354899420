"""What the layers of a denoiser give along runs, and how much its answers depend on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils import _pytree as pytree

from studio.subnets.denoisers.calls import Call, first_tensor, outcome
from studio.subnets.denoisers.clones import twin

PROBES = 2  # perturbations of each answer
Progress = Callable[[float, str], None]
Hook = Callable[[nn.Module, Tensor, Tensor], None]


def by_outputs(weight: Tensor) -> bool:
    """Whether second moments of a layer are those of its outputs; where it has fewer inputs, theirs
    are smaller and say as much."""
    return weight[0, 0].numel() > 1 or weight.shape[0] <= weight.shape[1]


def moment_size(weight: Tensor) -> int:
    """Numbers in the second moments of a layer."""
    return int(weight.shape[0] if by_outputs(weight) else weight.shape[1]) ** 2


def places(network: nn.Module, names: Sequence[str], call: Call) -> dict[str, float]:
    """How often each layer multiplies a vector of channels in one call, at batch 1."""
    found: dict[str, float] = {}

    def count(layer: nn.Module, given: Tensor, made: Tensor) -> None:
        outputs = made.shape[1 if isinstance(layer, nn.Conv2d) else -1]
        name = of[layer]
        found[name] = found.get(name, 0.0) + made.numel() / outputs / made.shape[0]

    of = {network.get_submodule(name): name for name in names}
    with _watched(of, count):
        outcome(network, call)
    return found


def moments(
    network: nn.Module, names: Sequence[str], calls: Sequence[Call], progress: Progress
) -> dict[str, Tensor]:
    """Second moments, float64, in the mean of all places and calls: (o, o) of what a layer gives
    without its bias, or (i, i) of what it reads (:func:`by_outputs`).

    Args:
        progress: told a fraction and a line of text; may raise to stop.
    """
    sums: dict[str, Tensor] = {}
    counts: dict[str, int] = {}

    def add(layer: nn.Module, given: Tensor, made: Tensor) -> None:
        own: Any = layer
        seen = made if by_outputs(own.weight) else given
        rows = seen.detach().transpose(0, 1).flatten(1) if seen.ndim == 4 else _rows(seen)
        if by_outputs(own.weight) and own.bias is not None:
            rows = rows - own.bias.detach()[:, None]
        rows = rows.double()
        name = of[layer]
        square = rows @ rows.T
        sums[name] = sums[name] + square if name in sums else square
        counts[name] = counts.get(name, 0) + rows.shape[1]

    of = {network.get_submodule(name): name for name in names}
    with _watched(of, add):
        for number, call in enumerate(calls):
            progress(number / len(calls), f"looking at step {number + 1} of {len(calls)}")
            outcome(network, call)
    return {name: total / counts[name] for name, total in sums.items()}


def sensitivities(
    network: nn.Module, names: Sequence[str], calls: Sequence[Call], seed: int, progress: Progress
) -> dict[str, float]:
    """By how much the answers change, relatively and squared, for each unit of energy that is taken
    from one channel at every place of a layer's output: the mean of ``|dF/dy|^2`` by random probes
    (see :mod:`plugins.prune.importance`), as if errors were spread evenly over channels.

    Args:
        progress: told a fraction and a line of text; may raise to stop.
    """
    own: Any = twin(network)
    if getattr(own, "_supports_gradient_checkpointing", False):
        own.enable_gradient_checkpointing()  # a big one's activations would fill the memory
    generator = torch.Generator().manual_seed(seed)
    totals = dict.fromkeys(names, 0.0)
    weight = 0.0  # of the squares that are taken down, set for every call

    def note(layer: nn.Module, given: Tensor, made: Tensor) -> None:
        outputs = made.shape[1 if made.ndim == 4 else -1]
        name = of[layer]

        def slope(gradient: Tensor) -> None:
            totals[name] += weight * float(gradient.double().square().sum()) / outputs

        if not made.requires_grad:  # what follows from the timestep alone
            made.requires_grad_()
        made.register_hook(slope)

    of = {own.get_submodule(name): name for name in names}
    for number, call in enumerate(calls):
        progress(number / len(calls), f"differentiating step {number + 1} of {len(calls)}")
        # What was taken down in inference mode cannot be differentiated, copies of it can.
        args, kwargs = pytree.tree_map_only(Tensor, _open, (call.args, dict(call.kwargs)))
        with torch.enable_grad(), _watched(of, note):
            answer = first_tensor(own(*args, **kwargs)).float()
            size = float(answer.detach().double().square().sum()) or 1.0
            weight = 1 / (size * PROBES * len(calls))
            for probe in range(PROBES):
                v = torch.randn(answer.shape, generator=generator)
                (answer * v).sum().backward(retain_graph=probe + 1 < PROBES)
    return totals


def _open(tensor: Tensor) -> Tensor:
    copy = tensor.clone()
    return copy.requires_grad_() if copy.is_floating_point() else copy


def _rows(x: Tensor) -> Tensor:
    """(..., c) as (c, places)."""
    return x.detach().reshape(-1, x.shape[-1]).T


@contextmanager
def _watched(layers: Mapping[nn.Module, str], hook: Hook) -> Iterator[None]:
    def called(layer: nn.Module, args: tuple[Tensor, ...], made: Tensor) -> None:
        hook(layer, args[0], made)

    handles = [layer.register_forward_hook(called) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
