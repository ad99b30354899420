"""``maquette workers``: the list, the agreement, the sentences."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from studio.bundles.workers import converters, making
from studio.bundles.workers.environments import folder_of, home, look
from studio.bundles.workers.supervised import Cancelled
from studio.commands import app
from tests.bundles.workers.made import TINY, interpreter


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["workers", *arguments])


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converters, "CONVERTERS", (TINY,))


def test_the_list_makes_nothing() -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert "missing: the environment for Tiny is missing" in result.stdout
    assert "tinyconv 1.0, tiny_helper 2.5" in result.stdout
    assert not home().exists()


def test_json() -> None:
    interpreter(TINY, "")
    (record,) = json.loads(run("--json").stdout)
    assert record == {
        "name": "tiny",
        "title": "Tiny",
        "makes": ".tiny",
        "precisions": ["f32"],
        "state": "ready",
        "why": "",
        "bytes": look(TINY).bytes,
        "python": record["python"],
        "installed": {"tinyconv": "1.0", "tiny_helper": "2.5"},
        "packages": {"tinyconv": "1.0", "tiny_helper": "2.5"},
        "download_bytes": 1000,
        "disk_bytes": 1000,
        "not_run_here": "",
    }


def test_making_says_what_comes_and_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, ...]] = []

    def make(converter: Any, agreed: Any, **options: Any) -> None:
        asked.append((converter, agreed, options["wheels"], options["index"]))
        interpreter(TINY, "")

    monkeypatch.setattr(making, "make", make)
    result = run("--make", "tiny", "--index", "https://example.invalid/cpu")
    assert result.exit_code == 0, result.output
    assert "with tinyconv 1.0, tiny_helper 2.5 (about 0 MB to download" in result.stderr
    ((converter, agreed, wheels, index),) = asked
    assert converter is TINY
    assert agreed.packages == ("tinyconv 1.0", "tiny_helper 2.5")
    assert (wheels, index) == (None, "https://example.invalid/cpu")
    assert "ready" in result.stdout


def test_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(*_: Any, **__: Any) -> None:
        raise Cancelled

    monkeypatch.setattr(making, "make", make)
    result = run("--make", "tiny")
    assert result.exit_code == 1
    assert result.stderr.strip().splitlines()[-1] == "Tiny was not installed: it was stopped"


def test_removing() -> None:
    interpreter(TINY, "")
    result = run("--remove", "tiny")
    assert result.exit_code == 0
    assert "Tiny: removed, 0 MB" in result.stderr
    assert not folder_of(TINY).exists()
    assert "Tiny: was not there" in run("--remove", "tiny").stderr


def test_a_name_that_is_none() -> None:
    result = run("--make", "nothing")
    assert result.exit_code == 1
    assert result.stderr.strip() == "'nothing' is no converter; there are tiny"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--wheels", "x"],
        ["--index", "https://example.invalid"],
        ["--make", "tiny", "--remove", "tiny"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2
    assert not home().exists()
