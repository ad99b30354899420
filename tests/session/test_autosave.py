"""Autosave, recovery and the list of recent files."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from studio import places
from studio.errors import MaquetteError, RefusedFile
from studio.families.inputs import GanInputs
from studio.session import autosave, file, leavings, recents
from studio.session.autosave import Autosave, take_up
from studio.session.document import Document, ModelRef

DOCUMENT = Document(inputs=GanInputs(seed=9))
OTHER = Document(inputs=GanInputs(seed=10))


def wait_for(check, seconds=5.0):
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until
        time.sleep(0.01)


def running() -> list[Path]:
    """The files of runs that go on or have crashed."""
    return sorted(places.data_dir().glob("autosave-*.maquette"))


def seeds() -> list[int]:
    return [json.loads(p.read_text())["document"]["inputs"]["seed"] for p in running()]


def crash(document: Document, home: Path | None = None) -> None:
    """A run that autosaved ``document`` and then died."""
    run = Autosave(delay=0.01)
    run.put(document, home)
    run.close(keep=True)


def brought_back(after: Autosave) -> Document | None:
    found = after.recover()
    if found is None:
        return None
    after.put(found.document, found.home)
    after.replaced(found.claim)
    return found.document


def test_what_a_crash_left_comes_back():
    run = Autosave(delay=0.01)
    run.put(Document())
    run.put(DOCUMENT)
    wait_for(lambda: seeds() == [9])
    assert leavings.waiting()
    run.close(keep=True)
    with Autosave() as after:
        assert brought_back(after) == DOCUMENT


def test_it_knows_the_file_it_belongs_to(tmp_path):
    crash(DOCUMENT, tmp_path / "mine.maquette")
    with Autosave() as after:
        found = after.recover()
        assert (found.document, found.home) == (DOCUMENT, tmp_path / "mine.maquette")
        found.claim.release()


def test_a_good_end_leaves_nothing_to_recover():
    first = Autosave(delay=0.01)
    first.put(DOCUMENT)
    wait_for(running)
    first.close()
    assert not leavings.waiting()
    assert file.load(autosave.left_off()) == DOCUMENT
    with Autosave() as after:
        assert after.recover() is None
    assert [p.name for p in places.data_dir().iterdir()] == ["left-off.maquette"]


def test_closing_at_once_still_writes_nothing_half():
    first = Autosave(delay=60)
    first.put(DOCUMENT)
    first.close(keep=True)
    assert seeds() == [9]


def test_a_second_window_leaves_the_first_alone():
    with Autosave(delay=0.01) as first:
        assert first.recover() is None
        first.put(DOCUMENT)
        wait_for(running)
        second = Autosave(delay=0.01)
        assert second.recover() is None
        second.put(OTHER)
        wait_for(lambda: sorted(seeds()) == [9, 10])
        second.close()
        assert seeds() == [9]
        assert leavings.everything() == []


def test_two_crashes_are_two_things_to_recover():
    crash(DOCUMENT)
    time.sleep(0.02)  # which is newer, the file system's clock must tell
    crash(OTHER)
    with Autosave() as first, Autosave() as second, Autosave() as third:
        newest = first.recover()
        assert (newest.document, newest.more) == (OTHER, 1)
        older = second.recover()
        assert (older.document, older.more) == (DOCUMENT, 0)
        assert third.recover() is None
        for each in (newest, older):
            each.claim.release()


def test_nothing_is_let_go_before_it_is_written_again(monkeypatch):
    crash(DOCUMENT)
    said = []
    after = Autosave(delay=0.01, on_problem=said.append)
    real = file.save

    def full(document, path, **more):
        raise RefusedFile("no space left on device")

    monkeypatch.setattr(file, "save", full)
    assert brought_back(after) == DOCUMENT
    wait_for(lambda: said)
    assert said == ["unsaved work cannot be kept safe: no space left on device"]
    after.put(OTHER)
    after.close(keep=True)
    monkeypatch.setattr(file, "save", real)
    assert len(said) == 1
    assert seeds() == [9]


def test_what_is_declined_is_kept_until_it_is_discarded():
    crash(DOCUMENT)
    with Autosave(delay=0.01) as after:
        assert brought_back(after) == DOCUMENT
        after.decline()
        after.put(OTHER)
        wait_for(lambda: seeds() == [10])
        (kept,) = leavings.everything()
        assert file.load(kept.path) == DOCUMENT
    with Autosave() as later:
        assert later.recover() is None
        found = take_up(leavings.Claim(kept.path))
        assert found.document == DOCUMENT
        with pytest.raises(MaquetteError, match="in use in another window"):
            leavings.Claim(kept.path)
        found.claim.discard()
    assert leavings.everything() == []


def test_saved_work_needs_no_recovery_and_the_next_edit_does():
    run = Autosave(delay=0.01)
    run.put(DOCUMENT)
    wait_for(running)
    run.saved(DOCUMENT)
    wait_for(lambda: not running())
    run.put(OTHER)
    wait_for(lambda: seeds() == [10])
    run.saved(OTHER)
    run.close()
    assert file.load(autosave.left_off()) == OTHER
    assert not leavings.waiting()


def test_work_that_gives_way_to_another_session_is_where_one_left_off():
    run = Autosave(delay=60)
    run.put(DOCUMENT)
    run.leave()
    wait_for(lambda: autosave.left_off() is not None)
    assert file.load(autosave.left_off()) == DOCUMENT
    run.put(OTHER)
    run.close(keep=True)
    assert seeds() == [10]


@pytest.mark.parametrize("content", ["{", "", '{"format": "maquette-session", "version": 99}'])
def test_what_cannot_be_opened_is_put_by(content):
    crash(DOCUMENT)
    (path,) = running()
    path.write_text(content)
    with Autosave() as after:
        with pytest.raises(RefusedFile, match="kept for later"):
            after.recover()
        assert after.recover() is None
    (kept,) = leavings.everything()
    assert kept.path.read_text() == content
    assert (kept.model, kept.home) == ("", None)


def test_a_model_that_is_away_costs_nothing_but_a_sentence(tmp_path):
    model = ModelRef(str(tmp_path / "gone.pt"), "gone", "0" * 64, "k")
    crash(Document(model=model, inputs=GanInputs(seed=9)))
    with Autosave() as after, pytest.raises(RefusedFile, match=r"needs the model gone\.pt"):
        after.recover()
    (kept,) = leavings.everything()
    assert kept.model == "gone"
    (tmp_path / "gone.pt").touch()
    found = take_up(leavings.Claim(kept.path))
    assert found.document.inputs.seed == 9
    found.claim.release()


def test_a_write_cut_short_is_cleared_away():
    crash(DOCUMENT)
    (path,) = running()
    half = path.with_name(f"{path.name}.123.tmp")
    half.write_text('{"form')
    alone = places.data_dir() / "autosave-1-locked.lock"
    alone.touch()
    with Autosave() as after:
        assert brought_back(after) == DOCUMENT
    assert not half.exists()
    assert not alone.exists()


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
