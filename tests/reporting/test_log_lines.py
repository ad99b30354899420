"""Logs as lines: told apart, followed, put in order."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from studio.processes import journal, logs
from studio.reporting.log_lines import (
    TAIL_BYTES,
    LogLine,
    Reader,
    at_least,
    in_order,
    log_files,
)

RENDER = """\
2026-01-02 10:00:00 --- studio.engine.render_process started as process 123
2026-01-02 10:00:01 /lib/x.py:3: UserWarning: slow
2026-01-02 10:00:01   warnings.warn("slow")
2026-01-02 10:00:02 Traceback (most recent call last):
2026-01-02 10:00:02   File "a.py", line 1, in <module>
2026-01-02 10:00:02 ValueError: no
2026-01-02 10:00:03 as ever
2026-01-02 10:00:04 [E] loading failed
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_what_a_child_prints_is_told_apart(tmp_path):
    lines = Reader(write(tmp_path, "render.log", RENDER)).read()
    assert [(line.level, line.continued) for line in lines] == [
        ("info", False),
        ("warning", False),
        ("warning", True),
        ("error", False),
        ("error", True),
        ("error", True),
        ("info", False),
        ("error", False),
    ]
    assert lines[0] == LogLine("2026-01-02 10:00:00", "info", "render", "Started as process 123.")
    assert lines[5].text == "ValueError: no"
    assert at_least("error", lines)[0].text.startswith("Traceback")
    assert len(at_least("warning", lines)) == 6


def test_the_windows_own_log_says_how_bad_it_is(tmp_path):
    path = tmp_path / journal.NAME
    kept = journal.begin(path)
    try:
        log = logging.getLogger("widgets.somewhere")
        log.info("all is well")
        log.warning("%s was not found\nas was to be expected", "it")
        log.debug("of no interest")
        try:
            raise ValueError("no")
        except ValueError:
            log.exception("that went wrong")
    finally:
        journal.end(kept)
    logging.getLogger("widgets.somewhere").error("after the end")
    lines = Reader(path).read()
    assert [(line.level, line.text) for line in lines[:3]] == [
        ("info", "All is well"),
        ("warning", "It was not found"),
        ("warning", "    as was to be expected"),
    ]
    assert (lines[3].level, lines[3].text) == ("error", "That went wrong")
    assert all(line.continued and line.level == "error" for line in lines[4:])
    assert lines[-1].text.strip() == "ValueError: no"


def test_only_what_is_new_is_read(tmp_path):
    path = write(tmp_path, "jobs.log", "2026-01-02 10:00:00 one\n2026-01-02 10:00:01 tw")
    reader = Reader(path)
    assert [line.text for line in reader.read()] == ["one"]
    with path.open("a") as stream:
        stream.write("o\n")
    assert [line.text for line in reader.read()] == ["two"]
    assert reader.read() == []


def test_a_log_that_begins_anew_is_read_from_its_beginning(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "LIMIT_BYTES", 200)
    path = tmp_path / "jobs.log"
    reader = Reader(path)
    assert reader.read() == []
    seen = []
    for number in range(20):
        logs.append(path, f"line {number}")
        seen += [line.text for line in reader.read()]
    assert seen == [f"line {number}" for number in range(20)]
    assert path.with_name("jobs.log.1").exists()


def test_of_a_long_log_the_end_is_read(tmp_path):
    stamped = "2026-01-02 10:00:00 " + "x" * 79 + "\n"
    path = write(tmp_path, "jobs.log", stamped * 5000)
    lines = Reader(path).read()
    assert TAIL_BYTES // len(stamped) - 1 <= len(lines) <= TAIL_BYTES // len(stamped)
    assert {line.text for line in lines} == {"x" * 79}


def test_lines_from_before_the_stamps_and_other_bytes_do_no_harm(tmp_path):
    path = tmp_path / "old.log"
    path.write_bytes(b"--- 2025-01-01 00:00:00 studio.x started as process 1\n\xff\xfe\n\n\r\n")
    lines = Reader(path).read()
    assert [line.time for line in lines] == [""] * 4
    assert lines[1].text == "\ufffd\ufffd"


def test_a_log_that_cannot_be_read_has_no_lines(tmp_path):
    (tmp_path / "render.log").mkdir()
    assert Reader(tmp_path / "render.log").read() == []
    assert [path.name for path in log_files(tmp_path)] == ["render.log"]
    assert log_files(tmp_path / "nowhere") == []
    logs.append(tmp_path / "render.log", "lost, and nobody fails")
    assert list((tmp_path / "render.log").iterdir()) == []


def test_several_logs_are_put_in_order_and_tracebacks_stay_whole():
    error = LogLine("10:00:02", "error", "render", "Traceback")
    more = replace(error, text="  File", continued=True, time="10:00:03")
    before = LogLine("10:00:01", "info", "window", "before")
    between = LogLine("10:00:02", "info", "window", "between")
    assert in_order([error, more, before, between]) == [before, error, more, between]
