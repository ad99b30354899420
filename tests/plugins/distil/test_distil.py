"""Distillation as a step: after which steps, what comes back, and what never changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from plugins.distil.technique import Distil
from plugins.int8.technique import Int8
from plugins.lowrank.technique import LowRank
from plugins.prune.technique import Prune
from plugins.subnet.technique import Subnet
from studio.commands import app
from studio.errors import BadChoice, BadRecipe
from studio.families.generative import AnyModel
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.translation.model import TranslationModel
from studio.recipes.applying import Variant, apply, cut_to
from studio.recipes.contract import Context
from studio.recipes.recipe import Recipe, Step, write_recipe
from studio.recipes.registry import Entry, Registry
from studio.recipes.testing import Stopped, case, small_generator, small_translator
from studio.recipes.variant_cache import VariantCache
from tests.families.small import small_config, small_model

STEPS = {"steps": 6, "batch": 2}
REGISTRY = Registry(
    [
        Entry(each.name, "", "ready", each)
        for each in (Subnet(), Prune(), LowRank(), Int8(), Distil())
    ]
)
SVD = {"method": "svd", "budget": 0.5, "least_weights": 0}
EARLIER: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "prune": (("prune", {"ratio": 0.4, "samples": 2}),),
    "lowrank": (("lowrank", SVD),),
    "subnet": (("subnet", {"width": 0.5}),),
    "three": (("subnet", {"width": 0.7}), ("prune", {"samples": 2}), ("lowrank", SVD)),
}


def recipe(*steps: tuple[str, dict[str, Any]]) -> Recipe:
    return Recipe("test", tuple(Step(name, params=params) for name, params in steps))


def applied(model: AnyModel, where: Path, *steps: tuple[str, dict[str, Any]]) -> Variant:
    return apply(model, recipe(*steps), registry=REGISTRY, cache=VariantCache(where))


def state(model: AnyModel) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in model.network.state_dict().items()}


def equal(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("earlier", EARLIER)
@pytest.mark.parametrize("make", [small_generator, small_translator])
def test_it_follows_every_step_and_comes_out_of_the_cache(
    make: Any, earlier: str, tmp_path: Path
) -> None:
    model = make()
    before = state(model)
    steps = (*EARLIER[earlier], ("distil", STEPS))
    first = applied(model, tmp_path, *steps)
    report = first.reports[-1]
    assert report.technique == "distil"
    assert "won back" in report.report.summary
    assert report.report.seconds > 0
    assert equal(before, state(model))
    given = cut_to(applied(model, tmp_path, *EARLIER[earlier])).model
    assert first.model.info.config == given.info.config
    assert not equal(state(given), state(first.model))
    second = applied(model, tmp_path, *steps)
    assert second.reports[-1].cached
    assert second.reports[-1].report == report.report
    assert equal(state(first.model), state(second.model))


def test_seeds_and_directions_keep_their_meaning(tmp_path: Path) -> None:
    model = small_model(directions=("age",))
    made = applied(model, tmp_path, *EARLIER["prune"], ("distil", STEPS)).model
    assert isinstance(made, Model)
    assert torch.equal(made.directions, model.directions)
    for name, tensor in model.network.state_dict().items():
        if name.startswith(("mapping.", "w_avg")) or name.endswith("noise_strength"):
            assert torch.equal(made.network.state_dict()[name], tensor)
    assert made.info.widths == (1.0,)


def test_a_mapping_network_that_was_factorised_learns_too(tmp_path: Path) -> None:
    model = small_generator()
    split = ("lowrank", {**SVD, "mapping": True})
    given = applied(model, tmp_path, split).model
    made = applied(model, tmp_path, split, ("distil", STEPS)).model
    name = "mapping.0.weight"
    assert not torch.equal(given.network.state_dict()[name], made.network.state_dict()[name])


def test_labels_a_clamp_and_a_lower_resolution(tmp_path: Path) -> None:
    model = small_model(small_config(c_dim=3, conv_clamp=4.0))
    made = applied(model, tmp_path, ("subnet", {"width": 0.6, "resolution": 16}), ("distil", STEPS))
    assert made.model.info.config.resolution == 16
    assert made.reports[-1].report.touched


def test_label_maps_with_batch_norms() -> None:
    each = case(Distil, {"steps": 1, "batch": 1}, small_translator(labels=True))
    baked = each.technique.transform(each.model, each.params, Context(full=each.full))
    assert baked.report.notes[2].endswith("test label maps drawn by Maquette")
    old, new = each.model.network.state_dict(), baked.model.network.state_dict()
    assert all(torch.equal(old[n], new[n]) for n in old if n.endswith((".mean", ".var")))


def test_no_steps_give_back_what_was_given() -> None:
    each = case(Distil, {"steps": 0})
    baked = each.technique.transform(each.model, each.params, Context(full=each.full))
    assert baked.model is each.model
    assert baked.report.touched == 0


def test_what_draws_as_full_does_is_left_alone(tmp_path: Path) -> None:
    model = small_generator()
    made = applied(model, tmp_path, ("subnet", {"width": 1.0}), ("distil", {}))
    assert made.model is model
    assert made.reports[-1].report.summary == (
        "it draws what full draws; there is nothing to win back"
    )


def test_it_needs_something_to_win_back_and_somebody_to_learn_from(tmp_path: Path) -> None:
    model = small_generator()
    with pytest.raises(BadRecipe, match=r"step 1 \(distil\): full has nothing to win back; acc"):
        applied(model, tmp_path, ("distil", STEPS))
    off = Step("prune", on=False, params={"samples": 2})
    alone = Recipe("off", (off, Step("distil", params=STEPS)))
    with pytest.raises(BadRecipe, match="nothing to win back"):
        apply(model, alone, registry=REGISTRY)
    each = case(Distil)
    with pytest.raises(BadChoice, match="there is no full model to learn from"):
        each.technique.transform(each.model, each.params, Context())


def test_a_plan_for_int8_comes_after_it(tmp_path: Path) -> None:
    eight = ("int8", {"samples": 2, "keep": ["layer1.convolved"]})
    pruned = EARLIER["prune"][0]
    made = applied(small_generator(), tmp_path, pruned, ("distil", STEPS), eight)
    assert made.plan is not None
    assert made.plan.layers
    with pytest.raises(BadRecipe, match="it must come before that"):
        applied(small_generator(), tmp_path, pruned, eight, ("distil", STEPS))


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    model = small_generator()
    before = state(model)

    def stop(fraction: float, text: str) -> None:
        if "training, step 3" in text:
            raise Stopped

    steps = recipe(*EARLIER["prune"], ("distil", STEPS))
    with pytest.raises(Stopped):
        apply(model, steps, Context(progress=stop), registry=REGISTRY, cache=VariantCache(tmp_path))
    assert equal(before, state(model))
    (kept,) = tmp_path.iterdir()  # what was pruned, and nothing of what learns
    pruned = applied(model, tmp_path, *EARLIER["prune"])
    assert pruned.reports[-1].cached
    assert pruned.model.info.key == kept.name


def test_seeds_decide_the_weights(tmp_path: Path) -> None:
    found = []
    for place, seed, more in (("a", 0, {}), ("b", 0, {}), ("c", 1, {}), ("d", 0, {"seed": 1})):
        steps = recipe(*EARLIER["subnet"], ("distil", {**STEPS, **more}))
        cache = VariantCache(tmp_path / place)
        made = apply(small_generator(), steps, Context(seed=seed), registry=REGISTRY, cache=cache)
        found.append(state(made.model))
    assert equal(found[0], found[1])
    assert not equal(found[0], found[2])
    assert equal(found[2], found[3])


def test_a_folder_of_pictures_teaches(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    random = np.random.default_rng(2)
    for number in range(3):
        pixels = random.integers(0, 256, (80, 96, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    model = small_translator()
    assert isinstance(model, TranslationModel)
    steps = recipe(*EARLIER["subnet"], ("distil", STEPS))
    context = Context(calibration=str(folder))
    made = apply(model, steps, context, registry=REGISTRY, cache=VariantCache(tmp_path / "c"))
    said = "it learnt from the 3 pictures of the folder pictures, their mirror images and crops"
    assert any(note.endswith(said) for note in made.reports[-1].report.notes)
    own = applied(model, tmp_path / "c", *EARLIER["subnet"], ("distil", STEPS))
    assert not equal(state(own.model), state(made.model))


@pytest.mark.parametrize("make", [small_generator, small_translator])
def test_compress_takes_it_as_a_step(make: Any, tmp_path: Path) -> None:
    model, text, out = (tmp_path / name for name in ("m.safetensors", "r.yaml", "o.safetensors"))
    make().save(model)
    write_recipe(recipe(*EARLIER["prune"], ("distil", STEPS)), text)
    words = ["compress", str(model), "--recipe", str(text), "-o", str(out)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "step 2 (distil): all over 16 held-out inputs; it learnt from " in done.stdout
    assert "step 2 (distil): it took " in done.stdout
    assert open_model(out).info.parameters < open_model(model).info.parameters
    write_recipe(recipe(("distil", STEPS)), text)
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 1
    assert "step 1 (distil): full has nothing to win back" in " ".join(refused.output.split())
