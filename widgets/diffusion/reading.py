"""How long prompts are: the tokenizer lives in the render process, so that is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.engine.messages import PromptRead, ReadPrompt


@dataclass(frozen=True)
class Lengths:
    """Tokens of each text, and how many of one are read."""

    texts: tuple[str, ...]
    counts: tuple[int, ...]
    limit: int


class PromptReading(QObject):
    """Asks for the newest texts; what is answered about older ones is dropped.

    Signals: read(lengths).
    """

    read = Signal(object)

    def __init__(
        self,
        send: Callable[[Any], None],
        stamp: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._next_stamp = stamp
        self._asked: ReadPrompt | None = None
        self.known: Lengths | None = None

    def ask(self, model: str, texts: tuple[str, ...]) -> None:
        """Want the lengths of ``texts`` for a model; nothing is asked twice."""
        if self._asked is not None and (self._asked.model, self._asked.texts) == (model, texts):
            return
        if self._asked is not None and self._asked.model != model:
            self.known = None
        self._asked = ReadPrompt(model, self._next_stamp(), texts)
        self._send(self._asked)

    def take(self, answer: object, pixels: object = None) -> bool:
        """Take one answer in; False when it is not for this object."""
        if not isinstance(answer, PromptRead):
            return False
        asked = self._asked
        if asked is not None and answer.stamp == asked.stamp:
            self.known = Lengths(asked.texts, answer.counts, answer.limit)
            self.read.emit(self.known)
        return True
