"""A translation model as its users meet it: pictures in, pictures out, questions, files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from PIL import Image

from studio.checkpoints import open_checkpoint
from studio.checkpoints.translation_sizes import ResNetSizes, TranslationSizes, UNetSizes
from studio.errors import BadChoice, NotEnoughMemory, RefusedFile, UnsupportedModel
from studio.families.info import HistoryStep
from studio.families.inputs import PictureInputs
from studio.families.opening import open_model, open_stylegan
from studio.families.translation.config import TranslationConfig
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import TranslationNetwork
from studio.families.translation.reading import edges, prepared
from tests.families.translation.projects import (
    EVERY,
    MOBILE,
    RESNET,
    SPADE,
    UNET,
    project_state,
    random_tensors,
)
from tests.families.translation.small import small_model


def _pixels(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def _opened(path: Path) -> TranslationModel:
    model = open_model(path)
    assert isinstance(model, TranslationModel)
    return model


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "latest_net_G.pth"
    torch.save(project_state(MOBILE, random_tensors(MOBILE), dropout=True), path)
    return path


def test_a_picture_is_read_to_minus_one_to_one(tmp_path: Path) -> None:
    model = small_model(RESNET)
    pixels = _pixels(16, 24)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    for picture in (pixels, str(tmp_path / "a.png")):
        x = prepared(PictureInputs(picture), model.info.config)
        assert x.shape == (1, 3, 16, 24)
        assert torch.equal(x[0, :, 5, 7], torch.from_numpy(pixels[5, 7] / np.float32(127.5)) - 1)
        drawn = model.render(PictureInputs(picture))
        expected = (model.picture(x)[0].permute(1, 2, 0) + 1) * 127.5
        assert drawn.shape == (16, 24, 3)
        assert np.abs(drawn - expected.numpy()).max() <= 0.5001


@pytest.mark.parametrize("channels", [1, 4])
def test_grey_and_transparent_pictures(tmp_path: Path, channels: int) -> None:
    sizes = ResNetSizes(channels, 1, 4, (8, 16), (16,), (8, 4))
    model = small_model(sizes)
    Image.fromarray(_pixels(16, 16)).save(tmp_path / "a.png")
    x = prepared(PictureInputs(str(tmp_path / "a.png")), model.info.config)
    assert x.shape == (1, channels, 16, 16)
    assert channels == 1 or bool((x[:, 3] == 1).all())  # opaque
    drawn = model.render(PictureInputs(str(tmp_path / "a.png")))
    assert bool((drawn == drawn[:, :, :1]).all())


def test_sizes_are_the_picture_s_own_or_the_nearest() -> None:
    model = small_model(RESNET)
    assert model.render(PictureInputs(_pixels(90, 130))).shape == (92, 132, 3)
    assert model.render(PictureInputs(_pixels(3, 40))).shape == (8, 40, 3)
    sized = PictureInputs(_pixels(90, 130), height=32, width=64)
    assert model.render(sized).shape == (32, 64, 3)
    for bad in ((33, 64), (4, 64), (20000, 8)):
        with pytest.raises(BadChoice, match=r"multiples of 4|is too large"):
            model.render(PictureInputs(_pixels(90, 130), height=bad[0], width=bad[1]))
    with pytest.raises(BadChoice, match="both height and width"):
        model.render(PictureInputs(_pixels(90, 130), height=32))


@pytest.mark.parametrize(
    ("sizes", "step", "least"),
    [
        (RESNET, 4, 8),
        (ResNetSizes(3, 3, 4, (4,) * 4, (4,), (4,) * 4), 16, 32),
        (UNET, 16, 16),
        (SPADE, 64, 128),
    ],
)
def test_which_sizes_a_network_takes(sizes: TranslationSizes, step: int, least: int) -> None:
    config = small_model(sizes).info.config
    assert (config.multiple, config.smallest) == (step, least)
    network = TranslationNetwork(config).freeze()
    x = torch.rand(1, sizes.inputs, least, least + step)
    assert network(x).shape == (1, 3, least, least + step)
    assert config.refusal(least, least + step) is None
    assert config.refusal(least, least + 1)
    assert config.nearest(1, least + step + 1) == (least, least + step)
    height, width = config.nearest(9000, 30000)
    assert config.refusal(height, width) is None


def test_how_often_spade_doubles_is_a_question() -> None:
    model = small_model(SPADE, "spade")
    assert model.info.config.multiple == 64
    other = model.answered({"upsampling": "normal"})
    assert other.info.config.multiple == 32
    x = torch.rand(1, 5, 128, 64 * 3)
    assert model.picture(x).shape == other.picture(x).shape
    assert not torch.allclose(model.picture(x), other.picture(x), atol=0.01)


def test_label_maps_are_one_channel_a_label(tmp_path: Path) -> None:
    model = small_model(SPADE, "spade")
    labels = np.random.default_rng(1).integers(0, 5, (128, 192), dtype=np.uint8)
    grey = Image.fromarray(labels)
    palette = Image.fromarray(labels).convert("P")
    palette.putpalette([7 * k % 256 for k in range(768)])
    palette.putdata(labels.ravel().tolist())
    grey.save(tmp_path / "grey.png")
    palette.save(tmp_path / "palette.png")
    for name in ("grey.png", "palette.png"):
        x = prepared(PictureInputs(str(tmp_path / name)), model.info.config)
        assert bool((x.sum(1) == 1).all())
        assert torch.equal(x.argmax(1)[0], torch.from_numpy(labels).long())
    with pytest.raises(BadChoice, match="has the label 9; this model has the labels 0 to 4"):
        model.render(PictureInputs(np.full((128, 128), 9, np.uint8)))
    Image.fromarray(_pixels(128, 128)).save(tmp_path / "colour.png")
    with pytest.raises(BadChoice, match="is a picture in colours; a label map holds one number"):
        model.render(PictureInputs(str(tmp_path / "colour.png")))


def test_edges_are_where_neighbours_differ() -> None:
    objects = np.asarray([[1, 1, 2], [1, 1, 2], [1, 1, 1]])
    assert edges(objects).tolist() == [[0, 1, 1], [0, 1, 1], [0, 0, 1]]
    model = small_model(SPADE, "spade").answered({"last_channel": "edges"})
    assert model.info.config.labels == 4
    labels = np.zeros((128, 128), np.uint8)
    objects = np.zeros((128, 128), np.int32)
    objects[:, 64:] = 70_000
    x = prepared(PictureInputs(labels, objects), model.info.config)
    assert x[0, 4].sum() == 2 * 128
    assert bool((x[0, 0] == 1).all())
    alone = prepared(PictureInputs(labels), model.info.config)
    assert alone[0, 4].sum() == 0
    with pytest.raises(BadChoice, match="is a label, not edges"):
        small_model(SPADE, "spade").render(PictureInputs(labels, objects))


def test_pictures_that_cannot_be_read(tmp_path: Path) -> None:
    model = small_model(RESNET)
    (tmp_path / "text.png").write_text("no picture")
    Image.fromarray(_pixels(64, 64)).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:3000])
    for name, why in (
        ("text.png", "is no picture that can be read"),
        ("cut.png", "damaged or cut short"),
        ("gone.png", "no such file"),
        (".", "is a directory|permission denied"),
    ):
        with pytest.raises(RefusedFile, match=why):
            model.render(PictureInputs(str(tmp_path / name)))
    with pytest.raises(BadChoice, match=r"these are float64 of shape \(8, 8, 3\)"):
        model.render(PictureInputs(np.zeros((8, 8, 3))))
    with pytest.raises(BadChoice, match="takes pictures, not label maps"):
        model.render(PictureInputs(_pixels(8, 8), np.zeros((8, 8), np.int32)))


def test_a_picture_far_too_large_is_refused_unread(tmp_path: Path) -> None:
    Image.new("1", (10_000, 10_000)).save(tmp_path / "large.png")
    with pytest.raises(RefusedFile, match="10000 x 10000 px; accepted are up to 64 megapixels"):
        small_model(RESNET).render(PictureInputs(str(tmp_path / "large.png")))
    Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    with pytest.raises(RefusedFile, match="far too large; accepted are up to 64 megapixels"):
        small_model(RESNET).render(PictureInputs(str(tmp_path / "huge.png")))


def test_memory_is_looked_at_before_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    model = small_model(RESNET)
    free = psutil.virtual_memory()._replace(available=100_000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)
    with pytest.raises(NotEnoughMemory, match=r"64 x 64 px needs .* 100\.0 kB is free"):
        model.render(PictureInputs(_pixels(64, 64)))


def test_drawing_stops_between_layers() -> None:
    class Stop(Exception):
        pass

    calls = 0

    def between() -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise Stop

    with pytest.raises(Stop):
        small_model(RESNET).render(PictureInputs(_pixels(16, 16)), between=between)
    assert calls == 5


@pytest.mark.parametrize("sizes", EVERY)
def test_a_saved_model_is_the_same_one(tmp_path: Path, sizes: TranslationSizes) -> None:
    path = tmp_path / "model.pth"
    torch.save(project_state(sizes, random_tensors(sizes)), path)
    model = _opened(path)
    own = tmp_path / "own.safetensors"
    model.save(own)
    again = _opened(own)
    assert again.info.layout == "maquette"
    for name in ("config", "questions", "answers", "assumed", "history", "source_sha256", "name"):
        assert getattr(again.info, name) == getattr(model.info, name), name
    x = torch.rand(1, sizes.inputs, 128, 128)
    assert torch.equal(again.picture(x), model.picture(x))
    again.save(tmp_path / "twice.safetensors")
    assert (tmp_path / "twice.safetensors").read_bytes() == own.read_bytes()
    model.save(tmp_path / "half.safetensors", "f16")
    half = _opened(tmp_path / "half.safetensors")
    assert half.info.history[-1] == HistoryStep("store", "weights rounded to 16-bit floats")
    assert half.info.size_bytes < again.info.size_bytes
    assert torch.allclose(half.picture(x), model.picture(x), atol=0.05)


def test_answers_are_kept_and_what_is_assumed_stays_a_question(file: Path) -> None:
    model = _opened(file)
    assert model.info.answers == (("clamp_input", "yes"), ("size", "256x256"))
    assert model.info.assumed == ("clamp_input", "size")
    given = model.answered({"clamp_input": "no", "size": "640x480"})
    assert given.info.config.settings.clamp_input is False
    assert (given.info.config.settings.width, given.info.config.settings.height) == (640, 480)
    assert given.info.assumed == ()
    sure = model.answered({"clamp_input": "yes"})
    assert sure.info.key == model.info.key
    assert sure.info.assumed == ("size",)
    sure.save(file.with_name("sure.safetensors"))
    again = _opened(file.with_name("sure.safetensors"))
    assert again.info.assumed == ("size",)
    assert again.info.answers == model.info.answers


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (
            {"clamp_input": "perhaps"},
            "'perhaps' is no answer to 'clamp_input'; accepted are yes",
        ),
        ({"colour": "red"}, "not asked for 'colour'"),
        ({"size": "big"}, "'big' is no answer to 'size'; .* or another WIDTHxHEIGHT"),
        ({"size": "0x256"}, "'0x256' is no answer"),
        ({"size": "255x256"}, "the answer to 'size' does not do: 255 x 256 px"),
    ],
)
def test_answers_that_are_none(file: Path, answers: dict[str, str], why: str) -> None:
    with pytest.raises(BadChoice, match=why):
        _opened(file).answered(answers)


def test_what_is_likely_follows_from_what_is_known() -> None:
    def likely(sizes: TranslationSizes, layout: str) -> dict[str, str]:
        return dict(small_model(sizes, layout).info.answers)

    even = ResNetSizes(3, 3, 4, (8, 16), (16,) * 3, (8, 4), separable=True)
    assert likely(RESNET, "cyclegan")["clamp_input"] == "no"
    assert likely(RESNET, "gan-compression")["clamp_input"] == "yes"
    assert likely(even, "gan-compression")["clamp_input"] == "no"
    assert likely(MOBILE, "gan-compression")["clamp_input"] == "yes"
    assert likely(UNET, "pix2pix") == {"size": "16x16"}
    assert likely(SPADE, "spade")["last_channel"] == "label"
    labelled = ResNetSizes(36, 3, 4, (8, 16), (16,), (8, 4))
    found = likely(labelled, "cyclegan")
    assert (found["last_channel"], found["size"]) == ("edges", "512x256")
    assert TranslationConfig(UNetSizes(1, 1, (2, 2), (2,))).takes_labels is False


def _rewritten(path: Path, change: dict[str, str | None], target: Path) -> Path:
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    with safe_open(path, "pt") as opened:
        metadata = dict(opened.metadata())
    for key, value in change.items():
        metadata.pop(key, None)
        if value is not None:
            metadata[key] = value
    save_file(load_file(path), target, metadata)
    return target


CONFIG = json.loads(
    '{"kind": "resnet", "inputs": 3, "outputs": 3, "stem": 4, "down": [8, 16], "blocks": '
    '[12, 12, 16, 16, 8, 8], "up": [8, 4], "norm": "instance", "bias": true, "separable": true, '
    '"inner_norm": "instance", "padding": "reflect"}'
)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format_version": "9"}, "format version “9”.* reads translation models of version 1"),
        ({"family": "poetry"}, "unknown family “poetry”"),
        ({"config": None}, "metadata has no “config”"),
        ({"config": "[]"}, "config is no JSON object"),
        ({"config": "{"}, "JSON"),
        ({"config": json.dumps(CONFIG | {"kind": "cnn"})}, "kind of network, “cnn”, is not known"),
        ({"config": json.dumps(CONFIG | {"stem": 0})}, "“0” for stem; accepted is 1 to 32768"),
        ({"config": json.dumps(CONFIG | {"stem": True})}, "“True” for stem"),
        (
            {"config": json.dumps(CONFIG | {"stem": 5})},
            r"stem\.weight has the shape \[4, 3",
        ),
        ({"config": json.dumps(CONFIG | {"down": [8]})}, "1 channel counts for down but 2 for up"),
        ({"config": json.dumps(CONFIG | {"blocks": [9] * 999})}, "no list of 1 to 200 channel"),
        ({"config": json.dumps(CONFIG | {"norm": "layer"})}, "“layer” for norm; accepted are inst"),
        ({"config": json.dumps(CONFIG | {"norm": "batch"})}, r"lacks .*stem\.norm\.weight"),
        ({"config": json.dumps(CONFIG | {"bias": "yes"})}, "“yes” for bias; accepted is true or"),
        ({"config": json.dumps(CONFIG | {"separable": False})}, "lacks"),
        ({"source_sha256": "abc"}, "source_sha256 is no SHA-256 hash"),
        ({"answers": "[1]"}, "“answers” in its metadata is not a table of texts"),
        ({"answers": '{"size": "1x1"}'}, "the answer to 'size' does not do"),
        ({"answers": '{"taste": "sweet"}'}, "not asked for 'taste'"),
        ({"assumed": "{}"}, "“assumed” in its metadata is not a list"),
        ({"history": "3"}, "“history” in its metadata is not a list"),
    ],
)
def test_broken_files_of_our_own(file: Path, change: dict[str, str | None], why: str) -> None:
    own = file.with_name("own.safetensors")
    _opened(file).save(own)
    broken = _rewritten(own, change, file.with_name("broken.safetensors"))
    with pytest.raises(RefusedFile, match=why) as refused:
        open_model(broken)
    assert "broken.safetensors" in str(refused.value)


def test_who_needs_a_stylegan_says_so(file: Path) -> None:
    with pytest.raises(UnsupportedModel, match=r"latest_net_G\.pth turns pictures into pictures"):
        open_stylegan(file)
    assert open_checkpoint(file).family == "translation"


def test_the_render_process_opens_it_as_what_it_is(file: Path) -> None:
    from studio.engine.messages import Opened, OpenModel
    from studio.engine.pictures import Packer
    from studio.engine.renderer import Renderer

    answer = Renderer(Packer("test")).open(OpenModel(1, str(file)))
    assert isinstance(answer, Opened)
    assert answer.info == open_model(file).info
