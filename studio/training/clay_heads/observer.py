"""The network that teaches: it reads attributes from a picture, and its layers compare pictures.

Features of a network that must tell a smile from a frown notice a missing mouth, which weighs next
to nothing in a mean over pixels (compare Johnson et al. 2016, "Perceptual Losses"). It never
judges the result: that is the work of a network it has not met (:mod:`studio.fidelity.judge`).
"""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.training.clay_heads.data import DrawnSet
from studio.training.clay_heads.scene import NAMES, shares_from_z

log = logging.getLogger(__name__)

OBSERVED = 64  # pixels


class Observer(nn.Module):
    """A small convolutional network from pictures to coordinates."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 24, 48, 64, 96)
        self.convs = nn.ModuleList(
            nn.Conv2d(i, o, 3, stride=1 if k == 0 else 2, padding=1)
            for k, (i, o) in enumerate(pairwise(widths))
        )
        self.hidden = nn.Linear(96 * 8 * 8, 160)
        self.out = nn.Linear(160, len(NAMES))

    def forward(self, picture: Tensor) -> tuple[list[Tensor], Tensor]:
        """Features per layer and coordinates (n, 28) in [-1, 1] from pictures (n, 3, 64, 64)."""
        features, x = [], picture
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.1)
            features.append(x)
        return features, self.out(F.leaky_relu(self.hidden(x.flatten(1)), 0.1))


def what_to_read(z: Tensor) -> Tensor:
    """What an observer should read from the bust of z: each coordinate's share, in [-1, 1]."""
    return shares_from_z(z) * 2.0 - 1.0


def reduced(picture: Tensor, size: int) -> Tensor:
    """Mean-pool pictures (n, c, s, s) to ``size``; sizes beyond s leave them as they are."""
    factor = picture.shape[-1] // size
    return picture if factor <= 1 else F.avg_pool2d(picture, factor)


def train_observer(drawn: DrawnSet, steps: int, seed: int, batch: int = 32) -> Observer:
    """Fit an observer to drawn busts; frozen on return."""
    torch.manual_seed(seed)
    random = torch.Generator().manual_seed(seed)
    observer = Observer()
    optimiser = torch.optim.Adam(observer.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=max(steps, 4))
    for step in range(steps):
        z, picture, _ = drawn.batch(torch.randint(len(drawn), (batch,), generator=random))
        guess = observer(reduced(picture, OBSERVED))[1]
        loss = F.smooth_l1_loss(guess, what_to_read(z), beta=0.2)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            log.info("observer step %d loss %.4f", step, loss.item())
    return observer.requires_grad_(False).eval()


def observer_for(work: Path, drawn: DrawnSet, steps: int, seed: int) -> Observer | None:
    """The observer kept in ``work``, trained now unless it is there; None for 0 steps."""
    if steps == 0:
        return None
    file = work / f"observer-{seed}-{steps}.pt"
    if file.exists():
        observer = Observer()
        observer.load_state_dict(torch.load(file, weights_only=True))
        return observer.requires_grad_(False).eval()
    observer = train_observer(drawn.at(OBSERVED), steps, seed)
    torch.save(observer.state_dict(), file)
    return observer
