"""A subnet as every runtime takes it (:class:`studio.families.portable.PortableNetwork`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor

from studio.families.portable import LayerMacs, Port, PortableNetwork, Quantisation
from studio.families.stylegan.baked import bake
from studio.families.stylegan.factors import groups_of
from studio.families.stylegan.synthesis import Layer, SynthesisView

STYLES, NOISE, PICTURE = "styles", "noise", "picture"
OPERATORS = (
    "Add",
    "Clip",
    "Conv",
    "ConvTranspose",
    "Div",
    "Gather",
    "Gemm",
    "Identity",
    "LeakyRelu",
    "MatMul",
    "Mul",
    "Sqrt",
    "Unsqueeze",
)  # all that a graph may hold
FORM = 1  # of graph and module; a compiled network of another form is another network


def ports(view: SynthesisView, rows: int) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """What goes in and out.

    Inputs: styles w+ (batch, rows, w_dim) and, where noise maps of the subnet are not zero, their
    strength (1,), 1 as trained. Outputs: the picture (batch, 3, r, r), nominally in [-1, 1].
    """
    w_dim = view.layers[0].style_weight.shape[1]
    inputs: tuple[Port, ...] = (Port(STYLES, ("batch", rows, w_dim)),)
    if any(bool(layer.noise.any()) for layer in view.layers):
        inputs = (*inputs, Port(NOISE, (1,)))
    return inputs, (Port(PICTURE, ("batch", 3, view.resolution, view.resolution)),)


def portable(
    view: SynthesisView,
    model: str,
    rows: int,
    macs: int,
    quantisation: Quantisation | None = None,
) -> PortableNetwork:
    """Describe a subnet; graph and module are made when they are asked for.

    Args:
        view: the subnet. model: key of the weights it is a view of.
        rows: style rows of the whole model. macs: multiply-accumulates at batch 1.
        quantisation: how it runs in int8, if at all.
    """
    shape = f"{FORM}\0{model}\0{rows}\0{view.resolution}\0{','.join(map(str, view.channels))}"
    if quantisation is not None:
        shape += f"\0{quantisation.plan.digest}"
    inputs, outputs = ports(view, rows)
    constants = [view.const.numel()]
    for layer in view.layers:
        constants += [layer.weights, layer.energy.numel(), layer.style_weight.numel()]
        constants += [layer.bias.numel(), layer.style_bias.numel(), layer.noise.numel()]
    for rgb in view.rgb:
        constants += [rgb.weight.numel(), rgb.style_weight.numel(), rgb.style_bias.numel()]
    return PortableNetwork(
        key=hashlib.sha256(shape.encode()).hexdigest()[:32],
        name=f"{view.resolution} px, {view.channels[-1]} to {max(view.channels)} channels",
        inputs=inputs,
        outputs=outputs,
        operators=OPERATORS,
        parameters=sum(constants),
        macs=macs,
        activations=_activations(view),
        onnx=lambda: _onnx(view, rows),
        module=lambda: bake(view),
        layers=layers_of(view),
        quantisation=quantisation,
    )


@dataclass(frozen=True)
class Part:
    """One convolution of the graph: a whole layer, a link of the chain in its place, or a ToRGB.

    Args:
        name: of the graph's node. weight: (o, i, 3, 3), or (o, i) of a 1x1 link.
        macs: true multiplies at batch 1 (see ``studio.subnets.cost``).
        layer: number of the styled convolution, from 0; None for a ToRGB.
        alone: every channel is convolved by itself, so the weight is (o, 1, 3, 3).
    """

    name: str
    weight: Tensor
    macs: int
    layer: int | None = None
    alone: bool = False


def convolution(index: int) -> str:
    """Name of the graph's node of a styled convolution; ``index`` counts from 0."""
    return f"layer{index}.convolved"


def rgb_convolution(stage: int) -> str:
    """Name of the graph's node of a ToRGB; ``stage`` counts from 0."""
    return f"rgb{stage}.convolved"


def parts_of(view: SynthesisView) -> tuple[Part, ...]:
    """The convolutions of the graph, in its order: layers, then ToRGBs."""
    found: list[Part] = []
    r, sizes = view.const.shape[-1], []
    for index, layer in enumerate(view.layers):
        before, r = r, 2 * r if layer.up else r
        found += _links(index, layer, before, r)
        sizes.append(r)
    for stage, rgb in enumerate(view.rgb):
        macs = rgb.weight.numel() * sizes[2 * stage] ** 2
        found.append(Part(rgb_convolution(stage), rgb.weight, macs))
    return tuple(found)


def _links(index: int, layer: Layer, before: int, after: int) -> list[Part]:
    """The convolutions of a layer that reads ``before`` pixels a side and makes ``after``."""
    name, weight = convolution(index), layer.weight
    if layer.reduce is None:
        return [Part(name, weight, weight.numel() * before**2, index)]
    reduce, alone = layer.reduce, groups_of(weight, layer.reduce) > 1
    links = [
        Part(f"layer{index}.reduced", reduce, reduce.numel() * before**2, index),
        Part(name, weight, weight.numel() * before**2, index, alone),
    ]
    if layer.expand is not None:
        macs = layer.expand.numel() * after**2
        links.append(Part(f"layer{index}.expanded", layer.expand, macs, index))
    return links


def layers_of(view: SynthesisView) -> tuple[LayerMacs, ...]:
    """The convolutions with their true multiplies, layers first."""
    return tuple(LayerMacs(p.name, p.macs, p.weight.numel()) for p in parts_of(view))


def _onnx(view: SynthesisView, rows: int) -> bytes:
    # Imported here, since onnx is only needed by those who compile.
    from studio.families.stylegan.graph import synthesis_graph

    graph: bytes = synthesis_graph(view, rows).SerializeToString()
    return graph


def _activations(view: SynthesisView) -> int:
    """Values of the largest input and output of a layer together, at batch 1."""
    most = view.const.numel()
    r = view.const.shape[-1]
    for layer in view.layers:
        before, r = r, 2 * r if layer.up else r
        if layer.reduce is None:
            steps = [layer.inputs * before**2, layer.outputs * (r + 1) ** 2]
        else:
            into, out = layer.reduce.shape[0], layer.weight.shape[0]
            steps = [layer.inputs * before**2, into * before**2, out * (r + 1) ** 2]
            steps.append(layer.outputs * r**2)
        most = max(most, *(a + b for a, b in pairwise(steps)))
    return most
