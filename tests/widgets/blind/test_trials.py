"""The exact binomial test, and the trials of a blind test."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.blind.binomial import two_sided
from widgets.blind.trials import BlindRun, Trial, make_trials


@pytest.mark.parametrize(
    ("right", "tries", "p"),
    [
        # Tables of the sign test.
        (10, 10, 2 / 1024),
        (0, 10, 2 / 1024),
        (9, 10, 22 / 1024),
        (8, 10, 112 / 1024),
        (2, 10, 112 / 1024),
        (7, 10, 352 / 1024),
        (6, 10, 772 / 1024),
        (5, 10, 1.0),
        (1, 1, 1.0),
        (15, 20, 0.041389465),
        (60, 100, 0.056887933),
    ],
)
def test_known_answers(right, tries, p):
    assert two_sided(right, tries) == pytest.approx(p, rel=1e-7)


@given(st.integers(1, 40), st.data())
def test_it_is_the_sum_over_outcomes_that_are_no_likelier(tries, data):
    from fractions import Fraction
    from math import comb

    right = data.draw(st.integers(0, tries))
    chance = [Fraction(comb(tries, k), 2**tries) for k in range(tries + 1)]
    wanted = sum(c for c in chance if c <= chance[right])
    assert two_sided(right, tries) == pytest.approx(float(wanted), rel=1e-12)
    assert two_sided(right, tries) == two_sided(tries - right, tries)


@pytest.mark.parametrize(("right", "tries"), [(0, 0), (-1, 3), (4, 3)])
def test_no_outcome_at_all_is_refused(right, tries):
    with pytest.raises(ValueError, match="no outcome"):
        two_sided(right, tries)


def test_seeds_differ_and_full_stands_on_either_side():
    trials = make_trials(random.Random(7), 200)
    assert len({t.seed for t in trials}) == 200
    assert 70 < sum(t.full == "A" for t in trials) < 130


def test_answers_are_counted():
    run = BlindRun((Trial(1, "A"), Trial(2, "B"), Trial(3, "B")))
    assert run.present == Trial(1, "A")
    for side in ("A", "A", "B"):
        run = run.answered(side)
    assert run.present is None
    assert run.right == 2
    assert run.answered("A") is run


@pytest.mark.parametrize(
    ("right", "verdict"), [(10, "told"), (9, "told"), (8, "not told"), (5, "not told"),
                           (2, "not told"), (1, "reversed"), (0, "reversed")],
)  # fmt: skip
def test_the_verdict(right, verdict):
    trials = tuple(Trial(n, "A") for n in range(10))
    run = BlindRun(trials, ("A",) * right + ("B",) * (10 - right))
    assert (run.right, run.verdict) == (right, verdict)
