"""The window is killed, and what was done up to a second before is there again."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from studio.session import leavings

SECOND = 1.0
PATIENCE = 90.0


class Run:
    """One run of the window, in a process of its own."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.window.recovery_driver", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            text=True,
        )

    def ask(self, *words: Any) -> Any:
        """Have something done, and its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        assert select.select([self._process.stdout], [], [], PATIENCE)[0], words
        return json.loads(self._process.stdout.readline())

    def until(self, check: Callable[[Any], bool], *words: Any) -> Any:
        """The first answer that passes the check."""
        end = time.monotonic() + PATIENCE
        while not check(found := self.ask(*words)):
            assert time.monotonic() < end, found
            time.sleep(0.05)
        return found

    def opened(self) -> Any:
        """What is open, once something is."""
        return self.until(lambda found: found["ready"], "document")

    def kill(self) -> None:
        """As the system does it when memory runs out; every process that it started ends too."""
        family = psutil.Process(self._process.pid).children(recursive=True)
        self._process.send_signal(signal.SIGKILL)
        self.wait()
        psutil.wait_procs(family, timeout=20)
        assert not [each for each in family if each.is_running()]

    def quit(self) -> int:
        self._process.stdin.write('["trigger", "quit"]\n')
        self._process.stdin.flush()
        return self.wait()

    def wait(self) -> int:
        try:
            return self._process.wait(30)
        finally:
            self._process.stdin.close()
            self._process.stdout.close()

    def end(self) -> None:
        if self._process.poll() is None:
            self.kill()


@pytest.fixture
def start() -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(*arguments: str) -> Run:
        runs.append(Run(*arguments))
        return runs[-1]

    yield begin
    for run in runs:
        run.end()


def seed(found: Any) -> int:
    return int(found["document"]["inputs"]["seed"])


def test_a_new_session_comes_back_with_all_but_the_last_second(start):
    first = start()
    first.opened()
    first.ask("edit", "seed", 41)
    first.ask("trigger", "pin")
    first.ask("edit", "seed", 42)
    time.sleep(SECOND)
    first.kill()

    second = start()
    back = second.opened()
    assert seed(back) == 42
    assert [pin["inputs"]["seed"] for pin in back["document"]["pins"]] == [41]
    assert back["path"] is None
    assert "restored" in second.until(bool, "notice")
    # What is recovered is no safer than before until it is saved: it survives the next kill too.
    time.sleep(SECOND)
    second.kill()
    third = start()
    assert seed(third.opened()) == 42
    assert third.quit() == 0
    assert not leavings.waiting()


def test_a_session_with_a_file_belongs_to_it_again(start, tmp_path):
    path = tmp_path / "mine.maquette"
    first = start()
    first.opened()
    first.ask("edit", "seed", 7)
    first.ask("save", str(path))
    first.until(lambda found: found["path"] == str(path), "document")
    saved = path.read_text()
    first.ask("edit", "seed", 8)
    time.sleep(SECOND)
    first.kill()
    assert path.read_text() == saved

    second = start()
    back = second.opened()
    assert (seed(back), back["path"], back["modified"]) == (8, str(path), True)
    second.ask("trigger", "save")
    second.until(lambda found: not found["modified"], "document")
    assert json.loads(path.read_text())["document"]["inputs"]["seed"] == 8
    # Saved work needs no recovery: killed now, nothing comes back.
    time.sleep(SECOND)
    second.kill()
    assert not leavings.waiting()
    third = start()
    assert third.opened()["path"] is None
    assert third.ask("notice") == ""


def test_two_windows_keep_their_own_and_declined_work_waits(start):
    one = start()
    one.opened()
    one.ask("edit", "seed", 101)
    time.sleep(SECOND)
    # Another window takes nothing from the one that is at work.
    two = start()
    assert seed(two.opened()) != 101
    two.ask("edit", "seed", 202)
    time.sleep(SECOND)
    one.kill()
    two.kill()

    newest = start()
    assert seed(newest.opened()) == 202
    assert "More of it" in newest.until(bool, "notice")
    older = start()
    assert seed(older.opened()) == 101
    # Not now: the work is put by, and stays until it is discarded.
    older.ask("act")
    older.until(lambda found: found["ready"] and seed(found) not in (101, 202), "document")
    assert older.quit() == 0
    later = start()
    assert seed(later.opened()) not in (101, 202)
    later.ask("trigger", "unsaved")
    (line,) = later.until(bool, "unsaved")
    assert "never saved to a file" in line
    (kept,) = leavings.everything()
    assert json.loads(Path(kept.path).read_text())["document"]["inputs"]["seed"] == 101


def test_a_file_that_is_asked_for_is_opened_and_the_rest_is_kept(start, tmp_path):
    path = tmp_path / "asked.maquette"
    first = start()
    first.opened()
    first.ask("edit", "seed", 5)
    first.ask("save", str(path))
    first.until(lambda found: found["path"] == str(path), "document")
    first.ask("edit", "seed", 6)
    time.sleep(SECOND)
    first.kill()
    second = start(str(path))
    assert seed(second.opened()) == 5
    assert "your work is kept" in second.until(lambda said: "kept" in said, "notice")
    assert len(leavings.everything()) == 1
