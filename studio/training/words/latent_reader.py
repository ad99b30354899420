"""A reader of latents: which option of every aspect a latent shows, so that the U-Net can be told.

A smile is a few pixels of a picture and next to nothing of the squared error of its latent, so
that a U-Net learns colours and outlines long before it heeds a word about the mouth. The reader
turns a latent into what words name; its cross entropy on the picture that the U-Net foresees is
added to the U-Net's loss, so every word counts as much as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.training.words.aspects import ASPECTS, NOT_SAID
from studio.training.words.stage import Stage

BATCH = 64
CHANNELS = (64, 96)
WIDTH = 128
SHAKEN = 0.5  # largest noise on latents that it learns from; what a U-Net foresees is never free


class LatentReader(nn.Module):
    """Logits of every option (b, 60) of latents (b, c, s, s)."""

    def __init__(self, latent: int, side: int) -> None:
        super().__init__()
        first, second = CHANNELS
        self.layers = nn.Sequential(
            nn.Conv2d(latent, first, 3, padding=1),
            nn.SiLU(),
            nn.Conv2d(first, second, 3, padding=1),
            nn.SiLU(),
            nn.Flatten(),
            nn.Linear(second * side * side, WIDTH),
            nn.SiLU(),
            nn.Linear(WIDTH, sum(len(a.options) for a in ASPECTS)),
        )

    def forward(self, latents: Tensor) -> Tensor:
        """Logits, the options of each aspect in a row."""
        logits: Tensor = self.layers(latents)
        return logits


def _by_aspect(logits: Tensor) -> tuple[Tensor, ...]:
    return torch.split(logits, [len(a.options) for a in ASPECTS], dim=1)


def unread(logits: Tensor, options: Tensor) -> Tensor:
    """Cross entropy of each picture (b,), summed over the aspects that have an option.

    Args:
        logits: (b, 60) of a :class:`LatentReader`.
        options: (b, 15), the option of each aspect, :data:`aspects.NOT_SAID` for none.
    """
    total = torch.zeros(len(logits))
    for part, wanted in zip(_by_aspect(logits), options.unbind(1), strict=True):
        total = total + F.cross_entropy(part, wanted, ignore_index=NOT_SAID, reduction="none")
    return total


def teach_reader(
    stage: Stage,
    latents: Tensor,
    rows: Sequence[Sequence[int]],
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Train to the end of ``stage``; False when stopped early.

    Args:
        latents: (n, c, s, s) at unit size. rows: what is nameable of each, n times 15.
    """
    nameable = torch.tensor(rows)

    def loss_of(step: int, random: torch.Generator) -> Tensor:
        index = torch.randint(len(latents), (BATCH,), generator=random)
        clean = latents[index].float()
        amount = SHAKEN * torch.rand((BATCH, 1, 1, 1), generator=random)
        noisy = clean + amount * torch.randn(clean.shape, generator=random)
        return unread(stage.network(noisy).float(), nameable[index]).mean()

    return stage.run(loss_of, stopped)


@torch.no_grad()
def latents_read(reader: nn.Module, latents: Tensor, rows: Sequence[Sequence[int]]) -> float:
    """Share of what is nameable of latents (n, c, s, s) that the reader reads right."""
    right, said = 0, 0
    wanted = torch.tensor(rows)
    for part, options in zip(_by_aspect(reader(latents.float())), wanted.unbind(1), strict=True):
        named = options != NOT_SAID
        right += int((part.argmax(dim=1) == options)[named].sum())
        said += int(named.sum())
    return right / max(said, 1)
