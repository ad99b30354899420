"""Int8 after low rank: every link of a chain that can be is smoothed, planned and executed."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from plugins.int8.params import Int8Params
from plugins.int8.smoothing import input_ranges, smoothed
from plugins.int8.technique import ALONE, TECHNIQUE
from plugins.lowrank.params import LowRankParams
from plugins.lowrank.technique import TECHNIQUE as LOWRANK
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.quantization import QuantPlan
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.portable import layers_of
from studio.recipes.contract import Context
from studio.recipes.sensitivity import Bench
from studio.runtimes.all import runtime
from studio.runtimes.cache import Cache
from studio.runtimes.compiling import ready
from studio.runtimes.target import Target
from tests.families.quantised import tame_model, with_tensors
from tests.families.small import factorised_config, small_model

INT8 = TECHNIQUE()
ALL = Int8Params(samples=4, keep=())
SEEDS = (11, 12, 13)


def nothing(fraction: float, text: str) -> None:
    pass


def tame_chains() -> Model:
    """Every form of chain, with styles and a picture as even as trained ones."""
    model = small_model(factorised_config())
    tensors = {name: tensor.clone() for name, tensor in model.network.state_dict().items()}
    for name, tensor in tensors.items():
        if name.endswith("style_weight") or (name.startswith("rgb") and name.endswith(".weight")):
            tensor *= 0.15
        elif name.endswith("noise_strength") or (name.startswith("rgb") and name.endswith(".bias")):
            tensor *= 0.1
    network = StyleGan2.from_tensors(model.info.config, tensors)
    return Model(replace(model.info, key="tame chains"), network)


CHAINS = tame_chains()


def styles(model: Model) -> torch.Tensor:
    return torch.cat([model.styles(GanInputs(seed=seed)) for seed in SEEDS])


def test_true_multiplies_of_the_links_by_hand() -> None:
    macs = {layer.name: layer.macs for layer in layers_of(CHAINS.view())}
    c = CHAINS.info.config.channels
    # layer 0 at 4 px, not upsampling, tucker2 (7, 5)
    assert macs["layer0.reduced"] == c[0] * 7 * 16
    assert macs["layer0.convolved"] == 7 * 5 * 9 * 16
    assert macs["layer0.expanded"] == 5 * c[1] * 16
    # layer 1 from 4 to 8 px, cp (9): the middle touches each input once, the last runs at 8 px
    assert macs["layer1.reduced"] == c[1] * 9 * 16
    assert macs["layer1.convolved"] == 9 * 9 * 16
    assert macs["layer1.expanded"] == 9 * c[2] * 64
    # layer 2 at 8 px, svd (6): two links
    assert macs["layer2.convolved"] == 6 * c[3] * 9 * 64
    assert "layer2.expanded" not in macs
    # layer 4 is whole
    assert "layer4.reduced" not in macs
    assert macs["layer4.convolved"] == c[4] * c[5] * 9 * 256


def test_the_graph_has_the_nodes_that_are_named() -> None:
    import onnx

    nodes = {n.name for n in onnx.load_from_string(CHAINS.portable().onnx()).graph.node}
    assert {layer.name for layer in CHAINS.portable().layers} <= nodes


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_smoothing_leaves_the_picture(alpha: float) -> None:
    made = INT8.prepare(CHAINS, Int8Params(samples=4, alpha=alpha), Context(seed=3))
    before, after = CHAINS.picture(styles(CHAINS)), made.model.picture(styles(CHAINS))
    assert float((before - after).abs().max()) < 1e-4
    names = [layer.name for layer in made.report.layers]
    assert names[:3] == ["layers.0", "layers.0.weight", "layers.0.expand"]
    assert "layers.4" in names
    assert "layers.4.expand" not in names


def test_smoothing_makes_planted_ranges_between_links_even() -> None:
    factors = torch.logspace(-1, 1, 7)
    tensors = CHAINS.network.state_dict()
    model = with_tensors(
        CHAINS,
        layers__0__reduce=tensors["layers.0.reduce"] * factors[:, None],
        layers__0__weight=tensors["layers.0.weight"] / factors[:, None, None],
    )
    assert torch.allclose(model.picture(styles(model)), CHAINS.picture(styles(CHAINS)), atol=1e-4)
    latents = model.calibration_latents(QuantPlan(samples=4, seed=3))
    network, done = smoothed(model.network, latents, 1.0, nothing)
    ranges = input_ranges(network, latents, nothing)
    for name in ("layer0.reduced", "layer0.convolved", "layer0.expanded", "layer1.convolved"):
        assert float(ranges[name].max() / ranges[name].min()) == pytest.approx(1, rel=1e-3), name
    inner = next(each for each in done if each.name == "layers.0.weight")
    assert inner.before > 3
    assert inner.after == pytest.approx(1, rel=1e-3)


def test_a_spread_between_links_is_what_hurts_and_smoothing_mends_it() -> None:
    factors = torch.logspace(-1.5, 1.5, 7)
    tensors = CHAINS.network.state_dict()
    model = with_tensors(
        CHAINS,
        layers__0__reduce=tensors["layers.0.reduce"] * factors[:, None],
        layers__0__weight=tensors["layers.0.weight"] / factors[:, None, None],
    )
    made = INT8.prepare(model, ALL, Context()).model
    plan, name = QuantPlan(samples=4), ["layer0.convolved"]
    before = Bench(model, plan, seeds=2).psnr(name)
    after = Bench(made, plan, seeds=2).psnr(name)
    assert before is not None
    assert after is not None
    assert after > before + 6


def test_every_link_is_planned_except_those_of_single_channels() -> None:
    lowered = INT8.lower(QuantPlan(), CHAINS, ALL, Context())
    kept = dict(lowered.plan.keep)
    assert {name for name, why in kept.items() if why == ALONE} == {"layer1.convolved"}
    assert {"layer0.reduced", "layer0.convolved", "layer0.expanded", "layer1.reduced"} <= set(
        lowered.plan.layers
    )
    assert lowered.report.resident_after < lowered.report.resident_before
    last = INT8.lower(QuantPlan(), CHAINS, Int8Params(samples=4, keep=(), keep_last=2), Context())
    assert {name.partition(".")[0] for name, why in last.plan.keep if "last" in why} == {
        "layer5",
        "layer6",
    }


def test_the_scan_knows_every_link() -> None:
    bench = Bench(CHAINS, QuantPlan(samples=4), seeds=2)
    found = {layer.name: layer for layer in bench.scan().layers}
    assert list(found) == [layer.name for layer in CHAINS.portable().layers]
    for name in ("layer0.reduced", "layer1.convolved", "layer2.convolved", "layer3.expanded"):
        assert found[name].psnr == pytest.approx(bench.psnr([name]), abs=1e-3)


@pytest.mark.parametrize("name", ["openvino:CPU:int8", "onnxruntime:cpu:int8"])
def test_low_rank_then_int8_runs_as_int8_and_draws_the_same(name: str, tmp_path: Path) -> None:
    model = tame_model()
    params = LowRankParams(method="tucker2", energy=0.9, least_weights=1)
    chained = LOWRANK().transform(model, params, Context()).model
    assert chained.info.config.factors.count(None) < 7
    even = INT8.prepare(chained, ALL, Context()).model
    plan = INT8.lower(QuantPlan(), even, ALL, Context()).plan
    even.quantised(plan).save(tmp_path / "made.safetensors")
    made = open_model(tmp_path / "made.safetensors")
    target = Target.parse(name)
    planned = runtime(target.runtime).plan(made.portable(), target, sizes={"batch": 1}, threads=1)
    network = ready(planned, Cache(tmp_path / "cache"))
    links = [layer for layer in plan.layers if not layer.endswith("convolved")]
    assert links
    assert not set(links) & set(network.placement.left)
    if target.runtime == "openvino":
        assert network.placement.precision == "int8"
    errors = []
    for seed in SEEDS:
        inputs = GanInputs(seed=seed)
        given = network.run(made.fed(["styles", "noise"], inputs))["picture"]
        wanted = chained.picture(chained.styles(inputs)).numpy()
        errors.append(float(np.square(given - wanted).mean()))
    assert 10 * math.log10(4 / np.mean(errors)) > 25
    network.close()


@pytest.mark.parametrize("name", ["openvino:CPU:int8", "onnxruntime:cpu:int8"])
def test_a_plan_that_names_single_channels_is_emitted_too(name: str, tmp_path: Path) -> None:
    """Such a plan may come from elsewhere; what does not run in int8 is told."""
    plan = QuantPlan(tuple(layer.name for layer in CHAINS.portable().layers), samples=4)
    made, target = CHAINS.quantised(plan), Target.parse(name)
    planned = runtime(target.runtime).plan(made.portable(), target, sizes={"batch": 1}, threads=1)
    network = ready(planned, Cache(tmp_path / "cache"))
    given = network.run(made.fed(["styles", "noise"], GanInputs()))["picture"]
    wanted = CHAINS.picture(CHAINS.styles(GanInputs())).numpy()
    assert 10 * math.log10(4 / np.square(given - wanted).mean()) > 20
    assert set(network.placement.left) < {layer.name for layer in made.portable().layers}
    network.close()
