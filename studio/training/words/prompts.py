"""Teaches the text encoder what captions name, before there is a picture.

A head of its own reads every aspect from the end of the text. Learning that through the U-Net
would take most of the training; so, the U-Net meets words that already mean something.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.training.words.aspects import ASPECTS, NOT_SAID, Said, options_of
from studio.training.words.stage import Stage
from studio.training.words.wordings import anything, chosen, english, korean

BATCH = 64
KOREAN_SHARE = 0.3
EMPTY = 0.05  # share of captions that say nothing
OF_BUSTS = 0.5  # share of captions of drawn busts; the others name anything


class Reader(nn.Module):
    """A text encoder and the head that reads aspects from it."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(width, sum(len(a.options) + 1 for a in ASPECTS))

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits of every option, "not said" last in its aspect, at both ends of the filling:
        (b, 2, 75) from tokens (b, n)."""
        states = self.encoder(tokens)[0]
        first = tokens.eq(tokens[:, -1:]).int().argmax(dim=1)
        at_end = states[torch.arange(len(tokens)), first]
        logits: Tensor = self.head(torch.stack([at_end, states[:, -1]], dim=1))
        return logits


def tokens_of(tokenizer: Any, prompts: Sequence[str], limit: int) -> Tensor:
    """Token numbers (n, limit) of prompts, cut or filled as the pipeline does."""
    found = tokenizer(
        list(prompts), padding="max_length", max_length=limit, truncation=True, return_tensors="pt"
    )
    tokens: Tensor = found.input_ids
    return tokens


def worded(said: Said, rng: random.Random) -> str:
    """A caption of what is ``said`` in one of the languages."""
    return korean(said, rng) if rng.random() < KOREAN_SHARE else english(said, rng)


def _wanted(said: Sequence[Said]) -> Tensor:
    """Index of the option of every aspect (n, 15), the count of options where it is not said."""
    options = options_of(said)
    return torch.where(
        options == NOT_SAID, torch.tensor([len(a.options) for a in ASPECTS]), options
    )


def read_wrong(logits: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """Cross entropy summed over aspects, and which are read right (n, 15), from logits (n, 75)."""
    parts = torch.split(logits, [len(a.options) + 1 for a in ASPECTS], dim=1)
    pairs = list(zip(parts, wanted.unbind(1), strict=True))
    loss = torch.stack([F.cross_entropy(part, right) for part, right in pairs]).sum()
    return loss, torch.stack([part.argmax(dim=1) == right for part, right in pairs], dim=1)


def teach_text(
    stage: Stage,
    tokenizer: Any,
    limit: int,
    rows: Sequence[Sequence[int]],
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Train to the end of ``stage``; False when stopped early.

    Args:
        rows: what is nameable of the drawn busts, see :func:`aspects.nameable`.
    """

    def one(rng: random.Random) -> dict[str, str]:
        if rng.random() < EMPTY:
            return {}
        return chosen(rng.choice(rows), rng) if rng.random() < OF_BUSTS else anything(rng, 1, 8)

    def loss_of(step: int, generator: torch.Generator) -> Tensor:
        rng = random.Random(int(torch.randint(2**31, (1,), generator=generator)))
        said = [one(rng) for _ in range(BATCH)]
        tokens = tokens_of(tokenizer, [worded(s, rng) for s in said], limit)
        logits, wanted = stage.network(tokens), _wanted(said)
        return sum(
            (read_wrong(part.float(), wanted)[0] for part in logits.unbind(1)), torch.zeros(())
        )

    return stage.run(loss_of, stopped)


@torch.no_grad()
def read_right(reader: Reader, tokenizer: Any, limit: int, count: int, seed: int) -> float:
    """Share of captions of anything of which every aspect is read right."""
    rng = random.Random(seed)
    said = [anything(rng) for _ in range(count)]
    tokens = tokens_of(tokenizer, [worded(s, rng) for s in said], limit)
    _, right = read_wrong(reader(tokens)[:, 0], _wanted(said))
    return float(right.all(dim=1).float().mean())
