"""The exact options that ONNX Runtime's execution providers are given. Imports no runtime.

Option names are those of each provider's documentation. Every value is a string, which is what the
native interface takes. An option whose default is right is not named, except where a default would
change what a precision means: TF32 is not f32.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from studio.families.portable import Port
from studio.runtimes.device import Kind

Options = dict[str, str]

SHAPES = (1, 1, 16)  # smallest, usual and largest size of a dynamic dimension, for TensorRT

SELECTING = frozenset({"device_id", "device_type", "device_filter", "backend_type"})
"""Options that choose the device. A plugin's device brings its own, and refuses another choice."""


@dataclass(frozen=True)
class Setting:
    """What options depend on.

    Args:
        kind, index: the device. precision: as in the target.
        threads: CPU threads; 0 leaves that to the provider.
        cache: folder for what the provider itself keeps, empty for none.
        network: key of the network, to tell kept files apart.
        dynamic: inputs with dimensions that stay dynamic.
        static: all shapes are fixed.
    """

    kind: Kind = "CPU"
    index: int = 0
    precision: str = "f32"
    threads: int = 0
    cache: str = ""
    network: str = ""
    dynamic: tuple[Port, ...] = ()

    @property
    def static(self) -> bool:
        return not self.dynamic


def nothing(_: Setting) -> Options:
    """For providers that take no options."""
    return {}


def cuda(setting: Setting) -> Options:
    """cuDNN's heuristics choose the algorithms: an exhaustive search would be made anew for every
    batch. TF32 has 10 bits of mantissa, so f32 is not allowed to mean it."""
    return {
        "device_id": str(setting.index),
        "arena_extend_strategy": "kSameAsRequested",
        "cudnn_conv_algo_search": "HEURISTIC",
        "cudnn_conv_use_max_workspace": "1",
        "do_copy_in_default_stream": "1",
        "use_tf32": "0",
    }


def tensorrt(setting: Setting) -> Options:
    """Engines and timings are cached in the folder, where the next session finds them; a dynamic
    batch gets a profile."""
    options = {
        "device_id": str(setting.index),
        "trt_fp16_enable": _flag(setting.precision == "f16"),
        "trt_bf16_enable": _flag(setting.precision == "bf16"),
        "trt_int8_enable": _flag(setting.precision == "int8"),
    }
    if setting.cache:
        options |= {
            "trt_engine_cache_enable": "1",
            "trt_engine_cache_path": setting.cache,
            "trt_timing_cache_enable": "1",
            "trt_timing_cache_path": setting.cache,
        }
    return options | _profile("trt", setting)


def tensorrt_rtx(setting: Setting) -> Options:
    """Engines are built from the types in the graph, so a precision is no option here. A CUDA graph
    would need inputs that never move."""
    options = {"device_id": str(setting.index), "enable_cuda_graph": "0"}
    if setting.cache:
        options["nv_runtime_cache_path"] = setting.cache
    return options | _profile("nv", setting)


def directml(setting: Setting) -> Options:
    """``device_id`` counts the adapters; NPUs are no adapters of that list and go by a filter."""
    if setting.kind == "NPU":
        return {"device_filter": "npu", "performance_preference": "high_performance"}
    return {"device_id": str(setting.index)}


def coreml(setting: Setting) -> Options:
    """An ML program, since the older form knows fewer operators and computes in f16 only."""
    units = {"CPU": "CPUOnly", "GPU": "CPUAndGPU", "NPU": "CPUAndNeuralEngine"}
    options = {
        "ModelFormat": "MLProgram",
        "MLComputeUnits": units[setting.kind],
        "RequireStaticInputShapes": _flag(setting.static),
        "EnableOnSubgraphs": "0",
        "SpecializationStrategy": "FastPrediction",
        "AllowLowPrecisionAccumulationOnGPU": _flag(setting.precision == "f16"),
    }
    return options | ({"ModelCacheDirectory": setting.cache} if setting.cache else {})


def qnn(setting: Setting) -> Options:
    """The backend is the Hexagon NPU, the Adreno GPU, or a reference on the CPU."""
    if setting.kind != "NPU":
        return {"backend_type": setting.kind.lower()}
    return {
        "backend_type": "htp",
        "device_id": str(setting.index),
        "htp_performance_mode": "burst",
        "htp_graph_finalization_optimization_mode": "3",
        "enable_htp_fp16_precision": _flag(setting.precision == "f16"),
        "offload_graph_io_quantization": _flag(setting.precision == "int8"),
    }


def vitisai(setting: Setting) -> Options:
    """The compiler makes bf16 of f32 by itself; its result lands in cache_dir/cache_key, on disk
    only where it is told so."""
    if not setting.cache:
        return {}
    return {
        "cache_dir": setting.cache,
        "cache_key": setting.network,
        "enable_cache_file_io_in_mem": "0",
    }


def migraphx(setting: Setting) -> Options:
    """An exhaustive tuning takes minutes and is left out."""
    options = {
        "device_id": str(setting.index),
        "migraphx_fp16_enable": _flag(setting.precision == "f16"),
        "migraphx_bf16_enable": _flag(setting.precision == "bf16"),
        "migraphx_int8_enable": _flag(setting.precision == "int8"),
        "migraphx_exhaustive_tune": "0",
    }
    return options | ({"migraphx_model_cache_dir": setting.cache} if setting.cache else {})


def openvino(setting: Setting) -> Options:
    """All but the device travels as OpenVINO's own properties; the older options are deprecated."""
    precision = setting.precision
    if precision == "int8":  # the graph carries it within itself; the rest stays a float
        precision = "f16" if setting.kind == "NPU" else "f32"
    properties = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    if setting.kind != "NPU":
        properties["NUM_STREAMS"] = "1"
    if setting.kind == "CPU" and setting.threads:
        properties["INFERENCE_NUM_THREADS"] = str(setting.threads)
    if setting.cache:
        properties["CACHE_DIR"] = setting.cache
    device = f"{setting.kind}.{setting.index}" if setting.index else setting.kind
    return {
        "device_type": device,
        "load_config": json.dumps({setting.kind: properties}, separators=(",", ":")),
    }


def _flag(on: bool) -> str:
    return "1" if on else "0"


def _profile(prefix: str, setting: Setting) -> Options:
    """Ranges of the dynamic inputs, ``name:1x14x512`` with commas between."""
    options = {}
    if setting.dynamic:
        for name, size in zip(("min", "opt", "max"), SHAPES, strict=True):
            shapes = (
                "x".join(str(size if isinstance(d, str) else d) for d in port.shape)
                for port in setting.dynamic
            )
            texts = (f"{p.name}:{s}" for p, s in zip(setting.dynamic, shapes, strict=True))
            options[f"{prefix}_profile_{name}_shapes"] = ",".join(texts)
    return options
