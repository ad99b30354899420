"""The window learns of techniques of other packages without running a line of them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from studio.errors import MaquetteError
from studio.recipes import outside
from studio.recipes.checking import order_problems, problems
from studio.recipes.contract import Params
from studio.recipes.recipe import Recipe, Step
from studio.recipes.registry import Entry, Registry, allow, builtin_entries, described
from studio.recipes.stand_in import StandIn, params_of
from studio.session.steps import RecipeStep, Steps
from tests.families.small import small_model
from tests.outside_techniques.installed import PACKAGES, install, make_importable
from widgets.recipes.techniques import Techniques

NAMES = ("breaks", "leaves", "sleeps", "touches", "works")
MODULES = {f"maquette_{name}" for name in NAMES}
INFO = small_model().info


@pytest.fixture(autouse=True)
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the package that marks its imports does so."""
    folder, file = tmp_path / "site", tmp_path / "mark"
    install(folder, *NAMES)
    make_importable(folder, monkeypatch)
    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(PACKAGES), known]))
    monkeypatch.setenv("MAQUETTE_TEST_MARK", str(file))
    yield file
    assert not MODULES & {name.partition(".")[0] for name in sys.modules}
    assert not [p for p in psutil.Process().children() if "outside_process" in str(p.cmdline())]


def agree(*names: str) -> None:
    for name in names:
        allow(f"maquette-{name}")


def by_name(registry: Registry) -> dict[str, Entry]:
    return {entry.name: entry for entry in registry.entries}


def test_before_anybody_agrees_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*arguments: object) -> object:
        raise AssertionError("a process was started")

    monkeypatch.setattr(outside, "Child", none)
    found = by_name(outside.window_registry())
    assert [found[name].state for name in NAMES] == ["unasked"] * 5
    assert found["int8"].state == "ready"


def test_what_a_package_declares_is_read_in_another_process(mark: Path) -> None:
    agree("touches", "works")
    registry = outside.window_registry(INFO)
    found = by_name(registry)
    (pid,) = mark.read_text("utf-8").split()
    assert int(pid) != os.getpid()
    touches = registry.get("touches")
    assert isinstance(touches, StandIn)
    assert (touches.version, touches.after, touches.verbs()) == (3, ("prune",), ("transform",))
    assert touches.applies_to(INFO) == "it has noise"
    assert registry.get("calm").applies_to(INFO) is None
    assert described(found["calm"]).package == "maquette-works"
    schema = json.loads(described(found["touches"]).schema)
    assert schema["properties"]["ratio"]["exclusiveMinimum"] == 0
    assert schema["properties"]["ratio"]["description"] == "A share."
    # built-in ones are the real ones, in the same order
    builtin = tuple(e.name for e in builtin_entries())
    assert registry.names[: len(builtin)] == builtin
    assert not isinstance(registry.get("int8"), StandIn)


def test_recipes_are_checked_without_the_package() -> None:
    agree("touches", "works")
    registry = outside.window_registry(INFO)

    def sentences(*steps: Step) -> list[str]:
        return [each.sentence for each in problems(Recipe("r", steps), registry)]

    def touched(**params: Any) -> Step:
        return Step("touches", version=3, params=params)

    assert sentences(touched(ratio=1, side="right", names=["a", "b"], limit=None)) == []
    assert sentences(touched(ratio=0)) == [
        "step 1 (touches), ratio: 0 is not accepted; accepted is a number above 0 and at most 1"
    ]
    assert sentences(touched(count=9, side="up")) == [
        "step 1 (touches), count: 9 is not accepted; accepted is a whole number from 1 to 8",
        "step 1 (touches), side: up is not accepted; accepted is one of: left, right",
    ]
    assert "there is no such field; accepted are ratio, count" in sentences(touched(rato=1))[0]
    (wrong,) = order_problems(Recipe("r", (touched(), Step("prune"))), registry)
    assert wrong.sentence == "step 1 (touches): it must come after step 2 (prune)"
    (unfit,) = problems(Recipe("r", (touched(),)), registry, INFO)
    assert unfit.sentence == "step 1 (touches): it does not fit small: it has noise"
    assert "newer than the technique here" in sentences(Step("touches", version=4))[0]


def test_packages_that_hang_crash_or_raise_are_shown_and_harm_nothing() -> None:
    agree("breaks", "leaves", "sleeps", "works")
    found = by_name(outside.window_registry(seconds=8))
    assert found["calm"].state == "ready"
    assert found["breaks"].problem.startswith("ModuleNotFoundError: No module named")
    gone, silent = found["maquette-leaves"], found["maquette-sleeps"]
    assert gone.problem == "the process that reads its package ended unexpectedly (exit code 3)"
    assert silent.problem == "its package has not answered within 8 s"
    assert {e.state for e in (gone, silent, found["breaks"])} == {"failed"}
    assert found["touches"].state == "unasked"


@pytest.mark.parametrize(
    "said",
    [
        b"[",
        b"5",
        b'{"a": 1}',
        b"[{}]",
        b'[{"name": "x", "package": "p", "state": "odd", "problem": "", "version": 1, "title": "t",'
        b' "summary": "s", "paper": "", "verbs": [], "after": [], "before": [], "schema": "{}",'
        b' "unfitting": null}]',
    ],
)
def test_nonsense_is_an_entry_that_says_so(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    class Connection:
        def send(self, message: object) -> None:
            pass

        def poll(self, seconds: float) -> bool:
            return True

        def recv_bytes(self, most: int) -> bytes:
            return said

    class Nonsense:
        connection = Connection()

        def __init__(self, *arguments: object) -> None:
            pass

        def end(self, grace: float) -> int:
            return 0

        def close(self) -> None:
            pass

    monkeypatch.setattr(outside, "Child", Nonsense)
    (entry,) = outside.read(["odd"])
    assert (entry.name, entry.state) == ("odd", "failed")
    assert "cannot be read" in entry.problem or "unknown" in entry.problem


def test_a_schema_with_words_unknown_here_accepts_everything() -> None:
    odd = {"type": "object", "properties": {"a": {"type": "string", "pattern": "(?P<"}}}
    declared = params_of(json.dumps(odd))
    assert issubclass(declared, Params)
    assert declared.model_validate({"a": 1, "b": 2}) is not None
    assert declared.model_json_schema() == odd
    with pytest.raises(ValueError, match="not the schema of an object"):
        params_of("[]")


class Slow:
    """A background that works when it is told to, in order."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Callable[..., None]]] = []

    def __call__(self, work: Callable[[], Any], done: Callable[..., None]) -> None:
        self.waiting.append((work, done))

    def step(self) -> None:
        work, done = self.waiting.pop(0)
        try:
            done(work(), None)
        except MaquetteError as error:
            done(None, error)


def test_the_window_shows_built_in_ones_first_and_asks_about_each_model(qapp: object) -> None:
    agree("touches")
    slow, taken = Slow(), []
    techniques = Techniques(slow)
    techniques.want(taken.append)
    slow.step()
    offers = {offer.name for offer in techniques.offers(INFO, Steps())}
    assert {"int8", "prune"} <= offers
    assert "touches" not in offers
    assert not techniques.complete
    assert taken == []
    assert techniques.problem("touches") == ""  # not known yet is no mistake
    slow.step()
    assert techniques.complete
    assert taken == [techniques.registry]
    assert {o.name: o.refused for o in techniques.offers(INFO, Steps())}["touches"] == ""
    slow.step()
    offers_now = {o.name: o.refused for o in techniques.offers(INFO, Steps())}
    assert offers_now["touches"] == "it has noise"
    assert slow.waiting == []
    assert techniques.title(RecipeStep("s1", "touches")) == "Touches"
    # Agreeing to another package reads them again; what is known stays meanwhile.
    techniques.allow("maquette-works")
    slow.step()
    assert "touches" in techniques.registry
    slow.step()
    assert "calm" in techniques.registry
    assert techniques.complete
