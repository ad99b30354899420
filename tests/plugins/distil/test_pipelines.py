"""Distillation as a step of a pipeline's recipe: before it, behind it, and going on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from plugins.distil.technique import Distil
from plugins.elastic_denoiser.technique import ElasticDenoiser
from plugins.int8.technique import Int8
from plugins.subnet.technique import Subnet
from studio.errors import BadRecipe
from studio.families.diffusion.model import DiffusionModel
from studio.families.opening import open_model
from studio.recipes.applying import apply, cut_to
from studio.recipes.contract import Context
from studio.recipes.recipe import Recipe, Step
from studio.recipes.registry import Entry, Registry
from studio.recipes.testing import Stopped
from studio.recipes.variant_cache import UNFINISHED, VariantCache
from studio.subnets.choice import SubnetChoice
from studio.training.distil.options import DistilLook
from tests.families.diffusion.tiny import shared_model, small_inputs

NAME = "StableDiffusionPipeline"
REGISTRY = Registry(
    [
        Entry(each.name, "", "ready", each)
        for each in (Subnet(), ElasticDenoiser(), Int8(), Distil())
    ]
)
STEPS = {"steps": 3, "batch": 2, "average": False}
HALF = ("subnet", {"width": 0.5})


@pytest.fixture(autouse=True)
def few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a test takes moments."""
    monkeypatch.setattr("studio.training.distil.denoisers.pupil.held_runs", lambda *_: 2)
    monkeypatch.setattr("studio.training.distil.denoisers.pool.FIRST", 3)


@pytest.fixture(scope="module")
def model() -> DiffusionModel:
    """A tiny pipeline that runs two steps."""
    whole = shared_model(NAME)
    return whole.described(replace(whole.info, config=replace(whole.info.config, steps=2)))


def recipe(*steps: tuple[str, dict[str, Any]]) -> Recipe:
    return Recipe("test", tuple(Step(name, params=params) for name, params in steps))


def applied(model: Any, where: Path, *steps: tuple[str, dict[str, Any]], **more: Any) -> Any:
    context, cache = Context(**more), VariantCache(where)
    return apply(model, recipe(*steps), context, registry=REGISTRY, cache=cache)


def test_what_was_cut_learns_is_kept_and_takes_int8_after(
    model: DiffusionModel, tmp_path: Path
) -> None:
    looks: list[DistilLook] = []
    int8 = ("int8", {"samples": 2})
    made = applied(model, tmp_path / "c", HALF, ("distil", STEPS), int8, looked=looks.append)
    report = next(r.report for r in made.reports if r.verb == "transform")
    assert "won back" in report.summary
    assert any(note.startswith("all over 2 held-out inputs") for note in report.notes)
    assert any("runs of full, drawn from a table of usual prompts" in n for n in report.notes)
    assert report.touched > 20
    assert made.plan is not None
    assert made.plan.layers
    assert [look.step for look in looks] == [0, 3]
    given = model.cut(SubnetChoice(0.5)).network
    same = zip(given.state_dict().values(), made.model.network.state_dict().values(), strict=True)
    pairs = list(same)
    assert all(a.shape == b.shape and a.dtype == b.dtype for a, b in pairs)
    assert not any(torch.equal(a, b) for a, b in pairs if a.ndim > 1)
    again = applied(model, tmp_path / "c", HALF, ("distil", STEPS))
    assert again.reports[-1].cached
    made.model.save(tmp_path / "out")
    opened = open_model(tmp_path / "out")
    inputs = small_inputs(NAME)
    apart = np.abs(opened.render(inputs).astype(int) - made.model.render(inputs))  # type: ignore[arg-type]
    assert apart.max() <= 1


def test_a_step_that_is_broken_off_goes_on_and_one_that_is_stopped_keeps_its_best(
    model: DiffusionModel, tmp_path: Path
) -> None:
    long = {**STEPS, "steps": 44}
    asked = []

    def leave(fraction: float, text: str) -> None:
        if "training, step 30" in text:
            raise Stopped

    with pytest.raises(Stopped):
        applied(model, tmp_path, HALF, ("distil", long), progress=leave)
    (state,) = (tmp_path / UNFINISHED).iterdir()

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 4

    made = applied(model, tmp_path, HALF, ("distil", {**long, "steps": 60}), stopped=stop)
    notes = made.reports[-1].report.notes
    assert any(note.startswith("it went on from step 2") for note in notes)
    assert any(note.startswith("it was ended early, after step 2") for note in notes)
    assert state.is_file()  # to go on from once more minutes are given
    whole = applied(model, tmp_path, HALF, ("distil", {**long, "steps": 30}))
    assert any(note.startswith("it went on from") for note in whole.reports[-1].report.notes)
    assert not state.exists()


def test_slices_learn_and_stay_live(model: DiffusionModel, tmp_path: Path) -> None:
    order = ("elastic_denoiser", {"runs": 1, "calls": 2})
    learn = ("distil", {**STEPS, "narrowest": 0.5})
    narrow = ("elastic_denoiser", {"width": 0.5, "order": False})
    made = applied(model, tmp_path, order, learn, narrow)
    assert made.choice.width == 0.5
    ordered = made.model.info.config.ordered
    assert ordered is not None
    before = applied(model, tmp_path, order).model.info.config.ordered
    assert ordered.skip_order == before.skip_order
    assert ordered.sensitivity != before.sensitivity  # widths err otherwise now
    notes = made.reports[-2].report.notes
    assert [n.split(":")[0] for n in notes if n.startswith("width ")] == [
        *("width 1", "width 0.75", "width 0.5")
    ]
    assert cut_to(made).model.info.parameters < model.info.parameters


def test_prompts_are_the_users_own(model: DiffusionModel, tmp_path: Path) -> None:
    file = tmp_path / "prompts.txt"
    file.write_text("a\nb\n", "utf-8")
    for given, said in (("a red cat, at night", "1 prompts"), (str(file), "2 prompts")):
        step = ("distil", {**STEPS, "prompts": given, "steps": 1})
        made = applied(model, tmp_path / "c", HALF, step)
        assert any(said in note for note in made.reports[-1].report.notes)
    with pytest.raises(BadRecipe, match=r"step 2 \(distil\): prompts of .* cannot be read"):
        applied(model, tmp_path / "c", HALF, ("distil", {**STEPS, "prompts": "none.txt"}))
    packed = replace(model.info, config=replace(model.info.config, packed="Q4_K"))
    assert Distil().applies_to(packed) == "weights packed as Q4_K cannot be trained"
