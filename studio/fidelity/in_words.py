"""Numbers of fidelity as text, with their quartiles over seeds where they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.fidelity.measurement import Measurement


def ranged(value: float, quartiles: tuple[float, float] | None) -> str:
    """FLIP, SSIM and the like: ``0.087 (0.077-0.096)``."""
    if quartiles is None:
        return f"{value:.3f}"
    return f"{value:.3f} ({quartiles[0]:.3f}-{quartiles[1]:.3f})"


def decibels(measured: Measurement) -> str:
    """PSNR: ``34.0 (32.0-34.7)``, or "equal" where pictures do not differ."""
    if measured.psnr is None:
        return "equal"
    if measured.spread is None:
        return f"{measured.psnr:.1f}"
    low, high = ("equal" if q is None else f"{q:.1f}" for q in measured.spread.psnr)
    return f"{measured.psnr:.1f} ({low}-{high})"
