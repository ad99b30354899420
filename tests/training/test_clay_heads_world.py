"""The drawn world: what a latent means and how it is drawn."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from studio.training.clay_heads.render import render
from studio.training.clay_heads.scene import (
    ATTRIBUTES,
    KINDS,
    NAMES,
    Z_DIM,
    Kind,
    Scenes,
    mirrored,
    scene_from_shares,
    scene_from_z,
)
from studio.training.clay_heads.shading import Label


def _middle(**changes: float) -> Scenes:
    """One bust in the middle of every range, with cap but neither glasses nor beard."""
    values = [(a.low + a.high) / 2 for a in ATTRIBUTES] + [0.7, 0.2, 0.2]
    for name, value in changes.items():
        values[NAMES.index(name)] = value
    return Scenes(torch.tensor([values]))


def _latents(count: int, seed: int = 5) -> torch.Tensor:
    return torch.randn(count, Z_DIM, generator=torch.Generator().manual_seed(seed))


def test_attributes_stay_in_their_ranges_and_fill_them() -> None:
    values = scene_from_z(_latents(2000)).values
    for column, attribute in zip(values.T, ATTRIBUTES, strict=False):
        assert attribute.low <= float(column.min()) < float(column.max()) <= attribute.high
        assert (column.max() - column.min()) > 0.95 * (attribute.high - attribute.low)


def test_coordinates_after_the_attributes_change_nothing_but_the_norm() -> None:
    z = _latents(4)
    other = z.clone()
    other[:, len(NAMES) :] = z[:, len(NAMES) :].flip(1)
    assert torch.allclose(scene_from_z(z).values, scene_from_z(other).values, atol=1e-6)


def test_the_length_of_a_latent_does_not_matter() -> None:
    z = _latents(4)
    assert torch.allclose(scene_from_z(z).values, scene_from_z(3.0 * z).values, atol=1e-5)


@pytest.mark.parametrize("index", range(len(NAMES)), ids=NAMES)
def test_each_attribute_rises_with_its_coordinate(index: int) -> None:
    z = _latents(1).expand(5, -1).clone()
    z[:, index] = torch.tensor([-2.0, -1.0, 0.0, 1.0, 2.0])
    column = scene_from_z(z).values[:, index]
    assert bool((column.diff() > 0).all())


def test_latents_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="128"):
        scene_from_z(torch.zeros(1, 64))


def test_pictures_have_shape_and_range_and_repeat() -> None:
    scenes = scene_from_z(_latents(3))
    first, again = render(scenes, 32), render(scenes, 32)
    assert first.pictures.shape == (3, 3, 32, 32)
    assert first.features.shape == (3, 1, 32, 32)
    for planes in (first.pictures, first.features):
        assert 0.0 <= float(planes.min()) < float(planes.max()) <= 1.0
    assert torch.equal(first.pictures, again.pictures)
    # Sums of long rows may be ordered differently in another batch size, hence not bit by bit.
    alone = render(scenes.part(1, 2), 32).pictures
    assert torch.allclose(alone, first.pictures[1:2], atol=1e-3)


def test_a_large_drawing_reduces_to_the_small_one() -> None:
    scenes = scene_from_z(_latents(3))
    large, small = render(scenes, 128).pictures, render(scenes, 64).pictures
    assert float((F.avg_pool2d(large, 2) - small).abs().mean()) < 0.01


@pytest.mark.parametrize("size", [0, 1, 33])
def test_sizes_that_cannot_be_drawn_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="size"):
        render(_middle(), size)


def _mouth_corner_height(smile: float) -> float:
    """Mean row of the mouth's left corner, in pixels of a 64 px picture."""
    region = render(_middle(smile=smile), 64).labels[0, 36:56, 24:26] == Label.MOUTH
    rows = torch.arange(36, 56)[:, None].float()
    assert region.sum() > 0
    return float((region * rows).sum() / region.sum())


def test_smiling_lifts_the_corners_of_the_mouth() -> None:
    sad, glad = _mouth_corner_height(-0.6), _mouth_corner_height(1.1)
    assert glad < sad - 1.0


def test_clay_hue_changes_the_clay_and_leaves_the_backdrop() -> None:
    a = render(_middle(clay_hue=-0.2), 32).pictures[0]
    b = render(_middle(clay_hue=0.3), 32).pictures[0]
    cheek = (slice(None), slice(18, 22), slice(9, 12))
    corner = (slice(None), slice(0, 3), slice(0, 3))
    assert float((a[cheek] - b[cheek]).abs().mean()) > 0.1
    assert torch.allclose(a[corner], b[corner], atol=1e-6)


def test_turning_mirrors() -> None:
    left = render(_middle(turn=-0.4, light=0.0, age=0.0), 32).pictures
    right = render(_middle(turn=0.4, light=0.0, age=0.0), 32).pictures
    assert float((left - right.flip(3)).abs().mean()) < 0.01


def test_a_mirrored_latent_draws_the_mirrored_bust() -> None:
    z = torch.randn(12, Z_DIM, generator=torch.Generator().manual_seed(4))
    bust = render(scene_from_z(z), 48).pictures
    inside_out = render(scene_from_z(mirrored(z)), 48).pictures.flip(3)
    assert torch.equal(mirrored(mirrored(z)), z)
    off = (bust - inside_out).abs().mean(dim=(1, 2, 3))
    assert float(off.max()) < 0.03  # dents of worn clay
    assert float((bust - bust.flip(3)).abs().mean(dim=(1, 2, 3)).median()) > 0.06


def test_features_mark_a_part_of_the_face_only() -> None:
    share = float(render(_middle(), 64).features.mean())
    assert 0.02 < share < 0.2


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_options_of_a_kind_share_the_busts_and_sum_to_one(kind: Kind) -> None:
    scenes = scene_from_z(_latents(4000))
    total = sum(scenes.presence(kind.name, option) for option in kind.options)
    assert isinstance(total, torch.Tensor)
    assert torch.allclose(total, torch.ones_like(total), atol=1e-5)
    shares = torch.bincount(scenes.option(kind.name)) / len(scenes)
    ends = torch.tensor((0.0, *kind.ends))
    assert torch.allclose(shares, ends.diff(), atol=0.03)


def _with(**shares: float) -> Scenes:
    values = torch.full((1, len(NAMES)), 0.5)
    values[0, NAMES.index("glasses")] = values[0, NAMES.index("beard")] = 0.2
    for name, share in shares.items():
        values[0, NAMES.index(name)] = share
    return scene_from_shares(values)


@pytest.mark.parametrize(
    ("scenes", "there", "gone"),
    [
        (_with(hairstyle=0.05), [], [Label.HAIR, Label.HAT]),
        (_with(hairstyle=0.28), [Label.HAIR], [Label.HAT]),
        (_with(hairstyle=0.49), [Label.HAIR], [Label.HAT]),
        (_with(hairstyle=0.69), [Label.HAT], [Label.HAIR]),
        (_with(hairstyle=0.95), [Label.HAT], [Label.HAIR]),
        (_with(glasses=0.9), [Label.GLASSES], [Label.BEARD]),
        (_with(beard=0.9), [Label.BEARD], [Label.GLASSES]),
    ],
)
def test_label_maps_show_what_a_bust_has(
    scenes: Scenes, there: list[Label], gone: list[Label]
) -> None:
    labels = render(scenes, 64).labels
    always = [Label.BACKDROP, Label.CLAY, Label.SHIRT, Label.EYE, Label.PUPIL, Label.MOUTH]
    for label in (*always, *there):
        assert int((labels == label).sum()) > 8, label.name
    for label in gone:
        assert int((labels == label).sum()) == 0, label.name


def test_a_walk_between_two_busts_has_no_jumps() -> None:
    a, b = _with(hairstyle=0.05, glasses=0.1, beard=0.9), _with(hairstyle=0.95, glasses=0.9)
    share = torch.linspace(0.0, 1.0, 41)[:, None]
    pictures = render(Scenes(torch.lerp(a.values, b.values, share)), 64).pictures
    steps = (pictures[1:] - pictures[:-1]).abs().mean(dim=(1, 2, 3))
    assert float(steps.max()) < 0.04


def test_line_drawings_are_dark_on_white_and_outline_the_head() -> None:
    lines = render(_middle(), 128).lines[0, 0]
    assert lines.shape == (128, 128)
    assert 0.02 < float(1.0 - lines.mean()) < 0.2
    assert float(lines[:8, :8].min()) == 1.0
    assert float(lines[64, 10:60].min()) < 0.3


def test_hair_of_the_bald_cannot_be_seen() -> None:
    scenes = scene_from_z(_latents(300))
    bald = scenes.option("hairstyle") == 0
    assert bool(bald.any())
    assert torch.equal(scenes.visible("hair"), ~bald)
    assert bool(scenes.visible("turn").all())
