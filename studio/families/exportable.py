"""A model as somebody without this app runs it: one network from what a person gives to a picture.

A family's :class:`~studio.families.portable.PortableNetwork` may begin in the middle (a StyleGAN's
takes style inputs), which suits sliders. Who ships it wants the head as well. Head and body stay
apart here, because a quantisation plan is for the body alone. Importing this needs no torch.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.families.portable import PortableNetwork

if TYPE_CHECKING:
    from torch import nn

    from studio.families.fills import Fill
    from studio.families.generative import AnyModel
    from studio.subnets.choice import SubnetChoice


@dataclass(frozen=True)
class Exportable:
    """What is exported of a subnet.

    Args:
        body: what the runtimes run in this app, with its quantisation if it has one.
        head: makes inputs of the body that have the names of the head's outputs; None where the
            body begins at the beginning.
        fills: how every input of :attr:`network` is filled, by name.
        pictures: of every output that is a picture, the values of black and white.
        weights: number of weights of each convolution that a quantisation plan may name.
    """

    body: PortableNetwork
    fills: tuple[tuple[str, Fill], ...]
    head: PortableNetwork | None = None
    pictures: tuple[tuple[str, tuple[float, float]], ...] = ()
    weights: tuple[tuple[str, int], ...] = ()

    @property
    def network(self) -> PortableNetwork:
        """Head and body as one, without a quantisation."""
        return self.body if self.head is None else joined(self.head, self.body)


def exportable(model: AnyModel, choice: SubnetChoice) -> Exportable:
    """What is exported of a subnet (see ``GenerativeModel.exportable``).

    Raises:
        BadChoice: the choice does not fit the model.
    """
    return model.exportable(choice)


def joined(head: PortableNetwork, body: PortableNetwork) -> PortableNetwork:
    """Two networks as one: outputs of the head are the inputs of the body that have their names.

    Its inputs are the head's, then those of the body that the head does not make.
    """
    made = {port.name for port in head.outputs}
    inputs = (*head.inputs, *(port for port in body.inputs if port.name not in made))

    def onnx() -> bytes:
        return before(head, body.onnx())

    def module() -> nn.Module:
        from studio.families.joined_module import JoinedModule

        return JoinedModule(head, body)

    return PortableNetwork(
        key=hashlib.sha256(f"joined\0{head.key}\0{body.key}".encode()).hexdigest()[:32],
        name=body.name,
        inputs=inputs,
        outputs=body.outputs,
        operators=tuple(sorted({*head.operators, *body.operators})),
        parameters=head.parameters + body.parameters,
        macs=head.macs + body.macs,
        activations=max(head.activations, body.activations),
        onnx=onnx,
        module=module,
        layers=body.layers,
    )


def before(head: PortableNetwork, graph: bytes) -> bytes:
    """A serialised graph of the body, quantised perhaps, with the head's nodes before its own.

    Raises:
        ValueError: both use a name for different tensors.
    """
    import onnx

    first, second = onnx.load_from_string(head.onnx()), onnx.load_from_string(graph)
    made = {port.name for port in head.outputs}
    names = [_names(each.graph) for each in (first, second)]
    if twice := (names[0] & names[1]) - {value.name for value in first.graph.output}:
        raise ValueError(f"head and body both name a tensor {sorted(twice)[0]}")
    whole = onnx.ModelProto()
    whole.CopyFrom(second)
    del whole.graph.node[:]
    del whole.graph.input[:]
    whole.graph.node.extend([*first.graph.node, *second.graph.node])
    whole.graph.initializer.extend(first.graph.initializer)
    own = [value for value in second.graph.input if value.name not in made]
    whole.graph.input.extend([*first.graph.input, *own])
    data: bytes = whole.SerializeToString()
    return data


def _names(graph: object) -> set[str]:
    made = {name for node in graph.node for name in node.output}  # type: ignore[attr-defined]
    return made | {each.name for each in graph.initializer}  # type: ignore[attr-defined]
