"""Subnets as runtimes take them: the same picture from the graph, and what the description says."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from studio.families.model import Model
from studio.families.portable import OPSET, Port, PortableNetwork
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model

CHOICES = (
    SubnetChoice(),
    SubnetChoice(width=0.3, resolution=16),
    SubnetChoice(widths=(9, 5, 24, 1, 16, 3, 12, 7)),
    SubnetChoice(resolution=4),
)


def styles_of(model: Model, count: int) -> torch.Tensor:
    z = torch.randn(count, model.info.config.z_dim, generator=torch.Generator().manual_seed(5))
    w = model.network.map(z)
    return w[:, None].expand(-1, model.info.config.style_count, -1).contiguous()


def drawn_by_graph(
    network: PortableNetwork, styles: torch.Tensor, noise: float = 1.0
) -> torch.Tensor:
    session = onnxruntime.InferenceSession(network.onnx(), providers=["CPUExecutionProvider"])
    given = {"styles": styles.numpy(), "noise": np.asarray([noise], np.float32)}
    (picture,) = session.run(None, {p.name: given[p.name] for p in network.inputs})
    return torch.from_numpy(picture)


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("clamp", [None, 0.8])
def test_the_graph_draws_what_pytorch_draws(choice: SubnetChoice, clamp: float | None) -> None:
    model = small_model(small_config(conv_clamp=clamp))
    network, styles = model.portable(choice), styles_of(model, 3)
    onnx.checker.check_model(onnx.load_from_string(network.onnx()), full_check=True)
    for noise in (1.0, 0.5, 0.0):
        picture = model.picture(styles, choice, noise=noise)
        assert torch.allclose(drawn_by_graph(network, styles, noise), picture, atol=1e-4)
        strength = torch.tensor([noise])
        assert torch.allclose(network.module()(styles, strength), picture, atol=1e-6)


def test_a_network_says_what_it_is() -> None:
    model = small_model()
    config = model.info.config
    network = model.portable(SubnetChoice(width=0.5))
    rows, w = config.style_count, config.w_dim
    assert network.inputs == (Port("styles", ("batch", rows, w)), Port("noise", (1,)))
    r = config.resolution
    assert network.outputs == (Port("picture", ("batch", 3, r, r)),)
    assert network.inputs[0].fixed(batch=4) == (4, rows, w)
    graph = onnx.load_from_string(network.onnx())
    assert graph.opset_import[0].version == OPSET
    assert {node.op_type for node in graph.graph.node} <= set(network.operators)
    held = sum(t.numel() for t in network.module().buffers())
    assert held * 0.9 < network.parameters <= held
    assert network.macs < model.portable().macs
    assert network.activations < model.portable().activations


def test_noise_is_no_input_where_every_map_is_zero() -> None:
    model = small_model()
    silent = small_model()
    for layer in silent.network.layers:
        layer.noise_strength.zero_()
    quiet = Model(silent.info, silent.network)
    assert [p.name for p in model.portable().inputs] == ["styles", "noise"]
    assert [p.name for p in quiet.portable().inputs] == ["styles"]
    styles = styles_of(quiet, 1)
    drawn = drawn_by_graph(quiet.portable(), styles)
    assert torch.allclose(drawn, quiet.picture(styles), atol=1e-4)


def test_keys_name_the_content() -> None:
    model = small_model()
    full, half = model.portable(), model.portable(SubnetChoice(width=0.5))
    assert full.key == model.portable(SubnetChoice(width=1.0)).key
    assert len({full.key, half.key, model.portable(SubnetChoice(resolution=16)).key}) == 3
