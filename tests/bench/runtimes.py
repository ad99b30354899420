"""A generator of the size of StyleGAN2's config-f in every runtime, beside its original form.

Random weights, 1024 px. The yardstick is the same network in eager PyTorch as the original demos
run it, one grouped convolution a picture. All of them run in turn within one round, and so does a
plain product of matrices, which says what the machine can give in each precision.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.engine.adopting import planned
from studio.errors import BadChoice, RuntimeFailed
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.grouped import synthesise_grouped
from studio.families.stylegan.portable import PICTURE
from studio.processes.timing import timing_lock
from studio.runtimes.all import runtimes
from studio.runtimes.benchmark import accuracy
from studio.runtimes.cache import Cache
from studio.runtimes.compiling import compiled, ready
from studio.runtimes.contract import Arrays, Loaded, Plan
from studio.runtimes.target import DEFAULT_DEVICES, PYTORCH_CPU, Target
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import variant_name
from tests.bench.figures import Figure
from tests.bench.random_model import CONFIG_F, random_model
from tests.bench.rounds import (
    PRECISIONS,
    Rounds,
    Runner,
    Times,
    in_rounds,
    product,
    product_name,
    torch_threads,
)

GROUPED = "grouped convolution, PyTorch eager"
SPAN = 2.0  # pictures go from -1 to 1
SEEDS = (1, 2, 3)
LOADS = 5
CACHE_BYTES = 10**10


@dataclass(frozen=True)
class Case:
    """One subnet and how long it is timed.

    Args:
        turns: rounds over all networks. runs: how often each runs in a round, after one run that
            does not count.
        best, in_f32: how many times faster than the yardstick the fastest network is hoped to be,
            of any precision and in f32; at_most: milliseconds hoped for. Zero for none.
    """

    choice: SubnetChoice
    turns: int
    runs: int
    best: float = 0.0
    in_f32: float = 0.0
    at_most: float = 0.0


@dataclass(frozen=True)
class Settings:
    """What is measured: ``product`` is the side of the matrices, ``threads`` those there are."""

    config: StyleGanConfig
    cases: tuple[Case, ...]
    product: int = 2048
    threads: int = 2


def settings(quick: bool) -> Settings:
    """The figures of the README, or a fast look at them."""
    small = SubnetChoice(width=0.25, resolution=256)
    # The demos cut their networks by a rule of their own, which leaves low resolutions wider.
    demos = SubnetChoice(width=0.25, rule="anycost", resolution=256)
    turns, few = (2, 4) if quick else (6, 15)
    return Settings(
        CONFIG_F,
        (
            Case(SubnetChoice(), turns, 2, best=5.0, in_f32=2.4),
            Case(small, few, 4, best=4.0, at_most=15.0),
            Case(demos, few, 4, best=4.0, at_most=15.0),
        ),
    )


@dataclass(frozen=True)
class _Compiled:
    """A network on a target; seconds to compile it, and to load it from the cache."""

    target: Target
    network: Loaded
    plan: Plan
    compile: float
    loads: tuple[float, ...]

    @property
    def title(self) -> str:
        """Where it really runs."""
        place = self.network.placement
        return Target(self.target.runtime, "+".join(place.devices), place.precision).title


def figures(asked: Settings) -> Iterator[Figure]:
    """Every case on every target of this host's processor."""
    model = random_model(asked.config)
    for case in asked.cases:
        # Whoever compiles or times for the app meanwhile waits.
        with timing_lock(), tempfile.TemporaryDirectory() as folder:
            found = _measured(model, case, asked, Cache(Path(folder), CACHE_BYTES))
        yield from found


def offered(model: Model, choice: SubnetChoice, threads: int) -> list[Plan]:
    """A plan for the processor in every runtime that is installed, in each precision that it runs
    there. Eager PyTorch in f32 comes first: others are compared with it."""
    plans = []
    for each in runtimes():
        if each.version() is None:
            continue
        for precision in PRECISIONS:
            target = Target(each.name, DEFAULT_DEVICES[each.name], precision)
            try:
                plan = planned(model, choice, target, threads)
            except (BadChoice, RuntimeFailed):  # installed, and of no use on this host
                continue
            if not plan.refusals:
                plans.append(plan)
    return plans


def _measured(model: Model, case: Case, asked: Settings, cache: Cache) -> list[Figure]:
    plans = offered(model, case.choice, asked.threads)
    networks = [_compile(plan, cache) for plan in plans]
    try:
        threads = plans[0].threads
        with torch_threads(threads):
            rounds = in_rounds(_runners(model, case, asked, networks), case.turns, case.runs)
        name = variant_name(case.choice)
        return [
            Figure(f"{name}, threads", "", (float(threads),)),
            *_speed(name, case, rounds, networks),
            *_limits(name, asked, rounds, networks),
            *_closeness(name, model, networks),
            *_starting(name, networks),
        ]
    finally:
        for each in networks:
            each.network.close()


def _compile(plan: Plan, cache: Cache) -> _Compiled:
    start = time.perf_counter()
    compiled(plan, cache)
    seconds = time.perf_counter() - start
    loads = []
    network: Loaded | None = None
    for _ in range(LOADS):
        if network is not None:
            network.close()
        start = time.perf_counter()
        network = ready(plan, cache)
        loads.append(time.perf_counter() - start)
    assert network is not None
    return _Compiled(plan.target, network, plan, seconds, tuple(loads))


def _fed(model: Model, plan: Plan, seed: int) -> Arrays:
    return model.fed([port.name for port in plan.network.inputs], GanInputs(seed=seed))


def _runners(
    model: Model, case: Case, asked: Settings, networks: Sequence[_Compiled]
) -> list[Runner]:
    """The yardstick, the products of matrices, and the networks by their targets."""
    view, styles = model.view(case.choice), model.styles(GanInputs(seed=SEEDS[0]))
    flops = 2.0 * networks[0].plan.network.macs
    found = [Runner(GROUPED, "f32", flops, lambda: synthesise_grouped(view, styles))]
    for precision in dict.fromkeys(each.network.placement.precision for each in networks):
        if precision in PRECISIONS:
            found.append(product(asked.product, precision))
    for each in networks:
        fed = _fed(model, each.plan, SEEDS[0])
        run = each.network.run
        precision = each.network.placement.precision
        found.append(
            Runner(str(each.target), precision, flops, lambda run=run, fed=fed: run(fed))  # type: ignore[misc]
        )
    return found


# ---- what is made of it --------------------------------------------------------------------


def _over(grouped: Times, other: Times) -> tuple[float, ...]:
    """How many times faster than the yardstick, round by round."""
    return tuple(a / b for a, b in zip(grouped.medians, other.medians, strict=True))


def _hoped(sign: str, value: float) -> str:
    return f"{sign} {value:g}" if value else ""


def _speed(
    name: str, case: Case, rounds: Rounds, networks: Sequence[_Compiled]
) -> Iterator[Figure]:
    grouped = rounds[GROUPED]
    yield Figure(f"{name}, grouped eager", "ms", grouped.all)
    for each in networks:
        times = rounds[str(each.target)]
        yield Figure(f"{name}, {each.title}", "ms", times.all)
        yield Figure(f"{name}, {each.title}, over grouped", "x", _over(grouped, times))
    fastest = _fastest(rounds, networks)
    times = rounds[str(fastest.target)]
    title = f"{name}, fastest: {fastest.title}"
    yield Figure(title, "ms", times.all, _hoped("median <=", case.at_most))
    yield Figure(f"{title}, over grouped", "x", _over(grouped, times), _hoped(">=", case.best))
    plain = _fastest(rounds, [n for n in networks if n.network.placement.precision == "f32"])
    over = _over(grouped, rounds[str(plain.target)])
    hoped = _hoped(">=", case.in_f32)
    yield Figure(f"{name}, fastest in f32: {plain.title}, over grouped", "x", over, hoped)


def _fastest(rounds: Rounds, networks: Sequence[_Compiled]) -> _Compiled:
    return min(networks, key=lambda each: statistics.median(rounds[str(each.target)].all))


def _limits(
    name: str, asked: Settings, rounds: Rounds, networks: Sequence[_Compiled]
) -> Iterator[Figure]:
    """The measured rate of each precision, and the share of it that each network achieves, counted
    in the multiplies that it truly needs."""
    grouped = rounds[GROUPED]
    for precision in PRECISIONS:
        if (limit := rounds.get(product_name(precision))) is None:
            continue
        side = f"{asked.product} x {asked.product}"
        yield Figure(f"{name}, product of {side}, {precision}", "GF/s", limit.rates)
        same = [
            (each.title, rounds[str(each.target)])
            for each in networks
            if each.network.placement.precision == precision
        ]
        if precision == "f32":
            same.insert(0, ("grouped eager", grouped))
        for title, times in same:
            share = tuple(100 * a / b for a, b in zip(times.rates, limit.rates, strict=True))
            yield Figure(f"{name}, {title}, of that rate", "%", share)


def _closeness(name: str, model: Model, networks: Sequence[_Compiled]) -> Iterator[Figure]:
    """How far every target's picture is from that of PyTorch in f32."""
    (reference,) = (each for each in networks if each.target == PYTORCH_CPU)
    wanted = [reference.network.run(_fed(model, reference.plan, seed)) for seed in SEEDS]
    for each in networks:
        if each is reference:
            continue
        given = [each.network.run(_fed(model, each.plan, seed)) for seed in SEEDS]
        close = [accuracy(w, g, SPAN) for w, g in zip(wanted, given, strict=True)]
        # Where nothing differs there is no PSNR.
        psnr = tuple(c.psnr for c in close if c.psnr is not None)
        if psnr:
            yield Figure(f"{name}, {each.title}, PSNR to PyTorch f32", "dB", psnr)
        if each.network.placement.precision == "f32":
            largest = max(float(np.abs(w[PICTURE]).max()) for w in wanted)
            gate = max(1e-4, 1e-5 * largest)
            apart = tuple(c.largest for c in close)
            title = f"{name}, {each.title}, largest difference"
            yield Figure(title, "", apart, f"<= {gate:.1g}")


def _starting(name: str, networks: Sequence[_Compiled]) -> Iterator[Figure]:
    """Compiling, and loading what was compiled. Eager PyTorch compiles nothing."""
    for each in networks:
        if each.target.runtime == PYTORCH_CPU.runtime:
            continue
        yield Figure(f"{name}, {each.title}, compile", "s", (each.compile,))
        yield Figure(f"{name}, {each.title}, load from the cache", "s", each.loads)
