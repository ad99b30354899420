"""The logs as lines that can be told apart: when, how bad, who says it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from studio.processes.journal import INDENT, NAME
from studio.processes.logs import STARTED

LEVELS = ("info", "warning", "error")
TAIL_BYTES = 200_000
_STAMPED = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (.*)", re.DOTALL)
_LEVELLED = re.compile(r"(info|warning|error) (.*)", re.DOTALL)
_MODULE = re.compile(r"studio\.[\w.]+ started as process (\d+)")
_WARNING = re.compile(r"\bwarn(ing)?\b|Warning:", re.IGNORECASE)
_ERROR = re.compile(r"\b(error|failed|fatal|aborted)\b|^\w*(Error|Exception)\b", re.IGNORECASE)


@dataclass(frozen=True)
class LogLine:
    """One line.

    Args:
        time: local, ``YYYY-MM-DD HH:MM:SS``; empty in lines of unknown age.
        level: one of ``LEVELS``.
        source: ``window``, ``render``, ``compare``, ``jobs``: the log's name.
        text: without time and level.
        continued: it belongs to the line before.
    """

    time: str
    level: str
    source: str
    text: str
    continued: bool = False


class Reader:
    """Reads one log to its end, and later what has been added since.

    Args:
        path: the log; it need not exist yet, and may begin anew at any time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._source = path.name.partition(".")[0]
        self._own = path.name == NAME
        self._place = -1
        self._rest = b""
        self._last = LogLine("", "info", self._source, "")
        self._in_traceback = False

    def read(self) -> list[LogLine]:
        """The lines that are new. A log that cannot be read has none."""
        try:
            with self._path.open("rb") as stream:
                size = stream.seek(0, 2)
                if self._place < 0:
                    self._place = max(0, size - TAIL_BYTES)
                    cut = self._place > 0
                else:
                    cut = False
                    if size < self._place:  # it was full, and a new one has begun
                        self._place, self._rest = 0, b""
                stream.seek(self._place)
                new = stream.read()
        except OSError:
            return []
        self._place += len(new)
        *whole, self._rest = (self._rest + new).split(b"\n")
        if cut and whole:
            del whole[0]  # the end of a line whose beginning is not read
        return [self._parse(line.decode("utf-8", "replace").rstrip("\r")) for line in whole]

    def _parse(self, raw: str) -> LogLine:
        stamped = _STAMPED.match(raw)
        time, text = (stamped[1], stamped[2]) if stamped else (self._last.time, raw)
        line = self._own_line(time, text) if self._own else self._childs_line(time, text)
        self._last = line
        return line

    def _own_line(self, time: str, text: str) -> LogLine:
        levelled = _LEVELLED.match(text)
        if levelled is None or text.startswith(INDENT):
            return LogLine(time, self._last.level, self._source, text, continued=True)
        return LogLine(time, levelled[1], self._source, levelled[2])

    def _childs_line(self, time: str, text: str) -> LogLine:
        if text.startswith(f"{STARTED} "):
            self._in_traceback = False
            started = _MODULE.fullmatch(text.removeprefix(f"{STARTED} "))
            words = f"Started as process {started[1]}." if started else text
            return LogLine(time, "info", self._source, words)
        if text.startswith("Traceback (most recent call last)"):
            self._in_traceback = True
            return LogLine(time, "error", self._source, text)
        if self._in_traceback:
            # The first line that is not indented names the exception and ends the traceback.
            self._in_traceback = text.startswith((" ", "\t")) or not text
            return LogLine(time, "error", self._source, text, continued=True)
        if text.startswith((" ", "\t")) and self._last.text:
            return LogLine(time, self._last.level, self._source, text, continued=True)
        if _WARNING.search(text):
            return LogLine(time, "warning", self._source, text)
        level = "error" if _ERROR.search(text) else "info"
        return LogLine(time, level, self._source, text)


def log_files(folder: Path) -> list[Path]:
    """The logs that are there now, by name."""
    return sorted(folder.glob("*.log"))


def in_order(lines: Iterable[LogLine]) -> list[LogLine]:
    """Lines of several logs by their time; what belongs together stays together."""
    blocks: list[list[LogLine]] = []
    for line in lines:
        if line.continued and blocks and blocks[-1][0].source == line.source:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [line for block in sorted(blocks, key=lambda each: each[0].time) for line in block]


def at_least(level: str, lines: Iterable[LogLine]) -> list[LogLine]:
    """The lines that are as bad as ``level`` or worse."""
    lowest = LEVELS.index(level)
    return [line for line in lines if LEVELS.index(line.level) >= lowest]
