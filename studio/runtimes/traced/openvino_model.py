"""A traced network as an ``openvino.Model`` whose constants are the module's own weights."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn

from studio.errors import RuntimeFailed
from studio.families.portable import PortableNetwork
from studio.families.traced import INNER, example_inputs
from studio.runtimes.openvino_core import quiet_openvino, said

_WEIGHT = ".weight"
_ROOT = "self."  # what the reader of traced modules puts before the name of a tensor
_LAYERS = frozenset({"Convolution", "GroupConvolution", "MatMul"})


def converted(network: PortableNetwork, module: nn.Module | None = None) -> Any:
    """The model, its shapes as dynamic as the network's ports, its convolutions and linear layers
    named by their modules. Weights are shared with ``module``, which must live as long.

    Args:
        module: of the network; made when None.

    Raises:
        RuntimeFailed: OpenVINO cannot read what tracing gives.
    """
    package = quiet_openvino()
    module = module or network.module()
    doing = f"tracing '{network.name}' for OpenVINO"
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on Python numbers that become constants
            model = package.convert_model(module, example_input=example_inputs(network))
    except (RuntimeError, TypeError, ValueError, AttributeError) as error:
        raise RuntimeFailed(f"{doing} failed: {said(error)}") from error
    for ports, wanted in ((model.inputs, network.inputs), (model.outputs, network.outputs)):
        if len(ports) != len(wanted):
            raise RuntimeFailed(
                f"{doing} failed: it has {len(ports)} inputs or outputs where {len(wanted)} were "
                "to be traced"
            )
        for port, ours in zip(ports, wanted, strict=True):
            port.get_tensor().set_names({ours.name})
    model.reshape(
        {p.name: [-1 if isinstance(d, str) else d for d in p.shape] for p in network.inputs}
    )
    for name, node in layer_nodes(model).items():
        node.set_friendly_name(name)
    return model


def layer_nodes(model: Any) -> dict[str, Any]:
    """The convolutions and products by a weight, by the names of their modules. A layer that is
    called several times has a number behind its name from the second on."""
    found: dict[str, Any] = {}
    for node in model.get_ordered_ops():
        if node.get_type_name() not in _LAYERS:
            continue
        weight = node.input_value(1).get_node()
        name = weight.get_friendly_name()
        if weight.get_type_name() != "Constant" or not name.endswith(_WEIGHT):
            continue
        name = name.removeprefix(_ROOT).removeprefix(INNER).removesuffix(_WEIGHT)
        number = 2
        wanted = name
        while name in found:
            name, number = f"{wanted}#{number}", number + 1
        found[name] = node
    return found
