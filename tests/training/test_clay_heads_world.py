"""The drawn world: what a latent means and how it is drawn."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from studio.training.clay_heads.render import render
from studio.training.clay_heads.scene import ATTRIBUTES, NAMES, Z_DIM, Scenes, scene_from_z


def _middle(**changes: float) -> Scenes:
    values = [(a.low + a.high) / 2 for a in ATTRIBUTES]
    for name, value in changes.items():
        values[NAMES.index(name)] = value
    return Scenes(torch.tensor([values]))


def _latents(count: int, seed: int = 5) -> torch.Tensor:
    return torch.randn(count, Z_DIM, generator=torch.Generator().manual_seed(seed))


def test_attributes_stay_in_their_ranges_and_fill_them() -> None:
    values = scene_from_z(_latents(2000)).values
    for column, attribute in zip(values.T, ATTRIBUTES, strict=True):
        assert attribute.low <= float(column.min()) < float(column.max()) <= attribute.high
        assert (column.max() - column.min()) > 0.95 * (attribute.high - attribute.low)


def test_coordinates_after_the_attributes_change_nothing_but_the_norm() -> None:
    z = _latents(4)
    other = z.clone()
    other[:, len(ATTRIBUTES) :] = z[:, len(ATTRIBUTES) :].flip(1)
    assert torch.allclose(scene_from_z(z).values, scene_from_z(other).values, atol=1e-6)


def test_the_length_of_a_latent_does_not_matter() -> None:
    z = _latents(4)
    assert torch.allclose(scene_from_z(z).values, scene_from_z(3.0 * z).values, atol=1e-5)


@pytest.mark.parametrize("index", range(len(ATTRIBUTES)), ids=NAMES)
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
    region = render(_middle(smile=smile), 64).features[0, 0, 40:60, 24:26]
    rows = torch.arange(40, 60)[:, None].float()
    assert region.sum() > 0
    return float((region * rows).sum() / region.sum())


def test_smiling_lifts_the_corners_of_the_mouth() -> None:
    sad, glad = _mouth_corner_height(-0.7), _mouth_corner_height(1.0)
    assert glad < sad - 1.0


def test_clay_hue_changes_the_clay_and_leaves_the_backdrop() -> None:
    a = render(_middle(clay_hue=0.0), 32).pictures[0]
    b = render(_middle(clay_hue=0.4), 32).pictures[0]
    cheek = (slice(None), slice(18, 22), slice(9, 12))
    corner = (slice(None), slice(0, 3), slice(0, 3))
    assert float((a[cheek] - b[cheek]).abs().mean()) > 0.1
    assert torch.allclose(a[corner], b[corner], atol=1e-6)


def test_turning_mirrors() -> None:
    left = render(_middle(turn=-0.4, light=0.0), 32).pictures
    right = render(_middle(turn=0.4, light=0.0), 32).pictures
    assert float((left - right.flip(3)).abs().mean()) < 0.01


def test_features_mark_a_part_of_the_face_only() -> None:
    share = float(render(_middle(), 64).features.mean())
    assert 0.02 < share < 0.2
