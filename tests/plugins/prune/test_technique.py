"""The technique on networks: dead channels are exactly those removed, and all is told truly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import onnxruntime
import pytest
import torch

from plugins.prune.params import PruneParams
from plugins.prune.technique import Prune
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.opening import open_model
from studio.recipes.contract import Baked, Context
from studio.subnets.choice import Subnet, SubnetChoice
from studio.subnets.cost import cost
from tests.families.small import factorised_config, small_model

KINDS = ("l1", "l2", "taylor", "activation")
DEAD = {0: [3, 23], 1: [0, 7, 8], 2: [], 3: [19], 4: [5, 6], 5: [15], 6: [2, 4], 7: [0, 11]}


def baked(model: Model, *, seed: int = 0, **params: object) -> Baked:
    made = PruneParams.model_validate({"samples": 3, **params})
    return Prune().transform(model, made, Context(seed=seed))


def pictures(model: Model, choice: SubnetChoice = SubnetChoice()) -> torch.Tensor:
    styles = torch.cat([model.styles(GanInputs(seed=seed)) for seed in range(3)])
    return model.picture(styles, choice)


def with_dead_channels() -> Model:
    """Channels that nothing makes and nothing reads."""
    model = small_model()
    network = small_model().network
    for entry, dead in DEAD.items():
        if entry == 0:
            network.const[dead] = 0
        else:
            network.layers[entry - 1].weight[dead] = 0  # type: ignore[index]
        if entry < len(network.layers):
            network.layers[entry].weight[:, dead] = 0  # type: ignore[index]
        if entry % 2:
            network.rgb[entry // 2].weight[:, dead] = 0  # type: ignore[index]
    return Model(model.info, network)


@pytest.mark.parametrize("importance", KINDS)
@pytest.mark.parametrize("spread", ["even", "global"])
def test_dead_channels_are_exactly_those_removed(importance: str, spread: str) -> None:
    model = with_dead_channels()
    channels = model.info.config.channels
    if spread == "global":
        ratio = {"ratio": sum(map(len, DEAD.values())) / sum(channels), "spread": "global"}
    else:
        ratio = {"ratios": tuple(len(DEAD[k]) / c for k, c in enumerate(channels))}
    result = baked(model, importance=importance, **ratio)
    small = result.model.info.config.channels
    assert small == tuple(c - len(DEAD[k]) for k, c in enumerate(channels))
    alive = [sorted({*range(c)} - {*DEAD[k]}) for k, c in enumerate(channels)]
    mine, theirs = model.network.state_dict(), result.model.network.state_dict()
    assert torch.equal(theirs["const"], mine["const"][alive[0]])
    for k in range(7):
        assert torch.equal(theirs[f"layers.{k}.bias"], mine[f"layers.{k}.bias"][alive[k + 1]])
    assert torch.allclose(pictures(result.model), pictures(model), atol=1e-5)
    assert all(row.error in (None, 0) for row in result.report.layers)


@pytest.mark.parametrize("importance", KINDS)
def test_it_is_physically_smaller_and_the_bytes_are_true(importance: str, tmp_path: Path) -> None:
    model = small_model()
    before = {k: v.clone() for k, v in model.network.state_dict().items()}
    result = baked(model, importance=importance, ratio=0.4)
    made, report = result.model, result.report
    assert all(torch.equal(v, before[k]) for k, v in model.network.state_dict().items())
    config = made.info.config
    price = cost(config, Subnet(config.channels, config.resolution))
    assert (made.info.parameters, made.info.size_bytes) == (price.parameters, price.size_bytes)
    held = sum(t.untyped_storage().nbytes() for t in made.network.state_dict().values())
    assert held == price.size_bytes == report.disk_after < report.disk_before
    assert report.disk_after < report.resident_after < report.resident_before
    tensors = made.network.state_dict()
    for row in report.layers:
        mine = [t for n, t in tensors.items() if n == row.name or n.startswith(f"{row.name}.")]
        assert row.bytes_after == 4 * sum(t.numel() for t in mine) < row.bytes_before
    rest = [n for n in tensors if n.startswith(("mapping", "w_avg"))]
    after = sum(row.bytes_after for row in report.layers)
    assert after + 4 * sum(tensors[n].numel() for n in rest) == report.disk_after
    made.save(tmp_path / "pruned.safetensors")
    again = open_model(tmp_path / "pruned.safetensors")
    assert again.info.config == config
    assert (again.render(GanInputs(seed=2)) == made.render(GanInputs(seed=2))).all()
    # An arbitrary set of channels can be sliced and compiled like any other network.
    choice = SubnetChoice(width=0.5, resolution=16)
    styles, network = made.styles(GanInputs(seed=1)), made.portable(choice)
    session = onnxruntime.InferenceSession(network.onnx(), providers=["CPUExecutionProvider"])
    (drawn,) = session.run(None, {"styles": styles.numpy(), "noise": torch.ones(1).numpy()})
    assert torch.allclose(torch.from_numpy(drawn), made.picture(styles, choice), atol=1e-4)


def test_the_errors_are_the_weights_that_lost_their_inputs() -> None:
    model = small_model()
    result = baked(model, importance="l2", ratios=(0, 0, 0.5, 0, 0, 0, 0, 0))
    errors = {row.name: row.error for row in result.report.layers}
    assert {name for name, error in errors.items() if error} == {"layers.2"}
    weight = model.network.layers[2].get_parameter("weight")
    made = result.model.network.layers[2].get_parameter("weight")
    lost = 1 - made.square().sum() / weight.square().sum()
    assert errors["layers.2"] == pytest.approx(float(lost.sqrt()), rel=1e-4)


def test_what_is_left_alone_says_why() -> None:
    report = baked(small_model(), keep_last=True, least_channels=20).report
    reasons = {row.name: row.skipped for row in report.layers}
    assert reasons["layers.6"] == "its resolution is kept"
    assert reasons["layers.4"] == "it has no more than 20 channels"
    assert reasons["const"] == ""
    assert any("24 to 20 channels, reads 20 of 24" in row.detail for row in report.layers)


def test_nothing_to_remove_is_the_model_itself() -> None:
    model = small_model()
    result = baked(model, ratio=0)
    assert result.model is model
    assert result.report.touched == 0
    assert result.report.summary == "0 of 148 channels removed (taylor)"


def test_a_factorised_model_can_be_pruned() -> None:
    model = small_model(factorised_config())
    result = baked(model, ratio=0.3)
    assert result.model.info.config.factors == model.info.config.factors
    assert result.model.info.config.channels[0] == 17
    assert bool(pictures(result.model).isfinite().all())


def test_it_says_so_and_the_seed_counts() -> None:
    model = small_model(directions=("age",))
    one, same = (baked(model, seed=1).model.info for _ in range(2))
    assert one == same
    assert [step.step for step in one.history] == ["prune"]
    assert one.widths == (1.0,)
    assert one.directions == ("age",)
    assert len({model.info.key, one.key, baked(model, seed=2).model.info.key}) == 3


def test_it_can_be_stopped() -> None:
    def stop(fraction: float, text: str) -> None:
        raise InterruptedError

    for importance in ("l1", "taylor"):
        params = PruneParams.model_validate({"importance": importance})
        with pytest.raises(InterruptedError):
            Prune().transform(small_model(), params, Context(progress=stop))


def test_it_fits_one_family() -> None:
    info = small_model().info
    assert Prune().applies_to(info) is None
    assert "another" in str(Prune().applies_to(replace(info, family="another")))
    assert Prune.verbs() == ("transform",)
