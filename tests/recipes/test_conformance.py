"""Every built-in technique does what every technique must."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from studio.recipes.registry import builtin_entries, load_registry
from studio.recipes.testing import CHECKS, Case, case, small_generator, small_translator
from tests.families.diffusion.tiny import shared_model

# Parameters with which a technique works, where its defaults leave the network alone.
WORKING: dict[str, Mapping[str, Any]] = {
    "subnet": {"width": 0.5, "resolution": 8, "sort": True},
}
BUILTIN = load_registry(outside=False)
DENOISERS: dict[str, Mapping[str, Any]] = {
    "elastic_denoiser": {"width": 0.5, "depth": 0.7, "runs": 1, "calls": 2},
    "reuse": {"interval": 2, "guided_until": 0.5},
    "fewer_steps": {"steps": 2, "guidance": 1.5},
}
ALSO: dict[str, Mapping[str, Any]] = {  # fit pipelines as well
    "int8": {"samples": 2},
    "prune": {"ratio": 0.2, "samples": 2},
    "lowrank": {"samples": 2, "least_weights": 0},
}
CASES = [(name, {}) for name in BUILTIN.names if name not in DENOISERS]
CASES += list(WORKING.items())
PICTURES: dict[str, Mapping[str, Any]] = {
    "subnet": {"width": 0.5, "recalibrate": True, "batches": 1},
    "prune": {"ratio": 0.4, "samples": 2},
    "lowrank": {"method": "tucker2", "budget": 0.7, "least_weights": 0},
    "int8": {"samples": 2, "wanted": 20.0},
    "distil": {"feature": 0.1, "adversarial": 0.01},
}
ONCE = {"distil"}  # label maps take it long, and are looked at in its own tests
PICTURE_CASES = [
    (n, labels) for n in PICTURES for labels in (False, True) if not labels or n not in ONCE
]


def test_every_built_in_technique_is_ready() -> None:
    assert [(e.name, e.problem) for e in builtin_entries() if e.state != "ready"] == []
    assert "subnet" in BUILTIN


@pytest.mark.parametrize(("name", "params"), CASES, ids=[f"{n}-{bool(p):d}" for n, p in CASES])
@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_it_conforms(name: str, params: Mapping[str, Any], check: Callable[[Case], None]) -> None:
    check(case(type(BUILTIN.get(name)), params))


@pytest.mark.parametrize("name", [*DENOISERS, *ALSO])
@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_it_conforms_on_pipelines(name: str, check: Callable[[Case], None]) -> None:
    params = {**DENOISERS, **ALSO}[name]
    check(case(type(BUILTIN.get(name)), params, shared_model("DiTPipeline")))


@pytest.mark.parametrize("name", sorted(set(BUILTIN.names)))
def test_it_fits_pipelines_or_says_why_not(name: str) -> None:
    reason = BUILTIN.get(name).applies_to(shared_model("DDPMPipeline").info)
    assert (reason is None) == (name in DENOISERS or name in ALSO)
    of_generator = BUILTIN.get(name).applies_to(small_generator().info)
    assert (of_generator is None) == (name not in DENOISERS)


@pytest.mark.parametrize(
    ("name", "labels"),
    PICTURE_CASES,
    ids=[f"{name}-{'labels' if labels else 'pictures'}" for name, labels in PICTURE_CASES],
)
@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_it_conforms_on_pictures(name: str, labels: bool, check: Callable[[Case], None]) -> None:
    check(case(type(BUILTIN.get(name)), PICTURES[name], small_translator(labels=labels)))
