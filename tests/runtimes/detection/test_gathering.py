"""One child process a source: crashes, hangs and rubbish cost one line, and nothing stays."""

from __future__ import annotations

import re
import subprocess
import sys
import threading

import psutil
import pytest

from studio.places import log_dir
from studio.runtimes.detection import gathering
from studio.runtimes.detection.gathering import LIMIT_SECONDS, Source, ask, gather
from studio.runtimes.device import Device
from studio.runtimes.target import PRECISIONS, Target

HERE = "tests.runtimes.detection"
PRINTING = Source("pytorch", f"{HERE}.printing")
ONE = Device("pytorch", "CPU", name="one", id="cpu", precisions=("f32",))


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(gathering, "_kept", None)


def only(found, name):
    (row,) = found[name]
    assert row.runtime == name
    assert row.status == "unavailable"
    assert row.reason.count("\n") == 0
    return row.reason


def test_a_source_that_crashes_costs_one_line():
    found = ask([PRINTING, Source("openvino", f"{HERE}.aborting")], LIMIT_SECONDS)
    assert found["pytorch"] == (ONE,)
    assert only(found, "openvino") == ("looking for devices through OpenVINO crashed (SIGABRT)")


def test_an_instruction_that_the_processor_lacks():
    found = ask([Source("pytorch", f"{HERE}.without_avx")], LIMIT_SECONDS)
    assert only(found, "pytorch") == "looking for devices through PyTorch crashed (SIGILL)"


def test_a_source_that_hangs_is_ended():
    found = ask([Source("onnxruntime", f"{HERE}.hanging")], 1.0)
    assert only(found, "onnxruntime") == (
        "looking for devices through ONNX Runtime did not answer within 1 s and was ended"
    )


def test_what_a_source_has_started_is_ended_with_it():
    stopped = threading.Event()
    source = Source("onnxruntime", f"{HERE}.hanging_family")
    thread = threading.Thread(target=ask, args=([source], LIMIT_SECONDS, stopped))
    thread.start()
    log = log_dir() / "devices.log"
    while not (log.is_file() and (named := re.search(r"offspring (\d+)\n", log.read_text()))):
        threading.Event().wait(0.02)
    stopped.set()
    thread.join()
    assert is_gone(int(named[1]))


def is_gone(pid):
    """Whether a process has ended, given a moment in which the system may notice."""
    for _ in range(300):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        threading.Event().wait(0.02)
    return False


def test_rubbish_on_both_streams_harms_nothing_and_is_kept_in_the_log():
    assert ask([PRINTING], LIMIT_SECONDS) == {"pytorch": (ONE,)}
    assert b"loader said 2" in (log_dir() / "devices.log").read_bytes()


def test_what_a_source_raises_is_its_reason():
    found = ask([Source("pytorch", f"{HERE}.raising")], LIMIT_SECONDS)
    assert only(found, "pytorch") == (
        "looking for devices through PyTorch failed: ImportError: libtorch_cuda.so: cannot open "
        "shared object file and more lines"
    )


def test_an_answer_of_another_form_is_refused():
    found = ask([Source("pytorch", f"{HERE}.nonsense")], LIMIT_SECONDS)
    assert only(found, "pytorch").endswith("gave an answer that is no list of devices")


def test_a_source_that_ends_without_an_answer():
    found = ask([Source("system", f"{HERE}.unwilling")], LIMIT_SECONDS)
    assert only(found, "system") == (
        "looking for devices through the operating system ended unexpectedly (exit code 3)"
    )


def test_a_module_that_is_missing():
    found = ask([Source("pytorch", f"{HERE}.no_such_module")], LIMIT_SECONDS)
    assert "ModuleNotFoundError" in only(found, "pytorch")


def test_a_process_that_cannot_be_started(monkeypatch):
    def refuse(*_arguments):
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(gathering, "Child", refuse)
    found = ask([PRINTING], LIMIT_SECONDS)
    assert "no process can be started: Cannot allocate memory" in only(found, "pytorch")


def test_stopping_ends_the_children_now_and_keeps_nothing(monkeypatch):
    monkeypatch.setattr(gathering, "SOURCES", (Source("pytorch", f"{HERE}.hanging"),))
    stopped = threading.Event()
    stopped.set()
    (row, *_) = gather(stopped=stopped)
    assert row.reason == "looking for devices through PyTorch was stopped"
    assert gathering._kept is None


def test_what_was_found_is_kept_until_it_is_asked_for_again(monkeypatch):
    asked = []

    def fake(sources, limit, stopped):
        asked.append(limit)
        return {"pytorch": (ONE,), "system": ()}

    monkeypatch.setattr(gathering, "ask", fake)
    first = gather()
    assert gather() is first
    assert asked == [LIMIT_SECONDS]
    assert gather(again=True) == first
    assert len(asked) == 2


def test_the_real_sources_find_the_processor_for_every_runtime_in_a_fixed_order():
    found = gather()
    ready = [d for d in found if d.status == "ready"]
    assert [d.runtime for d in ready if d.kind == "CPU"] == ["pytorch", "onnxruntime", "openvino"]
    for device in ready:
        assert device.id
        assert "f32" in device.precisions or device.kind == "NPU"
        for precision in device.precisions:
            assert precision in PRECISIONS
            target = Target.parse(f"{device.runtime}:{device.id}:{precision}")
            assert (target.device, target.precision) == (device.id, precision)
    assert all(d.reason for d in found if d.status != "ready")
    for kind in ("GPU", "NPU"):
        assert any(d.kind == kind for d in found)
    assert gather(again=True) == found


def test_asking_loads_no_runtime_here():
    code = (
        "import sys, studio.runtimes.detection.gathering as g; g.ask([g.SOURCES[1]], 60); "
        "print([m for m in ('torch', 'onnxruntime', 'openvino', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=90)
    assert done.stdout.strip() == "[]"


def test_a_child_ends_when_its_parent_dies():
    code = (
        "import os, threading, psutil, studio.runtimes.detection.gathering as g\n"
        f"source = g.Source('pytorch', '{HERE}.hanging')\n"
        "threading.Thread(target=g.ask, args=([source], 60), daemon=True).start()\n"
        "while not psutil.Process().children(): pass\n"
        "print(psutil.Process().children()[0].pid, flush=True); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=90)
    assert is_gone(int(done.stdout))
