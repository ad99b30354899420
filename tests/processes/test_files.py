"""Blocks, files written aside, logs and the timing lock."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from studio.errors import MaquetteError
from studio.processes import logs
from studio.processes.aside import (
    aside_folder,
    remove_aside,
    remove_parts,
    written_aside,
)
from studio.processes.blocks import folder, new_prefix, sweep, take_block, write_block
from studio.processes.timing import timing_lock


def test_a_block_is_private_and_taken_once():
    name = new_prefix() + "-0"
    write_block(name, b"pixels")
    assert (folder() / name).stat().st_mode & 0o077 == 0
    assert take_block(name) == b"pixels"
    with pytest.raises(FileNotFoundError):
        take_block(name)
    with pytest.raises(FileNotFoundError):
        take_block("../" + name)


def test_a_block_never_replaces_another_file():
    name = new_prefix() + "-0"
    write_block(name, b"first")
    with pytest.raises(FileExistsError):
        write_block(name, b"second")
    assert take_block(name) == b"first"


def test_sweeping_removes_only_its_own_blocks():
    mine, other = new_prefix(), new_prefix()
    for i in range(3):
        write_block(f"{mine}-{i}", b"x")
    write_block(f"{other}-0", b"y")
    assert sweep(mine) == 3
    assert take_block(f"{other}-0") == b"y"


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    target = tmp_path / "new" / "file.bin"

    def write_half() -> None:
        with written_aside(target, "t") as path:
            path.write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert list(target.parent.iterdir()) == []
    with written_aside(target, "t") as path:
        path.write_bytes(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert [p.name for p in target.parent.iterdir()] == ["file.bin"]


def test_leftovers_of_the_killed_are_removed(tmp_path):
    target = tmp_path / "file[1].bin"
    aside_folder(target, "t").mkdir()
    (aside_folder(target, "t") / "file[1].bin").write_bytes(b"half")
    (tmp_path / ".file[1].bin.xyz.part").write_bytes(b"half")
    (tmp_path / ".file1.bin.xyz.part").write_bytes(b"another file's")
    remove_aside(target, "t")
    remove_aside(target, "t")
    remove_parts(target)
    assert [p.name for p in tmp_path.iterdir()] == [".file1.bin.xyz.part"]


def test_a_log_stays_small_and_its_tail_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LIMIT_BYTES", 2000)
    reader, writer = os.pipe()
    heard = []
    drain = logs.LogDrain(os.fdopen(reader, "rb"), tmp_path / "a.log", "title", heard.append)
    with os.fdopen(writer, "wb") as stream:
        for i in range(500):
            stream.write(b"line %d \xff\n" % i)
    drain.join(10)
    assert len(heard) == 500
    assert drain.tail().splitlines()[-1].startswith("line 499")
    assert len(drain.tail().splitlines()) == logs.TAIL_LINES
    assert sum(p.stat().st_size for p in tmp_path.iterdir()) < 5000


def test_a_log_that_cannot_be_written_does_no_harm(tmp_path):
    reader, writer = os.pipe()
    drain = logs.LogDrain(os.fdopen(reader, "rb"), tmp_path / "no" / "a.log", "title")
    with os.fdopen(writer, "wb") as stream:
        stream.write(b"still heard\n")
    drain.join(10)
    assert drain.tail() == "still heard"


HOLDER = """
import sys
from studio.processes.timing import timing_lock
with timing_lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_only_one_process_times_at_a_time():
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(MaquetteError, match="another measurement"), timing_lock(0.1):
            pass
        asked = []

        def waiting() -> None:
            asked.append(1)
            if len(asked) == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt), timing_lock(waiting=waiting):
            pass
        other.kill()  # the lock of the dead is free
    with timing_lock(10):
        pass
    with timing_lock(waiting=waiting):
        assert len(asked) == 2  # nobody had to wait any more
