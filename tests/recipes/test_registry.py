"""The registry: what is no technique, taken names, contradicting order rules, odd packages."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from types import SimpleNamespace
from typing import Any

import pytest

from studio.errors import BadRecipe, MaquetteError
from studio.recipes import consent, registry
from studio.recipes.contract import Params, Technique
from studio.recipes.registry import Registry, builtin_entries, checked_technique, load_registry
from tests.recipes.small_techniques import Scale


def point(name: str, load: Callable[[], object], package: str = "pack") -> Any:
    return SimpleNamespace(name=name, value=name, dist=SimpleNamespace(name=package), load=load)


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Registry]:
    """A registry of built-in techniques and these entry points, all agreed to."""

    def given(*points: Any) -> Registry:
        monkeypatch.setattr(registry, "_points", lambda: list(points))
        for each in points:
            consent.allow(each.dist.name)
        return load_registry()

    return given


def technique(of: str, **rules: Any) -> type[Technique]:
    return type("Made", (Scale,), {"name": of, **rules})


def problem(known: Registry, name: str) -> str:
    (entry,) = [each for each in known.entries if each.name == name and each.state == "failed"]
    assert entry.technique is None
    return entry.problem


def raising(error: BaseException) -> Callable[[], object]:
    def load() -> object:
        raise error

    return load


def test_built_in_techniques_are_found_by_their_folders() -> None:
    names = [entry.name for entry in builtin_entries()]
    assert "subnet" in names
    assert names == sorted(names)
    assert all(entry.package == "" for entry in builtin_entries())


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"name": ""}, "does not say its name"),
        ({"title": 5}, "does not say its title"),
        ({"summary": " "}, "does not say its summary"),
        ({"name": "Not A Name"}, "not made of lower-case letters"),
        ({"version": 0}, "not a whole number from 1"),
        ({"version": True}, "not a whole number from 1"),
        ({"params": dict}, "not a subclass of Params"),
        ({"transform": Technique.transform}, "implements none of the verbs"),
        ({"after": "subnet"}, "is not a tuple of names"),
        ({"before": (1,)}, "is not a tuple of names"),
    ],
)
def test_a_class_that_does_not_say_all_is_refused(attributes: dict[str, Any], words: str) -> None:
    assert checked_technique(Scale).name == "scale"
    with pytest.raises(MaquetteError, match=words):
        checked_technique(type("Made", (Scale,), attributes))


@pytest.mark.parametrize("what", [Params, Scale(), "scale", None])
def test_what_is_no_technique_is_refused(what: object) -> None:
    with pytest.raises(MaquetteError, match=r"is not a subclass of Technique"):
        checked_technique(what)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ImportError("no such\nmodule"), "ImportError: no such module"),
        (SystemExit(3), "SystemExit: 3"),
        (RecursionError(), "RecursionError: no more is known"),
        (MaquetteError("not today"), "not today"),
    ],
)
def test_whatever_loading_raises_stands_in_the_entry(
    error: BaseException, words: str, packages: Callable[..., Registry]
) -> None:
    known = packages(point("odd", raising(error)), point("fine", lambda: technique("fine")))
    assert problem(known, "odd") == words
    assert known.get("fine").name == "fine"
    with pytest.raises(BadRecipe, match=words):
        known.get("odd")


def test_the_user_can_still_stop_while_packages_load(packages: Callable[..., Registry]) -> None:
    with pytest.raises(KeyboardInterrupt):
        packages(point("odd", raising(KeyboardInterrupt())))


def test_a_name_is_taken_once(packages: Callable[..., Registry]) -> None:
    known = packages(
        point("a", lambda: technique("subnet")),
        point("b", lambda: technique("mine"), "one"),
        point("c", lambda: technique("mine"), "two"),
    )
    assert problem(known, "subnet") == "the name subnet is taken by Maquette itself"
    assert problem(known, "mine") == "the name mine is taken by one"
    assert type(known.get("subnet")).__module__ == "plugins.subnet.technique"


def test_order_rules_that_contradict_each_other_are_refused(
    packages: Callable[..., Registry],
) -> None:
    known = packages(
        point("a", lambda: technique("a", after=("b",))),
        point("b", lambda: technique("b", after=("a",))),
        point("c", lambda: technique("c", after=("a",), before=("d",))),
        point("d", lambda: technique("d", before=("a",))),
        point("e", lambda: technique("e", after=("e",))),
        point("f", lambda: technique("f", after=("never-heard-of",))),
    )
    assert problem(known, "b") == (
        "its order rules and those of a contradict each other: b before a, a before b"
    )
    assert problem(known, "d") == (
        "its order rules and those of c contradict each other: d before a, a before c, c before d"
    )
    assert problem(known, "e") == "its order rules say that e comes before itself"
    assert set(known.names) >= {"a", "c", "f", "subnet"}


def test_built_in_techniques_contradict_nobody() -> None:
    assert [e.problem for e in load_registry(outside=False).entries if e.state == "failed"] == []


def test_packages_that_cannot_be_searched_harm_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise ValueError("damaged metadata")

    monkeypatch.setattr(metadata, "entry_points", broken)
    assert "subnet" in load_registry()
    assert "damaged metadata" in caplog.text


def test_descriptions_are_plain(packages: Callable[..., Registry]) -> None:
    known = packages(point("odd", raising(ImportError("x"))))
    found = {each.name: each for each in known.descriptions()}
    assert (found["odd"].state, found["odd"].verbs, found["odd"].schema) == ("failed", (), "{}")
    assert found["subnet"].verbs == ("prepare", "select", "transform")
    assert hash(found["subnet"])
