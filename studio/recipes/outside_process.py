"""The process that reads the techniques of one package of somebody else's.

Run as ``python -m studio.recipes.outside_process`` by :mod:`studio.recipes.outside`. What it says
is JSON and never a pickle: whoever listens runs nothing of the package.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from studio.processes.child import parent_connection, watch_parent

if TYPE_CHECKING:
    from studio.families.info import BaseInfo
    from studio.recipes.registry import Entry


def main(arguments: Sequence[str]) -> None:
    """Answer (package, model or None) with a list of techniques, each with why it does not fit."""
    connection = parent_connection(arguments)
    package, info = connection.recv()
    watch_parent(connection, lambda message: None)  # a package may hang for longer than we last
    from studio.recipes.consent import normal_name
    from studio.recipes.registry import described, outside_entries

    wanted = normal_name(package)
    entries = [e for e in outside_entries([package]) if normal_name(e.package) == wanted]
    told = [{**asdict(described(entry)), "unfitting": _unfitting(entry, info)} for entry in entries]
    connection.send_bytes(json.dumps(told).encode())


def _unfitting(entry: Entry, info: BaseInfo | None) -> str | None:
    if entry.technique is None or info is None:
        return None
    try:
        reason = entry.technique.applies_to(info)
    except Exception as error:  # noqa: BLE001 - another package's code
        return f"asking it failed with {type(error).__name__}: {error}"
    return None if reason is None else str(reason)


if __name__ == "__main__":
    main(sys.argv[1:])
