"""Texts and pictures are encoded once, and what is drawn stays the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from studio.errors import Overtaken
from studio.families.diffusion.inputs import plain_picture
from studio.families.diffusion.model import DiffusionModel
from studio.families.diffusion.remembering import Remembered
from tests.families.diffusion.tiny import CLASSES, shared_model, small_inputs


def fresh(name: str) -> DiffusionModel:
    """A model that has encoded nothing yet, on the shared one's networks."""
    model = shared_model(name)
    return model.described(model.info)


class Calls:
    """Counts the calls of networks of a model."""

    def __init__(self, model: DiffusionModel, *names: str) -> None:
        self.count = 0
        networks = [model.components.running(name) for name in names]
        self.handles = [
            each.register_forward_pre_hook(lambda *_: self._called()) for each in networks
        ]

    def _called(self) -> None:
        self.count += 1

    def __enter__(self) -> Calls:
        return self

    def __exit__(self, *error: object) -> None:
        for handle in self.handles:
            handle.remove()


@pytest.mark.parametrize("name", CLASSES)
def test_pictures_stay_the_same(name: str) -> None:
    model, inputs = fresh(name), small_inputs(name)
    plain = model.render(inputs)
    for _ in range(2):
        assert np.array_equal(model.render(inputs, remember=True), plain)
    other = replace(inputs, seed=4)
    assert np.array_equal(model.render(other, remember=True), model.render(other))


def test_texts_are_encoded_when_they_are_others() -> None:
    name = "StableDiffusionXLPipeline"
    model, inputs = fresh(name), small_inputs(name)
    with Calls(model, "text_encoder", "text_encoder_2") as calls:
        model.render(inputs, remember=True)
        assert calls.count == 2  # an empty negative prompt is zeros in this class
        for change in ({"seed": 9}, {"steps": 1}, {"guidance": 2.0}):
            model.render(replace(inputs, **change), remember=True)
        assert calls.count == 2
        changed = replace(inputs, negative="blurry")
        again = model.render(changed, remember=True)
        assert calls.count == 6
        model.render(inputs)
        assert calls.count == 8  # nothing is kept unless that is asked for
    assert np.array_equal(again, model.render(changed))


def test_the_picture_is_encoded_when_it_is_another() -> None:
    name = "StableDiffusionPipeline"
    model = fresh(name)
    grey, light = (plain_picture(32, 16, value) for value in (90, 200))
    inputs = small_inputs(name, picture=grey, strength=0.5)
    encoder = model.components.running("vae").encoder
    seen = []
    handle = encoder.register_forward_pre_hook(lambda *_: seen.append(1))
    try:
        first = model.render(inputs, remember=True)
        assert np.array_equal(model.render(inputs, remember=True), first)
        model.render(replace(inputs, seed=8, prompt="a head"), remember=True)
        assert len(seen) == 1
        other = model.render(replace(inputs, picture=light), remember=True)
        assert len(seen) == 2
    finally:
        handle.remove()
    assert np.array_equal(first, model.render(inputs))
    assert not np.array_equal(first, other)


def test_what_was_stopped_is_not_kept() -> None:
    name = "StableDiffusionPipeline"
    model, inputs = fresh(name), small_inputs(name)

    def stop() -> None:
        raise Overtaken

    with pytest.raises(Overtaken):
        model.render(inputs, between=stop, remember=True)
    assert np.array_equal(model.render(inputs, remember=True), model.render(inputs))


def test_the_oldest_goes() -> None:
    known, made = Remembered(2), []

    def make(value: int) -> int:
        made.append(value)
        return value

    for value in (1, 2, 1, 3, 1, 2):
        assert known(value, lambda value=value: make(value)) == value
    assert made == [1, 2, 3, 2]


def test_tensors_are_told_apart_by_type_shape_and_content() -> None:
    from studio.families.diffusion.remembering import _key

    ones = torch.ones(2, 3)
    assert _key(ones) == _key(torch.ones(2, 3))
    others = (ones * 2, ones.double(), ones.T, ones.to(torch.bfloat16))
    assert len({_key(each) for each in (ones, *others)}) == 5
