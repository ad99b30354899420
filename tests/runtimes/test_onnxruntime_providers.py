"""Every execution provider: the exact options of the call that opens a session on it.

No device is here, so a stand-in for the package records the calls; what it records is compared
with the documentation of each provider.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from studio.errors import BadChoice, RuntimeFailed
from studio.runtimes import onnxruntime_core
from studio.runtimes.contract import NodePlace, Placement, Plan
from studio.runtimes.onnxruntime import OnnxRuntime
from studio.runtimes.onnxruntime_core import cpu_precisions, found, known_operators
from studio.runtimes.onnxruntime_loaded import CACHE, CONTEXT, GRAPH, SOURCE
from studio.runtimes.onnxruntime_session import Use, open_session, source_model
from studio.runtimes.providers import PROVIDERS, bare, device_named, provider_named
from studio.runtimes.record import read_record
from studio.runtimes.target import Target
from tests.runtimes.networks import decibels, expected, inputs_for, small_network
from tests.runtimes.recorded_onnxruntime import CPU, Level, Mode, Recorder, plugin

NETWORK = small_network()
RUNTIME = OnnxRuntime()


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The package replaced; what is asked of the real one is asked before."""
    known_operators()
    cpu_precisions()
    onnxruntime_core._raised()
    made = Recorder(built_in=(*(p.name for p in PROVIDERS),))
    monkeypatch.setitem(sys.modules, "onnxruntime", made.package)  # type: ignore[arg-type]
    monkeypatch.setattr(onnxruntime_core, "_register_plugins", lambda: None)
    return made


def plan_for(target: str, batch: int | None = None, threads: int = 0) -> Plan:
    sizes = {} if batch is None else {"batch": batch}
    plan = RUNTIME.plan(NETWORK, Target.parse(target), sizes=sizes, threads=threads)
    assert plan.refusals == ()
    return plan


def opened(recorder: Recorder, plan: Plan, use: Use | None = None) -> dict[str, Any]:
    open_session(plan, found(plan.target.device), b"model", use or Use())
    return recorder.calls[-1]


PROFILE_MIN = "x:1x4x16x16,style:1x8"
PROFILE_MAX = "x:16x4x16x16,style:16x8"

CUDA = {
    "arena_extend_strategy": "kSameAsRequested",
    "cudnn_conv_algo_search": "HEURISTIC",
    "cudnn_conv_use_max_workspace": "1",
    "do_copy_in_default_stream": "1",
    "use_tf32": "0",
}
COREML = {
    "ModelFormat": "MLProgram",
    "EnableOnSubgraphs": "0",
    "SpecializationStrategy": "FastPrediction",
    "ModelCacheDirectory": "CACHE",
}
HTP = {
    "backend_type": "htp",
    "device_id": "0",
    "htp_performance_mode": "burst",
    "htp_graph_finalization_optimization_mode": "3",
    "offload_graph_io_quantization": "0",
}
MIGRAPHX = {
    "migraphx_int8_enable": "0",
    "migraphx_exhaustive_tune": "0",
    "migraphx_model_cache_dir": "CACHE",
}
TENSORRT = {
    "trt_int8_enable": "0",
    "trt_engine_cache_enable": "1",
    "trt_engine_cache_path": "CACHE",
    "trt_timing_cache_enable": "1",
    "trt_timing_cache_path": "CACHE",
}


@pytest.mark.parametrize(
    ("target", "batch", "provider", "options"),
    [
        ("cpu", None, CPU, {}),
        ("cuda", None, "CUDAExecutionProvider", {"device_id": "0", **CUDA}),
        ("cuda:1:f16", 1, "CUDAExecutionProvider", {"device_id": "1", **CUDA}),
        (
            "tensorrt-rtx",
            1,
            "NvTensorRTRTXExecutionProvider",
            {"device_id": "0", "enable_cuda_graph": "0", "nv_runtime_cache_path": "CACHE"},
        ),
        (
            "NvTensorRtRtxExecutionProvider:2:f16",
            None,
            "NvTensorRTRTXExecutionProvider",
            {
                "device_id": "2",
                "enable_cuda_graph": "0",
                "nv_runtime_cache_path": "CACHE",
                "nv_profile_min_shapes": PROFILE_MIN,
                "nv_profile_opt_shapes": PROFILE_MIN,
                "nv_profile_max_shapes": PROFILE_MAX,
            },
        ),
        (
            "tensorrt::bf16",
            1,
            "TensorrtExecutionProvider",
            {"device_id": "0", "trt_fp16_enable": "0", "trt_bf16_enable": "1", **TENSORRT},
        ),
        (
            "tensorrt:1:f16",
            None,
            "TensorrtExecutionProvider",
            {
                "device_id": "1",
                "trt_fp16_enable": "1",
                "trt_bf16_enable": "0",
                "trt_profile_min_shapes": PROFILE_MIN,
                "trt_profile_opt_shapes": PROFILE_MIN,
                "trt_profile_max_shapes": PROFILE_MAX,
                **TENSORRT,
            },
        ),
        ("dml", 1, "DmlExecutionProvider", {"device_id": "0"}),
        ("DirectML:1:f16", 1, "DmlExecutionProvider", {"device_id": "1"}),
        (
            "dml-npu:f16",
            1,
            "DmlExecutionProvider",
            {"device_filter": "npu", "performance_preference": "high_performance"},
        ),
        (
            "coreml-gpu",
            None,
            "CoreMLExecutionProvider",
            {
                **COREML,
                "MLComputeUnits": "CPUAndGPU",
                "RequireStaticInputShapes": "0",
                "AllowLowPrecisionAccumulationOnGPU": "0",
            },
        ),
        (
            "coreml-npu:f16",
            1,
            "CoreMLExecutionProvider",
            {
                **COREML,
                "MLComputeUnits": "CPUAndNeuralEngine",
                "RequireStaticInputShapes": "1",
                "AllowLowPrecisionAccumulationOnGPU": "1",
            },
        ),
        (
            "coreml-cpu",
            1,
            "CoreMLExecutionProvider",
            {
                **COREML,
                "MLComputeUnits": "CPUOnly",
                "RequireStaticInputShapes": "1",
                "AllowLowPrecisionAccumulationOnGPU": "0",
            },
        ),
        ("qnn:f16", 1, "QNNExecutionProvider", {**HTP, "enable_htp_fp16_precision": "1"}),
        ("qnn-gpu", 1, "QNNExecutionProvider", {"backend_type": "gpu"}),
        (
            "vitisai:bf16",
            1,
            "VitisAIExecutionProvider",
            {
                "cache_dir": "CACHE",
                "cache_key": NETWORK.key,
                "enable_cache_file_io_in_mem": "0",
            },
        ),
        (
            "migraphx:1:f16",
            1,
            "MIGraphXExecutionProvider",
            {
                "device_id": "1",
                "migraphx_fp16_enable": "1",
                "migraphx_bf16_enable": "0",
                **MIGRAPHX,
            },
        ),
        (
            "migraphx:bf16",
            None,
            "MIGraphXExecutionProvider",
            {
                "device_id": "0",
                "migraphx_fp16_enable": "0",
                "migraphx_bf16_enable": "1",
                **MIGRAPHX,
            },
        ),
    ],
)
def test_the_options_of_a_built_in_provider(
    target: str,
    batch: int | None,
    provider: str,
    options: dict[str, str],
    recorder: Recorder,
    tmp_path: Path,
) -> None:
    cache = tmp_path / CACHE
    call = opened(recorder, plan_for(f"onnxruntime:{target}", batch), Use(cache=cache))
    wanted = {k: v.replace("CACHE", str(cache)) for k, v in options.items()}
    rest = [] if provider == CPU else [(CPU, {})]
    assert call["providers"] == [(provider, wanted), *rest]
    assert call["enable_fallback"] == 0  # the package would restart on another device by itself


@pytest.mark.parametrize(
    ("target", "device", "properties"),
    [
        (
            "openvino-cpu",
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": "f32",
                "PERFORMANCE_HINT": "LATENCY",
                "NUM_STREAMS": "1",
                "INFERENCE_NUM_THREADS": "2",
                "CACHE_DIR": "CACHE",
            },
        ),
        (
            "openvino-gpu:1:f16",
            "GPU.1",
            {
                "INFERENCE_PRECISION_HINT": "f16",
                "PERFORMANCE_HINT": "LATENCY",
                "NUM_STREAMS": "1",
                "CACHE_DIR": "CACHE",
            },
        ),
        (
            "openvino-npu:f16",
            "NPU",
            {
                "INFERENCE_PRECISION_HINT": "f16",
                "PERFORMANCE_HINT": "LATENCY",
                "CACHE_DIR": "CACHE",
            },
        ),
    ],
)
def test_the_options_of_openvino_are_properties_of_its_own(
    target: str, device: str, properties: dict[str, str], recorder: Recorder, tmp_path: Path
) -> None:
    cache = tmp_path / CACHE
    plan = plan_for(f"onnxruntime:{target}", 1, threads=2)
    call = opened(recorder, plan, Use(cache=cache))
    name, options = call["providers"][0]
    assert name == "OpenVINOExecutionProvider"
    assert set(options) == {"device_type", "load_config"}
    assert options["device_type"] == device
    wanted = {k: v.replace("CACHE", str(cache)) for k, v in properties.items()}
    assert json.loads(options["load_config"]) == {device.partition(".")[0]: wanted}
    assert call["options"].graph_optimization_level is Level.ORT_DISABLE_ALL


def test_the_settings_of_a_session(recorder: Recorder) -> None:
    settings = opened(recorder, plan_for("onnxruntime:cuda", 4, threads=3))["options"]
    assert settings.graph_optimization_level is Level.ORT_ENABLE_ALL
    assert settings.execution_mode is Mode.ORT_SEQUENTIAL
    assert settings.enable_mem_pattern is True
    assert settings.intra_op_num_threads == 3
    assert settings.fixed == {"batch": 4}
    assert settings.entries == {
        "session.intra_op.allow_spinning": "0",
        "session.record_ep_graph_assignment_info": "1",
    }


def test_directml_gets_no_memory_patterns(recorder: Recorder) -> None:
    settings = opened(recorder, plan_for("onnxruntime:dml", 1))["options"]
    assert settings.enable_mem_pattern is False
    assert settings.execution_mode is Mode.ORT_SEQUENTIAL


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.id)
def test_compiling_saves_what_the_provider_can(
    provider: Any, recorder: Recorder, tmp_path: Path
) -> None:
    kind = provider.kind
    precision = provider.precisions[kind][0]
    device = f"{provider.id}-{kind.lower()}" if kind != "CPU" else provider.id
    plan = plan_for(f"onnxruntime:{device}:{precision}", 1)
    RUNTIME.compile(plan, tmp_path)
    settings = recorder.calls[-1]["options"]
    saved = getattr(settings, "optimized_model_filepath", None)
    context = {k: v for k, v in settings.entries.items() if k.startswith("ep.")}
    assert saved == (str(tmp_path / GRAPH) if provider.keeps == "graph" else None)
    assert context == (
        {
            "ep.context_enable": "1",
            "ep.context_embed_mode": "1",
            "ep.context_file_path": str(tmp_path / CONTEXT),
        }
        if provider.keeps == "context"
        else {}
    )
    assert (tmp_path / CACHE).is_dir() == provider.caches
    # Nothing was written by the stand-in, so the graph itself is what can be loaded.
    assert (tmp_path / SOURCE).is_file()
    RUNTIME.load(plan, tmp_path)
    again = recorder.calls[-1]
    assert again["model"] == recorder.calls[-2]["model"]
    assert not [k for k in again["options"].entries if k.startswith("ep.")]


@pytest.mark.parametrize(
    ("target", "file"), [("cuda", GRAPH), ("qnn:f16", CONTEXT), ("tensorrt-rtx", CONTEXT)]
)
def test_what_was_saved_is_loaded_as_it_is(
    target: str, file: str, recorder: Recorder, tmp_path: Path
) -> None:
    recorder.saves = b"compiled"
    plan = plan_for(f"onnxruntime:{target}", 1)
    RUNTIME.compile(plan, tmp_path)
    assert list(read_record(plan, tmp_path).files) == [file]
    assert not (tmp_path / SOURCE).exists()
    RUNTIME.load(plan, tmp_path)
    call = recorder.calls[-1]
    assert call["model"] == b"compiled"
    assert call["options"].graph_optimization_level is Level.ORT_DISABLE_ALL
    assert not [k for k in call["options"].entries if k.startswith("ep.")]
    assert getattr(call["options"], "optimized_model_filepath", None) is None


def test_a_device_that_went_away_is_one_sentence_and_harms_no_file(
    recorder: Recorder, tmp_path: Path
) -> None:
    plan = plan_for("onnxruntime:cuda", 1)
    RUNTIME.compile(plan, tmp_path)
    recorder.built_in = (CPU,)
    with pytest.raises(BadChoice, match="'cuda' is not on this host"):
        RUNTIME.load(plan, tmp_path)
    recorder.built_in = (CPU, "CUDAExecutionProvider")
    assert RUNTIME.load(plan, tmp_path).target == plan.target


def test_f16_is_in_the_graph_where_a_provider_reads_it_from_there(recorder: Recorder) -> None:
    typed = plan_for("onnxruntime:cuda:f16")
    given = plan_for("onnxruntime:tensorrt:f16")
    assert source_model(given, found("tensorrt")) == NETWORK.onnx()
    path = list(sys.path)
    # The converter belongs to the real package.
    sys.modules.pop("onnxruntime")
    model = onnx.load_from_string(source_model(typed, _found_cuda()))
    assert sys.path == path
    kinds = {w.name: w.data_type for w in model.graph.initializer}
    assert kinds["first"] == kinds["up"] == onnx.TensorProto.FLOAT16
    ports = [*model.graph.input, *model.graph.output]
    assert {p.type.tensor_type.elem_type for p in ports} == {onnx.TensorProto.FLOAT}


def _found_cuda() -> onnxruntime_core.Found:
    return onnxruntime_core.Found(device_named("cuda"), "CUDAExecutionProvider")


def test_a_network_in_f16_still_gives_nearly_the_same(recorder: Recorder) -> None:
    plan = plan_for("onnxruntime:cuda:f16")
    sys.modules.pop("onnxruntime")
    import onnxruntime

    inputs = inputs_for(NETWORK)
    session = onnxruntime.InferenceSession(source_model(plan, _found_cuda()), providers=[CPU])
    (made,) = session.run(None, inputs)
    assert made.dtype == np.float32
    assert decibels(made, expected(NETWORK, inputs)) > 50


# --- plugins -----------------------------------------------------------------------------------


def test_a_plugin_is_added_by_its_device_whatever_the_case_of_its_name(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.built_in = (CPU,)
    gpu = plugin("NvTensorRtRtxExecutionProvider", "GPU", Description="RTX 5090")
    recorder.plugins = (plugin("OtherExecutionProvider", "GPU"), gpu)
    plan = plan_for("onnxruntime:tensorrt-rtx", 1)
    assert plan.device.startswith("NvTensorRtRtxExecutionProvider RTX 5090 9.1")
    call = opened(recorder, plan, Use(cache=tmp_path / CACHE))
    assert "providers" not in call
    # The device is chosen by being named, so no option names it again.
    options = {"enable_cuda_graph": "0", "nv_runtime_cache_path": str(tmp_path / CACHE)}
    assert call["options"].devices == [([gpu], options)]


@pytest.mark.parametrize(
    ("name", "kind", "target", "kept"),
    [
        ("OpenVINOExecutionProvider", "NPU", "openvino-npu:f16", {"load_config"}),
        ("QNNExecutionProvider", "NPU", "qnn:f16", set(HTP) - {"backend_type", "device_id"}),
        ("QNNExecutionProvider", "GPU", "qnn-gpu", set()),
        ("CUDAExecutionProvider", "GPU", "cuda", set(CUDA)),
    ],
)
def test_a_plugin_is_given_no_option_that_chooses_its_device(
    name: str, kind: str, target: str, kept: set[str], recorder: Recorder
) -> None:
    recorder.built_in = (CPU,)
    recorder.plugins = (plugin(name, kind),)
    call = opened(recorder, plan_for(f"onnxruntime:{target}", 1))
    ((_, options),) = call["options"].devices
    assert set(options) - {"enable_htp_fp16_precision"} == kept


def test_a_plugin_of_several_devices_is_taken_by_kind_and_number(recorder: Recorder) -> None:
    recorder.built_in = (CPU,)
    npu, first, second = (
        plugin("OpenVINOExecutionProvider", kind) for kind in ("NPU", "GPU", "GPU")
    )
    recorder.plugins = (npu, first, second)
    assert found("openvino-gpu:1").listed is second
    assert found("openvino-gpu").listed is first
    assert found("openvino-npu").listed is npu
    with pytest.raises(BadChoice, match="has no GPU 2 of OpenVINO here"):
        found("openvino-gpu:2")


def test_a_plugin_that_nobody_knew_runs_in_f32_without_options(recorder: Recorder) -> None:
    recorder.built_in = (CPU,)
    recorder.plugins = (plugin("AcmeExecutionProvider", "NPU"),)
    plan = plan_for("onnxruntime:acme")
    call = opened(recorder, plan)
    assert call["options"].devices == [([recorder.plugins[0]], {})]
    refused = RUNTIME.plan(NETWORK, Target.parse("onnxruntime:acme:f16")).refusals
    assert refused == ("acme has no f16 in ONNX Runtime; it computes in f32",)


def test_libraries_of_others_are_loaded_only_when_nothing_else_serves(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    monkeypatch.setattr(onnxruntime_core, "_register_plugins", lambda: tried.append(1))
    found("cuda")
    assert tried == []
    recorder.built_in = (CPU,)
    with pytest.raises(BadChoice):
        found("cuda")
    assert tried == [1]


# --- where it ran ------------------------------------------------------------------------------


def test_nodes_that_fell_back_are_listed_by_operator(recorder: Recorder, tmp_path: Path) -> None:
    qnn = "QNNExecutionProvider"
    recorder.assigned = (
        *((qnn, "Conv") for _ in range(5)),
        (CPU, "Resize"),
        (CPU, "Resize"),
        (CPU, "Add"),
    )
    ran = RUNTIME.compile(plan_for("onnxruntime:qnn:f16", 1), tmp_path)
    strays = (NodePlace("CPU", "Add", 1), NodePlace("CPU", "Resize", 2))
    assert ran == Placement(("NPU (QNN)", "CPU"), "f16", strays)


def test_an_npu_is_never_said_of_a_cpu(recorder: Recorder, tmp_path: Path) -> None:
    recorder.assigned = ((CPU, "Conv"), (CPU, "Add"))
    ran = RUNTIME.compile(plan_for("onnxruntime:qnn:f16", 1), tmp_path)
    assert ran.devices == ("CPU",)
    assert ran.precision == "f32"
    assert ran.fallbacks == (NodePlace("CPU", "Add", 1), NodePlace("CPU", "Conv", 1))


def test_who_chooses_among_devices_is_named_as_such(recorder: Recorder, tmp_path: Path) -> None:
    recorder.assigned = (("CoreMLExecutionProvider", "Conv"),)
    ran = RUNTIME.compile(plan_for("onnxruntime:coreml-npu:f16", 1), tmp_path)
    assert ran == Placement(("CPU or NPU (Core ML chooses)",), "f16")


def test_the_precision_is_that_of_most_of_the_arithmetic(
    recorder: Recorder, tmp_path: Path
) -> None:
    recorder.assigned = (
        ("QNNExecutionProvider", "Add"),
        ("QNNExecutionProvider", "Conv"),
        (CPU, "Conv"),
        (CPU, "ConvTranspose"),
    )
    assert RUNTIME.compile(plan_for("onnxruntime:qnn:f16", 1), tmp_path).precision == "f32"


def test_a_provider_that_does_not_start_is_one_sentence(recorder: Recorder) -> None:
    recorder.refuses = ("CUDAExecutionProvider",)  # it logs a line and goes on without
    with pytest.raises(RuntimeFailed, match="CUDA does not start on this host") as failed:
        opened(recorder, plan_for("onnxruntime:cuda"))
    assert "\n" not in str(failed.value)


# --- plans -------------------------------------------------------------------------------------


@pytest.mark.parametrize("device", ["qnn:f16", "vitisai:bf16", "openvino-npu:f16", "dml-npu:f16"])
def test_npus_want_fixed_shapes(device: str, recorder: Recorder) -> None:
    target = Target.parse(f"onnxruntime:{device}")
    (refusal,) = RUNTIME.plan(NETWORK, target).refusals
    assert refusal.endswith("takes networks of fixed shapes only; name a size for batch")
    assert RUNTIME.plan(NETWORK, target, sizes={"batch": 1}).refusals == ()


def test_operators_that_a_provider_lacks_are_told_beforehand(recorder: Recorder) -> None:
    target = Target.parse("onnxruntime:coreml-gpu")
    odd = replace(NETWORK, operators=("Conv", "Einsum", "Identity"))
    plan = RUNTIME.plan(odd, target)
    assert plan.refusals == ()
    assert plan.notes == ("Core ML takes no Einsum, Identity; these run on the CPU",)
    provider = provider_named("coreml")
    assert provider is not None
    none = replace(provider, operators=frozenset({"Add"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            onnxruntime_core,
            "device_named",
            lambda text: replace(device_named(text), provider=none),
        )
        (refusal,) = RUNTIME.plan(NETWORK, target).refusals
    assert refusal.startswith("Core ML takes no Conv, ConvTranspose, MatMul, so all the work of")


def test_an_opset_that_is_too_new_is_told_beforehand(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = provider_named("dml")
    assert provider is not None
    older = replace(provider, opset=12)
    monkeypatch.setattr(
        onnxruntime_core, "device_named", lambda text: replace(device_named(text), provider=older)
    )
    (refusal,) = RUNTIME.plan(NETWORK, Target.parse("onnxruntime:dml"), sizes={"batch": 1}).refusals
    assert refusal == "DirectML reads ONNX up to opset 12; 'small' has 18"


def test_notes_say_what_the_user_should_know(recorder: Recorder) -> None:
    assert plan_for("onnxruntime:tensorrt", 1, threads=2).notes == (
        "TensorRT may round the inputs of f32 products to TF32; NVIDIA_TF32_OVERRIDE=0 forbids it",
        "tensorrt does not run on threads of the CPU; their number is ignored",
    )
    assert plan_for("onnxruntime:dml", 1).notes == (
        "DirectML compiles anew whenever the network is loaded",
    )


# --- names -------------------------------------------------------------------------------------


def test_every_device_has_one_name_that_reads_back() -> None:
    for provider in PROVIDERS:
        for kind in provider.precisions:
            for index in (0, 2):
                device = replace(device_named(provider.id), kind=kind, index=index)
                assert device_named(device.id) == device
                target = Target.parse(f"onnxruntime:{device.id}:f16")
                assert (target.device, target.precision) == (device.id, "f16")


def test_names_are_compared_without_regard_to_case() -> None:
    for provider in PROVIDERS:
        for name in (provider.id, provider.name, provider.name.upper(), bare(provider.name)):
            assert device_named(name.swapcase()).provider is provider
