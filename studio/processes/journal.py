"""What the window has to say goes into a log too: its logging records, as dated sentences."""

from __future__ import annotations

import logging
from pathlib import Path

from studio.processes.logs import append

NAME = "window.log"
INDENT = "    "
"""Begins what belongs to the line before: a traceback, the details of an error."""
LOGGERS = ("studio", "widgets")


class Journal(logging.Handler):
    """Writes ``<time> <level> <sentence>``, and each further line indented.

    Args:
        path: the log file, of limited size like those of the children.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(logging.INFO)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info:
            text = f"{text}\n{logging.Formatter().formatException(record.exc_info)}"
        first, *rest = text.splitlines() or [""]
        append(self._path, f"{level_of(record.levelno)} {_capital(first)}")
        for line in rest:
            append(self._path, f"{INDENT}{line}")


def begin(path: Path) -> Journal:
    """Write what this process logs at ``path`` from now on; :func:`end` ends that."""
    journal = Journal(path)
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(journal)
        logger.setLevel(logging.INFO)
    return journal


def end(journal: Journal) -> None:
    """Write no more."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.removeHandler(journal)
        logger.setLevel(logging.NOTSET)
    journal.close()


def level_of(number: int) -> str:
    """The three levels that a reader needs: info, warning, error."""
    if number >= logging.ERROR:
        return "error"
    return "warning" if number >= logging.WARNING else "info"


def _capital(sentence: str) -> str:
    """A capital at the beginning, unless the first word may be a name."""
    word = sentence.partition(" ")[0]
    return sentence[:1].upper() + sentence[1:] if word.isalpha() else sentence
