"""What the layers of a traced network read while it runs: ranges of activations, and their means.

The network runs in PyTorch on its own weights, one calibration input after the other, and what a
layer reads is looked at when it is there. Nothing is kept but a few numbers a layer, so the memory
is that of drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from studio.families.portable import Feeds, PortableNetwork
from studio.families.quantization import QuantPlan
from studio.families.traced import layer_modules
from studio.runtimes.traced.rounding import Floats

LEVELS = 256
SMALLEST = 1e-6  # of a range: a layer that reads nothing but zeros
MOST_SORTED = 1 << 18  # values of one activation that a percentile is taken over


@dataclass(frozen=True)
class Seen:
    """What a layer read.

    Args:
        low, high: the range, by the plan's estimator.
        lows, highs: smallest and largest value by channel of its input (c,).
        means: mean by channel (c,).
        reads: name of the first layer that was given the very same tensor; layers of one name
            here, such as queries, keys and values, share what their input becomes.
    """

    low: float
    high: float
    lows: Floats
    highs: Floats
    means: Floats
    reads: str = ""


def ends_of(seen: Seen, settings: QuantPlan) -> tuple[float, float]:
    """The first and the last of 256 levels, of which one is 0."""
    most = max(abs(seen.low), abs(seen.high), SMALLEST)
    if settings.activations == "symmetric":
        return (0.0, most) if seen.low >= 0 else (-most * LEVELS / (LEVELS - 2), most)
    low, high = min(seen.low, 0.0), max(seen.high, 0.0, SMALLEST)
    zero = round(-low / (high - low) * (LEVELS - 1))
    if 0 < zero < LEVELS - 1:
        step = max(-low / zero, high / (LEVELS - 1 - zero))
        low, high = -zero * step, (LEVELS - 1 - zero) * step
    return low, high


class _Watched:
    """Running figures of one layer."""

    def __init__(self, settings: QuantPlan, axis: int) -> None:
        self._settings, self._axis = settings, axis
        self._low, self._high = float("inf"), float("-inf")
        self._sum: Tensor | None = None
        self._lows: Tensor | None = None
        self._highs: Tensor | None = None
        self._runs = 0

    def look(self, values: Tensor) -> None:
        """Take in what it reads once."""
        values = values.detach()
        axis = self._axis % values.ndim
        others = [each for each in range(values.ndim) if each != axis]
        lows, highs = values.amin(dim=others).float(), values.amax(dim=others).float()
        low, high = self._range(values, lows, highs)
        self._low, self._high = min(self._low, low), max(self._high, high)
        mean = values.mean(dim=others, dtype=torch.float32)
        self._sum = mean if self._sum is None else self._sum + mean
        self._lows = lows if self._lows is None else torch.minimum(self._lows, lows)
        self._highs = highs if self._highs is None else torch.maximum(self._highs, highs)
        self._runs += 1

    def _range(self, values: Tensor, lows: Tensor, highs: Tensor) -> tuple[float, float]:
        if self._settings.estimator == "min-max" or values.numel() < 2:
            return float(lows.min()), float(highs.max())
        flat = values.flatten()
        flat = flat[:: max(1, flat.numel() // MOST_SORTED)].float()
        share = self._settings.percentile / 100
        if self._settings.activations == "symmetric":
            most = float(torch.quantile(flat.abs(), share))
            return max(-most, float(flat.min())), min(most, float(flat.max()))
        ends = torch.quantile(flat, torch.tensor([1 - share, share]))
        return float(ends[0]), float(ends[1])

    def seen(self, reads: str) -> Seen:
        assert self._sum is not None
        assert self._lows is not None
        assert self._highs is not None
        means = (self._sum / self._runs).numpy()
        return Seen(self._low, self._high, self._lows.numpy(), self._highs.numpy(), means, reads)


class _Readers:
    """Which layers are given the very same tensor, one after the other."""

    def __init__(self) -> None:
        self._last: tuple[str, Tensor] | None = None
        self.first: dict[str, str] = {}

    def look(self, name: str, values: Tensor) -> None:
        if self._last is not None and self._last[1] is values:
            self.first.setdefault(name, self._last[0])
        else:
            self._last = name, values
            self.first.setdefault(name, name)

    def forget(self) -> None:
        """Let go of what was read last."""
        self._last = None


def seen_by_layers(
    network: PortableNetwork,
    module: nn.Module,
    layers: Sequence[str],
    feeds: Feeds,
    settings: QuantPlan,
    between: Callable[[], None] = lambda: None,
    attention: AbstractContextManager[object] | None = None,
) -> Mapping[str, Seen]:
    """Run the network on every calibration input and tell what its layers read.

    Args:
        module: of the network, in float32 on the CPU. layers: names of convolutions and linear
            layers; those that no input reaches are left out.
        between: called before every run; may raise to stop.
        attention: what looks at attentions meanwhile (``attention.Watch``).
    """
    watched: dict[str, _Watched] = {}
    readers = _Readers()

    def look(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def hook(_: nn.Module, given: tuple[Tensor, ...]) -> None:
            readers.look(name, given[0])
            watched[name].look(given[0])

        return hook

    hooks = []
    for name, layer in layer_modules(module, layers).items():
        watched[name] = _Watched(settings, 1 if isinstance(layer, nn.Conv2d) else -1)
        hooks.append(layer.register_forward_pre_hook(look(name)))
    try:
        with torch.inference_mode(), attention or nullcontext():
            for feed in feeds:
                between()
                module(*(torch.from_numpy(np.asarray(feed[p.name])) for p in network.inputs))
                readers.forget()
    finally:
        for hook in hooks:
            hook.remove()
    return {name: each.seen(readers.first[name]) for name, each in watched.items() if each._runs}
