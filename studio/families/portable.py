"""A network as every runtime takes it: named inputs and outputs, an ONNX graph, a torch module.

A family makes one from a choice; runtimes know nothing else of families. Importing this needs
neither torch nor onnx.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from studio.families.quantization import QuantPlan

if TYPE_CHECKING:
    from torch import nn

Feeds = tuple[Mapping[str, npt.NDArray[np.float32]], ...]

OPSET = 18
Storage = Literal["float", "int8", "int4"]
PortType = Literal["float32", "int64"]


@dataclass(frozen=True)
class Port:
    """One input or output: ``shape`` holds numbers and names of dynamic dimensions ("batch").

    Ports carry float32 at the border, whatever precision the inside runs in; only numbers of
    tokens and classes are int64.

    Args:
        exact: its numbers count or number something (a timestep, a class, a position), so that
            they must not be rounded to fewer bits.
    """

    name: str
    shape: tuple[int | str, ...]
    exact: bool = False
    dtype: PortType = "float32"

    def fixed(self, **sizes: int) -> tuple[int, ...]:
        """The shape with dynamic dimensions replaced by ``sizes``.

        Raises:
            KeyError: a dynamic dimension has no size.
        """
        return tuple(sizes[d] if isinstance(d, str) else d for d in self.shape)


@dataclass(frozen=True)
class LayerMacs:
    """A convolution of the graph by its node's name, its true multiplies at batch 1, and how many
    weights it has. Of a traced network also linear layers, all by the names of their modules."""

    name: str
    macs: int
    weights: int = 0


@dataclass(frozen=True)
class Quantisation:
    """How a network is to be quantised.

    Args:
        plan: which layers, and how ranges are found.
        feeds: makes the calibration inputs: arrays by the names of the inputs, at batch 1.
    """

    plan: QuantPlan
    feeds: Callable[[], Feeds]


@dataclass(frozen=True)
class PortableNetwork:
    """A network with constant weights.

    Args:
        key: names the content; equal keys mean equal outputs for equal inputs.
        name: short, for messages. inputs, outputs: in the order of the module's arguments.
        operators: ONNX operators of the graph, sorted.
        parameters: number of constants. macs: multiply-accumulates at batch 1.
        activations: largest number of activation values alive at once, at batch 1.
        onnx: makes the serialised ONNX model, opset ``OPSET``, float32.
        module: makes the torch module, float32, in evaluation mode.
        layers: the convolutions that a quantisation plan may name; filters are not among them.
        quantisation: set where the network is to run in int8 on targets of that precision; on
            others it is what it is without.
        traced: nobody writes its graph by hand: runtimes make theirs from the module, whose weights
            may be too many for a serialised model in one piece and are not copied
            (``studio.families.traced``).
        example: of a traced network, a small size for every dynamic dimension, as (name, size).
        baked: of a traced network, the dimensions whose size tracing takes for a constant: whoever
            traces it must know them.
        storage: of a traced network, how its weights are kept. Int8 and int4 save memory alone: it
            computes in float, and targets say so. Not together with a quantisation.
        held: makes the module as PyTorch is to run it where that keeps its weights in fewer bits
            and widens them layer by layer; None where it runs ``module``.
    """

    key: str
    name: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    operators: tuple[str, ...]
    parameters: int
    macs: int
    activations: int
    onnx: Callable[[], bytes]
    module: Callable[[], nn.Module]
    layers: tuple[LayerMacs, ...] = ()
    quantisation: Quantisation | None = None
    traced: bool = False
    example: tuple[tuple[str, int], ...] = ()
    storage: Storage = "float"
    baked: tuple[str, ...] = ()
    held: Callable[[], nn.Module] | None = None
