"""Progress of what says nothing of itself: guessed from how long it took before."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from studio.engine.job_messages import JobProgress
from widgets.status_bar import StatusBar

TICK_MS = 250
NEARLY = 0.95
"""A guess never says that something is done."""


@dataclass(frozen=True)
class Guess:
    """One thing under way; ``seconds`` it should take, None where nobody knows."""

    title: str
    seconds: float | None
    since: float


class Expected(QObject):
    """Bars in the status row for what the render process does at a wish."""

    def __init__(
        self,
        status: StatusBar,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._status = status
        self._clock = clock
        self._guesses: dict[int, Guess] = {}
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.show)

    def begin(self, job: int, title: str, seconds: float | None) -> None:
        """Show a bar under the number ``job``."""
        self._guesses[job] = Guess(title, seconds, self._clock())
        self._timer.start()
        self.show()

    def end(self, job: int) -> None:
        """Take the bar away."""
        self._guesses.pop(job, None)
        if not self._guesses:
            self._timer.stop()
        self._status.end_job(job)

    def show(self) -> None:
        """Bring every bar up to date."""
        for job, guess in self._guesses.items():
            self._status.show_job(job, guess.title, self._progress(guess))

    def _progress(self, guess: Guess) -> JobProgress:
        if not guess.seconds:
            return JobProgress(None, "")
        gone = self._clock() - guess.since
        if gone >= guess.seconds:
            return JobProgress(None, "")  # it was a bad guess: better none than a wrong one
        return JobProgress(NEARLY * gone / guess.seconds, "", guess.seconds - gone)
