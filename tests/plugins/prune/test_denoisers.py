"""Structured pruning of denoisers: what matters for nothing goes without a trace, and how much goes
is what was asked for."""

from __future__ import annotations

import copy
import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from plugins.int8.technique import TECHNIQUE as INT8
from plugins.prune import curvature
from plugins.prune.params import PruneParams
from plugins.prune.technique import Prune
from studio.errors import BadChoice
from studio.families.diffusion.trajectories import short_runs
from studio.families.opening import open_model
from studio.families.quantization import QuantPlan
from studio.recipes.contract import Baked, Context
from studio.subnets.denoisers.calls import outcome
from studio.subnets.denoisers.costing import element_costs
from studio.subnets.denoisers.measuring import relative_error
from tests.families.diffusion.tiny import shared_model, small_inputs

NAMES = ("StableDiffusionPipeline", "DiTPipeline", "FluxPipeline", "StableDiffusion3Pipeline")


def _pruned(model: Any, **params: Any) -> Baked:
    given = {"samples": 2, "least_channels": 1, **params}
    return Prune().transform(model, PruneParams(**given), Context())


@functools.cache
def _calls(name: str) -> list[Any]:
    return short_runs(shared_model(name), 2)


def _macs(model: Any) -> int:
    return sum(layer.macs for layer in model.info.config.layers)


def _weights(model: Any) -> int:
    return sum(layer.weights for layer in model.info.config.layers)


def _with_dead(name: str) -> tuple[Any, dict[str, int], float]:
    """A model of which the first element of every site does nothing, and what these cost."""
    model = shared_model(name)
    network = copy.deepcopy(model.network)
    dead, cost = {}, 0.0
    costs = element_costs(model.info.config)
    for site in model.info.config.layout.sites:
        for part in site.parts:
            if part.inputs:
                weight = network.get_submodule(part.layer).weight.data
                weight[:, part.offset : part.offset + site.size] = 0
        dead[site.key] = 1
        cost += costs[site.key].macs
    return model.with_denoiser(network, model.info.config), dead, cost


@pytest.mark.parametrize(
    ("name", "importance"),
    [*((name, "taylor") for name in NAMES), *((NAMES[0], k) for k in ("activation", "l1", "l2"))],
)
def test_what_does_nothing_goes_without_a_trace(name: str, importance: str) -> None:
    model, dead, cost = _with_dead(name)
    made = _pruned(model, importance=importance, ratio=cost / _macs(model)).model
    counts = {site.key: site.count for site in model.info.config.layout.sites}
    left = {site.key: site.count for site in made.info.config.layout.sites}
    assert {key: counts[key] - left[key] for key in left} == {key: dead[key] for key in left}
    # Of two heads one is left, which is no place to take more from any more.
    assert all(counts[key] == 2 for key in counts.keys() - left.keys())
    for call in _calls(name):
        wanted = outcome(model.running_network, call)
        assert relative_error(outcome(made.running_network, call), wanted) < 1e-6


@pytest.mark.parametrize("spread", ["global", "even"])
@pytest.mark.parametrize("counted", ["multiplies", "weights"])
def test_as_much_goes_as_was_asked(spread: str, counted: str) -> None:
    model = shared_model("StableDiffusionPipeline")
    made = _pruned(model, spread=spread, counted=counted, ratio=0.2, importance="l2").model
    before, after = (_macs if counted == "multiplies" else _weights, model), made
    total, left = before[0](before[1]), before[0](after)
    assert 0.7 * total < left <= 0.8 * total


def test_the_report_counts_what_really_went() -> None:
    model = shared_model("StableDiffusionPipeline")
    baked = _pruned(model, ratio=0.2)
    rows = baked.report.layers
    old, new = (sum(t.numel() for t in m.network.parameters()) for m in (model, baked.model))
    assert sum(row.bytes_before - row.bytes_after for row in rows) == 4 * (old - new) > 0
    assert {row.name for row in rows} == {
        *(site.key for site in model.info.config.layout.sites),
        *(each.name for each in model.info.config.layout.left),
    }
    touched = [row for row in rows if not row.skipped]
    assert all(" to " in row.detail and row.error is not None for row in touched)
    assert any("multiplies of a step" in note for note in baked.report.notes)
    assert "judged over 2 steps of its own short runs" in baked.report.notes


def test_taylor_is_the_curvature_of_the_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curvature, "PROBES", 400)
    name = "DiTPipeline"
    model, calls = shared_model(name), _calls(name)[:1]
    layout = model.info.config.layout
    found = curvature.curvatures(model.running_network, layout, calls, 0, lambda part, text: None)
    site = next(site for site in layout.sites if site.kind == "heads")
    (reader,) = [part for part in site.parts if part.inputs]
    wanted = outcome(model.running_network, calls[0]).double()
    for element in range(site.count):
        network = copy.deepcopy(model.running_network)
        weight = network.get_submodule(reader.layer).weight.data
        weight[:, element * site.size : (element + 1) * site.size] *= 0.99
        slope = (outcome(network, calls[0]).double() - wanted).norm() / 0.01 / wanted.norm()
        assert float(found[site.key][element]) == pytest.approx(float(slope) ** 2, rel=0.25)


def test_the_less_important_go_and_the_rest_keeps_its_order() -> None:
    model = shared_model("DiTPipeline")
    made = _pruned(model, importance="l1", heads=False, ratios=(0.0, 0.5)).model
    for block in ("transformer_blocks.0", "transformer_blocks.1"):
        old, new = (m.network.get_submodule(f"{block}.ff.net.2").weight for m in (model, made))
        norms = old.abs().sum(0)
        stay = norms.argsort(descending=True)[: new.shape[1]].sort().values
        assert torch.equal(new, old[:, stay])


def test_what_is_left_out_stays() -> None:
    model = shared_model("StableDiffusionPipeline")
    sites = {site.key: site.count for site in model.info.config.layout.sites}

    def left(**params: Any) -> tuple[dict[str, int], dict[str, str]]:
        baked = _pruned(model, importance="l2", **params)
        found = {site.key: site.count for site in baked.model.info.config.layout.sites}
        return found, {row.name: row.skipped for row in baked.report.layers}

    found, reasons = left(ratio=0.15, heads=False, units=False)
    assert all(found[key] == sites[key] for key in sites if not key.endswith(":channels"))
    assert reasons["mid_block.attentions.0.transformer_blocks.0.ff:units"] == "units were left out"
    found, reasons = left(ratio=0.1, keep_first=True, keep_last=True)
    first, last = "down_blocks.0.resnets.0:channels", "up_blocks.1.resnets.1:channels"
    assert reasons[first] == "it is in the first block"
    assert reasons[last] == "it is in the last block"
    assert found[first] == sites[first]
    found, _ = left(ratio=0.02, heads=False, least_channels=50)
    assert min(count for key, count in found.items() if key.endswith(":units")) >= 50
    found, _ = left(ratios=(0.5, 0.0, 0.25), least_channels=1)
    assert found["mid_block.resnets.0:channels"] == 2
    assert found["mid_block.attentions.0.transformer_blocks.0.ff:units"] == 48


def test_what_cannot_be_done_is_refused() -> None:
    model = shared_model("StableDiffusionPipeline")
    with pytest.raises(BadChoice, match=r"ratio 0\.9 of the multiplies cannot go"):
        _pruned(model, importance="l1", ratio=0.9)
    with pytest.raises(BadChoice, match=r"3 .one each for channels, heads, units. or"):
        _pruned(model, importance="l1", ratios=(0.1, 0.1))
    packed = replace(model.info, config=replace(model.info.config, packed="Q4_K"))
    assert "GGUF file in Q4_K" in str(Prune().applies_to(packed))
    assert _pruned(model, ratio=0.0).model is model


@pytest.mark.parametrize("name", ["StableDiffusionPipeline", "FluxPipeline"])
def test_a_pruned_pipeline_is_saved_opened_and_planned_for_int8(name: str, tmp_path: Path) -> None:
    model, inputs = shared_model(name), small_inputs(name)
    made = _pruned(model, ratio=0.15, importance="activation").model
    assert made.info.key != model.info.key
    assert [step.step for step in made.info.history] == ["prune"]
    picture = made.render(inputs)
    assert not np.array_equal(picture, model.render(inputs))
    made.save(tmp_path / "pruned")
    again = open_model(tmp_path / "pruned")
    assert np.array_equal(again.render(inputs), picture)
    assert again.info.config == made.info.config
    twice = _pruned(again, ratio=0.1, importance="l1").model
    twice.save(tmp_path / "twice")
    assert np.array_equal(open_model(tmp_path / "twice").render(inputs), twice.render(inputs))
    lowered = INT8().lower(QuantPlan(), again, INT8.params(samples=2), Context())
    assert again.quantised(lowered.plan).plan == lowered.plan
