"""The stored outputs of the original projects, from PyTorch and from the graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from studio.families.opening import open_model
from studio.families.translation.model import FULL, TranslationModel
from studio.subnets.choice import SubnetChoice
from studio.subnets.stages import configuration
from tests.fixtures_root import FIXTURES, folders_with

TOLERANCE = 1e-4
FOLDERS = folders_with("gan_compression", "io.npz")


def _model(folder: Path, file: str, told: dict[str, Any]) -> TranslationModel:
    model = open_model(folder / file)
    assert isinstance(model, TranslationModel)
    answers = {}
    if any(question.name == "clamp_input" for question in model.info.questions):
        answers["clamp_input"] = "yes" if told["clamps_input"] else "no"
    if told["network"].get("separable_conv_norm", "none") != "none":
        answers["inner_norm"] = told["network"]["separable_conv_norm"]
    return model.answered(answers)


def _cases(folder: Path) -> list[tuple[str, str, str | None]]:
    """File, name of the output, and the configuration string of a supernet's."""
    told = json.loads((folder / "io.json").read_text())
    found = []
    for name, array in told["arrays"].items():
        if name.startswith("output"):
            file = "source_net_G.pth" if name == "output_source" else "latest_net_G.pth"
            found.append((file, name, array.get("config_str")))
    assert found
    return found


@pytest.mark.parametrize("name", FOLDERS)
def test_outputs_are_those_of_the_original_project(name: str) -> None:
    folder = FIXTURES / name
    told, arrays = json.loads((folder / "io.json").read_text()), np.load(folder / "io.npz")
    x = torch.from_numpy(arrays["input"].astype(np.float32))
    for file, output, text in _cases(folder):
        model = _model(folder, file, told)
        choice = FULL if text is None else configuration(text, model.info.config)
        expected = torch.from_numpy(arrays[output])
        made = model.picture(x, choice)
        assert (made - expected).abs().max() < TOLERANCE
        cut = model.cut(choice)
        assert torch.equal(cut.picture(x), made)
        if text is not None:
            assert _numbers(cut.info.config_string) == _numbers(text)
        network = model.portable(choice)
        onnx.checker.check_model(onnx.load_from_string(network.onnx()), full_check=True)
        session = onnxruntime.InferenceSession(network.onnx(), providers=["CPUExecutionProvider"])
        (drawn,) = session.run(None, {"input": x.numpy()})
        assert np.abs(drawn - arrays[output]).max() < TOLERANCE
        with torch.inference_mode():
            assert torch.allclose(network.module()(x), made, atol=TOLERANCE)


@pytest.mark.parametrize("name", FOLDERS)
def test_configuration_strings_are_recovered_from_shapes(name: str) -> None:
    told = json.loads((FIXTURES / name / "io.json").read_text())["network"]
    info = open_model(FIXTURES / name / "latest_net_G.pth").info
    wanted = told.get("config_str")
    if wanted is None and "unet" not in told["netG"]:
        wanted = "_".join([str(told["ngf"])] * 8)
    assert _numbers(info.config_string) == _numbers(wanted)


def _numbers(text: str | None) -> list[str] | None:
    """Six numbers as the eight that they stand for."""
    if text is None:
        return None
    parts = text.split("_")
    return parts if len(parts) == 8 else [*parts[:3], parts[3], parts[3], *parts[3:]]


def test_clamping_is_asked_for_and_matters_beyond_the_range() -> None:
    """Of a subnet, as its stages differ in width, clamping is likely."""
    model = open_model(FIXTURES / "gan_compression/sub_mobile_resnet_9blocks_1/latest_net_G.pth")
    assert isinstance(model, TranslationModel)
    assert dict(model.info.answers)["clamp_input"] == "yes"
    other = model.answered({"clamp_input": "no"})
    assert other.info.key != model.info.key
    within = torch.rand(1, 3, 16, 16) * 2 - 1
    assert torch.equal(model.picture(within), other.picture(within))
    assert not torch.equal(model.picture(2 * within), other.picture(2 * within))
    assert torch.equal(model.picture(2 * within), model.picture((2 * within).clamp(-1, 1)))


@pytest.mark.skipif(
    "gan_compression/sub_mobile_spade" not in FOLDERS, reason="the set in use has no SPADE"
)
def test_label_maps_become_the_stored_input() -> None:
    from studio.families.inputs import PictureInputs
    from studio.families.translation.reading import prepared

    folder = FIXTURES / "gan_compression/sub_mobile_spade"
    arrays = np.load(folder / "io.npz")
    model = open_model(folder / "latest_net_G.pth")
    assert isinstance(model, TranslationModel)
    config = model.answered({"last_channel": "edges"}).info.config
    assert config.labels == 5
    inputs = PictureInputs(arrays["label_map"][0, 0], arrays["instance_map"][0, 0])
    assert np.array_equal(prepared(inputs, config).numpy(), arrays["input"].astype(np.float32))


def test_narrow_choices_share_memory() -> None:
    model = open_model(FIXTURES / "gan_compression/sub_mobile_resnet_9blocks_1/latest_net_G.pth")
    assert isinstance(model, TranslationModel)
    whole = model.network.tensors()
    view = model.view(SubnetChoice(width=0.5))
    for name, tensor in view.tensors.items():
        assert tensor.untyped_storage().data_ptr() == whole[name].untyped_storage().data_ptr()
