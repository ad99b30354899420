"""Which precision wins where, from measured latencies; curves as text."""

from __future__ import annotations

import pytest

from studio.fidelity.measurement import Latency
from studio.recipes.curve import CurvePoint, SpeedCurve

WIDTHS = (0.1, 0.25, 0.5, 1.0)


def curve(**times: tuple[float, ...]) -> SpeedCurve:
    points = [
        CurvePoint(width, precision, Latency(ms, ms, ms), 1, 0.9 if precision == "int8" else None)
        for precision, series in times.items()
        for width, ms in zip(WIDTHS, series, strict=True)
    ]
    return SpeedCurve("openvino:CPU", "Some CPU", "1", tuple(points))


def test_the_width_below_which_bf16_is_faster_lies_between_two_that_were_measured() -> None:
    # int8 takes twice as long at 0.25 and half as long at 0.5: equal in the middle.
    found = curve(int8=(4.0, 2.0, 1.0, 1.0), bf16=(1.0, 1.0, 2.0, 3.0)).verdict()
    assert found.below == pytest.approx(0.375)
    assert (found.slower, found.faster) == ((0.1, 0.25), (0.5, 1.0))
    assert found.gains[-1] == (1.0, 3.0)


def test_what_cannot_be_told_apart_is_no_win() -> None:
    found = curve(int8=(2.0, 1.0, 1.0, 1.0), bf16=(1.0, 1.01, 1.02, 2.0)).verdict()
    assert (found.slower, found.faster) == ((0.1,), (1.0,))
    # Between 0.1 (half as fast) and 1 (twice as fast).
    assert found.below == pytest.approx(0.55)
    alike = curve(int8=(1.0, 1.0, 1.0, 1.0), bf16=(1.02, 0.98, 1.0, 1.01)).verdict()
    assert (alike.slower, alike.faster, alike.below) == ((), (), None)


def test_a_median_within_the_spread_of_the_other_is_no_win() -> None:
    mine = CurvePoint(0.5, "int8", Latency(1.0, 0.9, 1.1), 1, 0.9)
    for low, slower in ((0.95, ()), (1.05, (0.5,))):
        other = CurvePoint(0.5, "f32", Latency(2.0, low, 3.0), 1)
        found = SpeedCurve("t", "h", "v", (mine, other)).verdict()
        assert found.faster == slower
        assert found.gains == ((0.5, 2.0),)


def test_one_side_everywhere_or_no_single_place() -> None:
    always = curve(int8=(2.0, 2.0, 2.0, 2.0), bf16=(1.0, 1.0, 1.0, 1.0)).verdict()
    assert (always.slower, always.faster, always.below) == (WIDTHS, (), None)
    mixed = curve(int8=(1.0, 2.0, 1.0, 2.0), bf16=(2.0, 1.0, 2.0, 1.0)).verdict()
    assert (mixed.slower, mixed.faster, mixed.below) == ((0.25, 1.0), (0.1, 0.5), None)
    above = curve(int8=(1.0, 1.0, 2.0, 2.0), bf16=(2.0, 2.0, 1.0, 1.0)).verdict()
    assert above.below is None


def test_int8_is_held_against_the_fastest_float_that_there_is() -> None:
    ones = (1.0, 1.0, 1.0, 1.0)
    assert curve(int8=ones, bf16=ones, f32=ones).rival == "bf16"
    assert curve(int8=ones, f32=ones).rival == "f32"
    alone = curve(int8=ones)
    assert alone.rival == ""
    assert alone.verdict().gains == ()


def test_int8_in_name_only() -> None:
    some = [CurvePoint(w, "int8", Latency(1, 1, 1), 1, s) for w, s in ((0.1, 0.2), (0.5, 0.7))]
    assert SpeedCurve("t", "h", "v", tuple(some)).float_below == 0.1
    assert SpeedCurve("t", "h", "v", tuple(some[1:])).float_below is None


def test_it_comes_back_as_it_was() -> None:
    ones = (1.0, 1.5, 2.0, 2.5)
    made = SpeedCurve(
        "openvino:CPU", "Some CPU", "2026.1", curve(int8=ones, f32=ones).points,
        (("bf16", "this processor has none"),), ("f32", "int8"),
    )  # fmt: skip
    assert SpeedCurve.from_json(made.to_json()) == made


@pytest.mark.parametrize(
    "text", ["", "[", "5", "{}", '{"format": 2}', '{"format": 1, "target": "", "points": [{}]}']
)
def test_a_damaged_one_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SpeedCurve.from_json(text)


def test_numbers_that_no_clock_shows_are_refused() -> None:
    text = curve(int8=(1.0, 1.0, 1.0, 1.0)).to_json()
    for wrong in ('"median": -1.0', '"median": Infinity', '"median": NaN'):
        with pytest.raises(ValueError, match="damaged"):
            SpeedCurve.from_json(text.replace('"median": 1.0', wrong, 1))
