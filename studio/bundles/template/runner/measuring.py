"""Timing what is in a bundle."""

from __future__ import annotations

import hashlib
import json
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .common import HERE, say
from .components import Components, wanted_of
from .filling import filled, pictured_inputs, turns
from .runtimes import opened, runtime_of

WARM_UP, LEAST_RUNS, MOST_RUNS, SECONDS = 3, 9, 100, 2.0
LEAST_PICTURES = 3  # of a pipeline, whose pictures take many runs of its networks


def _timed_inputs(manifest: dict[str, Any], network: dict[str, Any], options: Any) -> Any:
    """Those of the command line; where no picture is given, the first of the reference."""
    if not pictured_inputs(network) or options.input:
        return filled(network, (options.seed or [0])[0], turns(network, options)[0])
    reference = next(e for e in manifest["references"] if e["id"] == network["reference"])
    found = {}
    for name, path in reference["inputs"].items():
        array = np.load(HERE / path, allow_pickle=False)
        found[name] = array[:1] if name in reference["per_seed"] else array
    return found


def benchmark(manifest: dict[str, Any], chosen: list[dict[str, Any]], options: Any) -> None:
    """Time every network or pipeline and write measurement.json."""
    found = []
    for each in chosen:
        began = time.perf_counter()
        ready, run = _made_ready(manifest, each, options)
        run()
        first = 1000 * (time.perf_counter() - began)
        several = "components" in each
        if several:
            ready.spent.clear()
        runs = _timed(run, *((0, LEAST_PICTURES) if several else (WARM_UP, LEAST_RUNS)))
        low, high = np.percentile(runs, [10, 90])
        latency = {
            "median": statistics.median(runs),
            "p10": float(low),
            "p90": float(high),
            "runs": len(runs),
        }
        runtime = runtime_of(each)
        device = ready.ready(each["denoiser"]) if several else ready
        # Of a quantised pipeline what is not quantised runs in what is around it.
        precision = each["precision"] if each["precision"] == "int8" else device.precision
        target = f"{runtime}:{device.device}:{precision}"
        made = {
            **{k: each[k] for k in ("id", "title", "subnet", "quality", "pixels")},
            **{k: each[k] for k in ("parameters", "macs", "paper_macs")},
            "size_bytes": _size(manifest, each),
            "target": target,
            "runtime": runtime,
            "version": device.version,
            "device": device.device,
            "precision": precision,
            "threads": options.threads,
            "first_ms": first,
            "latency_ms": latency,
        }
        if several:
            made |= {"steps": wanted_of(each, options, 0).steps, "step_ms": ready.step_ms()}
        found.append(made)
        say(f"{each['id']} on {target}: {latency['median']:.2f} ms "
            f"({latency['p10']:.2f} to {latency['p90']:.2f}, {len(runs)} runs)")  # fmt: skip
    record = {
        "format": "maquette-measurement",
        "version": 1,
        "model": {
            **{k: manifest["model"][k] for k in ("name", "key", "source_sha256")},
            "recipe_sha256": recipe_digest(manifest["recipe"]),
        },
        "host": options.host or processor(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "measurements": found,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "measurement.json"
    path.write_text(json.dumps(record, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    say(path)


def recipe_digest(recipe: dict[str, Any] | None) -> str:
    """What names the steps of a recipe; empty for the model itself."""
    if recipe is None:
        return ""
    steps = json.loads(recipe["canonical"])["steps"]
    text = json.dumps(steps, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _made_ready(manifest: dict[str, Any], each: dict[str, Any], options: Any) -> Any:
    """What runs, and a call that runs it once."""
    if "components" in each:
        pipeline = Components(manifest, each, options)
        wanted = wanted_of(each, options, (options.seed or [0])[0])
        return pipeline, lambda: pipeline.picture(wanted)
    ready = opened(each, options)
    inputs = _timed_inputs(manifest, each, options)
    return ready, lambda: ready.run(inputs)


def _timed(run: Callable[[], object], warm_up: int, least: int) -> list[float]:
    for _ in range(warm_up):
        run()
    runs: list[float] = []
    began = time.perf_counter()
    while len(runs) < least or (len(runs) < MOST_RUNS and time.perf_counter() - began < SECONDS):
        start = time.perf_counter()
        run()
        runs.append(1000 * (time.perf_counter() - start))
    return runs


def _size(manifest: dict[str, Any], each: dict[str, Any]) -> int:
    parts = set(each.get("components", {"": each["id"]}).values())
    networks = [network for network in manifest["networks"] if network["id"] in parts]
    own = {path for network in networks for path in (network["main"], *network["parts"])}
    return sum(file["bytes"] for file in manifest["files"] if file["path"] in own)


def processor() -> str:
    """Name of this machine's processor."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine() or "unknown"
