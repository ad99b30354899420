"""Baked steps: added, moved, switched, taken out, and where the cut goes meanwhile."""

from __future__ import annotations

from dataclasses import replace

from studio.session.document import Document
from studio.session.history import History
from studio.session.steps import RecipeStep, Steps, params_text

A, B, C = (RecipeStep(f"s{n}", name) for n, name in enumerate("abc"))


def names(steps: Steps) -> str:
    return "".join(step.technique for step in steps.steps)


def test_steps_move_and_the_cut_stays_between_the_same_neighbours():
    steps = Steps((A, B), 1)
    assert steps.inserted(0, C) == Steps((C, A, B), 2)
    assert steps.inserted(2, C) == Steps((A, B, C), 1)
    assert steps.without("s0") == Steps((B,), 0)
    assert steps.without("s1") == Steps((A,), 1)
    assert names(Steps((A, B, C)).moved("s2", 0)) == "cab"
    assert names(Steps((A, B, C)).moved("s0", 9)) == "bca"
    assert Steps((A, B)).moved("none", 0) == Steps((A, B))


def test_only_steps_that_are_on_count():
    off = replace(B, on=False)
    assert Steps((A, off)).active == (A,)
    assert not Steps((A, off), 1).cuts
    assert Steps((A, B), 1).cuts
    assert not Steps((A, B)).cuts


def test_equal_parameters_are_equal_however_they_were_written():
    assert params_text({"b": 1, "a": [0.5]}) == params_text({"a": [0.5], "b": 1})
    assert A.with_values({"b": 1, "a": 2}).values() == {"a": 2, "b": 1}


def test_steps_are_undone_and_their_ids_are_never_used_twice():
    history = History(Document())
    document, first = history.present.adding_step(0, "prune", 1)
    history.do("Add", document)
    history.undo()
    assert history.present.recipe == Steps()
    document, second = history.present.adding_step(0, "prune", 1)
    assert first != second
    kept = replace(document, subnet=document.subnet).keeping("pruned")
    assert kept.recipe_of(kept.kept[0].id) == document.recipe
    assert kept.recipe_of("full") == Steps()
    assert kept.recipe_of("current") == document.recipe
