"""The hot swap on the embedded model: from opening it to a ladder of compiled networks, and back.

A slider is dragged all the while, over a rung and over a width beside it that is never compiled, so
that the second half of the moves tells how PyTorch fares while a job compiles.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.families.info import ModelInfo
from studio.places import embedded_model
from studio.processes.timing import timing_lock
from studio.runtimes.target import PYTORCH_CPU
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.rungs import rungs
from tests.bench.figures import Figure
from tests.bench.stage import Move, Stage

TARGET = "openvino:CPU:f32"
SETTLE = 0.25  # seconds that the window waits for the sliders to rest before it asks for a ladder
NEAR = 2.0  # rungs of up to twice or down to half the cost of what is on the sliders
SOON = 15.0  # seconds
WARM_UP = 20  # moves


@dataclass(frozen=True)
class Settings:
    """What is measured.

    Args:
        model: the file. width: where the sliders are. beside: one next to it, not of the ladder.
        moves: in each of the quiet stretches. returns: how often another render process starts
            with a full cache. most: rungs at most.
    """

    model: Path
    width: float = 0.25
    beside: float = 0.24
    moves: int = 300
    returns: int = 5
    most: int = 24


def settings(quick: bool) -> Settings:
    """The figures of the README, or a fast look at them."""
    file = embedded_model("clay-heads")
    assert file is not None
    return Settings(file, moves=60, returns=1, most=4) if quick else Settings(file)


def figures(asked: Settings) -> Iterator[Figure]:
    """Four stretches: PyTorch alone, while compiling, once compiled, and again with the cache."""
    # Whoever compiles or times for the app meanwhile waits.
    with timing_lock(), tempfile.TemporaryDirectory() as name, _own_folders(Path(name)):
        with Stage(asked.model, TARGET) as stage:
            stage.moves((asked.width, asked.beside), WARM_UP)
            alone = stage.moves((asked.width, asked.beside), asked.moves)
        yield Figure("PyTorch alone, on a rung and beside", "ms", _ms(alone))
        with Stage(asked.model, TARGET) as stage:
            ladder = rungs(stage.info, SubnetChoice(width=asked.width))[: asked.most]
            yield from _compiling(stage, asked, ladder, alone)
            yield from _compiled(stage, asked)
        yield from _returning(asked, ladder)


def _compiling(
    stage: Stage, asked: Settings, ladder: tuple[SubnetChoice, ...], alone: Sequence[Move]
) -> Iterator[Figure]:
    widths = (asked.width, asked.beside)
    settled = time.perf_counter() + SETTLE
    stage.drag(widths, lambda: time.perf_counter() >= settled)
    start = stage.compile(ladder)
    moves = stage.drag(widths, lambda: stage.done.is_set() and stage.has(ladder))
    taken = [at - stage.opening for at in stage.adopted.values()]
    made = [at - stage.opening for at in stage.compiled.values()]
    if not taken:
        raise SystemExit("no compiled network was taken over")
    yield Figure("start of the job to its first compile", "s", (stage.began - start,))
    yield Figure("one rung compiled in the job", "s", tuple(stage.took))
    yield Figure("opening to the first compiled subnet", "s", (min(made),))
    yield Figure("opening to the first that draws", "s", (min(taken),), "<= 3")
    near = [resolve(c, stage.info.config) for c in _near(stage.info, ladder)]
    yield Figure("rungs near the sliders", "", (float(len(near)),))
    if all(subnet in stage.adopted for subnet in near):
        last = max(stage.adopted[subnet] for subnet in near) - stage.opening
        yield Figure("opening to all rungs near the sliders", "s", (last,), f"<= {SOON:g}")
    yield Figure("rungs of the ladder", "", (float(len(ladder)),))
    soon = sum(seconds <= SOON for seconds in taken)
    yield Figure(f"of them taken over within {SOON:g} s of opening", "", (float(soon),))
    yield Figure(f"opening to the last of {len(taken)} rungs", "s", (max(taken),))
    yield Figure("start of the job to its last rung", "s", (max(made) + stage.opening - start,))
    yield Figure("while compiling, all renders", "ms", _ms(moves))
    yield from _by(moves, "while compiling")
    over = (_p95(moves) / _p95(alone),)
    yield Figure("while compiling, p95 over PyTorch's alone", "x", over, "<= 2")
    eager = [move for move in moves if move.made_by == PYTORCH_CPU.title]
    if eager:
        over = (_p95(eager) / _p95(alone),)
        yield Figure("while compiling, p95 of PyTorch's over alone", "x", over, "<= 2")


def _compiled(stage: Stage, asked: Settings) -> Iterator[Figure]:
    stage.moves((asked.width,), WARM_UP)
    moves = stage.moves((asked.width,), asked.moves)
    name = f"slider to pixel, width {asked.width:g}, compiled"
    yield Figure(name, "ms", _ms(moves), "p95 <= 16")
    yield from _by(moves, "once compiled")


def _returning(asked: Settings, ladder: tuple[SubnetChoice, ...]) -> Iterator[Figure]:
    """Another render process, with everything in the cache."""
    first, since_opening, every = [], [], []
    for _ in range(asked.returns):
        with Stage(asked.model, TARGET) as stage:
            start = stage.adopt(ladder)
            stage.drag((asked.width,), lambda stage=stage: stage.has(ladder))  # type: ignore[misc]
            if not stage.has(ladder):
                raise SystemExit("a compiled network did not come back from the cache")
            at = stage.adopted[resolve(ladder[0], stage.info.config)]
            first.append(at - start)
            since_opening.append(at - stage.opening)
            every.append(max(stage.adopted.values()) - start)
    yield Figure("a cached network back, since it was wanted", "s", tuple(first), "<= 0.5")
    yield Figure("a cached network back, since opening", "s", tuple(since_opening))
    yield Figure(f"all of {len(ladder)} back, since they were wanted", "s", tuple(every))


def _near(info: ModelInfo, ladder: tuple[SubnetChoice, ...]) -> list[SubnetChoice]:
    """The rungs whose cost is like that of the first, which is on the sliders."""

    def macs(choice: SubnetChoice) -> int:
        return cost(info.config, resolve(choice, info.config)).macs

    here = macs(ladder[0])
    return [c for c in ladder if 1 / NEAR <= macs(c) / here <= NEAR]


def _by(moves: Sequence[Move], when: str) -> Iterator[Figure]:
    """The moves of each network, which also says how many it drew."""
    for name, _ in Counter(move.made_by for move in moves).most_common():
        yield Figure(f"{when}, by {name}", "ms", _ms([m for m in moves if m.made_by == name]))


def _ms(moves: Sequence[Move]) -> tuple[float, ...]:
    return tuple(move.ms for move in moves)


def _p95(moves: Sequence[Move]) -> float:
    return float(np.percentile(_ms(moves), 95))


@contextmanager
def _own_folders(root: Path) -> Iterator[None]:
    """Let this process and those it starts keep everything under ``root`` within the block."""
    names = [f"MAQUETTE_{name}_DIR" for name in ("CACHE", "DATA", "LOG")]
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({name: str(root / name.lower()) for name in names})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
