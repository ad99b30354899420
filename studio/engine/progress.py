"""How far a job is: throttled, with an estimate of the time left. Pure apart from its clock."""

from __future__ import annotations

import time
from collections.abc import Callable

from studio.engine.job_messages import JobProgress

MIN_INTERVAL = 0.1
MIN_ELAPSED = 0.5


class ProgressReporter:
    """Passes on (fraction, text) at most ten times a second, with the seconds left.

    Args:
        report: receives what is passed on.
        clock: seconds of a steady clock.
    """

    def __init__(
        self, report: Callable[[JobProgress], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._report = report
        self._clock = clock
        self._start = clock()
        self._begin = 0.0
        self._last: float | None = None

    def __call__(self, fraction: float | None, text: str) -> None:
        now = self._clock()
        if fraction is not None:
            fraction = min(1.0, max(0.0, fraction))
        if self._last is not None and now - self._last < MIN_INTERVAL and fraction != 1.0:
            return
        self._last = now
        self._report(JobProgress(fraction, text, self._seconds_left(fraction, now)))

    def go_on_from(self, fraction: float) -> None:
        """What was done before now, up to ``fraction``, says nothing of how fast it goes."""
        self._begin = min(1.0, max(0.0, fraction))
        self._start = self._clock()

    def part(self, begin: float, end: float) -> Callable[[float, str], None]:
        """A reporter for one part of the work, which fills ``begin`` to ``end`` of the whole."""

        def report(fraction: float, text: str) -> None:
            self(begin + (end - begin) * min(1.0, max(0.0, fraction)), text)

        return report

    def share(self, begin: float, end: float, of: str) -> ProgressReporter:
        """A whole reporter for one part of the work, whose texts begin with ``of``."""
        return _Share(self, begin, end, of)

    def _seconds_left(self, fraction: float | None, now: float) -> float | None:
        elapsed = now - self._start
        # The first moments foretell nothing: a jumping figure is worse than none.
        if not fraction or fraction <= self._begin or elapsed < MIN_ELAPSED:
            return None
        return elapsed * (1 - fraction) / (fraction - self._begin)


class _Share(ProgressReporter):
    """Hands everything on to the reporter of the whole."""

    def __init__(self, whole: ProgressReporter, begin: float, end: float, of: str) -> None:
        super().__init__(lambda _: None)
        self._whole, self._of = whole.part(begin, end), of

    def __call__(self, fraction: float | None, text: str) -> None:
        self._whole(fraction or 0.0, f"{self._of}: {text}")
