"""From latents to pictures in one network: the graph, the module and the model agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from studio.families.exportable import before, exportable, joined
from studio.families.inputs import GanInputs
from studio.families.stylegan.config import StyleGanConfig
from studio.subnets.choice import SubnetChoice
from tests.families.small import factorised_config, small_config, small_model
from tests.runtimes.networks import small_network

HALF = SubnetChoice(width=0.5)


@pytest.mark.parametrize(
    "config",
    [small_config(), small_config(c_dim=3, conv_clamp=2.0), factorised_config(c_dim=2)],
    ids=["plain", "classes", "factorised"],
)
@pytest.mark.parametrize("choice", [SubnetChoice(), HALF, SubnetChoice(resolution=16)])
def test_graph_and_module_draw_what_the_model_draws(
    config: StyleGanConfig, choice: SubnetChoice
) -> None:
    model = small_model(config)
    parts = exportable(model, choice)
    network = parts.network
    label = min(1, max(0, config.c_dim - 1))
    inputs = GanInputs(seed=3, truncation=0.7, noise=0.5, label=label if config.c_dim else None)
    values = {
        "z": model.latent(3).numpy(),
        "truncation": np.asarray([0.7], np.float32),
        "label": np.eye(max(1, config.c_dim), dtype=np.float32)[label : label + 1],
        "noise": np.asarray([0.5], np.float32),
    }
    feed = {port.name: values[port.name] for port in network.inputs}
    assert [port.name for port in network.inputs] == [name for name, _ in parts.fills]
    wanted = model.picture(model.styles(inputs), choice, noise=0.5).numpy()
    data = network.onnx()
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    drawn = session.run(["picture"], feed)[0]
    with torch.no_grad():
        made = network.module()(*(torch.from_numpy(feed[p.name]) for p in network.inputs)).numpy()
    assert float(np.abs(wanted).max()) > 0.3
    np.testing.assert_allclose(drawn, wanted, atol=2e-5)
    np.testing.assert_allclose(made, wanted, atol=2e-5)


def test_what_a_network_says_of_itself() -> None:
    model = small_model(small_config(c_dim=3))
    parts = exportable(model, HALF)
    kinds = {name: fill.kind for name, fill in parts.fills}
    assert kinds == {"z": "latent", "truncation": "constant", "label": "class", "noise": "constant"}
    graph = onnx.load_from_string(parts.network.onnx()).graph
    assert {node.op_type for node in graph.node} <= set(parts.network.operators)
    convolutions = {n.name: n for n in graph.node if n.name in dict(parts.weights)}
    assert set(convolutions) == {layer.name for layer in parts.body.layers}
    sizes = {each.name: int(np.prod(each.dims)) for each in graph.initializer}
    for name, count in parts.weights:
        assert sizes[convolutions[name].input[1]] == count


def test_names_that_both_halves_use_are_refused() -> None:
    network = small_network()
    with pytest.raises(ValueError, match="head and body both name a tensor"):
        before(replace(network, outputs=()), network.onnx())


def test_equal_halves_have_equal_keys() -> None:
    model = small_model()
    one, two = (exportable(model, choice).network for choice in (SubnetChoice(), HALF))
    parts = exportable(model, HALF)
    assert parts.head is not None
    assert two.key == joined(parts.head, parts.body).key != one.key
