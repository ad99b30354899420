"""Outputs of an exported file beside the reference: parity, and whether it is within tolerance.

``run.py`` of a bundle judges by the same rule without Maquette.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from studio.bundles.manifest import Dimension, Network, Output, Parity, Tolerance
from studio.errors import RefusedFile
from studio.runtimes.benchmark import ABSOLUTE, RELATIVE

Floats = npt.NDArray[np.float32]

# Least decibels of what is rounded: below them a file is wrong, not coarse.
LEAST_PSNR = {"f16": 40.0, "bf16": 30.0, "int8": 20.0}
PICTURE = 1e-3  # of what several steps draw in f32, from 0 to 1
MARGIN = 6.0  # decibels that another host's rounding may cost


def tolerance_of(
    precision: str, found: Parity | None = None, *, absolute: float = ABSOLUTE
) -> Tolerance:
    """How far a file of a precision may be from the reference in float32.

    Args:
        found: what it was at here, which narrows what is asked elsewhere.
        absolute: in f32; of a picture of several steps :data:`PICTURE`.
    """
    if precision == "f32":
        return Tolerance(absolute=absolute, relative=RELATIVE)
    least = LEAST_PSNR[precision]
    if found is not None and found.psnr is not None:
        least = max(least, math.floor(found.psnr - MARGIN))
    return Tolerance(psnr=least)


def feeds_of(
    network: Network, inputs: Mapping[str, Floats], per_seed: Sequence[str], count: int
) -> list[dict[str, Floats]]:
    """Inputs at batch 1 for each of ``count`` seeds.

    Raises:
        RefusedFile: an array of the reference has not the shape that its input asks for.
    """
    feeds: list[dict[str, Floats]] = [{} for _ in range(count)]
    sizes: dict[str, int] = {}
    for port in network.inputs:
        array, several = inputs[port.name], port.name in per_seed
        sides = port.shape[1:] if several else port.shape
        shape = array.shape[1:] if several else array.shape
        wanted = tuple(_side(network, s, shape[i : i + 1], sizes) for i, s in enumerate(sides))
        if shape != wanted or (several and array.shape[:1] != (count,)):
            leading = (count,) if several else ()
            raise RefusedFile(
                f"the reference of {network.id} has the input {port.name} in the shape "
                f"{list(array.shape)}; {[*leading, *wanted]} is what the manifest says"
            )
        for index in range(count):
            feeds[index][port.name] = array[index : index + 1] if several else array
    return feeds


def _side(
    network: Network, side: int | Dimension, found: tuple[int, ...], sizes: dict[str, int]
) -> int:
    """What a side of an input is: a dimension that differs is 1 where a network draws by itself;
    of a part of a pipeline the first input that has it decides, within its bounds."""
    if not isinstance(side, Dimension):
        return side
    if network.role != "component" or not found:
        return 1
    return sizes.setdefault(side.name, min(max(found[0], side.least), side.most))


def expected_of(
    network: Network, outputs: Mapping[str, Floats], count: int
) -> list[dict[str, Floats]]:
    """What the reference has for each of ``count`` seeds.

    Raises:
        RefusedFile: an array has not the shape that the output has.
    """
    for port in network.outputs:
        shape = outputs[port.name].shape
        sides = tuple(
            _side(network, s, shape[i + 1 : i + 2], {}) for i, s in enumerate(port.shape[1:])
        )
        if shape != (count, *sides):
            raise RefusedFile(
                f"the reference of {network.id} has the output {port.name} in the shape "
                f"{list(shape)}; {[count, *sides]} is what the manifest says"
            )
    return [{n: a[i : i + 1] for n, a in outputs.items()} for i in range(count)]


def parity(
    ports: Sequence[Output],
    made: Sequence[Mapping[str, Floats]],
    expected: Sequence[Mapping[str, Floats]],
    name: str,
) -> Parity:
    """The outputs of all seeds beside the expected ones; of several outputs the decibels are those
    of the worst.

    Raises:
        RefusedFile: an output has another shape, or values that are no numbers.
    """
    largest = most = 0.0
    error, count, peak = (dict.fromkeys((port.name for port in ports), 0.0) for _ in range(3))
    for one, two in zip(made, expected, strict=True):
        for port in ports:
            given, wanted = one.get(port.name), two[port.name]
            if given is None or given.shape != wanted.shape:
                shape = "nothing" if given is None else f"the shape {list(given.shape)}"
                raise RefusedFile(
                    f"the output {port.name} of {name} has {shape}; "
                    f"{list(wanted.shape)} is expected"
                )
            if not np.isfinite(given).all():
                raise RefusedFile(
                    f"the output {port.name} of {name} holds values that are no numbers"
                )
            apart = np.abs(given.astype(np.float64) - wanted)
            largest = max(largest, float(apart.max()))
            most = max(most, float(np.abs(wanted).max()))
            error[port.name] += float(np.square(apart).sum())
            count[port.name] += apart.size
            low, high = port.picture or (float(wanted.min()), float(wanted.max()))
            peak[port.name] = max(peak[port.name], high - low)
    decibels = [
        10 * math.log10(peak[name] ** 2 * count[name] / error[name])
        for name in error
        if error[name] and peak[name]
    ]
    return Parity(max_abs=largest, largest=most, psnr=min(decibels, default=None))


def beyond(found: Parity, limits: Tolerance) -> str | None:
    """Words for how a file differs by more than it may; None when it does not."""
    if limits.absolute is not None:
        gate = max(limits.absolute, (limits.relative or 0.0) * found.largest)
        if found.max_abs > gate:
            return f"differs from the reference by {found.max_abs:.3g}; {gate:.3g} is allowed"
    if limits.psnr is not None and found.psnr is not None and found.psnr < limits.psnr:
        return f"is at {found.psnr:.1f} dB to the reference; {limits.psnr:.1f} dB is the least"
    return None
