"""Constraints that every runtime checks alike before any work. Imports no runtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psutil

from studio.errors import BadChoice
from studio.families.portable import PortableNetwork
from studio.runtimes.quantization import plan_refusals
from studio.runtimes.target import TITLES, Target

_BYTES = {"f32": 4, "bf16": 2, "f16": 2, "int8": 1}
_QUANTISED = frozenset({"QuantizeLinear", "DequantizeLinear", "QLinearConv", "QLinearMatMul"})


def of_runtime(target: Target, runtime: str) -> None:
    """Raises BadChoice when the target is of another runtime."""
    if target.runtime != runtime:
        raise BadChoice(f"{target} is no target of {TITLES[runtime]}; {runtime}:... would be one")


def dynamic_dimensions(network: PortableNetwork) -> tuple[str, ...]:
    """Names of the dimensions that differ from run to run, sorted."""
    return tuple(sorted({d for p in network.inputs for d in p.shape if isinstance(d, str)}))


def checked_sizes(
    network: PortableNetwork, sizes: Mapping[str, int] | None
) -> tuple[tuple[str, int], ...]:
    """The sizes that the caller names, sorted by name.

    Raises:
        BadChoice: the network has no such dimension, or a size is below 1.
    """
    names = dynamic_dimensions(network)
    for name, size in (sizes or {}).items():
        if name not in names:
            raise BadChoice(
                f"'{network.name}' has no dimension named {name}; "
                f"it has {', '.join(names) or 'none to fix'}"
            )
        if size < 1:
            raise BadChoice(f"{name} {size} is no size; 1 or more is")
    return tuple(sorted((sizes or {}).items()))


def checked_threads(threads: int) -> int:
    """Raises BadChoice for a number of threads below 0."""
    if threads < 0:
        raise BadChoice(f"{threads} threads cannot be used; 0 leaves the number to the runtime")
    return threads


def memory_needed(network: PortableNetwork, precision: str, batch: int = 1) -> int:
    """Bytes while running: the constants as they come and as the runtime lays them out, and
    activations, each as it is computed and as the next layer wants it."""
    width = _BYTES[precision]
    return network.parameters * (4 + width) + 2 * network.activations * batch * width


def precision_refusals(
    network: PortableNetwork, target: Target, precisions: Sequence[str]
) -> list[str]:
    """Why the target's precision cannot be had on a device that computes in ``precisions``."""
    wants_plan = target.precision == "int8" and not _QUANTISED & set(network.operators)
    if wants_plan and (said := plan_refusals(network, target.runtime)):
        return said
    if target.precision in precisions:
        return []
    return [
        f"{target.device} has no {target.precision} in {TITLES[target.runtime]}; "
        f"it computes in {', '.join(precisions) or 'nothing that is known here'}"
    ]


def traced_refusals(network: PortableNetwork, sizes: tuple[tuple[str, int], ...]) -> list[str]:
    """A sentence when a network cannot be traced without more sizes."""
    missing = [name for name in network.baked if name not in dict(sizes)]
    if not missing:
        return []
    return [f"'{network.name}' is traced for one size only; name one for {' and '.join(missing)}"]


def memory_refusals(network: PortableNetwork, needed: int, free: int) -> list[str]:
    """A sentence when ``needed`` bytes are more than ``free`` ones."""
    if needed <= free:
        return []
    return [
        f"'{network.name}' needs about {needed / 2**30:.1f} GB and {free / 2**30:.1f} GB are free"
    ]


def free_memory() -> int:
    """Bytes that this host can still give."""
    return int(psutil.virtual_memory().available)
