"""What an error of a denoiser's output counts, by timestep (Hang et al. 2023, "Efficient Diffusion
Training via Min-SNR Weighting Strategy", section 3.4).

The same error of an output is a small one of the finished picture where little noise is left, so it
counts less there; how much, depends on whether noise, velocity or the picture is predicted.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

SMALLEST = 1e-8  # of a ratio; keeps the ends of a schedule finite


def signal_to_noise(scheduler: Any, timesteps: Tensor, *, flow: bool) -> Tensor:
    """Squared ratio of what is left of the picture to the noise in it.

    Args:
        scheduler: of diffusers, whose noise schedule the denoiser was trained with.
        timesteps: (n,) as the denoiser is told. flow: it was trained for flow matching.
    """
    times = timesteps.double()
    if flow:
        # FLUX is told the share of noise itself, others a thousand times that.
        count = scheduler.config.num_train_timesteps
        noise = torch.where(times > 1, times / count, times).clamp(SMALLEST, 1.0)
        return ((1 - noise) / noise).square()
    kept: Tensor = scheduler.alphas_cumprod.double()
    at = kept[times.round().long().clamp(0, len(kept) - 1)]
    return at / (1 - at).clamp_min(SMALLEST)


def weights(scheduler: Any, timesteps: Tensor, gamma: float, *, flow: bool) -> Tensor:
    """Weights (n,) of squared errors of the output, float32, in (0, 1]: 1 while there is much
    noise, falling where the picture is nearly done and an error of the output changes little.

    The paper's weights of a velocity fall to 0 towards pure noise, where data has nothing to teach.
    A teacher has, and its first steps decide the picture, so they stay 1 there.

    Args:
        gamma: the ratio of signal to noise from which they fall.
    """
    ratio = signal_to_noise(scheduler, timesteps, flow=flow).clamp_min(SMALLEST)
    if flow:  # picture = noisy - share of noise * velocity
        noise = 1 / (1 + ratio.sqrt())
        return (gamma * noise.square()).clamp_max(1.0).float()
    kind = scheduler.config.get("prediction_type", "epsilon")
    if kind == "sample":
        return (ratio.clamp_max(gamma) / gamma).float()
    if kind == "v_prediction":
        ratio = ratio + 1
    return (ratio.clamp_max(gamma) / ratio).float()
