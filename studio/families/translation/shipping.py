"""A translation model as somebody without this app runs it: from a picture to a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from studio.families.exportable import Exportable
from studio.families.fills import Fill, Labels, Picture
from studio.families.portable import Port, PortableNetwork
from studio.families.translation.config import TranslationConfig
from studio.families.translation.portable import HEIGHT, WIDTH
from studio.families.translation.steps import INPUT, PICTURE

if TYPE_CHECKING:
    from studio.families.translation.model import TranslationModel
    from studio.subnets.choice import SubnetChoice


def exportable(model: TranslationModel, choice: SubnetChoice) -> Exportable:
    """A subnet for pictures of the size of its training, with what fills its input.

    A graph that leaves its size open cannot say which sizes suit the network, and runs slower.

    Raises:
        BadChoice: the choice does not fit the model.
    """
    config = model.info.config
    body = at_size(model.portable(choice), config.settings.height, config.settings.width)
    shown = ((PICTURE, (-1.0, 1.0)),) if config.sizes.outputs in (1, 3) else ()
    weights = tuple((layer.name, layer.weights) for layer in body.layers)
    return Exportable(body, ((INPUT, _fill(config)),), None, shown, weights)


def at_size(network: PortableNetwork, height: int, width: int) -> PortableNetwork:
    """The same network for pictures of one size in pixels."""
    sizes = {HEIGHT: height, WIDTH: width}

    def fixed(port: Port) -> Port:
        shape = tuple(sizes.get(d, d) if isinstance(d, str) else d for d in port.shape)
        return Port(port.name, shape)

    def graph() -> bytes:
        import onnx

        model = onnx.load_from_string(network.onnx())
        for value in (*model.graph.input, *model.graph.output):
            for side in value.type.tensor_type.shape.dim:
                if side.dim_param in sizes:
                    side.dim_value = sizes[side.dim_param]
        made: bytes = model.SerializeToString()
        return made

    return replace(
        network,
        key=f"{network.key}-{width}x{height}",
        inputs=tuple(map(fixed, network.inputs)),
        outputs=tuple(map(fixed, network.outputs)),
        onnx=graph,
    )


def _fill(config: TranslationConfig) -> Fill:
    if config.takes_labels:
        return Labels(count=config.labels, edges=config.settings.last_channel == "edges")
    return Picture()
