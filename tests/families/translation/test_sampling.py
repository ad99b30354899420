"""Inputs for measures and calibration: what they are, and that they come back from a text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.errors import BadChoice
from studio.families.inputs import PictureInputs
from studio.families.translation.calibrating import packed_pictures, unpacked_pictures
from studio.families.translation.model import TranslationModel
from studio.families.translation.reading import prepared
from studio.families.translation.sampling import gathered, several
from studio.recipes.testing import small_translator


@pytest.fixture(params=[False, True], ids=["pictures", "labels"])
def model(request: pytest.FixtureRequest) -> TranslationModel:
    return small_translator(labels=request.param)


def test_test_pictures_differ_and_are_the_same_every_time(model: TranslationModel) -> None:
    config = model.info.config
    first, again = (gathered(None, 8, config) for _ in range(2))
    inputs = [prepared(each, config) for each in first.inputs]
    assert {x.shape[2:] for x in inputs} == {(config.settings.height, config.settings.width)}
    for n, x in enumerate(inputs):
        assert torch.equal(x, prepared(again.inputs[n], config))
        assert all(not torch.equal(x, other) for other in inputs[:n])
    other = gathered(None, 1, config, seed=1)
    assert not torch.equal(prepared(other.inputs[0], config), inputs[0])


def test_one_picture_gives_mirror_and_crops_of_one_size(tmp_path: Path) -> None:
    config = small_translator().info.config
    file = tmp_path / "a.png"
    pixels = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file)
    found = several(PictureInputs(str(file)), 8, config)
    assert (found[0].picture, found[0].height) == (str(file), None)
    assert np.array_equal(found[1].picture, pixels[:, ::-1])
    assert np.array_equal(found[2].picture, pixels[:35, :52])
    inputs = [prepared(each, config) for each in found]
    assert {tuple(x.shape) for x in inputs} == {(1, 3, 40, 60)}


def test_instances_follow_their_label_map() -> None:
    model = small_translator(labels=True)
    labels = np.random.default_rng(0).integers(0, 4, (64, 64)).astype(np.uint8)
    objects = np.arange(64 * 64, dtype=np.int32).reshape(64, 64)
    found = several(PictureInputs(labels, objects), 3, model.info.config)
    assert np.array_equal(found[1].picture, labels[:, ::-1])
    assert np.array_equal(found[1].instances, objects[:, ::-1])  # type: ignore[arg-type]


def test_a_plain_picture_gives_too_few() -> None:
    config = small_translator().info.config
    with pytest.raises(BadChoice, match="4 different inputs are wanted"):
        several(PictureInputs(np.zeros((1, 1, 3), np.uint8)), 4, config)


def test_calibration_inputs_come_back_from_their_text(model: TranslationModel) -> None:
    config = model.info.config
    inputs = [prepared(each, config) for each in gathered(None, 3, config).inputs]
    found = unpacked_pictures(packed_pictures(inputs, config), config)
    assert float((found - torch.cat(inputs)).abs().max()) < 1e-6


@pytest.mark.parametrize("spoilt", ["", "????", "AAAA", "AQAgACAA"])
def test_a_damaged_text_is_refused(spoilt: str, model: TranslationModel) -> None:
    with pytest.raises(ValueError, match="calibration pictures"):
        unpacked_pictures(spoilt, model.info.config)


def test_a_text_that_grows_without_end_is_refused() -> None:
    import base64
    import struct
    import zlib

    config = small_translator().info.config
    bomb = struct.pack("<HHH", 1, 32, 32) + zlib.compress(bytes(50_000_000))
    with pytest.raises(ValueError, match="do not suit"):
        unpacked_pictures(base64.b64encode(bomb).decode(), config)
