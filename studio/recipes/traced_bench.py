"""How much layers of a traced network lose by int8, and which to leave in float for a budget.

The network runs in PyTorch on real calls, and layers are rounded as the runtimes round them: the
same ranges, smoothing, bias correction and attention. What is told is the relative error of the
output, as decibels of signal to noise: 26 dB are 5%, 40 dB are 1%.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from studio.families.portable import Feeds, PortableNetwork
from studio.families.quantization import QuantPlan
from studio.families.traced import layer_modules
from studio.recipes.scan import LayerDamage, Proposal, Sensitivity
from studio.runtimes.traced.attention import Rounded, Watch
from studio.runtimes.traced.ranges import LEVELS, ends_of, seen_by_layers
from studio.runtimes.traced.rounding import rounded, shift_of
from studio.runtimes.traced.smoothing import even, factors_of

Progress = Callable[[float, str], None]
RANGES = 0.3  # of the progress


def as_decibels(error: float) -> float | None:
    """A relative error as decibels of signal to noise; None for none at all."""
    return -20 * math.log10(error) if error > 0 else None


def as_error(decibels: float | None) -> float:
    """The relative error of so many decibels of signal to noise."""
    return 0.0 if decibels is None else 10 ** (-decibels / 20)


@dataclass
class TracedBench:
    """A network with the ranges of what its layers read, and calls to judge by.

    Args:
        network: traced, with a quantisation, whose plan says how ranges are found.
        names: the layers that may be asked for.
        calls: how many of the calls that ranges are found over errors are told over.
        prefix: what names have before those of the network's layers, or not.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
    """

    network: PortableNetwork
    names: tuple[str, ...]
    calls: int = 3
    prefix: str = ""
    progress: Progress = lambda fraction, text: None
    tests: Feeds = ()
    _wanted: list[Tensor] = field(default_factory=list)

    def __post_init__(self) -> None:
        assert self.network.quantisation is not None
        self._settings: QuantPlan = self.network.quantisation.plan
        self._module = self.network.module()
        inner = {name: name.removeprefix(self.prefix) for name in self.names}
        self._layers = self.modules(self.names)
        feeds = self.network.quantisation.feeds()
        done = 0

        def between() -> None:
            nonlocal done
            self.progress(RANGES * done / len(feeds), "ranges of activations")
            done += 1

        watch = Watch(self._module) if self._settings.attention else None
        found = seen_by_layers(
            self.network,
            self._module,
            tuple(inner.values()),
            feeds,
            self._settings,
            between,
            watch,
        )
        self._seen = {name: found[own] for name, own in inner.items() if own in found}
        self._attended = {} if watch is None else watch.found()
        self._factors = factors_of(self._seen, self._layers, self._settings)
        # Every so many, so that beginnings and ends of trajectories are among them.
        self.tests = feeds[:: max(1, -(-len(feeds) // self.calls))]
        self._wanted = [self._run(feed) for feed in self.tests]
        macs = {layer.name: layer.macs for layer in self.network.layers}
        total = max(1, self.network.macs)
        self._macs = {name: macs.get(own, 0) / total for name, own in inner.items()}

    def modules(self, names: Sequence[str]) -> dict[str, nn.Module]:
        """The layers of those names."""
        own = layer_modules(self._module, [name.removeprefix(self.prefix) for name in names])
        return {name: own[name.removeprefix(self.prefix)] for name in names}

    def share(self, names: Collection[str]) -> float:
        """Of the network's multiplies that those layers hold."""
        return sum(self._macs[name] for name in names)

    def error(self, names: Collection[str], *, attention: bool = True) -> float:
        """Relative error of the output with those layers in int8, over all tests.

        Args:
            attention: the products inside of attentions run as the plan says.
        """
        with self._rounded(names, attention and bool(names)):
            made = [self._run(feed) for feed in self.tests]
        return _relative(made, self._wanted)

    def psnr(self, names: Collection[str]) -> float | None:
        """The same as decibels of signal to noise; None when nothing changed."""
        return as_decibels(self.error(names))

    def scan(self, names: Sequence[str] | None = None) -> Sensitivity:
        """Each layer's own damage, and that of all of them together."""
        names = self.names if names is None else tuple(names)
        layers = []
        for number, name in enumerate(names):
            self.progress(RANGES + (1 - RANGES) * number / len(names), f"{name} alone in int8")
            error = self.error((name,), attention=False)
            layers.append(LayerDamage(name, as_decibels(error), error**2, self._macs[name]))
        return Sensitivity(tuple(layers), self.psnr(names), len(self._wanted))

    def _run(self, feed: Mapping[str, Any]) -> Tensor:
        return _called(self.network, self._module, feed)

    @contextmanager
    def _rounded(self, names: Collection[str], attention: bool) -> Iterator[None]:
        hooks = []
        for name in names:
            if name in self._seen:
                hooks += self._hooked(name, self._layers[name])
        mode: Any = nullcontext()
        if attention and self._attended:
            mode = Rounded(self._module, self._attended, self._settings.attention)
        try:
            with mode:
                yield
        finally:
            for hook in hooks:
                hook.remove()

    def _hooked(self, name: str, layer: nn.Module) -> list[Any]:
        """Hooks by which a layer computes in int8; its weight is rounded anew each time, so that
        no second copy of a large network is kept."""
        seen, factors = self._seen[name], self._factors.get(name)
        if factors is not None:
            seen = even(seen, factors)
        low, high = ends_of(seen, self._settings)
        step = (high - low) / (LEVELS - 1)
        conv = isinstance(layer, nn.Conv2d)
        divided = None
        if factors is not None:
            divided = torch.from_numpy(factors)
            divided = divided[:, None, None] if conv else divided
        weight = layer.weight
        assert isinstance(weight, Tensor)
        shift: list[Tensor] = []

        def before(module: nn.Module, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
            plain = weight.detach().float().numpy()
            made = rounded(plain, factors)
            shift[:] = []
            if self._settings.bias_correction:
                shift.append(torch.from_numpy(shift_of(plain, made, seen.means, factors)))
            numbers = torch.from_numpy(made.numbers * made.scale)
            module.weight = nn.Parameter(numbers, requires_grad=False)
            x = given[0] if divided is None else given[0] / divided
            x = (((x - low) / step).round() * step + low).clamp(low, high)
            return (x, *given[1:])

        def after(module: nn.Module, _given: object, made: Tensor) -> Tensor:
            module.weight = weight
            if not shift:
                return made
            return made - (shift[0][:, None, None] if conv else shift[0])

        return [layer.register_forward_pre_hook(before), layer.register_forward_hook(after)]


def within_budget(
    bench: TracedBench, candidates: Sequence[str], budget: float, found: Sensitivity | None = None
) -> Proposal:
    """Leave the worst layers in float until the output error is predicted to hold.

    Errors of layers are taken as independent to find how many that are, and what is left is then
    run together; while that is too much, more are left.

    Args:
        candidates: layers that may run in int8. budget: largest relative error of the output.
        found: a scan of them, if there is one already; else it is made if need be.
    """
    left, error = list(candidates), bench.error(candidates)
    kept: list[str] = []
    if error > budget:
        damage = found or bench.scan(candidates)
        worst = [each for each in damage.worst_first if each.name in set(candidates)]
        while error > budget and worst:
            ours = sum(each.error for each in worst)
            aim = ours * (budget / error) ** 2
            while worst and ours > aim:  # at least one
                ours -= worst[0].error
                kept.append(worst.pop(0).name)
            left = [name for name in candidates if name not in set(kept)]
            error = bench.error(left)
    return Proposal(tuple(kept), as_decibels(error), bench.share(left), error <= budget)


def apart(network: PortableNetwork, wanted: nn.Module, given: nn.Module, feeds: Feeds) -> float:
    """Relative error of the first output of one module against another's, over calls."""
    return _relative(
        [_called(network, given, feed) for feed in feeds],
        [_called(network, wanted, feed) for feed in feeds],
    )


def _called(network: PortableNetwork, module: nn.Module, feed: Mapping[str, Any]) -> Tensor:
    given = (torch.from_numpy(np.asarray(feed[port.name])) for port in network.inputs)
    with torch.inference_mode():
        made = module(*given)
    first: Tensor = made[0] if isinstance(made, tuple | list) else made
    return first.float()


def _relative(made: Sequence[Tensor], wanted: Sequence[Tensor]) -> float:
    off = sum(float((m - w).square().sum()) for m, w in zip(made, wanted, strict=True))
    return math.sqrt(off / max(sum(float(w.square().sum()) for w in wanted), 1e-30))
