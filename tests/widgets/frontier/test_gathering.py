"""Which points a document has."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from studio.fidelity.measurement import Latency, Measurement
from studio.session.document import NO_STEPS, Document, ModelRef
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import Cost, cost
from tests.widgets.fakes import model_info
from widgets.frontier.gathering import Gathering
from widgets.made_names import made_name
from widgets.timings import Fidelity, Speed
from widgets.variant_rows import VariantRow, WidthText, by_choice

HOST, TARGET = "this processor", "pytorch:cpu:f32"
INFO = model_info()
HALF, QUARTER = SubnetChoice(width=0.5), SubnetChoice(width=0.25)


def measurement(choice, *, target=TARGET, host=HOST, latency=5.0):
    return Measurement(
        "m", choice, 30.0, 0.9, 0.1, 10, 20, 30, 40, Latency(latency, 4.0, 7.0), target, 2, host
    )


def document(*found, subnet=HALF, kept=()):
    made = Document(model=ModelRef("/models/one", "one", "0" * 64, INFO.key))
    for choice in kept:
        made = replace(made, subnet=choice).keeping(f"width {choice.width:g}")
    return replace(made, subnet=subnet).with_measurements(INFO.key, found)


def row(ref, *, measured=False, speed=True, cold=False):
    return ref, VariantRow(
        ref, WidthText("0.5", 0.5), 64, Cost(1, 2, 3, 4),
        Speed(3.0, 2.0, 4.0, 5, "PyTorch", cold) if speed else None,
        Fidelity(None, 0.95, 0.05), measured, "live", TARGET,
    )  # fmt: skip


def test_measured_variants_on_every_target_of_this_computer():
    found = (
        measurement(SubnetChoice(), latency=9.0),
        measurement(QUARTER),
        measurement(QUARTER, target="openvino:CPU:f32"),
        measurement(QUARTER, target="onnxruntime:cpu:f32", host="another"),
        measurement(SubnetChoice(width=0.3)),  # not kept
    )
    points = Gathering().points(document(*found, kept=(QUARTER,)), INFO, {}, HOST)
    assert [(p.ref, p.target) for p in points] == [
        ("full", TARGET), ("k1", TARGET), ("k1", "openvino:CPU:f32")
    ]  # fmt: skip
    full, quarter = points[:2]
    assert (full.flip, full.ssim, full.psnr) == (0.0, 1.0, math.inf)
    assert quarter.name == "width 0.25"
    assert (quarter.latency.median, quarter.latency.p10, quarter.latency.p90) == (5.0, 4.0, 7.0)
    assert (quarter.size, quarter.macs, quarter.parameters) == (40, 20, 10)
    assert (quarter.flip, quarter.ssim, quarter.psnr) == (0.1, 0.9, 30.0)


def test_the_newest_measurement_counts_and_those_of_other_models_do_not():
    made = document(measurement(HALF, latency=1.0), kept=(HALF,))
    made = made.with_measurements("another model", (measurement(HALF, latency=2.0),))
    known = by_choice(made.measurements, INFO.key, HOST)
    assert known[HALF][TARGET].latency_ms.median == 1.0
    made = made.with_measurements(INFO.key, (measurement(HALF, latency=3.0),))
    (point,) = Gathering().points(made, INFO, {}, HOST)
    assert point.latency.median == 3.0


def test_current_is_a_point_of_its_own_only_while_nothing_kept_equals_it():
    gathering = Gathering()
    made = document(measurement(HALF), measurement(QUARTER), kept=(QUARTER,))
    assert [p.ref for p in gathering.points(made, INFO, {}, HOST)] == ["k1", "current"]
    assert gathering.current(made, INFO, HOST) == "current"
    same = replace(made, subnet=QUARTER)
    assert [p.ref for p in gathering.points(same, INFO, dict([row("current")]), HOST)] == ["k1"]
    assert gathering.current(same, INFO, HOST) == "k1"
    whole = replace(made, subnet=SubnetChoice(width=1.0, resolution=64))
    assert gathering.current(whole, INFO, HOST) == "full"


def test_live_numbers_are_points_that_say_so():
    rows = dict([row("full", measured=True), row("current")])
    (point,) = Gathering().points(document(), INFO, rows, HOST)
    assert (point.ref, point.measured, point.psnr) == ("current", False, math.inf)
    assert (point.latency.median, point.latency.p10, point.latency.p90) == (3.0, 2.0, 4.0)


def test_a_picture_that_only_warmed_up_is_no_point():
    for odd in (row("current", cold=True), row("current", speed=False)):
        assert Gathering().points(document(), INFO, dict([odd]), HOST) == ()


def test_a_drag_works_nothing_out_anew():
    gathering = Gathering()
    made = document(measurement(QUARTER), kept=(QUARTER,))
    first = gathering.points(made, INFO, {}, HOST)
    moved = replace(made, subnet=SubnetChoice(width=0.4))
    assert gathering.points(moved, INFO, {}, HOST)[0] is first[0]
    more = made.with_measurements(INFO.key, (measurement(SubnetChoice()),))
    assert [p.ref for p in gathering.points(more, INFO, {}, HOST)] == ["full", "k1"]


def test_a_kept_subnet_of_another_model_is_passed_over():
    odd = SubnetChoice(resolution=4096)
    made = document(measurement(QUARTER), kept=(odd, QUARTER), subnet=odd)
    assert [p.ref for p in Gathering().points(made, INFO, {}, HOST)] == ["k2"]
    assert Gathering().current(made, INFO, HOST) == "current"


def macs_of(choice):
    return cost(INFO.config, resolve(choice, INFO.config)).macs


def planted(choice, *, target=TARGET, flip=0.1, psnr=30.0):
    """A measurement on the line 1 ms + 2 ms a million MACs."""
    ms = 1.0 + 2e-6 * macs_of(choice)
    return Measurement(
        "m", choice, psnr, 0.9, flip, 1, macs_of(choice), 3, 4, Latency(ms, ms, ms), target, 2, HOST
    )


def test_predicted_points_stand_between_measured_ones_on_the_line():
    three = (
        planted(SubnetChoice(), flip=0.0, psnr=None),
        planted(HALF, flip=0.2),
        planted(QUARTER, flip=0.4, psnr=20.0),
    )
    made = document(*three, subnet=SubnetChoice(), kept=(HALF, QUARTER))
    points = Gathering().points(made, INFO, {}, HOST)
    guessed = [p for p in points if p.predicted]
    assert [p.choice.width for p in guessed] == [0.375, 0.75]
    low, high = guessed
    for each in guessed:
        assert not each.measured
        assert each.predicted == 3
        assert each.latency.median == pytest.approx(1.0 + 2e-6 * macs_of(each.choice))
        assert each.latency.p90 == pytest.approx(each.latency.median)
    assert low.flip == pytest.approx(0.3)
    assert low.spread.flip == (0.2, 0.4)
    assert low.psnr == pytest.approx(25.0)
    assert high.psnr is None  # full is equal to itself: nothing lies halfway to that
    assert Gathering().points(document(*three[:2]), INFO, {}, HOST)[-1].predicted == 0


def test_a_kept_variant_that_was_not_measured_is_predicted_under_its_own_name():
    three = (planted(SubnetChoice(), flip=0.0), planted(HALF), planted(QUARTER))
    wanted = SubnetChoice(width=0.7)
    made = document(*three, subnet=SubnetChoice(), kept=(wanted,))
    points = Gathering().points(made, INFO, {}, HOST)
    (kept,) = [p for p in points if p.ref == "k1"]
    assert (kept.name, kept.choice, kept.predicted) == ("width 0.7", None, 3)
    live = dict([row("k1")])
    (kept,) = [p for p in Gathering().points(made, INFO, live, HOST) if p.ref == "k1"]
    assert kept.predicted == 0  # what was seen counts more


STEPS = Steps((RecipeStep("s1", "prune", 1, '{"ratio": 0.25}'),))


def test_measured_variants_of_a_recipe_are_points_whether_or_not_they_are_open():
    made = document(kept=(SubnetChoice(),))
    made = replace(made, kept=(replace(made.kept[0], recipe=STEPS, name="pruned"),))
    name = made_name(INFO.key, STEPS, SubnetChoice())
    found = replace(measurement(SubnetChoice()), made=name)
    made = made.with_measurements("key of the variant", (found,))
    (point,) = Gathering().points(made, INFO, {}, HOST)
    assert (point.ref, point.name, point.flip, point.measured) == ("k1", "pruned", 0.1, True)
    other = replace(made, kept=(replace(made.kept[0], recipe=NO_STEPS),))
    assert Gathering().points(other, INFO, {}, HOST) == ()
    now = replace(made, subnet=SubnetChoice(), recipe=STEPS)
    assert Gathering().current(now, INFO, HOST) == "k1"
    assert Gathering().current(replace(now, recipe=NO_STEPS), INFO, HOST) == "full"
