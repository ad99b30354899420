"""Int8 of pipelines: a choice for every component, the scan, and layers kept for a budget."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.int8.params import Int8Params
from plugins.int8.technique import Int8
from studio.errors import BadChoice
from studio.families.quantization import QuantPlan
from studio.recipes.contract import Context, LayerReport, Lowered
from studio.recipes.recipe import Recipe, Step
from studio.recipes.scan import Scan
from studio.recipes.scan_store import scanned_recipe
from studio.recipes.traced_bench import as_decibels, as_error
from studio.recipes.values import Values
from tests.families.diffusion.tiny import shared_model

SD, DDPM = "StableDiffusionPipeline", "DDPMPipeline"
CONV = "up_blocks.1.resnets.1.conv1"


def lowered(name: str = SD, **params: Any) -> Lowered:
    values = Int8Params(samples=4, **params)
    return Int8().lower(QuantPlan(), shared_model(name), values, Context())


def rows(made: Lowered) -> dict[str, LayerReport]:
    return {layer.name: layer for layer in made.report.layers}


def test_the_denoiser_alone_runs_in_int8_by_default() -> None:
    made = lowered(budget=50.0)
    plan = made.plan
    assert plan.components == ()
    assert plan.activations == "asymmetric"  # which pipelines have no transposed convolutions for
    assert plan.smoothing == ()
    smooth = lowered(budget=50.0, alpha_convolutions=0.75, alpha_attention=None).plan.smoothing
    assert dict(smooth) == {"attention": 0.5, "convolution": 0.75}
    assert CONV in plan.layers
    assert dict(plan.keep)["conv_in"] == "it reads or writes the latents"
    assert f"{len(plan.layers)} of {len(plan.layers) + len(plan.keep)} layers" in (
        made.report.summary
    )
    error = rows(made)["unet"].error
    assert error is not None
    assert 0.001 < error < 0.2
    assert made.report.resident_after < made.report.resident_before


def test_the_worst_layers_stay_in_float_until_the_budget_holds() -> None:
    loose, tight = lowered(budget=50.0), lowered(budget=1.0)
    before, after = rows(loose)["unet"].error, rows(tight)["unet"].error
    assert before is not None
    assert after is not None
    assert after <= 0.01 < before
    costly = [n for n, why in tight.plan.keep if why == "its rounding costs the most"]
    assert costly
    assert set(costly) == set(loose.plan.layers) - set(tight.plan.layers)


@pytest.mark.parametrize("choice", ["weights-int8", "weights-int4", "fp8"])
def test_what_saves_memory_says_so(choice: str) -> None:
    made = lowered(denoiser="none", text_encoders=choice, vae_decoder=choice)
    assert made.plan.components == (("text_encoder", choice), ("vae", choice))
    assert made.plan.layers == ()
    assert made.report.summary.count("for memory, not speed") == 2
    for row in rows(made).values():
        assert row.error is not None
        assert 1e-4 < row.error < 0.2
        assert row.bytes_after < row.bytes_before


def test_every_component_has_layers_of_its_own() -> None:
    made = lowered(text_encoders="int8", vae_decoder="int8", budget=50.0)
    assert [choice for _, choice in made.plan.components] == ["int8"] * 3
    assert "vae/decoder.mid_block.resnets.0.conv1" in made.plan.layers
    assert not any(name.startswith("vae/encoder") for name in made.plan.layers)
    assert any(name.startswith("text_encoder/") for name in made.plan.layers)
    assert dict(made.plan.keep)["vae/decoder.conv_out"]
    model = shared_model(SD).quantised(made.plan)
    assert model.plan == made.plan
    named = lowered(vae_decoder="int8", keep=("vae/decoder.mid_block.resnets.0.conv1", CONV))
    assert dict(named.plan.keep)[CONV] == "named in keep"
    assert "vae/decoder.mid_block.resnets.0.conv1" not in named.plan.layers


def test_what_cannot_be_chosen_is_refused() -> None:
    with pytest.raises(BadChoice, match="nothing is chosen"):
        lowered(denoiser="none")
    with pytest.raises(BadChoice, match="nothing is chosen"):
        lowered(DDPM, denoiser="none", vae_decoder="fp8")
    with pytest.raises(BadChoice, match="no layer nothing"):
        lowered(keep=("nothing",))
    made = lowered(DDPM, text_encoders="fp8")
    assert "text_encoders: this pipeline has none" in made.report.notes


def test_a_scan_tells_each_layers_error_and_what_to_keep() -> None:
    made = Int8().scan(shared_model(SD), Int8Params(samples=4, budget=1.0), Context(), 2)
    assert made.by_output
    assert as_error(made.wanted) == pytest.approx(0.01)
    assert dict(made.fixed)["conv_in"]
    assert "conv_in" not in {layer.name for layer in made.found.layers}
    worst = made.found.worst_first[0]
    assert worst.psnr == pytest.approx(as_decibels(worst.error**0.5))
    assert made.proposal.keep[0] == worst.name
    assert made.proposal.reached
    assert as_error(made.proposal.psnr) <= 0.01 < as_error(made.found.together)
    assert Scan.from_json(made.to_json()) == made


def test_how_components_are_kept_decides_nothing_of_a_scan() -> None:
    plain, other = (
        scanned_recipe(Recipe("r", (Step("int8", params=Values(values)),)))
        for values in ({"budget": 2.0}, {"budget": 2.0, "vae_decoder": "fp8", "keep": [CONV]})
    )
    assert plain == other
