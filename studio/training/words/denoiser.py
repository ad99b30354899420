"""Teaches the U-Net to predict velocity in latents, told by captions of the same busts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.training.words.aspects import Said, options_of
from studio.training.words.latent_reader import unread
from studio.training.words.networks import TRAINED_STEPS
from studio.training.words.prompts import tokens_of, worded
from studio.training.words.stage import Stage
from studio.training.words.wordings import chosen

BATCH = 32
UNTOLD = 0.1  # share of pictures without a caption, for guidance (Ho & Salimans 2022)
WORDS = 0.04  # weight of the words that cannot be read in the picture foreseen
EARLY = 0.35  # share of pictures with noise up to LATE only, where faces are decided
LATE = 0.35  # share of the noise schedule


def new_scheduler() -> Any:
    """The pipeline's own sampler, DPM-Solver++ (Lu et al. 2022), on a schedule that ends in noise.

    The betas are those of DDPM (Ho et al. 2020): at the last step the picture's share is 0.6%, so
    that sampling begins where training was, and yet no signal-to-noise ratio is zero, with which
    some samplers could not begin.
    """
    from diffusers import DPMSolverMultistepScheduler

    return DPMSolverMultistepScheduler(
        num_train_timesteps=TRAINED_STEPS,
        beta_start=1e-4,
        beta_end=0.02,
        beta_schedule="linear",
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        steps_offset=1,  # of no effect with this spacing, but pipelines ask for it
    )


@dataclass(frozen=True)
class Told:
    """What the U-Net learns from: latents (n, c, h, w) at unit size, what is nameable of each
    (see :func:`aspects.nameable`), and the reader of latents."""

    latents: Tensor
    rows: Sequence[Sequence[int]]
    reader: nn.Module


def teach_denoiser(
    stage: Stage,
    told: Told,
    tokenizer: Any,
    encoder: Any,
    limit: int,
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Train to the end of ``stage``, or on if it became longer; False when stopped early."""
    from diffusers.models.attention_processor import AttnProcessor

    network: Any = stage.network
    # At a few tokens a head the plain product is several times as fast as the fused one.
    network.set_attn_processor(AttnProcessor())
    shares = new_scheduler().alphas_cumprod

    def loss_of(step: int, generator: torch.Generator) -> Tensor:
        index = torch.randint(len(told.latents), (BATCH,), generator=generator)
        rng = random.Random(int(torch.randint(2**31, (1,), generator=generator)))
        said: list[Said] = [
            {} if rng.random() < UNTOLD else chosen(told.rows[i], rng) for i in index.tolist()
        ]
        captions = [worded(s, rng) if s else "" for s in said]
        with torch.no_grad():
            states = encoder(tokens_of(tokenizer, captions, limit))[0]
        clean = told.latents[index].float()
        noise = torch.randn(clean.shape, generator=generator)
        times = torch.randint(TRAINED_STEPS, (BATCH,), generator=generator)
        early = torch.rand((BATCH,), generator=generator) < EARLY
        times = torch.where(early, (times * LATE).long(), times)
        share = shares[times][:, None, None, None]
        noisy = share.sqrt() * clean + (1.0 - share).sqrt() * noise
        wanted = share.sqrt() * noise - (1.0 - share).sqrt() * clean
        noisy = noisy.contiguous(memory_format=torch.channels_last)
        made: Tensor = network(noisy, times, encoder_hidden_states=states).sample.float()
        foreseen = share.sqrt() * noisy - (1.0 - share).sqrt() * made
        missed = unread(told.reader(foreseen).float(), options_of(said))
        # What is foreseen in much noise is a mean of many pictures, of which words say little.
        heeded: Tensor = (share.flatten() * missed).mean()
        return F.mse_loss(made, wanted) + WORDS * heeded

    return stage.run(loss_of, stopped, goes_on=True)
