"""The process that asks one source. Run as ``python -m`` by ``gathering``, which ends it."""

from __future__ import annotations

import faulthandler
import importlib
import sys
from collections.abc import Sequence

from studio.processes.child import lower_priority, parent_connection, watch_parent
from studio.runtimes.detection.gathering import ProbeFailed
from studio.runtimes.detection.words import first_line

SPARE_SECONDS = 5.0


def main(arguments: Sequence[str]) -> None:
    """Send the parent what ``devices()`` of a module returns, or why it raised.

    Args:
        arguments: as given by the parent, then the module and the limit in seconds.
    """
    connection = parent_connection(arguments)
    module, limit = arguments[-2:]
    # A loader that hangs without letting go of Python's lock would outlive a parent that died:
    # this ends the process from a thread that needs no lock.
    faulthandler.dump_traceback_later(float(limit) + SPARE_SECONDS, exit=True)
    watch_parent(connection, lambda _message: None)
    lower_priority()
    try:
        answer: object = importlib.import_module(module).devices()
    except Exception as error:  # noqa: BLE001 - the parent must hear of it, whatever it is
        answer = ProbeFailed(f"{type(error).__name__}: {first_line(error)}")
    connection.send(answer)


if __name__ == "__main__":
    main(sys.argv[1:])
