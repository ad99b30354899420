"""The figures of distillation agree with one another."""

from __future__ import annotations

import pytest

from studio.fidelity import measure
from studio.recipes.testing import small_generator
from tests.bench.distil import Settings, figures, settings


def test_what_comes_back_follows_from_flip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "SECONDS", 0.0)
    asked = Settings(steps=4, threads=1, spreads=("even",), seeds=1)
    found = {each.name: each.samples[0] for each in figures(asked, small_generator())}
    title = "pruned by 50 % (even)"
    before, after = found[f"{title}, FLIP to full"], found[f"{title}, FLIP after 4 steps"]
    assert 0 < after <= 1
    assert before > 0
    assert found[f"{title}, won back"] == pytest.approx(100 * (1 - after / before))
    multiplies = [found[f"{title}, {name}, multiplies"] for name in ("full", "pruned", "distilled")]
    assert multiplies[0] > multiplies[1] == multiplies[2]


def test_the_readmes_figures_take_five_minutes() -> None:
    assert (settings(False).minutes, settings(False).steps) == (5.0, None)
    assert settings(True).steps is not None
