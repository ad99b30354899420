"""A denoiser of the size of Stable Diffusion 1.5's, random weights: one step, and what int8 takes.

Every measurement has a process of its own (:mod:`tests.bench.diffusion_child`), since a network of
3.4 GB leaves no room for another. Seconds of one run cannot be set against those of another day;
the ratios at the end are what is compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from studio.processes.timing import timing_lock
from tests.bench.diffusion_pictures import STEPS
from tests.bench.figures import Figure

ROOT = Path(__file__).parents[2]
CHILD = "tests.bench.diffusion_child"
EVERY = 0.02  # seconds between two looks at memory
FLOAT, EAGER = ("openvino f32", "openvino bf16"), ("eager f32", "eager bf16")
RATIOS = (
    ("openvino bf16", "eager bf16", ">= 1.6"),
    ("openvino bf16", "eager f32", ">= 3"),
    ("openvino int8", "eager bf16", ">= 2.8"),
    ("openvino int8", "eager f32", ">= 5.3"),
)


@dataclass(frozen=True)
class Told:
    """What a child wrote, and the largest memory of it and its own children, in bytes above what it
    had before it made the network."""

    told: dict[str, float | list[float]]
    peak: int


def figures(quick: bool) -> Iterator[Figure]:
    """About twelve minutes, and 7 GB of memory; with ``quick`` on a network a tenth as large."""
    size = "small" if quick else "full"
    runs = 2 if quick else 4
    steps: dict[str, tuple[float, ...]] = {}
    with timing_lock(), tempfile.TemporaryDirectory(prefix="maquette-bench-") as place:
        for name in EAGER:
            told = _child(size, name, place, runs)
            steps[name] = _list(told, "seconds")
            yield Figure(f"one step, {name}", "s", steps[name])
        for name in (*FLOAT, "openvino int8"):
            made = _child(size, f"make {name}", place, 0)
            weights = _number(made, "weights")
            yield Figure(f"making {name}", "s", (_number(made, "seconds"),), _hoped(name, "time"))
            peak = (made.peak / weights,)
            yield Figure(f"making {name}: peak by the f32 weights", "x", peak, _hoped(name, "peak"))
            told = _child(size, name, place, runs)
            steps[name] = _list(told, "seconds")
            yield Figure(f"one step, {name}", "s", steps[name])
            hoped = "<= 3" if name.endswith("int8") else ""
            yield Figure(f"running {name}: peak", "GB", (told.peak / 1e9,), hoped)
            hoped = "<= 5" if name.endswith("int8") else ""
            yield Figure(f"{name}: output error", "%", (100 * _number(told, "error"),), hoped)
            if "int8" in told.told:
                share = (100 * _number(told, "int8"),)
                yield Figure(f"{name}: multiplies in int8", "%", share, ">= 70")
        pictures = tuple(_pictures(size, place, quick=quick))
        for storage in ("int8", "int4"):
            made = _child(size, f"store {storage}", place, 0)
            name = f"weights alone in {storage}, for memory"
            yield Figure(name, "s", (_number(made, "seconds"),), "<= 60")
            peak = (made.peak / _number(made, "weights"),)
            yield Figure(f"{name}: peak by the f32 weights", "x", peak, "<= 1.2")
            yield Figure(f"{name}: on disk", "GB", (_number(made, "bytes") / 1e9,))
    yield from pictures
    for name, other, hoped in RATIOS:
        over = tuple(sorted(steps[other])[len(steps[other]) // 2] / each for each in steps[name])
        yield Figure(f"{name} over diffusers {other}", "x", over, "" if quick else hoped)


def _pictures(size: str, place: str, *, quick: bool) -> Iterator[Figure]:
    """Whole pictures of the denoiser, without text encoder and decoder. diffusers takes a part of
    the steps, each of which costs it the same."""
    for form in ("whole", "part"):
        _child(size, f"make reuse {form}", place, 0)
    told = _child(size, "picture eager", place, 0)
    steps = _number(told, "steps")
    eager = _number(told, "seconds") * STEPS / steps
    every = _number(_child(size, "picture openvino", place, 0), "seconds")
    again = _number(_child(size, "picture openvino reuse", place, 0), "seconds")
    run = f"a run of {STEPS} steps"
    counted = f"{steps:g} of {STEPS} steps, times {STEPS / steps:g}"
    yield Figure(f"{run}, diffusers eager f32 ({counted})", "s", (eager,))
    yield Figure(f"{run}, openvino int8, every step", "s", (every,))
    yield Figure(f"{run}, openvino int8, feature reuse by default", "s", (again,))
    hoped = ("", "") if quick else (">= 1.8", ">= 7")
    yield Figure(
        f"feature reuse by default over every step, {run}", "x", (every / again,), hoped[0]
    )
    name = f"int8 with feature reuse over diffusers eager f32, {run} (eager: {counted})"
    yield Figure(name, "x", (eager / again,), hoped[1])


def _hoped(name: str, what: str) -> str:
    if not name.endswith("int8"):
        return ""
    return "<= 240" if what == "time" else "<= 1.8"


def _number(told: Told, name: str) -> float:
    value = told.told[name]
    assert isinstance(value, int | float)
    return value


def _list(told: Told, name: str) -> tuple[float, ...]:
    value = told.told[name]
    assert isinstance(value, list)
    return tuple(value)


def _child(size: str, task: str, place: str, runs: int) -> Told:
    """Run one task in a process of its own and watch its memory."""
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", CHILD, size, task, place, str(runs)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_WAIT_POLICY": "PASSIVE"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak, bare = [0], [0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY):
            peak[0] = max(peak[0], _resident(child.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    assert child.stdout is not None
    first = child.stdout.readline()  # it is about to make the network
    bare[0] = _resident(child.pid)
    watcher.start()
    rest, errors = child.communicate()
    ended.set()
    watcher.join()
    if child.returncode or first.strip() != "ready":
        raise RuntimeError(f"{task}: {errors[-2000:]}")
    return Told(json.loads(rest), max(0, peak[0] - bare[0]))


def _resident(pid: int) -> int:
    total = 0
    try:
        process = psutil.Process(pid)
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    except psutil.Error:
        return total
    return total
