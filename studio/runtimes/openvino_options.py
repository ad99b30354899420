"""The exact options that OpenVINO is given for a target. Imports no runtime."""

from __future__ import annotations

from studio.runtimes.contract import Plan

Options = dict[str, str | int | bool]


def kind_of(device: str) -> str:
    """CPU, GPU or NPU of a device name such as GPU.1."""
    return device.partition(".")[0].upper()


def options_for(plan: Plan, *, profiled: bool = False) -> Options:
    """Options for compiling and, again, for importing: a compiled file does not keep them, and an
    import without them falls back to the device's own precision.

    Args:
        profiled: count the time of every node, at some cost.
    """
    kind = kind_of(plan.target.device)
    options: Options = {
        # A quantised graph carries its int8 within itself; the hint is for what it leaves in float.
        "INFERENCE_PRECISION_HINT": (
            plan.target.precision if plan.target.precision != "int8" else plan.rest or "f32"
        ),
        "PERFORMANCE_HINT": "LATENCY",
    }
    if kind != "NPU":  # an NPU takes no number of streams
        options["NUM_STREAMS"] = 1
    if kind == "CPU":
        # Pinned threads wait for their core when a job has it; others move to a free one.
        options["ENABLE_CPU_PINNING"] = False
        if plan.network.storage != "float":
            # Otherwise activations are rounded on the fly too, without anybody having asked.
            options["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = "0"
        if plan.threads:
            options["INFERENCE_NUM_THREADS"] = plan.threads
    if profiled:
        options["PERF_COUNT"] = True
    return options
