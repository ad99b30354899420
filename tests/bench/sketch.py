"""The embedded models that draw clay heads from line drawings: what they cost, and how near they
come to the renderer on drawings that no training has seen.

All of them run in turn within one round, so that a drift of the machine's speed touches all alike.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from studio.engine.adopting import planned
from studio.errors import BadChoice, RuntimeFailed
from studio.families.translation.model import TranslationModel
from studio.fidelity.judge import clay_heads_judge
from studio.places import assets_dir
from studio.processes.timing import timing_lock
from studio.runtimes.cache import Cache
from studio.runtimes.compiling import compiled, ready
from studio.runtimes.contract import Loaded
from studio.runtimes.target import Target
from studio.search.sketch import NAME, SHIPPED
from studio.subnets.choice import SubnetChoice
from studio.subnets.stages import configuration
from studio.training.gan_compression.job import open_translation
from studio.training.sketch.figures import Nearness, held_out, nearness, pictures_of
from studio.training.sketch.pairs import Pairs
from tests.bench.figures import Figure
from tests.bench.rounds import Runner, Times, in_rounds, torch_threads

FOLDER = "MAQUETTE_BENCH_SKETCH"  # models of a run under way instead of the embedded ones
TARGETS = ("openvino:CPU:f32", "openvino:CPU:bf16", "pytorch:cpu:f32")
CONFIGS = ("12_12_12_12_12_12", "8_8_8_8_8_8")  # of the supernet
SIDE = 128
CACHE_BYTES = 10**9
FULL = SubnetChoice()
TEACHER = SHIPPED["teacher"][0]


@dataclass(frozen=True)
class Settings:
    """What is measured: ``pictures`` held out, more than 128, and the timing by rounds and runs."""

    pictures: int = 256
    turns: int = 7
    runs: int = 9


@dataclass(frozen=True)
class Entry:
    """A model, or a subnet of one."""

    name: str
    model: TranslationModel
    choice: SubnetChoice


def settings(quick: bool) -> Settings:
    """The figures of the README, or a fast look at them."""
    return Settings(144, 2, 4) if quick else Settings()


def entries(folder: Path) -> tuple[Entry, ...]:
    """Teacher first, then the other files of ``folder``, and named subnets of the supernet."""
    names = [stem for stem, _ in SHIPPED.values() if (folder / f"{stem}.safetensors").is_file()]
    names.sort(key=lambda stem: stem != TEACHER)
    found = []
    for stem in names:
        model = open_translation(folder / f"{stem}.safetensors")
        name = "supernet" if stem == NAME else stem.removeprefix(f"{NAME}-")
        found.append(Entry(name, model, FULL))
        if stem == NAME:
            for text in CONFIGS:
                choice = configuration(text, model.info.config)
                found.append(Entry(f"supernet {text}", model, choice))
    return tuple(found)


def figures(asked: Settings) -> Iterator[Figure]:
    """Every model on every target of this host's processor, and its nearness."""
    named = os.environ.get(FOLDER)
    every = entries(Path(named) if named else assets_dir() / "models")
    near = _near(every, held_out(asked.pictures))
    with timing_lock(), tempfile.TemporaryDirectory() as cache, torch_threads(2):
        times = _timed(every, asked, Cache(Path(cache), CACHE_BYTES))
    teacher, far = every[0], near[every[0].name]
    whole = teacher.model.cost()
    for entry in every:
        cost, found = entry.model.cost(entry.choice), near[entry.name]

        def one(
            what: str, unit: str, *values: float, target: str = "", name: str = entry.name
        ) -> Figure:
            return Figure(f"{name}: {what}", unit, values, target)

        yield one("parameters", "M", cost.parameters / 1e6)
        yield one("MACs, true", "M", cost.macs / 1e6)
        yield one("MACs, as the paper counts", "M", cost.paper_macs / 1e6)
        yield one("fewer MACs than the teacher", "x", whole.macs / cost.macs)
        for target in TARGETS:
            if (name := f"{entry.name} {target}") not in times:
                continue
            mine, its = times[name], times[f"{teacher.name} {target}"]
            yield one(target, "ms", *mine.all)
            over = (a / b for a, b in zip(its.medians, mine.medians, strict=True))
            yield one(f"{target}, faster than the teacher", "x", *over)
        yield one("feature distance", "", found.distance)
        yield one("feature distance over the teacher's", "", found.distance / far.distance)
        yield one("distance of features, head by head", "", found.each)
        yield one("mean error of a pixel", "", found.error)
        yield one("PSNR", "dB", found.decibels)


def _near(every: Sequence[Entry], pairs: Pairs) -> dict[str, Nearness]:
    judge = clay_heads_judge()
    found = {}
    for entry in every:
        model, choice = entry.model, entry.choice
        drawn = pictures_of(lambda x, m=model, c=choice: m.picture(x, c), pairs.drawings)  # type: ignore[misc]
        found[entry.name] = nearness(drawn, pairs.heads, judge)
    return found


def _timed(every: Sequence[Entry], asked: Settings, cache: Cache) -> dict[str, Times]:
    runners, networks = [], []
    try:
        for entry in every:
            for text in TARGETS:
                loaded = _loaded(entry, Target.parse(text), cache)
                if loaded is None:
                    continue
                networks.append(loaded)
                fed = {"input": torch.ones(1, 1, SIDE, SIDE).numpy()}
                flops = 2.0 * entry.model.cost(entry.choice).macs
                runners.append(
                    Runner(f"{entry.name} {text}", "f32", flops, lambda n=loaded, f=fed: n.run(f))  # type: ignore[misc]
                )
        return in_rounds(runners, asked.turns, asked.runs)
    finally:
        for network in networks:
            network.close()


def _loaded(entry: Entry, target: Target, cache: Cache) -> Loaded | None:
    """The network on a target, or None where this host has no such."""
    try:
        plan = planned(entry.model, entry.choice, target, 2)
    except (BadChoice, RuntimeFailed):
        return None
    if plan.refusals:
        return None
    compiled(plan, cache)
    return ready(plan, cache)
