"""Shared fixtures: every test has its own folders, and nothing it starts may outlive it."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

# Before anything imports Qt: tests that do not ask for a real window never need a display.
if "MAQUETTE_TEST_DISPLAY" not in os.environ:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("MAQUETTE_REDUCED_MOTION", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# Spinning threads of one test starve the processes that another part of it started.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Redirect caches, settings and logs of this test to folders of its own."""
    base = tmp_path_factory.mktemp("home")
    for name in ("CACHE", "DATA", "LOG"):
        monkeypatch.setenv(f"MAQUETTE_{name}_DIR", str(base / name.lower()))
    return base


def _children() -> set[int]:
    return {p.pid for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE}


def _gone(check: object, seconds: float = 5.0) -> bool:
    assert callable(check)
    until = time.monotonic() + seconds
    while not check():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture(autouse=True)
def nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a process, a timer or a window behind."""
    threads = set(threading.enumerate())
    processes = _children()
    yield

    def new_threads() -> list[threading.Thread]:
        # Threads of libraries' own pools are daemons that live as long as the process.
        return [t for t in threading.enumerate() if t not in threads and not t.daemon]

    assert _gone(lambda: not new_threads()), f"threads left running: {new_threads()}"
    assert _gone(lambda: not (_children() - processes)), (
        f"processes left running: {[psutil.Process(p).cmdline() for p in _children() - processes]}"
    )
    if {"qapp", "qtbot"} & set(request.fixturenames):
        _no_qt_leftovers()


def _no_qt_leftovers() -> None:
    import sys

    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QEvent, QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    gc.freeze()  # what outlived the test is modules: not looked through again after every test
    shown = [w for w in app.topLevelWidgets() if w.isVisible()]
    running = [
        t
        for w in app.topLevelWidgets()
        for t in w.findChildren(QTimer)
        if w.isVisible() and t.isActive()
    ]
    for widget in shown:
        widget.close()
        widget.deleteLater()
    assert not shown, f"windows left open: {shown}"
    assert not running, f"timers left running: {running}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skip nobody expected is a failure: a check that did not run proves nothing."""
    if not os.environ.get("CI"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = [] if reporter is None else reporter.stats.get("skipped", [])
    if skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        for report in skipped:
            reporter.write_line(f"unexpected skip: {report.nodeid}", red=True)
