"""From the threads of the engine's client into Qt's event loop.

The client calls back on reader threads. A ``Mailbox`` collects what it says before Qt is even
imported; a ``Bridge`` then delivers it, and everything later, as queued signals.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from studio.engine.client import decode
from studio.engine.messages import Compared, Finished, Picture, Rendered, Stepped
from studio.errors import MaquetteError
from widgets.mailbox import Mailbox


class Bridge(QObject):
    """Turns callbacks of other threads into signals on the thread that made the bridge.

    Signals:
        answered(answer, pixels): an ``Answer`` and its picture as an (h, w, 3) uint8 array or None.
        engine_changed(state): an ``EngineState``.
        job_event(id, event): a ``JobEvent`` of the job of that id.
    """

    answered = Signal(object, object)
    engine_changed = Signal(object)
    job_event = Signal(int, object)
    _done = Signal(object, object, object)

    def __init__(self, mailbox: Mailbox | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: set[threading.Thread] = set()
        self._closed = False
        self._done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        if mailbox is not None:
            mailbox.attach(self.take)

    def take(self, kind: str, *payload: Any) -> None:
        """Any thread: deliver one callback of the client or the job runner."""
        if self._closed:
            return
        try:
            if kind == "answer":
                # Copying out of shared memory belongs here, not on the window's thread.
                self.answered.emit(payload[0], _pixels(payload[0]))
            elif kind == "state":
                self.engine_changed.emit(payload[0])
            elif kind == "job":
                self.job_event.emit(*payload)
        except RuntimeError:
            # Qt's half of this object is gone: the application is closing.
            self._closed = True

    def background(
        self, work: Callable[[], Any], done: Callable[[Any, MaquetteError | None], None]
    ) -> None:
        """Run ``work`` on a thread, then ``done(result, None)`` or ``done(None, error)`` here.

        Only errors meant for the user (and those of the file system, as sentences) are expected;
        ``done`` is not called after :meth:`close`.
        """

        def run() -> None:
            result, error = None, None
            try:
                result = work()
            except MaquetteError as refused:
                error = refused
            except OSError as failed:
                where = f"{failed.filename}: " if failed.filename else ""
                error = MaquetteError(f"{where}{failed.strerror or failed}")
            finally:
                self._threads.discard(threading.current_thread())
            if not self._closed:
                self._done.emit(done, result, error)

        thread = threading.Thread(target=run, name="background", daemon=True)
        self._threads.add(thread)
        thread.start()

    def close(self) -> None:
        """Deliver nothing any more and wait for what still runs."""
        self._closed = True
        for thread in tuple(self._threads):
            thread.join(timeout=5)

    def _deliver(
        self, done: Callable[[Any, MaquetteError | None], None], result: Any, error: Any
    ) -> None:
        if not self._closed:
            done(result, error)


def _pixels(answer: object) -> object:
    picture: Picture | None = None
    if isinstance(answer, Rendered | Finished | Stepped):
        picture = answer.picture
    elif isinstance(answer, Compared):
        picture = answer.map
    return None if picture is None else decode(picture)
