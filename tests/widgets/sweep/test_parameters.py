"""A sweep over a parameter of the recipe, or over the width at one resolution."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from studio.engine.job_messages import JobDone, MeasureJob, VariantMeasured
from studio.errors import BadChoice
from studio.fidelity.measurement import Latency, Measurement
from studio.runtimes.host import host_name
from studio.session.document import FULL_SUBNET, Document
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice
from tests.widgets.fakes import model_info
from widgets.made_names import made_name
from widgets.recipes.fields import FieldSpec
from widgets.sweep.parameters import (
    Stage,
    StepField,
    check,
    keeping,
    not_kept,
    spread_at,
    spread_over,
)

LEFT = Qt.MouseButton.LeftButton
INFO = model_info()
PRUNE = Steps((RecipeStep("s1", "prune", 1, '{"importance": "l1"}'),))
RATIO = StepField("s1", "Pruning: Ratio", FieldSpec("ratio", "Ratio", "number", default=0.25))


def test_a_field_takes_every_value_and_all_else_stays():
    document = Document(subnet=SubnetChoice(width=0.5), recipe=PRUNE)
    assert spread_over(Document(recipe=PRUNE), INFO, RATIO, (0.3,))[0].name == "prune ratio 0.3"
    made = spread_over(document, INFO, RATIO, (0.1, 0.25, 0.1))
    assert [each.name for each in made] == [
        "prune ratio 0.1, width 0.5, 64 px",
        "prune ratio 0.25, width 0.5, 64 px",
    ]
    assert [each.recipe.steps[0].values() for each in made] == [
        {"importance": "l1", "ratio": 0.1},
        {"importance": "l1"},  # the default is not written down
    ]
    assert {each.choice for each in made} == {SubnetChoice(width=0.5)}
    kept = keeping(document, made)
    assert [v.recipe for v in kept.kept] == [each.recipe for each in made]
    assert (kept.subnet, kept.recipe) == (document.subnet, document.recipe)
    assert not_kept(made, kept, INFO) == ()
    with pytest.raises(BadChoice, match="no longer in the recipe"):
        spread_over(replace(document, recipe=Steps()), INFO, RATIO, (0.1,))


def test_the_width_at_one_resolution_leaves_all_others():
    stages = INFO.config.resolutions
    document = Document(subnet=SubnetChoice(width=0.5))
    made = spread_at(document, INFO, Stage(stages[1]), (0.25, 1.0))
    assert [each.choice.widths[1] for each in made] == [0.25, 1.0]
    for each in made:
        assert each.choice.widths[:1] + each.choice.widths[2:] == (0.5,) * (len(stages) - 1)
    assert spread_at(Document(), INFO, Stage(stages[1]), (1.0,)) == ()  # that is full
    with pytest.raises(BadChoice, match="width 2 is not within"):
        spread_at(document, INFO, Stage(stages[1]), (2.0,))


@pytest.mark.parametrize(
    ("spec", "value", "expected"),
    [
        (FieldSpec("a", "a", "number", search=(0.1, 0.6), low=0, high=1), 0.3, (0.1, 0.6)),
        (FieldSpec("a", "a", "integer", search=(16, 128, 32)), 16, (16.0, 128.0)),
        (FieldSpec("a", "a", "number", low=0.0, high=1.0), 0.3, (0.0, 1.0)),
        (FieldSpec("a", "a", "number"), 3.0, (1.5, 6.0)),
    ],
)
def test_where_a_sweep_begins_and_ends_unless_told(spec, value, expected):
    assert StepField("s1", "a", spec).range(value) == expected


def test_what_cannot_be_baked_is_refused_with_the_field():
    from studio.recipes.registry import load_registry

    registry = load_registry(outside=False)
    document = Document(recipe=PRUNE)
    check(spread_over(document, INFO, RATIO, (0.1,)), registry, INFO)
    with pytest.raises(Exception, match=r"step 1 \(prune\).*ratio"):
        check(spread_over(document, INFO, RATIO, (1.5,)), registry, INFO)


@pytest.fixture
def dialog(window, qtbot):
    controller = window.controller
    controller.edit("add", replace(controller.document, recipe=PRUNE))
    window.actions_["sweep"].trigger()
    qtbot.waitUntil(window.sweep.isVisible)
    qtbot.waitUntil(lambda: window.sweep.subject.findText("Prune channels: Ratio") > 0)
    return window.sweep


def subjects(dialog):
    return [dialog.subject.itemText(n) for n in range(dialog.subject.count())]


def test_every_field_with_values_to_try_is_offered(dialog):
    found = subjects(dialog)
    assert found[0] == "Width and resolution"
    assert "Prune channels: Importance" in found
    assert "Prune channels: Keep the first resolution" in found
    assert not any("Free ratios" in text for text in found)  # a list
    assert found[-1] == "Width at 64 px"


def test_a_parameter_becomes_baked_and_measured_variants_on_the_plot(window, dialog, qtbot, drawn):
    dialog.subject.setCurrentText("Prune channels: Ratio")
    assert (dialog.range.low.value(), dialog.range.high.value()) == (0.1, 0.6)
    dialog.range.count.setValue(3)
    assert "3 variants are kept and measured." in dialog.outcome.text()
    qtbot.mouseClick(dialog.begin, LEFT)
    qtbot.waitUntil(lambda: any(isinstance(h.job, MeasureJob) for h in drawn.runner.handles))
    handle = next(h for h in drawn.runner.handles if isinstance(h.job, MeasureJob))
    document, info = window.controller.document, window.controller.info
    wanted = [f"prune ratio {r}, width 0.5, 64 px" for r in (0.1, 0.35, 0.6)]
    assert [v.name for v in document.kept] == wanted
    assert handle.job.choices == ()
    assert [v.name for v in handle.job.variants] == [v.name for v in document.kept]
    assert all("technique: prune" in v.recipe for v in handle.job.variants)
    assert {v.choice for v in handle.job.variants} == {SubnetChoice(width=0.5)}
    assert window.controller.history.undo_label == "Sweep of 3 variants"
    names = [made_name(info.key, v.recipe, v.choice) for v in document.kept]
    assert [v.path.rpartition("/")[0].rpartition("/")[2] for v in handle.job.variants] == names

    def found(name, made, ms, channels=(8, 8)):
        choice = SubnetChoice(width=0.5) if made else FULL_SUBNET
        return Measurement(
            name, choice, 20.0 + ms, 0.9, 0.1, 1, 2, 3, 4, Latency(ms, 1.0, 3.0),
            handle.job.target, 2, host_name(), channels=channels, resolution=64, made=made,
        )  # fmt: skip

    full = replace(found("full", "", 9.0), psnr=None)
    config = info.config
    halves = tuple(c // 2 for c in config.channels)
    variants = tuple(
        VariantMeasured(f"key {n}", found(v.name, name, 2.0 + n, halves))
        for n, (v, name) in enumerate(zip(document.kept, names, strict=True))
    )
    handle.end(JobDone(measurements=(full,), variants=variants))
    qtbot.waitUntil(lambda: len(window.controller.document.measurements) == 4)
    window._show_numbers()
    panel = window.bottom
    rows = {row.name: row for row in panel.shown_rows()}
    for n, name in enumerate(wanted):
        row = rows[name]
        assert (row.measured, row.latency.median, row.width.text) == (True, 2.0 + n, "0.5")
    shown = {(p.name, p.measured) for p in panel.frontier._points}
    assert {(name, True) for name in wanted} <= shown
    # What is measured is not baked and measured again.
    dialog.offer(info)
    dialog.subject.setCurrentText("Prune channels: Ratio")
    dialog.range.count.setValue(3)
    assert "All of these are kept and measured already." in dialog.outcome.text()


def test_choices_are_ticked(dialog):
    dialog.subject.setCurrentText("Prune channels: Importance")
    assert list(dialog.range.ticks) == ["l1", "l2", "taylor", "activation"]
    dialog.range.ticks["taylor"].setChecked(False)
    assert "3 variants" in dialog.outcome.text()
    for tick in dialog.range.ticks.values():
        tick.setChecked(False)
    assert "No value is chosen." in dialog.outcome.text()
    assert not dialog.begin.isEnabled()


def test_a_range_that_cannot_be_is_said(dialog):
    dialog.subject.setCurrentText("Prune channels: Ratio")
    dialog.range.high.setValue(0.05)
    assert "from 0.1 to 0.05 is not a range" in dialog.outcome.text()
    assert not dialog.begin.isEnabled()
