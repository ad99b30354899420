"""What the notice bar says, and what its button does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from studio.engine.client import EngineState
from widgets.app import App
from widgets.controls.notice import NoticeBar
from widgets.diagnostics.telling import Telling, said

SHORT_MS = 8000


class Notices(QObject):
    """One notice at a time; the newest replaces an older one. Errors stay until dismissed.

    Signals: unsaved_wanted(): the user wants to see what earlier runs left.
    """

    unsaved_wanted = Signal()

    def __init__(self, bar: NoticeBar, app: App, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._app = app
        self._action: Callable[[], object] | None = None
        self._restarting = False
        self._fade = QTimer(self, singleShot=True, interval=SHORT_MS)
        self._fade.timeout.connect(bar.clear)
        self._telling = Telling(app, self)
        bar.action_clicked.connect(self._act)
        app.bridge.engine_changed.connect(self._engine)
        app.opening.refused.connect(self.error)
        app.measuring.failed.connect(self.error)
        app.baking.failed.connect(self.error)
        app.scanning.failed.connect(self.error)
        app.curves.failed.connect(self.error)
        app.finishing.failed.connect(self.error)
        app.finishing.finished.connect(lambda answer, _: self.saved(Path(answer.path)))
        app.walking.failed.connect(self.error)
        app.walking.saved.connect(self.saved)
        app.sessions.refused.connect(self.error)
        app.sessions.notice.connect(lambda sentence: self.say(sentence, "warning"))
        app.sessions.saved.connect(self.saved)
        app.sessions.recovered.connect(self._recovered)
        app.sessions.declined.connect(self._declined)
        app.sessions.unsaved_found.connect(self._unsaved)

    def say(
        self,
        sentence: str,
        severity: str = "info",
        *,
        details: str = "",
        action: str | None = None,
        do: Callable[[], object] | None = None,
    ) -> None:
        """Show a sentence, with a button when there is something to do about it."""
        self._action = do
        said(sentence, severity, details)
        self._bar.set(sentence, details, severity, action)
        if severity == "info":
            self._fade.start()
        else:
            self._fade.stop()

    def error(self, sentence: str, details: str = "") -> None:
        """Something could not be done."""
        self.say(sentence, "error", details=details)

    def saved(self, path: Path) -> None:
        """A file was written."""
        folder = QUrl.fromLocalFile(str(path.parent))
        self.say(
            self.tr("Saved as {name}").format(name=path.name),
            action=self.tr("Show in folder"),
            do=lambda: QDesktopServices.openUrl(folder),
        )

    def _recovered(self, more: int) -> None:
        sentence = self.tr("Maquette did not close properly last time; your work was restored.")
        if more:
            others = self.tr("More of it is under File, Unsaved work.")
            sentence = f"{sentence} {others}"
        self.say(
            sentence, "warning", action=self.tr("Not now"), do=lambda: self._app.sessions.decline()
        )

    def _declined(self) -> None:
        self.say(
            self.tr("The work is kept under File, Unsaved work."),
            action=self.tr("Show"),
            do=self.unsaved_wanted.emit,
        )

    def _unsaved(self) -> None:
        self.say(
            self.tr("Maquette did not close properly last time; your work is kept."),
            "warning",
            action=self.tr("Show"),
            do=self.unsaved_wanted.emit,
        )

    def _engine(self, state: Any) -> None:
        details = str(getattr(self._app.client, "details", ""))
        if state is EngineState.RESTARTING:
            self._restarting = True
            self.say(
                self.tr("The renderer stopped and is being started again; nothing is lost."),
                "warning",
                details=details,
            )
        elif state is EngineState.READY and self._restarting:
            self._restarting = False
            self.say(
                self.tr("The renderer stopped and was started again; nothing was lost."),
                details=details,
            )
        elif state is EngineState.FAILED:
            self._restarting = True
            self.say(
                self.tr("The renderer does not start."),
                "error",
                details=details,
                action=self.tr("Try again"),
                do=self._app.client.restart,
            )

    def _act(self) -> None:
        action, self._action = self._action, None
        if action is not None:
            action()
