"""The training window of a main window: made, and told what follows its ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from widgets.main_window import MainWindow
    from widgets.training.elastic_window import ElasticWindow

translate = QCoreApplication.translate


def opened_by(window: MainWindow) -> ElasticWindow:
    """The window that makes a model elastic. Its module is loaded now, not at the app's start."""
    from widgets.training.elastic_window import ElasticWindow

    made = ElasticWindow(window.app.jobs, window)
    made.open_wanted.connect(window.commands.open_path)
    made.failed.connect(window.notices.error)
    made.command_wanted.connect(window.copying.put)

    def finished(path: Path) -> None:
        window.notices.say(
            translate("Training", "{name} is trained.").format(name=path.name),
            action=translate("Training", "Open the result"),
            do=lambda: window.commands.open_path(path),
        )

    made.finished.connect(finished)
    return made
