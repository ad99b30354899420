"""Opening sessions of ONNX Runtime: the exact settings and options of each use."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.errors import RuntimeFailed
from studio.runtimes.contract import Plan
from studio.runtimes.onnxruntime_core import ERRORS_ONLY, Found, failures, quiet_onnxruntime
from studio.runtimes.provider_options import SELECTING, Options, Setting
from studio.runtimes.providers import bare

CPU = "CPUExecutionProvider"


@dataclass(frozen=True)
class Use:
    """What a session is opened for.

    Args:
        optimise: let ONNX Runtime rewrite the graph; off for a graph that it wrote itself.
        graph: write the optimised graph here. context: write a model of EP contexts here.
        cache: folder for what the provider keeps. profile: begin of the path of a profile.
    """

    optimise: bool = True
    graph: Path | None = None
    context: Path | None = None
    cache: Path | None = None
    profile: Path | None = None


def provider_options(plan: Plan, here: Found, cache: Path | None = None) -> Options:
    """The options of the target's provider; a plugin's device is chosen by itself, not by them."""
    sizes = dict(plan.sizes)
    dynamic = tuple(
        port
        for port in plan.network.inputs
        if any(isinstance(d, str) and d not in sizes for d in port.shape)
    )
    device = here.device
    folder = str(cache) if cache is not None and device.provider.caches else ""
    setting = Setting(
        device.kind,
        device.index,
        plan.target.precision,
        plan.threads,
        folder,
        plan.network.key,
        dynamic,
    )
    options = device.provider.options(setting)
    if here.listed is None:
        return options
    return {name: value for name, value in options.items() if name not in SELECTING}


def session_options(plan: Plan, here: Found, use: Use) -> Any:
    """An ``onnxruntime.SessionOptions``, without its providers."""
    package = quiet_onnxruntime()
    made = package.SessionOptions()
    made.log_severity_level = ERRORS_ONLY
    levels = package.GraphOptimizationLevel
    rewrites = use.optimise and here.device.provider.optimise
    made.graph_optimization_level = levels.ORT_ENABLE_ALL if rewrites else levels.ORT_DISABLE_ALL
    made.execution_mode = package.ExecutionMode.ORT_SEQUENTIAL
    made.enable_mem_pattern = here.device.provider.memory_pattern
    made.intra_op_num_threads = plan.threads
    # Threads that spin while they wait starve every other process.
    made.add_session_config_entry("session.intra_op.allow_spinning", "0")
    made.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
    for name, size in plan.sizes:
        made.add_free_dimension_override_by_name(name, size)
    if use.graph is not None:
        made.optimized_model_filepath = str(use.graph)
    if use.context is not None:
        made.add_session_config_entry("ep.context_enable", "1")
        made.add_session_config_entry("ep.context_embed_mode", "1")  # one file, checked as one
        made.add_session_config_entry("ep.context_file_path", str(use.context))
    if use.profile is not None:
        made.enable_profiling = True
        made.profile_file_prefix = str(use.profile)
    return made


def open_session(plan: Plan, here: Found, model: bytes | str, use: Use) -> Any:
    """An ``onnxruntime.InferenceSession`` of a serialised model, or of the file of one with weights
    beside it, on the device of ``plan``.

    Raises:
        RuntimeFailed: ONNX Runtime raised, or the provider did not start; a session on another
            device instead is never returned.
    """
    package = quiet_onnxruntime()
    settings = session_options(plan, here, use)
    options = provider_options(plan, here, use.cache)
    if use.cache is not None and here.device.provider.caches:
        use.cache.mkdir(exist_ok=True)
    with failures(f"opening '{plan.network.name}' on {plan.target}"):
        if here.listed is not None:
            settings.add_provider_for_devices([here.listed], options)
            session = package.InferenceSession(model, settings, enable_fallback=0)
        else:
            providers = [(here.name, options)] + ([] if here.name == CPU else [(CPU, {})])
            session = package.InferenceSession(
                model, settings, providers=providers, enable_fallback=0
            )
    started = [bare(name) for name in session.get_providers()]
    if bare(here.name) not in started:
        title = here.device.provider.title
        raise RuntimeFailed(
            f"{title} does not start on this host, so '{plan.network.name}' cannot run on "
            f"{plan.target}; its driver or its libraries are missing"
        )
    session.disable_fallback()
    session._model_bytes = None  # the package would keep the whole file for restarts without end
    return session


def source_model(plan: Plan, here: Found) -> bytes:
    """The network as the provider takes it: in f16 where it reads precisions from the graph.

    Raises:
        RuntimeFailed: the graph cannot be converted.
    """
    data = plan.network.onnx()
    precision = plan.target.precision
    if precision != "f16" or precision not in here.device.provider.typed:
        return data
    return in_f16(data, plan.network.name)


def in_f16(data: bytes, name: str) -> bytes:
    """A serialised graph whose inside computes in f16; its inputs and outputs stay float32.

    Args:
        name: of the network, for the sentence.

    Raises:
        RuntimeFailed: the graph cannot be converted.
    """
    path = list(sys.path)
    with failures(f"converting '{name}' to f16"):
        import onnx
        from onnxruntime.transformers.float16 import convert_float_to_float16

        sys.path[:] = path  # the import above adds a folder of scripts
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # values below the smallest f16 become that
            converted = convert_float_to_float16(onnx.load_from_string(data), keep_io_types=True)
        return bytes(converted.SerializeToString())
