"""Widths of stages: configuration strings, choices, and the weights that a subnet reads."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.checkpoints.translation_sizes import ResNetSizes, SpadeSizes, UNetSizes
from studio.errors import BadChoice
from studio.families.translation.stages import (
    block_groups,
    config_string,
    is_uniform,
    parse_config,
    stages,
    with_widths,
)
from studio.subnets.choice import SubnetChoice
from studio.subnets.stages import configuration, stage_widths
from tests.families.translation.projects import MOBILE, RESNET, SPADE, UNET
from tests.families.translation.small import small_model


def test_stages_of_residual_networks() -> None:
    """The multiples of GAN Compression: 1, 2, 4, 4, 4, 4, 2, 1."""
    assert [(s.name, s.channels, s.multiple) for s in stages(RESNET)] == [
        ("first", 4, 1),
        ("down 1", 8, 2),
        ("down 2", 16, 4),
        ("blocks 1", 16, 4),
        ("blocks 2", 16, 4),
        ("blocks 3", 16, 4),
        ("up 1", 8, 2),
        ("up 2", 4, 1),
    ]
    assert config_string(RESNET) == "4_4_4_4_4_4"
    assert config_string(MOBILE) == "4_4_4_3_4_2_4_4"
    assert is_uniform(RESNET)
    assert not is_uniform(MOBILE)


def test_blocks_fall_into_three_groups_of_which_the_last_takes_the_rest() -> None:
    assert block_groups(9) == (range(3), range(3, 6), range(6, 9))
    assert block_groups(7) == (range(2), range(2, 4), range(4, 7))
    assert block_groups(2) == (range(2),)


def test_a_configuration_string_sets_every_width() -> None:
    sizes = replace(RESNET, stem=16, down=(32, 64), blocks=(64,) * 9, up=(32, 16))
    cut = with_widths(sizes, parse_config("12_8_16_4_12_8_8_16", sizes))
    assert cut == replace(
        sizes, stem=12, down=(16, 64), blocks=(16,) * 3 + (48,) * 3 + (32,) * 3, up=(16, 16)
    )
    assert config_string(cut) == "12_8_16_4_12_8_8_16"
    short = with_widths(sizes, parse_config("8_16_12_4_8_12", sizes))
    assert short == replace(sizes, stem=8, down=(32, 48), blocks=(16,) * 9, up=(16, 12))
    assert config_string(short) == "8_16_12_4_8_12"


def test_a_spade_block_takes_its_hidden_width_along() -> None:
    """As published subnets have it: twice the number, where the whole has twice ngf."""
    cut = with_widths(SPADE, parse_config("1_2_1_2_1_2_1_2", SPADE))
    assert isinstance(cut, SpadeSizes)
    assert cut.first == 16
    assert [(b.middle, b.outputs, b.hidden) for b in cut.blocks] == [
        (32, 16, 4),
        (16, 16, 2),
        (32, 16, 4),
        (8, 8, 2),
        (8, 8, 4),
        (2, 2, 2),
        (2, 2, 4),
    ]
    assert config_string(cut) == "1_2_1_2_1_2_1_2"


@settings(max_examples=50, deadline=None)
@given(numbers=st.lists(st.integers(1, 4), min_size=8, max_size=8))
def test_configuration_strings_read_back(numbers: list[int]) -> None:
    text = "_".join(map(str, numbers))
    sizes = replace(RESNET, blocks=(16,) * 9)
    found = config_string(with_widths(sizes, parse_config(text, sizes)))
    short = len(set(numbers[3:6])) == 1
    assert found == ("_".join(map(str, numbers[:4] + numbers[6:])) if short else text)
    assert config_string(with_widths(SPADE, parse_config("_".join(["2"] * 8), SPADE))) == "_".join(
        ["2"] * 8
    )


def test_networks_cut_by_other_means_have_no_configuration_string() -> None:
    assert config_string(replace(RESNET, down=(7, 16))) is None
    assert config_string(replace(RESNET, blocks=(16, 8, 16, 16, 16, 16))) is None
    assert config_string(replace(RESNET, down=(8, 16, 32), up=(16, 8, 4))) is None
    assert config_string(UNET) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("4_4_4", "has 3 numbers; this model takes 8 or 6"),
        ("4_4_4_a_4_4", "is no configuration string"),
        ("4_4_4_-1_4_4", "is no configuration string"),
        ("4_4_4_5_4_4", "'blocks 1' has 16 channels; 20 is not within 1 and 16"),
        ("4_4_4_0_4_4", "0 is not within 1 and 16"),
        ("", "is no configuration string"),
    ],
)
def test_bad_configuration_strings(text: str, why: str) -> None:
    with pytest.raises(BadChoice, match=why):
        configuration(text, small_model(RESNET).info.config)


def test_choices_of_ratios_and_counts() -> None:
    config = small_model(MOBILE).info.config
    assert stage_widths(SubnetChoice(width=0.5), config) == (2, 4, 8, 6, 8, 4, 4, 2)
    counts = (3, 8, 16, 12, 1, 8, 8, 4)
    assert stage_widths(SubnetChoice(widths=counts), config) == counts
    ratios = (0.5, 1, 1, 1, 1, 1, 1, 0.25)
    assert stage_widths(SubnetChoice(widths=ratios), config) == (2, 8, 16, 12, 16, 8, 8, 1)


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        (SubnetChoice(width=0), "width 0 is not above 0"),
        (SubnetChoice(width=1.5), "width 1.5 is not above 0"),
        (SubnetChoice(resolution=64), "cannot stop at a resolution"),
        (SubnetChoice(rule="anycost"), "'anycost' is not for translation"),
        (
            SubnetChoice(widths=(0.5, 0.5)),
            "2 widths given; this model takes 8, one for",
        ),
        (SubnetChoice(widths=(9.0,) * 8), "'first' has 4 channels; 9 is not within"),
        (SubnetChoice(widths=(0.5,) * 7 + (-1.0,)), "width -1 of 'up 2'"),
    ],
)
def test_choices_that_do_not_fit(choice: SubnetChoice, why: str) -> None:
    with pytest.raises(BadChoice, match=why):
        small_model(RESNET).view(choice)


def test_a_subnet_reads_the_first_channels() -> None:
    """Two networks that agree in the first channels have the same subnets."""
    model = small_model(MOBILE)
    choice = SubnetChoice(width=0.5)
    x = torch.rand(1, 3, 16, 16)
    before = model.picture(x, choice)
    tensors = model.network.tensors()
    tensors["stem.weight"][2:] = 7
    tensors["blocks.0.0.pointwise.weight"][6:] = 7
    tensors["blocks.0.0.pointwise.weight"][:, 8:] = 7
    tensors["up.0.weight"][8:] = 7
    assert torch.equal(model.picture(x, choice), before)
    tensors["up.0.weight"][7] = 7
    assert not torch.equal(model.picture(x, choice), before)


def test_a_narrow_unet_takes_the_first_of_both_halves() -> None:
    """Channels of the skip connection and from inside are joined, so each half is cut by itself."""
    model = small_model(UNET, "pix2pix")
    sub = model.cut(SubnetChoice(widths=(3, 5, 7, 8, 6, 5, 2)))
    assert sub.info.config.sizes == UNetSizes(3, 3, (3, 5, 7, 8), (6, 5, 2))
    whole = model.network.tensors()["up.2.weight"]  # 6 channels by the skip, 6 from inside
    expected = torch.cat((whole[:5], whole[6:11]))[:, :2]
    assert torch.equal(sub.network.tensors()["up.2.weight"], expected)
    x = torch.rand(1, 3, 16, 16)
    assert torch.equal(sub.picture(x), model.picture(x, SubnetChoice(widths=(3, 5, 7, 8, 6, 5, 2))))


def test_a_cut_model_stands_on_its_own() -> None:
    model = small_model(SPADE, "spade")
    choice = configuration("2_1_2_1_2_1_2_1", model.info.config)
    x = torch.rand(1, 5, 128, 128)
    before = model.picture(x, choice)
    cut = model.cut(choice)
    assert cut.info.config_string == "2_1_2_1_2_1_2_1"
    assert cut.info.history[-1].step == "cut"
    assert cut.info.key != model.info.key
    assert cut.info.parameters == model.cost(choice).parameters
    for tensor in model.network.tensors().values():
        tensor.zero_()
    assert torch.equal(cut.picture(x), before)


def test_no_choice_is_the_whole_network() -> None:
    model = small_model(RESNET)
    assert isinstance(model.config_of().sizes, ResNetSizes)
    assert model.config_of(SubnetChoice(width=1.0)) == model.info.config
