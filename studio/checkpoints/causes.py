"""Why a file is not opened. A cause is raised where it is found; the file's name is added last."""

from __future__ import annotations

from collections.abc import Iterable


class Cause(Exception):
    """A file cannot be opened. ``str(cause)`` is the clause that follows "cannot be opened: "."""


class NotSupported(Cause):
    """A file was understood, but holds a network that is not one of ours."""


class TooLarge(Cause):
    """Opening would need more memory than there is."""


def listed(names: Iterable[str], limit: int = 3) -> str:
    """The first few of ``names`` in quotes, and how many more there are."""
    everything = list(names)
    shown = ", ".join(shortened(name) for name in everything[:limit])
    more = len(everything) - limit
    return f"{shown} and {more} more" if more > 0 else shown


def shortened(text: str, limit: int = 80) -> str:
    """``text`` in one printable line and in quotes, for names that a file chose by itself."""
    printable = "".join(c if c.isprintable() else "?" for c in text[: limit + 1])
    return f"“{printable[:limit]}…”" if len(printable) > limit else f"“{printable}”"


def shown(value: object) -> str:
    """A single value for a sentence. Containers are not spelled out: a file can nest them badly."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return shortened(str(value))
    return "something that is neither text nor a number"


def size_text(count: int) -> str:
    """A number of bytes for people: ``1.3 GB``, ``512 bytes``."""
    value = float(count)
    for unit, digits in (("bytes", 0), ("kB", 1), ("MB", 1), ("GB", 1)):
        if value < 1000:
            return f"{value:.{digits}f} {unit}"
        value /= 1000
    return f"{value:.1f} TB" if value < 1000 else f"{value:.3g} TB"
