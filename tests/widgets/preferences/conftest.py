"""Preferences in force are taken back after each test."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from studio.places import CACHE_FOLDER, CACHE_LIMIT
from studio.processes.child import THREADS
from studio.session.surroundings import OURS
from widgets.style.theme import apply_theme


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch, tmp_path, qapp):
    """No variable of the user's fixes anything, but for the cache, which is a folder of the test's
    own and taken for one that was preferred."""
    for name in (THREADS, CACHE_LIMIT, OURS):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv(CACHE_FOLDER, str(tmp_path / "cache"))
    monkeypatch.setenv(OURS, CACHE_FOLDER)
    yield
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "system")


@pytest.fixture
def dialog(window, qtbot):
    """The dialog of a window, shown."""
    window.preferences.offer()
    qtbot.waitExposed(window.preferences)
    return window.preferences
