"""What ordering a pipeline's denoiser measures, and the choices that follow from it."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from plugins.elastic_denoiser.params import ElasticDenoiserParams
from plugins.elastic_denoiser.technique import ElasticDenoiser
from plugins.reuse.params import ReuseParams
from plugins.reuse.technique import FeatureReuse
from studio.errors import BadChoice
from studio.families.diffusion.opening import open_pipeline
from studio.recipes.contract import Baked, Context
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse
from studio.subnets.denoisers.scheduling import Sensitivity
from tests.families.diffusion.tiny import shared_model, small_inputs, tiny_pipeline

NAME = "DDPMPipeline"


def _few(model: Any, steps: int) -> Any:
    return model.described(replace(model.info, config=replace(model.info.config, steps=steps)))


@functools.cache
def _ordered() -> Baked:
    params = ElasticDenoiserParams(runs=1, calls=4)
    return ElasticDenoiser().prepare(_few(shared_model(NAME), 4), params, Context())


def test_ordering_keeps_the_picture_and_tells_what_it_found() -> None:
    model, made = shared_model(NAME), _ordered()
    inputs = small_inputs(NAME)
    apart = np.abs(made.model.render(inputs).astype(int) - model.render(inputs))
    assert apart.max() <= 1
    config = made.model.info.config
    layout = config.layout
    assert made.report.touched == len(layout.sites)
    assert {layer.name for layer in made.report.layers if layer.skipped} == {
        each.name for each in layout.left
    }
    assert sorted(config.ordered.skip_order) == sorted(block.name for block in layout.blocks)
    found = config.ordered.sensitivity
    assert found.steps == 4
    assert all(row[0] == 0 < row[-1] for row in found.errors)
    assert any("leaving it out changes" in note for note in made.report.notes)
    assert any("width 0.25" in note for note in made.report.notes)


def test_what_is_ordered_is_not_ordered_again() -> None:
    technique, params = ElasticDenoiser(), ElasticDenoiserParams(width=0.5)
    assert technique.needed(shared_model(NAME).info, params) == ("prepare", "select")
    made = _ordered().model
    assert technique.needed(made.info, params) == ("select",)
    assert technique.prepare(made, params, Context()).model is made


def test_depth_leaves_out_the_blocks_that_cost_least() -> None:
    made = _ordered().model
    config = made.info.config
    blocks = len(config.layout.blocks)
    params = ElasticDenoiserParams(depth=1 - 2 / blocks)
    choice = ElasticDenoiser().select(made.info, params, SubnetChoice())
    channels = resolve(choice, config).channels
    gone = {s.block for s, n in zip(config.layout.sites, channels, strict=True) if n == 0}
    assert gone == set(config.ordered.skip_order[:2])


def test_width_by_timestep_costs_no_more_than_the_width() -> None:
    made = _ordered().model
    technique, config = ElasticDenoiser(), made.info.config
    uniform = technique.select(made.info, ElasticDenoiserParams(width=0.6), SubnetChoice())
    params = ElasticDenoiserParams(width=0.6, by_timestep=1.0)
    spread = technique.select(made.info, params, SubnetChoice())
    assert spread == SubnetChoice(0.6, denoising=Denoising(Elastic(by_timestep=1.0)))
    definite = resolve(spread, config).denoising
    assert definite is not None
    assert len(definite.elastic.schedule) == 4
    assert len(set(definite.elastic.schedule)) > 1
    assert cost(config, resolve(spread, config)).macs <= cost(config, resolve(uniform, config)).macs
    inputs = small_inputs(NAME)
    assert not np.array_equal(made.render(inputs, spread), made.render(inputs))
    wide = Sensitivity(1, (1.0, 0.75), ((0.0, 0.1),))
    known = replace(config, ordered=replace(config.ordered, sensitivity=wide))
    with pytest.raises(BadChoice, match=r"narrowest that was measured by timestep, 0\.75"):
        technique.select(replace(made.info, config=known), params, SubnetChoice())


def test_width_by_timestep_waits_for_what_is_measured() -> None:
    info, technique = shared_model(NAME).info, ElasticDenoiser()
    params = ElasticDenoiserParams(width=0.6, by_timestep=True)
    assert params.by_timestep == 1.0  # as recipes said it when it was a yes or no
    waiting = technique.select(info, params, SubnetChoice())
    assert waiting == SubnetChoice(0.6, denoising=Denoising(Elastic(by_timestep=1.0)))
    assert resolve(waiting, info.config) == resolve(SubnetChoice(0.6), info.config)
    with pytest.raises(BadChoice, match="accepted is order: true"):
        technique.select(info, params.model_copy(update={"order": False}), SubnetChoice())


def test_both_techniques_share_a_choice() -> None:
    info = shared_model("StableDiffusionPipeline").info
    params = ElasticDenoiserParams(width=0.5, heads=1.0, order=False)
    choice = ElasticDenoiser().select(info, params, SubnetChoice())
    again = FeatureReuse().select(info, ReuseParams(guided_until=0.8), choice)
    wanted = Denoising(Elastic(heads=1.0), Reuse(interval=3, guided=(0.0, 0.8)))
    assert again == SubnetChoice(0.5, denoising=wanted)
    nothing = FeatureReuse().select(info, ReuseParams(interval=1), SubnetChoice())
    assert nothing == SubnetChoice()


def test_reuse_is_checked_against_the_pipeline() -> None:
    reuse = FeatureReuse()
    info = shared_model("StableDiffusionPipeline").info
    with pytest.raises(BadChoice, match="branch 40 is not within"):
        reuse.select(info, ReuseParams(branch=40), SubnetChoice())
    with pytest.raises(BadChoice, match="for FLUX"):
        reuse.select(info, ReuseParams(threshold=0.1), SubnetChoice())
    flux = shared_model("FluxPipeline").info
    choice = reuse.select(flux, ReuseParams(threshold=0.1), SubnetChoice())
    assert choice.denoising == Denoising(reuse=Reuse(threshold=0.1))
    with pytest.raises(ValueError, match="at most guided_until"):
        ReuseParams(guided_from=0.9, guided_until=0.5)


def test_prompts_come_from_the_calibration_folder(tmp_path: Path) -> None:
    from plugins.elastic_denoiser.preparing import _inputs

    model = shared_model("StableDiffusionPipeline")
    (tmp_path / "a.txt").write_text("a cup\n\na boat\n", "utf-8")
    context = Context(calibration=str(tmp_path), seed=7)
    given = _inputs(model, 3, context)
    assert [each.prompt for each in given] == ["a cup", "a boat", "a cup"]
    assert [each.seed for each in given] == [7, 8, 9]
    (tmp_path / "a.txt").write_text("\n", "utf-8")
    with pytest.raises(BadChoice, match="has no prompts"):
        _inputs(model, 3, context)
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(BadChoice, match="it is no text"):
        _inputs(model, 3, context)


def test_a_denoiser_in_half_precision_is_ordered_and_cut(tmp_path: Path) -> None:
    pipeline = tiny_pipeline(NAME).to(torch.float16)
    pipeline.save_pretrained(tmp_path / "half", safe_serialization=True)
    model = open_pipeline(tmp_path / "half")
    assert model.network.dtype == torch.float16
    params = ElasticDenoiserParams(runs=1, calls=2)
    made = ElasticDenoiser().prepare(model, params, Context()).model
    assert made.network.dtype == torch.float16
    assert made.info.config.layers == model.info.config.layers
    assert made.info.config.ordered is not None
    inputs = small_inputs(NAME)
    apart = made.render(inputs).astype(int) - model.render(inputs)
    assert np.abs(apart).max() <= 1
    cut = made.cut(SubnetChoice(width=0.5))
    assert cut.info.parameters < model.info.parameters
    cut.save(tmp_path / "cut")
    assert np.array_equal(open_pipeline(tmp_path / "cut").render(inputs), cut.render(inputs))
