"""Running what was made, on every feed, and timing it where that is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .arrays import Arrays, read_arrays, write_arrays

WARM_UP, LEAST_RUNS, MOST_RUNS, SECONDS = 2, 9, 50, 1.5


def run_all(
    request: dict[str, Any], folder: Path, run: Callable[[Arrays], Arrays]
) -> dict[str, Any]:
    """Feeds ``feed0.npz`` and so on become ``made0.npz`` and so on; what the answer says of it."""
    feeds = [read_arrays(folder / f"feed{index}.npz") for index in range(request["feeds"])]
    for index, feed in enumerate(feeds):
        made = run(feed)
        write_arrays(folder / f"made{index}.npz", {name: made[name] for name in request["outputs"]})
    return {"notes": [], "milliseconds": _times(lambda: run(feeds[0])) if request["time"] else []}


def _times(run: Callable[[], object]) -> list[float]:
    for _ in range(WARM_UP):
        run()
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < LEAST_RUNS or (
        len(times) < MOST_RUNS and time.perf_counter() - began < SECONDS
    ):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return times
