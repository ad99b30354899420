"""The technique on networks: planted ranks are recovered, and what is done is told truly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import onnxruntime
import pytest
import torch

from plugins.lowrank.params import LowRankParams
from plugins.lowrank.technique import LowRank
from studio.checkpoints.factor import Factor
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.stylegan.network import StyleGan2
from studio.recipes.contract import Baked, Context
from studio.subnets.choice import SubnetChoice
from tests.families.small import factorised_config, small_config, small_model, whole


def baked(model: Model, *, seed: int = 0, **params: object) -> Baked:
    made = LowRankParams.model_validate({"least_weights": 0, "mapping": True, **params})
    return LowRank().transform(model, made, Context(seed=seed))


def planted(*factors: Factor | None, mapping_ranks: tuple[int, ...] = (0, 0)) -> Model:
    """A model with whole kernels of known ranks."""
    config = small_config()
    more = (None,) * (len(config.channels) - 1 - len(factors))
    config = replace(config, factors=(*factors, *more), mapping_ranks=mapping_ranks)
    return whole(small_model(config))


def pictures(model: Model, choice: SubnetChoice = SubnetChoice()) -> torch.Tensor:
    styles = torch.cat([model.styles(GanInputs(seed=seed)) for seed in range(3)])
    return model.picture(styles, choice)


@pytest.mark.parametrize(
    ("method", "factor"),
    [
        ("svd", Factor("svd", (3,))),
        ("tucker2", Factor("tucker2", (4, 3))),
        ("cp", Factor("cp", (4,))),
    ],
)
@pytest.mark.parametrize("layer", [0, 1])  # one at its resolution, one that doubles it
def test_a_planted_rank_is_recovered_and_the_picture_unchanged(
    method: str, factor: Factor, layer: int
) -> None:
    model = planted(*(None,) * layer, factor, mapping_ranks=(0, 4))
    result = baked(model, method=method, rank_by="energy", energy=1.0, sweeps=300)
    config = result.model.info.config
    assert config.factor(layer) == factor
    assert config.mapping_ranks == (0, 4)
    assert sum(f is not None for f in config.factors) == 1  # the others have full rank
    assert torch.allclose(pictures(result.model), pictures(model), atol=1e-4)
    touched = {entry.name: entry for entry in result.report.layers if not entry.skipped}
    assert touched.keys() == {f"layers.{layer}", "mapping.1"}
    assert all(entry.error is not None and entry.error < 1e-5 for entry in touched.values())


@pytest.mark.parametrize("method", ["svd", "tucker2", "cp"])
def test_every_layer_is_halved_and_the_bytes_are_true(method: str, tmp_path: Path) -> None:
    model = small_model()
    before = {k: v.clone() for k, v in model.network.state_dict().items()}
    result = baked(model, method=method, budget=0.5, sweeps=4)
    report, made = result.report, result.model
    assert all(torch.equal(v, before[k]) for k, v in model.network.state_dict().items())
    assert report.touched == 9
    tensors = made.network.state_dict()
    for entry in report.layers:
        held = [t for n, t in tensors.items() if n.rpartition(".")[0] == entry.name]
        parts = {n: t for n, t in tensors.items() if n.startswith(f"{entry.name}.")}
        chain = [t for n, t in parts.items() if n.endswith((".reduce", ".weight", ".expand"))]
        assert held
        assert entry.bytes_after == 4 * sum(t.numel() for t in chain)
        if not entry.skipped:
            assert entry.bytes_after <= 0.5 * entry.bytes_before
            assert entry.error is not None
            assert 0 < entry.error < 1
    assert report.disk_before == 4 * sum(t.numel() for t in before.values())
    assert report.disk_after == made.info.size_bytes < report.disk_before
    assert report.disk_after < report.resident_after < report.resident_before
    made.save(tmp_path / "low.safetensors")
    size = (tmp_path / "low.safetensors").stat().st_size
    assert report.disk_after < size < report.disk_after + 20_000
    again = open_model(tmp_path / "low.safetensors")
    assert again.info.config == made.info.config
    assert (again.render(GanInputs(seed=2)) == made.render(GanInputs(seed=2))).all()


def test_errors_are_those_of_the_kernels() -> None:
    model = small_model()
    result = baked(model, method="tucker2", budget=0.4)
    kernels = zip(model.network.view().layers, result.model.network.view().layers, strict=True)
    for (old, new), entry in zip(kernels, result.report.layers, strict=False):
        apart = (new.kernel() - old.weight).norm() / old.weight.norm()
        assert entry.error == pytest.approx(float(apart), rel=1e-4)


@pytest.mark.parametrize("method", ["svd", "tucker2", "cp"])
def test_a_larger_budget_comes_nearer_in_every_layer(method: str) -> None:
    made = [baked(small_model(), method=method, budget=b, sweeps=20) for b in (0.2, 0.5, 0.8)]
    for few, more, most in zip(*(each.report.layers for each in made), strict=True):
        if not most.skipped:
            assert few.error > more.error > most.error  # type: ignore[operator]


def test_width_and_resolution_still_slice_it() -> None:
    result = baked(small_model(), budget=0.6)
    assert result.model.info.widths == (0.5, 1.0)
    for choice in (SubnetChoice(width=0.5), SubnetChoice(width=0.5, resolution=16)):
        kernels = pictures(whole(result.model), choice)
        assert torch.allclose(pictures(result.model, choice), kernels, atol=1e-4)


def test_onnx_runtime_draws_it() -> None:
    model = baked(small_model(), method="cp", budget=0.5, sweeps=3).model
    styles, network = model.styles(GanInputs(seed=1)), model.portable()
    session = onnxruntime.InferenceSession(network.onnx(), providers=["CPUExecutionProvider"])
    feed = {"styles": styles.numpy(), "noise": torch.ones(1).numpy()}
    (made,) = session.run(None, feed)
    assert torch.allclose(torch.from_numpy(made), model.picture(styles), atol=1e-4)


def test_what_is_left_alone_says_why() -> None:
    model = small_model(factorised_config())
    result = baked(model, least_weights=2000, mapping=False)
    reasons = {entry.name: entry.skipped for entry in result.report.layers}
    assert reasons["layers.0"] == "it is a chain already"
    assert reasons["layers.4"] == ""  # 16 x 16 x 9, the only whole kernel
    assert reasons["mapping.0"] == "the mapping network was left out"
    assert reasons["rgb.1"] == "it makes 3 channels, so its rank is 3 at most"
    assert result.report.touched == 1
    assert result.model.info.config.factors[0] == model.info.config.factors[0]
    small = baked(model, least_weights=3000)
    assert "it has 2304 weights, fewer than 3000" in {e.skipped for e in small.report.layers}
    assert small.model is model
    full = baked(small_model(), method="tucker2", rank_by="energy", energy=1.0)
    assert any("at rank 24 and 24 its chain has" in e.skipped for e in full.report.layers)


def test_it_says_so_and_the_seed_counts() -> None:
    model = small_model(directions=("age",))
    one, same = (baked(model, seed=1).model.info for _ in range(2))
    assert one == same
    assert [step.step for step in one.history] == ["lowrank"]
    assert len({model.info.key, one.key, baked(model, seed=2).model.info.key}) == 3
    assert baked(model, budget=0.4).model.info.key != baked(model, budget=0.3).model.info.key
    assert one.directions == ("age",)
    assert baked(model).report.notes[0].startswith("multiplies of a picture: ")


def test_it_can_be_stopped() -> None:
    def stop(fraction: float, text: str) -> None:
        assert 0 <= fraction <= 1
        if "layer 3 of" in text:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        LowRank().transform(small_model(), LowRankParams(least_weights=0), Context(progress=stop))


def test_it_fits_one_family() -> None:
    info = small_model().info
    assert LowRank().applies_to(info) is None
    assert "another" in str(LowRank().applies_to(replace(info, family="another")))
    assert LowRank.verbs() == ("transform",)
    assert isinstance(small_model().network, StyleGan2)
