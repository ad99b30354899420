"""Applying a technique takes memory in the order of the model's own size, told beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from studio.errors import NotEnoughMemory
from studio.recipes.applying import apply, first_baked
from studio.recipes.checking import checked
from studio.recipes.contract import Context
from studio.recipes.recipe import Recipe, Step
from studio.recipes.registry import load_registry
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from tests.bench.memory import MIDDLE, STEPS, peak_of
from tests.bench.random_model import random_model
from tests.families.small import small_model

MOST = 5.0
"""Models that a process may hold at its peak: the one that is open, the one that is made, what a
layer takes while it is worked on, and what the allocator has not given back."""
SCRATCH = 64e6  # of the libraries, whatever the model
MODEL = small_model()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("memory") / "random.safetensors"
    random_model(MIDDLE).save(path)
    yield path
    path.unlink()


@pytest.mark.parametrize("technique", STEPS)
def test_the_peak_stays_near_the_models_size(technique: str, file: Path) -> None:
    found = peak_of(file, technique, STEPS[technique])
    assert found.model > 50e6  # large enough to stand out of a process
    assert found.peak - SCRATCH < MOST * found.model, found


def steps_of(*steps: Step) -> tuple[object, ...]:
    return checked(Recipe("r", steps), load_registry(outside=False), MODEL.info)


def size(choice: SubnetChoice) -> int:
    return cost(MODEL.info.config, resolve(choice, MODEL.info.config)).size_bytes


def test_what_is_worked_on_is_foreseen() -> None:
    half, prune = Step("subnet", params={"width": 0.5}), Step("prune", params={"ratio": 0.5})

    def foreseen(*steps: Step) -> tuple[str, int] | None:
        found = first_baked(steps_of(*steps), MODEL.info)  # type: ignore[arg-type]
        return None if found is None else (found[0].said, found[1])

    assert foreseen(half) is None  # live: nothing is baked
    assert foreseen(prune) == ("step 1 (prune)", size(SubnetChoice()))
    assert foreseen(half, prune) == ("step 2 (prune)", size(SubnetChoice(width=0.5)))
    assert foreseen(Step("int8")) == ("step 1 (int8)", size(SubnetChoice()))


def test_it_is_said_before_anything_begins() -> None:
    said: list[tuple[float, str]] = []
    prune = Recipe("r", (Step("prune", params={"ratio": 0.5, "samples": 1}),))
    apply(MODEL, prune, Context(progress=lambda f, t: said.append((f, t))))
    assert said[0][0] == 0
    assert "GB of memory beside the model, of" in said[0][1]
    assert said[1][1].endswith("transform begins")


def test_what_does_not_fit_is_refused_with_figures_before_it_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Little:
        available = 1000

    monkeypatch.setattr(psutil, "virtual_memory", lambda: Little)
    said: list[str] = []
    with pytest.raises(NotEnoughMemory, match=r"^step 1 \(prune\) needs about .* GB are free"):
        apply(
            MODEL,
            Recipe("r", (Step("prune"),)),
            Context(progress=lambda fraction, text: said.append(text)),
        )
    assert said == []
    apply(MODEL, Recipe("r", (Step("subnet", params={"width": 0.5}),)))  # nothing is baked
