"""The arithmetic of a benchmark, on a runtime that takes as long as it is told to."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from studio.errors import BadChoice, MaquetteError, RuntimeFailed
from studio.families.portable import Port, PortableNetwork
from studio.places import cache_dir
from studio.processes.timing import timing_lock
from studio.runtimes import memory
from studio.runtimes.benchmark import Bounds, accuracy, benchmark, spread_of
from studio.runtimes.contract import Arrays, LayerTime, NodePlace, Placement, Plan
from studio.runtimes.device import Device
from studio.runtimes.memory import PeakMemory
from studio.runtimes.onnxruntime import OnnxRuntime
from studio.runtimes.target import Target
from studio.runtimes.timing_record import Accuracy, BatchTiming, Spread, TimingRecord
from tests.runtimes.networks import expected, inputs_for, small_network

TARGET = Target("openvino", "CPU", "bf16")
STRAY = (NodePlace("CPU", "Resize", 2),)


def network(*shape: int | str) -> PortableNetwork:
    def never() -> bytes:
        raise AssertionError("the stand-in reads no graph")

    port = Port("x", shape or ("batch", 2))
    return PortableNetwork(
        "key",
        "net",
        (port,),
        (port,),
        ("Conv",),
        10,
        20,
        5,
        never,
        never,  # type: ignore[arg-type]
    )


@dataclass
class Slow:
    """A runtime with a clock of its own.

    Args:
        compile, load, first, later: seconds of each; ``first`` of runs before ``warm`` ones.
        refuse: why a batch cannot run. fail: what a batch raises when it runs.
    """

    compile_: float = 2.0
    load_: float = 0.5
    later: Callable[[int], float] = lambda batch: 0.01 * batch
    first: float = 1.0
    warm: int = 1
    refuse: Mapping[int, str] = field(default_factory=dict)
    fail: Mapping[int, Exception] = field(default_factory=dict)
    now: float = 100.0
    runs: list[int] = field(default_factory=list)
    closed: int = 0
    folders: list[Path] = field(default_factory=list)
    name = "openvino"

    def clock(self) -> float:
        return self.now

    def version(self) -> str | None:
        return "9"

    def detect(self) -> tuple[Device, ...]:
        return ()

    def plan(
        self,
        network: PortableNetwork,
        target: Target,
        *,
        sizes: Mapping[str, int] | None = None,
        threads: int = 0,
    ) -> Plan:
        fixed = tuple(sorted((sizes or {}).items()))
        batch = dict(fixed).get("batch", 1)
        said = (self.refuse[batch],) if batch in self.refuse else ()
        return Plan(
            network, target, fixed, threads, "9", "a device", refusals=said, notes=("a note",)
        )

    def compile(self, plan: Plan, folder: Path) -> Placement:
        assert list(folder.iterdir()) == []
        self.folders.append(folder)
        self.now += self.compile_
        return Placement(("CPU",), "bf16")

    def load(self, plan: Plan, folder: Path) -> SlowLoaded:
        assert folder == self.folders[-1]
        self.now += self.load_
        return SlowLoaded(self, dict(plan.sizes).get("batch", 1))


class SlowLoaded:
    target = TARGET
    placement = Placement(("CPU",), "bf16", STRAY)

    def __init__(self, owner: Slow, batch: int) -> None:
        self.owner, self.batch, self.done = owner, batch, 0

    def run(
        self, inputs: Arrays, between: Callable[[], None] | None = None
    ) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
        assert len(inputs["x"]) == self.batch
        if self.batch in self.owner.fail:
            raise self.owner.fail[self.batch]
        early = self.done < self.owner.warm
        self.owner.now += self.owner.first if early else self.owner.later(self.batch)
        self.done += 1
        self.owner.runs.append(self.batch)
        return {"x": inputs["x"] + np.float32(0.5)}

    def layer_times(self, inputs: Arrays) -> tuple[LayerTime, ...]:
        return (LayerTime("a", "Conv", 1.5, "bf16"),)

    def close(self) -> None:
        self.owner.closed += 1


@contextmanager
def no_lock() -> Iterator[None]:
    yield


def made(batch: int) -> Arrays:
    return {"x": np.arange(2 * batch, dtype=np.float32).reshape(batch, 2)}


def measured(runtime: Slow, net: PortableNetwork | None = None, **more: object) -> TimingRecord:
    given = {"clock": runtime.clock, "lock": no_lock, "threads": 2, **more}
    return benchmark(runtime, net or network(), TARGET, made, **given)  # type: ignore[arg-type]


# --- timing ------------------------------------------------------------------------------------


def test_latency_throughput_and_start_up() -> None:
    runtime = Slow()
    record = measured(runtime)
    assert record.compile_ms == pytest.approx(2000)
    assert record.load_ms == pytest.approx(500)
    assert [b.batch for b in record.batches] == [1, 4, 16]
    for timing in record.batches:
        assert timing.spread is not None
        assert timing.spread.median == pytest.approx(10 * timing.batch)
        assert timing.per_second == pytest.approx(100)
        assert timing.memory is not None
        assert timing.memory > 1_000_000
    assert record.spread == record.batches[0].spread
    assert record.memory == record.batches[0].memory


def test_what_runs_before_the_network_is_warm_is_not_counted() -> None:
    runtime = Slow(warm=3, first=0.2)
    spread = measured(runtime, batches=(1,)).spread
    assert spread is not None
    assert spread.p90 == pytest.approx(10)
    # After three runs for warmth, a second is filled.
    assert spread.runs == len(runtime.runs) - 3 == 100


def test_the_spread_is_of_all_runs() -> None:
    took = iter([0.010, 0.020, 0.030, 0.040, 0.050, 0.060, 0.070, 0.080, 0.090, 0.550])
    runtime = Slow(later=lambda batch: next(took), warm=1)
    bounds = Bounds(warm_up=1, least=9, seconds=1.0)
    assert measured(runtime, batches=(1,), bounds=bounds).spread == Spread(
        pytest.approx(55), pytest.approx(19), pytest.approx(136), 10
    )
    assert spread_of([3.0]) == Spread(3.0, 3.0, 3.0, 1)


def test_slow_networks_are_run_less_and_fast_ones_no_more_than_enough() -> None:
    slow = Slow(later=lambda batch: 6.0, first=6.0)
    assert measured(slow, batches=(1,)).batches[0].spread == Spread(
        pytest.approx(6000), pytest.approx(6000), pytest.approx(6000), 3
    )
    assert len(slow.runs) == 1 + 3  # one for warmth had to do
    fast = Slow(later=lambda batch: 1e-6)
    assert measured(fast, batches=(1,), bounds=Bounds(most=25)).spread == Spread(
        pytest.approx(0.001), pytest.approx(0.001), pytest.approx(0.001), 25
    )


def test_a_network_without_a_batch_is_run_once() -> None:
    fixed = network(1, 2)
    assert [b.batch for b in measured(Slow(), fixed).batches] == [1]


def test_the_record_says_where_and_how_it_ran() -> None:
    record = measured(Slow(), reference=made(1), span=2.0)
    assert (record.network, record.key, record.parameters, record.macs) == ("net", "key", 10, 20)
    assert (record.target, record.title) == ("openvino:CPU:bf16", "OpenVINO bf16 CPU")
    assert (record.version, record.device, record.threads) == ("9", "a device", 2)
    assert (record.devices, record.precision, record.fallbacks) == (("CPU",), "bf16", STRAY)
    assert record.layers == (LayerTime("a", "Conv", 1.5, "bf16"),)
    assert record.notes == ("a note",)
    assert record.memory_before is not None
    close = record.accuracy
    assert close is not None
    assert close.psnr == pytest.approx(20 * math.log10(2.0 / 0.5))
    assert record.like == ("openvino:CPU:bf16", "9", "a device", record.system, "2")


def test_nothing_is_left_behind() -> None:
    runtime = Slow()
    measured(runtime)
    assert runtime.closed == 3
    assert len(set(runtime.folders)) == 3  # each its own: a first compile is a first one
    assert list(cache_dir().iterdir()) == []


# --- what cannot run ---------------------------------------------------------------------------


def test_a_batch_that_is_refused_is_part_of_the_record() -> None:
    record = measured(Slow(refuse={16: "'net' needs about 9.0 GB and 2.0 GB are free"}))
    assert record.batches[2] == BatchTiming(
        16, refusal="'net' needs about 9.0 GB and 2.0 GB are free"
    )
    assert record.batches[1].spread is not None
    assert record.refusals == ()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeFailed("running 'net' failed: the device is gone"), "the device is gone"),
        (BadChoice("'npu' is not on this host"), "is not on this host"),
        (MemoryError(), "there is not enough memory for a batch of 4"),
    ],
)
def test_a_batch_that_fails_stops_no_other(error: Exception, sentence: str) -> None:
    runtime = Slow(fail={4: error})
    record = measured(runtime)
    assert sentence in record.batches[1].refusal
    assert record.batches[2].spread is not None
    assert runtime.closed == 3


def test_what_cannot_run_at_all_says_why_and_takes_no_lock() -> None:
    def never() -> None:
        raise AssertionError("nothing is timed")

    record = measured(Slow(refuse=dict.fromkeys((1, 4, 16), "no")), lock=never)
    assert record.refusals == ("no",)
    assert [b.refusal for b in record.batches] == ["no"] * 3
    assert record.compile_ms is None
    assert record.spread is None
    assert record.memory is None


def test_what_fails_at_every_size_is_a_refusal_too() -> None:
    failed = RuntimeFailed("running failed")
    assert measured(Slow(fail=dict.fromkeys((1, 4, 16), failed))).refusals == ("running failed",)


def test_a_larger_batch_describes_when_the_first_is_refused() -> None:
    record = measured(Slow(refuse={1: "no"}), reference=made(1))
    assert record.compile_ms == pytest.approx(2000)
    assert record.accuracy is None  # the reference is of the first size
    assert record.spread is None
    assert record.memory == record.batches[1].memory


def test_stopping_leaves_nothing_behind() -> None:
    class Stop(Exception):
        pass

    runtime, looks = Slow(), iter(range(10))

    def between() -> None:
        if next(looks) == 9:
            raise Stop

    with pytest.raises(Stop):
        measured(runtime, between=between)
    assert runtime.closed == 1
    assert list(cache_dir().iterdir()) == []


def test_it_waits_for_whoever_times_already() -> None:
    seen: list[str] = []

    def look() -> None:
        with pytest.raises(MaquetteError, match="another measurement is running"):
            timing_lock(0).__enter__()
        seen.append("locked")

    measured(Slow(), batches=(1,), bounds=Bounds(1, 1, 1), between=look, lock=timing_lock)
    assert seen == ["locked"] * 2


def test_a_full_disk_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studio.runtimes.benchmark.tempfile.TemporaryDirectory", full)
    with pytest.raises(MaquetteError, match="no place for a compiled network"):
        measured(Slow())


# --- accuracy, memory, records -----------------------------------------------------------------


def test_accuracy_against_f32() -> None:
    x = np.linspace(-1, 1, 101, dtype=np.float32)
    assert accuracy({"x": x}, {"x": x}, 2.0) == Accuracy(None, 0.0, True, True)
    near = accuracy({"x": x}, {"x": x + np.float32(0.02)}, 2.0)
    assert near.psnr == pytest.approx(40, abs=0.01)
    assert near.largest == pytest.approx(0.02, abs=1e-6)
    assert not near.passes
    # Their own range is the peak when none is given, and all outputs count.
    both = accuracy({"x": x, "z": x}, {"x": x, "z": x + np.float32(0.02)})
    assert both.psnr == pytest.approx(40 + 10 * math.log10(2), abs=0.01)
    odd = accuracy({"x": x}, {"x": np.full_like(x, np.nan)}, 2.0)
    assert (odd.psnr, odd.finite, odd.passes) == (None, False, False)


def test_the_gate_of_f32_is_absolute_for_small_values_and_relative_for_large() -> None:
    x = np.ones(4, np.float32)
    assert accuracy({"x": x}, {"x": x + np.float32(0.9e-4)}).passes
    assert not accuracy({"x": x}, {"x": x + np.float32(1.2e-4)}).passes
    assert accuracy({"x": 1000 * x}, {"x": 1000 * x + np.float32(0.009)}).passes
    assert not accuracy({"x": 1000 * x}, {"x": 1000 * x + np.float32(0.02)}).passes


@pytest.mark.parametrize("kernel_tells", [True, False])
def test_the_largest_memory_is_seen_after_it_is_freed(
    kernel_tells: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not kernel_tells:
        monkeypatch.setattr(memory, "_PROC", tmp_path / "none")
        monkeypatch.setattr(memory, "_EVERY", 0.001)
    size = 200_000_000
    before = memory.resident()
    with PeakMemory() as peak:
        block = np.ones(size, np.uint8)
        watched = peak._watcher
        assert (watched is None) == kernel_tells or not Path("/proc/self").exists()
        if watched is not None:
            while peak.bytes < before + size // 2:  # until the watcher has looked
                watched.join(0.001)
        del block
    assert peak.bytes > before + 0.7 * size
    assert memory.resident() < before + 0.5 * size


def test_a_record_is_json_and_comes_back_equal() -> None:
    record = measured(Slow(refuse={16: "no"}), reference=made(1), span=2.0)
    text = json.dumps(record.as_json(), allow_nan=False)
    assert TimingRecord.from_json(json.loads(text)) == record
    blank = measured(Slow(refuse=dict.fromkeys((1, 4, 16), "no")))
    assert TimingRecord.from_json(json.loads(json.dumps(blank.as_json()))) == blank


@pytest.mark.parametrize("raw", [{}, {"network": 3}, {"batches": [3]}])
def test_what_is_no_record_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no record of a measurement"):
        TimingRecord.from_json(raw)


# --- a real runtime ----------------------------------------------------------------------------


def test_a_real_network_is_measured() -> None:
    net = small_network()
    first = inputs_for(net, 1)
    record = benchmark(
        OnnxRuntime(),
        net,
        Target.parse("onnxruntime"),
        lambda batch: first if batch == 1 else inputs_for(net, batch),
        batches=(1, 2),
        bounds=Bounds(1, 2, 2, 0),
        threads=1,
        reference={"y": expected(net, first)},
    )
    assert record.devices == ("CPU",)
    assert record.accuracy is not None
    assert record.accuracy.passes
    assert all(b.spread is not None and b.spread.runs == 2 for b in record.batches)
    assert any(layer.operator == "ConvTranspose" for layer in record.layers)
    assert list(cache_dir().glob("timing-*")) == []


def test_a_target_that_is_not_here_is_refused_before_anything() -> None:
    with pytest.raises(BadChoice, match="'cuda' is not on this host"):
        benchmark(OnnxRuntime(), small_network(), Target("onnxruntime", "cuda"), made)
