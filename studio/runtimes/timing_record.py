"""What a benchmark found, as data that can be kept and compared. Imports no runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from studio.runtimes.contract import LayerTime, NodePlace


@dataclass(frozen=True)
class Spread:
    """Milliseconds of one run: the median, and what a tenth of the runs was below and above.

    Args:
        runs: how many were timed, after warm-up.
    """

    median: float
    p10: float
    p90: float
    runs: int


@dataclass(frozen=True)
class BatchTiming:
    """One size of a batch.

    Args:
        spread: milliseconds of one run of the whole batch; None when it could not be run.
        per_second: items of the batch a second, from the median.
        memory: largest bytes of the process from loading to the last run.
        refusal: why it was not run, a sentence; empty when it was.
    """

    batch: int
    spread: Spread | None = None
    per_second: float | None = None
    memory: int | None = None
    refusal: str = ""


@dataclass(frozen=True)
class Accuracy:
    """How far the outputs are from those of a reference in f32.

    Args:
        psnr: dB; None when they are equal, or when one is no number.
        largest: the largest difference. finite: all of the outputs are numbers.
        passes: within the gate for f32, 1e-4 absolute or 1e-5 of the largest value.
    """

    psnr: float | None
    largest: float
    finite: bool
    passes: bool


@dataclass(frozen=True)
class TimingRecord:
    """A network measured on a target. What is not known is None or empty.

    Args:
        network, key: name and key of the network. parameters, macs: as it says.
        target: as on the command line. title: the same for people.
        version: of the runtime. device: name and driver. system: operating system and Python.
        threads: CPU threads; 0 where the runtime chose.
        devices, precision, fallbacks: where it really ran (see ``Placement``).
        compile_ms: compiling from the graph, for the first batch that ran. load_ms: bringing that
            back from disk. memory_before: bytes of the process before that.
        batches: one a size asked for. layers: of one run of the first batch that ran.
        refusals: why nothing ran at all. notes: what the runtime said beforehand.
        int8, left: of a quantised network, the share of its true multiplies that ran in int8, and
            the convolutions that ran in float (see ``Placement``).
    """

    network: str
    key: str
    parameters: int
    macs: int
    target: str
    title: str
    version: str = ""
    device: str = ""
    system: str = ""
    threads: int = 0
    devices: tuple[str, ...] = ()
    precision: str = ""
    fallbacks: tuple[NodePlace, ...] = ()
    compile_ms: float | None = None
    load_ms: float | None = None
    memory_before: int | None = None
    batches: tuple[BatchTiming, ...] = ()
    accuracy: Accuracy | None = None
    layers: tuple[LayerTime, ...] = ()
    refusals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    int8: float | None = None
    left: tuple[str, ...] = ()

    @property
    def spread(self) -> Spread | None:
        """Of the first batch that ran at size 1; the latency to quote."""
        return next((b.spread for b in self.batches if b.batch == 1 and b.spread), None)

    @property
    def memory(self) -> int | None:
        """Largest bytes of the process at the smallest batch that ran."""
        return next((b.memory for b in self.batches if b.spread), None)

    @property
    def like(self) -> tuple[str, ...]:
        """What two records must share to be compared."""
        return (self.target, self.version, self.device, self.system, str(self.threads))

    def as_json(self) -> dict[str, Any]:
        """Plain lists, numbers and texts."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> TimingRecord:
        """What :meth:`as_json` wrote.

        Raises:
            ValueError: it is none.
        """
        try:
            values = dict(raw)
            values["devices"] = tuple(raw["devices"])
            values["refusals"], values["notes"] = tuple(raw["refusals"]), tuple(raw["notes"])
            values["left"] = tuple(raw.get("left", ()))
            values["fallbacks"] = tuple(NodePlace(**each) for each in raw["fallbacks"])
            values["layers"] = tuple(LayerTime(**each) for each in raw["layers"])
            values["batches"] = tuple(_batch(each) for each in raw["batches"])
            accuracy = raw["accuracy"]
            values["accuracy"] = None if accuracy is None else Accuracy(**accuracy)
            return cls(**values)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"this is no record of a measurement: {error}") from error


def _batch(raw: Mapping[str, Any]) -> BatchTiming:
    spread = raw["spread"]
    return BatchTiming(**{**raw, "spread": None if spread is None else Spread(**spread)})
