"""The command ``maquette``: the window with nothing or a path, else a headless command.

Kept light: the window must not wait for the command line's libraries, nor these for torch.
"""

from __future__ import annotations

import io
import os
import re
import runpy
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from studio.errors import MaquetteError
from studio.places import model_file

COMMANDS = (
    "inspect",
    "render",
    "compare",
    "bench",
    "compress",
    "convert",
    "demo",
    "devices",
    "diagnostics",
    "directions",
    "models",
    "sensitivity",
    "walk",
    "recipe",
    "techniques",
    "train",
    "workers",
    "world",
)
DEBUG = "MAQUETTE_DEBUG"
DEMO_FOLDER = "maquette-demo"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process.

    Exit codes: 0 done; 1 refused or failed, with one sentence on standard error; 2 wrong usage.
    ``MAQUETTE_DEBUG=1`` shows the traceback of a failure.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.excepthook = _one_sentence
    if not given or _is_path(given):
        given = _window(given)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name in letters that this terminal lacks
            stream.reconfigure(errors="backslashreplace")
    # As in the engine's processes: OpenMP threads that spin while they wait make everything many
    # times slower as soon as another program wants the cores.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    _prefer_cache()
    from typer.main import get_command

    from studio.commands import app

    get_command(app).main(given, prog_name="maquette")


def _prefer_cache() -> None:
    """Share the cache that the window's user prefers; a folder that is gone costs a sentence."""
    from dataclasses import replace

    from studio.session import preferences, surroundings

    chosen = replace(preferences.read_or_default(), threads=0)  # those are the window's
    if (problem := surroundings.apply(chosen)) is not None:
        print(f"{problem}; the usual one is used.", file=sys.stderr)  # noqa: T201


def _is_path(arguments: list[str]) -> bool:
    return len(arguments) == 1 and arguments[0] not in COMMANDS and arguments[0][:1] != "-"


def _window(given: list[str]) -> list[str]:
    """Open the window and end, or say that there is no display and return a command instead."""
    if has_display():
        named = [str(model_file(each) or each) for each in given]
        sys.argv = ["maquette", *named]
        runpy.run_module("widgets", run_name="__main__", alter_sys=False)
        raise SystemExit(0)
    print(  # noqa: T201
        f"There is no display, so the demo runs without the window and writes to {DEMO_FOLDER}.",
        file=sys.stderr,
    )
    return ["demo", *given, "-o", DEMO_FOLDER]


def has_display() -> bool:
    """Whether a window can be shown: always outside Linux, there where a display answers.

    Qt ends the process without a word of ours when the one that is named does not.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return _wayland_answers() or _x_answers(os.environ.get("DISPLAY", ""))


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    return name != "" and _answers(str(Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name))


def _x_answers(display: str) -> bool:
    named = re.fullmatch(r"(.*):(\d{1,5})(\.\d+)?", display)
    if named is None:
        return False
    path = f"/tmp/.X11-unix/X{named[2]}"
    if named[1] in ("", "unix"):
        return _answers("\0" + path) or _answers(path)
    return _answers((named[1], 6000 + int(named[2])))


def _answers(address: str | tuple[str, int]) -> bool:
    try:
        if isinstance(address, tuple):
            socket.create_connection(address, timeout=2).close()
            return True
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.settimeout(2)
            caller.connect(address)
        return True
    except (OSError, OverflowError):
        return False


def _one_sentence(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What an unforeseen failure shows in place of a traceback."""
    if os.environ.get(DEBUG) or not isinstance(error, Exception):
        sys.__excepthook__(kind, error, trace)
        return
    line = " ".join(str(error).split()) or "no more is known"
    if not isinstance(error, MaquetteError):
        line = f"Maquette failed: {kind.__name__}: {line} ({DEBUG}=1 shows where)"
    print(line, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
