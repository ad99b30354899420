"""Trains the judge of clay heads on renders, and takes a generator's readings back."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.fidelity.judge import Judge, KindRead, Readable, Reading
from studio.fidelity.sets import Explained, explained
from studio.training.clay_heads.data import DrawnSet
from studio.training.clay_heads.scene import (
    ATTRIBUTE_NAMES,
    KINDS,
    mirrored,
    scene_from_z,
    shares_from_z,
)

log = logging.getLogger(__name__)

READABLE = Readable(ATTRIBUTE_NAMES, tuple(KindRead(k.name, k.options) for k in KINDS))
RATE = 3e-3
KIND_WEIGHT = 0.05


def judge_loss(reading: Reading, z: Tensor) -> Tensor:
    """Distance of what was read to what z asked for."""
    asked = shares_from_z(z)[:, : len(ATTRIBUTE_NAMES)] * 2.0 - 1.0
    loss = F.smooth_l1_loss(reading.attributes, asked, beta=0.1)
    scenes = scene_from_z(z)
    for kind, logits in zip(KINDS, reading.kinds, strict=True):
        loss = loss + KIND_WEIGHT * F.cross_entropy(logits, scenes.option(kind.name))
    return loss


def train_judge(drawn: DrawnSet, steps: int, seed: int, *, batch: int = 32, fuse: bool) -> Judge:
    """Fit a judge to busts drawn at 128 px; frozen on return."""
    torch.manual_seed(seed)
    random = torch.Generator().manual_seed(seed)
    judge = Judge(READABLE)

    def loss_of(z: Tensor, pictures: Tensor) -> Tensor:
        return judge_loss(judge(pictures), z)

    passing = torch.compile(loss_of, dynamic=False) if fuse else loss_of
    optimiser = torch.optim.AdamW(judge.parameters(), lr=RATE, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=max(steps, 4))
    for step in range(steps):
        z, picture, _ = drawn.batch(torch.randint(len(drawn), (batch,), generator=random))
        # Half of the busts in a mirror: twice as many to learn from.
        turned = torch.rand(batch, generator=random) < 0.5
        z = torch.where(turned[:, None], mirrored(z), z)
        picture = torch.where(turned[:, None, None, None], picture.flip(3), picture)
        loss = passing(z, picture * 0.5 + 0.5)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            log.info("judge step %d loss %.4f", step, loss.item())
    return judge.requires_grad_(False).eval()


@dataclass(frozen=True)
class ReadBack:
    """What the judge reads from pictures of known latents.

    ``attributes``: R2 of every attribute over the pictures that can show it. ``kinds``: share of
    pictures whose option is read right, one a kind.
    """

    attributes: tuple[Explained, ...]
    kinds: tuple[float, ...]

    def share_above(self, r2: float) -> float:
        """Share of the attributes read back at least as well as ``r2``."""
        return sum(a.r2 >= r2 for a in self.attributes) / len(self.attributes)


def read_back(reading: Reading, z: Tensor) -> ReadBack:
    """Compare a reading of n pictures with the latents z (n, 128) they were made from."""
    scenes, shares = scene_from_z(z), shares_from_z(z) * 2.0 - 1.0
    attributes = tuple(
        Explained(name, explained(shares[:, k], reading.attributes[:, k], scenes.visible(name)))
        for k, name in enumerate(ATTRIBUTE_NAMES)
    )
    right = (o == scenes.option(k.name) for o, k in zip(reading.options(), KINDS, strict=True))
    return ReadBack(attributes, tuple(float(r.float().mean()) for r in right))
