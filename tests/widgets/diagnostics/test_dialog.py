"""Diagnostics as a user meets them: seen first, chosen from, written, found again."""

from __future__ import annotations

import zipfile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from studio.reporting.diagnostics import Part
from widgets.diagnostics import dialog as module

PARTS = [Part("system.txt", "System: this one\n"), Part("logs/render.log", "private\n")]


@pytest.fixture
def dialog(window, qtbot, monkeypatch):
    """The dialog, shown, with two parts found."""
    monkeypatch.setattr(module, "gather", lambda: list(PARTS))
    window.diagnostics.offer()
    qtbot.waitUntil(lambda: window.diagnostics.list.count() == 2)
    return window.diagnostics


def test_all_is_shown_before_anything_is_written(dialog):
    assert dialog.list.item(0).text() == "system.txt  (0.1 kB)"
    assert dialog.preview.toPlainText() == "System: this one\n"
    dialog.list.setCurrentRow(1)
    assert dialog.preview.toPlainText() == "private\n"
    assert dialog.preview.isReadOnly()


def test_what_is_ticked_is_written_and_the_place_is_said(
    dialog, window, qtbot, monkeypatch, tmp_path
):
    dialog.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), "Zip file (*.zip)")
    )
    dialog.save.click()
    qtbot.waitUntil(lambda: (tmp_path / "mine.zip").exists())
    qtbot.waitUntil(lambda: str(tmp_path / "mine.zip") in dialog.sentence.text())
    assert dialog.show_folder.isVisible()
    assert window.notice.sentence() == "Saved as mine.zip"
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert archive.namelist() == ["system.txt"]


def test_nothing_ticked_cannot_be_saved(dialog):
    for line in range(2):
        dialog.list.item(line).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.save.isEnabled()
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert dialog.save.isEnabled()


def test_a_place_that_cannot_be_written_is_a_sentence(dialog, qtbot, tmp_path):
    (tmp_path / "file").touch()
    dialog.write_to(tmp_path / "file" / "d.zip")
    qtbot.waitUntil(lambda: "cannot write" in dialog.sentence.text())
    assert not dialog.show_folder.isVisible()


def test_a_later_look_replaces_an_earlier_one(dialog, qtbot, monkeypatch):
    monkeypatch.setattr(module, "gather", lambda: PARTS[:1])
    dialog.offer()
    assert dialog.list.count() == 0
    assert not dialog.save.isEnabled()
    assert "Looking around" in dialog.sentence.text()
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    assert not dialog.sentence.isVisible()
