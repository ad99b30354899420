"""Taking over compiled networks: from the cache, within memory, and away from those that fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from studio.engine import adopting
from studio.engine.adopting import Adopter
from studio.engine.messages import (
    Adopt,
    Adopted,
    Compare,
    Notice,
    Render,
    Rendered,
    RenderSpec,
    Unusable,
)
from studio.engine.pictures import Packer, decode
from studio.engine.renderer import Pair, Renderer
from studio.errors import Overtaken, RuntimeFailed
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.processes.blocks import new_prefix
from studio.runtimes.contract import Arrays, LayerTime, Placement, Plan
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice, resolve
from tests.engine.heard import Heard
from tests.families.small import small_model

HALF = SubnetChoice(width=0.5)
FAST = "openvino:CPU:f32"
COARSE = "openvino:CPU:bf16"


class Compiled:
    """A network that draws as PyTorch does, a little brighter so that it can be told apart."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.target = plan, plan.target
        self.placement = Placement(("CPU",), plan.target.precision)
        self.fails = False

    def run(
        self, inputs: Arrays, between: Callable[[], None] | None = None
    ) -> dict[str, np.ndarray]:
        import torch

        if between is not None:
            between()
        if self.fails:
            raise RuntimeFailed("the device went away")
        given = [torch.from_numpy(inputs[p.name]) for p in self.plan.network.inputs]
        return {"picture": self.plan.network.module()(*given).numpy() + 0.1}

    def layer_times(self, inputs: Arrays) -> tuple[LayerTime, ...]:
        return ()

    def close(self) -> None:
        pass


class Cache:
    """What jobs would have compiled."""

    def __init__(self) -> None:
        self.there: set[str] = set()
        self.damaged: set[str] = set()
        self.looked: list[Plan] = []
        self.loaded: dict[str, Compiled] = {}

    def load(self, plan: Plan) -> Compiled | None:
        self.looked.append(plan)
        if plan.network.key in self.damaged:
            raise RuntimeFailed("the cache file is cut short")
        if plan.network.key not in self.there:
            return None
        return self.loaded.setdefault(plan.network.key + str(plan.target), Compiled(plan))


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Cache:
    cache = Cache()
    monkeypatch.setattr(adopting, "from_cache", cache.load)

    def planned(
        model: Model, choice: SubnetChoice, target: Target, threads: int, sizes: object = None
    ) -> Plan:
        refusals = ("no such device",) if target.device == "NPU" else ()
        return Plan(model.portable(choice), target, memory=100, refusals=refusals, threads=threads)

    monkeypatch.setattr(adopting, "planned", planned)
    return cache


@pytest.fixture
def model() -> Model:
    return small_model()


def subnet(model: Model, choice: SubnetChoice = SubnetChoice()):
    return resolve(choice, model.info.config)


def test_what_is_in_the_cache_is_taken_over_nearest_first(cache: Cache, model: Model) -> None:
    heard = Heard()
    adopter = Adopter(heard, 1)
    cache.there = {model.portable(c).key for c in (HALF, SubnetChoice())}
    adopter.want(Adopt("small", (HALF, SubnetChoice(width=0.3), SubnetChoice()), (FAST,)))
    adopter.opened("small", model)
    assert heard.wait(2) == [
        Adopted("small", HALF, FAST),
        Adopted("small", SubnetChoice(), FAST),
    ]
    assert adopter.find("small", subnet(model, HALF), Target.parse(FAST)) is not None
    assert adopter.find("small", subnet(model, HALF), Target.parse(COARSE)) is None
    third = SubnetChoice(width=0.3)
    assert adopter.find("small", subnet(model, third), Target.parse(FAST)) is None
    cache.there.add(model.portable(third).key)
    adopter.want(Adopt("small", (HALF, third), (FAST,)))
    assert heard.wait(3)[-1] == Adopted("small", third, FAST)
    adopter.closed("small")
    assert adopter.find("small", subnet(model, HALF), Target.parse(FAST)) is None


def test_memory_goes_to_what_is_nearest(cache: Cache, model: Model) -> None:
    heard = Heard()
    adopter = Adopter(heard, 1, memory=200)
    choices = tuple(SubnetChoice(width=w) for w in (1.0, 0.75, 0.5, 0.25))
    cache.there = {model.portable(c).key for c in choices}
    adopter.opened("small", model)
    adopter.want(Adopt("small", choices, (FAST,)))
    heard.wait(2)
    adopter.want(Adopt("small", choices[::-1], (FAST,)))
    heard.wait(4)
    held = [adopter.find("small", subnet(model, c), Target.parse(FAST)) for c in choices]
    assert [h is not None for h in held] == [False, False, True, True]


def test_damage_and_refusals_are_told_once_and_the_rest_goes_on(cache: Cache, model: Model) -> None:
    heard = Heard()
    adopter = Adopter(heard, 1)
    cache.damaged = {model.portable(HALF).key}
    cache.there = {model.portable().key}
    adopter.opened("small", model)
    request = Adopt("small", (HALF, SubnetChoice()), ("openvino:NPU", FAST))
    adopter.want(request)
    first = heard.wait(3)
    words = "the cache file is cut short; PyTorch f32 CPU draws until it is compiled again"
    assert Unusable("small", HALF, FAST, words) in first
    cache.damaged.clear()
    adopter.want(replace(request, targets=("openvino:NPU", FAST, "nothing")))
    last = heard.wait(4)
    sentences = [a.sentence for a in last if isinstance(a, Notice)]
    assert sentences[0] == "no such device; PyTorch f32 CPU draws instead"
    assert "'nothing' names no runtime" in sentences[1]
    assert Adopted("small", SubnetChoice(), FAST) in first


def drawing(
    cache: Cache, model: Model, targets: tuple[str, ...] = (FAST,)
) -> tuple[Renderer, Adopter, Heard]:
    heard = Heard()
    adopter = Adopter(heard, 1)
    renderer = Renderer(Packer(new_prefix()), adopter=adopter)
    renderer._models["small"] = model
    adopter.opened("small", model)
    cache.there = {model.portable(HALF).key}
    adopter.want(Adopt("small", (HALF,), targets))
    heard.wait(len(targets))
    return renderer, adopter, heard


def asked(choice: SubnetChoice, target: str, seed: int = 1) -> Render:
    return Render("current", seed, RenderSpec("small", GanInputs(seed=seed), choice, target))


def drawn(renderer: Renderer, request: Render) -> Rendered:
    answer, _ = renderer.answer(request, lambda: None)
    assert isinstance(answer, Rendered), answer
    return answer


def test_the_badge_names_what_made_the_picture(cache: Cache, model: Model) -> None:
    renderer, _, _ = drawing(cache, model)
    plain = drawn(renderer, asked(HALF, "pytorch:cpu:f32"))
    fast = drawn(renderer, asked(HALF, FAST))
    off_the_ladder = drawn(renderer, asked(SubnetChoice(), FAST))
    assert plain.made_by == off_the_ladder.made_by == "PyTorch f32 CPU"
    assert fast.made_by == "OpenVINO f32 CPU"
    bright, dark = decode(fast.picture).astype(int), decode(plain.picture).astype(int)
    within = (dark > 0) & (bright < 255)
    assert within.any()
    assert set((bright - dark)[within]) <= {12, 13}  # 0.1 of the range of 2


def test_a_runtime_that_raises_is_left_for_good_without_losing_the_picture(
    cache: Cache, model: Model
) -> None:
    renderer, adopter, heard = drawing(cache, model)
    next(iter(cache.loaded.values())).fails = True
    assert drawn(renderer, asked(HALF, FAST)).made_by == "PyTorch f32 CPU"
    told = heard.wait(2)[-1]
    assert isinstance(told, Notice)
    assert told.sentence == "the device went away; PyTorch f32 CPU draws instead"
    adopter.want(Adopt("small", (HALF, SubnetChoice(width=0.7)), (FAST,)))
    deadline = time.monotonic() + 20
    while cache.looked[-1].network.key != model.portable(SubnetChoice(width=0.7)).key:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert adopter.find("small", subnet(model, HALF), Target.parse(FAST)) is None


def test_an_overtaken_picture_is_stopped_in_compiled_networks_too(
    cache: Cache, model: Model
) -> None:
    renderer, adopter, _ = drawing(cache, model)

    def between() -> None:
        raise Overtaken

    with pytest.raises(Overtaken):
        renderer.answer(asked(HALF, FAST), between)
    assert adopter.find("small", subnet(model, HALF), Target.parse(FAST)) is not None


def test_fidelity_is_compared_at_one_precision(cache: Cache, model: Model) -> None:
    renderer, _, _ = drawing(cache, model, (FAST, COARSE))

    def pair(reference: RenderSpec, candidate: RenderSpec) -> Pair:
        found, _ = renderer.answer(Compare("compare", 1, reference, candidate), lambda: None)
        assert isinstance(found, Pair)
        return found

    full = RenderSpec("small", GanInputs(seed=1), SubnetChoice(), COARSE)  # not compiled: f32
    half = replace(full, subnet=HALF)
    plain = model.render(half.inputs, HALF)
    assert np.array_equal(pair(full, half).candidate, plain)
    both = pair(replace(full, target=FAST), replace(half, target=FAST))
    assert not np.array_equal(both.candidate, plain)
    # Two precisions of one subnet are another question, and stay as they are.
    precisions = pair(replace(half, target="pytorch:cpu:f32"), half)
    assert np.array_equal(precisions.reference, plain)
    assert not np.array_equal(precisions.candidate, plain)
