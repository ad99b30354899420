"""The dynamic dimensions of a denoiser: their names, and their sizes for a picture. Imports no
torch."""

from __future__ import annotations

from studio.families.diffusion.config import DiffusionConfig

BATCH, HEIGHT, WIDTH, TOKENS = "batch", "height", "width", "tokens"


def dimensions(config: DiffusionConfig, batch: int, height: int, width: int) -> dict[str, int]:
    """Sizes of the dynamic dimensions for a picture of ``height`` x ``width`` pixels."""
    _, _, high, wide = config.latents(height, width)
    if config.kind == "flux":
        return {BATCH: batch, TOKENS: high * wide // 4}
    return {BATCH: batch, HEIGHT: high, WIDTH: wide}


def baked(config: DiffusionConfig) -> tuple[str, ...]:
    """The dimensions whose size tracing takes for a constant: tables of positions are cut to it."""
    return (HEIGHT, WIDTH) if config.kind in ("sd3", "pixart", "dit") else ()
