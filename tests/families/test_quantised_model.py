"""A model that carries a plan for int8: its keys, its file, and files that lie about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.checkpoints import save_maquette
from studio.errors import BadChoice, RefusedFile
from studio.families.inputs import GanInputs
from studio.families.metadata import to_metadata
from studio.families.opening import open_model
from studio.families.quantization import QuantPlan, packed, unpacked
from studio.subnets.choice import SubnetChoice
from tests.families.quantised import plan_of, tame_model

MODEL = tame_model()
PLAN = plan_of(MODEL, keep=(("rgb0.convolved", "ToRGB"),))


def test_a_plan_comes_back_from_text() -> None:
    rows = np.arange(36, dtype=np.float32).reshape(2, 18)
    plan = plan_of(MODEL, estimator="percentile", percentile=99.5, latents=packed(rows))
    again = QuantPlan.from_json(plan.to_json())
    assert again == plan
    assert again.digest == plan.digest != PLAN.digest
    assert np.array_equal(unpacked(again.latents, 18), rows)


def test_keys_depend_on_the_plan_and_the_given_model_stays() -> None:
    other = plan_of(MODEL, samples=9)
    made = MODEL.quantised(PLAN)
    assert MODEL.plan is None
    assert not MODEL.info.quantised
    assert (made.plan, made.info.quantised) == (PLAN, True)
    assert made.info.history[-1].step == "quantise"
    models = (MODEL, made, MODEL.quantised(other))
    assert len({model.info.key for model in models}) == 3
    assert len({model.portable().key for model in models}) == 3
    assert made.portable().macs == MODEL.portable().macs


def test_subnets_carry_it_and_calibrate_by_themselves() -> None:
    made = MODEL.quantised(PLAN)
    network = made.portable(SubnetChoice(width=0.5, resolution=16))
    assert network.quantisation is not None
    feeds = network.quantisation.feeds()
    assert len(feeds) == PLAN.samples
    assert {name: array.shape for name, array in feeds[0].items()} == {
        "styles": (1, MODEL.info.config.style_count, 18),
        "noise": (1,),
    }
    again = made.portable().quantisation
    assert again is not None
    assert np.array_equal(again.feeds()[3]["styles"], feeds[3]["styles"])
    assert not np.array_equal(feeds[0]["styles"], feeds[1]["styles"])


def test_latents_of_a_plan_are_its_calibration_inputs() -> None:
    rows = np.linspace(-1, 1, 36, dtype=np.float32).reshape(2, 18)
    quantisation = MODEL.quantised(plan_of(MODEL, latents=packed(rows))).portable().quantisation
    assert quantisation is not None
    feeds = quantisation.feeds()
    assert len(feeds) == 2
    assert np.array_equal(feeds[1]["styles"][0, 4], rows[1])


def test_a_layer_that_the_model_lacks_is_refused() -> None:
    with pytest.raises(BadChoice, match=r"no layer layer99\.convolved; it has layer0\.convolved"):
        MODEL.quantised(QuantPlan(("layer99.convolved",)))


def test_saved_and_opened_it_draws_the_same(tmp_path: Path) -> None:
    made = MODEL.quantised(PLAN)
    made.save(tmp_path / "int8.safetensors")
    opened = open_model(tmp_path / "int8.safetensors")
    assert (opened.plan, opened.info.quantised) == (PLAN, True)
    assert opened.info.history[-1] == made.info.history[-1]
    inputs = GanInputs(seed=4)
    assert np.array_equal(opened.render(inputs), MODEL.render(inputs))
    assert torch.equal(opened.calibration_latents(PLAN), made.calibration_latents(PLAN))


HOSTILE: dict[str, Any] = {
    "not JSON": "{",
    "a list": "[]",
    "deep": "[" * 100_000,
    "an unknown field": {"run": "rm"},
    "layers that are no list": {"layers": "layer0.convolved"},
    "a layer that is no name": {"layers": ["layer0\n"]},
    "a layer twice": {"layers": ["layer0.convolved", "layer0.convolved"]},
    "a layer of another model": {"layers": ["layer99.convolved"]},
    "keep without a reason": {"keep": [["layer0.convolved"]]},
    "a reason without end": {"keep": [["layer0.convolved", "x" * 1000]]},
    "an estimator": {"estimator": "magic"},
    "an estimator that is a list": {"estimator": ["min-max"]},
    "a percentile": {"percentile": 1e9},
    "a percentile that is none": {"percentile": float("nan")},
    "samples": {"samples": 10**9},
    "samples that are true": {"samples": True},
    "a seed": {"seed": -1},
    "a correction": {"bias_correction": 1},
    "a folder's name": {"calibration": "a\x1b[31m"},
    "latents that are no base64": {"latents": "§"},
    "latents of another width": {"latents": packed(np.zeros((1, 17), np.float32))},
    "latents that are no numbers": {"latents": packed(np.full((1, 18), np.nan, np.float32))},
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_hostile_plans_are_refused_with_a_sentence(value: Any, tmp_path: Path) -> None:
    path = tmp_path / "hostile.safetensors"
    metadata = to_metadata(MODEL.info)
    metadata["quantization"] = value if isinstance(value, str) else json.dumps(value)
    save_maquette(path, MODEL.network.state_dict(), metadata, {}, "f32")
    with pytest.raises(RefusedFile, match=r"“quantization” in its metadata") as caught:
        open_model(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
