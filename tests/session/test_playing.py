"""Plans of walks over the pins that there are."""

from __future__ import annotations

from studio.families.inputs import GanInputs
from studio.session.playing import Pin, WalkPlan

PINS = tuple(Pin(f"p{n}", GanInputs(seed=n)) for n in (1, 2, 3))


def seeds(plan, pins=PINS):
    return [pin.seed for pin in plan.walk(pins).route.pins]


def test_a_walk_needs_two_pins():
    assert WalkPlan().walk(()) is None
    assert WalkPlan(way="loop").walk(PINS[:1]) is None
    assert WalkPlan().ends(PINS[:1]) is None


def test_it_goes_from_the_first_to_the_last_unless_told_otherwise():
    assert seeds(WalkPlan()) == [1, 3]
    assert seeds(WalkPlan(start="p2")) == [2, 3]
    assert seeds(WalkPlan(start="p3")) == [3, 2]
    assert seeds(WalkPlan(end="p1")) == [2, 1]
    assert seeds(WalkPlan(start="p3", end="p1")) == [3, 1]
    assert seeds(WalkPlan(start="gone", end="gone too")) == [1, 3]


def test_a_loop_goes_over_all_pins():
    walk = WalkPlan("loop", start="p2").walk(PINS)
    assert [pin.seed for pin in walk.route.pins] == [1, 2, 3]
    assert walk.route.closed
    assert not walk.back
    assert WalkPlan("back", eased=True).walk(PINS).back
