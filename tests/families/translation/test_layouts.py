"""What public projects write is read as what it is, whatever its sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from studio.checkpoints import open_checkpoint
from studio.checkpoints.translation_sizes import (
    ResNetSizes,
    TranslationSizes,
    UNetSizes,
)
from studio.errors import NotEnoughMemory, RefusedFile, UnsupportedModel
from studio.families.opening import open_model
from studio.families.translation.model import TranslationModel
from tests.families.translation.projects import (
    EVERY,
    MOBILE,
    RESNET,
    SPADE,
    UNET,
    project_state,
    random_tensors,
    resnets,
    spades,
    unets,
)


def _same(path: Path, sizes: TranslationSizes, tensors: dict[str, Tensor]) -> None:
    opened = open_checkpoint(path)
    assert opened.family == "translation"
    assert opened.sizes == sizes
    assert set(opened.tensors) == set(tensors)
    for name, tensor in tensors.items():
        assert torch.equal(opened.tensors[name], tensor), name


def _round_trip(folder: Path, sizes: TranslationSizes, dropout: bool = False) -> None:
    tensors = random_tensors(sizes)
    path = folder / "latest_net_G.pth"
    torch.save(project_state(sizes, tensors, dropout=dropout), path)
    _same(path, sizes, tensors)
    model = open_model(path)
    assert isinstance(model, TranslationModel)
    own = folder / "own.safetensors"
    model.save(own)
    _same(own, sizes, tensors)


@settings(max_examples=30, deadline=None)
@given(sizes=resnets())
def test_residual_networks_of_any_size(tmp_path_factory: Any, sizes: ResNetSizes) -> None:
    for dropout in (False, True):
        _round_trip(tmp_path_factory.mktemp("resnet"), sizes, dropout)


@settings(max_examples=20, deadline=None)
@given(sizes=unets())
def test_unets_of_any_size(tmp_path_factory: Any, sizes: UNetSizes) -> None:
    _round_trip(tmp_path_factory.mktemp("unet"), sizes)


@settings(max_examples=20, deadline=None)
@given(sizes=spades())
def test_spade_of_any_size(tmp_path_factory: Any, sizes: TranslationSizes) -> None:
    _round_trip(tmp_path_factory.mktemp("spade"), sizes)


@pytest.mark.parametrize("key", ["netG", "G", "generator", "state_dict", "model_state_dict"])
def test_wrapped_and_parallel_files(tmp_path: Path, key: str) -> None:
    tensors = random_tensors(MOBILE)
    state = project_state(MOBILE, tensors, dropout=True)
    wrapped = {"epoch": 3, key: {f"module.{n}": t for n, t in state.items()}}
    torch.save(wrapped, tmp_path / "a.pt")
    _same(tmp_path / "a.pt", MOBILE, tensors)


def test_layouts_are_told_apart_by_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    for sizes, dropout, layout in (
        (RESNET, False, "cyclegan"),
        (RESNET, True, "gan-compression"),
        (MOBILE, True, "gan-compression"),
        (UNET, False, "pix2pix"),
        (SPADE, False, "spade"),
    ):
        torch.save(project_state(sizes, random_tensors(sizes), dropout=dropout), path)
        assert open_checkpoint(path).layout == layout


def test_statistics_of_instance_norms_are_passed_over_and_told(tmp_path: Path) -> None:
    tensors = random_tensors(RESNET)
    state = project_state(RESNET, tensors)
    state["model.2.running_mean"] = torch.randn(4)
    state["model.2.running_var"] = torch.rand(4)
    state["model.2.num_batches_tracked"] = torch.tensor(5)
    torch.save(state, tmp_path / "old.pth")
    _same(tmp_path / "old.pth", RESNET, tensors)
    model = open_model(tmp_path / "old.pth")
    assert [step.detail for step in model.info.history] == [
        "cyclegan",
        "2 statistics of instance norms, which read none",
    ]


def test_spectral_norms_of_both_forms_are_folded_in(tmp_path: Path) -> None:
    """PyTorch's own modules give the weight that they would use."""
    tensors = random_tensors(SPADE)
    state = project_state(SPADE, tensors)
    for index, name in enumerate(("head_0.conv_0", "up_0.conv_1", "up_2.conv_s")):
        weight = state.pop(f"{name}.weight")
        layer = torch.nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2], bias=False)
        layer.weight.data = weight
        old = index % 2 == 0
        make = (
            torch.nn.utils.spectral_norm if old else torch.nn.utils.parametrizations.spectral_norm
        )
        layer = make(layer)
        for _ in range(5):
            layer(torch.randn(1, weight.shape[1], 8, 8))
        layer.eval()
        layer(torch.randn(1, weight.shape[1], 8, 8))
        block = name.split(".")[0]
        k = {"head_0": 0, "up_0": 3, "up_2": 5}[block]
        part = {"conv_0": "conv0", "conv_1": "conv1", "conv_s": "shortcut"}[name.split(".")[1]]
        tensors[f"blocks.{k}.{part}.weight"] = layer.weight.detach()
        state |= {f"{name}.{n}": t for n, t in layer.state_dict().items()}
    torch.save(state, tmp_path / "spectral.pth")
    opened = open_checkpoint(tmp_path / "spectral.pth")
    for name, tensor in tensors.items():
        assert torch.allclose(opened.tensors[name], tensor, atol=1e-6), name


def test_subnets_keep_statistics_of_the_whole_width(tmp_path: Path) -> None:
    tensors = random_tensors(SPADE)
    state = project_state(SPADE, tensors)
    name = "head_0.norm_0.param_free_norm.running_mean"
    state[name] = torch.cat((state[name], torch.randn(11)))
    torch.save(state, tmp_path / "sub.pth")
    _same(tmp_path / "sub.pth", SPADE, tensors)


State = dict[str, Tensor]


def _without(name: str) -> Callable[[State], None]:
    return lambda state: state.__delitem__(name)


def _with(name: str, tensor: Tensor) -> Callable[[State], None]:
    return lambda state: state.__setitem__(name, tensor)


@pytest.mark.parametrize(
    ("sizes", "change", "why"),
    [
        (RESNET, _without("model.1.weight"), r"without its first .* lacks model\.1\.weight"),
        (RESNET, _without("model.4.weight"), r"lacks the tensor “model\.4\.weight”"),
        (RESNET, _without("model.12.conv_block.5.bias"), r"lacks .*model\.12\.conv_block\.5\.bias"),
        (RESNET, _with("model.99.weight", torch.ones(2)), r"1 tensor that belongs .*model\.99"),
        (
            RESNET,
            _with("model.4.weight", torch.ones(8, 5, 3, 3)),
            r"4\.weight has .*\[8, 4, 3, 3\]",
        ),
        (RESNET, _with("model.4.weight", torch.ones(8)), r"4\.weight” has .*\[8\].* 4 axes"),
        (RESNET, _with("model.1.weight", torch.ones(4, 3, 5, 5)), "are 5x5; accepted are 7x7"),
        (RESNET, _with("model.1.bias", torch.full((4,), torch.nan)), "contains NaN"),
        (RESNET, _with("model.1.bias", torch.ones(4, dtype=torch.int64)), "holds int64"),
        (RESNET, _with("model.40.conv_block.1.weight", torch.ones(1, 1, 3, 3)), "do not follow"),
        (RESNET, _with("model.5.filt", torch.ones(1, 1, 3, 3)), "blurs before it samples"),
        (UNET, _without("model.model.1.model.3.model.3.model.1.weight"), "lacks"),
        (UNET, _without("model.model.3.bias"), r"lacks the tensor “model\.model\.3\.bias”"),
        (UNET, _with("model.model.0.weight", torch.ones(4, 0, 4, 4)), "1 to 32768 channels"),
        (
            UNET,
            _with("model.model.1.model.2.running_var", -torch.ones(6)),
            "holds a variance below 0",
        ),
        (SPADE, _with("fc.weight", torch.ones(32, 9)), "starts from a random vector"),
        (
            SPADE,
            _without("up_0.conv_s.weight"),
            r"up_0 goes from 32 to 16 .* lacks a shortcut",
        ),
        (SPADE, _with("G_middle_0.conv_1.weight", torch.ones(9, 32, 3, 3)), "lacks a shortcut"),
        (
            SPADE,
            _with("head_0.norm_0.mlp_shared.0.weight", torch.ones(4, 5, 2, 2)),
            "2x2; accepted are odd",
        ),
    ],
)
def test_broken_files_are_refused_with_a_sentence(
    tmp_path: Path, sizes: TranslationSizes, change: Callable[[State], None], why: str
) -> None:
    state = project_state(sizes, random_tensors(sizes))
    change(state)
    torch.save(state, tmp_path / "broken.pth")
    with pytest.raises(RefusedFile, match=why) as refused:
        open_checkpoint(tmp_path / "broken.pth")
    assert str(refused.value).startswith("broken.pth cannot be opened: ")


def test_a_spectral_norm_must_be_whole(tmp_path: Path) -> None:
    state = project_state(SPADE, random_tensors(SPADE))
    state["fc.weight_orig"] = state.pop("fc.weight")
    state["fc.weight_u"] = torch.ones(32)
    path = tmp_path / "a.pth"
    torch.save(state, path)
    with pytest.raises(RefusedFile, match=r"lacks the tensor fc\.weight_v of its spectral norm"):
        open_checkpoint(path)
    torch.save(state | {"fc.weight_v": torch.ones(44)}, path)
    with pytest.raises(RefusedFile, match=r"fc\.weight_v has the shape \[44\] .* \[45\]"):
        open_checkpoint(path)
    torch.save(state | {"fc.weight_v": torch.zeros(45)}, path)
    with pytest.raises(UnsupportedModel, match=r"fc\.weight_orig is 0"):
        open_checkpoint(path)


@pytest.mark.parametrize("sizes", EVERY)
def test_too_little_memory(tmp_path: Path, sizes: TranslationSizes) -> None:
    torch.save(project_state(sizes, random_tensors(sizes)), tmp_path / "a.pth")
    with pytest.raises(NotEnoughMemory, match=r"2\.0 kB may be used"):
        open_checkpoint(tmp_path / "a.pth", memory_limit=2000)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(draw=st.data())
def test_changed_files_open_or_are_refused(tmp_path_factory: Any, draw: st.DataObject) -> None:
    """Names and shapes changed at random: no other error ever, and what opens is of one piece."""
    sizes = draw.draw(st.sampled_from(EVERY))
    state = project_state(sizes, random_tensors(sizes))
    for _ in range(draw.draw(st.integers(1, 3))):
        name = draw.draw(st.sampled_from(sorted(state)))
        tensor = state.pop(name)
        kind = draw.draw(st.sampled_from(("drop", "rename", "shape", "flat", "copy")))
        if kind in ("rename", "copy"):
            at = draw.draw(st.integers(0, len(name) - 1))
            letter = draw.draw(st.sampled_from("0123456789._aw"))
            state[name[:at] + letter + name[at + 1 :]] = tensor
        if kind == "copy":
            state[name] = tensor
        elif kind == "shape":
            state[name] = torch.ones(draw.draw(st.lists(st.integers(0, 5), max_size=5)))
        elif kind == "flat":
            state[name] = tensor.flatten()
    path = tmp_path_factory.mktemp("changed") / "model.pth"
    torch.save(state, path)
    opened, sentence = None, "model.pth cannot be opened: ."
    try:
        opened = open_checkpoint(path)
    except RefusedFile as refused:
        sentence = str(refused)
    assert sentence.startswith("model.pth cannot be opened: ")
    assert "damaged" not in sentence  # that would be an error nobody foresaw
    if opened is not None:
        assert opened.sizes is not None
        assert {n: tuple(t.shape) for n, t in opened.tensors.items()} == opened.sizes.shapes()
        open_model(path)
