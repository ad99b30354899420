"""The process that opens and runs files of a bundle: native parsers meet strange files here alone.

Run as ``python -m studio.bundles.checking_process`` by :class:`studio.bundles.checking.Checker`.
It answers in plain bytes (:mod:`studio.bundles.wire`), never in a pickle.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from studio.bundles.wire import Answer, Draw, Run, packed
from studio.errors import MaquetteError
from studio.processes.child import parent_connection

WARM_UP, LEAST_RUNS, MOST_RUNS, SECONDS = 2, 9, 50, 1.5
LEAST_PICTURES = 3  # of a pipeline, whose pictures take many runs
SHARE_OF_MEMORY = 0.8  # of what is free
MAPPED = 6 << 30  # bytes of addresses that libraries and their threads reserve and never fill


def main(arguments: Sequence[str]) -> None:
    """Answer every :class:`Run` and :class:`Draw` until the parent is gone."""
    connection = parent_connection(arguments)
    limit_memory()
    while True:
        try:
            request: Run | Draw = connection.recv()
        except (EOFError, OSError):
            return
        try:
            answer = _ran(request) if isinstance(request, Run) else _drew(request)
        except MaquetteError as error:
            answer = Answer(refused=" ".join(str(error).split()))
        except MemoryError:
            name = request.main if isinstance(request, Run) else "the pipeline"
            answer = Answer(refused=f"{name} needs more memory than there is")
        connection.send_bytes(packed(answer))


def limit_memory() -> None:
    """Let a file that asks for more memory than there is fail, and not the machine (Linux)."""
    if sys.platform != "linux":
        return
    import resource

    import psutil

    held, free = psutil.Process().memory_info().vms, psutil.virtual_memory().available
    most = held + int(SHARE_OF_MEMORY * free) + MAPPED
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _ran(request: Run) -> Answer:
    from studio.bundles.folder import read_checked
    from studio.bundles.formats.all import format_named
    from studio.bundles.manifest import FileRecord, Network
    from studio.bundles.workers.formats import OpenedByWorker, answered

    network = Network.model_validate_json(request.network)
    records = [FileRecord.model_validate_json(each) for each in request.files]
    files = {each.path: read_checked(Path(request.folder), each) for each in records}
    ready = format_named(network.format).open(network, files)
    if isinstance(ready, OpenedByWorker):
        return answered(ready, request)
    made = tuple(ready.run(feed) for feed in request.feeds)
    latency = _timed(lambda: ready.run(request.feeds[0])) if request.time else None
    return Answer(
        ready.runtime, ready.version, ready.device, made, latency, int8_layers=ready.int8_layers
    )


def _drew(request: Draw) -> Answer:
    from studio.bundles.drawing import Drawer
    from studio.bundles.folder import read_checked
    from studio.bundles.manifest import FileRecord, Network, Pipeline

    pipeline = Pipeline.model_validate_json(request.pipeline)
    networks = {n: Network.model_validate_json(text) for n, text in request.networks}
    records = [FileRecord.model_validate_json(each) for each in request.files]
    files = {each.path: read_checked(Path(request.folder), each) for each in records}
    with tempfile.TemporaryDirectory(prefix="maquette-bundle-") as place:
        drawer = Drawer(pipeline, networks, files, Path(place))
        made = []
        for seed, latents in zip(request.seeds, request.latents, strict=True):
            made.append({"picture": drawer.reference(seed, latents)})
        latency, steps, step = None, 0, 0.0
        if request.time:
            drawer.spent.clear()
            latency = _timed(drawer.usual, 1, LEAST_PICTURES)
            steps, step = pipeline.steps, statistics.median(drawer.spent[pipeline.steps :])
        on = drawer.denoiser
        return Answer(
            on.runtime, on.version, on.device, tuple(made), latency,
            int8_layers=on.int8_layers, steps=steps, step_ms=step,
        )  # fmt: skip


def _timed(
    run: Callable[[], object], warm_up: int = WARM_UP, least: int = LEAST_RUNS
) -> tuple[float, float, float, int]:
    import numpy as np

    from studio.processes.timing import timing_lock

    with timing_lock():
        for _ in range(warm_up):
            run()
        runs: list[float] = []
        began = time.perf_counter()
        while len(runs) < least or (
            len(runs) < MOST_RUNS and time.perf_counter() - began < SECONDS
        ):
            start = time.perf_counter()
            run()
            runs.append(1000 * (time.perf_counter() - start))
    low, high = np.percentile(runs, [10, 90])
    return statistics.median(runs), float(low), float(high), len(runs)


if __name__ == "__main__":
    main(sys.argv[1:])
