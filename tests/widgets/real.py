"""The real window with the real engine, for tests that want to see everything together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from studio.engine.client import EngineClient


@contextmanager
def opened(qtbot: Any, model: Path, target: str = "") -> Iterator[Any]:
    """A window that shows both sides of a model, drawn on ``target`` where one is named; no process
    is left when the block ends."""
    from widgets.mailbox import Mailbox
    from widgets.start import begin, build

    mailbox = Mailbox()
    client = EngineClient(mailbox.answer, mailbox.state)
    client.start()
    window = build(client, mailbox)
    if target:
        window.controller.use_target(target)
    window.show()
    begin(window, model, None)
    qtbot.waitUntil(lambda: set(window.app.renderer.shown) == {"A", "B"}, timeout=60_000)
    yield window
    window.close()
    window.deleteLater()
    assert not [p for p in psutil.Process().children(recursive=True) if p.is_running()]
