"""Every supported layout gives the pictures that the original code gives."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.checkpoints import open_checkpoint, read_directions
from studio.errors import RefusedFile, UnsupportedModel
from studio.families.stylegan.synthesis import synthesise
from tests.checkpoints import ada_files
from tests.checkpoints.networks import (
    CLASSES,
    SMALL,
    close,
    config_of,
    network_of,
    random_network,
)
from tests.fixtures_root import FIXTURES, folders_with

ANYCOST = folders_with("anycost", "generator.pt")
ADA = folders_with("stylegan2_ada", "network-snapshot.pkl")
ODD = FIXTURES / "anycost/odd"


def _pictures(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with torch.inference_mode():
        network = network_of(open_checkpoint(path))
        w = network.map(torch.from_numpy(arrays["z"])[:, 0])
        styles = w[:, None].expand(-1, network.config.style_count, -1)
        close(synthesise(network.view(), styles)[0], arrays["out_plain"])
        w_plus = torch.from_numpy(arrays["w_plus"])
        close(synthesise(network.view(), w_plus)[0], arrays["out_wplus"])


@pytest.mark.parametrize("folder", ANYCOST)
def test_anycost_gives_the_original_pictures(folder: str) -> None:
    opened = open_checkpoint(FIXTURES / folder / "generator.pt")
    assert (opened.layout, opened.architecture) == ("anycost", "anycost")
    assert not opened.w_avg_known
    assert not opened.tensors["w_avg"].any()
    assert opened.source_sha256 == opened.file_sha256
    assert opened.size_bytes == (FIXTURES / folder / "generator.pt").stat().st_size
    _pictures(FIXTURES / folder / "generator.pt", np.load(FIXTURES / folder / "io.npz"))


@pytest.mark.parametrize("folder", ANYCOST)
def test_rosinality_gives_the_original_pictures(folder: str) -> None:
    arrays = np.load(FIXTURES / folder / "io.npz")
    opened = open_checkpoint(FIXTURES / folder / "rosinality.pt")
    assert (opened.layout, opened.architecture) == ("rosinality", "stylegan2")
    assert opened.w_avg_known
    np.testing.assert_array_equal(opened.tensors["w_avg"], arrays["mean_style"][0])
    _pictures(FIXTURES / folder / "rosinality.pt", arrays)


@pytest.mark.parametrize("folder", ADA)
def test_stylegan2_ada_gives_the_original_pictures(folder: str) -> None:
    arrays = np.load(FIXTURES / folder / "io.npz")
    opened = open_checkpoint(FIXTURES / folder / "network-snapshot.pkl")
    assert (opened.layout, opened.architecture) == ("stylegan2-ada", "stylegan2-ada")
    assert opened.w_avg_known
    assert opened.conv_clamp == (1.5 if folder.endswith("/conditional") else None)
    np.testing.assert_array_equal(opened.tensors["w_avg"], arrays["w_avg"])
    with torch.inference_mode():
        network = network_of(opened)
        label = torch.from_numpy(arrays["labels"]) if "labels" in arrays else None
        w = network.map(torch.from_numpy(arrays["z"]), label)
        close(w, arrays["w_psi1"][:, 0])
        for name in (n.removeprefix("w_") for n in arrays if n.startswith("w_psi")):
            styles = torch.from_numpy(arrays[f"w_{name}"])
            close(synthesise(network.view(), styles)[0], arrays[f"image_{name}"])
        styles = torch.from_numpy(arrays["w_psi1"])
        without = synthesise(network.view(), styles, use_noise=False)[0]
        close(without, arrays["image_psi1_nonoise"])


@pytest.mark.parametrize("folder", ANYCOST)
def test_directions_are_read(folder: str) -> None:
    arrays = np.load(FIXTURES / folder / "io.npz")
    directions = read_directions(FIXTURES / folder / "edit_directions.pt")
    np.testing.assert_array_equal(directions["31_Smiling"], arrays["edit_direction"])


def test_directions_of_another_kind_are_refused() -> None:
    with pytest.raises(RefusedFile, match=r"generator\.pt cannot be opened: .*directions"):
        read_directions(ODD / "generator.pt")


@pytest.mark.parametrize("name", ["model.bin", "model", "model.pkl", "модель v2.PT"])
def test_the_name_does_not_matter(tmp_path: Path, name: str) -> None:
    shutil.copy(ODD / "generator.pt", tmp_path / name)
    assert open_checkpoint(tmp_path / name).layout == "anycost"


def _state() -> dict[str, torch.Tensor]:
    loaded = torch.load(ODD / "generator.pt", weights_only=True)
    return dict(loaded["g_ema"])


def _same(path: Path, tolerance: float = 0.0) -> None:
    expected, actual = open_checkpoint(ODD / "generator.pt").tensors, open_checkpoint(path).tensors
    assert expected.keys() == actual.keys()
    for name, tensor in expected.items():
        torch.testing.assert_close(actual[name], tensor, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize("protocol", [2, 4])
def test_both_forms_of_torch_open(tmp_path: Path, new: bool, protocol: int) -> None:
    content = {"g_ema": _state()}
    torch.save(
        content, tmp_path / "a.pt", pickle_protocol=protocol, _use_new_zipfile_serialization=new
    )
    _same(tmp_path / "a.pt")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda s: s,
        lambda s: {"g": s, "d": {}, "args": None},
        lambda s: {"iter": 7, "g": {k: v * 0 for k, v in s.items()}, "g_ema": s},
        lambda s: {"g_ema": {f"module.{k}": v for k, v in s.items()}},
        lambda s: {"g_ema": {k: torch.nn.Parameter(v) for k, v in s.items()}},
    ],
    ids=["bare", "without average", "training", "DataParallel", "parameters"],
)
def test_usual_wrappings_open(
    tmp_path: Path, wrap: Callable[[dict[str, torch.Tensor]], object]
) -> None:
    torch.save(wrap(_state()), tmp_path / "a.pt")
    _same(tmp_path / "a.pt")


def test_training_checkpoint_with_arguments_opens(tmp_path: Path) -> None:
    import argparse

    state = _state()
    weight = torch.nn.Parameter(torch.ones(3))
    optimiser = torch.optim.Adam([weight])
    weight.sum().backward()
    optimiser.step()
    args = argparse.Namespace(size=32, lr=0.002, path="data", device=torch.device("cpu"))
    content = {"g_ema": state, "args": args, "g_optim": optimiser.state_dict()}
    torch.save(content, tmp_path / "a.pt")
    _same(tmp_path / "a.pt")


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_become_float32(tmp_path: Path, dtype: torch.dtype) -> None:
    torch.save({"g_ema": {k: v.to(dtype) for k, v in _state().items()}}, tmp_path / "a.pt")
    _same(tmp_path / "a.pt", tolerance=0.0 if dtype == torch.float64 else 1e-2)
    assert all(
        t.dtype == torch.float32 for t in open_checkpoint(tmp_path / "a.pt").tensors.values()
    )


def test_transposed_and_shared_storages_are_read_right(tmp_path: Path) -> None:
    state = _state()
    state["style.1.weight"] = state["style.1.weight"].t().contiguous().t()
    both = torch.stack([state["style.2.bias"], state["style.3.bias"]])
    state["style.2.bias"], state["style.3.bias"] = both[0], both[1]
    torch.save(state, tmp_path / "a.pt")
    _same(tmp_path / "a.pt")


def test_a_negated_view_is_refused_and_never_misread(tmp_path: Path) -> None:
    content = torch.load(ODD / "generator.pt", weights_only=True)
    content["g_ema"]["input.input"] = torch._neg_view(content["g_ema"]["input.input"])
    torch.save(content, tmp_path / "a.pt")
    with pytest.raises(RefusedFile, match="negated"):
        open_checkpoint(tmp_path / "a.pt")


def test_state_dict_as_safetensors_opens(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file(_state(), tmp_path / "a.safetensors")
    _same(tmp_path / "a.safetensors")


def test_other_filter_is_not_supported(tmp_path: Path) -> None:
    state = _state()
    state["convs.0.conv.blur.kernel"] = torch.full((4, 4), 0.25)
    torch.save(state, tmp_path / "a.pt")
    with pytest.raises(UnsupportedModel, match=r"convs\.0\.conv\.blur\.kernel.*\[1, 3, 3, 1\]"):
        open_checkpoint(tmp_path / "a.pt")


def test_unknown_tensors_are_named(tmp_path: Path) -> None:
    torch.save(_state() | {"attention.weight": torch.ones(3)}, tmp_path / "a.pt")
    with pytest.raises(RefusedFile, match=r"1 tensor that belongs .*attention\.weight"):
        open_checkpoint(tmp_path / "a.pt")


@pytest.mark.parametrize("config", [SMALL, CLASSES], ids=["unconditional", "conditional"])
@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_snapshots_give_back_the_same_network(
    tmp_path: Path, config: object, protocol: int
) -> None:
    network = random_network(config)  # type: ignore[arg-type]
    other = ada_files.generator(random_network(config, seed=1))  # type: ignore[arg-type]
    content = {"G": other, "D": None, "G_ema": ada_files.generator(network)}
    opened = open_checkpoint(ada_files.write(tmp_path / "a.pkl", content, protocol))
    assert config_of(opened) == config
    for name, tensor in network.state_dict().items():
        torch.testing.assert_close(opened.tensors[name], tensor, rtol=1e-6, atol=1e-6)


def test_snapshot_without_average_falls_back_to_the_trained_network(tmp_path: Path) -> None:
    content = {"G": ada_files.generator(random_network(SMALL)), "G_ema": None}
    assert open_checkpoint(ada_files.write(tmp_path / "a.pkl", content)).layout == "stylegan2-ada"


@pytest.mark.parametrize("architecture", ["resnet", "orig"])
def test_other_block_architectures_are_not_supported(tmp_path: Path, architecture: str) -> None:
    content = {"G_ema": ada_files.generator(random_network(SMALL), architecture=architecture)}
    with pytest.raises(UnsupportedModel, match=f"architecture “{architecture}”"):
        open_checkpoint(ada_files.write(tmp_path / "a.pkl", content))


def test_different_clamps_and_activations_are_not_supported(tmp_path: Path) -> None:
    network = ada_files.generator(random_network(CLASSES))
    layer = network.modules["synthesis"].modules["b8"].modules["conv0"]
    layer.settings["conv_clamp"] = 7.0
    with pytest.raises(UnsupportedModel, match="clamp at different values"):
        open_checkpoint(ada_files.write(tmp_path / "a.pkl", {"G_ema": network}))
    layer.settings |= {"conv_clamp": 1.25, "activation": "swish"}
    with pytest.raises(UnsupportedModel, match=r"b8\.conv0.*“swish”"):
        open_checkpoint(ada_files.write(tmp_path / "b.pkl", {"G_ema": network}))


def test_the_stored_gain_of_the_mapping_network_counts(tmp_path: Path) -> None:
    network = random_network(SMALL)
    stored = ada_files.generator(network)
    layers = stored.modules["mapping"].modules
    for layer in layers.values():
        layer.settings["bias_gain"] = 0.02
    opened = open_checkpoint(ada_files.write(tmp_path / "a.pkl", {"G_ema": stored}))
    for name in ("mapping.0.weight", "mapping.1.bias"):
        torch.testing.assert_close(opened.tensors[name], 2 * network.state_dict()[name])
    layers["fc1"].settings["bias_gain"] = 0.01
    with pytest.raises(UnsupportedModel, match="different gains"):
        open_checkpoint(ada_files.write(tmp_path / "b.pkl", {"G_ema": stored}))
    layers["fc0"].settings["bias_gain"] = float("nan")
    with pytest.raises(RefusedFile, match="gain “nan”"):
        open_checkpoint(ada_files.write(tmp_path / "c.pkl", {"G_ema": stored}))


def test_snapshot_with_another_filter_is_not_supported(tmp_path: Path) -> None:
    network = ada_files.generator(random_network(SMALL))
    network.modules["synthesis"].modules["b8"].buffers["resample_filter"] = torch.ones(4, 4) / 16
    with pytest.raises(UnsupportedModel, match=r"synthesis\.b8\.resample_filter"):
        open_checkpoint(ada_files.write(tmp_path / "a.pkl", {"G_ema": network}))


def test_stylegan3_is_not_supported(tmp_path: Path) -> None:
    layer = ada_files.Module("SynthesisLayer", parameters={"weight": torch.ones(3, 3, 1, 1)})
    synthesis = ada_files.Module("SynthesisNetwork", modules={"L0_36_512": layer})
    content = {"G_ema": ada_files.Module("Generator", modules={"synthesis": synthesis})}
    with pytest.raises(UnsupportedModel, match=r"StyleGAN3 .*not supported, because"):
        open_checkpoint(ada_files.write(tmp_path / "a.pkl", content))
