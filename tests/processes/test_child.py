"""Children: started, talked to, ended."""

from __future__ import annotations

import threading

import psutil
import pytest

from studio.processes.child import Child, describe_exit

MODULE = "tests.processes.echo"


@pytest.fixture
def child(tmp_path):
    child = Child(MODULE, tmp_path / "echo.log", ["one", "two"])
    yield child
    child.end()
    child.close()


def test_talking_both_ways(child, tmp_path):
    child.connection.send({"a": 1})
    assert child.connection.recv() == {"a": 1}
    assert child.end() == -15
    assert child.end() == -15
    assert child.tail() == "hello ['one', 'two']"
    assert "hello" in (tmp_path / "echo.log").read_text()


def test_the_connection_ends_with_the_child(child):
    child.connection.send("leave")
    with pytest.raises((EOFError, OSError)):
        child.connection.recv()
    assert child.end() == 3


def test_a_child_ends_when_the_connection_does(child):
    child.connection.send(1)
    child.connection.recv()
    process = psutil.Process(child.pid)
    child.connection.close()
    process.wait(10)


def test_ending_from_two_threads_is_fine(child):
    codes = []
    threads = [threading.Thread(target=lambda: codes.append(child.end())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes[0] == codes[1]


def test_the_current_folder_is_not_searched_for_modules(tmp_path, monkeypatch):
    (tmp_path / "random.py").write_text("raise SystemExit('the wrong random')")
    monkeypatch.chdir(tmp_path)
    child = Child(MODULE, tmp_path / "echo.log")
    child.connection.send("still here")
    assert child.connection.recv() == "still here"
    child.end()
    child.close()


def test_words_for_exit_codes():
    assert "memory" in describe_exit(-9)
    assert describe_exit(-11) == "crashed (SIGSEGV)"
    assert describe_exit(3) == "ended unexpectedly (exit code 3)"
