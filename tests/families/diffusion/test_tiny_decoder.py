"""Tiny decoders: read from both layouts, taken where they fit the VAE, and refused where not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from studio.checkpoints.causes import Cause
from studio.errors import RefusedFile
from studio.families.diffusion.local import preview_decoders
from studio.families.diffusion.previewing import Previewer, colour_map
from studio.families.diffusion.tiny_decoder import FILE, read_tiny_decoder
from studio.families.opening import open_model
from tests.families.diffusion.tiny import shared_folder, shared_model, small_inputs

SD = "StableDiffusionPipeline"
FACTOR = 4


class Averaging(nn.Module):
    """A VAE whose latents are the average colours and, as a fourth, a third of their sum."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.config = SimpleNamespace(scaling_factor=0.5, shift_factor=0.0)

    def encode(self, pictures: Tensor) -> Any:
        small = nn.functional.avg_pool2d(pictures, FACTOR)
        latents = torch.cat([small, small.mean(1, keepdim=True)], 1)
        return SimpleNamespace(latent_dist=SimpleNamespace(mean=latents))

    def decode(self, latents: Tensor) -> Any:
        return SimpleNamespace(
            sample=nn.functional.interpolate(latents[:, :3], scale_factor=FACTOR)
        )


def decoder_of(colours: Tensor, factor: int, channels: int = 4) -> dict[str, Tensor]:
    """A tiny decoder, under diffusers' names, that does what a linear map does and enlarges it."""
    from diffusers import AutoencoderTiny

    sizes = factor.bit_length()
    network = AutoencoderTiny(
        encoder_block_out_channels=(channels,) * sizes,
        decoder_block_out_channels=(channels,) * sizes,
        num_encoder_blocks=(1,) * sizes,
        num_decoder_blocks=(1,) * sizes,
        latent_channels=len(colours) - 1,
    )
    state = {name: torch.zeros_like(each) for name, each in network.state_dict().items()}
    convolutions = [n for n in state if n.startswith("decoder") and n.count(".") == 3]
    first, *others = [n for n in convolutions if n.endswith("weight")]
    # The pictures of such decoders are from 0 to 1.
    state[first][:3, :, 1, 1] = colours[:-1].T / 2
    state[first.replace("weight", "bias")][:3] = (colours[-1] + 1) / 2
    for name in others:
        for colour in range(3):
            state[name][colour, colour, 1, 1] = 1.0
    return state


def original(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The decoder alone with the numbers of the original project, whose first layer clamps."""
    made = {}
    for name, tensor in state.items():
        if name.startswith("decoder.layers."):
            number, rest = name.removeprefix("decoder.layers.").split(".", 1)
            made[f"{int(number) + 1}.{rest}"] = tensor
    return made


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    return decoder_of(colour_map(Averaging(), FACTOR), FACTOR)


def _previewer(*given: Any) -> Previewer:
    return Previewer(Averaging, 4, FACTOR, *given)


def test_both_layouts_draw_what_was_encoded(tmp_path: Path, state: dict[str, Tensor]) -> None:
    (tmp_path / "taesd").mkdir()
    save_file(state, tmp_path / "taesd" / FILE)
    save_file(original(state), tmp_path / "taesd_decoder.safetensors")
    prefixed = {f"taesd_decoder.{name}": each for name, each in original(state).items()}
    save_file(prefixed, tmp_path / "both.safetensors")
    colours = torch.tensor([0.5, -0.25, 0.0])
    latents = torch.cat([colours, colours.mean(0, keepdim=True)]).reshape(1, 4, 1, 1) * 0.5
    latents = latents.expand(1, 4, 2, 3)
    for name in ("taesd", "taesd_decoder.safetensors", "both.safetensors"):
        previewer = _previewer(tmp_path / name)
        shown = previewer.preview(latents)
        assert shown.shape == (2 * FACTOR, 3 * FACTOR, 3)
        wanted = (colours.numpy() + 1) * 127.5
        # The middle, for edges fade; latents are squeezed a little before they are decoded.
        assert np.abs(shown[3:5, 5:7] - wanted).max() < 3
        assert previewer.decoder == tmp_path / name
        read = read_tiny_decoder(tmp_path / name)
        assert (read.latents, read.factor) == (4, FACTOR)


def test_one_for_another_vae_is_refused(tmp_path: Path, state: dict[str, Tensor]) -> None:
    first = "decoder.layers.0.weight"
    for name, made, words in (
        ("inverse", state | {first: -state[first]}, "made for another VAE"),
        ("larger", decoder_of(torch.zeros(5, 3), 8), "4 channels to 8 times their size"),
        ("wider", decoder_of(torch.zeros(17, 3), 4), "decodes 16 channels"),
        ("cut", {n: t for n, t in state.items() if ".2." not in n}, "it is no tiny decoder"),
        ("other", {"conv_in.weight": torch.ones(1, 1, 3, 3)}, "not those of a row of layers"),
        ("flat", {"0.weight": torch.ones(4, 4)}, "does not begin with a convolution"),
    ):
        file = tmp_path / f"{name}.safetensors"
        save_file(made, file)
        with pytest.raises(RefusedFile, match=rf"{name}\.safetensors cannot decode.*{words}"):
            _previewer(file).preview(torch.zeros(1, 4, 2, 2))
    (tmp_path / "x.pt").write_bytes(b"")
    with pytest.raises(Cause, match="in safetensors"):
        read_tiny_decoder(tmp_path / "x.pt")
    with pytest.raises(Cause, match=f"there is no {FILE}"):
        read_tiny_decoder(tmp_path)


def test_what_is_found_is_taken_where_it_fits(tmp_path: Path, state: dict[str, Tensor]) -> None:
    for name, made in (("bad", decoder_of(torch.zeros(5, 3), FACTOR)), ("good", state)):
        save_file(made, tmp_path / f"{name}.safetensors")
    missing, bad, good = (tmp_path / f"{n}.safetensors" for n in ("missing", "bad", "good"))
    assert _previewer(None, lambda: (missing, bad, good)).decoder == good
    plain = _previewer(None, lambda: (missing, bad))
    assert plain.decoder is None
    assert plain.preview(torch.zeros(1, 4, 2, 3)).shape == (2, 3, 3)
    pixels = Previewer(None, 3, 1)
    assert pixels.decoder is None
    assert pixels.preview(torch.zeros(1, 3, 2, 3)).shape == (2, 3, 3)
    with pytest.raises(RefusedFile, match="draws pixels"):
        Previewer(None, 3, 1, good).preview(torch.zeros(1, 3, 2, 3))


def test_where_they_are_looked_for(tmp_path: Path) -> None:
    pipeline = tmp_path / "models" / "mine"
    hub = tmp_path / "hub" / "models--madebyollin--taesd" / "snapshots" / "1"
    comfy = tmp_path / "comfy" / "vae_approx"
    for folder in (pipeline / "taesd", hub, comfy, tmp_path / "hub" / "models--a--b"):
        folder.mkdir(parents=True)
    beside = tmp_path / "models" / "taesdxl_decoder.safetensors"
    for file in (
        beside,
        comfy / "taef1_decoder.safetensors",
        comfy / "taef1_encoder.safetensors",
        comfy / "taesd_decoder.pth",
        pipeline / "style.safetensors",
    ):
        file.touch()
    found = preview_decoders(pipeline, [tmp_path / "hub", tmp_path / "comfy"])
    assert found == (pipeline / "taesd", beside, hub, comfy / "taef1_decoder.safetensors")
    inside = tmp_path / "snapshots" / "2"
    inside.mkdir(parents=True)
    (tmp_path / "snapshots" / "taesd").mkdir()
    assert preview_decoders(inside, []) == ()


def test_a_pipeline_is_opened_with_one(tmp_path: Path) -> None:
    model = shared_model(SD)
    config = model.info.config
    colours = colour_map(model.components.running("vae"), config.factor)
    save_file(decoder_of(colours, config.factor), tmp_path / "tae.safetensors")
    opened = open_model(shared_folder(SD), preview_decoder=tmp_path / "tae.safetensors")
    shown: list[Any] = []
    drawn = opened.render(
        small_inputs(SD), on_step=lambda step: shown.append(opened.preview(step.latents))
    )
    assert shown[-1].shape == drawn.shape
    assert model.preview(torch.zeros(1, 4, 16, 8)).shape == (16, 8, 3)
    wrong = decoder_of(-colours, config.factor)
    save_file(wrong, tmp_path / "tae.safetensors")
    with pytest.raises(RefusedFile, match="another VAE"):
        open_model(shared_folder(SD), preview_decoder=tmp_path / "tae.safetensors")
    with pytest.raises(RefusedFile, match="takes no decoder for previews"):
        open_model("clay-heads", preview_decoder=tmp_path / "tae.safetensors")
