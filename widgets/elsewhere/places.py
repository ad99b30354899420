"""A target on another computer, written as a target with that host behind it. No Qt.

The frontier compares points of one target only, and draws each in a colour of its own; with the
host in the name, numbers of two computers are never set against each other.
"""

from __future__ import annotations

from studio.errors import BadChoice
from studio.runtimes.target import Target

BETWEEN = "\n"  # in no target and in no host


def on_host(target: str, host: str) -> str:
    """``target`` on ``host``; empty for this computer."""
    return f"{target}{BETWEEN}{host}" if host else target


def target_and_host(place: str) -> tuple[str, str]:
    """What :func:`on_host` put together; the host is empty for this computer."""
    target, _, host = place.partition(BETWEEN)
    return target, host


def drawn_here(place: str) -> str | None:
    """The target of :func:`on_host` where this computer draws on it, else None."""
    target, host = target_and_host(place)
    try:
        Target.parse(target)
    except BadChoice:  # of a runtime that only exported files are for
        return None
    return None if host else target
