"""What a pipeline draws here is what diffusers draws with the same latents, bit for bit."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from studio.errors import BadChoice, MaquetteError
from studio.families.diffusion.components import quiet
from studio.families.diffusion.opening import open_pipeline
from studio.families.diffusion.sampling import Step, seeded_latents
from studio.subnets.choice import SubnetChoice
from tests.families.diffusion.tiny import (
    CLASSES,
    shared_folder,
    shared_model,
    small_inputs,
    tiny_pipeline,
)


def png(height: int = 32, width: int = 16, mode: str = "RGB") -> bytes:
    pixels = np.random.default_rng(5).integers(0, 256, (height, width, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(stream, "PNG")
    return stream.getvalue()


def plain(pipeline: Any, inputs: Any, guidance: float | None = None) -> np.ndarray:
    """The picture of diffusers' own call, its latents drawn by the seed."""
    arguments: dict[str, Any] = {
        "num_inference_steps": inputs.steps,
        "generator": torch.Generator().manual_seed(inputs.seed),
        "output_type": "np",
    }
    if guidance is not None:
        arguments["guidance_scale"] = guidance
    if inputs.prompt:
        arguments |= {"prompt": inputs.prompt, "height": inputs.height, "width": inputs.width}
    if inputs.label is not None:
        arguments["class_labels"] = [inputs.label]
    if type(pipeline).__name__.startswith("PixArt"):
        arguments |= {"use_resolution_binning": False, "clean_caption": False}
    with quiet():
        return (pipeline(**arguments).images[0] * 255).round().astype(np.uint8)


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_draws_what_diffusers_draws(name: str) -> None:
    model = shared_model(name)
    inputs = small_inputs(name)
    scale = None if model.info.config.guidance == "none" else model.info.config.guidance_scale
    steps: list[Step] = []
    drawn = model.render(inputs, on_step=steps.append)
    assert np.array_equal(drawn, plain(tiny_pipeline(name), inputs, scale))
    assert drawn.dtype == np.uint8
    assert drawn.std() > 1
    assert [step.index for step in steps] == list(range(steps[0].count))
    size = inputs.height or model.info.config.height, inputs.width or model.info.config.width
    shape = model.info.config.latents(*size)
    assert {tuple(step.latents.shape) for step in steps} == {shape}
    assert {tuple(step.output.shape)[2:] for step in steps} == {shape[2:]}
    assert not torch.equal(steps[0].latents, steps[-1].latents)
    assert model.preview(steps[-1].latents).shape == (*shape[2:], 3)
    assert not np.array_equal(model.render(replace(inputs, seed=4)), drawn)


def test_latents_are_those_of_the_seed() -> None:
    latents = seeded_latents(1, (1, 4, 2, 2))
    # numpy's Mersenne Twister with torch's way of making normal numbers of it (Box-Muller).
    uniform = np.random.RandomState(1).randint(0, 1 << 32, 16, dtype=np.uint64)
    uniform = (uniform & ((1 << 24) - 1)).astype(np.float64) / (1 << 24)
    radius = np.sqrt(-2 * np.log(1 - uniform[:8]))
    expected = np.concatenate(
        [radius * np.cos(2 * np.pi * uniform[8:]), radius * np.sin(2 * np.pi * uniform[8:])]
    )
    assert np.allclose(latents.numpy().ravel(), expected, atol=1e-5)


def test_a_named_scheduler_is_the_class_that_the_name_means() -> None:
    from diffusers import DPMSolverMultistepScheduler

    name = "StableDiffusionPipeline"
    pipeline = tiny_pipeline(name)
    pipeline.scheduler = DPMSolverMultistepScheduler.from_config(
        pipeline.scheduler.config, use_karras_sigmas=True, algorithm_type="dpmsolver++"
    )
    inputs = small_inputs(name, scheduler="dpm++ 2m karras", guidance=3.0, steps=4)
    assert np.array_equal(shared_model(name).render(inputs), plain(pipeline, inputs, 3.0))


NOISY = ("ddpm", "euler a", "dpm2 a", "dpm++ 2m sde", "lcm")


@pytest.mark.parametrize("name", CLASSES)
def test_every_scheduler_of_a_class_draws(name: str) -> None:
    model, seen = shared_model(name), set()
    for scheduler in model.info.config.schedulers:
        inputs = small_inputs(name, scheduler=scheduler, steps=3)
        drawn = model.render(inputs)
        if scheduler in NOISY:  # whatever else drew random numbers meanwhile
            torch.rand(3)
            assert np.array_equal(drawn, model.render(inputs)), scheduler
        seen.add(drawn.tobytes())
    assert len(seen) >= (len(model.info.config.schedulers) + 1) // 2


PICTURES = tuple(name for name in CLASSES if name.startswith(("Stable", "Flux")))


@pytest.mark.parametrize("name", PICTURES)
def test_drawing_from_a_picture_and_inside_a_mask(name: str) -> None:
    model = shared_model(name)
    inputs = small_inputs(name, picture=png(), strength=0.75, steps=4)
    steps: list[Step] = []
    drawn = model.render(inputs, on_step=steps.append)
    assert drawn.shape == (32, 16, 3)
    assert len(steps) == steps[0].count < 5
    assert not np.array_equal(drawn, model.render(replace(inputs, picture=png(48, 32))))
    inside = model.render(replace(inputs, mask=png(mode="L")))
    assert inside.shape == drawn.shape
    assert not np.array_equal(inside, drawn)


def test_a_picture_alike_to_diffusers_own_call() -> None:
    from diffusers import StableDiffusionImg2ImgPipeline

    name = "StableDiffusionPipeline"
    pipeline = StableDiffusionImg2ImgPipeline(
        **tiny_pipeline(name).components, requires_safety_checker=False
    )
    pipeline.set_progress_bar_config(disable=True)
    inputs = small_inputs(name, picture=png(), strength=0.5, steps=4)
    expected = pipeline(
        inputs.prompt,
        image=Image.open(io.BytesIO(inputs.picture)),
        strength=0.5,
        num_inference_steps=4,
        generator=torch.Generator().manual_seed(inputs.seed),
        output_type="np",
    ).images[0]
    assert np.array_equal(shared_model(name).render(inputs), (expected * 255).round())


@pytest.mark.parametrize("name", CLASSES)
def test_a_run_ends_within_one_layer(name: str) -> None:
    class Enough(Exception):
        pass

    model, asked = shared_model(name), 0

    def count() -> None:
        nonlocal asked
        asked += 1

    def stop() -> None:
        nonlocal asked
        asked -= 1
        if asked == 3:
            raise Enough

    inputs = small_inputs(name, steps=1)
    whole = model.render(inputs, between=count)
    layers = asked
    assert layers > 20
    with pytest.raises(Enough):
        model.render(inputs, between=stop)
    assert asked == 3
    assert np.array_equal(model.render(inputs), whole)  # and leaves nothing behind


@pytest.mark.parametrize("name", CLASSES)
def test_a_denoiser_that_stands_in(name: str) -> None:
    model, calls = shared_model(name), []

    def own(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return model.running_network(*args, **kwargs)

    inputs = small_inputs(name)
    assert np.array_equal(model.render(inputs, denoiser=own), model.render(inputs))
    assert len(calls) >= 2


def test_weights_in_half_precision_are_computed_in_float32(tmp_path: Path) -> None:
    name = "StableDiffusionXLPipeline"
    pipeline = tiny_pipeline(name).to(torch.float16)
    pipeline.save_pretrained(tmp_path / "half", safe_serialization=True, variant="fp16")
    model = open_pipeline(tmp_path / "half")
    assert {each.dtype for each in model.info.components} == {"float16"}
    assert model.info.computes == "float32"
    assert model.network.dtype == torch.float16
    inputs = small_inputs(name)
    drawn = model.render(inputs)
    assert np.array_equal(drawn, plain(pipeline.to(torch.float32), inputs, 5.0))
    assert model.network.dtype == torch.float16
    assert model.info.size_bytes == sum(t.nbytes for _, t in _tensors(pipeline)) / 2


def _tensors(pipeline: Any) -> list[tuple[str, torch.Tensor]]:
    networks = [each for each in pipeline.components.values() if isinstance(each, torch.nn.Module)]
    return [pair for network in networks for pair in network.state_dict().items()]


def test_weights_in_several_files(tmp_path: Path) -> None:
    name = "DDPMPipeline"
    shutil.copytree(shared_folder(name), tmp_path / "many")
    (tmp_path / "many/unet/diffusion_pytorch_model.safetensors").unlink()
    tiny_pipeline(name).unet.save_pretrained(tmp_path / "many/unet", max_shard_size="60KB")
    assert len(list((tmp_path / "many/unet").glob("*-of-*.safetensors"))) > 2
    model = open_pipeline(tmp_path / "many")
    inputs = small_inputs(name)
    assert np.array_equal(model.render(inputs), shared_model(name).render(inputs))


def test_older_names_of_an_attention_are_understood(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    name = "DiTPipeline"
    folder = tmp_path / "old"
    shutil.copytree(shared_folder(name), folder)
    file = folder / "vae/diffusion_pytorch_model.safetensors"
    renamed = {}
    for key, tensor in load_file(file).items():
        for new, old in (("to_q", "query"), ("to_k", "key"), ("to_v", "value")):
            key = key.replace(f".{new}.", f".{old}.")
        renamed[key.replace(".to_out.0.", ".proj_attn.")] = tensor
    assert any(".proj_attn." in key for key in renamed)
    save_file(renamed, file)
    inputs = small_inputs(name)
    drawn = open_pipeline(folder).render(inputs)
    assert np.array_equal(drawn, shared_model(name).render(inputs))


REFUSED = {
    "steps": ({"steps": 0}, "0 steps cannot be run"),
    "many steps": ({"steps": 1001}, "accepted are 1 to 1000"),
    "seed": ({"seed": -1}, "seed -1 is not within"),
    "size": ({"height": 33, "width": 40}, "multiples of 8 px, such as 40 x 32"),
    "one side": ({"height": 32, "width": None}, "both height and width"),
    "scheduler": ({"scheduler": "elur"}, "'elur' is not one for this model; it takes ddim"),
    "guidance": ({"guidance": -1.0}, "not within 0 and 100"),
    "no number": ({"guidance": float("nan")}, "not within 0 and 100"),
    "label": ({"label": 1}, "does not take a class; it takes a prompt, a negative prompt"),
    "picture": ({"picture": b"text"}, "the picture is no picture that can be read"),
    "mask": ({"picture": png(), "mask": b"text"}, "the mask is no picture that can be read"),
    "mask alone": ({"mask": png()}, "a mask goes with a picture"),
    "strength alone": ({"strength": 0.5}, "a strength goes with a picture"),
    "strength": ({"picture": png(), "strength": 0.0}, "not above 0 and at most 1"),
    "nothing left": ({"picture": png(), "strength": 0.1}, "leaves none of 2 steps"),
    "prompt": ({"prompt": "a" * 20_001}, "accepted are up to 20000"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_in_a_sentence(case: str) -> None:
    changes, words = REFUSED[case]
    name = "StableDiffusionPipeline"
    with pytest.raises(MaquetteError, match=words):
        shared_model(name).render(small_inputs(name, **changes))


def test_what_other_classes_refuse() -> None:
    with pytest.raises(BadChoice, match="does not take a prompt; it takes nothing but a seed"):
        shared_model("DDPMPipeline").render(small_inputs("DDPMPipeline", prompt="a head"))
    with pytest.raises(BadChoice, match="takes no guidance"):
        shared_model("DDPMPipeline").render(small_inputs("DDPMPipeline", guidance=2.0))
    with pytest.raises(BadChoice, match="51 steps cannot be run; this model was trained for 50"):
        shared_model("DDPMPipeline").render(small_inputs("DDPMPipeline", steps=51))
    with pytest.raises(BadChoice, match="has 0 to 999"):
        shared_model("DiTPipeline").render(small_inputs("DiTPipeline", label=1000))
    with pytest.raises(BadChoice, match="at 16 x 16 px only"):
        shared_model("DiTPipeline").render(small_inputs("DiTPipeline", height=32, width=32))
    with pytest.raises(BadChoice, match="not take a negative prompt"):
        shared_model("FluxPipeline").render(small_inputs("FluxPipeline", negative="dull"))
    with pytest.raises(BadChoice, match=r"width 1\.5"):
        shared_model("DiTPipeline").render(small_inputs("DiTPipeline"), SubnetChoice(1.5))


def test_a_preview_shows_the_colours_of_the_latents() -> None:
    from studio.families.diffusion.previewing import preview

    colours = torch.tensor([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 0.5]])
    latents = torch.tensor([[[[-1.0, 1.0]], [[1.0, float("nan")]]]])
    assert preview(latents, colours).tolist() == [[[0, 255, 191], [255, 128, 191]]]
    assert preview(torch.zeros(1, 1, 1, 2), None).tolist() == [[[128] * 3] * 2]


def test_the_colour_map_of_a_linear_vae() -> None:
    """A VAE whose latents are the average colours: the map gives them back."""
    from types import SimpleNamespace

    from studio.families.diffusion.previewing import colour_map

    class Averaging(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.ones(1))
            self.config = SimpleNamespace(scaling_factor=0.5, shift_factor=0.25)

        def encode(self, pictures: torch.Tensor) -> Any:
            small = torch.nn.functional.avg_pool2d(pictures, 4)
            latents = torch.cat([small, small.sum(1, keepdim=True)], 1) * 3
            return SimpleNamespace(latent_dist=SimpleNamespace(mean=latents))

    colours = colour_map(Averaging(), 4)
    latents = (torch.tensor([0.9, -0.3, 0.6, 1.2]) - 0.25) * 0.5
    shown = latents @ colours[:-1] + colours[-1]
    assert torch.allclose(shown, torch.tensor([0.3, -0.1, 0.2]), atol=1e-3)


@pytest.mark.parametrize("name", ["lcm", "tcd"])
def test_schedulers_of_few_steps_say_how_many(name: str) -> None:
    pipeline = "StableDiffusionPipeline"
    with pytest.raises(BadChoice, match=f"51 steps .*'{name}'; it takes up to 50$"):
        shared_model(pipeline).render(small_inputs(pipeline, scheduler=name, steps=51))
