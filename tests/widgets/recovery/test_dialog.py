"""Unsaved work in the window: restored, put by, taken up, discarded."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import places
from studio.families.inputs import GanInputs
from studio.session import leavings
from studio.session.autosave import Autosave
from studio.session.document import Document


def crashed(seed: int, home: Path | None = None) -> None:
    """A run that ended badly."""
    run = Autosave(delay=0.01)
    run.put(Document(inputs=GanInputs(seed=seed)), home)
    run.close(keep=True)


def seed(window) -> int:
    return int(window.controller.document.inputs.seed)


@pytest.fixture
def dialog(window, qtbot):
    """The dialog on one thing that was left, shown."""
    crashed(77, Path("/somewhere/mine.maquette"))
    window.actions_["unsaved"].trigger()
    qtbot.waitUntil(lambda: window.unsaved.list.count() == 1)
    return window.unsaved


def test_an_empty_list_says_so(window, qtbot):
    window.actions_["unsaved"].trigger()
    assert window.unsaved.empty.isVisible()
    assert not window.unsaved.open_button.isEnabled()
    assert not window.unsaved.discard_button.isEnabled()


def test_work_is_taken_up_and_then_no_longer_listed(dialog, window, qtbot):
    assert "changes to mine.maquette" in dialog.list.item(0).text()
    dialog.open_button.click()
    qtbot.waitUntil(lambda: seed(window) == 77)
    assert window.app.sessions.path == Path("/somewhere/mine.maquette")
    assert window.isWindowModified()
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: leavings.everything() == [])
    # It is as safe as before: what is open is autosaved at once.
    qtbot.waitUntil(leavings.waiting)


def test_what_it_replaces_is_where_one_left_off(dialog, window, qtbot):
    window.controller.set_inputs("Test", None, seed=5)
    dialog.open_button.click()
    qtbot.waitUntil(lambda: seed(window) == 77)
    left_off = places.data_dir() / "left-off.maquette"
    qtbot.waitUntil(lambda: left_off.exists() and '"seed": 5' in left_off.read_text())


def test_discarding_takes_two_presses(dialog, qtbot):
    dialog.discard_button.click()
    assert dialog.discard_button.text() == "Discard for good"
    assert len(leavings.everything()) == 1
    dialog.discard_button.click()
    qtbot.waitUntil(lambda: dialog.list.count() == 0)
    assert leavings.everything() == []
    assert dialog.discard_button.text() == "Discard"


def test_declining_keeps_the_work(window, qtbot):
    crashed(78)
    begun = []
    window.app.sessions.recover(lambda: begun.append(True))
    qtbot.waitUntil(lambda: seed(window) == 78)
    assert "your work was restored" in window.notice.sentence()
    assert window.notice.action.text() == "Not now"
    window.controller.set_inputs("Test", None, seed=79)
    window.notice.action.click()
    assert begun == [True]
    assert seed(window) == 0
    assert "is kept under File" in window.notice.sentence()
    qtbot.waitUntil(lambda: [each.home for each in leavings.everything()] == [None])
    window.notice.action.click()
    qtbot.waitUntil(lambda: window.unsaved.list.count() == 1)
    window.unsaved.open_button.click()
    qtbot.waitUntil(lambda: seed(window) == 79)


def test_work_in_use_elsewhere_is_refused_with_a_sentence(dialog, window, qtbot):
    (leaving,) = leavings.everything()
    claim = leavings.Claim(leaving.path)
    dialog.open_button.click()
    qtbot.waitUntil(lambda: "in use in another window" in window.notice.sentence())
    claim.release()
    assert len(leavings.everything()) == 1


def test_work_that_cannot_be_kept_safe_is_told(window, qtbot, monkeypatch):
    from studio.errors import RefusedFile
    from studio.session import file

    def full(*_: object, **__: object) -> None:
        raise RefusedFile("no space left on device")

    monkeypatch.setattr(file, "save", full)
    window.controller.set_inputs("Test", None, seed=5)
    qtbot.waitUntil(lambda: "cannot be kept safe" in window.notice.sentence())
    assert window.notice.severity() == "error"
