"""Builds application and window around a render process that is already starting."""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QLocale, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from studio import places
from studio.engine.client import EngineClient, JobRunner
from widgets import choosers
from widgets.app import App
from widgets.mailbox import Mailbox
from widgets.main_window import MainWindow, theme_now
from widgets.style.theme import apply_theme

EMBEDDED = "clay-heads"


def run(client: EngineClient, mailbox: Mailbox, wanted: Path | None, early: Path | None) -> int:
    """Show the window until it is closed. Returns the exit status.

    Args:
        wanted: the file the user named, or None.
        early: the model that was asked for already, as request 0, or None.
    """
    qt = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(qt, QApplication)
    qt.setApplicationName("Maquette")
    QGuiApplication.setDesktopFileName("maquette")
    _translate(qt)
    apply_theme(qt, theme_now())
    window = build(client, mailbox)
    sys.excepthook = lambda *error: _tell(window, *error)
    begin(window, wanted, early)
    window.view.setFocus()
    window.show()
    QTimer.singleShot(0, _collect_again)
    # Python sees a signal only when it runs: a timer lets Ctrl+C close the window in good order.
    signal.signal(signal.SIGINT, lambda *_: window.close())
    signal.signal(signal.SIGTERM, lambda *_: window.close())
    heartbeat = QTimer(interval=500)
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
    return qt.exec()


def _collect_again() -> None:
    """What the start has made stays; from here on garbage is collected as ever."""
    gc.freeze()
    gc.enable()


def _tell(
    window: MainWindow,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """A mistake in the window itself must not pass unseen, nor end the work."""
    if issubclass(kind, KeyboardInterrupt):
        window.close()
        return
    text = "".join(traceback.format_exception(kind, error, trace))
    with (places.log_dir() / "window.log").open("a", encoding="utf-8") as log:
        log.write(text)
    sys.stderr.write(text)
    window.notices.error(
        QCoreApplication.translate(
            "MainWindow", "Something went wrong in the window; your work is still here."
        ),
        text,
    )


def _translate(qt: QApplication) -> None:
    """Speak the user's language where there is a translation."""
    translator = QTranslator(qt)
    folder = str(places.assets_dir() / "translations")
    if translator.load(QLocale(), "maquette", "_", folder):
        qt.installTranslator(translator)


def build(client: EngineClient, mailbox: Mailbox) -> MainWindow:
    """The window with its app, not shown yet."""
    window: list[MainWindow] = []
    app = App(
        client,
        mailbox,
        lambda: JobRunner(mailbox.job),
        lambda suggested: choosers.save_picture(window[0], suggested),
    )
    window.append(MainWindow(app))
    return window[0]


def begin(window: MainWindow, wanted: Path | None, early: Path | None) -> None:
    """Open what was asked for, what a crashed run left, or the embedded model."""
    app, commands = window.app, window.commands
    if early is not None:
        app.opening.expect(early, commands.model_opened)
        app.listen()
        return
    app.listen()
    if wanted is not None:
        commands.open_path(wanted)
        return

    def embedded() -> None:
        path = places.embedded_model(EMBEDDED)
        if path is not None:
            app.opening.open(path, commands.model_opened)

    app.sessions.recover(embedded)
