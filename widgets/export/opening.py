"""The windows of bundles that belong to a main window: made when asked for, and what follows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from studio.engine.bundle_messages import BundleReport

if TYPE_CHECKING:
    from widgets.export.bundle_window import BundleWindow
    from widgets.export.export_window import ExportWindow
    from widgets.main_window import MainWindow

translate = QCoreApplication.translate


def opened_by(window: MainWindow) -> ExportWindow:
    """The export of a main window. Its modules are loaded now, not at the app's start."""
    from widgets.export.export_window import ExportWindow

    app, controller, notices = window.app, window.controller, window.notices
    made = ExportWindow(app.jobs, app.bridge.background, window)
    controller.changed.connect(made.follow)

    def copied(command: str) -> None:
        QGuiApplication.clipboard().setText(command)
        text = translate("Export", "Copied: {command}")
        notices.say(text.format(command=command.splitlines()[-1]))

    def done(report: BundleReport) -> None:
        if made.isActiveWindow():
            return
        text = translate("Export", "{name} is exported and verified.")
        notices.say(
            text.format(name=Path(report.folder).name),
            action=translate("Export", "Show"),
            do=made.present,
        )

    def asked() -> None:
        if not made.isActiveWindow():
            notices.say(
                translate("Export", "The export asks before it ships what is far from full."),
                "warning",
                action=translate("Export", "Show"),
                do=made.present,
            )

    def failed(sentence: str, details: str) -> None:
        if not made.isActiveWindow():
            notices.error(sentence, details)

    made.copy_wanted.connect(copied)
    made.done_.connect(done)
    made.asked.connect(asked)
    made.failed.connect(failed)
    controller.model_changed.connect(lambda _: made.running or made.close())
    return made


def offer(window: MainWindow, ref: str = "") -> None:
    """Offer to export a variant of the model that is open, the current one unless named."""
    open_now = window.controller.working_on()
    if open_now is not None:
        window.export.offer(*open_now, window.controller.document, ref)


def bundle_of(window: MainWindow) -> BundleWindow:
    """What shows and verifies bundles."""
    from widgets.export.bundle_window import BundleWindow

    return BundleWindow(window.app.jobs, window)


def ask_for_bundle(window: MainWindow) -> None:
    """Ask for the folder of a bundle and show it."""
    from PySide6.QtWidgets import QFileDialog

    from widgets import choosers
    from widgets.export.form import suggested_folder

    found = QFileDialog.getExistingDirectory(
        window, translate("Export", "Folder of a bundle"), str(suggested_folder())
    )
    if found:
        choosers.remember("bundles", Path(found))
        show_bundle(window, Path(found))


def show_bundle(window: MainWindow, folder: Path) -> None:
    """Show what a bundle says of itself, and offer to verify it."""
    from widgets.export.bundle_window import read_bundle

    def read(report: BundleReport | None, error: object) -> None:
        if report is None:
            window.notices.error(str(error))
        else:
            window.bundle.offer(report)

    window.app.bridge.background(lambda: read_bundle(folder), read)
