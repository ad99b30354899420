"""PSNR, SSIM and FLIP of pictures, from 4 px up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from studio.fidelity.compare import compare_pictures, scaled_to

Pixels = npt.NDArray[np.uint8]


def noise_picture(size: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (size, size, 3), dtype=np.uint8)


def smooth_picture(size: int) -> Pixels:
    ramp = np.linspace(20, 220, size)
    channels = (
        ramp[:, None] + 0 * ramp,
        ramp[None] + 0 * ramp[:, None],
        0.5 * ramp[:, None] + ramp / 2,
    )
    return np.stack(channels, axis=2).astype(np.uint8)


@pytest.mark.parametrize("size", [4, 8, 10, 16, 64])
def test_equal_pictures(size: int) -> None:
    picture = noise_picture(size)
    close = compare_pictures(picture, picture.copy())
    assert (close.psnr, close.ssim, close.flip, close.map) == (None, 1.0, 0.0, None)


@pytest.mark.parametrize("size", [4, 8, 10, 16, 64])
def test_small_pictures_work(size: int) -> None:
    close = compare_pictures(noise_picture(size), noise_picture(size, seed=1), with_map=True)
    assert close.psnr is not None
    assert 5 < close.psnr < 12
    assert -1 <= close.ssim < 0.5
    assert 0.2 < close.flip <= 1
    assert close.map is not None
    assert close.map.shape == (size, size, 3)
    assert close.map.dtype == np.uint8


def test_psnr_by_hand() -> None:
    reference = np.full((8, 8, 3), 100, np.uint8)
    candidate = np.full((8, 8, 3), 110, np.uint8)
    assert compare_pictures(reference, candidate).psnr == pytest.approx(28.1308, abs=1e-3)


def test_worse_is_worse_in_every_measure() -> None:
    reference = smooth_picture(32)
    generator = np.random.default_rng(3)
    grades = []
    for amount in (4, 16, 64):
        shift = generator.integers(-amount, amount + 1, reference.shape)
        candidate = np.clip(reference.astype(int) + shift, 0, 255).astype(np.uint8)
        grades.append(compare_pictures(reference, candidate))
    assert grades[0].psnr > grades[1].psnr > grades[2].psnr  # type: ignore[operator]
    assert grades[0].ssim > grades[1].ssim > grades[2].ssim
    assert grades[0].flip < grades[1].flip < grades[2].flip


def test_the_map_is_dark_where_pictures_agree() -> None:
    reference = np.full((32, 32, 3), 40, np.uint8)
    candidate = reference.copy()
    candidate[:, 24:] = 240
    found = compare_pictures(reference, candidate, with_map=True).map
    assert found is not None
    assert found[:, :8].mean() < 10
    assert found[:, 28:].mean() > 100


def test_a_smaller_candidate_is_scaled_up_bilinearly() -> None:
    small = np.array([[0, 100], [100, 200]], np.uint8)[..., None].repeat(3, axis=2)
    large = scaled_to(small, 4, 4)
    assert large[0, :, 0].tolist() == [0, 25, 75, 100]
    smooth = smooth_picture(32)
    close = compare_pictures(smooth, smooth[::2, ::2])
    assert close.psnr is not None
    assert close.psnr > 30


def test_a_larger_candidate_or_other_arrays_are_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        compare_pictures(noise_picture(8), noise_picture(16))
    with pytest.raises(ValueError, match="8-bit"):
        compare_pictures(noise_picture(8), noise_picture(8).astype(np.float32))
