"""What OpenVINO's answers mean: properties as its samples print them, errors as users met them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.runtimes.detection import openvino as detection
from studio.runtimes.detection.openvino import Found, Probe, interpret, why_not
from studio.runtimes.detection.processor import Processor

ULTRA = Processor("Intel(R) Core(TM) Ultra 7 155H", "Intel")
CPU = Found(
    "CPU",
    "Intel(R) Core(TM) Ultra 7 155H",
    ("WINOGRAD", "FP32", "INT8", "BIN", "EXPORT_IMPORT"),
    "INTEGRATED",
    "intel64",
)
GPU = Found(
    "GPU",
    "Intel(R) Arc(TM) Graphics (iGPU)",
    ("FP32", "BIN", "FP16", "INT8", "EXPORT_IMPORT"),
    "INTEGRATED",
    "GPU: vendor=0x8086 arch=v12.71.4",
)
NPU = Found(
    "NPU", "Intel(R) AI Boost", ("FP16", "INT8", "EXPORT_IMPORT"), "INTEGRATED", "3720", "1688"
)
ALL = Probe("2025.4.0", ULTRA, (CPU, GPU, NPU))
NO_OPENCL = (
    "Exception from src/inference/src/cpp/core.cpp:268:\nCannot load library "
    '"/x/openvino/libs/libopenvino_intel_gpu_plugin.so": libOpenCL.so.1: cannot open shared object '
    "file: No such file or directory\n"
)
NO_NPU = (
    "Exception from src/inference/src/dev/plugin.cpp:112:\nException from src/plugins/intel_npu/src"
    "/plugin/src/plugin_property_manager.cpp:732:\nUnsupported configuration key: "
    "FULL_DEVICE_NAME\n\n"
)


def test_a_host_with_all_three():
    cpu, gpu, npu = [d for d in interpret(ALL) if d.status == "ready"]
    assert (cpu.id, cpu.precisions) == ("CPU", ("f32", "int8"))
    assert (gpu.id, gpu.kind, gpu.vendor) == ("GPU", "GPU", "Intel")
    assert gpu.precisions == ("f32", "f16", "int8")
    assert (npu.id, npu.name, npu.driver) == ("NPU", "Intel(R) AI Boost", "1688")
    assert npu.precisions == ("f16", "int8")
    assert [d.static_only for d in (cpu, gpu, npu)] == [False, False, True]


def test_two_gpus_and_a_mode_that_is_no_device():
    two = (CPU, replace(GPU, id="GPU.0"), replace(GPU, id="GPU.1"), Found("AUTO"))
    ids = [d.id for d in interpret(replace(ALL, found=two)) if d.status == "ready"]
    assert ids == ["CPU", "GPU.0", "GPU.1"]


def test_the_opencl_loader_is_missing():
    reason = why_not("GPU", NO_OPENCL)
    assert "libOpenCL is not installed" in reason
    assert "intel-opencl-icd" in reason
    assert "\n" not in reason


@pytest.mark.parametrize("error", [NO_NPU, "", "Device NPU is not available"])
def test_no_npu_answers(error):
    assert why_not("NPU", error).startswith("OpenVINO finds no NPU that it could use; its Level")


def test_another_library_that_is_missing_is_named():
    error = NO_OPENCL.replace("libOpenCL.so.1", "libtbb.so.12")
    assert why_not("GPU", error).endswith(
        "libtbb.so.12: cannot open shared object file: No such file or directory"
    )


def test_what_cannot_be_used_is_said_by_vendor():
    found = replace(ALL, found=(CPU,), errors=(("GPU", NO_OPENCL), ("NPU", NO_NPU)))
    rows = {(d.kind, d.vendor): d.reason for d in interpret(found) if d.status != "ready"}
    assert "libOpenCL" in rows["GPU", "Intel"]
    assert "Level Zero" in rows["NPU", "Intel"]
    assert rows["GPU", ""] == "OpenVINO runs on GPUs of Intel only"


def test_a_missing_package():
    rows = interpret(Probe(processor=ULTRA))
    assert not any(d.status == "ready" for d in rows)
    assert rows[0].reason == "OpenVINO is not installed; 'pip install openvino' adds it"


def test_properties_are_read_as_text_and_only_those_that_there_are():
    class Core:
        def get_property(self, name, key):
            known = {
                "SUPPORTED_PROPERTIES": {
                    "FULL_DEVICE_NAME": "RO",
                    "OPTIMIZATION_CAPABILITIES": "RO",
                    "DEVICE_TYPE": "RO",
                    "NPU_DRIVER_VERSION": "RO",
                    "DEVICE_ARCHITECTURE": "RO",
                },
                "FULL_DEVICE_NAME": "Intel(R) AI Boost",
                "OPTIMIZATION_CAPABILITIES": ["FP16", "INT8"],
                "DEVICE_TYPE": "Type.INTEGRATED",
                "NPU_DRIVER_VERSION": 1688,
            }
            return known[key]  # the architecture raises, as a property of a sick driver does

    assert detection._read(Core(), "NPU") == Found(
        "NPU", "Intel(R) AI Boost", ("FP16", "INT8"), "INTEGRATED", "", "1688"
    )


def test_this_hosts_openvino_is_read():
    from studio.runtimes.openvino_core import core, quiet_openvino

    found = detection.probe()
    assert found.installed is not None
    assert quiet_openvino().__version__.startswith(found.installed)
    assert [d.id for d in found.found] == core().available_devices
    assert interpret(found)[0].precisions[0] == "f32"
