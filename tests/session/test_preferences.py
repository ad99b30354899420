"""Preferences: kept whole, read with suspicion, passed on."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from studio import places
from studio.errors import BadChoice, MaquetteError, RefusedFile
from studio.places import CACHE_FOLDER, CACHE_LIMIT
from studio.processes.child import THREADS, processor_count
from studio.session import preferences
from studio.session.preferences import Preferences
from studio.session.surroundings import OURS, apply, fixed

CHOSEN = Preferences(
    threads=3,
    cache_folder="/tmp/캐시",
    cache_gb=0.5,
    target="openvino:CPU:bf16",
    language="ko",
    theme="dark",
    keys=(("finish", "Ctrl+F"), ("pin", "")),
)


def test_what_is_saved_is_loaded():
    assert preferences.load() == preferences.Loaded(Preferences())
    preferences.save(CHOSEN)
    assert preferences.load() == preferences.Loaded(CHOSEN)
    assert [each.name for each in places.data_dir().iterdir()] == ["preferences.json"]


def test_keys_are_chosen_and_brought_back():
    assert CHOSEN.key_of("finish") == "Ctrl+F"
    assert CHOSEN.key_of("pin") == ""
    assert CHOSEN.key_of("open") is None
    assert CHOSEN.with_key("finish", None).keys == (("pin", ""),)
    assert CHOSEN.with_key("finish", "F").key_of("finish") == "F"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"threads": -1}, "-1 threads"),
        ({"threads": 1000}, "within 0 and 512"),
        ({"cache_gb": 0.0}, "a cache of 0 GB"),
        ({"cache_folder": "relative/folder"}, "'relative/folder' is not a whole path"),
        ({"language": "tlh"}, "language 'tlh'"),
        ({"theme": "pink"}, "theme 'pink'"),
        ({"target": "abacus:cpu"}, "'abacus:cpu' names no runtime"),
        ({"keys": (("x", "y" * 200),)}, "a key is longer"),
    ],
)
def test_a_bad_value_is_refused_before_it_is_written(changes, words):
    with pytest.raises(BadChoice, match=words):
        preferences.save(replace(CHOSEN, **changes))
    assert not preferences.path().exists()


def written(**values) -> str:
    content = {"format": "maquette-preferences", "version": 1, "preferences": {}}
    return json.dumps(content | values)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", 'lacks "format"'),
        (written(version=99), "newer Maquette"),
        (written(version=True), "no version"),
        (written(preferences=[]), 'lacks "preferences"'),
        (written(preferences={"threads": "four"}), "threads is not a whole number"),
        (written(preferences={"threads": True}), "threads is not a whole number"),
        (written(preferences={"cache_gb": 1e999}), "cache_gb is not a number"),
        (written(preferences={"theme": "pink"}), "theme 'pink'"),
        (written(preferences={"cache_gb": 10**400}), "cache_gb is not a number"),
        (written(preferences={"keys": {"a": "b"}}), "keys are not a list"),
        (written(preferences={"keys": [["a"]]}), "keys are not pairs"),
    ],
)
def test_a_file_of_no_use_is_set_aside_with_a_sentence(text, words):
    preferences.path().write_text(text)
    with pytest.raises(RefusedFile, match=words):
        preferences.read()
    assert preferences.read_or_default() == Preferences()
    assert preferences.path().read_text() == text
    loaded = preferences.load()
    assert loaded.preferences == Preferences()
    assert words in loaded.problem
    assert "kept as preferences-set-aside.json and the defaults are used" in loaded.problem
    assert (places.data_dir() / "preferences-set-aside.json").read_text() == text
    assert preferences.load() == preferences.Loaded(Preferences())
    preferences.path().write_text("{")
    assert "preferences-set-aside-2.json" in preferences.load().problem


def test_text_of_another_kind_and_size_is_refused():
    preferences.path().write_bytes(b"\xff\xfe{}")
    assert "not text" in preferences.load().problem
    preferences.path().write_bytes(b" " * 1_000_001)
    assert "larger than 1 MB" in preferences.load().problem


def test_what_cannot_be_read_now_stays_where_it_is():
    preferences.path().mkdir()
    loaded = preferences.load()
    assert loaded.preferences == Preferences()
    assert "cannot be read" in loaded.problem
    assert preferences.path().is_dir()


def test_values_of_later_versions_are_left_out_and_missing_ones_are_defaults():
    preferences.path().write_text(written(preferences={"threads": 2, "colour": "teal"}))
    assert preferences.load().preferences == Preferences(threads=2)


def test_a_folder_that_cannot_be_written_is_a_sentence(monkeypatch, tmp_path):
    data = tmp_path / "data"
    monkeypatch.setenv("MAQUETTE_DATA_DIR", str(data))
    places.data_dir()
    (data / "preferences.json").mkdir()
    (data / "preferences.json" / "in the way").touch()
    with pytest.raises(MaquetteError, match="cannot be saved in"):
        preferences.save(Preferences())
    assert [each.name for each in data.iterdir()] == ["preferences.json"]


# ---- passing them on -----------------------------------------------------------------------------


def test_the_environment_says_what_the_preferences_say(tmp_path):
    known = {"HOME": "/home/somebody"}
    folder = str(tmp_path / "made" / "cache")
    assert apply(Preferences(threads=4, cache_folder=folder, cache_gb=1.5), known) is None
    assert (known[THREADS], known[CACHE_FOLDER], known[CACHE_LIMIT]) == ("4", folder, "1.5")
    assert list((tmp_path / "made" / "cache").iterdir()) == []
    # Taken back, all that is left is the limit.
    apply(Preferences(), known)
    assert known == {"HOME": "/home/somebody", CACHE_LIMIT: "2", OURS: CACHE_LIMIT}


def test_what_the_user_set_wins(tmp_path):
    known = {THREADS: "1", CACHE_FOLDER: "/mine"}
    assert apply(Preferences(threads=4, cache_folder=str(tmp_path)), known) is None
    assert (known[THREADS], known[CACHE_FOLDER]) == ("1", "/mine")
    assert fixed(known) == {THREADS, CACHE_FOLDER}
    apply(Preferences(), known)
    assert (known[THREADS], known[CACHE_FOLDER]) == ("1", "/mine")


def test_a_cache_folder_that_is_gone_costs_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    known: dict[str, str] = {}
    problem = apply(Preferences(threads=2, cache_folder=str(tmp_path / "file" / "cache")), known)
    assert "cannot be used" in problem
    assert CACHE_FOLDER not in known
    assert known[THREADS] == "2"


@pytest.mark.parametrize(("text", "threads"), [("3", 3), ("0", None), ("many", None), ("", None)])
def test_threads_are_those_that_were_chosen(monkeypatch, text, threads):
    monkeypatch.delenv(THREADS, raising=False)
    own = processor_count()
    monkeypatch.setenv(THREADS, text)
    assert processor_count() == (threads or own)


@pytest.mark.parametrize(("text", "gigabytes"), [("0.5", 0.5), ("nan", 2), ("-1", 2), ("x", 2)])
def test_the_limit_of_the_cache_is_a_number_above_nothing(monkeypatch, text, gigabytes):
    monkeypatch.setenv(CACHE_LIMIT, text)
    assert places.cache_limit() == gigabytes * 1e9


def test_weights_are_named_by_whole_paths() -> None:
    preferences.check(Preferences(fid_weights="/weights/inception.pth"))
    for name in ("fid_weights", "lpips_weights"):
        with pytest.raises(BadChoice, match=f"{name} 'weights.pth' is not a whole path"):
            preferences.check(replace(Preferences(), **{name: "weights.pth"}))
