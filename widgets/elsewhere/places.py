"""A target on another computer, written as a target with that host behind it. No Qt.

The frontier compares points of one target only, and draws each in a colour of its own; with the
host in the name, numbers of two computers are never set against each other.
"""

from __future__ import annotations

BETWEEN = "\n"  # in no target and in no host


def on_host(target: str, host: str) -> str:
    """``target`` on ``host``; empty for this computer."""
    return f"{target}{BETWEEN}{host}" if host else target


def target_and_host(place: str) -> tuple[str, str]:
    """What :func:`on_host` put together; the host is empty for this computer."""
    target, _, host = place.partition(BETWEEN)
    return target, host
