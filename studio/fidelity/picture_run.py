"""Timing a picture that takes many steps: as a whole, and what a step of the denoiser takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any, Protocol


class Stopwatch(Protocol):
    """What a picture is drawn under: wraps whatever runs one call of the denoiser."""

    def __call__(self, run: Callable[..., Any]) -> Callable[..., Any]:
        """``run``, timed."""


class PictureRun:
    """Draws one picture at each call, and keeps how long the denoiser took for it.

    Args:
        draw: draws the picture; it wraps what runs the denoiser in the stopwatch that it is given.
        steps: how many steps a picture has.
    """

    def __init__(self, draw: Callable[[Stopwatch], object], steps: int) -> None:
        self._draw = draw
        self.steps = steps
        self._spent: list[float] = []

    def __call__(self) -> object:
        """The picture."""
        spent, calls = 0.0, 0

        def watched(run: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                nonlocal spent, calls
                begun = time.perf_counter()
                made = run(*args, **kwargs)
                spent += time.perf_counter() - begun
                calls += 1
                return made

            return call

        made = self._draw(watched)
        self._spent.append(spent / max(1, calls))  # some schedulers ask twice in a step
        return made

    def step_ms(self, runs: int) -> float:
        """Milliseconds of a denoiser step, one call with all that guidance wants: the mean over
        those of a picture, the median over the last ``runs`` pictures."""
        return 1000 * statistics.median(self._spent[-runs:])
