"""Edit directions that keep to themselves: what one moves besides its own attribute is taken out.

A direction fitted to one coordinate of the latent also moves what w mixes with it: the colour of a
hat and that of the hair meet in one product. The observer reads what each direction really changes,
and a linear combination of all directions, each changing one reading alone, replaces them.
"""

from __future__ import annotations

import torch
from torch import Tensor

from studio.families.stylegan.network import StyleGan2
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.generator import run
from studio.training.clay_heads.observer import OBSERVED, Observer, reduced

LATENTS, SEED, BATCH = 128, 19, 32
DAMPING = 0.02  # of the mean square of the readings: a direction nobody can read must not blow up


@torch.no_grad()
def effects(model: StyleGan2, observer: Observer, directions: Tensor) -> Tensor:
    """What one unit of each direction (k, w_dim) changes in each reading, (k, readings).

    Means over 128 latents of the difference between a step of +1 and one of -1, halved.
    """
    w = model.map(latents(LATENTS, SEED).to(model.w_avg.device))
    size = min(OBSERVED, model.config.resolution)

    def readings(moved: Tensor) -> Tensor:
        parts = [
            observer(reduced(run(model, part, 1.0, size)[-1].clamp(-1.0, 1.0), OBSERVED))[1]
            for part in torch.split(moved, BATCH)
        ]
        return torch.cat(parts).mean(dim=0)

    rows = [(readings(w + d) - readings(w - d)) / 2.0 for d in directions.to(w.device)]
    return torch.stack(rows).cpu()


def selective(directions: Tensor, changed: Tensor) -> Tensor:
    """Combinations of ``directions`` (k, w_dim) that each change their own reading as much as
    before and the others as little as may be; ``changed`` (k, k) as from :func:`effects`."""
    wanted = torch.diag(changed.diagonal())
    gram = changed @ changed.T
    damping = DAMPING * gram.diagonal().mean() * torch.eye(len(changed))
    mixed: Tensor = wanted @ changed.T @ torch.linalg.inv(gram + damping)
    # The damping shortens what it keeps; a unit must stay a unit.
    own = (mixed @ changed).diagonal()
    scale = torch.where(own.abs() > 1e-6, changed.diagonal() / own, torch.ones_like(own))
    result: Tensor = (mixed * scale[:, None]) @ directions
    return result
