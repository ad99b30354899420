"""Low rank of denoisers: what has that rank already stays as it is, ranks follow from what was
asked, and what was made is saved, opened, exported and planned."""

from __future__ import annotations

import copy
import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from plugins.int8.technique import TECHNIQUE as INT8
from plugins.lowrank import observing
from plugins.lowrank.params import LowRankParams
from plugins.lowrank.technique import LowRank
from studio.errors import BadChoice, RefusedFile
from studio.families.diffusion.trajectories import short_runs
from studio.families.opening import open_model
from studio.families.quantization import QuantPlan
from studio.recipes.contract import Baked, Context
from studio.recipes.testing import small_generator
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.denoisers.calls import outcome
from studio.subnets.denoisers.chains import Chain
from studio.subnets.denoisers.choice import Denoising, Elastic
from studio.subnets.denoisers.measuring import relative_error
from tests.families.diffusion.tiny import shared_model, small_inputs

SD = "StableDiffusionPipeline"
NAMES = (SD, "DiTPipeline", "StableDiffusion3Pipeline", "FluxPipeline")


def _factorised(model: Any, **params: Any) -> Baked:
    given = {"samples": 2, "least_weights": 0, **params}
    return LowRank().transform(model, LowRankParams(**given), Context())


@functools.cache
def _calls(name: str) -> list[Any]:
    return short_runs(shared_model(name), 2)


@functools.cache
def _usual() -> Baked:
    return _factorised(shared_model(SD))


def _macs(model: Any) -> int:
    return sum(layer.macs for layer in model.info.config.layers)


def _of_low_rank(name: str) -> Any:
    """A model whose layers inside of blocks all have rank 2."""
    model = shared_model(name)
    network = copy.deepcopy(model.network)
    for path, layer in network.named_modules():
        if "block" in path and isinstance(layer, nn.Linear | nn.Conv2d):
            matrix = layer.weight.data.flatten(1).double()
            left, values, right = torch.linalg.svd(matrix, full_matrices=False)
            made = (left[:, :2] * values[:2]) @ right[:2]
            layer.weight.data = made.reshape(layer.weight.shape).float()
    return model.with_denoiser(network, model.info.config)


@pytest.mark.parametrize("activations", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_what_has_a_low_rank_stays_the_same(name: str, activations: bool) -> None:
    model = _of_low_rank(name)
    baked = _factorised(model, rank_by="energy", energy=1.0, activations=activations)
    touched = [row for row in baked.report.layers if not row.skipped]
    assert len(touched) > 10
    assert all(row.detail.startswith(("rank 2 ", "rank 1 ")) for row in touched)
    if not activations:
        assert max(row.error for row in touched) < 1e-5  # type: ignore[type-var]
    for call in _calls(name):
        wanted = outcome(model.running_network, call)
        assert relative_error(outcome(baked.model.running_network, call), wanted) < 1e-5


@pytest.mark.parametrize("method", ["svd", "tucker2"])
def test_as_many_multiplies_are_left_as_was_asked(method: str) -> None:
    model = shared_model(SD)
    made = _factorised(model, method=method, left=0.6).model
    assert 0.55 * _macs(model) < _macs(made) <= 0.6 * _macs(model)


@pytest.mark.parametrize("method", ["svd", "tucker2", "cp"])
def test_a_budget_is_kept_in_every_layer(method: str) -> None:
    baked = _factorised(shared_model(SD), method=method, rank_by="budget", budget=0.6, sweeps=3)
    touched = [row for row in baked.report.layers if not row.skipped]
    assert all(row.bytes_after <= 0.6 * row.bytes_before for row in touched)
    forms = {
        module.shape.form for module in baked.model.network.modules() if isinstance(module, Chain)
    }
    assert forms == {"svd", method}


def test_the_report_counts_what_really_went() -> None:
    model, baked = shared_model(SD), _usual()
    old, new = (sum(t.numel() for t in m.network.parameters()) for m in (model, baked.model))
    rows = baked.report.layers
    assert sum(row.bytes_before - row.bytes_after for row in rows) == 4 * (old - new) > 0
    reasons = {row.name: row.skipped for row in rows}
    assert "reads or writes the latents" in reasons["conv_in"]
    assert reasons["mid_block.resnets.0.time_emb_proj"] == "modulation was left out"
    assert "judged over 2 steps of its own short runs" in baked.report.notes
    apart = _factorised(model, attention=False, feed_forward=False, convolutions=True)
    kinds = {row.name for row in apart.report.layers if not row.skipped}
    assert kinds
    assert all(isinstance(model.network.get_submodule(name), nn.Conv2d) for name in kinds)


def test_activations_keep_more_of_what_layers_give() -> None:
    name = SD
    model, (call, _) = shared_model(name), _calls(name)
    path = "mid_block.attentions.0.transformer_blocks.0.ff.net.2"
    errors = []
    for activations in (True, False):
        made = _factorised(model, rank_by="budget", budget=0.3, activations=activations).model
        chain: Any = made.running_network.get_submodule(path)
        layer: Any = model.running_network.get_submodule(path)
        seen: list[torch.Tensor] = []
        handle = layer.register_forward_pre_hook(
            lambda module, args, seen=seen: seen.append(args[0])
        )
        outcome(model.running_network, call)
        handle.remove()
        errors.append(relative_error(chain(seen[0]) - layer.bias, layer(seen[0]) - layer.bias))
    assert errors[0] < errors[1]


def test_sensitivity_of_the_last_layer_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observing, "PROBES", 30)
    network, call = shared_model(SD).running_network, _calls(SD)[0]
    answer = outcome(network, call)
    # What it gives is the answer itself, so each of its numbers counts once.
    wanted = answer.numel() / answer.shape[1] / float(answer.square().sum())
    found = observing.sensitivities(network, ["conv_out"], [call], 0, lambda part, text: None)
    assert found["conv_out"] == pytest.approx(wanted, rel=0.1)


def test_what_follows_from_the_timestep_alone_counts_too() -> None:
    network, call = shared_model(SD).running_network, _calls(SD)[0]
    names = ["time_embedding.linear_1", "mid_block.resnets.0.time_emb_proj"]
    found = observing.sensitivities(network, names, [call], 0, lambda part, text: None)
    assert min(found.values()) > 0
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_second_moments_by_hand() -> None:
    network, call = shared_model(SD).running_network, _calls(SD)[0]
    names = [
        "mid_block.resnets.0.conv1",
        "mid_block.attentions.0.transformer_blocks.0.ff.net.0.proj",
    ]
    seen: dict[str, Any] = {}
    handles = [
        network.get_submodule(name).register_forward_hook(
            lambda module, args, made, name=name: seen.update({name: (args[0], made)})
        )
        for name in names
    ]
    found = observing.moments(network, names, [call], lambda part, text: None)
    for handle in handles:
        handle.remove()
    made = seen[names[0]][1] - network.get_submodule(names[0]).bias[:, None, None]
    wanted = torch.einsum("bchw,bdhw->cd", made, made) / (made.numel() / made.shape[1])
    torch.testing.assert_close(found[names[0]].float(), wanted, rtol=1e-4, atol=1e-5)
    given = seen[names[1]][0].flatten(0, 1)
    torch.testing.assert_close(
        found[names[1]].float(), given.T @ given / len(given), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("name", [SD, "FluxPipeline"])
def test_chains_are_saved_opened_and_cut(name: str, tmp_path: Path) -> None:
    model, inputs = shared_model(name), small_inputs(name)
    made = _usual().model if name == SD else _factorised(model).model
    assert made.info.key != model.info.key
    picture = made.render(inputs)
    made.save(tmp_path / "chains")
    again = open_model(tmp_path / "chains")
    assert np.array_equal(again.render(inputs), picture)
    assert again.info.config == made.info.config
    half = SubnetChoice(width=0.5, denoising=Denoising(Elastic(depth=0.5)))
    narrow = again.cut(half)
    assert np.abs(narrow.render(inputs).astype(int) - again.render(inputs, half)).max() <= 1
    costs = [
        cost(m.info.config, resolve(c, m.info.config)).macs
        for m, c in ((again, half), (narrow, SubnetChoice()))
    ]
    assert costs[0] == costs[1] < _macs(again)
    narrow.save(tmp_path / "narrow")
    assert np.array_equal(open_model(tmp_path / "narrow").render(inputs), narrow.render(inputs))
    once_more = _factorised(again, left=0.7)
    reasons = [row.skipped for row in once_more.report.layers]
    assert "it is a chain already" in reasons


def test_damaged_chains_are_refused(tmp_path: Path) -> None:
    _usual().model.save(tmp_path / "chains")
    notes = tmp_path / "chains" / "maquette.json"
    good = json.loads(notes.read_text("utf-8"))
    for chains, words in (
        ('{"nowhere": ["svd", 2]}', "nowhere"),
        ('{"mid_block.resnets.0.conv1": ["svd", 0]}', "chains in maquette.json is damaged"),
        ('{"mid_block.resnets.0.conv1": ["svd", true]}', "damaged"),
        ('{"mid_block.resnets.0.conv1": "svd"}', "damaged"),
        ("[]", "damaged"),
        ("{}", "no tensor"),
    ):
        notes.write_text(json.dumps(good | {"chains": chains}), "utf-8")
        with pytest.raises(RefusedFile, match=words):
            open_model(tmp_path / "chains")


def test_chains_are_exported_and_planned_for_int8() -> None:
    made = _usual().model
    network = made.portable()
    (inputs,) = made.own_inputs(1)
    fed = made.fed([port.name for port in network.inputs], inputs)
    session = onnxruntime.InferenceSession(network.onnx(), providers=["CPUExecutionProvider"])
    (drawn,) = session.run(None, fed)
    torch.testing.assert_close(
        torch.from_numpy(drawn), made.drawing(inputs)(), rtol=1e-4, atol=1e-4
    )
    lowered = INT8().lower(QuantPlan(), made, INT8.params(samples=2), Context())
    assert any(name.endswith(".core") for name in lowered.plan.layers)
    assert made.quantised(lowered.plan).plan == lowered.plan


def test_what_cannot_be_done_is_refused() -> None:
    model = shared_model(SD)
    with pytest.raises(BadChoice, match="too little: at rank 1 everywhere"):
        _factorised(model, left=0.01)
    with pytest.raises(ValueError, match="goes with svd and tucker2"):
        LowRankParams(method="cp", rank_by="multiplies")
    with pytest.raises(BadChoice, match="is for denoisers"):
        LowRank().transform(small_generator(), LowRankParams(rank_by="multiplies"), Context())
    plan = QuantPlan(layers=("mid_block.resnets.0.conv1",))
    with pytest.raises(BadChoice, match="plan for int8"):
        _factorised(model.quantised(plan))
    packed = replace(model.info, config=replace(model.info.config, packed="Q4_K"))
    assert "GGUF file in Q4_K" in str(LowRank().applies_to(packed))
    assert _factorised(model, least_weights=10**6).model is model
