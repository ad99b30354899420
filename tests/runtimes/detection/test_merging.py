"""One list of all sources: every device once a runtime, absent kinds once, always in one order."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from studio.runtimes.detection import onnxruntime, openvino, pytorch
from studio.runtimes.detection.merging import NOBODY, merged
from studio.runtimes.detection.processor import Processor
from studio.runtimes.device import Device

XEON = Processor("Intel(R) Xeon(R) Processor", "Intel", ("avx512_bf16",))
PYTORCH = pytorch.interpret(pytorch.Probe("2.13.0+cpu", XEON))
ONNX = onnxruntime.interpret(
    onnxruntime.Probe("1.31.1", "linux", XEON, providers=("CPUExecutionProvider",))
)
CPU = openvino.Found("CPU", XEON.name, ("FP32", "BF16", "INT8"))
OPENVINO_PROBE = openvino.Probe("2026.4.1", XEON, (CPU,), (("GPU", ""), ("NPU", "")))
OPENVINO = openvino.interpret(OPENVINO_PROBE)
RUNTIMES = {"pytorch": PYTORCH, "onnxruntime": ONNX, "openvino": OPENVINO}


def hardware(kind, vendor, name, driver="", reason=""):
    return Device("system", kind, vendor, name, driver, status="unavailable", reason=reason)


H200 = hardware("GPU", "NVIDIA", "NVIDIA H200", "nvidia 570.124.06")
NPU = hardware("NPU", "Intel", "Intel NPU (Arrow Lake)", reason="no kernel driver is loaded")


def rows(found, **wanted):
    return [d for d in found if all(getattr(d, key) == value for key, value in wanted.items())]


def test_a_host_with_a_processor_only():
    found = merged(RUNTIMES | {"system": ()})
    assert [(d.runtime, d.kind, d.status) for d in found] == [
        ("pytorch", "CPU", "ready"),
        ("onnxruntime", "CPU", "ready"),
        ("openvino", "CPU", "ready"),
        ("system", "GPU", "unavailable"),
        ("system", "NPU", "unavailable"),
    ]
    assert [d.reason for d in found[3:]] == ["this host has no GPU", "this host has no NPU"]


def test_a_gpu_that_nothing_installed_can_use_is_named_with_every_reason():
    found = rows(merged(RUNTIMES | {"system": (H200,)}), kind="GPU")
    assert [d.runtime for d in found] == ["pytorch", "onnxruntime", "openvino", "system"]
    assert {(d.vendor, d.name, d.driver) for d in found} == {
        ("NVIDIA", "NVIDIA H200", "nvidia 570.124.06")
    }
    torch, onnx, vino, system = (d.reason for d in found)
    assert "built without CUDA" in torch
    assert "onnxruntime-gpu" in onnx
    assert vino == "OpenVINO runs on GPUs of Intel only"
    assert system == NOBODY


def test_a_present_npu_without_a_driver_is_named_rather_than_missing():
    found = rows(merged(RUNTIMES | {"system": (NPU,)}), kind="NPU")
    assert rows(found, runtime="system")[0].reason == "no kernel driver is loaded"
    assert "Level Zero" in rows(found, runtime="openvino")[0].reason
    assert not [d for d in found if "this host has no" in d.reason]


def cuda(*names):
    devices = tuple(pytorch.Accelerator(name, capability=(9, 0)) for name in names)
    return pytorch.interpret(pytorch.Probe("2.13.0+cu130", XEON, cuda="13.0", cuda_devices=devices))


def test_what_one_runtime_can_use_the_system_no_longer_complains_of():
    found = merged(RUNTIMES | {"pytorch": cuda("NVIDIA H200"), "system": (H200,)})
    (gpu,) = rows(found, kind="GPU", runtime="pytorch")
    assert (gpu.status, gpu.id) == ("ready", "cuda:0")
    assert gpu.driver == "nvidia 570.124.06", "the driver's version is known to the system only"
    assert rows(found, kind="GPU", runtime="system") == []
    assert len(rows(found, kind="GPU", runtime="onnxruntime")) == 1


def test_of_two_gpus_the_one_with_trouble_is_the_one_that_is_not_used():
    blocked = replace(H200, reason="it is set aside for virtual machines (driver vfio-pci)")
    found = merged({"pytorch": cuda("NVIDIA H200"), "system": (blocked, H200)})
    (left,) = rows(found, kind="GPU", runtime="system")
    assert left.reason == blocked.reason
    assert len(rows(found, kind="GPU", runtime="pytorch")) == 2


def test_two_equal_gpus():
    found = merged({"pytorch": cuda("NVIDIA H200", "NVIDIA H200"), "system": (H200, H200)})
    assert [d.id for d in rows(found, kind="GPU")] == ["cuda:0", "cuda:1"]


def test_a_gpu_of_two_vendors():
    arc = hardware("GPU", "Intel", "Intel DG2 [Arc A770]", "xe")
    gpu = openvino.Found("GPU", "Intel(R) Arc(TM) A770 Graphics (dGPU)", ("FP32", "FP16"))
    probe = replace(OPENVINO_PROBE, found=(CPU, gpu), errors=())
    found = merged(
        {"pytorch": PYTORCH, "openvino": openvino.interpret(probe), "system": (H200, arc)}
    )
    assert [(d.vendor, d.status) for d in rows(found, kind="GPU", runtime="openvino")] == [
        ("Intel", "ready"),
        ("NVIDIA", "unavailable"),
    ]
    assert [d.vendor for d in rows(found, kind="GPU", runtime="system")] == ["NVIDIA"]
    assert {d.vendor for d in rows(found, kind="GPU", runtime="pytorch")} == {"NVIDIA", "Intel"}


def test_a_provider_that_started_is_named_by_the_system():
    trial = onnxruntime.Trial("CUDAExecutionProvider", "GPU", True)
    onnx = onnxruntime.interpret(onnxruntime.Probe("1.31.1", processor=XEON, trials=(trial,)))
    (gpu,) = rows(merged({"onnxruntime": onnx, "system": (H200,)}), kind="GPU")
    assert (gpu.status, gpu.name, gpu.id) == ("ready", "NVIDIA H200", "cuda")


def test_a_provider_that_started_without_its_hardware_is_not_believed():
    trial = onnxruntime.Trial("QNNExecutionProvider", "NPU", True)
    onnx = onnxruntime.interpret(onnxruntime.Probe("1.31.1", processor=XEON, trials=(trial,)))
    (npu,) = rows(merged({"onnxruntime": onnx, "system": ()}), kind="NPU")
    assert (npu.runtime, npu.reason) == ("system", "this host has no NPU")


def test_a_device_that_only_a_runtime_sees_is_believed():
    found = merged(RUNTIMES | {"pytorch": cuda("NVIDIA H200"), "system": ()})
    assert rows(found, kind="GPU", status="ready")[0].name == "NVIDIA H200"
    assert not [d for d in found if d.reason == "this host has no GPU"]


@pytest.mark.parametrize("name", ["pytorch", "onnxruntime", "openvino"])
def test_a_runtime_that_failed_is_one_line(name):
    failed = Device(name, "CPU", status="unavailable", reason="looking for devices crashed")
    found = merged(RUNTIMES | {name: (failed,), "system": ()})
    assert rows(found, runtime=name) == [failed]
    assert len(found) == 5


def test_without_the_systems_list_absence_is_not_claimed():
    failed = Device("system", "CPU", status="unavailable", reason="looking for devices crashed")
    found = rows(merged(RUNTIMES | {"system": (failed,)}), runtime="system")
    assert [d.kind for d in found] == ["CPU", "GPU", "NPU"]
    assert found[1].reason == ("no runtime found one, and whether this host has a GPU is not known")
    assert found[2].reason.endswith("has an NPU is not known")


def test_one_provider_and_gpus_of_two_vendors():
    trial = onnxruntime.Trial("DmlExecutionProvider", "GPU", True)
    probe = onnxruntime.Probe("1.31.1", "win32", XEON, trials=(trial,))
    arc = hardware("GPU", "Intel", "Intel(R) Iris(R) Xe Graphics", "32.0.101.6078")
    found = rows(
        merged({"onnxruntime": onnxruntime.interpret(probe), "system": (arc, H200)}), kind="GPU"
    )
    assert [(d.id, d.name) for d in found] == [("dml", "")], "it may mean either of them"


def test_the_order_depends_on_nothing_but_what_was_found():
    sources = RUNTIMES | {"system": (NPU, H200)}
    expected = merged(sources)
    for order in itertools.permutations(sources):
        turned = {name: sources[name] for name in order} | {"system": (H200, NPU)}
        assert merged(turned) == expected
