"""A quick look at latents: by a tiny decoder where one is at hand, else by a linear map to colours.

A VAE of this kind keeps colours nearly linear in its channels, so that a least-squares map, fitted
once to what the model's VAE encodes, shows what a step has reached at the size of the latents. The
same pictures tell whether a tiny decoder was made for this VAE: those of other VAEs have as many
channels and draw something else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from studio.checkpoints.causes import Cause
from studio.errors import RefusedFile, cause_of
from studio.families.diffusion.tiny_decoder import TinyDecoder, read_tiny_decoder

Pixels = npt.NDArray[np.uint8]
_SIDE, _PICTURES, _SEED = 16, 6, 7
NEARLY, GOOD, HALF = 1.25, 0.1, 0.5
"""A tiny decoder may be that much further from pictures than the linear map, or leave a tenth of
their variance unexplained; where it is nearly as near as the VAE itself, half of it. One for
another VAE is far beyond all three."""
_log = logging.getLogger(__name__)


class Previewer:
    """Looks at latents of one VAE; what that takes is found out when it is first asked.

    Args:
        vae: gives the VAE; None where latents are pictures themselves.
        channels: of the latents. factor: pixels a latent.
        chosen: a tiny decoder, folder or file, that has to fit; None takes one of ``found``.
        found: gives folders and files that may hold one.
    """

    def __init__(
        self,
        vae: Callable[[], Any] | None,
        channels: int,
        factor: int,
        chosen: Path | None = None,
        found: Callable[[], Iterable[Path]] = tuple,
    ) -> None:
        self._vae, self._channels, self._factor = vae, channels, factor
        self._chosen, self._found = chosen, found
        self._fitted: _Fitted | None = None

    @property
    def decoder(self) -> Path | None:
        """The tiny decoder that is used; None where there is none.

        Raises:
            RefusedFile: the chosen one does not fit.
        """
        decoder = self._ready().decoder
        return None if decoder is None else decoder.path

    def preview(self, latents: Tensor) -> Pixels:
        """Latents (1, channels, h, w) as a picture (h, w, 3), or (h * factor, w * factor, 3) where
        a tiny decoder is used.

        Raises:
            RefusedFile: the chosen one does not fit.
        """
        ready = self._ready()
        if ready.decoder is None:
            return preview(latents, ready.colours)
        with torch.inference_mode():
            return preview(ready.decoder.network(torch.nan_to_num(latents.float())), None)

    def _ready(self) -> _Fitted:
        if self._fitted is None:
            self._fitted = self._fit()
        return self._fitted

    def _fit(self) -> _Fitted:
        if self._vae is None:
            if self._chosen is not None:
                raise RefusedFile(
                    f"{self._chosen} is not needed: this pipeline draws pixels, not latents"
                )
            return _Fitted(None, None)
        vae = self._vae()
        pictures, latents = _encoded(vae, self._factor)
        colours = _solved(pictures, latents)
        seen = _Seen(vae, pictures, latents, colours)
        if self._chosen is not None:
            try:
                return _Fitted(colours, self._fitting(self._chosen, seen))
            except Cause as cause:
                raise RefusedFile(f"{self._chosen} cannot decode previews: {cause}") from cause
            except OSError as error:
                raise RefusedFile(f"{self._chosen} cannot be read: {cause_of(error)}") from error
        for path in self._found():
            try:
                return _Fitted(colours, self._fitting(path, seen))
            except (Cause, OSError) as why:  # nobody asked for it
                _log.info("%s is not used for previews: %s", path, why)
        return _Fitted(colours, None)

    def _fitting(self, path: Path, seen: _Seen) -> TinyDecoder:
        """The tiny decoder at ``path``.

        Raises:
            Cause: it is none, or one for another VAE.
        """
        decoder = read_tiny_decoder(path)
        if (decoder.latents, decoder.factor) != (self._channels, self._factor):
            raise Cause(
                f"it decodes {decoder.latents} channels to {decoder.factor} times their size, and "
                f"this pipeline's VAE has {self._channels} and {self._factor}"
            )
        with torch.inference_mode():
            apart = seen.apart(decoder.network(seen.latents))
            spread = float(seen.pictures.var())
            near = apart <= max(NEARLY * seen.linear(self._factor), GOOD * spread)
            if not near and not apart <= min(NEARLY * seen.own(), HALF * spread):
                raise Cause(
                    "it was made for another VAE: what this pipeline's encodes, it draws wrong"
                )
        return decoder


@dataclass(frozen=True, eq=False)
class _Seen:
    """Pictures, what a VAE makes of them, and the map from that to their colours."""

    vae: Any
    pictures: Tensor
    latents: Tensor
    colours: Tensor

    def apart(self, made: Tensor) -> float:
        """Mean squared distance from the pictures."""
        return float((made.float().clamp(-1, 1) - self.pictures).square().mean())

    def linear(self, factor: int) -> float:
        """That of the linear map."""
        made = _coloured(self.latents, self.colours)
        return self.apart(nn.functional.interpolate(made, scale_factor=factor))

    def own(self) -> float:
        """That of the VAE, which may know pictures of one kind only."""
        latents = self.latents / (_setting(self.vae, "scaling_factor") or 1.0)
        latents = latents + (_setting(self.vae, "shift_factor") or 0.0)
        dtype = next(self.vae.parameters()).dtype
        return self.apart(self.vae.decode(latents.to(dtype)).sample)


@dataclass(frozen=True, eq=False)
class _Fitted:
    colours: Tensor | None
    decoder: TinyDecoder | None


def colour_map(vae: Any, factor: int) -> Tensor:
    """A map (channels + 1, 3) from latents as they are denoised, and a 1, to RGB in [-1, 1].

    Args:
        vae: its encoder; ``config`` says how its latents are scaled.
        factor: pixels a latent.
    """
    return _solved(*_encoded(vae, factor))


def _encoded(vae: Any, factor: int) -> tuple[Tensor, Tensor]:
    """Pictures of smooth colours, and their latents as they are denoised."""
    pictures = _pictures(factor)
    with torch.inference_mode():
        dtype = next(vae.parameters()).dtype
        encoded = vae.encode(pictures.to(dtype))
        encoded = encoded.latent_dist.mean if hasattr(encoded, "latent_dist") else encoded.latents
        latents = (encoded.float() - (_setting(vae, "shift_factor") or 0.0)) * (
            _setting(vae, "scaling_factor") or 1.0
        )
    return pictures, latents


def _solved(pictures: Tensor, latents: Tensor) -> Tensor:
    with torch.inference_mode():
        height, width = latents.shape[2:]
        colours = nn.functional.adaptive_avg_pool2d(pictures, (height, width))
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


def _coloured(latents: Tensor, colours: Tensor) -> Tensor:
    """Latents (n, channels, h, w) by a map of :func:`colour_map`, (n, 3, h, w)."""
    return (latents.permute(0, 2, 3, 1) @ colours[:-1] + colours[-1]).permute(0, 3, 1, 2)


def preview(latents: Tensor, colours: Tensor | None) -> Pixels:
    """Latents (1, channels, h, w) as a picture (h, w, 3).

    Args:
        colours: of :func:`colour_map`; None where the latents are a picture in [-1, 1] themselves.
    """
    values = torch.nan_to_num(latents[:1].float())
    if colours is None:
        shown = values.expand(-1, 3, -1, -1) if values.shape[1] == 1 else values
    else:
        shown = _coloured(values, colours)
    shown = shown[0].permute(1, 2, 0)
    pixels: Pixels = ((shown.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).numpy()
    return pixels
