"""How far a subnet's pictures are from the teacher's: pixels, structure, a critic's features."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from studio.families.stylegan.discriminator import Discriminator

STAGE_WEIGHTS = (1.0, 0.4, 0.25, 0.15, 0.1)  # the last stage first; the rest as the last of these
EDGE_WEIGHT = 1.0
LEVELS = 3  # of the pyramid of the last stage, at its size and two halvings
FEATURE_WEIGHT = 0.15


def structure(error: Tensor) -> Tensor:
    """Mean absolute error (n, 3, r, r) of pixels plus that of differences between neighbours.

    Differences of the error are the error of the gradients, so edges count wherever they moved.
    """
    across = (error[..., 1:] - error[..., :-1]).abs().mean()
    down = (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    return error.abs().mean() + EDGE_WEIGHT * (across + down)


def agreement(stages: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
    """Distance of the pictures of every stage, smallest first, to those of the teacher.

    The last stage is compared over a pyramid: a shift of a broad shape is small in each pixel, yet
    it is what one sees.
    """
    total = stages[0].new_zeros(())
    for order in range(len(stages)):
        error = stages[-1 - order] - wanted[len(stages) - 1 - order]
        weight = STAGE_WEIGHTS[min(order, len(STAGE_WEIGHTS) - 1)]
        total = total + weight * structure(error)
        if order == 0:
            for level in range(1, LEVELS):
                if error.shape[-1] >= 8 << level:
                    total = total + weight * structure(F.avg_pool2d(error, 1 << level))
    return total


def feature_distance(critic: Discriminator, pictures: Tensor, wanted: Sequence[Tensor]) -> Tensor:
    """Mean relative distance of a critic's features of pictures to ``wanted`` of the teacher's.

    Compare Johnson et al. 2016, "Perceptual Losses", with the discriminator in place of a
    classifier (as Wang et al. 2018, "High-Resolution Image Synthesis", section 3.3).
    """
    total = pictures.new_zeros(())
    for mine, theirs in zip(critic.features(pictures), wanted, strict=True):
        total = total + (mine - theirs).abs().mean() / (theirs.abs().mean() + 1e-4)
    return FEATURE_WEIGHT * total / len(wanted)
