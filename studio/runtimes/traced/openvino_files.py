"""Traced networks on disk for OpenVINO: a description, and weights that are mapped, not read.

A compiled file would hold all weights once more, and making it copies them three times over, so
what the cache keeps is what the compiler reads; compiling it again takes seconds. It is of any size
but what tracing bakes: the sizes of a plan are fixed when it is compiled.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.errors import RuntimeFailed, cause_of
from studio.families.traced import settled
from studio.runtimes.contract import Placement, Plan
from studio.runtimes.openvino_core import core, failures, quiet_openvino
from studio.runtimes.openvino_options import Options, options_for
from studio.runtimes.quantization import follows_plan
from studio.runtimes.record import checked_path, read_record, write_record
from studio.runtimes.traced.early import InTwo, in_two

XML, BIN = "network.xml", "network.bin"


def compile_traced(plan: Plan, folder: Path) -> Placement:
    """Leave the network and its record in ``folder``; compile it once, to say where it runs.

    Raises:
        RuntimeFailed: OpenVINO raised, or the disk refused.
    """
    from studio.runtimes.openvino import placement_of

    _write(plan, folder)
    gc.collect()  # the graph holds the module's weights; from here on they are mapped from the file
    ran = placement_of(plan, _compiled(plan, folder, options_for(plan)), options_for(plan))
    try:
        write_record(plan, ran, folder, (XML, BIN))
    except OSError as error:
        raise RuntimeFailed(
            f"the compiled '{plan.network.name}' cannot be written to {folder}: {cause_of(error)}"
        ) from error
    return ran


def opener(plan: Plan, folder: Path) -> Callable[[Options], Any]:
    """What compiles the network in ``folder`` for options, once its files were compared.

    Raises:
        RuntimeFailed: they are damaged or of another version.
    """
    record = read_record(plan, folder)
    for name in (XML, BIN):
        checked_path(record, folder, name)
    return lambda options: _compiled(plan, folder, options)


def _write(plan: Plan, folder: Path) -> None:
    plan = replace(plan, network=settled(plan.network, dict(plan.sizes)))
    module = plan.network.module()
    if follows_plan(plan):
        from studio.runtimes.traced.openvino_int8 import quantised_model

        model = quantised_model(plan, module)
    else:
        from studio.runtimes.traced.openvino_model import converted

        model = converted(plan.network, module)
        if plan.network.storage != "float":
            from studio.runtimes.traced.weight_only import store_in_openvino

            with failures(f"storing the weights of '{plan.network.name}'"):
                store_in_openvino(model, module, plan.network.storage, release=False)
    with failures(f"writing '{plan.network.name}' for {plan.target}"):
        quiet_openvino().save_model(model, folder / XML, compress_to_fp16=False)


def _compiled(plan: Plan, folder: Path, options: Options) -> Any:
    with failures(f"compiling '{plan.network.name}' for {plan.target}"):
        if options["INFERENCE_PRECISION_HINT"] != "f32":
            parts = in_two(lambda: _read(plan, folder))
            if parts is not None:
                return InTwo(parts, plan.target.device, options)
        return core().compile_model(_read(plan, folder), plan.target.device, options)


def _read(plan: Plan, folder: Path) -> Any:
    """The model at the sizes of the plan."""
    model, sizes = core().read_model(folder / XML), dict(plan.sizes)
    if sizes:
        model.reshape(
            {
                port.name: [sizes.get(d, -1) if isinstance(d, str) else d for d in port.shape]
                for port in plan.network.inputs
            }
        )
    return model
