"""The dynamic dimensions of a denoiser: their names, and their sizes for a picture. Imports no
torch."""

from __future__ import annotations

from studio.families.diffusion.config import DiffusionConfig

BATCH, HEIGHT, WIDTH, PIXELS, WORDS = "batch", "height", "width", "pixels", "tokens"


def dimensions(config: DiffusionConfig, batch: int, height: int, width: int) -> dict[str, int]:
    """Sizes of the dynamic dimensions for a picture of ``height`` x ``width`` pixels."""
    _, _, high, wide = config.latents(height, width)
    if config.kind == "flux":
        return {BATCH: batch, PIXELS: high * wide // 4}
    return {BATCH: batch, HEIGHT: high, WIDTH: wide}


def baked(config: DiffusionConfig) -> tuple[str, ...]:
    """The dimensions whose size tracing takes for a constant: tables of positions are cut to it,
    and places are turned for it."""
    if config.kind == "flux":
        return (BATCH, PIXELS)
    return (HEIGHT, WIDTH) if config.kind in ("sd3", "pixart", "dit") else ()
