"""The parts of the running app, put together: engine, bridge, controller and what hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from studio.engine.messages import Ready
from studio.session.autosave import Autosave
from widgets.bridge import Bridge
from widgets.controller import Controller
from widgets.finishing import Finishing
from widgets.jobs import Jobs, Runner
from widgets.mailbox import Mailbox
from widgets.measuring import Measuring
from widgets.opening import Opening
from widgets.renderer import Renderer
from widgets.sessions import Sessions
from widgets.thumbnails import Thumbnails
from widgets.walking import Walking


class Client(Protocol):
    """The engine's client, or a stand-in of the same shape."""

    @property
    def pid(self) -> int | None: ...

    def send(self, request: Any) -> None: ...

    def stop(self) -> None: ...

    def restart(self) -> None: ...


class App(QObject):
    """Everything but the widgets. Owns threads and processes; ``close`` ends them all.

    Signals:
        engine_ready(threads): the render process has started.
    """

    engine_ready = Signal(int)

    def __init__(
        self,
        client: Client,
        mailbox: Mailbox,
        make_runner: Callable[[], Runner],
        ask_picture: Callable[[Path], Path | None],
        *,
        autosave: bool = True,
    ) -> None:
        super().__init__()
        self.client = client
        self._closed = False
        self._mailbox = mailbox
        self.bridge = Bridge(parent=self)
        self.renderer = Renderer(client.send, self)
        self.controller = Controller(self.renderer, self)
        self.jobs = Jobs(make_runner, self.bridge, self)
        self.opening = Opening(client.send, self.jobs, self.bridge, self)
        self.measuring = Measuring(self.jobs, self)
        stamp = self.renderer.next_stamp
        self.finishing = Finishing(client.send, stamp, ask_picture, self)
        self.thumbnails = Thumbnails(client.send, stamp, self)
        self.walking = Walking(client.send, self.renderer, self.jobs, self)
        self.autosave = Autosave() if autosave else None
        self.sessions = Sessions(self.controller, self.opening, self.bridge, self.autosave, self)
        self.controller.gesture_changed.connect(self.measuring.drag)
        self.bridge.answered.connect(self._answered)

    def listen(self) -> None:
        """Begin to take what the engine has said so far and will say."""
        self._mailbox.attach(self.bridge.take)

    def close(self) -> None:
        """End every thread and process."""
        self._closed = True
        for timer in self.findChildren(QTimer):
            timer.stop()
        self._mailbox.detach()
        self.bridge.close()
        self.jobs.close()
        self.client.stop()
        if self.autosave is not None:
            self.autosave.close()

    def _answered(self, answer: object, pixels: Any) -> None:
        if self._closed:
            return  # it was on its way when the window closed
        if isinstance(answer, Ready):
            self.engine_ready.emit(answer.threads)
        for taker in (self.renderer, self.walking, self.thumbnails, self.finishing):
            if taker.take(answer, pixels):
                return
        self.opening.take(answer)
