"""Pruning of models that turn pictures into pictures, against what must come out."""

from __future__ import annotations

import pytest
import torch

from plugins.prune.params import PruneParams
from plugins.prune.technique import Prune
from studio.checkpoints.translation_sizes import TranslationSizes
from studio.families.translation.groups import Group, groups
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import TranslationNetwork
from studio.recipes.contract import Context
from tests.families.translation.projects import EVERY, MOBILE, RESNET, SPADE, UNET
from tests.families.translation.small import small_model

NAMES = ("resnet", "mobile", "unet", "spade")


def _model(sizes: TranslationSizes) -> TranslationModel:
    model = small_model(sizes, "spade" if sizes is SPADE else "gan-compression")
    return model.answered({"size": "128x128" if sizes is SPADE else "32x32"})


def _input(model: TranslationModel) -> torch.Tensor:
    side = model.info.config.settings.height
    generator = torch.Generator().manual_seed(4)
    return torch.rand(1, model.info.config.sizes.inputs, side, side, generator=generator) * 2 - 1


def _with_dead(model: TranslationModel, dead: dict[str, tuple[int, ...]]) -> TranslationModel:
    """The same model where some channels of some groups are read by zeros."""
    tensors = {name: tensor.clone() for name, tensor in model.network.tensors().items()}
    for group in groups(model.info.config):
        for channel in dead.get(group.name, ()):
            for reader in group.readers:
                tensors[reader.weight].select(reader.axis, reader.start + channel).zero_()
    network = TranslationNetwork.from_tensors(model.info.config, tensors)
    return TranslationModel(model.info, network)


def _pruned(model: TranslationModel, **params: object) -> TranslationModel:
    given = PruneParams.model_validate({"least_channels": 1, "samples": 2, **params})
    made = Prune().transform(model, given, Context()).model
    assert isinstance(made, TranslationModel)
    return made


@pytest.mark.parametrize("sizes", EVERY, ids=NAMES)
def test_every_channel_lies_in_one_group(sizes: TranslationSizes) -> None:
    """Along every axis that channels lie on, groups cover what is neither input nor picture."""
    found = groups(_model(sizes).info.config)
    seen: dict[tuple[str, int], set[int]] = {}
    for group in found:
        for member in group.members:
            place = seen.setdefault((member.tensor, member.axis), set())
            mine = set(range(member.start, member.start + group.count))
            assert not place & mine
            place |= mine
    shapes = sizes.shapes()
    for (tensor, axis), channels in seen.items():
        assert channels == set(range(shapes[tensor][axis])), (tensor, axis)


def test_a_residual_trunk_is_one_group() -> None:
    by_name = {group.name: group for group in groups(_model(RESNET).info.config)}
    trunk = by_name["down.1"]
    made = {member.tensor for member in trunk.members if member.axis == 0}
    assert {f"blocks.{k}.1.weight" for k in range(6)} <= made
    assert {reader.step for reader in trunk.readers} == {
        *(f"blocks.{k}.0" for k in range(6)),
        "up.0",
    }


def test_depthwise_and_pointwise_go_together() -> None:
    by_name = {group.name: group for group in groups(_model(MOBILE).info.config)}
    hidden = by_name["blocks.0.0.pointwise"]
    assert {m.tensor for m in hidden.members} >= {
        "blocks.0.0.pointwise.weight",
        "blocks.0.1.depthwise.weight",
        "blocks.0.1.pointwise.weight",
    }
    assert [reader.step for reader in hidden.readers] == ["blocks.0.1.pointwise"]


def test_a_skip_is_read_twice() -> None:
    by_name = {group.name: group for group in groups(_model(UNET).info.config)}
    assert [(r.step, r.start) for r in by_name["down.0"].readers] == [("down.1", 0), ("up.3", 0)]
    assert [(r.step, r.start) for r in by_name["up.2"].readers] == [("up.3", 4)]


@pytest.mark.parametrize("kind", ["l1", "l2", "activation", "taylor"])
@pytest.mark.parametrize("sizes", EVERY, ids=NAMES)
def test_planted_dead_channels_are_those_that_go(sizes: TranslationSizes, kind: str) -> None:
    """Of every group one channel in four is dead: an even share of a quarter removes exactly
    these, so the picture stays."""
    model = _model(sizes)
    every = [group for group in groups(model.info.config) if group.count >= 4]
    generator = torch.Generator().manual_seed(6)
    planted: dict[str, tuple[int, ...]] = {}
    for group in every:
        order = torch.randperm(group.count, generator=generator)
        planted[group.name] = tuple(sorted(order[: group.count // 4].tolist()))
    dead = _with_dead(model, planted)
    ratios = [_share(group, planted) for group in groups(model.info.config)]
    made = _pruned(dead, importance=kind, ratios=ratios)
    assert made.cost().parameters < model.cost().parameters
    for group in every:
        alive = [c for c in range(group.count) if c not in planted[group.name]]
        bias = f"{group.name}.bias"  # the filter's own number, whatever else was narrowed
        if bias in made.network.tensors():
            wanted = dead.network.tensors()[bias][alive]
            assert torch.equal(made.network.tensors()[bias], wanted), group.name
    x = _input(model)
    assert float((made.picture(x) - dead.picture(x)).abs().max()) < 1e-4


def _share(group: Group, planted: dict[str, tuple[int, ...]]) -> float:
    return len(planted.get(group.name, ())) / group.count


@pytest.mark.parametrize("sizes", EVERY, ids=NAMES)
@pytest.mark.parametrize("spread", ["even", "global"])
def test_a_pruned_model_is_smaller_and_opens_again(
    sizes: TranslationSizes, spread: str, tmp_path: object
) -> None:
    from pathlib import Path

    from studio.families.opening import open_model

    model = _model(sizes)
    made = _pruned(model, ratio=0.5, spread=spread, importance="l1")
    assert made.cost().macs < model.cost().macs
    file = Path(str(tmp_path)) / "made.safetensors"
    made.save(file)
    again = open_model(file)
    assert isinstance(again, TranslationModel)
    assert again.info.config == made.info.config
    x = _input(model)
    assert torch.equal(again.picture(x), made.picture(x))


def test_first_and_last_can_be_kept() -> None:
    model = _model(RESNET)
    made = _pruned(model, ratio=0.5, importance="l1", keep_first=True, keep_last=True)
    sizes = made.info.config.sizes
    assert (sizes.stem, sizes.up[-1]) == (RESNET.stem, RESNET.up[-1])  # type: ignore[union-attr]
    assert sizes.down == (4, 8)  # type: ignore[union-attr]
