"""Looking at environments: what is whole, what is damaged and why."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from studio.bundles.workers.converters import CONVERTERS
from studio.bundles.workers.environments import (
    STAMP,
    folder_of,
    held,
    home,
    look,
    python_of,
    remove,
)
from studio.bundles.workers.supervised import Cancelled
from tests.bundles.workers.made import TINY, interpreter


def test_looking_makes_nothing() -> None:
    assert [look(each).ready for each in CONVERTERS] == [False, False, False]
    assert not home().exists()


def test_missing() -> None:
    status = look(TINY)
    assert (status.state, status.why) == ("missing", "the environment for Tiny is missing")
    assert status.bytes == 0


def test_unavailable_says_why() -> None:
    status = look(replace(TINY, places=()))
    assert status.state == "unavailable"
    assert "tinyconv 1.0 has no package for" in status.why


def test_whole() -> None:
    folder = interpreter(TINY, "")
    status = look(TINY)
    assert status.ready
    assert status.installed == (("tinyconv", "1.0"), ("tiny_helper", "2.5"))
    assert status.bytes == sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


@pytest.mark.parametrize(
    "stamp", ["", "[]", '{"format": 2}', '{"format": 1, "digest": "x"}', "[" * 10_000]
)
def test_without_a_sound_stamp_it_is_damaged(stamp: str) -> None:
    (interpreter(TINY, "") / STAMP).write_text(stamp)
    status = look(TINY)
    assert (status.state, status.why) == ("damaged", "the environment for Tiny has no stamp")


def test_a_package_that_went_away() -> None:
    folder = interpreter(TINY, "")
    (info,) = folder.rglob("tiny_helper-2.5.dist-info")
    (info / "METADATA").unlink()
    assert look(TINY).why == "the environment for Tiny lacks tiny_helper 2.5"


def test_a_package_that_was_replaced() -> None:
    folder = interpreter(TINY, "")
    (info,) = folder.rglob("tinyconv-1.0.dist-info")
    info.rename(info.with_name("tinyconv-1.1.dist-info"))
    assert look(TINY).why == "the environment for Tiny lacks tinyconv 1.0"


def test_an_interpreter_that_is_a_link_to_nowhere() -> None:
    folder = interpreter(TINY, "")
    python = python_of(folder)
    python.unlink()
    python.symlink_to(folder / "gone")
    status = look(TINY)
    assert status.state == "damaged"
    assert status.why == "the Python that the environment for Tiny was made with is gone"


def test_other_versions_make_it_outdated() -> None:
    interpreter(TINY, "")
    status = look(replace(TINY, requirements="tinyconv==3.0\n"))
    assert status.state == "outdated"


def test_removing() -> None:
    folder = interpreter(TINY, "")
    size = look(TINY).bytes
    assert remove(TINY) == size > 0
    assert not folder.exists()
    assert [path.name for path in home().iterdir()] == ["tiny.lock"]
    assert remove(TINY) == 0


def test_nobody_removes_what_is_in_use() -> None:
    interpreter(TINY, "")
    asked = threading.Event()

    def cancelled() -> bool:
        asked.set()
        return True

    with held(TINY), pytest.raises(Cancelled):
        remove(TINY, cancelled)
    assert asked.is_set()
    assert folder_of(TINY).is_dir()


def test_the_stamp_says_what_was_agreed_to() -> None:
    stamp = json.loads((interpreter(TINY, "") / STAMP).read_text())
    assert stamp["digest"] == TINY.digest
    assert stamp["installed"] == [["tinyconv", "1.0"], ["tiny_helper", "2.5"]]
