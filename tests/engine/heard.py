"""What an adopter says, for tests of it."""

from __future__ import annotations

import threading
from typing import Any

from studio.engine.adopting import Touching


class Heard:
    """Answers of the adopter, to be waited for, ``patience`` seconds at most."""

    def __init__(self, patience: float = 20) -> None:
        self.answers: list[Any] = []
        self._patience = patience
        self._changed = threading.Condition()

    def __call__(self, answer: object) -> None:
        if isinstance(answer, Touching):
            return
        with self._changed:
            self.answers.append(answer)
            self._changed.notify_all()

    def wait(self, count: int) -> list[Any]:
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self.answers) >= count, self._patience)
            assert enough
            return list(self.answers)
