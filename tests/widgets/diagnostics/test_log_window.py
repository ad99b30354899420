"""The log as a user reads it: live, filtered, copied, wrapped."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from studio import places
from studio.processes import journal
from studio.processes.logs import append


@pytest.fixture
def log(window, qtbot):
    """The log window, shown."""
    kept = journal.begin(places.log_dir() / journal.NAME)
    window.log.offer()
    qtbot.waitExposed(window.log)
    yield window.log
    journal.end(kept)


def choose(log, level):
    log.level.setCurrentIndex(log.level.findData(level))


def test_an_empty_log_says_what_comes_here(log):
    assert log.empty.isVisible()
    assert "comes here" in log.empty.text()
    assert not log.copy.isEnabled()


def test_it_follows_the_logs_live(log, qtbot, window):
    append(places.log_dir() / "render.log", "--- studio.engine.render_process started as process 7")
    qtbot.waitUntil(lambda: "Renderer  Started as process 7." in log.text.toPlainText())
    window.notices.say("A sentence for the user", "warning", details="and its details")
    qtbot.waitUntil(lambda: "Window  Warning  A sentence for the user" in log.text.toPlainText())
    assert "and its details" in log.text.toPlainText()
    assert log.text.isVisible()


def test_the_level_filters(log, qtbot, window):
    for severity in ("info", "warning", "error"):
        window.notices.say(f"This is {severity}.", severity)
    log.look()
    assert [f"This is {s}." in log.text.toPlainText() for s in ("info", "warning", "error")] == [
        True,
        True,
        True,
    ]
    choose(log, "warning")
    assert "This is info." not in log.text.toPlainText()
    assert "This is warning." in log.text.toPlainText()
    choose(log, "error")
    assert log.text.toPlainText().count("\n") == 0
    assert log.text.toPlainText().endswith("Window  Error  This is error.")
    # What comes while a filter is on is filtered too, and there again without it.
    window.notices.say("Later.", "info")
    log.look()
    assert "Later." not in log.text.toPlainText()
    choose(log, "info")
    assert "Later." in log.text.toPlainText()


def test_nothing_of_a_kind_is_said_too(log, window):
    window.notices.say("Only this.", "info")
    log.look()
    choose(log, "error")
    assert log.empty.isVisible()
    assert log.empty.text() == "Nothing of this kind has happened."


def test_copying_takes_the_selection_or_everything_shown(log, window, qtbot):
    window.notices.say("First.", "info")
    window.notices.say("Second.", "error")
    log.look()
    log.copy.click()
    assert QGuiApplication.clipboard().text() == log.text.toPlainText()
    log.text.moveCursor(QTextCursor.MoveOperation.Start)
    assert log.text.find("First")
    log.copy.click()
    assert QGuiApplication.clipboard().text() == "First"


def test_long_lines_wrap(log):
    append(places.log_dir() / "jobs.log", "word " * 200)
    log.look()
    assert log.text.lineWrapMode() == QPlainTextEdit.LineWrapMode.WidgetWidth
    assert log.text.horizontalScrollBar().maximum() == 0
    assert log.text.document().lastBlock().layout().lineCount() > 3


def test_reading_back_is_not_disturbed_by_what_comes(log):
    for number in range(200):
        append(places.log_dir() / "jobs.log", f"line {number}")
    log.look()
    bar = log.text.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(10)
    append(places.log_dir() / "jobs.log", "one more")
    log.look()
    assert bar.value() == 10
    bar.setValue(bar.maximum())
    append(places.log_dir() / "jobs.log", "and another")
    log.look()
    assert bar.value() == bar.maximum()


def test_closed_it_looks_no_more(log):
    log.close()
    assert not log._timer.isActive()
