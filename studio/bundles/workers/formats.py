"""Core ML, LiteRT and ExecuTorch as formats to export to, each through a worker.

Phones and boards want fixed shapes: these files draw one picture at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import numpy.typing as npt

from studio.bundles.formats.contract import Arrays, FormatPlan, Opened, Subject, Written
from studio.bundles.formats.estimating import estimated, limited_by
from studio.bundles.manifest import Network, Precision, Role
from studio.bundles.wire import Answer, Run
from studio.bundles.workers.asking import unavailable
from studio.bundles.workers.converters import Converter, converter_named
from studio.bundles.workers.exchange import unknown
from studio.bundles.workers.running import Ran, convert, run
from studio.errors import BadChoice
from studio.processes.timing import timing_lock

SIZES: Mapping[str, int] = {"batch": 1}
LARGEST = 2**31
"""Bytes of weights: LiteRT's files are flat buffers, which count in 31 bits."""
READABLE = 0o644


class WorkerFormat:
    """See :class:`studio.bundles.formats.contract.Format`.

    Args:
        name: of the converter. good_for: a sentence. target: runtime and device.
        runtime: the package that runs such files, one of the converter's.
        precisions: the converter's.
        alone: ``run.py`` runs it with that package. ExecuTorch's package asks for torch, and Core
            ML's runs on macOS only: both are for programs of one's own.
    """

    role: Role = "network"

    def __init__(
        self,
        name: str,
        good_for: str,
        target: str,
        runtime: str,
        precisions: tuple[Precision, ...],
        *,
        alone: bool = False,
    ) -> None:
        self.converter: Converter = converter_named(name)
        self.name, self.title, self.precisions = name, self.converter.title, precisions
        self.good_for, self.target = good_for, target
        pinned = next(each for each in self.converter.packages if each.name == runtime)
        self.version = pinned.version
        self.requirements: tuple[str, ...] = (f"{runtime}=={pinned.version}",) if alone else ()

    def plan(self, subject: Subject, precision: Precision) -> FormatPlan:
        """Refuses what is missing, with the command that brings it."""
        refusals = limited_by(subject, precision, self.name, LARGEST)
        if why := unavailable(self.converter):
            refusals.append(why)
        if operators := unknown(subject.parts.network.operators):
            refusals.append(f"{self.title}'s converter does not know {', '.join(operators)}")
        here = () if refusals or self.missing() else (f"{self.target}:{precision}",)
        return FormatPlan(estimated(subject, precision), tuple(refusals), self.notes, here)

    @property
    def notes(self) -> tuple[str, ...]:
        why = self.converter.runs_here()
        return ("one picture at a time", *((why,) if why else ()))

    def missing(self) -> str:
        """Why files of this format cannot be run on this host, a sentence; empty when they can."""
        return self.converter.runs_here() or unavailable(self.converter)

    def write(
        self,
        subject: Subject,
        precision: Precision,
        folder: Path,
        stem: str,
        progress: Callable[[float, str], None],
    ) -> Written:
        """Write through the worker; what ``progress`` raises ends it."""
        target = folder / f"{stem}{self.converter.suffix}"
        raised: list[BaseException] = []

        def between() -> bool:
            try:
                progress(0.0, f"converting {stem}")
            except BaseException as error:  # noqa: BLE001 - carried over the worker's end, below
                raised.append(error)
            return bool(raised)

        graph = subject.parts.network.onnx()
        try:
            made = convert(
                self.converter, graph, target, sizes=SIZES, precision=precision, cancelled=between
            )
        except BaseException:
            if raised:
                raise raised[0] from None
            raise
        inside = sorted(target.rglob("*")) if target.is_dir() else [target]
        files = [path for path in inside if path.is_file()]
        for path in files:
            path.chmod(READABLE)
        # A package is a folder: the file that lists the others stands for it.
        files.sort(key=lambda path: (path.name != "Manifest.json", path))
        names = [path.relative_to(folder).as_posix() for path in files]
        return Written(names[0], tuple(names[1:]), sizes=SIZES, notes=made.notes)

    def open(self, network: Network, files: Mapping[str, bytes]) -> Opened:
        """Nothing is parsed here: the worker opens it for every run."""
        if why := self.missing():
            raise BadChoice(why)
        return OpenedByWorker(self, network, files)


class OpenedByWorker:
    """A file that runs in its converter's environment. Every call starts a worker."""

    device = "cpu"
    int8_layers: tuple[str, ...] = ()

    def __init__(self, form: WorkerFormat, network: Network, files: Mapping[str, bytes]) -> None:
        self._converter, self._files = form.converter, files
        self._inputs = [port.name for port in network.inputs]
        self._outputs = [port.name for port in network.outputs]
        self.runtime = form.name
        self.version = form.version

    def run(self, inputs: Arrays) -> dict[str, npt.NDArray[np.float32]]:
        """Outputs by name."""
        return self.run_many([inputs]).outputs[0]

    def run_many(self, feeds: Sequence[Arrays], *, timed: bool = False) -> Ran:
        """Outputs of several feeds, and the times of single runs, taken within the worker."""
        return run(self._converter, self._files, feeds, self._inputs, self._outputs, timed=timed)


def answered(ready: OpenedByWorker, request: Run) -> Answer:
    """What the process that checks says of a file that a worker runs: all feeds in one worker,
    which times itself, since starting one takes seconds."""
    with timing_lock() if request.time else nullcontext():
        ran = ready.run_many(request.feeds, timed=request.time)
    latency = None
    if ran.milliseconds:
        low, middle, high = (float(p) for p in np.percentile(ran.milliseconds, [10, 50, 90]))
        latency = (middle, low, high, len(ran.milliseconds))
    return Answer(ready.runtime, ran.version or ready.version, ready.device, ran.outputs, latency)


def worker_formats() -> tuple[WorkerFormat, ...]:
    """All of them, in the order in which they are offered."""
    return (
        WorkerFormat(
            "coreml",
            "iPhones, iPads and Macs: Core ML runs it on their CPU, GPU or Neural Engine",
            "coreml:all",
            "coremltools",
            ("f16", "f32"),
        ),
        WorkerFormat(
            "litert",
            "Android phones and small boards through LiteRT, which was TensorFlow Lite",
            "litert:cpu",
            "ai-edge-litert",
            ("f32",),
            alone=True,
        ),
        WorkerFormat(
            "executorch",
            "PyTorch's runtime for phones and boards, on its XNNPACK backend",
            "executorch:cpu",
            "executorch",
            ("f32",),
        ),
    )
