"""Looking at a network on held-out latents: FLIP and PSNR of every width, and a strip to see."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.families.model import to_pixels
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.styles import sample_latents
from studio.families.stylegan.synthesis import synthesise
from studio.fidelity.metrics import flip
from studio.subnets.choice import SubnetChoice, resolve
from studio.training.elastic.report import WidthFidelity

WATCHED_SEED = 77_001  # which result is best is decided on these
REPORTED_SEED = 88_001  # and reported on others, so that the choice does not flatter the figures
LATENTS = 1_000_000  # pixels of all held-out pictures together, within the bounds below
FEWEST, MOST = 4, 16
FULL_SHARE = 1 / 3  # the weight of full beside all narrow widths together
UNSEEN = 0.05  # FLIP of pictures that differ by a step or two of 255 in places
PIECE = 4  # pictures drawn at a time
STRIP_PICTURES, STRIP_SIZE = 4, 96

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class HeldOut:
    """Style rows (n, rows, w_dim) and what the original draws of them, (n, h, w, 3) bytes."""

    styles: Tensor
    pictures: Pixels


def held_out(network: StyleGan2, seed: int) -> HeldOut:
    """Latents of a seed that training never draws from, and the original's pictures of them."""
    config = network.config
    count = max(FEWEST, min(MOST, LATENTS // config.resolution**2))
    z, labels = sample_latents(config, count, seed)
    with torch.no_grad():
        w = network.map(z, labels)
    styles = w[:, None].expand(-1, config.style_count, -1)
    return HeldOut(styles, drawn(network, styles, 1.0))


@torch.no_grad()
def drawn(
    network: StyleGan2, styles: Tensor, width: float, between: Callable[[], None] | None = None
) -> Pixels:
    """Pictures (n, h, w, 3) of one width."""
    subnet = resolve(SubnetChoice(width=width), network.config)
    view = network.view(subnet.channels, subnet.resolution)
    parts = [
        to_pixels(synthesise(view, part, between=between)[-1])
        for part in torch.split(styles, PIECE)
    ]
    return np.concatenate(parts)


def look_at(
    network: StyleGan2,
    out: HeldOut,
    widths: Sequence[float],
    between: Callable[[], None] | None = None,
) -> tuple[WidthFidelity, ...]:
    """Every width of ``network`` against the original's pictures.

    Args:
        between: called before every layer; may raise to stop.
    """
    return tuple(_fidelity(w, drawn(network, out.styles, w, between), out.pictures) for w in widths)


def _fidelity(width: float, pictures: Pixels, wanted: Pixels) -> WidthFidelity:
    error = float(np.mean((pictures.astype(np.float64) - wanted) ** 2))
    flips = [flip(a, b).mean for a, b in zip(wanted, pictures, strict=True)]
    psnr = None if error == 0 else 10 * math.log10(255.0**2 / error)
    return WidthFidelity(width, psnr, float(np.mean(flips)))


def score(found: Sequence[WidthFidelity]) -> float:
    """One number for a look, lower is better: the mean FLIP of narrow widths, and what is seen of
    a change of full.

    A change of one step of a colour here and there is not seen; at first it would outweigh all
    that narrow widths gain.
    """
    narrow = [each.flip for each in found if each.width < 1]
    seen = sum(max(0.0, each.flip - UNSEEN) for each in found if each.width == 1)
    return sum(narrow) / len(narrow) + FULL_SHARE * seen


def strip(network: StyleGan2, out: HeldOut, widths: Sequence[float]) -> Pixels:
    """A few pictures at every width, narrowest on top, the original last: (h, w, 3) bytes.

    Pictures above 96 px are made smaller.
    """
    styles, wanted = out.styles[:STRIP_PICTURES], out.pictures[:STRIP_PICTURES]
    rows = [drawn(network, styles, width) for width in sorted(widths)] + [wanted]
    return np.concatenate([np.concatenate(list(_reduced(row)), axis=1) for row in rows])


def _reduced(pictures: Pixels) -> Pixels:
    """Pictures (n, r, r, 3) by means over squares, until they fit the strip."""
    n, size = pictures.shape[:2]
    step = max(1, size // STRIP_SIZE)
    squares = pictures.reshape(n, size // step, step, size // step, step, 3)
    reduced: Pixels = (squares.mean(axis=(2, 4)) + 0.5).astype(np.uint8)
    return reduced
