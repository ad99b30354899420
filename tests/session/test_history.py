"""Undo and redo: whatever one does, the way back is exact."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from studio.families.inputs import GanInputs
from studio.session.document import Document, View, carried
from studio.session.history import History


def at(seed: int) -> Document:
    return Document(inputs=GanInputs(seed=seed))


def test_merged_edits_are_one_step():
    history = History(at(0))
    for seed in range(1, 5):
        history.do("drag", at(seed), "token")
    assert len(history) == 1
    assert history.undo() == at(0)
    assert history.redo() == at(4)


def test_dragging_there_and_back_leaves_nothing_to_undo():
    history = History(at(0))
    history.do("drag", at(1), "token")
    history.do("drag", at(0), "token")
    assert len(history) == 0
    assert history.present == at(0)


def test_sealed_gestures_do_not_merge():
    history = History(at(0))
    history.do("drag", at(1), "token")
    history.seal()
    history.do("drag", at(2), "token")
    assert len(history) == 2


def test_undo_keeps_where_one_looked():
    history = History(at(0))
    history.do("seed", at(1))
    looked = replace(at(1), view=View(zoom=4.0, centre=(0.1, 0.2), bottom_height=200))
    history.replace(looked)
    document = history.undo()
    assert document.inputs.seed == 0
    assert document.view == looked.view


def test_a_new_step_forgets_what_was_undone():
    history = History(at(0))
    history.do("a", at(1))
    history.undo()
    history.do("b", at(2), "token")
    assert history.redo_label is None
    assert history.undo() == at(0)


def test_ids_are_never_used_twice():
    history = History(Document())
    history.do("keep", history.present.keeping("one"))
    history.undo()
    history.do("keep", history.present.keeping("two"))
    assert history.present.kept[0].id == "k2"


def test_the_oldest_steps_are_forgotten():
    history = History(at(0), limit=3)
    for seed in range(1, 10):
        history.do("seed", at(seed))
    assert len(history) == 3
    for _ in range(5):
        history.undo()
    assert history.present == at(6)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["do", "undo", "redo", "seal", "look"]),
        st.integers(0, 5),
        st.sampled_from([None, "x", "y"]),
    ),
    max_size=40,
)


@given(STEPS)
def test_every_walk_leads_back_and_forth(steps):
    history = History(at(0))
    for kind, number, token in steps:
        if kind == "do":
            history.do("step", replace(history.present, inputs=GanInputs(seed=number)), token)
        elif kind == "undo":
            history.undo()
        elif kind == "redo":
            history.redo()
        elif kind == "seal":
            history.seal()
        else:
            view = replace(history.present.view, zoom=float(number + 1))
            history.replace(replace(history.present, view=view))
    end = history.present
    count = len(history)
    for _ in range(count):
        history.undo()
    assert history.undo_label is None
    assert history.present.inputs.seed == 0
    for _ in range(count):
        history.redo()
    # What was undone at the end of the walk is still to come; redo no further than the end.
    assert carried(end, history.present) == end


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_one_gesture_is_at_most_one_step(seeds):
    history = History(at(0))
    for seed in seeds:
        history.do("drag", at(seed), "gesture")
    assert len(history) == (0 if seeds[-1] == 0 else 1)
    history.undo()
    assert history.present == at(0)
