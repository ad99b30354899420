"""Starts the window: ``python -m widgets [model or session]``.

The render process is started before Qt is imported, and told which model to load, so that the
first picture is on its way while the window is still being built.
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from pathlib import Path

from studio import places
from studio.engine.client import EngineClient
from studio.engine.messages import OpenModel
from studio.errors import MaquetteError
from studio.processes import journal
from studio.session import preferences, surroundings
from widgets.mailbox import Mailbox

EMBEDDED = "clay-heads"


def main(argv: list[str] | None = None) -> int:
    """Open the window and stay until it is closed. ``argv[0]``, if given, is a file to open."""
    argv = sys.argv[1:] if argv is None else argv
    # What is made while starting stays: searching it for garbage would only cost time.
    gc.disable()
    wanted = _file(argv[0]) if argv else None
    # Before any process is started, so that it has its threads and its cache from the beginning.
    surroundings.apply(preferences.read_or_default())
    with suppress(MaquetteError):  # no folder for logs: work goes on without
        journal.begin(places.log_dir() / journal.NAME)
    mailbox = Mailbox()
    client = EngineClient(mailbox.answer, mailbox.state)
    client.start()
    early = _early(wanted)
    if early is not None:
        client.send(OpenModel(0, str(early)))

    from widgets.start import run

    try:
        return run(client, mailbox, wanted, early)
    finally:
        client.stop()


def _file(name: str) -> Path:
    """The file of that path, or the embedded model of that name where there is no such file."""
    path = Path(name).absolute()
    return path if path.exists() else places.embedded_model(name) or path


def _early(wanted: Path | None) -> Path | None:
    """The model that can be asked for before anything else is known, or None."""
    # Not at the top: the render process need not wait for these imports.
    from studio.checkpoints import is_maquette
    from studio.session import leavings

    if wanted is None:
        # A document that a crashed run left behind says itself which model it needs.
        return None if leavings.waiting() else places.embedded_model(EMBEDDED)
    try:
        pipeline = (wanted / places.PIPELINE_INDEX).is_file()
        return wanted if pipeline or is_maquette(wanted) else None
    except OSError:
        return None


if __name__ == "__main__":
    sys.exit(main())
