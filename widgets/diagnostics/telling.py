"""What happens in the window, told to the log in the words that the user reads."""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QObject

from studio import __version__
from studio.families.info import ModelInfo
from widgets.app import App

logger = logging.getLogger(__name__)
LEVELS = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class Telling(QObject):
    """Follows an app and logs a sentence for what a user would want to look up later."""

    def __init__(self, app: App, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs: dict[int, str] = {}
        logger.info(self.tr("Maquette %s is open."), __version__)
        app.controller.model_changed.connect(self._model)
        app.engine_ready.connect(self._engine)
        app.jobs.progressed.connect(self._job)
        app.jobs.ended.connect(self._job_ended)

    def _model(self, info: ModelInfo | None) -> None:
        if info is not None:
            logger.info(self.tr("The model %s is open."), info.name)

    def _engine(self, threads: int) -> None:
        logger.info(self.tr("The renderer is ready, with %d threads."), threads)

    def _job(self, job: int, title: str, _progress: Any) -> None:
        if job not in self._jobs:
            self._jobs[job] = title
            logger.info(self.tr("Began: %s."), title)

    def _job_ended(self, job: int) -> None:
        title = self._jobs.pop(job, None)
        if title is not None:
            logger.info(self.tr("Ended: %s."), title)


def said(sentence: str, severity: str, details: str) -> None:
    """A notice was shown: it can be read again in the log."""
    text = f"{sentence}\n{details}" if details else sentence
    logger.log(LEVELS[severity], "%s", text)
