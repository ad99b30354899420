"""Every component is called by its ports, costed without being run, and written as ONNX."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from studio.errors import BadChoice
from studio.families.diffusion.signatures import signature_of
from studio.families.traced import example_inputs, traced_network
from studio.runtimes.onnxruntime_core import quiet_onnxruntime
from tests.families.diffusion.components import COMPONENTS, component


@pytest.mark.parametrize("name", list(COMPONENTS))
def test_a_component_is_told_and_written(name: str) -> None:
    module = component(name)
    network = traced_network(module, signature_of(module), key="key", name=name)
    inputs = example_inputs(network)
    with torch.no_grad():
        wanted = network.module()(*inputs)
    sizes = dict(network.example)
    for port, values in zip(network.outputs, wanted, strict=True):
        known = [sizes.get(side, 0) if isinstance(side, str) else side for side in port.shape]
        fits = [want in (0, got) for want, got in zip(known, values.shape, strict=True)]
        assert all(fits), f"{port} beside {tuple(values.shape)}"
    assert network.parameters == sum(p.numel() for p in module.parameters())
    assert network.macs >= sum(layer.macs for layer in network.layers) > 0

    graph = network.onnx()
    names = {node.name for node in onnx.load_from_string(graph).graph.node}
    assert {layer.name for layer in network.layers} <= names
    session = quiet_onnxruntime().InferenceSession(graph)
    feed = {p.name: each.numpy() for p, each in zip(network.inputs, inputs, strict=True)}
    found = session.run([p.name for p in network.outputs], feed)
    for got, want in zip(found, wanted, strict=True):
        gate = max(1e-4, 1e-5 * float(want.abs().max()))
        assert float(np.abs(got - want.numpy()).max()) <= gate


def test_multiplies_of_layers_are_true() -> None:
    module = component("unet")
    network = traced_network(module, signature_of(module), key="key", name="unet")
    macs = {layer.name: layer for layer in network.layers}
    assert macs["conv_in"].macs == 4 * 16 * 9 * 64  # at 8 x 8
    assert macs["conv_in"].weights == 4 * 16 * 9
    assert macs["time_embedding.linear_1"].macs == 16 * 64
    attn2 = "down_blocks.0.attentions.0.transformer_blocks.0.attn2"
    assert macs[f"{attn2}.to_k"].macs == 77 * 16 * 16


def test_a_component_of_another_class_is_refused() -> None:
    with pytest.raises(BadChoice, match="of the class Linear cannot be brought"):
        signature_of(nn.Linear(2, 2))
