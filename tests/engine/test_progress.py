"""Progress: not too often, and with the time left."""

from __future__ import annotations

import pytest

from studio.engine.progress import ProgressReporter


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_at_most_ten_a_second_but_always_the_end():
    told, clock = [], Clock()
    report = ProgressReporter(told.append, clock)
    for i in range(1001):
        clock.now = 100 + i / 1000
        report(i / 1000, "working")
    assert 9 <= len(told) <= 12
    assert told[-1].fraction == 1.0


def test_seconds_left_follow_from_the_pace():
    told, clock = [], Clock()
    report = ProgressReporter(told.append, clock)
    report(0.0, "start")
    clock.now += 10
    report(0.25, "working")
    assert told[0].seconds_left is None
    assert told[1].seconds_left == pytest.approx(30)
    clock.now += 1
    report(None, "who knows")
    assert told[2].fraction is None
    assert told[2].seconds_left is None


def test_parts_fill_their_share():
    told, clock = [], Clock()
    report = ProgressReporter(told.append, clock)
    for part, inner in (((0.0, 0.5), 1.0), ((0.5, 1.0), 0.5), ((0.5, 1.0), 7.0)):
        clock.now += 1
        report.part(*part)(inner, "working")
    assert [t.fraction for t in told] == [0.5, 0.75, 1.0]


def test_work_that_goes_on_foretells_from_where_it_began():
    told, clock = [], Clock()
    report = ProgressReporter(told.append, clock)
    clock.now += 50
    report.go_on_from(0.5)
    report(0.5, "going on")
    clock.now += 10
    report(0.75, "working")
    assert told[0].seconds_left is None
    assert told[1].seconds_left == pytest.approx(10)
