"""The command ``maquette``: the window with nothing or a path, else a headless command.

Kept light: the window must not wait for the command line's libraries, nor these for torch.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence
from types import TracebackType

from studio.places import embedded_model

COMMANDS = ("inspect", "render", "compare", "convert", "demo")
DEBUG = "MAQUETTE_DEBUG"
DEMO_FOLDER = "maquette-demo"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process.

    Exit codes: 0 done; 1 refused or failed, with one sentence on standard error; 2 wrong usage.
    ``MAQUETTE_DEBUG=1`` shows the traceback of a failure.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or _is_path(given):
        given = _window(given)
    sys.excepthook = _one_sentence
    # As in the engine's processes: OpenMP threads that spin while they wait make everything many
    # times slower as soon as another program wants the cores.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from typer.main import get_command

    from studio.commands import app

    get_command(app).main(given, prog_name="maquette")


def _is_path(arguments: list[str]) -> bool:
    return len(arguments) == 1 and arguments[0] not in COMMANDS and arguments[0][:1] != "-"


def _window(given: list[str]) -> list[str]:
    """Open the window and end, or say that there is no display and return a command instead."""
    if has_display():
        named = [str(embedded_model(each) or each) for each in given]
        sys.argv = ["maquette", *named]
        runpy.run_module("widgets", run_name="__main__", alter_sys=False)
        raise SystemExit(0)
    print(  # noqa: T201
        f"There is no display, so the demo runs without the window and writes to {DEMO_FOLDER}.",
        file=sys.stderr,
    )
    return ["demo", *given, "-o", DEMO_FOLDER]


def has_display() -> bool:
    """Whether a window can be shown: always outside Linux, there where a display is named."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _one_sentence(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What an unforeseen failure shows in place of a traceback."""
    if os.environ.get(DEBUG) or not isinstance(error, Exception):
        sys.__excepthook__(kind, error, trace)
        return
    line = " ".join(str(error).split()) or "no more is known"
    print(  # noqa: T201
        f"Maquette failed: {kind.__name__}: {line} ({DEBUG}=1 shows where)", file=sys.stderr
    )


if __name__ == "__main__":
    main()
