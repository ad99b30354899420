"""The arrays that go into a network, checked before native code sees them. Imports no runtime.

A runtime that is given an array of a shape it does not expect may end the process instead of
raising, so nothing unchecked is ever handed on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from studio.errors import BadChoice
from studio.families.portable import Port
from studio.runtimes.contract import Arrays, Plan


def checked_inputs(plan: Plan, inputs: Arrays) -> dict[str, npt.NDArray[Any]]:
    """The inputs in the order of the network's ports, of their type and contiguous, copied only
    where they are not.

    Raises:
        BadChoice: an input is missing, unknown or of another shape than the plan allows.
    """
    network = plan.network
    names = [port.name for port in network.inputs]
    if set(inputs) != set(names):
        raise BadChoice(
            f"'{network.name}' takes the inputs {', '.join(names)}; "
            f"{', '.join(sorted(inputs)) or 'none'} came"
        )
    sizes = dict(plan.sizes)
    fed: dict[str, npt.NDArray[Any]] = {}
    for port in network.inputs:
        array = np.require(inputs[port.name], port.dtype, ("C", "A", "W"))
        _match(plan, port, array.shape, sizes)
        fed[port.name] = array
    return fed


def _match(plan: Plan, port: Port, shape: tuple[int, ...], sizes: dict[str, int]) -> None:
    """Compare a shape with its port; the first port that names a dynamic dimension decides it."""
    fits = len(shape) == len(port.shape) and 0 not in shape
    for length, wanted in zip(shape, port.shape, strict=False):
        fits &= length == (sizes.setdefault(wanted, length) if isinstance(wanted, str) else wanted)
    if not fits:
        expected = ", ".join(
            f"{d} {sizes[d]}" if isinstance(d, str) and d in sizes else str(d) for d in port.shape
        )
        raise BadChoice(
            f"input {port.name} of '{plan.network.name}' has the shape {shape}; "
            f"({expected}) is what {plan.target} was made for"
        )
