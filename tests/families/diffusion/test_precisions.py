"""Components of a pipeline kept in fewer bits: what is stored, run, saved and opened again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from studio.errors import BadChoice, RefusedFile
from studio.families.diffusion.model import DiffusionModel
from studio.families.diffusion.opening import open_pipeline
from studio.families.diffusion.precisions import (
    choice_of,
    component_network,
    components_by_role,
    within,
)
from studio.families.diffusion.stored import (
    FP8,
    GROUP,
    StoredLinear,
    held_bytes,
    packed_4,
    packed_8,
    stored_as,
    unpacked_4,
)
from studio.families.quantization import QuantPlan
from studio.runtimes.all import runtime
from studio.runtimes.target import Target
from studio.runtimes.traced.rounding import rounded, rounded_by_group
from tests.families.diffusion.tiny import shared_model, small_inputs

SD, XL, DIT, DDPM = (
    "StableDiffusionPipeline",
    "StableDiffusionXLPipeline",
    "DiTPipeline",
    "DDPMPipeline",
)
STORED = (("unet", "weights-int8"), ("text_encoder", "fp8"), ("vae", "weights-int4"))


def kept(*pairs: tuple[str, str], name: str = SD) -> DiffusionModel:
    return shared_model(name).quantised(QuantPlan(components=pairs, samples=2))


def test_whole_numbers_are_those_of_the_runtimes() -> None:
    draw = torch.Generator().manual_seed(0)
    for shape in ((6, 3, 3, 3), (5, 2 * GROUP)):
        weight = torch.randn(*shape, generator=draw)
        weight[0] = 0
        numbers, scale = packed_8(weight)
        theirs = rounded(weight.numpy())
        assert np.array_equal(numbers.numpy(), theirs.numbers)
        assert np.allclose(scale.numpy(), theirs.scale)
    data, by_group = packed_4(weight)
    assert data.shape == (5, GROUP)
    few = rounded_by_group(weight.numpy())
    wanted = (few.numbers * few.scale).reshape(weight.shape)
    assert np.allclose(unpacked_4(data, by_group).numpy(), wanted, atol=1e-6)


@pytest.mark.parametrize("choice", ["weights-int8", "weights-int4", "fp8"])
def test_a_layer_computes_with_its_rounded_weights(choice: str) -> None:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Linear(GROUP, 8), nn.LayerNorm(8), nn.Linear(8, 4))
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    made = stored_as(network, choice, torch.float32, lambda name: name == "0")
    x = torch.randn(3, GROUP)
    with torch.inference_mode():
        given, again, plain = made(x), made(x), network(x)
    assert torch.equal(given, again)
    error = float((given - plain).norm() / plain.norm())
    assert 1e-4 < error < {"weights-int8": 0.02, "weights-int4": 0.2, "fp8": 0.1}[choice]
    assert all(torch.equal(before[name], each) for name, each in network.state_dict().items())
    first: nn.Linear = made[0]  # type: ignore[index]
    assert first.weight.dtype == (FP8 if choice == "fp8" else torch.int8)
    assert made[2].weight.dtype == torch.float32  # type: ignore[index]
    size = {"weights-int8": GROUP, "weights-int4": GROUP // 2, "fp8": GROUP}[choice] * 8
    assert first.weight.numel() * first.weight.element_size() == size
    assert held_bytes(made) < 0.6 * held_bytes(network)


def test_components_keep_what_was_chosen_while_they_run() -> None:
    model, full = kept(*STORED), shared_model(SD)
    unet, text = model.running_network, model.components.running("text_encoder")
    assert sum(isinstance(part, StoredLinear) for part in unet.modules()) > 10
    assert type(unet.conv_in) is nn.Conv2d  # what reads the latents stays
    assert any(p.dtype == FP8 for p in text.parameters())
    vae = model.components.running("vae")
    assert vae.encoder.conv_in.weight.dtype == torch.float32
    assert vae.decoder.mid_block.resnets[0].conv1.weight.dtype == torch.int8
    assert held_bytes(unet) < 0.5 * held_bytes(model.plain_network)
    inputs = small_inputs(SD)
    apart = model.render(inputs).astype(int) - full.render(inputs)
    assert 0 < np.abs(apart).mean() < 8
    assert model.plain_network is full.running_network
    assert not within("vae")("encoder.conv_in")


def test_choices_are_saved_and_opened_again(tmp_path: Path) -> None:
    model = kept(*STORED)
    model.save(tmp_path / "kept")
    again = open_pipeline(tmp_path / "kept")
    assert again.plan == model.plan
    assert again.info.quantised
    assert np.array_equal(again.render(small_inputs(SD)), model.render(small_inputs(SD)))
    notes = json.loads((tmp_path / "kept" / "maquette.json").read_text())
    plan = json.loads(notes["quantization"])
    plan["components"][0][0] = "engine"
    notes["quantization"] = json.dumps(plan)
    (tmp_path / "kept" / "maquette.json").write_text(json.dumps(notes))
    with pytest.raises(RefusedFile, match="no engine"):
        open_pipeline(tmp_path / "kept")


def test_a_plan_of_another_pipeline_is_refused() -> None:
    model = shared_model(SD)
    with pytest.raises(BadChoice, match="no component engine"):
        model.quantised(QuantPlan(components=(("engine", "fp8"),)))
    layers = ("text_encoder/nothing",)
    with pytest.raises(BadChoice, match="no layer text_encoder/nothing"):
        model.quantised(QuantPlan(layers=layers, components=(("text_encoder", "int8"),)))


def test_a_plan_without_components_is_for_the_denoiser() -> None:
    plan = QuantPlan(layers=("mid_block.resnets.0.conv1",))
    assert choice_of(plan, "unet", "unet") == "int8"
    assert choice_of(plan, "vae", "unet") == choice_of(None, "unet", "unet") == "none"
    assert choice_of(replace(plan, components=(("vae", "fp8"),)), "unet", "unet") == "none"
    assert "components" not in plan.to_json()  # keys of earlier plans stay
    more = replace(plan, components=STORED, smoothing=(("other", 0.5),), attention=0.02)
    assert QuantPlan.from_json(more.to_json()) == more
    for broken in ('{"components": [["unet", "f3"]]}', '{"smoothing": [["all", 1]]}'):
        with pytest.raises(ValueError, match="its"):
            QuantPlan.from_json(broken)


def test_components_are_networks_of_their_own(tmp_path: Path) -> None:
    layers = (
        "mid_block.resnets.0.conv1",
        "vae/decoder.mid_block.resnets.0.conv1",
        "text_encoder/encoder.layers.0.mlp.fc1",
    )
    known = components_by_role(shared_model(SD))
    assert known == {"denoiser": ("unet",), "text": ("text_encoder",), "vae": ("vae",)}
    every = tuple((name, "int8") for names in known.values() for name in names)
    model = shared_model(SD).quantised(QuantPlan(layers=layers, components=every, samples=2))
    for name, _ in every:
        network = component_network(model, name)
        assert network.quantisation is not None
        assert len(network.quantisation.plan.layers) == 1
        feeds = network.quantisation.feeds()
        assert len(feeds) == 2
        assert all(set(feed) == {port.name for port in network.inputs} for feed in feeds)
    where = Target.parse("openvino:CPU:int8")
    plan = runtime("openvino").plan(network, where, threads=1)
    assert network.name.endswith("vae")
    runtime("openvino").compile(plan, tmp_path)
    ready = runtime("openvino").load(plan, tmp_path)
    wanted = network.module()(torch.from_numpy(feeds[0]["latent_sample"]))[0].numpy()
    given = ready.run(feeds[0])["sample"]
    assert 0 < np.linalg.norm(given - wanted) < 0.05 * np.linalg.norm(wanted)


def test_every_class_of_component_is_called_as_it_is_drawn_with() -> None:
    for pipeline in (XL, DIT):
        model = shared_model(pipeline)
        for role, names in components_by_role(model).items():
            for name in names:
                made = model.quantised(QuantPlan(components=((name, "int8"),), samples=2))
                network = component_network(made, name)
                assert network.quantisation is not None
                feed = network.quantisation.feeds()[0]
                with torch.inference_mode():
                    network.module()(*(torch.from_numpy(feed[p.name]) for p in network.inputs))
                assert role in ("denoiser", "text", "vae")
    assert components_by_role(shared_model(DDPM)) == {"denoiser": ("unet",), "text": (), "vae": ()}


def test_pytorch_measures_what_it_keeps() -> None:
    network = kept(("unet", "weights-int8")).portable()
    assert network.storage == "int8"
    assert network.held is not None
    assert any(isinstance(part, StoredLinear) for part in network.held().modules())
    assert not any(isinstance(part, StoredLinear) for part in network.module().modules())
    assert shared_model(SD).portable().held is None
