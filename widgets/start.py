"""Builds application and window around a render process that is already starting."""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from studio import places
from studio.engine.client import EngineClient, JobRunner
from studio.session import preferences, surroundings
from widgets import choosers
from widgets.app import App
from widgets.mailbox import Mailbox
from widgets.main_window import MainWindow
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
    preferred = preferences.read_or_default()
    _translate(qt, preferred.language)
    apply_theme(qt, preferred.theme)
    window = build(client, mailbox)
    sys.excepthook = lambda *error: _tell(window, *error)
    begin(window, wanted, early)
    if problem := _problem(window):
        window.notices.say(problem, "warning")
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
    sys.stderr.write(text)
    window.notices.error(
        QCoreApplication.translate(
            "MainWindow", "Something went wrong in the window; your work is still here."
        ),
        text,
    )


def _translate(qt: QApplication, language: str) -> None:
    """Speak the language that is preferred, "system" for the user's, where there is a translation;
    Qt's own dialogs too."""
    locale = QLocale() if language == "system" else QLocale(language)
    own = str(places.assets_dir() / "translations")
    qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("qtbase", qts), ("maquette", own)):
        translator = QTranslator(qt)
        if translator.load(locale, name, "_", folder):
            qt.installTranslator(translator)


def _problem(window: MainWindow) -> str | None:
    """A sentence when the preferences, or the cache folder that they name, are of no use."""
    store = window.app.preferences
    folder = store.value.cache_folder
    if store.problem or not folder or places.CACHE_FOLDER in surroundings.fixed():
        return store.problem
    return surroundings.refusal(folder)


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
        app.sessions.mention_unsaved()
        return
    app.listen()
    if wanted is not None:
        app.sessions.mention_unsaved()
        commands.open_path(wanted)
        return

    def embedded() -> None:
        path = places.embedded_model(EMBEDDED)
        if path is not None:
            app.opening.open(path, commands.model_opened)

    app.sessions.recover(embedded)
