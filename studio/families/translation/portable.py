"""A translation network as every runtime takes it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from torch import Tensor, nn

from studio.families.portable import Port, PortableNetwork, Quantisation
from studio.families.translation.config import TranslationConfig
from studio.families.translation.cost import cost
from studio.families.translation.program import program
from studio.families.translation.run import run
from studio.families.translation.steps import INPUT, PICTURE, Step, without_idle_biases

BATCH, HEIGHT, WIDTH = "batch", "height", "width"  # names of dynamic dimensions
OPERATORS = (
    "Add",
    "BatchNormalization",
    "Clip",
    "Concat",
    "Conv",
    "ConvTranspose",
    "InstanceNormalization",
    "LeakyRelu",
    "Mul",
    "Pad",
    "Relu",
    "Resize",
    "Slice",
    "Tanh",
)  # all that a graph may hold
FORM = 1  # of graph and module; a compiled network of another form is another network


def ports(config: TranslationConfig) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """What goes in, (batch, inputs, height, width), and out, (batch, outputs, height, width).

    Height and width must suit the network (``TranslationConfig.refusal``); a graph cannot say so.
    """
    sizes = config.sizes
    inputs = Port(INPUT, (BATCH, sizes.inputs, HEIGHT, WIDTH))
    return (inputs,), (Port(PICTURE, (BATCH, sizes.outputs, HEIGHT, WIDTH)),)


def portable(
    config: TranslationConfig,
    tensors: Mapping[str, Tensor],
    model: str,
    name: str,
    quantisation: Quantisation | None = None,
) -> PortableNetwork:
    """Describe a network; graph and module are made when they are asked for.

    Args:
        config: of the subnet, settings included. tensors: its weights.
        model: key of the weights that they are views of. name: short, for messages.
        quantisation: how targets of precision int8 run it, if they are to.
    """
    settings = config.settings
    steps = without_idle_biases(program(config))
    inputs, outputs = ports(config)
    price = cost(config, settings.height, settings.width)

    def graph() -> bytes:
        # Imported here, since onnx is only needed by those who compile.
        from studio.families.translation.graph import translation_graph

        made: bytes = translation_graph(steps, tensors, inputs, outputs).SerializeToString()
        return made

    return PortableNetwork(
        key=hashlib.sha256(f"{FORM}\0{model}\0{config!r}".encode()).hexdigest()[:32],
        name=name,
        inputs=inputs,
        outputs=outputs,
        operators=OPERATORS,
        parameters=price.size_bytes // 4,
        macs=price.macs,
        activations=price.activations,
        onnx=graph,
        module=lambda: BakedTranslation(steps, tensors),
        layers=price.layers,
        quantisation=quantisation,
    )


class BakedTranslation(nn.Module):
    """A network with constant weights as buffers, ready to compile."""

    def __init__(self, steps: tuple[Step, ...], tensors: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.steps = steps
        self.names = tuple(tensors)
        for index, tensor in enumerate(tensors.values()):
            self.register_buffer(f"tensor{index}", tensor.detach().contiguous())

    def forward(self, x: Tensor) -> Tensor:
        """Pictures or label maps (n, inputs, h, w) to pictures (n, outputs, h, w)."""
        named = {name: self.get_buffer(f"tensor{i}") for i, name in enumerate(self.names)}
        return run(self.steps, named, x)
