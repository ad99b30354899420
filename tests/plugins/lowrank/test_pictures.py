"""Factorising models that turn pictures into pictures, against what must come out."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from plugins.lowrank.params import LowRankParams
from plugins.lowrank.technique import LowRank
from studio.checkpoints.factor import Factor
from studio.checkpoints.translation_sizes import ResNetSizes, SpadeSizes, TranslationSizes
from studio.families.opening import open_model
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import TranslationNetwork
from studio.recipes.contract import Context
from studio.subnets.choice import SubnetChoice
from tests.families.translation.projects import MOBILE, RESNET, SPADE, UNET
from tests.families.translation.small import small_model


def _model(sizes: TranslationSizes) -> TranslationModel:
    model = small_model(sizes, "spade" if isinstance(sizes, SpadeSizes) else "gan-compression")
    side = "128x128" if isinstance(sizes, SpadeSizes) else "32x32"
    return model.answered({"size": side})


def _planted(sizes: TranslationSizes, ranks: dict[str, int]) -> TranslationModel:
    """A model some of whose kernels have these ranks along both of their channel axes."""
    model = _model(sizes)
    tensors = dict(model.network.tensors())
    generator = torch.Generator().manual_seed(2)
    for name, rank in ranks.items():
        o, i, k, _ = tensors[f"{name}.weight"].shape
        core = torch.randn(rank, rank, k, k, generator=generator)
        left, right = (torch.randn(n, rank, generator=generator) for n in (o, i))
        kernel = torch.einsum("ob,bahw,ia->oihw", left, core, right)
        tensors[f"{name}.weight"] = kernel / kernel[0].numel() ** 0.5
    network = TranslationNetwork.from_tensors(model.info.config, tensors)
    return TranslationModel(model.info, network)


def _made(model: TranslationModel, **params: object) -> TranslationModel:
    given = LowRankParams.model_validate({"least_weights": 0, **params})
    made = LowRank().transform(model, given, Context()).model
    assert isinstance(made, TranslationModel)
    return made


def _input(model: TranslationModel) -> torch.Tensor:
    side = model.info.config.settings.height
    generator = torch.Generator().manual_seed(4)
    return torch.rand(1, model.info.config.sizes.inputs, side, side, generator=generator) * 2 - 1


@pytest.mark.parametrize("method", ["svd", "tucker2"])
def test_planted_ranks_of_3x3_are_found_and_the_picture_stays(method: str) -> None:
    planted = {"down.1": 3, "blocks.2.0": 2, "blocks.4.1": 4}
    model = _planted(RESNET, planted)
    made = _made(model, method=method, rank_by="energy", energy=1.0, exact=True)
    found = dict(made.info.config.sizes.chains)
    for name, rank in planted.items():
        assert found[name] == Factor(method, (rank,) * (2 if method == "tucker2" else 1)), name
    assert set(found) == set(planted)  # random kernels of full rank get no smaller
    assert made.cost().macs < model.cost().macs
    assert made.cost().parameters < model.cost().parameters
    x = _input(model)
    assert float((made.picture(x) - model.picture(x)).abs().max()) < 1e-4


def test_planted_ranks_of_1x1_are_found() -> None:
    planted = {"blocks.1.0.pointwise": 3, "blocks.1.1.pointwise": 2}
    model = _planted(MOBILE, planted)
    made = _made(model, method="tucker2", rank_by="energy", energy=1.0, exact=True)
    found = dict(made.info.config.sizes.chains)
    assert found == {name: Factor("svd", (rank,)) for name, rank in planted.items()}
    x = _input(model)
    assert float((made.picture(x) - model.picture(x)).abs().max()) < 1e-4


@pytest.mark.parametrize("method", ["svd", "tucker2", "cp"])
@pytest.mark.parametrize("sizes", [RESNET, MOBILE, SPADE], ids=["resnet", "mobile", "spade"])
def test_chains_draw_what_their_kernels_would(
    sizes: TranslationSizes, method: str, tmp_path: Path
) -> None:
    """Beside the same network whose kernels are the chains put together, also when compiled, cut
    and opened again."""
    import onnxruntime

    model = _model(sizes)
    made = _made(model, method=method, budget=0.6)
    chains = dict(made.info.config.sizes.chains)
    assert chains
    tensors = dict(made.network.tensors())
    for name, factor in chains.items():
        reduce, core = tensors.pop(f"{name}.reduce")[:, :, 0, 0], tensors[f"{name}.weight"]
        if factor.form == "cp":
            core = torch.diag_embed(core[:, 0].permute(1, 2, 0)).permute(2, 3, 0, 1)
        if factor.form != "svd":
            expand = tensors.pop(f"{name}.expand")[:, :, 0, 0]
            core = torch.einsum("ob,bahw->oahw", expand, core)
        tensors[f"{name}.weight"] = torch.einsum("oahw,ai->oihw", core, reduce)
    whole = TranslationModel(
        model.info, TranslationNetwork.from_tensors(model.info.config, tensors)
    )
    x = _input(model)
    picture = made.picture(x)
    assert float((picture - whole.picture(x)).abs().max()) < 1e-4
    file = tmp_path / "made.safetensors"
    made.save(file)
    again = open_model(file)
    assert isinstance(again, TranslationModel)
    assert torch.equal(again.picture(x), picture)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(made.portable().onnx(), options)
    compiled = torch.from_numpy(session.run(None, {"input": x.numpy()})[0])
    assert float((compiled - picture).abs().max()) < 1e-4
    narrow = made.cut(SubnetChoice(width=0.5))
    assert torch.equal(narrow.picture(x), made.picture(x, SubnetChoice(width=0.5)))


def test_what_cannot_be_factorised_says_so() -> None:
    technique = LowRank()
    assert "4 x 4" in (technique.applies_to(small_model(UNET, "pix2pix").info) or "")
    report = technique.transform(
        _model(ResNetSizes(3, 3, 4, (8, 16), (16,), (8, 4), separable=True)),
        LowRankParams(least_weights=0),
        Context(),
    ).report
    reasons = {layer.name: layer.skipped for layer in report.layers}
    assert "7 x 7" in reasons["stem"]
    assert "transposed" in reasons["up.0"]
    assert "depthwise" in reasons["blocks.0.0.depthwise"]
