"""The real window on a virtual display: start, slider to pixel, stalls of its event loop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure
from tests.window.desk import Desk, desk


def _run(screen: Desk, folder: Path, task: str) -> dict[str, Any]:
    """Start the probe, wait until it ends by itself, and return what it saw."""
    out = folder / f"{task}-{time.monotonic_ns()}.json"
    env = {f"MAQUETTE_{n}_DIR": str(folder / n) for n in ("CACHE", "DATA", "LOG")}
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.bench.probe", str(out), task]
    app = screen.start(command, **env)
    try:
        app.wait(120)
    except subprocess.TimeoutExpired:
        raise SystemExit(f"the probe did not end:\n{screen.log()}") from None
    if not out.exists():
        raise SystemExit(f"the probe failed:\n{screen.log()}")
    seen: dict[str, Any] = json.loads(out.read_text())
    return {**seen, "began": began}


def figures(starts: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name, desk(Path(name)) as screen:
        folder = Path(name)
        os.environ.pop("MAQUETTE_REDUCED_MOTION", None)
        runs = [_run(screen, folder, "still") for _ in range(starts)]
        visible = tuple((run["visible"] - run["began"]) * 1e3 for run in runs)
        yield Figure("command to visible window", "ms", visible, "at most 800")
        first = tuple((run["first_picture"] - run["began"]) * 1e3 for run in runs)
        yield Figure("command to first picture", "ms", first, "at most 3000")
        seen = _run(screen, folder, "drag")
        moves = tuple(seen["latency"])
        yield Figure("slider to pixel in the window, width 0.25", "ms", moves, "p95 <= 40")
        assert seen["model"] == "stylegan2-ada"
        for phase, longest in seen["stalls"].items():
            yield Figure(f"longest stall while {phase}", "ms", (longest,), "at most 50")
