"""The package that ``maquette techniques new`` writes works as it stands."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from studio.errors import BadChoice, MaquetteError
from studio.recipes.recipe import read_recipe
from studio.recipes.skeleton import write_skeleton

ROOT = Path(__file__).resolve().parents[2]


def test_its_own_tests_pass(tmp_path: Path) -> None:
    folder = write_skeleton("round-off", tmp_path)
    assert folder == tmp_path / "maquette-round-off"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "29 passed" in done.stdout
    sys.path[:0] = [str(folder)]
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
        points = project["project"]["entry-points"]["maquette.techniques"]
        assert points == {"round-off": "maquette_round_off.technique:TECHNIQUE"}
        (step,) = read_recipe(folder / "example.yaml").steps
        assert step.technique == "round-off"
        from maquette_round_off.technique import TECHNIQUE  # type: ignore[import-not-found]

        assert (TECHNIQUE.name, TECHNIQUE.title) == ("round-off", "Round off")
    finally:
        sys.path.remove(str(folder))
        for name in [each for each in sys.modules if each.startswith("maquette_round_off")]:
            del sys.modules[name]


@pytest.mark.parametrize("check", ["format --check", "check --select E,F,B,UP"])
def test_it_is_written_as_ruff_would(check: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ruff", *check.split(), "--no-cache", "--line-length", "100"]
    command.append(str(write_skeleton("x", tmp_path)))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["", "A", "a b", "../a", "a--b", "-a", "1a", "a_b", "a" * 41])
def test_other_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadChoice, match="accepted are lower-case letters"):
        write_skeleton(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_is_there_stays(tmp_path: Path) -> None:
    write_skeleton("a", tmp_path)
    (tmp_path / "maquette-a" / "README.md").write_text("mine", "utf-8")
    with pytest.raises(MaquetteError, match="it is there already"):
        write_skeleton("a", tmp_path)
    assert (tmp_path / "maquette-a" / "README.md").read_text("utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MaquetteError, match="cannot write"):
        write_skeleton("a", tmp_path / "file")
