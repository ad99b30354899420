"""What OpenVINO is told for GPUs and NPUs, which need not be here: every call is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from studio.errors import BadChoice, RuntimeFailed
from studio.runtimes import openvino_core
from studio.runtimes.contract import NodePlace, Placement, Plan
from studio.runtimes.openvino import OpenVinoRuntime
from studio.runtimes.openvino_graph import Executed, executed_nodes, placement
from studio.runtimes.target import Target
from tests.runtimes.networks import inputs_for, small_network

NETWORK = small_network()
RUNTIME = OpenVinoRuntime()
# As the plugins' documentation lists them for an Arc A770 and the NPU of a Core Ultra.
PROPERTIES: dict[str, dict[str, object]] = {
    "CPU": {
        "FULL_DEVICE_NAME": "Intel(R) Core(TM) Ultra 7 155H",
        "OPTIMIZATION_CAPABILITIES": ["WINOGRAD", "FP32", "INT8", "BIN", "EXPORT_IMPORT"],
        "AVAILABLE_DEVICES": [""],
    },
    "GPU": {
        "FULL_DEVICE_NAME": "Intel(R) Arc(TM) A770 Graphics (dGPU)",
        "OPTIMIZATION_CAPABILITIES": ["FP32", "BIN", "FP16", "INT8", "EXPORT_IMPORT"],
        "AVAILABLE_DEVICES": ["0", "1"],
        "GPU_DEVICE_TOTAL_MEM_SIZE": 16225243136,
    },
    "NPU": {
        "FULL_DEVICE_NAME": "Intel(R) AI Boost",
        "OPTIMIZATION_CAPABILITIES": ["FP16", "INT8", "EXPORT_IMPORT"],
        "AVAILABLE_DEVICES": ["3720"],
        "NPU_DRIVER_VERSION": 1688,
    },
}


@dataclass
class Request:
    """Gives back zeros, or raises what a device that went away would."""

    gone: bool = False
    set: dict[str, Any] = field(default_factory=dict)

    def set_tensor(self, name: str, tensor: Any) -> None:
        self.set[name] = tensor

    def start_async(self) -> None:
        if self.gone:
            raise RuntimeError(
                "Exception from src/inference/src/cpp/infer_request.cpp:223:\n"
                "Exception from src/plugins/intel_npu/src/backend/zero_infer_request.cpp:9:\n"
                "ZE_RESULT_ERROR_DEVICE_LOST"
            )

    def wait(self) -> None: ...

    def get_tensor(self, name: str) -> Any:
        return SimpleNamespace(data=np.zeros((1, 3, 32, 32), np.float32))


@dataclass
class Compiled:
    devices: list[str]
    graph: list[Any] | None
    hint: str
    request: Request = field(default_factory=Request)

    def get_property(self, name: str) -> object:
        return {"EXECUTION_DEVICES": self.devices, "INFERENCE_PRECISION_HINT": self.hint}[name]

    def get_runtime_model(self) -> Any:
        if self.graph is None:
            raise RuntimeError("Not Implemented")
        return SimpleNamespace(get_ordered_ops=lambda: self.graph)

    def export_model(self, stream: Any) -> None:
        stream.write(b"compiled")

    def create_infer_request(self) -> Request:
        return self.request


class Core:
    """Remembers what it was called with."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.calls: list[tuple[str, str, Mapping[str, object]]] = []
        self.shapes: dict[str, list[int]] = {}

    def get_property(self, device: str, name: str) -> object:
        known = PROPERTIES.get(device.partition(".")[0], {})
        if name not in known:
            raise RuntimeError(f'Device with "{device}" name is not registered\n\n')
        return known[name]

    def read_model(self, data: bytes) -> Any:
        assert data == NETWORK.onnx()
        return SimpleNamespace(reshape=self.shapes.update)

    def compile_model(self, model: object, device: str, options: Mapping[str, object]) -> Compiled:
        self.calls.append(("compile", device, dict(options)))
        return self.compiled

    def import_model(self, blob: Any, device: str, options: Mapping[str, object]) -> Compiled:
        assert bytes(blob.data) == b"compiled"
        self.calls.append(("import", device, dict(options)))
        return self.compiled


def recorded(monkeypatch: pytest.MonkeyPatch, compiled: Compiled) -> Core:
    core = Core(compiled)
    monkeypatch.setattr(openvino_core, "core", lambda: core)
    return core


def plan_for(target: str, threads: int = 0, **sizes: int) -> Plan:
    return RUNTIME.plan(NETWORK, Target.parse(target), sizes=sizes, threads=threads)


CASES = {
    "openvino:GPU.1:f16": (
        "GPU.1",
        {"INFERENCE_PRECISION_HINT": "f16", "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1},
    ),
    "openvino:gpu:f32": (
        "GPU",
        {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1},
    ),
    "openvino:NPU:f16": (
        "NPU",
        {"INFERENCE_PRECISION_HINT": "f16", "PERFORMANCE_HINT": "LATENCY"},
    ),
    "openvino:CPU:f32": (
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": "f32",
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": 1,
            "ENABLE_CPU_PINNING": False,
            "INFERENCE_NUM_THREADS": 2,
        },
    ),
}


@pytest.mark.parametrize("target", CASES)
def test_compile_and_import_get_exactly_these_options(
    target: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    device, options = CASES[target]
    core = recorded(monkeypatch, Compiled([device], None, target.rpartition(":")[2]))
    plan = plan_for(target, threads=2, batch=1)
    assert plan.refusals == ()
    RUNTIME.compile(plan, tmp_path)
    network = RUNTIME.load(plan, tmp_path)
    assert core.calls == [("compile", device, options), ("import", device, options)]
    assert core.shapes == {"x": [1, 4, 16, 16], "style": [1, 8], "lift": [1]}
    assert network.placement == Placement((device,), target.rpartition(":")[2])
    assert network.run(inputs_for(NETWORK))["y"].shape == (1, 3, 32, 32)
    network.layer_times = None  # type: ignore[assignment,method-assign]


def test_dimensions_that_nobody_fixes_stay_dynamic(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    core = recorded(monkeypatch, Compiled(["GPU.0"], None, "f32"))
    RUNTIME.compile(plan_for("openvino:GPU.0"), tmp_path)
    assert core.shapes == {"x": [-1, 4, 16, 16], "style": [-1, 8], "lift": [1]}


def test_an_npu_wants_sizes_and_computes_in_f16(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(monkeypatch, Compiled(["NPU"], None, "f16"))
    plan = plan_for("openvino:NPU:f32", threads=2)
    assert plan.refusals == (
        "NPU has no f32 in OpenVINO; it computes in f16, int8",
        "NPU takes networks of fixed shapes only; name a size for batch",
    )
    assert plan.device == "Intel(R) AI Boost 1688 FP16 INT8 EXPORT_IMPORT"
    assert plan.notes == ("NPU does not run on threads of the CPU; their number is ignored",)


def test_precisions_follow_what_the_device_says(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(monkeypatch, Compiled(["GPU"], None, "f16"))
    assert "it computes in f32, f16, int8" in plan_for("openvino:GPU.0:bf16").refusals[0]
    assert "it computes in f32, int8" in plan_for("openvino:CPU:bf16").refusals[0]


def test_a_gpu_refuses_what_its_own_memory_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(monkeypatch, Compiled(["GPU"], None, "f16"))
    monkeypatch.setitem(PROPERTIES["GPU"], "GPU_DEVICE_TOTAL_MEM_SIZE", 1000)
    assert "0.0 GB are free" in plan_for("openvino:GPU.0").refusals[0]


def test_a_driver_that_cannot_save_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(monkeypatch, Compiled(["GPU"], None, "f16"))
    monkeypatch.setitem(PROPERTIES["GPU"], "OPTIMIZATION_CAPABILITIES", ["FP32", "FP16"])
    assert plan_for("openvino:GPU.0").refusals == (
        "GPU.0 cannot save compiled networks with this driver; a newer one may",
    )


def test_a_number_that_no_device_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded(monkeypatch, Compiled(["GPU"], None, "f16"))
    with pytest.raises(BadChoice, match=r"no device GPU\.2 on this host \(no GPU has the number 2"):
        plan_for("openvino:GPU.2")


def test_npu_is_never_said_of_a_cpu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    recorded(monkeypatch, Compiled(["CPU"], None, "f16"))
    where = RUNTIME.compile(plan_for("openvino:NPU:f16", batch=1), tmp_path)
    assert where.devices == ("CPU",)
    assert where.fallbacks == (NodePlace("CPU", "every operator", 1),)


def test_a_device_that_goes_away_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    core = recorded(monkeypatch, Compiled(["NPU"], None, "f16"))
    plan = plan_for("openvino:NPU:f16", batch=1)
    RUNTIME.compile(plan, tmp_path)
    network = RUNTIME.load(plan, tmp_path)
    core.compiled.request.gone = True
    with pytest.raises(RuntimeFailed) as failed:
        network.run(inputs_for(NETWORK))
    assert str(failed.value) == (
        "running 'small' on openvino:NPU:f16 failed: ZE_RESULT_ERROR_DEVICE_LOST"
    )


def test_the_precision_is_that_of_most_arithmetic() -> None:
    nodes = (
        Executed("Reorder", "f32", 0),
        Executed("Convolution", "bf16", 900),
        Executed("Convolution", "f32", 100),
        Executed("Multiply", "f32", 0),
    )
    assert placement("CPU", ["CPU"], nodes, "f32") == Placement(("CPU",), "bf16")
    assert placement("CPU", ["CPU"], nodes[:1], "f16").precision == "f16"


def test_what_ran_elsewhere_is_listed_by_operator() -> None:
    nodes = (
        Executed("Convolution", "f32", 9),
        Executed("Add", "f32", 0),
        Executed("Convolution", "f32", 9),
    )
    assert placement("GPU.0", ["CPU"], nodes, "f32").fallbacks == (
        NodePlace("CPU", "Add", 1),
        NodePlace("CPU", "Convolution", 2),
    )
    assert placement("GPU", ["GPU.0"], nodes, "f32").fallbacks == ()
    assert placement("CPU", ["(CPU)"], nodes, "f32").fallbacks == ()


def test_work_is_counted_as_multiplies() -> None:
    from studio.runtimes.openvino_core import core

    compiled = core().compile_model(
        core().read_model(NETWORK.onnx()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    work = sorted(n.work for n in executed_nodes(compiled.get_runtime_model()) if n.work)
    up, first, rgb = 16 * 16 * 16 * 16 * 9, 16 * 4 * 16 * 16 * 9, 3 * 16 * 32 * 32
    assert work == sorted([8 * 16, rgb, first, up])
