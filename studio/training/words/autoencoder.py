"""Teaches the autoencoder: from given latents back to pictures, and from pictures to latents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.words.patches import Basis
from studio.training.words.pictures import Pictures
from studio.training.words.stage import Stage

BATCH = 8
EDGES = 0.5  # weight of differences between neighbours, which keeps pictures sharp
FEATURES = 3.0  # how much more eyes, mouth and glasses count, which are few pixels
SHAKEN = 0.1  # noise on latents, of which a denoiser's are never free
ENCODED_EVERY = 4  # steps; to find linear components is the lighter task
ENCODED = 0.5  # weight of the encoder's error


def reconstruction(made: Tensor, picture: Tensor, features: Tensor) -> Tensor:
    """How far ``made`` is from ``picture`` (b, 3, s, s); features (b, 1, s, s) count more."""
    weight = 1.0 + FEATURES * features
    off = made - picture
    flat = (off.abs() * weight).mean()
    across, down = off[..., 1:] - off[..., :-1], off[..., 1:, :] - off[..., :-1, :]
    edges = (across.abs() * weight[..., 1:]).mean() + (down.abs() * weight[..., 1:, :]).mean()
    return flat + EDGES * edges


def teach_autoencoder(
    stage: Stage, pictures: Pictures, basis: Basis, stopped: Callable[[], bool] = lambda: False
) -> bool:
    """Train to the end of ``stage``, or on if it became longer; False when stopped early."""
    network: Any = stage.network

    def loss_of(step: int, random: torch.Generator) -> Tensor:
        index = torch.randint(len(pictures), (BATCH,), generator=random)
        picture, features = pictures.batch(index)
        latent = basis.latents(picture)
        shaken = latent + SHAKEN * torch.randn(latent.shape, generator=random)
        made = network.decode(shaken.contiguous(memory_format=torch.channels_last)).sample
        loss = reconstruction(made, picture, features)
        if step % ENCODED_EVERY == 0:
            picture = picture.contiguous(memory_format=torch.channels_last)
            loss = loss + ENCODED * F.mse_loss(network.encode(picture).latent_dist.mean, latent)
        return loss

    return stage.run(loss_of, stopped, goes_on=True)


@torch.no_grad()
def decibels(autoencoder: Any, pictures: Pictures, basis: Basis, count: int = 64) -> float:
    """Peak signal-to-noise ratio of pictures that the decoder makes of their latents."""
    picture, _ = pictures.batch(torch.arange(min(count, len(pictures))))
    made = autoencoder.decode(basis.latents(picture)).sample.clamp(-1, 1)
    return float(-10.0 * torch.log10(F.mse_loss(made, picture) / 4.0))
