"""How numbers are written in fields and read back. Pure functions."""

from __future__ import annotations

import math

EXACT_DIGITS = 8
MINUS = "\N{MINUS SIGN}"


def written(value: float, decimals: int) -> str:
    """``value`` with ``decimals`` digits, or with as many more as it takes to be exact."""
    text = f"{value:.{decimals}f}"
    if not math.isclose(float(text), value, rel_tol=1e-9, abs_tol=10.0**-EXACT_DIGITS):
        text = f"{value:.{EXACT_DIGITS}f}".rstrip("0").rstrip(".")
    return text.replace("-", MINUS) if float(text) != 0 else text.lstrip("-")


def read(text: str, unit: str = "") -> float | None:
    """The number in ``text``, with or without ``unit`` and with a point or a comma; else None."""
    cleaned = text.strip().replace(MINUS, "-")
    if unit and cleaned.endswith(unit):
        cleaned = cleaned[: -len(unit)]
    cleaned = cleaned.strip().replace(" ", "")
    if cleaned.count(",") == 1 and "." not in cleaned:
        cleaned = cleaned.replace(",", ".")
    try:
        value = float(cleaned)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def rounded(value: float, step: float, origin: float) -> float:
    """``value`` on the grid of ``step`` that starts at ``origin``, without binary dust."""
    if step <= 0:
        return value
    return round(origin + round((value - origin) / step) * step, 10)
