"""Which sizes a compiled denoiser is made for, and which its files hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.engine.adopting import planned
from studio.engine.sizing import LARGE, fixed, sizes_of, written_for
from studio.families.diffusion.config import DiffusionConfig, LayerCount
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.inputs import GanInputs
from studio.runtimes.cache import key_of
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice
from tests.families.diffusion.tiny import shared_model
from tests.families.small import small_model

SMALL = DiffusionConfig(
    "StableDiffusionPipeline",
    "unet",
    4,
    8,
    8,
    8,
    8,
    takes=("prompt",),
    guidance="classifier-free",
    guidance_scale=7.5,
    scheduler="pndm",
    layers=(LayerCount("conv_in", 1000, LARGE - 1),),
)
BIG = replace(SMALL, layers=(LayerCount("conv_in", 1000, LARGE),))
BAKED = replace(BIG, pipeline="StableDiffusion3Pipeline", kind="sd3")
CPU, GPU = Target.parse("openvino:CPU:bf16"), Target.parse("openvino:GPU.0:f16")
WIDE = (("batch", 2), ("height", 4), ("width", 12))


def test_the_sizes_of_a_call_are_those_of_the_picture_and_of_guidance() -> None:
    asked = DiffusionInputs("a head", height=32, width=96)
    assert sizes_of(SMALL, asked) == WIDE
    assert sizes_of(SMALL, replace(asked, guidance=1.0)) == (("batch", 1), *WIDE[1:])
    assert sizes_of(replace(SMALL, kind="flux"), asked) == (("batch", 2), ("tokens", 12))
    # What the pipeline refuses, and what other families draw from, have none.
    assert sizes_of(SMALL, replace(asked, width=97)) == ()
    assert sizes_of(SMALL, GanInputs()) == sizes_of(small_model().info.config, asked) == ()


def test_small_networks_and_devices_that_want_it_are_made_for_one_size() -> None:
    assert fixed(SMALL, CPU, WIDE) == fixed(BIG, GPU, WIDE) == WIDE
    assert fixed(BIG, CPU, WIDE) == ()
    assert fixed(BAKED, CPU, WIDE) == WIDE[1:]
    assert fixed(BAKED, Target.parse("pytorch:cpu:bf16"), WIDE) == ()
    assert written_for(SMALL, WIDE) == written_for(BIG, WIDE) == ()
    assert written_for(BAKED, WIDE) == WIDE[1:]


@pytest.mark.parametrize(
    ("name", "same"), [("StableDiffusionPipeline", True), ("StableDiffusion3Pipeline", False)]
)
def test_one_file_serves_every_size_that_tracing_does_not_bake(name: str, same: bool) -> None:
    model = shared_model(name)
    plans = [
        planned(model, SubnetChoice(), Target.parse("openvino:CPU:f32"), 1, sizes)
        for sizes in ({"batch": 2, "height": 8, "width": 8}, {"batch": 1, "height": 8, "width": 4})
    ]
    assert not plans[0].refusals
    assert plans[0].sizes != plans[1].sizes  # each is loaded for its own
    assert (key_of(plans[0]) == key_of(plans[1])) is same
