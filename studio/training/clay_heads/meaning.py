"""What a latent means, in numbers a generator can use, and a mapping that says so from the start.

The mapping network must turn coordinates into what the picture depends on: which hat, what colour,
light from where. Learning that through the whole generator is slow, and this world knows it, so the
mapping is taught it first, in about a minute, and then goes on learning with everything else.
"""

from __future__ import annotations

import logging
import math
from pathlib import Path

import torch
from torch import Tensor

from studio.families.stylegan.network import StyleGan2
from studio.training.clay_heads.optimiser import Optimisers
from studio.training.clay_heads.scene import (
    ATTRIBUTE_NAMES,
    KINDS,
    Z_DIM,
    scene_from_z,
    shares_from_z,
)
from studio.training.clay_heads.shading import clay_colour, wheel

log = logging.getLogger(__name__)

BATCH = 256
RATE = 0.5  # of the full rates of :class:`Optimisers`
HATS = ("cap", "hat")
HAIR = ("curls", "bun")


def meaning_of(z: Tensor) -> Tensor:
    """What the picture of z (n, 128) depends on, each column of about unit size: (n, 70).

    Every attribute, every option, the colours as colours, the side of the light, and what one
    thing makes of another: the colour of a hat where there is a hat.
    """
    scenes, shares = scene_from_z(z), shares_from_z(z)

    def colour(name: str) -> Tensor:
        return torch.cat(wheel(scenes.column(name), 0.0, 1.0), dim=1)

    present = {o: scenes.presence(k.name, o) for k in KINDS for o in k.options if o != "none"}
    bald_faces = [1.0 - present["glasses"], 1.0 - present["beard"]]
    clay, cloth, hair = colour("clay_hue"), colour("cloth_hue"), colour("hair_hue")
    lit = torch.cat(clay_colour(scenes), dim=1) * 4.0 - 2.0
    side, volume = scenes.column("light"), shares[:, ATTRIBUTE_NAMES.index("hair")][:, None]
    worn = [present[o] * cloth for o in HATS] + [present[o] * hair for o in HAIR]
    sized = [present[o] * (volume * 2.0 - 1.0) for o in HAIR + HATS]
    return torch.cat(
        [
            (shares[:, : len(ATTRIBUTE_NAMES)] * 2.0 - 1.0) * math.sqrt(3.0),
            *(p * 2.0 - 1.0 for p in (*present.values(), *bald_faces)),
            *(clay, cloth, hair, colour("backdrop"), lit),
            *(side.sin(), side.cos() * 3.0 - 2.0),
            *(1.5 * p for p in (*worn, present["beard"] * hair, *sized)),
        ],
        dim=1,
    )


def _directions(count: int, width: int, seed: int) -> Tensor:
    """Orthogonal directions (count, width) whose sum of unit columns has entries of unit size."""
    random = torch.Generator().manual_seed(seed)
    square: Tensor = torch.linalg.qr(torch.randn(max(count, width), width, generator=random)).Q
    return square[:count] * math.sqrt(width / count)


def teach_mapping(model: StyleGan2, steps: int, seed: int) -> None:
    """Make w say what z means, each meaning along a direction of its own where w has room."""
    random = torch.Generator().manual_seed(seed)
    optimisers = Optimisers(model.mapping)
    directions: Tensor | None = None
    for step in range(steps):
        z = torch.randn(BATCH, Z_DIM, generator=random)
        meaning = meaning_of(z)
        if directions is None:
            directions = _directions(meaning.shape[1], model.config.w_dim, seed)
        device = model.w_avg.device
        target = (meaning @ directions).to(device)
        loss = (model.map(z.to(device)) - target).square().mean()
        optimisers.clear()
        loss.backward()  # type: ignore[no-untyped-call]
        optimisers.step(RATE * (1.0 - step / steps))
        if step % 500 == 0 or step == steps - 1:
            log.info("mapping step %d loss %.4f", step, loss.item())


def taught_mapping(model: StyleGan2, work: Path, steps: int, seed: int) -> None:
    """Give ``model`` the taught mapping kept in ``work``, taught now unless it is there."""
    if steps == 0:
        return
    file = work / f"mapping-{seed}-{steps}.pt"
    if file.exists():
        model.mapping.load_state_dict(torch.load(file, weights_only=True))
        return
    teach_mapping(model, steps, seed)
    torch.save(model.mapping.state_dict(), file)
