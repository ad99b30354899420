"""Memory while a technique is applied: the peak of a process, beside the model's own size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.families.stylegan.config import StyleGanConfig
from tests.bench.figures import Figure
from tests.bench.random_model import CONFIG_F, random_model

ROOT = Path(__file__).parents[2]
CHILD = "tests.bench.memory_child"
MIDDLE = StyleGanConfig("stylegan2", 64, 384, 384, 0, 2, (384,) * 10)
"""Large enough that its weights stand out of a process, and done within seconds."""
STEPS: dict[str, dict[str, object]] = {
    "subnet": {"sort": True, "width": 0.5},
    "prune": {"ratio": 0.25, "samples": 2},
    "lowrank": {"method": "svd", "rank_by": "budget", "budget": 0.5},
    "int8": {"samples": 2, "keep": []},
}
"""Each technique, with parameters by which it touches every layer."""


@dataclass(frozen=True)
class Peak:
    """Bytes: of the model, and of a process above what it was before it opened anything."""

    model: int
    opened: int
    peak: int

    @property
    def times(self) -> float:
        """The peak in models, the opened one included."""
        return self.peak / self.model


def peak_of(path: Path, technique: str, params: dict[str, object]) -> Peak:
    """Apply one step to a model file in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", CHILD, str(path), technique, json.dumps(params)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{technique}: {done.stderr[-2000:]}")
    told = json.loads(done.stdout)
    assert told["touched"], f"{technique} touched nothing"
    return Peak(told["model"], told["opened"] - told["bare"], told["peak"] - told["bare"])


def figures(quick: bool) -> Iterator[Figure]:
    """Every technique on the network of 1024 px that papers use, or on a smaller one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.safetensors"
        random_model(MIDDLE if quick else CONFIG_F).save(path)
        for technique, params in STEPS.items():
            found = peak_of(path, technique, params)
            name = f"{technique} on a model of {found.model / 1e6:.0f} MB"
            yield Figure(f"{name}: peak", "MB", (found.peak / 1e6,))
            yield Figure(f"{name}: peak by the model's size", "x", (found.times,))
