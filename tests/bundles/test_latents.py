"""run.py draws the very latents of torch, in numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studio.bundles.template.runner.latents import Normal, normal

SEEDS = (0, 1, 7, 39, 12345, 2**31, 2**32 - 1)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 100, 128, 512, 1000, 16384])
def test_numbers_are_those_of_torch(count: int) -> None:
    for seed in SEEDS:
        wanted = torch.randn(1, count, generator=torch.Generator().manual_seed(seed)).numpy()[0]
        made = normal(seed, count)
        assert made.dtype == np.float32
        assert made.shape == (count,)
        # Vectorised logarithms differ in the last bit.
        np.testing.assert_allclose(made, wanted, rtol=2e-6, atol=1e-6)


def test_numbers_known_by_heart() -> None:
    assert normal(0, 3) == pytest.approx([1.5409961, -0.2934289, -2.1787894], abs=1e-6)


def test_one_draw_follows_another() -> None:
    """As when a picture begins with noise and every step adds some."""
    torch_random, ours = torch.Generator().manual_seed(5), Normal(5)
    for shape in ((1, 3, 16, 16), (1, 3, 5, 7), (1, 3, 16, 16)):
        wanted = torch.randn(shape, generator=torch_random).numpy()
        np.testing.assert_allclose(ours.draw(shape), wanted, rtol=2e-6, atol=1e-6)
