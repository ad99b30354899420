"""How every worker begins: without network, at low priority, answering in a file.

``python -E -s -m maquette_worker.begin MODULE`` in a folder that holds ``request.json``. The module
has ``work(request, folder)`` and returns what goes into ``answer.json``. Whatever it raises becomes
a sentence there; what it prints becomes the log.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from .graph import NotConverted

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
_CALLS = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind")


def without_network() -> None:
    """Take the network away: from Python's own sockets everywhere, from native code too where
    Linux lets a process enter a network namespace of its own, in which there is nothing."""

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in _CALLS:
            raise PermissionError("a converter has no network")

    sys.addaudithook(refuse)
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)


def lower_priority() -> None:
    """Windows sets it where the process is started."""
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(10)


def leave_with_parent() -> None:
    """End this process when the app is gone, which holds the other end of standard input."""

    def wait() -> None:
        with suppress(OSError):
            os.read(0, 1)  # not sys.stdin, whose lock would be held while Python shuts down
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def progress(fraction: float, text: str) -> None:
    """Tell the app how far it is; all else that is printed is only kept."""
    print(f"maquette-progress {fraction:.3f} {text}", flush=True)  # noqa: T201


def main(arguments: list[str]) -> None:
    """Do the work of the module named first, in the current folder."""
    without_network()  # first: a process with threads may not enter a namespace
    lower_priority()
    leave_with_parent()
    folder = Path.cwd()
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    try:
        module = importlib.import_module(f".{arguments[0]}", __package__)
        answer = module.work(request, folder)
    except NotConverted as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": "memory ran out"}
    except Exception as error:  # noqa: BLE001 - whatever a converter raises is one sentence there
        traceback.print_exc()
        first = (str(error).strip().splitlines() or [""])[0][:300]
        answer = {"error": f"{type(error).__name__}: {first}"}
    part = folder / "answer.json.part"
    part.write_text(json.dumps({"format": 1, **answer}), encoding="utf-8")
    part.replace(folder / "answer.json")


if __name__ == "__main__":
    main(sys.argv[1:])
