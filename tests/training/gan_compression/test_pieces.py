"""Students, adaptors, the discriminator, and the space of widths."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from studio.errors import BadChoice
from studio.families.translation.config import TranslationConfig
from studio.training.gan_compression.distilling import Adaptors, comparable, mapped_values
from studio.training.gan_compression.making import mobile_student, new_model
from studio.training.gan_compression.options import TrainingOptions
from studio.training.gan_compression.patches import PatchCritic, critic_loss, passing_loss
from studio.training.gan_compression.shapes import mobile_sizes, resnet_sizes, scaled_sizes
from studio.training.gan_compression.space import choice_of, sandwich, space_of
from tests.families.translation.projects import MOBILE, RESNET, SPADE, UNET
from tests.families.translation.small import small_model


def test_a_mobile_student_has_the_teachers_widths_and_fewer_multiplies() -> None:
    teacher = new_model(resnet_sizes(3, 3, 8), name="t", size=(64, 64))
    student = mobile_student(teacher)
    assert student.info.config.architecture == "mobile_resnet"
    assert student.info.config_string == teacher.info.config_string == "8_8_8_8_8_8"
    assert student.cost().macs < teacher.cost().macs / 2
    assert student.info.key != teacher.info.key
    with pytest.raises(BadChoice, match="is MobileNet-style already"):
        mobile_student(student)
    assert mobile_sizes(SPADE) == replace(SPADE, separable=True)
    with pytest.raises(BadChoice, match="has no MobileNet-style form"):
        mobile_student(small_model(UNET))


def test_a_new_teacher_is_the_published_network() -> None:
    """resnet_9blocks at 64 base channels: 11.378 M weights (Li et al. 2020, table 1: 11.4 M)."""
    with torch.device("meta"):
        sizes = resnet_sizes(3, 3, 64)
    made = new_model(resnet_sizes(3, 3, 4), name="t", size=(256, 256), seed=1)
    assert sum(torch.Size(s).numel() for s in sizes.shapes().values()) == 11_378_179
    assert made.info.answers[-1] == ("size", "256x256")
    again = new_model(resnet_sizes(3, 3, 4), name="t", size=(256, 256), seed=1)
    assert torch.equal(
        again.network.tensors()["stem.weight"], made.network.tensors()["stem.weight"]
    )
    with pytest.raises(BadChoice, match="does not fit this model"):
        new_model(resnet_sizes(3, 3, 4), name="t", size=(30, 30))


def test_base_channels_scale_every_stage() -> None:
    sizes = resnet_sizes(3, 3, 64)
    assert scaled_sizes(sizes, 48) == resnet_sizes(3, 3, 48)
    with pytest.raises(BadChoice, match="is not within 1 and 64"):
        scaled_sizes(sizes, 65)


def test_the_compared_values_are_those_of_the_paper() -> None:
    """model.9, 12, 15 and 18: before the nine blocks, and after every third of them."""
    assert mapped_values(resnet_sizes(3, 3, 8)) == (
        "down.1.active",
        "blocks.2",
        "blocks.5",
        "blocks.8",
    )
    config = TranslationConfig(resnet_sizes(3, 3, 8))
    assert comparable(replace(config, sizes=resnet_sizes(3, 3, 4)), config)
    assert not comparable(replace(config, sizes=resnet_sizes(3, 3, 4, 6)), config)
    assert not comparable(TranslationConfig(UNET), config)


def test_an_adaptor_that_copies_channels_finds_no_difference() -> None:
    """With the identity as its weight; of a subnet it reads the first channels alone."""
    config = TranslationConfig(resnet_sizes(3, 3, 2, 3))
    adaptors = Adaptors(config, config, seed=0)
    with torch.no_grad():
        for weight in adaptors.weights:
            weight.copy_(torch.eye(8).view(8, 8, 1, 1))
    values = {name: torch.rand(2, 8, 4, 4) for name in adaptors.names}
    assert adaptors(values, values) < 1e-12
    narrow = {name: value[:, :5] for name, value in values.items()}
    missing = sum(value[:, 5:].square().sum() / value.numel() for value in values.values())
    assert torch.allclose(adaptors(narrow, values), missing)


def test_adversarial_losses_are_those_of_their_papers() -> None:
    real, fake = torch.tensor([2.0, 0.5]), torch.tensor([-2.0, 0.5])
    assert critic_loss("hinge", real, fake) == pytest.approx((0.25 + 0.75) / 2)
    assert passing_loss("hinge", fake) == pytest.approx(0.75)
    assert critic_loss("lsgan", real, fake) == pytest.approx((0.625 + 2.125) / 2)
    assert passing_loss("lsgan", fake) == pytest.approx(4.625)
    zero = torch.zeros(3)
    assert critic_loss("vanilla", zero, zero) == pytest.approx(0.6931472)


@pytest.mark.parametrize(("side", "patches"), [(16, 6), (32, 6), (64, 6), (256, 30)])
def test_the_discriminator_judges_patches_at_any_size(side: int, patches: int) -> None:
    """30 x 30 scores of 256 px are those of the 70-pixel PatchGAN."""
    critic = PatchCritic(6, 4, side, seed=1)
    with torch.no_grad():
        scores = critic(torch.rand(1, 6, side, side))
    assert scores.shape == (1, 1, patches, patches)


def test_a_space_is_that_of_the_papers_32_channels() -> None:
    space = space_of(mobile_sizes(resnet_sizes(3, 3, 32)))
    assert space.name(space.largest) == "32_32_32_32_32_32"
    assert space.name(space.smallest) == "16_16_16_16_16_16"
    assert space.options[3] == (128, 96, 64)
    assert space.count == 3**8
    widths = sandwich(space, lambda count: count - 1)
    assert widths == (space.largest, *[space.smallest] * 3)
    assert choice_of(space.largest).widths == tuple(float(w) for w in space.largest)
    with pytest.raises(BadChoice, match="above 0 and at most 1"):
        space_of(RESNET, (1.5,))


def test_every_form_has_a_space() -> None:
    for sizes in (RESNET, MOBILE, UNET, SPADE):
        model = small_model(sizes)
        space = space_of(sizes, (1.0, 0.5))
        assert model.cost(choice_of(space.smallest)).macs < model.cost().macs


def test_options_are_checked() -> None:
    with pytest.raises(BadChoice, match="batch 0 is not within 1 and 512"):
        TrainingOptions(batch=0)
    with pytest.raises(BadChoice, match="gan_mode 'wgan' is none of hinge, lsgan, vanilla"):
        TrainingOptions(gan_mode="wgan")  # type: ignore[arg-type]
