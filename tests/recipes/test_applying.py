"""Applying recipes: the order of verbs, cutting before baking, sharing, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from plugins.subnet.technique import Subnet
from studio.errors import BadChoice, BadRecipe, MaquetteError, NotEnoughMemory
from studio.families.model import Model
from studio.families.opening import open_model
from studio.recipes.applying import Variant, apply, cut_to, fingerprint
from studio.recipes.contract import Baked, Context, Report, Technique
from studio.recipes.recipe import Recipe, Step
from studio.recipes.variant_cache import VariantCache
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model
from tests.recipes.small_techniques import CALLS, Every, Scale, ScaleParams, Twice, registry

FULL = SubnetChoice()


@pytest.fixture(autouse=True)
def calls() -> Iterator[list[tuple[str, Any]]]:
    CALLS.clear()
    yield CALLS
    CALLS.clear()


@pytest.fixture
def model() -> Model:
    return small_model(directions=("age",))


def recipe(*steps: tuple[str, dict[str, Any]]) -> Recipe:
    return Recipe("test", tuple(Step(name, params=params) for name, params in steps))


def applied(model: Model, *steps: tuple[str, dict[str, Any]], **context: Any) -> Variant:
    every = registry(Subnet, Scale, Twice, Every)
    return apply(model, recipe(*steps), Context(**context), registry=every)


def picture(model: Model, choice: SubnetChoice = FULL) -> torch.Tensor:
    z = torch.cat([model.latent(seed) for seed in (1, 2)])
    w = model.network.map(z)[:, None].expand(-1, model.info.config.style_count, -1)
    return model.picture(w, choice)


def test_an_empty_recipe_is_full(model: Model) -> None:
    variant = apply(model, Recipe())
    assert variant == Variant(model)
    assert variant.model is model


def test_selecting_bakes_nothing(model: Model, own_folders: Path) -> None:
    variant = applied(model, ("subnet", {"width": 0.5, "resolution": 16}))
    assert variant.model is model
    assert variant.choice == SubnetChoice(width=0.5, resolution=16)
    assert [(r.step, r.verb, r.report.summary) for r in variant.reports] == [
        (1, "select", "selected width 0.5, 16 px")
    ]
    assert not list(own_folders.rglob("*.safetensors"))


def test_selections_add_up_and_steps_that_are_off_do_nothing(model: Model) -> None:
    off = Step("subnet", on=False, params={"width": 0.1})
    two = (Step("subnet", params={"width": 0.5}), off, Step("subnet", params={"resolution": 8}))
    variant = apply(model, Recipe("r", two))
    assert variant.choice == SubnetChoice(width=0.5, resolution=8)
    assert [each.step for each in variant.reports] == [1, 3]


def test_sorting_comes_before_selecting_and_keeps_the_picture(model: Model) -> None:
    variant = applied(model, ("subnet", {"width": 0.5, "sort": True}))
    assert [each.verb for each in variant.reports] == ["prepare", "select"]
    assert variant.model.info.sorted_channels
    assert (picture(variant.model) - picture(model)).abs().max() < 1e-4
    again = applied(variant.model, ("subnet", {"width": 0.5, "sort": True}))
    assert again.model is variant.model  # it is sorted already, so that nothing is baked


def test_what_bakes_sees_the_model_cut_to_the_choice(
    model: Model, calls: list[tuple[str, Any]]
) -> None:
    steps = (("subnet", {"width": 0.5, "resolution": 16}), ("scale", {"factor": 1.5}))
    variant = applied(model, *steps)
    cut = (12, 12, 12, 10, 8, 8)
    assert calls == [("scale transform", cut)]
    assert variant.choice == FULL
    assert variant.model.info.config.channels == cut
    assert variant.model.info.config.resolution == 16
    assert [(each.step, each.verb) for each in variant.reports] == [
        (1, "select"),
        (2, "cut"),
        (2, "transform"),
    ]
    report = variant.reports[1].report
    assert report.disk_after < report.disk_before
    assert [layer.detail for layer in report.layers][3:] == [
        "16 to 8 channels",
        "16 to 8 channels",
        "left out",
        "left out",
        "left out",
    ]
    assert report.layers[-1].name == "rgb.3"
    assert report.layers[3].bytes_after < report.layers[3].bytes_before
    # The same as cutting first and scaling the cut model.
    small = cut_to(Variant(model, SubnetChoice(width=0.5, resolution=16))).model
    assert torch.equal(picture(applied(small, steps[1]).model), picture(variant.model))
    assert torch.equal(picture(small), picture(model, SubnetChoice(width=0.5, resolution=16)))


def test_verbs_of_one_technique_run_in_their_order(
    model: Model, calls: list[tuple[str, Any]]
) -> None:
    variant = applied(model, ("every", {"factor": 2.0}), seed=5)
    assert calls == [
        ("every prepare", 5),
        ("every select", FULL),
        ("every transform", 16),
        ("every lower", 16),
    ]
    verbs = [each.verb for each in variant.reports]
    assert verbs == ["prepare", "select", "cut", "transform", "lower"]
    assert variant.plan is not None
    assert variant.plan.layers == ("a",)
    assert variant.plan.seed == 5


def test_sizes_that_a_report_leaves_out_are_counted(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Faulty, "gives", Baked(model, Report("nothing to do")))
    (done,) = apply(model, recipe(("faulty", {})), registry=registry(Faulty)).reports
    stored = 4 * sum(tensor.numel() for tensor in model.network.state_dict().values())
    assert done.report == Report("nothing to do", (), stored, stored, stored, stored)


def test_the_given_model_stays_as_it_was(model: Model) -> None:
    before = {name: tensor.clone() for name, tensor in model.network.state_dict().items()}
    info = model.info
    applied(model, ("subnet", {"width": 0.5, "sort": True}), ("scale", {"factor": 0.5}))
    assert model.info is info
    after = model.network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_what_two_variants_share_is_computed_once(
    model: Model, calls: list[tuple[str, Any]]
) -> None:
    shared = (("subnet", {"width": 0.5}), ("scale", {"factor": 1.5}))
    first = applied(model, *shared, ("twice", {"factor": 0.5}))
    assert [name for name, _ in calls] == ["scale transform", "twice transform"]
    second = applied(model, *shared, ("twice", {"factor": 0.25}))
    assert [name for name, _ in calls][2:] == ["twice transform"]
    assert [r.cached for r in second.reports if r.verb == "transform"] == [True, False]
    assert first.model.info.key != second.model.info.key
    again = applied(model, *shared, ("twice", {"factor": 0.5}))
    assert len(calls) == 3
    assert again.model.info == first.model.info
    assert torch.equal(picture(again.model), picture(first.model))
    texts = [[r.report for r in variant.reports] for variant in (first, again)]
    assert texts[0] == texts[1]


def test_the_key_follows_from_all_that_matters(model: Model, calls: list[tuple[str, Any]]) -> None:
    def key(*steps: tuple[str, dict[str, Any]], **context: Any) -> str:
        return applied(model, *steps, **context).model.info.key

    plain = key(("scale", {}))
    # Defaults that are spelled out and a width written another way are the same recipe.
    assert key(("scale", {"factor": 1})) == plain
    assert len(calls) == 1
    others = [
        key(("scale", {"factor": 1.5})),
        key(("scale", {}), seed=1),
        key(("subnet", {"width": 0.5}), ("scale", {})),
        key(("scale", {}), ("scale", {})),
        applied(replaced(model, "other"), ("scale", {})).model.info.key,
    ]
    assert len({plain, model.info.key, *others}) == 7


def replaced(model: Model, key: str) -> Model:
    return Model(replace(model.info, key=key), model.network, model.directions)


def test_a_variant_keeps_what_it_came_from(model: Model) -> None:
    info = applied(model, ("scale", {"factor": 1.5})).model.info
    assert (info.name, info.path, info.licence) == ("small", "small.safetensors", "Apache-2.0")
    assert info.source_sha256 == model.info.source_sha256
    assert info.directions == ("age",)
    assert [(h.step, h.detail) for h in info.history] == [("scale", "scaled by 1.5")]


def test_a_saved_variant_opens_to_the_same_picture(model: Model, tmp_path: Path) -> None:
    steps = (("subnet", {"width": 0.5, "sort": True}), ("scale", {"factor": 1.5}))
    for count in (1, 2):
        variant = applied(model, *steps[:count])
        made = cut_to(variant).model
        made.save(tmp_path / "variant.safetensors")
        opened = open_model(tmp_path / "variant.safetensors")
        assert torch.equal(picture(opened), picture(variant.model, variant.choice))
        assert opened.info.history == made.info.history


def test_calibration_inputs_are_known_by_what_they_hold(tmp_path: Path) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    empty = fingerprint(str(folder))
    (folder / "a.png").write_bytes(b"1")
    one = fingerprint(str(folder))
    assert fingerprint(str(folder)) == one != empty
    (folder / "a.png").write_bytes(b"22")
    assert fingerprint(str(folder)) not in (one, empty)
    assert fingerprint(str(tmp_path / "none")) != empty


def test_progress_rises_to_the_end_and_names_the_steps(model: Model) -> None:
    told: list[tuple[float, str]] = []
    steps = (("scale", {}), ("twice", {}))
    applied(model, *steps, progress=lambda fraction, text: told.append((fraction, text)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert (0.25, "step 1 (scale): scaling") in told
    assert (0.75, "step 2 (twice): scaling") in told
    assert fractions[-1] == 1


class Faulty(Technique):
    """Gives back what its test has put there."""

    name = "faulty"
    title = "Faulty"
    summary = "Go wrong."
    params = ScaleParams
    gives: Any = None

    def transform(self, model: Model, params: Any, context: Context) -> Baked:
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives  # type: ignore[no-any-return]


def failing(model: Model, gives: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(Faulty, "gives", gives)
    steps = recipe(("scale", {}), ("faulty", {}))
    with pytest.raises(MaquetteError) as caught:
        apply(model, steps, registry=registry(Scale, Faulty))
    return str(caught.value)


def test_a_failure_names_the_step(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        failing(model, BadChoice("7 is too much"), monkeypatch) == "step 2 (faulty): 7 is too much"
    )
    assert failing(model, KeyError("x"), monkeypatch) == "step 2 (faulty) failed: KeyError: 'x'"
    assert (
        failing(model, None, monkeypatch) == "step 2 (faulty) failed: its transform gave no Baked"
    )


def test_models_that_cannot_draw_are_refused(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    report = applied(model, ("scale", {})).reports[0].report
    tensors = {n: t.clone() for n, t in model.network.state_dict().items()}
    tensors["rgb.3.bias"].fill_(float("nan"))
    network = type(model.network).from_tensors(model.info.config, tensors)
    bad = Baked(Model(model.info, network, model.directions), report)
    assert "no numbers" in failing(model, bad, monkeypatch)
    lying = replace(model.info, config=small_config((24, 24, 24, 20, 16, 16)))
    bad = Baked(Model(lying, model.network, model.directions), report)
    assert "step 2 (faulty)" in failing(model, bad, monkeypatch)


def test_progress_is_shared_out_by_how_long_steps_take(model: Model) -> None:
    class Long(Scale):
        name = "long"

        def seconds(self, params: Any) -> float:
            return 95.0

    told: list[tuple[float, str]] = []
    steps = recipe(("subnet", {"width": 0.5}), ("scale", {}), ("long", {}))
    context = Context(progress=lambda fraction, text: told.append((fraction, text)))
    apply(model, steps, context, registry=registry(Subnet, Scale, Long))
    halfway = [fraction for fraction, text in told if text.endswith("scaling")]
    assert halfway == pytest.approx([0.025, 0.525])


def test_what_progress_raises_passes_through(model: Model) -> None:
    class Enough(MaquetteError):
        pass

    def progress(fraction: float, text: str) -> None:
        if text.endswith("scaling"):
            raise Enough("stop")

    with pytest.raises(Enough, match=r"^stop$"):
        applied(model, ("scale", {}), progress=progress)
    # Nothing was kept of what was stopped.
    assert [r.cached for r in applied(model, ("scale", {})).reports] == [False]


def test_memory_is_looked_at_first(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    class Little:
        available = 1000

    monkeypatch.setattr(psutil, "virtual_memory", lambda: Little)
    with pytest.raises(NotEnoughMemory, match=r"^step 1 \(scale\) needs about .* GB are free"):
        applied(model, ("scale", {}))
    assert CALLS == []


def test_nothing_but_plans_may_follow_a_plan(model: Model) -> None:
    with pytest.raises(BadRecipe, match=r"^step 2 \(scale\): .* step 1 \(every\)"):
        applied(model, ("every", {}), ("scale", {}))
    with pytest.raises(BadRecipe, match=r"^step 2 \(every\): .* accepted is a place before"):
        applied(model, ("every", {}), ("every", {}))


def test_a_choice_that_cannot_be_a_model_is_refused_where_it_must_be(model: Model) -> None:
    assert applied(model, ("subnet", {"resolution": 4})).choice.resolution == 4
    with pytest.raises(BadRecipe, match=r"step 2 \(scale\): a subnet of 4 px"):
        applied(model, ("subnet", {"resolution": 4}), ("scale", {}))


def test_cutting_reports_itself_once(model: Model) -> None:
    variant = cut_to(applied(model, ("subnet", {"width": 0.5})))
    assert variant.choice == FULL
    assert [(each.step, each.verb) for each in variant.reports] == [(1, "select"), (1, "cut")]
    assert cut_to(variant) == variant
    assert cut_to(Variant(model, SubnetChoice(resolution=32))) == Variant(model)


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    model: Model, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    cache = VariantCache(blocked / "variants")
    steps = recipe(("scale", {"factor": 1.5}))
    variant = apply(model, steps, registry=registry(Scale), cache=cache)
    assert torch.equal(picture(variant.model), picture(applied(model, *_pairs(steps)).model))
    assert "cannot be kept" in caplog.text


def _pairs(made: Recipe) -> list[tuple[str, dict[str, Any]]]:
    return [(step.technique, dict(step.params)) for step in made.steps]
