"""The technique int8: its parameters, smoothing, its plan, and calibration folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from pydantic import ValidationError

from plugins.int8.calibration import latents_in
from plugins.int8.params import Int8Params
from plugins.int8.smoothing import FURTHEST, input_ranges, smoothed, smoothing_factors
from plugins.int8.technique import TECHNIQUE
from studio.errors import BadChoice
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.quantization import QuantPlan
from studio.places import assets_dir
from studio.recipes.contract import Context
from studio.recipes.sensitivity import Bench
from tests.families.quantised import convolutions, tame_model, with_tensors
from tests.families.small import small_config, small_model

MODEL = tame_model()
INT8 = TECHNIQUE()
FEW = Context(seed=3)


def params(**changes: Any) -> Int8Params:
    return Int8Params(**{"samples": 4, **changes})


def styles(model: Model) -> torch.Tensor:
    return model.calibration_latents(QuantPlan(samples=3, seed=99))[:, None].expand(
        -1, model.info.config.style_count, -1
    )


def spread_model() -> Model:
    """Input channels of layer 2 differ by a thousand times."""
    factors = torch.logspace(-1.5, 1.5, 16)
    tensors = MODEL.network.state_dict()
    return with_tensors(
        MODEL,
        layers__2__style_weight=tensors["layers.2.style_weight"] * factors[:, None],
        layers__2__style_bias=tensors["layers.2.style_bias"] * factors,
        layers__2__weight=tensors["layers.2.weight"] / factors[:, None, None],
    )


def test_who_it_is() -> None:
    assert (INT8.name, INT8.verbs()) == ("int8", ("prepare", "lower"))
    assert INT8.applies_to(MODEL.info) is None


def test_parameters_are_checked() -> None:
    assert Int8Params().keep == "auto"
    for wrong in (
        {"estimator": "magic"},
        {"percentile": 101},
        {"samples": 0},
        {"alpha": -0.1},
        {"keep": "some"},
        {"keep": ("a b",)},
        {"keep_last": -1},
        {"unknown": 1},
    ):
        with pytest.raises(ValidationError):
            Int8Params(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_smoothing_leaves_the_picture(alpha: float) -> None:
    made = INT8.prepare(MODEL, params(alpha=alpha), FEW)
    before, after = MODEL.picture(styles(MODEL)), made.model.picture(styles(MODEL))
    assert float((before - after).abs().max()) < 1e-5
    assert made.report.touched == 7
    assert made.model.info.key != MODEL.info.key
    assert made.model.info.history[-1].step == "smooth"
    assert made.model.plan is None


def test_smoothing_makes_planted_ranges_even() -> None:
    model = spread_model()
    latents = model.calibration_latents(QuantPlan(samples=4, seed=3))
    network, done = smoothed(model.network, latents, 1.0, lambda fraction, text: None)
    ranges = input_ranges(network, latents, lambda fraction, text: None)["layer2.convolved"]
    assert float(ranges.max() / ranges.min()) == pytest.approx(1, rel=1e-4)
    assert done[2].before > 10
    assert done[2].after == pytest.approx(1, rel=1e-4)


def test_smoothing_makes_int8_better_where_channels_differ() -> None:
    model = spread_model()
    made = INT8.prepare(model, params(), FEW).model
    names, plan = convolutions(model), QuantPlan(samples=4)
    before, after = Bench(model, plan, seeds=2).psnr(names), Bench(made, plan, seeds=2).psnr(names)
    assert before is not None
    assert after is not None
    assert after > before + 3


def test_smoothing_factors_by_hand() -> None:
    factors = smoothing_factors(torch.tensor([1.0, 16.0]), torch.tensor([1.0, 1.0]), 0.5)
    assert torch.allclose(factors, torch.tensor([0.5, 2.0]))  # 1 and 4, over their mean of 2
    dead = smoothing_factors(torch.tensor([0.0, 4.0]), torch.tensor([1.0, 0.0]), 0.5)
    assert torch.equal(dead, torch.ones(2))
    wild = smoothing_factors(torch.tensor([1e-30, 1e30]), torch.ones(2), 1.0)
    assert wild.tolist() == [1 / FURTHEST, FURTHEST]


def test_smoothing_off_changes_nothing() -> None:
    assert INT8.prepare(MODEL, params(smoothing=False), FEW).model is MODEL


def test_the_recipe_that_ships_fits() -> None:
    recipe = yaml.safe_load((assets_dir() / "recipes" / "int8.yaml").read_text(encoding="utf-8"))
    (step,) = recipe["steps"]
    assert (step["technique"], step["version"]) == (INT8.name, INT8.version)
    assert Int8Params(**step["params"]).samples == 64


def test_the_plan_of_the_usual_parameters() -> None:
    lowered = INT8.lower(QuantPlan(), MODEL, params(wanted=10), FEW)
    plan = lowered.plan
    assert plan.layers == convolutions(MODEL)
    assert {name for name, _ in plan.keep} == {f"rgb{k}.convolved" for k in range(4)}
    assert (plan.samples, plan.seed, plan.estimator) == (4, 3, "min-max")
    assert lowered.report.touched == 7
    assert lowered.report.resident_after < lowered.report.resident_before
    assert any("dB to float predicted" in note for note in lowered.report.notes)
    skipped = {layer.name: layer.skipped for layer in lowered.report.layers if layer.skipped}
    assert skipped["rgb0.convolved"] == "ToRGB stays in float"
    done = next(layer for layer in lowered.report.layers if layer.name == "layer2.convolved")
    assert done.bytes_before == 4 * done.bytes_after
    assert done.error is not None
    assert 0 < done.error < 0.05


def test_auto_leaves_the_worst_in_float() -> None:
    model = spread_model()
    bench = Bench(model, QuantPlan(samples=4, seed=3))
    together = bench.psnr(convolutions(model))
    assert together is not None
    plan = INT8.lower(QuantPlan(), model, params(wanted=together + 0.5), FEW).plan
    kept = [name for name, reason in plan.keep if reason == "its rounding costs the most"]
    assert kept == ["layer2.convolved"]
    assert "layer2.convolved" not in plan.layers


def test_what_is_named_and_the_last_stay_in_float() -> None:
    chosen = params(keep=("layer1.convolved",), keep_last=2, to_rgb=True)
    plan = INT8.lower(QuantPlan(), MODEL, chosen, FEW).plan
    assert dict(plan.keep) == {
        "layer1.convolved": "named in keep",
        "layer5.convolved": "one of the last layers",
        "layer6.convolved": "one of the last layers",
    }
    assert "rgb3.convolved" in plan.layers
    with pytest.raises(BadChoice, match=r"keep: this model has no layer layer99; it has layer0"):
        INT8.lower(QuantPlan(), MODEL, params(keep=("layer99",)), FEW)


def test_nothing_left_for_int8_is_said() -> None:
    lowered = INT8.lower(QuantPlan(), MODEL, params(keep=(), keep_last=64), FEW)
    assert lowered.plan.layers == ()
    assert "no layer is left for int8, so this variant runs in float" in lowered.report.notes


def test_entropy_says_where_it_exists() -> None:
    notes = INT8.lower(QuantPlan(), MODEL, params(estimator="entropy", keep=()), FEW).report.notes
    assert any("ONNX Runtime alone" in note for note in notes)


def test_saved_and_opened_it_is_the_same_variant(tmp_path: Path) -> None:
    baked = INT8.prepare(MODEL, params(), FEW).model
    made = baked.quantised(INT8.lower(QuantPlan(), baked, params(keep=()), FEW).plan)
    made.save(tmp_path / "variant.safetensors")
    opened = open_model(tmp_path / "variant.safetensors")
    assert opened.plan == made.plan
    assert torch.equal(opened.picture(styles(made)), made.picture(styles(made)))


def _z(folder: Path) -> None:
    np.save(folder / "some.npy", np.random.default_rng(0).standard_normal((3, 16)))


def _one_z(folder: Path) -> None:
    np.save(folder / "one.npy", np.zeros(16, np.float32))


def _w(folder: Path) -> None:
    np.save(folder / "w.npy", np.ones((2, 18), np.float32))


def _seeds(folder: Path) -> None:
    (folder / "seeds.json").write_text("[5, 6, 7, 8, 9]")


@pytest.mark.parametrize(("write", "count"), [(_z, 3), (_one_z, 1), (_w, 2), (_seeds, 4)])
def test_a_folder_of_latents(write: Callable[[Path], None], count: int, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "notes.txt").write_text("passed over")
    rows = latents_in(str(tmp_path), MODEL, 4)
    assert rows.shape == (count, 18)
    context = Context(calibration=str(tmp_path))
    plan = INT8.lower(QuantPlan(), MODEL, params(keep=()), context).plan
    assert plan.calibration == tmp_path.name
    assert torch.equal(MODEL.quantised(plan).calibration_latents(plan), rows)


def test_classes_take_turns(tmp_path: Path) -> None:
    model = small_model(small_config(c_dim=2))
    np.save(tmp_path / "z.npy", np.ones((3, 16), np.float32))
    rows = latents_in(str(tmp_path), model, 4)
    assert torch.allclose(rows[0], rows[2])
    assert not torch.allclose(rows[0], rows[1])


def test_seeds_are_the_models_own_latents(tmp_path: Path) -> None:
    _seeds(tmp_path)
    wanted = torch.cat([MODEL.network.map(MODEL.latent(seed)) for seed in (5, 6)])
    assert torch.allclose(latents_in(str(tmp_path), MODEL, 2), wanted, atol=1e-6)


def _empty(folder: Path) -> None:
    (folder / "picture.png").write_bytes(b"\x89PNG")


def _broken(folder: Path) -> None:
    (folder / "a.npy").write_bytes(b"\x93NUMPY broken")


def _objects(folder: Path) -> None:
    np.save(folder / "a.npy", np.array([{"a": 1}], object), allow_pickle=True)


def _texts(folder: Path) -> None:
    np.save(folder / "a.npy", np.array([["a"] * 16]))


def _shape(folder: Path) -> None:
    np.save(folder / "a.npy", np.zeros((2, 17)))


def _none(folder: Path) -> None:
    np.save(folder / "a.npy", np.zeros((0, 16)))


def _infinite(folder: Path) -> None:
    np.save(folder / "a.npy", np.full((1, 16), np.inf))


def _no_list(folder: Path) -> None:
    (folder / "a.json").write_text(json.dumps({"seeds": [1]}))


def _no_json(folder: Path) -> None:
    (folder / "a.json").write_text("[1, ")


def _no_seed(folder: Path) -> None:
    (folder / "a.json").write_text("[-1]")


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (_empty, "holds no inputs; accepted are latents as .npy"),
        (_broken, "cannot be read as .npy"),
        (_objects, "cannot be read as .npy"),
        (_texts, "holds no numbers"),
        (_shape, r"has the shape \(2, 17\); accepted is \(n, 16\) for z or \(n, 18\) for w"),
        (_none, r"has the shape \(0, 16\)"),
        (_infinite, "no finite numbers"),
        (_no_list, "a list of whole numbers is"),
        (_no_json, "it is not JSON"),
        (_no_seed, "cannot be used: seed -1 is not within"),
    ],
)
def test_bad_folders_are_refused(write: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(BadChoice, match=said):
        INT8.lower(QuantPlan(), MODEL, params(), Context(calibration=str(tmp_path)))


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadChoice, match="cannot be read"):
        latents_in(str(tmp_path / "none"), MODEL, 4)
