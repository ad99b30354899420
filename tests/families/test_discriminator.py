"""The discriminator: its shapes, and that everything it is given matters."""

from __future__ import annotations

import pytest
import torch

from studio.families.stylegan.discriminator import (
    Discriminator,
    DiscriminatorConfig,
    new_discriminator,
)


@pytest.fixture
def critic() -> Discriminator:
    return new_discriminator((6, 8, 8, 10), (16, 32), 4, seed=1)


def test_scores_and_features_have_the_shapes_they_promise(critic: Discriminator) -> None:
    assert critic.config.resolution == 32
    pictures = torch.rand(8, 3, 32, 32)
    assert critic(pictures).shape == (8,)
    assert [tuple(f.shape) for f in critic.features(pictures)] == [
        (8, 8, 16, 16),
        (8, 8, 8, 8),
        (8, 10, 4, 4),
    ]
    assert critic(pictures[..., ::2, ::2]).shape == (8,)
    assert len(critic.features(pictures[..., ::2, ::2])) == 2
    assert critic(pictures[:3]).shape == (3,)


def test_features_respond_to_every_pixel_and_stay_finite(critic: Discriminator) -> None:
    pictures = torch.rand(2, 3, 32, 32, requires_grad=True)
    sum(f.square().sum() for f in critic.features(pictures)).backward()
    assert pictures.grad is not None
    assert (pictures.grad.abs().sum(dim=1) > 0).all()
    assert torch.isfinite(pictures.grad).all()


def test_a_batch_of_equal_pictures_is_told_from_a_varied_one(critic: Discriminator) -> None:
    varied = torch.rand(4, 3, 32, 32)
    equal = varied[:1].expand(4, -1, -1, -1)
    assert not torch.allclose(critic(varied)[0], critic(equal)[0])


def test_the_generators_shape_counts_once_it_is_learnt(critic: Discriminator) -> None:
    pictures, shapes = torch.rand(4, 3, 32, 32), torch.rand(1, 4)
    assert torch.equal(critic(pictures), critic(pictures, shapes))
    assert critic.shape is not None
    critic.shape.weight.data.normal_()
    assert not torch.allclose(critic(pictures), critic(pictures, shapes))


def test_the_clamp_limits_features() -> None:
    config = DiscriminatorConfig((4, 4), (8,), conv_clamp=0.01)
    features = Discriminator(config).features(100 * torch.rand(2, 3, 8, 8))
    free = Discriminator(DiscriminatorConfig((4, 4), (8,))).features(100 * torch.rand(2, 3, 8, 8))
    assert float(features[-1].detach().abs().max()) < float(free[-1].detach().abs().max())


def test_the_same_seed_gives_the_same_weights_and_no_other_random_numbers_move() -> None:
    torch.manual_seed(4)
    before = torch.get_rng_state()
    first, second = (new_discriminator((4, 4), (8,), 0, seed=9).state_dict() for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_tensors_that_do_not_fit_are_refused(critic: Discriminator) -> None:
    stored = critic.state_dict()
    with pytest.raises(ValueError, match="does not fit"):
        critic.load({**stored, "score.weight": torch.zeros(2, 10)})
    with pytest.raises(ValueError, match="does not fit"):
        critic.load({**stored, "other": torch.zeros(1)})
    with pytest.raises(ValueError, match=r"lacks last\.weight"):
        critic.load({n: t for n, t in stored.items() if n != "last.weight"})
    critic.load({n: t for n, t in stored.items() if not n.startswith(("shape", "heads.16"))})


def test_sizes_that_cannot_be_are_refused(critic: Discriminator) -> None:
    with pytest.raises(ValueError, match="at least 8 and 4 px"):
        DiscriminatorConfig((4,), (4,))
    with pytest.raises(ValueError, match="are not among"):
        DiscriminatorConfig((4, 4), (16,))
    with pytest.raises(ValueError, match="no way in"):
        critic.features(torch.rand(1, 3, 8, 8))
