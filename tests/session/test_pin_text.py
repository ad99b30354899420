"""Pins as one line of YAML: what went in comes back, and what is none is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import BadChoice
from studio.families.inputs import MAX_SEED, GanInputs
from studio.session.pin_text import pin_text, read_pin

names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
edits = st.dictionaries(names, st.floats(-100, 100), max_size=3).map(lambda d: tuple(d.items()))


@given(
    st.builds(
        GanInputs,
        seed=st.integers(0, MAX_SEED),
        label=st.none() | st.integers(0, 999),
        truncation=st.floats(0, 2),
        truncation_cutoff=st.none() | st.integers(0, 18),
        noise=st.floats(0, 2),
        edits=edits,
        mix_seed=st.none() | st.integers(0, MAX_SEED),
        mix_from=st.integers(0, 18),
        mix_stages=st.none() | st.just((4, 8)),
    )
)
def test_pins_come_back(inputs: GanInputs) -> None:
    text = pin_text(inputs)
    assert "\n" not in text
    assert read_pin(text) == inputs


def test_a_pin_says_what_differs() -> None:
    pin = GanInputs(5, truncation=0.7, edits=(("smile", 2.0),))
    assert pin_text(pin) == "{seed: 5, truncation: 0.7, edits: {smile: 2.0}}"
    assert read_pin("{seed: 5}") == GanInputs(5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", "is not of the form"),
        ("{seed: 5", "line 1"),
        ("{seed: -1}", "seed -1 is not within"),
        ("{seed: '5'}", "seed"),
        ("{seed: 1.5}", "seed"),
        ("{sed: 5}", "sed is not known"),
        ("{1: 5}", "is not"),
        ("{edits: [1]}", "edits is not a list of names"),
        ("{edits: {smile: x}}", "edits"),
        ("{edits: {smile: 1000}}", "edits must be within"),
        ("{truncation: .nan}", "--pin"),
        ("{truncation: .inf}", "--pin"),
        ("{seed: &a 5}", "anchors"),
        ("{seed: " + "5" * 20_000 + "}", "is not of the form"),
    ],
)
def test_what_is_no_pin_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadChoice, match=words) as refused:
        read_pin(text)
    assert len(str(refused.value)) < 300
