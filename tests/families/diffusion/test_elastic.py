"""Subnets of a pipeline's denoiser: drawn, cut, saved, opened, costed and refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.errors import BadChoice, RefusedFile
from studio.families.opening import open_model
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse
from studio.subnets.denoisers.scheduling import Ordered, Sensitivity
from studio.subnets.describe import variant_name
from tests.families.diffusion.tiny import CLASSES, shared_model, small_inputs

HALF = SubnetChoice(width=0.5, denoising=Denoising(Elastic(depth=0.6)))
FULL = SubnetChoice()


def _reused(**said: object) -> SubnetChoice:
    return SubnetChoice(denoising=Denoising(reuse=Reuse(**said)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CLASSES)
def test_a_subnet_draws_as_its_cut_that_was_saved_and_opened(name: str, tmp_path: Path) -> None:
    model, inputs = shared_model(name), small_inputs(name)
    narrow = model.render(inputs, HALF)
    assert not np.array_equal(narrow, model.render(inputs))
    made = model.cut(HALF)
    assert made.info.key != model.info.key
    assert made.info.parameters < model.info.parameters
    assert np.abs(narrow.astype(int) - made.render(inputs)).max() <= 1
    made.save(tmp_path / "cut")
    again = open_model(tmp_path / "cut")
    assert np.array_equal(again.render(inputs), made.render(inputs))
    assert again.info.config == made.info.config
    config = model.info.config
    whole = cost(config, resolve(FULL, config)).macs
    half = cost(config, resolve(HALF, config)).macs
    assert half == cost(made.info.config, resolve(FULL, made.info.config)).macs
    assert 0.1 * whole < half < 0.8 * whole


def test_cuts_of_cuts_are_opened_again(tmp_path: Path) -> None:
    model, inputs = shared_model("StableDiffusionPipeline"), small_inputs("StableDiffusionPipeline")
    twice = model.cut(SubnetChoice(width=0.5)).cut(SubnetChoice(width=0.5))
    twice.save(tmp_path / "twice")
    again = open_model(tmp_path / "twice")
    assert np.array_equal(again.render(inputs), twice.render(inputs))
    assert [step.step for step in again.info.history] == ["cut", "cut"]


def test_features_are_used_again_and_guidance_ends() -> None:
    name = "StableDiffusionPipeline"
    model, inputs = shared_model(name), replace(small_inputs(name), steps=4)
    full = model.render(inputs)
    for choice in (_reused(interval=2), _reused(guided=(0.0, 0.5))):
        assert not np.array_equal(model.render(inputs, choice), full)
    assert np.array_equal(model.render(inputs, _reused(interval=1)), full)
    assert np.array_equal(model.render(inputs), full)
    config = model.info.config
    whole = cost(config, resolve(FULL, config)).macs
    assert cost(config, resolve(_reused(guided=(0.0, 0.4)), config)).macs == pytest.approx(
        0.7 * whole, rel=1e-3
    )
    assert cost(config, resolve(_reused(interval=5), config)).macs < 0.5 * whole


def test_flux_uses_the_cache_of_diffusers() -> None:
    model, inputs = shared_model("FluxPipeline"), small_inputs("FluxPipeline")
    full = model.render(inputs)
    model.render(inputs, _reused(threshold=0.5))
    assert np.array_equal(model.render(inputs), full)
    with pytest.raises(BadChoice, match="every block"):
        resolve(
            SubnetChoice(denoising=Denoising(Elastic(depth=0.5), Reuse(threshold=0.5))),
            model.info.config,
        )


def test_a_drawing_stops_inside_of_a_subnet() -> None:
    model, inputs = shared_model("DDPMPipeline"), small_inputs("DDPMPipeline")
    asked = 0

    class Stopped(Exception):
        pass

    def between() -> None:
        nonlocal asked
        asked += 1
        if asked == 5:
            raise Stopped

    with pytest.raises(Stopped):
        model.render(inputs, HALF, between=between)
    assert asked == 5
    model.render(inputs, HALF)
    assert asked == 5


def test_a_subnet_is_a_portable_network_of_its_own() -> None:
    model = shared_model("DiTPipeline")
    whole, half = model.portable(), model.portable(SubnetChoice(width=0.5))
    assert half.key != whole.key
    assert half.macs < whole.macs
    assert half.parameters < whole.parameters
    (inputs,) = model.own_inputs(1)
    drawn = model.drawing(inputs, SubnetChoice(width=0.5))()
    fed = model.fed([port.name for port in half.inputs], inputs)
    given = [torch.from_numpy(fed[port.name]) for port in half.inputs]
    torch.testing.assert_close(half.module()(*given), drawn)


def test_what_steps_do_is_no_network() -> None:
    model = shared_model("DiTPipeline")
    choice = _reused(interval=2)
    assert "no single network" in str(model.uncut(choice))
    for call in (model.portable, model.cut):
        with pytest.raises(BadChoice, match="no single network"):
            call(choice)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (SubnetChoice(width=1.5), "width 1.5"),
        (SubnetChoice(rule="anycost"), "anycost"),
        (SubnetChoice(widths=(0.5,)), "one width"),
        (SubnetChoice(denoising=Denoising(Elastic(depth=-1))), "depth -1"),
        (SubnetChoice(denoising=Denoising(Elastic(skipped=("up",)))), "'up'"),
        (_reused(interval=2, branch=99), "branch 99 is not within 0 and 3"),
        (_reused(threshold=0.1), "for FLUX"),
    ],
)
def test_choices_that_do_not_fit(choice: SubnetChoice, words: str) -> None:
    with pytest.raises(BadChoice, match=words):
        resolve(choice, shared_model("StableDiffusionPipeline").info.config)


def test_damaged_notes_are_refused(tmp_path: Path) -> None:
    model = shared_model("DDPMPipeline").cut(SubnetChoice(width=0.5))
    model.save(tmp_path / "cut")
    notes = tmp_path / "cut" / "maquette.json"
    good = json.loads(notes.read_text("utf-8"))
    for kept, words in (
        ('{"counts": {"nowhere:heads": 1}, "skipped": []}', "nowhere:heads"),
        ('{"counts": {"mid_block.resnets.0:channels": 9}, "skipped": []}', "has 4"),
        ('{"counts": [1], "skipped": []}', "damaged"),
        ("{", "kept in maquette.json"),
        ('{"counts": {}, "skipped": []}', "disagree"),
    ):
        notes.write_text(json.dumps(good | {"kept": kept}), "utf-8")
        with pytest.raises(RefusedFile, match=words):
            open_model(tmp_path / "cut")


def test_what_was_measured_is_kept(tmp_path: Path) -> None:
    model = shared_model("DDPMPipeline")
    ordered = Ordered(("mid_block.resnets.1",), Sensitivity(1, (1.0, 0.5), ((0.0, 0.25),)))
    made = model.with_denoiser(model.network, replace(model.info.config, ordered=ordered))
    made.save(tmp_path / "ordered")
    assert open_model(tmp_path / "ordered").info.config.ordered == ordered
    # The block that costs least goes first.
    blocks = len(made.info.config.layout.blocks)
    one_less = SubnetChoice(denoising=Denoising(Elastic(depth=1 - 1 / blocks)))
    site = made.info.config.layout.sites
    channels = resolve(one_less, made.info.config).channels
    gone = {each.block for each, count in zip(site, channels, strict=True) if count == 0}
    assert gone == {"mid_block.resnets.1"}


def test_how_it_is_drawn_is_kept(tmp_path: Path) -> None:
    model = shared_model("StableDiffusionPipeline")
    config = replace(model.info.config, steps=7, guidance_scale=3.5)
    model.described(replace(model.info, config=config)).save(tmp_path / "own")
    again = open_model(tmp_path / "own").info.config
    assert (again.steps, again.guidance_scale) == (7, 3.5)
    notes = tmp_path / "own" / "maquette.json"
    good = json.loads(notes.read_text("utf-8"))
    for drawn in ("[0, 3]", "[7]", "[7, -1]", "[7, 1e9]", '["7", 3]'):
        notes.write_text(json.dumps(good | {"drawn": drawn}), "utf-8")
        with pytest.raises(RefusedFile, match=r"drawn in maquette.json is damaged"):
            open_model(tmp_path / "own")


def test_names() -> None:
    assert variant_name(HALF) == "width 0.5, depth 0.6"
    assert variant_name(_reused(interval=3, branch=2)) == "reuse 3 at branch 2"
    assert variant_name(_reused(guided=(0.0, 0.5))) == "guided 0-0.5"
    by_timestep = Denoising(Elastic(schedule=(0.5, 1.0), heads=0.5))
    assert variant_name(SubnetChoice(denoising=by_timestep)) == "by timestep, heads 0.5"
