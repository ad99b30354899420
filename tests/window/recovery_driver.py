"""Runs the real window and does what it is told on standard input, as a user would with the mouse.

    python -m tests.window.recovery_driver [arguments of the app]

One JSON list a line comes in; one JSON value a line goes out, once it is done:
``["document"]`` (what is open, when no file is on its way), ``["edit", FIELD, VALUE]``,
``["save", PATH]``, ``["trigger", COMMAND]``, ``["notice"]``, ``["act"]``, ``["unsaved"]``.
"""

from __future__ import annotations

import json
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import widgets.__main__ as app


class Commander:
    """Lines in on a thread, commands on the window's."""

    def __init__(self, window: Any) -> None:
        from PySide6.QtCore import QObject, Qt, Signal

        class Post(QObject):
            came = Signal(str)

        self._window = window
        self._post = Post(window)
        self._post.came.connect(self._do, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            self._post.came.emit(line)

    def _do(self, line: str) -> None:
        name, *arguments = json.loads(line)
        print(json.dumps(getattr(self, name)(*arguments)), flush=True)  # noqa: T201

    def document(self) -> Any:
        window = self._window
        ready = window.controller.info is not None
        path = window.app.sessions.path
        return {
            "ready": ready,
            "document": asdict(window.controller.document),
            "path": None if path is None else str(path),
            "title": window.windowTitle(),
            "modified": window.isWindowModified(),
        }

    def edit(self, field: str, value: Any) -> bool:
        self._window.controller.set_inputs("Test", None, **{field: value})
        return True

    def save(self, path: str) -> bool:
        self._window.app.sessions.save(Path(path))
        return True

    def trigger(self, command: str) -> bool:
        self._window.actions_[command].trigger()
        return True

    def notice(self) -> str:
        return str(self._window.notice.sentence())

    def act(self) -> bool:
        self._window.notice.action.click()
        return True

    def unsaved(self) -> list[str]:
        listing = self._window.unsaved.list
        return [listing.item(line).text() for line in range(listing.count())]


def main() -> int:
    from widgets import start

    build = start.build

    def built(client: Any, mailbox: Any) -> Any:
        window = build(client, mailbox)
        window.commander = Commander(window)
        return window

    start.build = built
    return app.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
