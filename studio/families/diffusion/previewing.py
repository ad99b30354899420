"""A quick look at latents: a linear map to colours, fitted once to what the model's VAE encodes.

A VAE of this kind keeps colours nearly linear in its channels, so that a least-squares map shows
what a step has reached at the size of the latents, without decoding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

Pixels = npt.NDArray[np.uint8]
_SIDE, _PICTURES, _SEED = 16, 6, 7


def colour_map(vae: Any, factor: int) -> Tensor:
    """A map (channels + 1, 3) from latents as they are denoised, and a 1, to RGB in [-1, 1].

    Args:
        vae: its encoder; ``config`` says how its latents are scaled.
        factor: pixels a latent.
    """
    pictures = _pictures(factor)
    with torch.inference_mode():
        dtype = next(vae.parameters()).dtype
        encoded = vae.encode(pictures.to(dtype))
        encoded = encoded.latent_dist.mean if hasattr(encoded, "latent_dist") else encoded.latents
        latents = (encoded.float() - (_setting(vae, "shift_factor") or 0.0)) * (
            _setting(vae, "scaling_factor") or 1.0
        )
        colours = nn.functional.adaptive_avg_pool2d(pictures, latents.shape[2:])
        rows = latents.permute(0, 2, 3, 1).reshape(-1, latents.shape[1])
        rows = torch.cat([rows, torch.ones(len(rows), 1)], 1).double()
        wanted = colours.permute(0, 2, 3, 1).reshape(-1, 3).double()
        # Ridge, for a VAE may leave a channel empty.
        gram = rows.T @ rows + 1e-6 * len(rows) * torch.eye(rows.shape[1], dtype=torch.float64)
        solved: Tensor = torch.linalg.solve(gram, rows.T @ wanted).float()
        return solved


def _setting(vae: Any, name: str) -> float | None:
    return getattr(vae.config, name, None)


def _pictures(factor: int) -> Tensor:
    """Pictures (n, 3, side, side) of smooth colours in [-1, 1]."""
    generator = torch.Generator().manual_seed(_SEED)
    coarse = torch.rand((_PICTURES, 3, 4, 4), generator=generator) * 2 - 1
    side = max(32, _SIDE * factor)
    return nn.functional.interpolate(coarse, size=(side, side), mode="bicubic").clamp(-1, 1)


def preview(latents: Tensor, colours: Tensor | None) -> Pixels:
    """Latents (1, channels, h, w) as a picture (h, w, 3).

    Args:
        colours: of :func:`colour_map`; None where the latents are a picture in [-1, 1] themselves.
    """
    values = torch.nan_to_num(latents[0].float())
    if colours is None:
        shown = values.expand(3, -1, -1) if values.shape[0] == 1 else values
        shown = shown.permute(1, 2, 0)
    else:
        shown = values.permute(1, 2, 0) @ colours[:-1] + colours[-1]
    pixels: Pixels = ((shown.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).numpy()
    return pixels
