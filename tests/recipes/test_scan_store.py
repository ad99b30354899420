"""Scans on disk: found again by what decides them, and by nothing else."""

from __future__ import annotations

import pytest

from studio.recipes.recipe import Recipe, Step
from studio.recipes.scan import LayerDamage, Proposal, Scan, Sensitivity
from studio.recipes.scan_store import keep_scan, kept_scan, scan_path

SCAN = Scan(
    Sensitivity(
        (
            LayerDamage("layer0.convolved", 41.5, 0.0003, 0.25),
            LayerDamage("rgb0.convolved", None, 0.0, 0.01),
        ),
        36.25,
        8,
    ),
    Proposal(("layer0.convolved",), None, 0.5, True),
    38.0,
    (("rgb0.convolved", "ToRGB stays in float"),),
)


def recipe(**params: object) -> Recipe:
    return Recipe("r", (Step("prune", params={"ratio": 0.5}), Step("int8", params=params)))


def test_it_comes_back_as_it_was() -> None:
    assert Scan.from_json(SCAN.to_json()) == SCAN
    assert SCAN.errors == {"layer0.convolved": 0.0003, "rgb0.convolved": 0.0}
    keep_scan("model", recipe(), SCAN)
    assert kept_scan("model", recipe()) == SCAN


def test_what_to_make_of_a_scan_names_no_other_one() -> None:
    path = scan_path("model", recipe())
    assert path == scan_path("model", recipe(keep=["layer0.convolved"], wanted=40, keep_last=2))
    assert path == scan_path("model", Recipe("other", recipe(to_rgb=True).steps))
    off = Step("lowrank", on=False)
    assert path == scan_path("model", Recipe("r", (*recipe().steps, off)))
    assert path != scan_path("another", recipe())
    assert path != scan_path("model", recipe(alpha=0.25))
    assert path != scan_path("model", Recipe("r", recipe().steps[1:]))
    assert scan_path("model", Recipe("r", (Step("prune"),))) is None
    assert kept_scan("model", Recipe("r", (Step("prune"),))) is None


@pytest.mark.parametrize(
    "text", ["", "[", "5", "{}", '{"format": 2}', '{"format": 1, "found": {"layers": [{}]}}']
)
def test_a_damaged_one_is_none(text: str) -> None:
    keep_scan("model", recipe(), SCAN)
    path = scan_path("model", recipe())
    assert path is not None
    path.write_text(text, "utf-8")
    assert kept_scan("model", recipe()) is None
