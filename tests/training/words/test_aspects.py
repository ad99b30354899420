"""What words name, and how they are said."""

from __future__ import annotations

import random

import pytest
import torch

from studio.fidelity.judge import Reading
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.judging import READABLE
from studio.training.clay_heads.scene import (
    ATTRIBUTE_NAMES,
    KINDS,
    NAMES,
    mirrored,
    scene_from_z,
    shares_from_z,
)
from studio.training.words.aspects import (
    ASPECT_NAMES,
    ASPECTS,
    NOT_SAID,
    agrees,
    nameable,
)
from studio.training.words.wordings import (
    all_words,
    anything,
    chosen,
    consistent,
    english,
    korean,
)


def _said_of(z: torch.Tensor) -> dict[str, str]:
    row = nameable(z)[0].tolist()
    named = zip(ASPECTS, row, strict=True)
    return {a.name: a.options[option] for a, option in named if option != NOT_SAID}


def _z(**coordinates: float) -> torch.Tensor:
    """A latent with the named coordinates, in standard deviations, and the others in the middle."""
    z = torch.zeros(1, 128)
    z[0, len(NAMES) :] = 1.3  # so that the root mean square is about 1
    for name, value in coordinates.items():
        z[0, NAMES.index(name)] = value
    return z


def test_what_clearly_is_so_is_named_and_what_is_between_is_not() -> None:
    said = _said_of(_z(smile=2.0, turn=-2.0, light=2.0, clay_hue=0.0, glasses=2.0))
    assert said["mood"] == "smiling"
    assert said["turn"] == "left"
    assert said["light"] == "right"
    assert said["glasses"] == "glasses"
    assert said["clay"] == "orange"  # the middle of the range is a hue of 0.1
    assert "gaze" not in said  # neither left nor right
    assert _said_of(_z())["light"] == "front"


def test_a_mirror_swaps_left_and_right_alone() -> None:
    z = latents(200, 3)
    plain, turned = nameable(z), nameable(mirrored(z))
    for index, name in enumerate(ASPECT_NAMES):
        if name in ("turn", "gaze", "light"):
            swap = torch.tensor([1, 0, 2, NOT_SAID])
            assert torch.equal(turned[:, index], swap[plain[:, index]])
        else:
            assert torch.equal(turned[:, index], plain[:, index])


def _true_reading(z: torch.Tensor) -> Reading:
    scenes = scene_from_z(z)
    kinds = tuple(
        torch.nn.functional.one_hot(scenes.option(k.name), len(k.options)).float() for k in KINDS
    )
    shares = shares_from_z(z)[:, : len(ATTRIBUTE_NAMES)] * 2.0 - 1.0
    return Reading(shares, kinds, torch.zeros(len(z), 1))


def test_a_faultless_reading_agrees_with_everything_that_is_nameable_and_with_nothing_else() -> (
    None
):
    assert READABLE.attributes == ATTRIBUTE_NAMES
    z = latents(100, 4)
    reading, rows = _true_reading(z), nameable(z).tolist()
    for k, row in enumerate(rows):
        for aspect, option in zip(ASPECTS, row, strict=True):
            if option == NOT_SAID:
                continue
            agreeing = [agrees(reading, k, aspect.name, o) for o in aspect.options]
            assert agreeing[option]
            # The middle reaches a little into both sides, which exclude one another.
            others = [a for n, a in enumerate(agreeing) if n != option and n != 2]
            if aspect.name != "light" or option != 2:
                assert not any(others[:2])


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [
        (
            {"clay": "green", "glasses": "glasses", "mood": "smiling", "light": "left"},
            ("green", "glasses", "smiling", "from the left"),
            ("초록", "안경", "왼쪽"),
        ),
        (
            {"hairstyle": "hat", "cloth": "orange", "clay": "blue"},
            ("an orange hat", "blue"),
            ("주황색 중절모", "파란"),
        ),
        (
            {"hairstyle": "bald", "hair": "red", "beard": "beard", "cloth": "teal"},
            ("bald", "a red beard", "a teal shirt"),
            ("대머리", "빨간", "청록색 셔츠"),
        ),
    ],
)
def test_captions_say_what_is_named(
    said: dict[str, str], first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    for seed in range(20):
        rng = random.Random(seed)
        assert all(word in english(said, rng) for word in first)
        assert all(word in korean(said, rng) for word in second)


def test_nothing_is_said_of_nothing() -> None:
    assert english({}, random.Random(0)) == korean({}, random.Random(0)) == ""


def test_the_colour_of_unseen_hair_is_not_named() -> None:
    assert consistent({"hairstyle": "hat", "hair": "red"}) == {"hairstyle": "hat"}
    bearded = {"hairstyle": "hat", "hair": "red", "beard": "beard"}
    assert consistent(bearded) == bearded
    rows = nameable(latents(300, 5)).tolist()
    rng = random.Random(1)
    for row in rows:
        said = chosen(row, rng)
        for name, option in said.items():
            index = ASPECT_NAMES.index(name)
            assert ASPECTS[index].options[row[index]] == option
        if "hair" in said:
            style = row[ASPECT_NAMES.index("hairstyle")]
            assert said.get("beard") == "beard" or style in (1, 2)


def test_every_word_of_every_caption_is_known() -> None:
    known, rng = set(all_words()), random.Random(2)
    for _ in range(400):
        said = anything(rng, 1, 8)
        for text in (english(said, rng), korean(said, rng)):
            words = text.replace(",", " , ").replace("-", " ").split()
            assert not set(words) - known - {w.replace("-", " ") for w in known}
