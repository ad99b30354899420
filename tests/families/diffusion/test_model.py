"""What recipes, measures and runtimes ask of a pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.errors import BadChoice, MaquetteError
from studio.families.diffusion.counting import counted
from studio.families.diffusion.denoiser import arrays, called
from studio.families.diffusion.opening import open_pipeline
from studio.families.generative import GenerativeModel
from studio.families.traced import Traced
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost, costs
from tests.families.diffusion.tiny import (
    CLASSES,
    shared_folder,
    shared_model,
    small_inputs,
    tiny_pipeline,
)

FULL = SubnetChoice()


@pytest.mark.parametrize("name", CLASSES)
def test_the_portable_denoiser_draws_the_same(name: str) -> None:
    """In its ports' names and shapes, for every class."""
    model: GenerativeModel[Any] = shared_model(name)
    network, inputs = model.portable(), small_inputs(name)
    sizes, module = model.sizes(inputs), network.module()
    calls = 0

    def run(fed: Any, between: Any) -> dict[str, np.ndarray]:
        nonlocal calls
        calls += 1
        for port in network.inputs:
            assert fed[port.name].shape == port.fixed(**sizes), port.name
            assert fed[port.name].dtype == np.dtype(port.dtype)
        with torch.inference_mode():
            made = module(*(torch.from_numpy(fed[port.name]) for port in network.inputs))[0]
        assert made.shape == network.outputs[0].fixed(**sizes)
        return {network.outputs[0].name: made.numpy()}

    names = [port.name for port in network.inputs]
    drawn = model.render_with(run, names, inputs)
    assert np.array_equal(drawn, model.render(inputs))
    assert calls >= 2
    fed = model.fed(names, inputs)
    once = model.drawing(inputs)()
    assert np.array_equal(run(fed, None)[network.outputs[0].name], once.numpy())
    assert network.key == model.info.key


@pytest.mark.parametrize("name", CLASSES)
def test_cost_follows_from_the_config(name: str) -> None:
    model = shared_model(name)
    config, network = model.info.config, model.network
    price = cost(config, resolve(FULL, config))
    assert price.parameters == sum(p.numel() for p in network.parameters())
    assert price.size_bytes == 4 * price.parameters
    assert price.macs == sum(each.cost.macs for each in costs(config, resolve(FULL, config)))
    named = {n: m for n, m in network.named_modules() if hasattr(m, "weight")}
    for layer in config.layers[:-1]:
        module = named[layer.name]
        assert layer.weights == sum(p.numel() for p in module.parameters())


def test_multiplies_of_a_known_network() -> None:
    """A linear layer, a convolution and attention, by hand."""
    from dataclasses import replace

    model = shared_model("DDPMPipeline")
    layers = {each.name: each for each in model.info.config.layers}
    assert layers["conv_in"].macs == 16 * 16 * 3 * 8 * 9
    assert layers["time_embedding.linear_1"].macs == 8 * 32
    attention = layers["down_blocks.1.attentions.0.to_out.0"]
    assert attention.macs == 64 * 16 * 16 + 2 * 64 * 64 * 16  # the layer; q k, then times v
    with torch.device("meta"):
        network = type(model.network).from_config(model.network.config)
    larger = replace(model.info.config, latent_height=32)
    assert counted(larger, network)[0].macs in (2 * layers["conv_in"].macs, 8 * 32)


def test_a_call_becomes_tensors_by_name() -> None:
    sample, text = torch.zeros(2, 4, 8, 8), torch.ones(2, 77, 16)
    added = {"text_embeds": torch.ones(2, 5), "time_ids": torch.ones(2, 6)}
    nothing = {"cross_attention_kwargs": None, "return_dict": False, "timestep_cond": None}
    found = called(
        "unet",
        (sample, torch.tensor(7)),
        {"encoder_hidden_states": text, "added_cond_kwargs": added, **nothing},
    )
    assert list(found) == ["sample", "timestep", "encoder_hidden_states", "text_embeds", "time_ids"]
    assert found["timestep"].tolist() == [7]
    labels = torch.tensor([1, 2])
    found = called("dit", (sample,), {"timestep": torch.tensor(3.0), "class_labels": labels})
    assert found["timestep"].tolist() == [3, 3]
    assert arrays(found, ("class_labels",))["class_labels"].dtype == np.int64
    assert found["class_labels"] is labels


def test_inputs_of_a_model_without_any_from_outside() -> None:
    model = shared_model("StableDiffusionPipeline")
    first, second = model.own_inputs(2)
    assert (first.seed, second.seed, first.prompt) == (0, 1, second.prompt)
    assert first.prompt
    assert [each.seed for each in model.several(small_inputs("DiTPipeline"), 3)] == [3, 4, 5]
    assert model.sizes() == {"batch": 2, "height": 8, "width": 8}
    assert model.sizes(small_inputs("", guidance=1.0)) == {"batch": 1, "height": 16, "width": 8}
    assert shared_model("FluxPipeline").sizes(small_inputs("")) == {"batch": 1, "pixels": 32}
    assert shared_model("DDPMPipeline").own_inputs(1)[0].prompt == ""


def test_a_network_that_paints_inside_masks(tmp_path: Path) -> None:
    from tests.families.diffusion.tiny import stable_diffusion

    torch.manual_seed(0)
    stable_diffusion(in_channels=9).save_pretrained(tmp_path / "paint")
    model = open_pipeline(tmp_path / "paint")
    assert model.info.config.needs == ("picture", "mask")
    assert model.info.config.latent_channels == 4
    (inputs,) = model.own_inputs(1)
    assert model.render(small_inputs("", picture=inputs.picture, mask=inputs.mask)).std() > 1
    assert model.portable().inputs[0].shape[1] == 9
    with pytest.raises(BadChoice, match="this model needs a picture to draw from"):
        model.render(small_inputs(""))


@pytest.mark.parametrize("name", CLASSES)
def test_a_saved_pipeline_is_opened_by_diffusers_alone(name: str, tmp_path: Path) -> None:
    from diffusers import DiffusionPipeline

    from studio.families.diffusion.components import quiet
    from tests.families.diffusion.test_rendering import plain

    model, inputs = shared_model(name), small_inputs(name)
    model.save(tmp_path / "saved")
    model.save(tmp_path / "saved")  # over itself
    assert [each.name for each in tmp_path.iterdir()] == ["saved"]
    drawn = model.render(inputs)
    with quiet():
        pipeline = DiffusionPipeline.from_pretrained(tmp_path / "saved", local_files_only=True)
    assert type(pipeline).__name__ == name
    pipeline.set_progress_bar_config(disable=True)
    scale = None if model.info.config.guidance == "none" else model.info.config.guidance_scale
    assert np.array_equal(plain(pipeline, inputs, scale), drawn)
    again = open_pipeline(tmp_path / "saved")
    assert np.array_equal(again.render(inputs), drawn)
    assert again.info.config == model.info.config
    assert (again.info.name, again.info.layout) == (model.info.name, "maquette")


def test_saving_in_16_bits_and_in_the_way(tmp_path: Path) -> None:
    model = shared_model("DDPMPipeline")
    model.save(tmp_path / "half", "f16")
    half = open_pipeline(tmp_path / "half")
    assert half.info.components[0].dtype == "float16"
    for name, tensor in half.network.state_dict().items():
        assert torch.equal(tensor, model.network.state_dict()[name].half())
    assert [step.step for step in half.info.history] == ["store"]
    assert half.info.source_sha256 == model.info.source_sha256
    (tmp_path / "other").mkdir()
    with pytest.raises(MaquetteError, match="something that is no pipeline stands there"):
        model.save(tmp_path / "other")
    with pytest.raises(MaquetteError, match="does not exist"):
        model.save(tmp_path / "gone" / "here")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["half", "other"]


def test_the_whole_denoiser_is_itself() -> None:
    model = shared_model("DiTPipeline")
    assert model.cut(FULL) is model
    assert model.uncut(FULL) is None
    assert model.part(FULL) is model.running_network
    with pytest.raises(BadChoice, match="does not stop at a resolution"):
        resolve(SubnetChoice(resolution=8), model.info.config)
    assert tiny_pipeline("DiTPipeline").transformer.config.num_layers == 2
    assert shared_folder("DiTPipeline").is_dir()
    assert isinstance(model.portable().module(), Traced)


def test_a_plan_for_int8_is_kept(tmp_path: Path) -> None:
    from studio.families.quantization import QuantPlan
    from tests.families.diffusion.test_folder import edit

    model = shared_model("DDPMPipeline")
    plan = QuantPlan(layers=("conv_in", "conv_out"), keep=(("mid_block.resnets.0.conv1", "why"),))
    made = model.quantised(plan)
    assert made.info.quantised
    assert made.info.key != model.info.key
    assert made.network is model.network
    made.save(tmp_path / "int8")
    again = open_pipeline(tmp_path / "int8")
    assert again.plan == plan
    assert again.info.history == made.info.history
    with pytest.raises(BadChoice, match="no layer elsewhere"):
        model.quantised(QuantPlan(layers=("elsewhere",)))
    edit(tmp_path / "int8/maquette.json", lambda c: c.update(quantization="{"))
    with pytest.raises(MaquetteError, match=r"“quantization” .* a plan for int8"):
        open_pipeline(tmp_path / "int8")


@pytest.mark.parametrize("precision", ["f32", "bf16"])
def test_pytorch_runs_the_denoiser_of_every_class(precision: str) -> None:
    """As a target: by way of a plan, without touching the model's own weights."""
    from studio.engine.drawing import CompiledDrawer
    from studio.runtimes.target import Target

    for name in CLASSES:
        model, inputs = shared_model(name), small_inputs(name)
        before = {k: v.clone() for k, v in model.network.state_dict().items()}
        hand = CompiledDrawer(model, Target("pytorch", "cpu", precision), 1)
        drawn = hand.draw(inputs, FULL).astype(int)
        apart = np.abs(drawn - model.render(inputs))
        if precision == "f32":
            assert apart.max() <= 1, name  # another memory layout rounds otherwise
        else:
            assert apart.mean() < 6, name
        after = model.network.state_dict()
        assert all(torch.equal(tensor, after[k]) for k, tensor in before.items())
