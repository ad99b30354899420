"""Measurements in a document: kept for every host and target, set beside each other only alike."""

from __future__ import annotations

from dataclasses import replace

from studio.fidelity.measurement import Latency, Measurement
from studio.session.document import Document, ModelRef
from studio.subnets.choice import SubnetChoice

HALF = SubnetChoice(width=0.5)
HERE, THERE = "this processor", "another processor"
PLAIN, FAST = "pytorch:cpu:f32", "openvino:CPU:f32"


def found(target: str, host: str, ms: float) -> Measurement:
    latency = Latency(ms, ms, ms)
    return Measurement("half", HALF, 30.0, 0.9, 0.1, 1, 1, 1, 1, latency, target, 2, host, "1")


def test_measurements_are_kept_apart_by_host_and_target() -> None:
    document = Document(model=ModelRef("/m", "m", "0", "key"))
    for m in (found(PLAIN, HERE, 1.0), found(FAST, HERE, 2.0), found(PLAIN, THERE, 3.0)):
        document = document.with_measurements("key", (m,))
    assert len(document.measurements) == 3
    for target, host, ms in ((PLAIN, HERE, 1.0), (FAST, HERE, 2.0), (PLAIN, THERE, 3.0)):
        measured = document.measured(HALF, target, host)
        assert measured is not None
        assert measured.latency_ms.median == ms
    assert document.measured(HALF, FAST, THERE) is None
    assert document.measured(SubnetChoice(), PLAIN, HERE) is None
    document = document.with_measurements("key", (found(FAST, HERE, 9.0),))
    assert len(document.measurements) == 3
    again = document.measured(HALF, FAST, HERE)
    assert again is not None
    assert again.latency_ms.median == 9.0


def test_a_measurement_of_an_older_session_names_no_host_and_is_shown() -> None:
    document = Document(model=ModelRef("/m", "m", "0", "key"))
    document = document.with_measurements("key", (found(PLAIN, "", 4.0),))
    assert document.measured(HALF, PLAIN, HERE) is not None


def test_what_was_not_measured_again_stays() -> None:
    document = Document(model=ModelRef("/m", "m", "0", "key"))
    full = replace(found(PLAIN, HERE, 1.0), memory=5, realism=2.0, fid=3.0, lpips=0.1)
    document = document.with_measurements("key", (full,))
    document = document.with_measurements("key", (replace(found(PLAIN, HERE, 2.0), realism=9.0),))
    (now,) = document.measurements
    assert now.measurement.latency_ms.median == 2.0
    assert (now.measurement.memory, now.measurement.realism, now.measurement.fid) == (5, 9.0, 3.0)
    assert now.measurement.lpips is None  # of other inputs, perhaps
    newer = replace(found(PLAIN, HERE, 3.0), version="2")
    (now,) = document.with_measurements("key", (newer,)).measurements
    assert now.measurement.memory is None
