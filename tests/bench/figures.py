"""Collecting and printing figures: medians with spreads, and what they were measured on."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Figure:
    """Samples of one quantity. ``target`` says what is hoped for, in words, or is empty."""

    name: str
    unit: str
    samples: tuple[float, ...]
    target: str = ""

    def line(self) -> str:
        values = np.asarray(self.samples)
        p10, p50, p90, p95 = np.percentile(values, [10, 50, 90, 95])
        spread = f"{p50:9.3g} {p10:9.3g} {p90:9.3g} {p95:9.3g} {values.max():9.3g}"
        return f"{self.name:<58} {spread} {self.unit:<4} {len(values):>6}  {self.target}"


HEADER = (
    f"{'':<58} {'median':>9} {'p10':>9} {'p90':>9} {'p95':>9} {'max':>9} {'':<4} {'n':>6}  target"
)


def timed(work: Callable[[], object], repeats: int, warm_up: int = 3) -> tuple[float, ...]:
    """Milliseconds of each of ``repeats`` calls, after ``warm_up`` calls that do not count."""
    for _ in range(warm_up):
        work()
    samples = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        samples.append((time.perf_counter() - start) * 1e3)
    return tuple(samples)


def machine() -> str:
    """Processor, cores, and the versions that matter."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    packages = ("torch", "onnxruntime", "openvino", "PySide6_Essentials", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{model}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions}"
