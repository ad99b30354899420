"""The two networks of a denoiser whose features are used again, and runs of whole pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from studio.families.quantization import QuantPlan
from tests.bench.diffusion_pictures import FEATURES, calibrated, default_reuse, forms_of, picture


def unet() -> Any:
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    made = UNet2DConditionModel(
        sample_size=8, cross_attention_dim=8, block_out_channels=(8, 16), norm_num_groups=4,
        attention_head_dim=2, layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    )  # fmt: skip
    return made.eval().requires_grad_(False)


def inputs() -> dict[str, Any]:
    draw = torch.Generator().manual_seed(1)
    return {
        "sample": torch.randn(1, 4, 8, 8, generator=draw).numpy(),
        "timestep": np.array([500.0], np.float32),
        "encoder_hidden_states": torch.randn(1, 5, 8, generator=draw).numpy(),
    }


def test_both_forms_are_one_denoiser_and_are_calibrated_along_a_run() -> None:
    network, given = unet(), inputs()
    forms = forms_of(network)
    tensors = [torch.from_numpy(each) for each in given.values()]
    with torch.inference_mode():
        wanted = network(*tensors, return_dict=False)[0]
        whole, features = forms.whole.module()(*tensors)
        part = forms.part.module()(*tensors, features)[0]
    assert torch.equal(whole, wanted)
    assert torch.allclose(part, wanted, atol=1e-5)
    assert forms.part.macs < forms.whole.macs
    names = [layer.name for layer in forms.part.layers]
    made = calibrated(forms, "part", QuantPlan(samples=4), given, names)
    assert made.quantisation is not None
    assert made.quantisation.plan.layers == tuple(names)
    feeds = made.quantisation.feeds()
    assert len(feeds) == 2  # the second and the third of four steps
    assert feeds[0][FEATURES].shape == features.shape


def test_a_run_computes_everything_as_often_as_the_technique_does() -> None:
    calls = []

    def step(name: str) -> Any:
        def run(fed: Any) -> dict[str, Any]:
            calls.append((name, fed["sample"].shape[0], FEATURES in fed))
            return {"out_sample": 0.1 * fed["sample"], FEATURES: np.zeros(1)}

        return run

    both = {**inputs(), "sample": np.repeat(inputs()["sample"], 2, axis=0)}
    assert picture(step("whole"), step("part"), both, 5) >= 0
    assert default_reuse().interval == 3
    assert [name for name, _, _ in calls] == ["whole", "part", "part", "whole", "part"]
    assert all(batch == 2 for _, batch, _ in calls)
    assert [again for _, _, again in calls] == [name == "part" for name, _, _ in calls]
    calls.clear()
    picture(step("whole"), None, both, 5, 2)
    assert len(calls) == 2
