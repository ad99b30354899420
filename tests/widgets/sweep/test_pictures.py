"""Sweeps of a model that draws from pictures: widths, and the width of one stage."""

from __future__ import annotations

import pytest

from studio.engine.job_messages import MeasureJob
from studio.families.inputs import EncodedPicture
from studio.subnets.choice import SubnetChoice
from tests.widgets.translation.conftest import pictured  # noqa: F401 - a fixture
from widgets.sweep.parameters import Stage


@pytest.fixture
def dialog(pictured, qtbot):  # noqa: F811
    pictured.actions_["sweep"].trigger()
    qtbot.waitUntil(pictured.sweep.isVisible)
    return pictured.sweep


def test_widths_alone_are_swept_in_one_job_over_the_picture(pictured, dialog, stage):  # noqa: F811
    assert dialog.subject.itemText(0) == "Width"
    assert dialog.pixels == {}
    assert not dialog.subnets._form.isRowVisible(2)
    assert dialog.outcome.text().startswith("3 variants are kept and measured.")
    dialog.begin.click()
    wanted = [SubnetChoice(0.25), SubnetChoice(0.5), SubnetChoice(0.75)]
    assert [v.choice for v in pictured.controller.document.kept] == wanted
    job = next(h.job for h in stage.runner.handles if isinstance(h.job, MeasureJob))
    assert list(job.choices) == wanted
    assert isinstance(job.inputs, EncodedPicture)


def test_one_stage_is_swept_and_all_others_stay(pictured, dialog):  # noqa: F811
    pictured.controller.set_subnet(SubnetChoice(0.5), None)
    dialog.offer(pictured.controller.info)
    titles = [dialog.subject.itemText(n) for n in range(dialog.subject.count())]
    assert titles[1:3] == ["Width of first", "Width of down 1"]
    dialog.subject.setCurrentIndex(titles.index("Width of down 1"))
    assert dialog.subject.currentData() == Stage(256, "down 1")
    dialog.range.low.setValue(0.25)
    dialog.range.high.setValue(1.0)
    dialog.range.count.setValue(3)
    made = dialog.swept()
    assert [each.choice.widths[1] for each in made] == [0.25, 0.625, 1.0]
    assert {(*each.choice.widths[:1], *each.choice.widths[2:]) for each in made} == {(0.5,) * 7}
    assert made[0].name.startswith("down 1 0.25: ")
    dialog.begin.click()
    assert len(pictured.controller.document.kept) == 3
