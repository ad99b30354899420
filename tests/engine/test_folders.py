"""A folder of pictures through a translation model, and files converted with answers."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from studio.engine.job_messages import ConvertJob, FolderJob, JobDone, JobFailed
from studio.engine.jobs import run_job
from studio.families.inputs import EncodedPicture, PictureInputs
from studio.families.opening import open_model
from studio.session.samples import suited_size
from studio.subnets.choice import SubnetChoice
from tests.families.translation.projects import RESNET, SPADE
from tests.families.translation.small import small_model


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "small.safetensors"
    small_model(RESNET).save(path)
    return path


def run(job):
    told = []
    return run_job(job, "t", told.append), told


def pictures(folder, **sizes):
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, (width, height) in sizes.items():
        pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return folder


def test_every_picture_is_drawn_at_the_size_that_suits_it(model, tmp_path) -> None:
    source = pictures(tmp_path / "in", a=(32, 20), b=(520, 260))
    choice = SubnetChoice(width=0.5)
    end, _ = run(FolderJob(str(model), str(source), str(tmp_path / "out"), choice))
    assert isinstance(end, JobDone)
    assert end.left_out == ()
    opened = open_model(model)
    for name, size in (("a", (32, 20)), ("b", (256, 128))):
        with Image.open(source / f"{name}.png") as image:
            assert suited_size(opened.info.config, *image.size) == size
        inputs = PictureInputs(str(source / f"{name}.png"), height=size[1], width=size[0])
        with Image.open(tmp_path / "out" / f"{name}.png") as image:
            assert np.array_equal(np.asarray(image), opened.render(inputs, choice))


def test_what_cannot_be_read_is_left_out_and_told(model, tmp_path) -> None:
    source = pictures(tmp_path / "in", good=(16, 16))
    (source / "bad.png").write_bytes(b"no picture")
    end, _ = run(FolderJob(str(model), str(source), str(tmp_path / "out")))
    assert isinstance(end, JobDone)
    assert len(end.left_out) == 1
    assert "bad.png was not drawn" in end.left_out[0]
    assert (tmp_path / "out" / "good.png").is_file()


def test_folders_that_cannot_be_drawn_get_a_sentence(model, tmp_path) -> None:
    empty = pictures(tmp_path / "empty")
    end, _ = run(FolderJob(str(model), str(empty), str(tmp_path / "out")))
    assert isinstance(end, JobFailed)
    assert "holds no pictures" in end.sentence
    twice = pictures(tmp_path / "twice", a=(16, 16))
    Image.new("RGB", (16, 16)).save(twice / "a.jpg")
    end, _ = run(FolderJob(str(model), str(twice), str(tmp_path / "out")))
    assert isinstance(end, JobFailed)
    assert "called a;" in end.sentence
    end, _ = run(FolderJob(str(model), str(twice), str(twice)))
    assert isinstance(end, JobFailed)
    assert "another folder" in end.sentence


def test_answers_are_kept_in_the_converted_file(tmp_path) -> None:
    path, out = tmp_path / "spade.safetensors", tmp_path / "out.safetensors"
    small_model(SPADE).save(path)
    before = open_model(path).info
    assert "last_channel" in before.assumed
    given = dict(before.answers) | {"last_channel": "edges"}
    end, _ = run(ConvertJob(str(path), str(out), tuple(sorted(given.items()))))
    assert isinstance(end, JobDone)
    after = open_model(out).info
    assert dict(after.answers) == given
    assert after.assumed == ()
    assert after.key != before.key
    assert after.config.labels == before.config.labels - 1


def test_an_answer_that_is_none_is_refused(tmp_path) -> None:
    path = tmp_path / "spade.safetensors"
    small_model(SPADE).save(path)
    end, _ = run(ConvertJob(str(path), str(tmp_path / "o.safetensors"), (("size", "wide"),)))
    assert isinstance(end, JobFailed)
    assert "'wide' is no answer to 'size'" in end.sentence


def test_an_encoded_picture_draws_as_its_pixels_do() -> None:
    from studio.session.raster import encoded, pixels
    from studio.session.source import Drawing, Stroke

    lines = Drawing(32, 16, (Stroke("pen", ((2.0, 3.0, 1.0), (30.0, 12.0, 1.0))),))
    resnet = small_model(RESNET)
    plane = pixels(lines)
    grey = np.repeat(plane[:, :, None], 3, axis=2)
    assert np.array_equal(
        resnet.render(EncodedPicture(encoded(plane), 16, 32)), resnet.render(PictureInputs(grey))
    )
    labels = Drawing(128, 128, (Stroke("fill", ((1.0, 1.0, 1.0),), value=2),), 0, True)
    spade = small_model(SPADE)
    assert np.array_equal(
        spade.render(EncodedPicture(encoded(pixels(labels)))),
        spade.render(PictureInputs(np.full((128, 128), 2, dtype=np.uint8))),
    )
