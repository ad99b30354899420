"""Which subnets are worth trying when nothing was asked for. Imports no torch."""

from __future__ import annotations

from studio.families.info import BaseInfo

USUAL = (0.75, 0.5, 0.25)


def ladder(info: BaseInfo) -> tuple[float, ...]:
    """Uniform widths below full, widest first: those the model was trained for, or the usual; of a
    denoiser none that it does not name."""
    trained = tuple(sorted((w for w in info.widths if w < 1), reverse=True))
    if info.family == "diffusion":
        return trained
    return trained or USUAL
