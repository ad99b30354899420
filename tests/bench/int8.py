"""Int8 beside f32 and bf16 on the embedded model: speed, closeness, and what really ran in int8.

Everybody runs in turn within one round. A processor without bf16 is stood in for by the same
network with bf16 forced off: there int8 leaves its rest in f32, and is compared with f32.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from plugins.int8.params import Int8Params
from plugins.int8.technique import Int8
from studio.engine.adopting import planned
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.quantization import QuantPlan
from studio.families.stylegan.portable import PICTURE
from studio.processes.timing import timing_lock
from studio.recipes.contract import Context
from studio.runtimes.benchmark import accuracy
from studio.runtimes.cache import Cache
from studio.runtimes.compiling import ready
from studio.runtimes.contract import Arrays, Loaded, Plan
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import variant_name
from tests.bench.figures import Figure
from tests.bench.rounds import Rounds, Runner, in_rounds

MODEL = "clay-heads"
SPAN = 2.0  # pictures go from -1 to 1
CACHE_BYTES = 10**10
WIDTHS = (1.0, 0.5, 0.25)
FLOAT = 4  # bytes of a float32
BARS = {"PSNR": ">= 36", "over bf16": ">= 1.2", "over f32": ">= 1.5"}  # of the full width


@dataclass(frozen=True)
class Settings:
    """What is measured: subnets, ``turns`` rounds of ``runs``, seeds to judge by, CPU threads."""

    choices: tuple[SubnetChoice, ...]
    turns: int = 20
    runs: int = 10
    seeds: tuple[int, ...] = tuple(range(1001, 1017))
    threads: int = 2
    params: Int8Params = field(default_factory=lambda: Int8Params(samples=64))


def settings(quick: bool) -> Settings:
    """The figures of the README, or a fast look at them."""
    if quick:
        return Settings((SubnetChoice(),), turns=6, runs=5)
    return Settings(tuple(SubnetChoice(width=width) for width in WIDTHS))


@dataclass(frozen=True)
class _Ready:
    name: str
    plan: Plan
    network: Loaded


def figures(asked: Settings, model: Model | None = None) -> Iterator[Figure]:
    """Every subnet, in OpenVINO and in ONNX Runtime."""
    made = quantised(model or open_model(MODEL), asked.params)
    for choice in asked.choices:
        # Whoever compiles or times for the app meanwhile waits.
        with timing_lock(), tempfile.TemporaryDirectory() as folder:
            found = list(_measured(made, choice, asked, Cache(Path(folder), CACHE_BYTES)))
        yield from found


def quantised(model: Model, params: Int8Params) -> Model:
    """The model as the technique makes it."""
    technique = Int8()
    even = technique.prepare(model, params, Context()).model
    return even.quantised(technique.lower(QuantPlan(), even, params, Context()).plan)


def _plans(model: Model, choice: SubnetChoice, threads: int) -> dict[str, Plan]:
    """By name; what this processor does not have is left out."""
    found = {}
    for runtime, device in (("openvino", "CPU"), ("onnxruntime", "cpu")):
        for precision in ("f32", "bf16", "int8"):
            plan = planned(model, choice, Target(runtime, device, precision), threads)
            if plan.refusals:
                continue
            found[f"{runtime} {precision}"] = plan
            if plan.rest == "bf16":
                found[f"{runtime} int8, bf16 off"] = replace(plan, rest="f32")
    return found


def _measured(
    model: Model, choice: SubnetChoice, asked: Settings, cache: Cache
) -> Iterator[Figure]:
    title = variant_name(choice)
    plans = _plans(model, choice, asked.threads)
    everybody = [_Ready(name, plan, ready(plan, cache)) for name, plan in plans.items()]
    try:
        rounds = in_rounds(
            [_runner(model, e, asked.seeds[0]) for e in everybody], asked.turns, asked.runs
        )
        reference = next(each for each in everybody if each.name == "openvino f32")
        for each in everybody:
            yield Figure(f"{title}, {each.name}", "ms", rounds[each.name].all)
            if each is not reference:
                yield _closeness(title, model, choice, reference, each, asked.seeds)
            if each.network.placement.int8 is not None:
                share = 100 * each.network.placement.int8
                called = each.network.placement.precision
                yield Figure(
                    f"{title}, {each.name}: share in int8", "%", (share,), f"called {called}"
                )
                resident = (resident_bytes(each.network, each.plan) / 1e6,)
                yield Figure(f"{title}, {each.name}: weights resident", "MB", resident)
                whole = (FLOAT * each.plan.network.parameters / 1e6,)
                yield Figure(f"{title}, the same in f32: weights resident", "MB", whole)
        yield from _compared(title, choice, rounds)
    finally:
        for each in everybody:
            each.network.close()


def resident_bytes(network: Loaded, plan: Plan) -> int:
    """Bytes of the constants: one for each weight that runs in int8, four for all others."""
    left = set(network.placement.left)
    small = sum(layer.weights for layer in plan.network.layers if layer.name not in left)
    return FLOAT * plan.network.parameters - (FLOAT - 1) * small


def _runner(model: Model, each: _Ready, seed: int) -> Runner:
    fed, run = _fed(model, each.plan, seed), each.network.run
    precision = each.network.placement.precision
    return Runner(each.name, precision, 2.0 * each.plan.network.macs, lambda: run(fed))


def _fed(model: Model, plan: Plan, seed: int) -> Arrays:
    return model.fed([port.name for port in plan.network.inputs], GanInputs(seed=seed))


def _closeness(
    title: str,
    model: Model,
    choice: SubnetChoice,
    reference: _Ready,
    each: _Ready,
    seeds: tuple[int, ...],
) -> Figure:
    found = []
    for seed in seeds:
        wanted = reference.network.run(_fed(model, reference.plan, seed))[PICTURE].clip(-1, 1)
        given = each.network.run(_fed(model, each.plan, seed))[PICTURE].clip(-1, 1)
        psnr = accuracy({PICTURE: wanted}, {PICTURE: given}, SPAN).psnr
        if psnr is not None:
            found.append(psnr)
    bar = BARS["PSNR"] if choice == SubnetChoice() and each.name.startswith("openvino int8") else ""
    return Figure(f"{title}, {each.name}: PSNR to f32", "dB", tuple(found), bar)


def _compared(title: str, choice: SubnetChoice, rounds: Rounds) -> Iterator[Figure]:
    """Int8 over what it competes with, round by round."""
    full = choice == SubnetChoice()
    pairs = (
        ("openvino int8", "openvino bf16", "over bf16"),
        ("openvino int8", "openvino f32", ""),
        ("openvino int8, bf16 off", "openvino f32", "over f32"),
        ("onnxruntime int8", "onnxruntime f32", ""),
    )
    for name, other, bar in pairs:
        if name in rounds and other in rounds:
            times = zip(rounds[other].medians, rounds[name].medians, strict=True)
            over = tuple(a / b for a, b in times)
            hoped = BARS[bar] if full and bar else ""
            yield Figure(f"{title}, {name} over {other}", "x", over, hoped)
