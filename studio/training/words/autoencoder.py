"""Teaches the autoencoder: pictures to small latents and back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from studio.processes.aside import written_aside
from studio.training.words.networks import opponent
from studio.training.words.pictures import Pictures
from studio.training.words.stage import Stage

log = logging.getLogger(__name__)

BATCH = 8
DIVERGENCE = 1e-6  # weight of the distance to normal latents; a little keeps them compact
COARSE = 4.0  # weight of squares over an 8 x 8 grid
EDGES = 0.5  # weight of differences between neighbours, which keeps pictures sharp
FEATURES = 3.0  # how much more eyes, mouth and glasses count, which are few pixels
SHAKEN = 0.05  # of the size of latents
ENCODED = 64  # pictures at a time


def reconstruction(made: Tensor, picture: Tensor, features: Tensor) -> Tensor:
    """How far ``made`` is from ``picture`` (b, 3, s, s); features (b, 1, s, s) count more.

    Measured in lightness and differences of colours, for else all is grey for long.
    """
    weight = 1.0 + FEATURES * features
    off = torch.einsum("ij,bjhw->bihw", opponent(), made - picture)
    coarse = COARSE * F.avg_pool2d(off, off.shape[-1] // 8).square().mean()
    flat = (off.abs() * weight).mean()
    across, down = off[..., 1:] - off[..., :-1], off[..., 1:, :] - off[..., :-1, :]
    edges = (across.abs() * weight[..., 1:]).mean() + (down.abs() * weight[..., 1:, :]).mean()
    return flat + EDGES * edges + coarse


def teach_autoencoder(
    stage: Stage, pictures: Pictures, stopped: Callable[[], bool] = lambda: False
) -> bool:
    """Train to the end of ``stage``; False when stopped early."""
    network: Any = stage.network

    def loss_of(step: int, random: torch.Generator) -> Tensor:
        index = torch.randint(len(pictures), (BATCH,), generator=random)
        picture, features = pictures.batch(index)
        picture = picture.contiguous(memory_format=torch.channels_last)
        latent = network.encode(picture).latent_dist
        mean, spread = latent.mean.float(), latent.std.float()
        drawn = mean + spread * torch.randn(mean.shape, generator=random)
        made = network.decode(drawn).sample.float()
        return reconstruction(made, picture, features) + DIVERGENCE * latent.kl().float().mean()

    return stage.run(loss_of, stopped)


def teach_decoder(
    stage: Stage,
    pictures: Pictures,
    latents: Tensor,
    factor: float,
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Go on with the decoder alone, on ``latents`` that stay as they are; False when stopped early.

    Latents are shaken a little, as those of a denoiser are never quite right.
    """
    network: Any = stage.network
    network.encoder.requires_grad_(False)
    network.quant_conv.requires_grad_(False)

    def loss_of(step: int, random: torch.Generator) -> Tensor:
        index = torch.randint(len(pictures), (BATCH,), generator=random)
        picture, features = pictures.batch(index)
        latent = latents[index].float()
        latent = (latent + SHAKEN * torch.randn(latent.shape, generator=random)) / factor
        latent = latent.contiguous(memory_format=torch.channels_last)
        return reconstruction(network.decode(latent).sample.float(), picture, features)

    return stage.run(loss_of, stopped)


@torch.no_grad()
def encoded(autoencoder: Any, pictures: Pictures) -> tuple[Tensor, float]:
    """Latents of all pictures at unit size (n, c, h, w) in f16, and the factor that makes them so.

    The factor is the inverse of their standard deviation, what diffusers calls scaling factor.
    """
    parts = []
    for start in range(0, len(pictures), ENCODED):
        index = torch.arange(start, min(start + ENCODED, len(pictures)))
        picture = pictures.batch(index)[0].contiguous(memory_format=torch.channels_last)
        parts.append(autoencoder.encode(picture).latent_dist.mean)
    latents = torch.cat(parts)
    factor = round(1.0 / float(latents.std()), 5)
    return (latents * factor).half().contiguous(), factor


def latents_for(work: Path, stage: Stage, pictures: Pictures) -> tuple[Tensor, float]:
    """What :func:`encoded` gives of the stage's averaged autoencoder, kept in ``work``."""
    file = work / f"latents-{stage.plan.seed}-{stage.step}-{len(pictures)}.safetensors"
    if file.exists():
        with safe_open(file, "pt") as opened:
            return opened.get_tensor("latents"), float(opened.metadata()["factor"])
    latents, factor = encoded(stage.average, pictures)
    with written_aside(file, "words-latents") as aside:
        save_file({"latents": latents}, aside, {"factor": repr(factor)})
    return latents, factor


@torch.no_grad()
def decibels(autoencoder: Any, pictures: Pictures, count: int = 64) -> float:
    """Peak signal-to-noise ratio of pictures that went there and back."""
    picture, _ = pictures.batch(torch.arange(count))
    made = autoencoder.decode(autoencoder.encode(picture).latent_dist.mean).sample
    return float(-10.0 * torch.log10(F.mse_loss(made.clamp(-1, 1), picture) / 4.0))
