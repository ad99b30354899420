"""Denoisers of pipelines, compiled and in int8, draw what PyTorch draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from plugins.int8.params import Int8Params
from plugins.int8.technique import Int8
from studio.engine.adopting import planned
from studio.errors import BadChoice
from studio.families.diffusion.model import DiffusionModel
from studio.families.quantization import QuantPlan
from studio.recipes.contract import Context
from studio.runtimes.all import runtime
from studio.runtimes.contract import Loaded
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice
from tests.families.diffusion.tiny import shared_model, small_inputs

SD, DIT = "StableDiffusionPipeline", "DiTPipeline"


def compiled(model: DiffusionModel, target: str, folder: Path, name: str) -> Loaded:
    made = Target.parse(target)
    plan = planned(model, SubnetChoice(), made, 1, model.sizes(small_inputs(name)))
    assert not plan.refusals
    runtime(made.runtime).compile(plan, folder)
    return runtime(made.runtime).load(plan, folder)


@pytest.mark.parametrize(
    ("name", "target"), [(SD, "openvino:CPU:f32"), (DIT, "onnxruntime:cpu:f32")]
)
def test_a_compiled_denoiser_draws_the_same(name: str, target: str, tmp_path: Path) -> None:
    model, inputs = shared_model(name), small_inputs(name)
    ready = compiled(model, target, tmp_path, name)
    names = [port.name for port in model.portable().inputs]
    drawn = model.render_with(ready.run, names, inputs).astype(np.int16)
    assert np.abs(drawn - model.render(inputs)).max() <= 1


def quantised(name: str, **params: Any) -> DiffusionModel:
    model: DiffusionModel = shared_model(name)
    made = Int8().lower(QuantPlan(), model, Int8Params(samples=4, **params), Context())
    assert "in int8" in made.report.summary
    return model.quantised(made.plan)


def test_int8_is_calibrated_along_trajectories(tmp_path: Path) -> None:
    model = quantised(SD)
    assert model.plan is not None
    network = model.portable()
    assert network.quantisation is not None
    feeds = network.quantisation.feeds()
    assert len(feeds) == 4
    times = [float(feed["timestep"][0]) for feed in feeds]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == 3  # PNDM asks twice at its second step
    assert "conv_in" not in model.plan.layers
    assert not any("time_emb" in layer for layer in model.plan.layers)
    ready = compiled(model, "onnxruntime:cpu:int8", tmp_path, SD)
    assert ready.placement.int8 is not None
    assert ready.placement.int8 > 0.3  # of so small a network, what stays in float is a large part
    fed = model.fed([port.name for port in network.inputs], small_inputs(SD))
    wanted = model.drawing(small_inputs(SD))().numpy()
    apart = ready.run(fed)["out_sample"] - wanted
    assert np.linalg.norm(apart) < 0.1 * np.linalg.norm(wanted)


def test_layers_that_are_named_stay_in_float() -> None:
    model = quantised(SD, keep=("mid_block.resnets.0.conv1",))
    assert model.plan is not None
    assert dict(model.plan.keep)["mid_block.resnets.0.conv1"] == "named in keep"
    with pytest.raises(BadChoice, match="no layer nothing"):
        quantised(SD, keep=("nothing",))
