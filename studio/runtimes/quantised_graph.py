"""The ONNX graph on its way to int8: where layers read, and biases that undo a mean error.

Rounding weights shifts the mean of a layer's outputs by ``sum_k(Wq - W) @ E[x]`` (Nagel et al.
2019, "Data-Free Quantization Through Weight Equalization and Bias Correction", section 4.2); the
means ``E[x]`` come from calibration inputs. Convolutions here have their bias after demodulation,
so the correction is a bias of their own. Transposed ones stay without: OpenVINO runs them in int8
only as long as they have none. Imports onnx and no runtime.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from studio.runtimes.contract import Plan

LARGEST = 127  # weights are whole numbers from -127 to 127
Floats = npt.NDArray[np.float32]


def chosen(plan: Plan) -> tuple[str, ...]:
    """The layers of the network's quantisation plan that its graph has, in the graph's order."""
    assert plan.network.quantisation is not None
    wanted = set(plan.network.quantisation.plan.layers)
    return tuple(layer.name for layer in plan.network.layers if layer.name in wanted)


def rounded(weight: Floats) -> Floats:
    """A weight (o, ...) as int8 has it, symmetric per output channel."""
    largest = np.abs(weight).max(axis=tuple(range(1, weight.ndim)), keepdims=True)
    scale = np.where(largest > 0, largest, 1.0) / LARGEST
    made: Floats = (np.round(weight / scale) * scale).astype(np.float32)
    return made


class Source:
    """A graph whose layers may be asked for and given a bias.

    Args:
        data: a serialised model whose convolutions have constant weights.
        layers: names of the convolutions that are meant.
    """

    def __init__(self, data: bytes, layers: tuple[str, ...]) -> None:
        self._model = onnx.load_from_string(data)
        nodes = {node.name: node for node in self._model.graph.node}
        self._nodes = {name: nodes[name] for name in layers}
        self._constants = {each.name: each for each in self._model.graph.initializer}

    @property
    def data(self) -> bytes:
        """Serialised as it stands."""
        made: bytes = self._model.SerializeToString()
        return made

    @property
    def inputs(self) -> dict[str, str]:
        """Name of the tensor that each layer reads, by the layer's name."""
        return {name: node.input[0] for name, node in self._nodes.items()}

    def with_inputs_shown(self) -> bytes:
        """The model, serialised, with what the layers read among its outputs."""
        shown = onnx.ModelProto()
        shown.CopyFrom(self._model)
        for name in dict.fromkeys(self.inputs.values()):
            shown.graph.output.append(helper.make_tensor_value_info(name, 1, None))
        made: bytes = shown.SerializeToString()
        return made

    def correct(self, means: Mapping[str, Floats]) -> None:
        """Give every layer that is no transposed convolution the bias that undoes its rounding.

        Args:
            means: mean of each layer's input per channel, by the layer's name.
        """
        for name, node in self._nodes.items():
            if node.op_type != "Conv":
                continue
            weight = numpy_helper.to_array(self._constants[node.input[1]])  # (o, i, k, k)
            apart = (rounded(weight) - weight).sum(axis=(2, 3))  # (o, i of a group)
            groups = means[name].size // apart.shape[1]
            read = means[name].reshape(groups, -1)
            shift = np.einsum("goi,gi->go", apart.reshape(groups, -1, apart.shape[1]), read)
            shift = shift.reshape(-1)
            if len(node.input) > 2:
                shift = shift - numpy_helper.to_array(self._constants[node.input[2]])
                node.input.pop()
            bias = numpy_helper.from_array((-shift).astype(np.float32), f"{name}.correction")
            self._model.graph.initializer.append(bias)
            node.input.append(bias.name)


class Means:
    """Running means per channel of arrays (n, c, ...)."""

    def __init__(self) -> None:
        self._sums: dict[str, npt.NDArray[np.float64]] = {}
        self._counts: dict[str, int] = {}

    def add(self, name: str, values: Floats) -> None:
        """Take in the values of one calibration input."""
        axes = (0, *range(2, values.ndim))
        total = values.sum(axis=axes, dtype=np.float64)
        self._sums[name] = self._sums.get(name, np.zeros_like(total)) + total
        self._counts[name] = self._counts.get(name, 0) + values.size // values.shape[1]

    def of(self, name: str) -> Floats:
        """The mean, (c,)."""
        mean: Floats = (self._sums[name] / self._counts[name]).astype(np.float32)
        return mean
