"""The pictures that models can be tried with, and the size that suits a picture."""

from __future__ import annotations

from dataclasses import replace

from PIL import Image

from studio import places
from studio.families.translation.config import TranslationConfig
from studio.session.samples import LABELS, blank, first_source, samples, suited_size
from studio.session.source import Drawing, Source
from tests.families.translation.projects import RESNET, SPADE, UNET
from tests.families.translation.small import small_model


def test_samples_open_and_are_small() -> None:
    config = TranslationConfig(RESNET)
    found = samples(config)
    assert [sample.form for sample in found] == ["lines"] * 4 + ["clay"] * 4
    for sample in found:
        picture = sample.read()
        with Image.open(sample.path) as image:
            assert image.size == (picture.width, picture.height) == (256, 256)
    folder = places.assets_dir() / "samples"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 1_000_000


def test_label_maps_are_offered_to_those_who_know_as_many_labels() -> None:
    many = TranslationConfig(replace(SPADE, inputs=LABELS + 3))
    found = samples(many)
    assert [sample.form for sample in found] == ["labels"] * 4
    for sample in found:
        with Image.open(sample.path) as image:
            assert image.mode == "P"
            assert image.getextrema()[1] < LABELS
    assert samples(TranslationConfig(replace(SPADE, inputs=LABELS - 1))) == ()


def test_a_model_that_sees_no_colours_is_offered_drawings() -> None:
    config = TranslationConfig(replace(RESNET, inputs=1))
    assert [sample.form for sample in samples(config)] == ["lines"] * 4


def test_a_large_picture_is_drawn_as_large_as_those_of_the_training() -> None:
    config = TranslationConfig(RESNET)  # trained at 256 px, multiples of 4
    assert suited_size(config, 4000, 3000) == (256, 192)
    assert suited_size(config, 101, 250) == (100, 252)
    assert suited_size(config, 1, 1) == (8, 8)
    side = 1 << len(UNET.down)
    assert suited_size(TranslationConfig(UNET), 4000, 3000)[0] % side == 0


def test_an_empty_sheet_suits_its_model() -> None:
    assert blank(TranslationConfig(RESNET)) == Drawing(256, 256, paper=255, labels=False)
    assert blank(TranslationConfig(SPADE), (64, 32)) == Drawing(64, 32, paper=0, labels=True)


def test_a_model_begins_with_what_was_there_else_with_a_sample() -> None:
    resnet, spade = small_model(RESNET).info, small_model(SPADE).info
    first = first_source(resnet, Source())
    assert first.kind == "picture"
    assert first.picture is not None
    assert first.picture.name == "head-1-lines.png"
    assert first_source(resnet, first) == first
    drawn = Source("drawing", first.picture, Drawing(64, 64), 64, 64)
    assert first_source(resnet, drawn) == drawn
    # Lines are no label map: the sheet is empty again.
    labels = first_source(spade, drawn)
    assert labels.kind == "drawing"
    assert labels.drawing == blank(spade.config)
