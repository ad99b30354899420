"""Pictures and masks that pipelines draw from, of every kind of file; sizes that memory allows."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import NotEnoughMemory, RefusedFile
from studio.families.diffusion.inputs import plain_picture
from studio.families.diffusion.memory import check_size
from studio.families.diffusion.model import DiffusionModel
from studio.families.diffusion.opening import open_pipeline
from studio.families.diffusion.pictures import colours, mask
from tests.families.diffusion import tiny
from tests.families.diffusion.tiny import shared_model, small_inputs

RAMP = np.linspace(0, 255, 64).round().astype(np.uint8).reshape(8, 8)


def content(image: Image.Image, form: str = "PNG") -> bytes:
    stream = io.BytesIO()
    image.save(stream, form)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("image", "form"),
    [
        (Image.fromarray(RAMP), "PNG"),
        (Image.fromarray(RAMP.astype(np.uint16) * 257), "PNG"),
        (Image.fromarray(RAMP.astype(np.int32) * 257), "TIFF"),
        (Image.fromarray(RAMP.astype(np.float32) / 255), "TIFF"),
        (Image.fromarray(RAMP.astype(np.float32)), "TIFF"),
        (Image.fromarray(RAMP).convert("P"), "PNG"),
    ],
)
def test_numbers_of_any_depth_are_the_same_picture(image: Image.Image, form: str) -> None:
    made = np.asarray(colours(content(image, form)))
    assert made.shape == (8, 8, 3)
    assert np.abs(made.astype(int) - RAMP[..., None]).max() <= 1
    assert np.abs(np.asarray(mask(content(image, form))).astype(int) - RAMP).max() <= 1


def test_what_can_be_seen_through_is_white_and_stays_under_a_mask() -> None:
    image = Image.fromarray(np.dstack([RAMP, RAMP, RAMP, (RAMP > 128) * np.uint8(255)]))
    seen, kept = (np.asarray(each(content(image))) for each in (colours, mask))
    assert (seen[RAMP <= 128] == 255).all()
    assert (kept[RAMP <= 128] == 0).all()
    assert np.array_equal(seen[RAMP > 128][:, 0], RAMP[RAMP > 128])


def test_other_colours_and_moving_pictures_are_read() -> None:
    inks = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    red = np.asarray(colours(content(inks, "JPEG")))
    assert red[..., 0].min() > 200
    assert red[..., 1:].max() < 60
    frames = [Image.new("L", (8, 8), value) for value in (40, 200)]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    assert np.abs(np.asarray(colours(stream.getvalue())).astype(int) - 40).max() <= 1  # the first


@pytest.mark.parametrize("data", [b"", b"no picture", plain_picture(8, 8, 1)[:40]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    for read, name in ((colours, "the picture"), (mask, "the mask")):
        with pytest.raises(RefusedFile, match=name):
            read(data)


@pytest.fixture(scope="module")
def many_latents(tmp_path_factory: pytest.TempPathFactory) -> DiffusionModel:
    """A Stable Diffusion of six latent channels, as newer VAEs have more than four."""
    import torch

    torch.manual_seed(1)
    pipeline = tiny.stable_diffusion(in_channels=6, out_channels=6)
    pipeline.register_modules(vae=tiny.vae(6))
    folder = tmp_path_factory.mktemp("many") / "pipe"
    pipeline.save_pretrained(folder, safe_serialization=True)
    return open_pipeline(folder)


@pytest.mark.parametrize("others", [False, True])
def test_what_a_mask_keeps_is_the_picture(others: bool, many_latents: DiffusionModel) -> None:
    name = "StableDiffusionPipeline"
    model = many_latents if others else shared_model(name)
    rng = np.random.default_rng(2)
    picture = content(Image.fromarray(rng.integers(0, 255, (32, 16, 3), np.uint8)))
    inputs = small_inputs(name, picture=picture, strength=1.0)
    kept, anew = (replace(inputs, mask=plain_picture(32, 16, value)) for value in (0, 255))
    # With nothing to paint over, neither the words nor the steps count.
    assert np.array_equal(
        model.render(kept), model.render(replace(kept, prompt="a red head", steps=3))
    )
    assert not np.array_equal(model.render(anew), model.render(kept))
    assert not np.array_equal(model.render(anew), model.render(replace(anew, prompt="a red head")))


def test_a_size_beyond_memory_is_refused_with_figures() -> None:
    folder = shared_model("StableDiffusionPipeline").components.folder
    check_size(folder, 512, 512, memory_limit=512 * 512 * 4 * 3 * 8)
    with pytest.raises(NotEnoughMemory) as caught:
        check_size(folder, 8192, 4096, memory_limit=4 * 3 * 8 * 2048 * 1024)
    assert str(caught.value) == (
        "drawing 4096 x 8192 px needs about 3.2 GB of memory, and 201.3 MB may be taken; about "
        "1024 x 2048 px would do"
    )
    check_size(shared_model("DDPMPipeline").components.folder, 16, 16)


def test_no_network_runs_for_a_size_beyond_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    model = shared_model("StableDiffusionPipeline")
    free = psutil.virtual_memory()._replace(available=10_000_000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)
    inputs = small_inputs("StableDiffusionPipeline", height=8000, width=8000)
    with pytest.raises(NotEnoughMemory, match="8000 x 8000 px"):
        model.render(inputs, between=lambda: pytest.fail("a layer ran"))


def test_commands_name_the_file(tmp_path: Path) -> None:
    from studio.commands.diffusing import DiffusionOptions
    from studio.commands.translating import PictureOptions

    path = tmp_path / "notes.png"
    path.write_text("no picture")
    with pytest.raises(RefusedFile, match=r"notes\.png is no picture"):
        DiffusionOptions().inputs(0, None, PictureOptions(path, None, None, None))
