"""What ONNX Runtime's answers mean, in the form in which its own tools print devices."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from studio.runtimes.detection import onnxruntime as detection
from studio.runtimes.detection.onnxruntime import CPU, TINY, EpDevice, Probe, Trial, interpret
from studio.runtimes.detection.processor import Processor
from studio.runtimes.provider_options import Setting
from studio.runtimes.providers import device_named, provider_named

I7 = Processor("12th Gen Intel(R) Core(TM) i7-1270P", "Intel")
PROCESSOR = EpDevice(
    CPU,
    "CPU",
    "GenuineIntel",
    32902,
    7,
    (("Description", "12th Gen Intel(R) Core(TM) i7-1270P"),),
    (("version", "1.23.0"),),
)
PLAIN = Probe(
    "1.23.0", "linux", I7, providers=("AzureExecutionProvider", CPU), ep_devices=(PROCESSOR,)
)
INTEL_NPU = EpDevice(
    "OpenVINOExecutionProvider",
    "NPU",
    "Intel Corporation",
    0x8086,
    0x643E,
    (("Description", "Intel(R) AI Boost"),),
    (("ov_device", "NPU"), ("os_driver_version", "32.0.100.4082"), ("version", "1.8.26.0")),
)
HEXAGON = EpDevice(
    "QNNExecutionProvider",
    "NPU",
    "Qualcomm",
    0x4D4F4351,
    1093682224,
    (("Description", "Snapdragon(R) X Elite - X1E78100 - Qualcomm(R) Hexagon(TM) NPU"),),
)
RTX = EpDevice(
    "NvTensorRTRTXExecutionProvider",
    "GPU",
    "NVIDIA",
    0x10DE,
    0x2803,
    (("Description", "NVIDIA GeForce RTX 4060"), ("Discrete", "1"), ("LUID", "71234")),
)


def ready(found):
    return [d for d in interpret(found) if d.status == "ready"]


def why(found, kind, vendor):
    """The first reason, which is the one that is shown."""
    rows = [d for d in interpret(found) if (d.kind, d.vendor) == (kind, vendor) and not d.id]
    return rows[0].reason


def test_the_processor_is_a_device():
    (cpu,) = ready(PLAIN)
    assert (cpu.id, cpu.kind, cpu.vendor, cpu.name) == ("cpu", "CPU", "Intel", I7.name)
    assert cpu.precisions == ("f32", "int8")


def test_a_runtime_from_before_devices_were_listed_still_has_the_processor():
    assert [d.id for d in ready(replace(PLAIN, ep_devices=()))] == ["cpu"]


def test_an_npu_of_a_plugin_takes_fixed_shapes_and_no_f32():
    npu = ready(replace(PLAIN, ep_devices=(PROCESSOR, INTEL_NPU)))[1]
    assert (npu.kind, npu.vendor, npu.name) == ("NPU", "Intel", "Intel(R) AI Boost")
    assert npu.driver == "32.0.100.4082"
    assert npu.id == "openvino-npu"
    assert npu.static_only
    assert npu.precisions == ("f16", "int8")


def test_qualcomm_is_known_by_the_number_that_acpi_gives_it():
    npu = ready(replace(PLAIN, ep_devices=(PROCESSOR, HEXAGON)))[1]
    assert (npu.id, npu.vendor, npu.static_only) == ("qnn", "Qualcomm", True)


def test_a_gpu_of_a_plugin():
    gpu = ready(replace(PLAIN, ep_devices=(PROCESSOR, RTX, RTX)))[1:]
    assert [d.id for d in gpu] == ["tensorrt-rtx", "tensorrt-rtx:1"]
    assert gpu[0].name == "NVIDIA GeForce RTX 4060"
    assert not gpu[0].static_only


@pytest.mark.parametrize(
    "name", ["openvinoexecutionprovider", "OPENVINOExecutionProvider", "OpenVINOExecutionProvider"]
)
def test_names_of_providers_are_compared_without_regard_to_case(name):
    found = replace(PLAIN, ep_devices=(replace(INTEL_NPU, provider=name),))
    assert "openvino-npu" in [d.id for d in ready(found)]


def test_virtual_and_combined_devices_are_no_devices():
    virtual = replace(RTX, metadata=(("is_virtual", "1"),))
    combined = replace(INTEL_NPU, ep_metadata=(("ov_meta_device", "AUTO"),))
    assert [d.id for d in ready(replace(PLAIN, ep_devices=(PROCESSOR, virtual, combined)))] == [
        "cpu"
    ]


def test_a_provider_that_nobody_here_knows_is_taken_at_its_word():
    new = EpDevice("ContosoAiExecutionProvider", "NPU", "Contoso", 0x1234, 1)
    npu = ready(replace(PLAIN, ep_devices=(new,)))[0]
    assert (npu.id, npu.kind, npu.vendor) == ("contosoai", "NPU", "Contoso")


def test_a_built_in_provider_that_started():
    found = replace(PLAIN, trials=(Trial("CUDAExecutionProvider", "GPU", True),))
    gpu = ready(found)[1]
    assert (gpu.id, gpu.vendor, gpu.precisions) == ("cuda", "NVIDIA", ("f32", "f16"))


def test_a_built_in_provider_that_did_not():
    found = replace(PLAIN, trials=(Trial("CUDAExecutionProvider", "GPU", False),))
    assert [d.id for d in ready(found)] == ["cpu"]
    assert why(found, "GPU", "NVIDIA").startswith(
        "this ONNX Runtime holds CUDA, which does not start: the NVIDIA driver, CUDA or cuDNN"
    )
    raised = replace(PLAIN, trials=(Trial("DmlExecutionProvider", "GPU", False, "887A0004"),))
    assert why(raised, "GPU", "").endswith("DirectML, which does not start: 887A0004")


def test_what_a_plugin_lists_is_not_listed_twice():
    found = replace(
        PLAIN,
        ep_devices=(PROCESSOR, replace(RTX, provider="CUDAExecutionProvider")),
        trials=(Trial("CUDAExecutionProvider", "GPU", True),),
    )
    assert [d.id for d in ready(found)] == ["cpu", "cuda"]


def test_core_ml_is_a_gpu_and_a_neural_engine():
    name = "CoreMLExecutionProvider"
    found = replace(PLAIN, trials=(Trial(name, "GPU", True), Trial(name, "NPU", True)))
    _, gpu, npu = ready(found)
    assert (gpu.id, gpu.precisions) == ("coreml-gpu", ("f32", "f16"))
    assert (npu.id, npu.precisions, npu.static_only) == ("coreml-npu", ("f16",), True)


def test_every_id_is_what_a_target_calls_the_device():
    found = replace(PLAIN, ep_devices=(PROCESSOR, INTEL_NPU, HEXAGON, RTX, RTX))
    for device in ready(found):
        named = device_named(device.id)
        assert (named.id, named.kind) == (device.id, device.kind)
        assert named.static_only == device.static_only


def test_what_is_left_out_keeps_its_number():
    virtual = replace(RTX, metadata=(("is_virtual", "1"),))
    found = replace(PLAIN, ep_devices=(PROCESSOR, virtual, RTX))
    assert [d.id for d in ready(found)] == ["cpu", "tensorrt-rtx:1"]


def test_a_plugin_that_cannot_be_registered_says_why():
    error = ("onnxruntime_ep_openvino", "libopenvino.so.2641: cannot open shared object file")
    assert why(replace(PLAIN, errors=(error,)), "NPU", "Intel") == (
        f"the plugin for OpenVINO cannot be used: {error[1]}"
    )
    offered = ("MIGraphXExecutionProvider", "Windows ML offers it for this computer")
    assert "MIGraphX" in why(replace(PLAIN, errors=(offered,)), "GPU", "AMD")


def test_what_would_add_each_vendor():
    assert why(PLAIN, "GPU", "NVIDIA") == (
        "this ONNX Runtime (1.23.0) is without CUDA; 'pip install onnxruntime-gpu' adds it"
    )
    assert "onnxruntime-openvino" in why(PLAIN, "NPU", "Intel")
    assert "Ryzen AI" in why(PLAIN, "NPU", "AMD")
    assert "onnxruntime-qnn" in why(PLAIN, "NPU", "Qualcomm")
    windows = replace(PLAIN, system="win32")
    assert "onnxruntime-directml" in why(windows, "GPU", "AMD")
    assert "onnxruntime-migraphx" in why(PLAIN, "GPU", "AMD")


def test_a_missing_package():
    found = Probe(system="linux", processor=I7)
    assert ready(found) == []
    assert why(found, "CPU", "Intel") == (
        "ONNX Runtime is not installed; 'pip install onnxruntime' adds it"
    )
    assert "onnxruntime-gpu" in why(found, "GPU", "NVIDIA")


# ---- reading ---------------------------------------------------------------------------------


def test_the_tiny_network_runs_on_the_real_runtime():
    import numpy as np
    import onnxruntime

    session = onnxruntime.InferenceSession(TINY, providers=[CPU])
    (answer,) = session.run(None, {"x": np.array(["a"], dtype=object)})
    assert list(answer) == ["a"]


def test_a_trial_asks_for_the_provider_on_each_kind_and_reads_what_the_session_has():
    asked = []

    class Session:
        def __init__(self, model, settings, providers, enable_fallback):
            asked.append((model, settings.log_severity_level, providers, enable_fallback))

        def get_providers(self):
            return ["QNNExecutionProvider", CPU] if len(asked) == 1 else [CPU]

    fake = SimpleNamespace(InferenceSession=Session, SessionOptions=SimpleNamespace)
    assert detection._tried(fake, "QNNExecutionProvider") == [
        Trial("QNNExecutionProvider", "NPU", True),
        Trial("QNNExecutionProvider", "GPU", False),
    ]
    for (model, severity, providers, fallback), kind in zip(asked, ("NPU", "GPU"), strict=True):
        options = provider_named("qnn").options(
            Setting(kind, precision="f16" if kind == "NPU" else "f32")
        )
        assert (model, severity, fallback) == (TINY, 3, 0)
        assert providers == [("QNNExecutionProvider", options), (CPU, {})]


def test_neither_the_processor_nor_a_remote_provider_is_tried():
    assert detection._tried(None, CPU) == []
    assert detection._tried(None, "AzureExecutionProvider") == []


def test_the_real_runtime_takes_a_trial():
    import onnxruntime

    trial = detection._tried_on(onnxruntime, CPU, provider_named("cpu"), "CPU")
    assert trial == Trial(CPU, "CPU", True)


def test_a_trial_that_raises():
    def session(*_arguments, **_more):
        raise RuntimeError("DML: 887A0004 The specified device interface is not supported.\n")

    fake = SimpleNamespace(InferenceSession=session, SessionOptions=SimpleNamespace)
    trial = detection._tried(fake, "DmlExecutionProvider")[0]
    assert trial.error == "DML: 887A0004 The specified device interface is not supported"


def test_this_hosts_onnx_runtime_is_read():
    import onnxruntime

    found = detection.probe()
    assert found.installed == onnxruntime.__version__
    assert CPU in found.providers
    assert [d.provider for d in found.ep_devices] == [CPU]
    assert found.ep_devices[0].kind == "CPU"
    assert [d.id for d in ready(found)] == ["cpu"]
