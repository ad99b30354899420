"""What the renderer keeps, and for how long."""

from __future__ import annotations

import numpy as np
import pytest

from studio.engine.messages import Failed, OpenModel, Render, Rendered, RenderSpec
from studio.engine.pictures import Packer
from studio.engine.renderer import CACHE_PICTURES, Made, PictureCache, Renderer, short_cause
from studio.errors import Overtaken
from studio.families.inputs import GanInputs
from studio.processes.blocks import new_prefix
from studio.subnets.choice import SubnetChoice
from tests.engine.faulty_renderer import PretendModel


def spec(seed: int, model: str = "key-a") -> RenderSpec:
    return RenderSpec(model, GanInputs(seed=seed), SubnetChoice())


def made() -> Made:
    return Made(np.zeros((10, 10, 3), np.uint8), 0.1)


def test_the_cache_is_bounded_and_forgets_the_least_used():
    cache = PictureCache(limit=900)
    for seed in range(100):
        cache.put(spec(seed), made())
        cache.get(spec(0))
    assert cache.bytes == 900
    assert cache.get(spec(0)) is not None
    assert cache.get(spec(50)) is None
    assert cache.get(spec(99)) is not None


def test_the_cache_forgets_a_model():
    cache = PictureCache()
    cache.put(spec(1), made())
    cache.put(spec(1, "key-b"), made())
    cache.put(spec(1), made())
    cache.forget("key-a")
    assert cache.bytes == 300
    assert cache.get(spec(1)) is None


def test_a_picture_larger_than_the_cache_is_not_kept():
    cache = PictureCache(limit=100)
    cache.put(spec(1), made())
    assert cache.bytes == 0


def test_small_pictures_are_few_all_the_same():
    cache = PictureCache()
    for seed in range(1000):
        cache.put(spec(seed), made())
    assert cache.bytes == CACHE_PICTURES * 300


def test_a_picture_is_made_once():
    renderer = Renderer(Packer(new_prefix()), PretendModel)
    renderer.open(OpenModel(1, "a"))
    layers = []
    first, worked = renderer.answer(Render("current", 1, spec(1)), lambda: layers.append(1))
    again, worked_again = renderer.answer(Render("full", 2, spec(1)), lambda: layers.append(1))
    assert (worked, worked_again) == (True, False)
    assert isinstance(first, Rendered)
    assert isinstance(again, Rendered)
    assert first.picture == again.picture
    assert first.seconds == again.seconds
    assert len(layers) == 1
    renderer.close("key-a")
    assert isinstance(renderer.answer(Render("full", 3, spec(1)), lambda: None)[0], Failed)


def test_overtaken_is_not_an_answer():
    def stop() -> None:
        raise Overtaken

    renderer = Renderer(Packer(new_prefix()), PretendModel)
    renderer.open(OpenModel(1, "a"))
    with pytest.raises(Overtaken):
        renderer.answer(Render("current", 1, spec(1)), stop)


def test_unexpected_errors_in_a_few_words():
    assert short_cause(ValueError()) == "ValueError"
    assert short_cause(ValueError("first\nsecond")) == "first"
    text = "[enforce fail] . DefaultCPUAllocator: can't allocate memory: you tried to allocate"
    assert short_cause(RuntimeError(text)) == "there is not enough memory"
