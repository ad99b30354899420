"""Autosave, recovery and the list of recent files."""

from __future__ import annotations

import json
import time

import pytest

from studio import places
from studio.errors import RefusedFile
from studio.families.inputs import GanInputs
from studio.session import autosave, file, recents
from studio.session.autosave import Autosave
from studio.session.document import Document

DOCUMENT = Document(inputs=GanInputs(seed=9))


def wait_for(check, seconds=5.0):
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_what_a_crash_left_comes_back():
    crashed = Autosave(delay=0.01)
    crashed.put(Document())
    crashed.put(DOCUMENT)
    wait_for(lambda: autosave.path().exists() and '"seed": 9' in autosave.path().read_text())
    crashed.close(keep=True)
    with Autosave() as after:
        assert after.recover() == DOCUMENT


def test_a_good_end_leaves_nothing_to_recover():
    first = Autosave(delay=0.01)
    first.put(DOCUMENT)
    wait_for(lambda: autosave.path().exists())
    first.close()
    assert not autosave.path().exists()
    assert file.load(autosave.left_off()) == DOCUMENT
    with Autosave() as after:
        assert after.recover() is None


def test_closing_at_once_still_writes_nothing_half():
    first = Autosave(delay=60)
    first.put(DOCUMENT)
    first.close(keep=True)
    assert json.loads(autosave.path().read_text())["document"]["inputs"]["seed"] == 9


def test_a_second_window_leaves_the_first_alone():
    with Autosave(delay=0.01) as first:
        assert first.recover() is None
        first.put(DOCUMENT)
        wait_for(lambda: autosave.path().exists())
        second = Autosave(delay=0.01)
        assert second.recover() is None
        second.put(Document())
        second.close()
        assert '"seed": 9' in autosave.path().read_text()


def test_an_unreadable_autosave_is_moved_aside():
    autosave.path().write_text("{")
    with Autosave() as after:
        with pytest.raises(RefusedFile):
            after.recover()
        assert after.recover() is None
    assert (places.data_dir() / "autosave-unreadable.maquette").exists()


def test_recents_are_newest_first_and_few():
    for number in range(15):
        recents.add(f"/models/{number}.pt")
    recents.add("/models/12.pt")
    found = recents.load()
    assert found[:2] == ["/models/12.pt", "/models/14.pt"]
    assert len(found) == recents.LIMIT
    assert recents.remove("/models/12.pt")[0] == "/models/14.pt"
    assert recents.clear() == []


@pytest.mark.parametrize("content", ["", "{}", "[1, null]", "[" * 100_000])
def test_bad_recents_count_as_none(content):
    (places.data_dir() / "recents.json").write_text(content)
    assert recents.load() == []
