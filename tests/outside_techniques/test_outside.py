"""Techniques of other packages: shown, asked about first, and harmless when they are broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner, Result

from studio.commands import app
from studio.errors import BadRecipe, MaquetteError
from studio.recipes import consent
from studio.recipes.applying import apply
from studio.recipes.checking import problems
from studio.recipes.contract import Context
from studio.recipes.recipe import Recipe, Step, write_recipe
from studio.recipes.registry import Entry, allow, load_registry
from studio.recipes.testing import CHECKS, Case, case
from tests.families.small import small_model
from tests.outside_techniques.installed import NAMES, PACKAGES, install, make_importable


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "site"
    install(folder, *NAMES)
    make_importable(folder, monkeypatch)
    yield folder
    for name in [each for each in sys.modules if each.split(".")[0] in PACKAGE_NAMES]:
        del sys.modules[name]


PACKAGE_NAMES = {f"maquette_{name}" for name in NAMES}


def found() -> dict[str, Entry]:
    return {entry.name: entry for entry in load_registry().entries}


def maquette(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def recipe(*names: str) -> Recipe:
    return Recipe("outside", tuple(Step(name) for name in names))


def test_nothing_of_a_package_runs_before_the_user_agrees() -> None:
    entries = found()
    assert [entries[name].state for name in NAMES] == ["unasked"] * 4
    assert entries["works"].package == "maquette-works"
    assert entries["subnet"].state == "ready"
    assert not PACKAGE_NAMES & set(sys.modules)
    (problem,) = problems(recipe("works"), load_registry())
    assert "maquette techniques --allow maquette-works" in problem.sentence


def test_an_agreement_is_for_one_package_and_is_kept() -> None:
    assert allow("Maquette_Works") == "maquette-works"
    entries = found()
    assert entries["calm"].state == "ready"
    assert [entries[name].state for name in ("bends", "breaks", "raises")] == ["unasked"] * 3
    assert json.loads(consent.consent_file().read_text("utf-8")) == {
        "format": 1,
        "allowed": ["maquette-works"],
    }
    consent.withdraw("maquette-works")
    assert found()["works"].state == "unasked"


def test_agreeing_to_a_package_that_is_not_there_is_refused() -> None:
    with pytest.raises(MaquetteError, match=r"called numpy brings techniques; .* maquette-works"):
        allow("numpy")
    assert consent.allowed() == frozenset()


@pytest.mark.parametrize("text", ["", "[", '{"format": 2, "allowed": ["maquette-works"]}', "5"])
def test_a_damaged_list_of_agreements_allows_nothing(text: str) -> None:
    consent.consent_file().write_text(text, "utf-8")
    assert found()["works"].state == "unasked"
    allow("maquette-works")
    assert found()["calm"].state == "ready"


@pytest.fixture
def agreed() -> None:
    for name in NAMES:
        allow(f"maquette-{name}")


@pytest.mark.usefixtures("agreed")
def test_one_that_works_is_treated_like_a_built_in_one() -> None:
    model = small_model()
    step = Step("calm", params={"strength": 0})
    variant = apply(model, Recipe("calm", (Step("subnet", params={"width": 0.5}), step)))
    assert [report.verb for report in variant.reports] == ["select", "cut", "transform"]
    assert all(float(layer.noise_strength) == 0 for layer in variant.model.network.layers)
    assert model.info.noise
    assert not variant.model.info.noise
    wrong = Step("calm", params={"strength": 2})
    (problem,) = problems(Recipe("calm", (Step("subnet"), wrong)), load_registry())
    assert problem.sentence == (
        "step 2 (calm), strength: 2 is not accepted; accepted is a number from 0 to 1"
    )
    (problem,) = problems(recipe("calm", "subnet"), load_registry())
    assert problem.sentence == "step 1 (calm): it must come after step 2 (subnet)"


@pytest.mark.usefixtures("agreed")
@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_it_conforms(check: Callable[[Case], None]) -> None:
    check(case(type(load_registry().get("calm"))))


@pytest.mark.usefixtures("agreed")
def test_one_that_fails_on_import_is_shown_and_harms_nothing() -> None:
    entry = found()["breaks"]
    assert entry.state == "failed"
    assert entry.problem == ("ModuleNotFoundError: No module named 'a_module_that_is_not_there'")
    registry = load_registry()
    assert {"subnet", "calm", "raises", "bends"} <= set(registry.names)
    with pytest.raises(BadRecipe, match="breaks cannot be used: ModuleNotFoundError"):
        registry.get("breaks")


@pytest.mark.usefixtures("agreed")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("raises", "step 1 (raises) failed: ValueError: the sky is falling"),
        ("bends", "step 1 (bends) failed: RuntimeError:"),
    ],
)
def test_one_that_fails_at_work_is_named_and_leaves_the_model(
    name: str, words: str, own_folders: Path
) -> None:
    model = small_model()
    before = {key: tensor.clone() for key, tensor in model.network.state_dict().items()}
    with pytest.raises(MaquetteError) as caught:
        apply(model, recipe(name))
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
    after = model.network.state_dict()
    assert all(torch.equal(before[key], after[key]) for key in before)
    assert not list(own_folders.rglob("*.safetensors"))


@pytest.mark.usefixtures("agreed")
def test_stopping_goes_through_untouched() -> None:
    class Enough(Exception):
        pass

    def progress(fraction: float, text: str) -> None:
        if "calming" in text:
            raise Enough

    with pytest.raises(Enough):
        apply(small_model(), recipe("calm"), Context(progress=progress))


def test_the_command_line_shows_agrees_and_lists() -> None:
    shown = maquette("techniques")
    assert shown.exit_code == 0
    assert "--allow maquette-works" in " ".join(shown.stdout.split())
    refused = maquette("techniques", "--allow", "numpy")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert len(refused.stderr.strip().splitlines()) == 1
    both = ["--allow", "maquette-works", "--allow", "maquette-breaks"]
    records = {r["name"]: r for r in json.loads(maquette("techniques", *both, "--json").stdout)}
    assert records["calm"]["state"] == "ready"
    assert records["calm"]["package"] == "maquette-works"
    assert records["calm"]["verbs"] == ["transform"]
    assert records["calm"]["schema"]["properties"]["strength"]["maximum"] == 1
    assert records["breaks"]["state"] == "failed"
    assert "a_module_that_is_not_there" in records["breaks"]["problem"]
    assert records["raises"]["state"] == "unasked"
    assert "cannot be used: ModuleNotFoundError" in " ".join(maquette("techniques").stdout.split())


def test_its_step_is_a_step_of_compress(tmp_path: Path) -> None:
    file, out = tmp_path / "calm.yaml", tmp_path / "calm.safetensors"
    model = tmp_path / "small.safetensors"
    small_model().save(model)
    write_recipe(recipe("calm"), file)
    arguments = ["compress", str(model), "--recipe", str(file), "-o", str(out)]
    refused = maquette(*arguments)
    assert refused.exit_code == 1
    known = "there is no technique calm; there are distil, int8, lowrank, prune, subnet"
    assert known in refused.stderr
    assert "--allow" in refused.stderr
    assert "maquette-works" in refused.stderr
    assert not out.exists()
    allow("maquette-works")
    assert maquette(*arguments).exit_code == 0
    assert out.exists()


def test_a_fresh_process_agrees_and_uses_it(site: Path) -> None:
    path = os.pathsep.join([str(site), str(PACKAGES), *sys.path])
    code = (
        "import sys; from studio.recipes.registry import allow, load_registry;"
        "allow('maquette-works'); r = load_registry(); print(r.get('calm').title);"
        "assert not {'torch', 'maquette_raises'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "Calm\n", "")
