"""What formats estimate and refuse alike. Imports no runtime."""

from __future__ import annotations

from studio.bundles.formats.contract import Subject
from studio.runtimes.quantization import plan_refusals

BYTES = {"f32": 4, "bf16": 2, "f16": 2, "int8": 1}
OVERHEAD = 40_000  # of a graph of some hundred nodes


def estimated(subject: Subject, precision: str) -> int:
    """Bytes on disk: constants in their width, and the graph around them.

    Of int8 the convolutions of the plan alone are narrow; what is around them stays in f32.
    """
    parts = subject.parts
    everything = parts.network.parameters
    if precision != "int8":
        return everything * BYTES[precision] + OVERHEAD
    plan = parts.body.quantisation
    wanted = set(plan.plan.layers) if plan else set()
    narrow = sum(count for name, count in parts.weights if name in wanted)
    return narrow + (everything - narrow) * BYTES["f32"] + OVERHEAD


def limited_by(subject: Subject, precision: str, runtime: str, largest: int) -> list[str]:
    """Why a graph cannot be written for a runtime, a sentence each.

    Args:
        largest: bytes that the f32 weights may have, in one piece.
    """
    said = []
    if precision == "int8":
        said += plan_refusals(subject.parts.body, runtime)
    if subject.parts.body.traced and precision != "f16":
        return said  # whose weights lie in a file beside the graph
    size = BYTES["f32"] * subject.parts.network.parameters
    if size >= largest:
        said.append(
            f"'{subject.title}' has {size / 2**30:.1f} GB of constants; a file in one piece holds "
            f"less than {largest / 2**30:.0f} GB"
        )
    return said
