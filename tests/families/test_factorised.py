"""Layers kept as chains: the picture of the kernels they stand for, in every form and width."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from studio.checkpoints.factor import Factor
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.stylegan.baked import bake
from studio.families.stylegan.cutting import cut
from studio.families.stylegan.grouped import synthesise_grouped
from studio.families.stylegan.network import StyleGan2
from studio.runtimes.onnxruntime import OnnxRuntime
from studio.runtimes.openvino import OpenVinoRuntime
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice
from tests.families.small import (
    CHAINS,
    factorised_config,
    small_config,
    small_model,
    small_network,
    whole,
)

CHOICES = (
    SubnetChoice(),
    SubnetChoice(width=0.5),
    SubnetChoice(width=0.3, resolution=16),
    SubnetChoice(widths=(9, 5, 24, 1, 16, 3, 12, 7)),
    SubnetChoice(resolution=4),
)


def _styles(model: Model) -> torch.Tensor:
    return torch.cat([model.styles(GanInputs(seed=seed)) for seed in range(3)])


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("clamp", [None, 0.8])
def test_a_chain_draws_what_its_kernel_draws(choice: SubnetChoice, clamp: float | None) -> None:
    model = small_model(factorised_config(conv_clamp=clamp))
    plain, styles = whole(model), _styles(model)
    assert torch.allclose(styles, _styles(plain), atol=1e-5)
    for noise in (1.0, 0.0):
        made = model.picture(styles, choice, noise=noise)
        assert torch.allclose(made, plain.picture(styles, choice, noise=noise), atol=1e-4)
    view = model.view(choice)
    made = model.picture(styles, choice)
    assert torch.allclose(synthesise_grouped(view, styles), made, atol=1e-4)
    assert torch.allclose(bake(view)(styles), made, atol=1e-5)
    assert view.channels == plain.view(choice).channels
    for chain, kernel in zip(view.layers, plain.view(choice).layers, strict=True):
        assert torch.allclose(chain.energy, kernel.energy, atol=1e-5)


def test_a_view_shares_the_models_memory() -> None:
    model = small_model(factorised_config())
    mine = {t.untyped_storage().data_ptr() for t in model.network.state_dict().values()}
    for layer in model.view(SubnetChoice(width=0.5)).layers:
        for tensor in (layer.weight, layer.reduce, layer.expand):
            assert tensor is None or tensor.untyped_storage().data_ptr() in mine


@pytest.mark.parametrize("choice", CHOICES[:4])
def test_it_can_be_cut(choice: SubnetChoice) -> None:
    model = small_model(factorised_config())
    smaller, styles = cut(model, choice), _styles(model)
    rows = smaller.info.config.style_count
    made = smaller.picture(styles[:, :rows])
    assert torch.allclose(made, model.picture(styles, choice), atol=1e-5)
    assert smaller.info.config.factors == CHAINS[: rows - 1]


def test_sorting_leaves_the_picture_alone() -> None:
    model = small_model(factorised_config())
    styles, ordered = _styles(model), model.sorted()
    assert torch.allclose(ordered.picture(styles), model.picture(styles), atol=1e-4)
    assert not torch.equal(ordered.network.const, model.network.const)


def test_gradients_reach_every_link() -> None:
    network = small_network(factorised_config())
    (energy,) = {layer.energy.sum() for layer in network.view().layers[:1]}
    energy.backward()
    first = network.layers[0]
    for part in ("reduce", "weight", "expand"):
        assert first.get_parameter(part).grad is not None


@pytest.mark.parametrize("choice", [SubnetChoice(), SubnetChoice(width=0.5, resolution=16)])
@pytest.mark.parametrize("runtime", [OnnxRuntime(), OpenVinoRuntime()], ids=lambda r: r.name)
def test_compiled_networks_draw_it_too(
    choice: SubnetChoice, runtime: OnnxRuntime | OpenVinoRuntime, tmp_path: Path
) -> None:
    model = small_model(factorised_config(conv_clamp=4.0))
    network = model.portable(choice)
    graph = onnx.load_from_string(network.onnx())
    onnx.checker.check_model(graph, full_check=True)
    assert {node.op_type for node in graph.graph.node} <= set(network.operators)
    held = sum(t.numel() for t in network.module().buffers())
    assert held * 0.9 < network.parameters <= held
    plan = runtime.plan(network, Target.parse(f"{runtime.name}:CPU:f32"), threads=1)
    runtime.compile(plan, tmp_path)
    loaded = runtime.load(plan, tmp_path)
    styles = _styles(model)
    feed = {"styles": styles.numpy(), "noise": np.ones(1, np.float32)}
    made = torch.from_numpy(loaded.run(feed)["picture"])
    loaded.close()
    wanted = model.picture(styles, choice)
    assert float((made - wanted).abs().max()) <= max(1e-4, 1e-5 * float(wanted.abs().max()))


@pytest.mark.parametrize("c_dim", [0, 3])
def test_it_can_be_saved_and_opened(c_dim: int, tmp_path: Path) -> None:
    model = small_model(factorised_config(c_dim))
    model.save(tmp_path / "chains.safetensors")
    again = open_model(tmp_path / "chains.safetensors")
    assert again.info.config == model.info.config
    assert (again.render(GanInputs(seed=3)) == model.render(GanInputs(seed=3))).all()
    half = cut(again, SubnetChoice(width=0.5))
    half.save(tmp_path / "half.safetensors")
    assert open_model(tmp_path / "half.safetensors").info.config == half.info.config


def test_a_config_says_one_thing_in_one_way() -> None:
    config = small_config()
    assert replace(config, factors=(None,) * 7, mapping_ranks=(0, 0)) == config
    assert not config.factorised
    assert factorised_config().factorised
    with pytest.raises(ValueError, match="7 convolutions need as many factors, not 1"):
        replace(config, factors=(CHAINS[0],))
    with pytest.raises(ValueError, match="2 mapping layers need as many ranks, not 1"):
        replace(config, mapping_ranks=(4,))
    with pytest.raises(ValueError, match="below 0"):
        replace(config, mapping_ranks=(4, -1))
    with pytest.raises(ValueError, match="takes 2 ranks"):
        Factor("tucker2", (4,))
    with pytest.raises(ValueError, match="of at least 1"):
        Factor("svd", (0,))
    with pytest.raises(ValueError, match="is not one of: svd, tucker2, cp"):
        Factor("qr", (3,))  # type: ignore[arg-type]


def test_tensors_of_another_rank_are_refused() -> None:
    config = factorised_config()
    tensors = dict(small_network(config).state_dict())
    tensors["layers.0.reduce"] = torch.zeros(8, 24)
    with pytest.raises(ValueError, match=r"layers\.0\.reduce"):
        StyleGan2.from_tensors(config, tensors)
