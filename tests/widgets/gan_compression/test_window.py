"""GAN Compression in the window: pages, jobs, what is seen of them, their ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication

from studio.engine.gan_compression_messages import (
    GanCompressionJob,
    JobStage,
    SearchJob,
    SubnetJob,
    TransferJob,
)
from studio.engine.job_messages import JobDone, JobFailed, JobProgress, MeasureJob
from studio.engine.messages import Picture
from studio.search.orders import PipelineOrder
from studio.search.report import Found, SearchReport
from studio.session import gan_plan
from studio.session.gan_plan import STEPS, GanPlan
from studio.subnets.choice import SubnetChoice
from studio.training.gan_compression.options import TrainingOptions
from studio.training.gan_compression.report import Closeness, Losses, Skipped, TrainingReport
from tests.training.gan_compression.worlds import joined_folder, two_folders
from tests.widgets.conftest import settle, use
from tests.widgets.translation.conftest import info_of
from widgets.opening import reference

FIRST = (Closeness("full", 0.3), Closeness("2_2_2_2_2_2", 0.4))
LATER = (Closeness("full", 0.1), Closeness("2_2_2_2_2_2", 0.2))
REPORT = TrainingReport("supernet", FIRST, LATER, 120, 2.5, stopped=False, pairs=8)
NARROW = SubnetChoice(widths=(8.0, 16.0, 32.0, 32.0, 32.0, 32.0, 16.0, 8.0))
WIDE = SubnetChoice(widths=(12.0, 24.0, 48.0, 48.0, 48.0, 48.0, 24.0, 12.0))


def found(name: str, choice: SubnetChoice, distance: float) -> Found:
    return Found(name, choice, distance, 12_345, 2_000_000, 3_000_000, latency_ms=1.5)


SEARCHED = SearchReport(
    found("12_12_12_12_12_12", WIDE, 0.1),
    (found("8_8_8_8_8_8", NARROW, 0.2), found("12_12_12_12_12_12", WIDE, 0.1)),
    tried=9, space=6561, budget="5 GMACs", target="pytorch:cpu:f32", pictures=8,
)  # fmt: skip


def look(stage: str = "supernet", close=LATER) -> JobStage:
    losses = (Losses(0.5, 0.2, 0.0, 0.0), Losses(0.25, 0.1, 0.0, 0.0))
    return JobStage(stage, 0.5, 60, 1.0, losses, close, Picture(12, 6, pixels=bytes(216)))


@pytest.fixture
def panel(window, stage, qapp, tmp_path):
    """The panel, with a supernet open and pairs named."""
    use(stage, info_of())
    settle(stage, qapp)
    window.app.devices._gather = lambda again, stopped: ()
    window.actions_["gan_compression"].trigger()
    panel = window.compression
    panel.forms.pictures.folder.set_path(str(tmp_path / "work"))
    panel.forms.pictures.first.set_path(str(joined_folder(tmp_path / "pairs", 4)))
    return panel


def begin(panel, step: str, qtbot):
    """Begin a step; its job once it has begun."""
    before = len(runner(panel).handles) if panel._jobs._runner else 0
    panel.show_page(step)
    panel.begin_.click()
    qtbot.waitUntil(lambda: panel.running or not panel.refusal.isHidden(), timeout=5000)
    assert panel.refusal.isHidden(), panel.refusal.text()
    assert len(runner(panel).handles) == before + 1
    return runner(panel).handles[-1]


def runner(panel):
    return panel._jobs._runner


def refused(panel, step: str, qtbot) -> str:
    panel.show_page(step)
    panel.begin_.click()
    qtbot.waitUntil(lambda: not panel.refusal.isHidden(), timeout=5000)
    assert not panel.running
    return panel.refusal.text()


def test_steps_stand_in_order_and_the_open_model_teaches(panel) -> None:
    assert panel.isVisible()
    texts = [panel.list.item(k).text() for k in range(panel.list.count())]
    assert texts[:3] == ["Pictures", "Training", "1.  Teacher"]
    assert texts[-2:] == ["8.  Export the subnet", "All in one go"]
    assert panel.forms.teacher.teacher.path() == "/models/trans.safetensors"
    plan = panel.forms.plan()
    assert plan == GanPlan(first=plan.first, teacher="/models/trans.safetensors")
    for name in panel.forms.pages:
        panel.show_page(name)
        assert not panel.grab().isNull()


def test_the_panel_opens_without_a_model(window, qapp) -> None:
    window._show_model(None)
    assert window.actions_["gan_compression"].isEnabled()


def test_everything_that_is_filled_in_comes_back(panel) -> None:
    plan = GanPlan(
        first="/a", second="/b", pairing="folders", backwards=True, instances="/i",
        teacher_ngf=32, blocks=6, size=(64, 128), ngf=24, ratios=(1.0, 0.5), budget=2.5, unit="ms",
        target="pytorch:cpu:f32", pictures=4, finalists=3, config="8_8_8_8_8_8", fast=True,
        training=TrainingOptions(
            minutes=3, steps=50, batch=4, rate=1e-3, decay=0.5, seed=9, recon=10, distil=2, gan=0.5,
            gan_mode="lsgan", ndf=64, crop=1.25, flip=False, sampling="sandwich", held=4,
        ),
    )  # fmt: skip
    seeded = replace(plan.evolution, population=8, generations=3, parents=0.5, seed=9)
    plan = replace(plan, evolution=seeded).with_source("distil", "start", "/s")
    panel.forms.show_plan(plan)
    assert panel.forms.plan() == plan
    panel.usual.click()
    usual = panel.forms.plan()
    assert (usual.training, usual.fast, usual.first) == (TrainingOptions(), False, "/a")


def test_folders_are_looked_at_as_they_are_named(panel, qtbot, tmp_path) -> None:
    told = panel.forms.pictures.told
    qtbot.waitUntil(lambda: "Usable: 4" in told.text(), timeout=5000)
    assert (
        told.text() == "Usable: 4, side by side in one picture (A|B). "
        "All have 16 \N{MULTIPLICATION SIGN} 16 px."
    )
    base = tmp_path / "two"
    base.mkdir()
    a, b = two_folders(base, 3)
    Image.new("RGB", (16, 8)).save(b / "00.png")
    Image.new("RGB", (20, 10)).save(a / "01.png")
    Image.new("RGB", (20, 10)).save(b / "01.png")
    panel.forms.pictures.first.set_path(str(a))
    panel.forms.pictures.second.set_path(str(b))
    qtbot.waitUntil(lambda: "Left out: 1" in told.text(), timeout=5000)
    assert "of 00: its pictures are unequal: 16 x 16 and 16 x 8 px" in told.text()
    assert "Sizes differ (20 \N{MULTIPLICATION SIGN} 10, 16" in told.text()
    panel.forms.pictures.first.set_path(str(tmp_path / "nothing"))
    qtbot.waitUntil(lambda: "is no folder" in told.text(), timeout=5000)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("student", GanCompressionJob),
        ("transfer", TransferJob),
        ("distil", GanCompressionJob),
        ("supernet", GanCompressionJob),
        ("search", SearchJob),
        ("finetune", GanCompressionJob),
        ("export", SubnetJob),
        ("all", GanCompressionJob),
    ],
)
def test_each_step_is_a_job_of_its_own(panel, qtbot, tmp_path, step, kind) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "supernet.safetensors").write_bytes(b"")
    panel.forms.set_config("8_8_8_8_8_8")
    panel.forms.transfer.ngf.setValue(8)
    handle = begin(panel, step, qtbot)
    assert isinstance(handle.job, kind)
    assert handle.job == gan_plan.job(panel.forms.plan(), tmp_path / "work", step)
    assert gan_plan.load(tmp_path / "work") == panel.forms.plan()
    assert panel.progress.isVisible()
    assert "under way" in panel.list.currentItem().text()
    assert panel.progress.buttons.stop.isHidden() == (kind in (TransferJob, SubnetJob))


def test_a_new_teacher_is_trained_only_where_none_is_named(panel, qtbot) -> None:
    panel.show_page("teacher")
    assert not panel.begin_.isEnabled()
    assert panel.says.text() == "A teacher is named: there is nothing to train here."
    panel.forms.teacher.teacher.set_path("")
    assert panel.begin_.isEnabled()
    panel.forms.teacher.ngf.setValue(8)
    assert begin(panel, "teacher", qtbot).job.order.ngf == 8


def test_what_is_wrong_is_said_before_anything_begins(panel, qtbot, tmp_path) -> None:
    assert refused(panel, "search", qtbot) == (
        "there is no supernet yet; train one first, or name a file"
    )
    assert refused(panel, "export", qtbot).startswith("there is no supernet yet")
    panel.forms.supernet.ratios.setText("all of them")
    assert "“all of them” are no shares of widths" in refused(panel, "supernet", qtbot)
    panel.forms.supernet.ratios.setText("1 0.5")
    (tmp_path / "odd").mkdir()
    Image.new("RGB", (15, 8)).save(tmp_path / "odd" / "a.png")
    panel.forms.pictures.first.set_path(str(tmp_path / "odd"))
    panel.forms.pictures.pairing.choose("joined")
    assert refused(panel, "student", qtbot) == (
        "none of the 1 pictures can be used; of a: its 15 x 8 px are not two pictures of one size "
        "side by side"
    )
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("fast", [True, False])
def test_a_budget_that_nothing_meets_is_said_with_the_best_there_is(panel, qtbot, fast) -> None:
    forms = panel.forms
    forms.transfer.ngf.setValue(8)
    forms.all.fast.choose(fast)
    forms.search.unit.choose("macs M")
    forms.search.budget.setValue(0.001)
    least = forms.reach(forms.plan(), "all").least
    assert refused(panel, "all", qtbot).startswith(
        f"no subnet meets 1 kMACs; the best that can be reached is {least / 1e6:.3g} MMACs, by "
    )
    forms.search.budget.setValue(least / 1e6 + 0.01)
    assert isinstance(begin(panel, "all", qtbot).job.order, PipelineOrder)


def test_the_search_says_what_its_subnets_cost(panel) -> None:
    assert panel.forms.search.told.text() == ""
    search = panel.forms.search
    search.files["model"].set_path("/models/trans.safetensors")
    assert search.told.text().startswith("Subnets of this supernet: 6,561, from ")
    search.files["model"].set_path("/models/other.safetensors")
    assert search.told.text() == ""


def test_milliseconds_are_always_measured(panel) -> None:
    search = panel.forms.search
    assert search.measured.isVisibleTo(search)
    assert panel.forms.plan().target == ""
    search.unit.choose("ms")
    assert not search.measured.isVisibleTo(search)
    assert panel.forms.plan().target == "pytorch:cpu:f32"


def test_losses_pictures_and_figures_are_drawn_while_it_runs(panel, qtbot, qapp) -> None:
    panel.forms.transfer.ngf.setValue(8)
    handle = begin(panel, "all", qtbot)
    progress = panel.progress
    assert not progress.strip.isVisible()
    handle.say(JobProgress(0.25, "supernet: step 60", 900.0))
    handle.say(look(close=FIRST))
    handle.say(look())
    qapp.processEvents()
    assert progress.title.text() == "All in one go: Once-for-all supernet"
    assert progress.says.text() == "supernet: step 60"
    assert progress.left.text() == "15 min left"
    assert progress.strip.names() == ("input", "full", "2_2_2_2_2_2", "wanted")
    assert progress.curves.values["recon"].text() == "0.250"
    assert progress.curves.curves["distil"].isVisible()
    assert not progress.curves.curves["gan"].isVisible()
    assert progress.figures() == [
        ["", "Error at first", "Error now"],
        ["full", "0.3000", "0.1000"],
        ["2_2_2_2_2_2", "0.4000", "0.2000"],
    ]
    handle.say(JobProgress(0.7, "search: 12 subnets scored"))
    assert progress.title.text() == "All in one go: Search"
    handle.say(look("finetune", (Closeness("full", 0.09),)))
    assert progress.title.text() == "All in one go: Fine-tune"
    assert progress.figures()[1:] == [["full", "0.0900", "0.0900"]]
    assert not panel.grab().isNull()


def test_stop_keeps_the_best_and_the_result_opens_by_one_button(
    panel, window, qtbot, tmp_path
) -> None:
    handle = begin(panel, "supernet", qtbot)
    panel.progress.buttons.stop.click()
    assert handle.stopping
    out = tmp_path / "work" / "supernet.safetensors"
    out.write_bytes(b"")
    skipped = (Skipped("07", "it is no picture that can be read"),)
    report = replace(REPORT, stopped=True, skipped=skipped)
    info = replace(info_of(key="made"), path=str(out))
    handle.end(JobDone(path=str(out), info=info, stages=(report,)))
    assert panel.progress.says.text() == (
        "Once-for-all supernet: stopped after 120 steps in 2.5 min. The best so far is in "
        "supernet.safetensors. Left out: 1 pictures; of 07: it is no picture that can be read."
    )
    assert panel.forms.info_of(str(out)) == info
    assert window.notice.sentence() == "supernet.safetensors is written."
    opened = []
    panel.open_wanted.disconnect()
    panel.open_wanted.connect(opened.append)
    panel.progress.buttons.open.click()
    assert opened == [out]
    panel.progress.buttons.again.click()
    assert panel.says.text() == "supernet.safetensors is there."
    panel.open.click()
    assert opened == [out, out]


def test_training_that_broke_off_says_where(panel, qtbot, tmp_path) -> None:
    handle = begin(panel, "student", qtbot)
    report = replace(REPORT, stage="student", broken="the loss is no number at step 9")
    handle.end(JobDone(path=str(tmp_path / "work" / "student.safetensors"), stages=(report,)))
    assert "It broke off: the loss is no number at step 9." in panel.progress.says.text()
    assert "The best so far is in student.safetensors." in panel.progress.says.text()


def test_what_cannot_begin_is_said_in_the_form_and_what_breaks_in_the_progress(
    panel, window, qtbot
) -> None:
    begin(panel, "student", qtbot).end(JobFailed("the pictures would take 9 GB", "details"))
    assert panel.refusal.text() == "the pictures would take 9 GB"
    assert window.notice.sentence() == "the pictures would take 9 GB"
    handle = begin(panel, "student", qtbot)
    handle.say(look("student"))
    handle.end(JobFailed("the disk is full"))
    assert panel.progress.isVisible()
    assert panel.progress.says.text() == "the disk is full"


def test_cancel_leaves_what_can_be_gone_on_with(panel, qtbot, tmp_path) -> None:
    begin(panel, "distil", qtbot)
    panel.progress.buttons.cancel.click()
    assert panel.progress.says.text().startswith("Cancelled.")
    (tmp_path / "work" / "distil.safetensors.checkpoint").write_bytes(b"")
    panel.progress.buttons.again.click()
    assert panel.resume.isVisible()
    assert panel.resume.isChecked()
    assert begin(panel, "distil", qtbot).job.resume


def test_a_folder_brings_its_work_back(panel, qtbot, tmp_path) -> None:
    plan = GanPlan(first=panel.forms.pictures.first.path(), ngf=24, fast=True)
    gan_plan.save(plan, tmp_path / "old")
    (tmp_path / "old" / "student.safetensors").write_bytes(b"")
    (tmp_path / "old" / "distil.safetensors.checkpoint").write_bytes(b"")
    panel.forms.pictures.folder.set_path(str(tmp_path / "old"))
    qtbot.waitUntil(lambda: panel.forms.plan() == plan, timeout=5000)
    texts = [panel.list.item(k).text() for k in range(panel.list.count())]
    assert texts[3] == "2.  MobileNet-style teacher (done)"
    assert texts[5] == "4.  Distillation (begun)"
    assert panel.forms.distil.files["teacher"].line.placeholderText() == "student.safetensors"
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "gan-compression.json").write_text("[]")
    panel.forms.pictures.folder.set_path(str(tmp_path / "broken"))
    qtbot.waitUntil(lambda: "is no plan of GAN Compression" in panel.refusal.text(), timeout=5000)


def test_what_a_search_finds_is_a_table_and_points_of_the_open_supernet(
    panel, window, qtbot
) -> None:
    panel.forms.search.files["model"].set_path("/models/trans.safetensors")
    handle = begin(panel, "search", qtbot)
    out = handle.job.out
    handle.end(JobDone(path=out, search=SEARCHED))
    progress = panel.progress
    assert progress.found.isVisible()
    assert progress.found.table.model().rowCount() == 2
    assert progress.found.says.text() == (
        "Nearest within 5 GMACs: 12_12_12_12_12_12, FLIP 0.1000. Scored: 9 of 6,561 subnets, on 8 "
        "pictures. Latency measured on pytorch:cpu:f32."
    )
    assert [variant.choice for variant in window.controller.document.kept] == [NARROW, WIDE]
    measuring = runner(panel).handles[-1].job
    assert isinstance(measuring, MeasureJob)
    assert measuring.choices == (NARROW, WIDE)
    config = panel.forms.export.config
    assert config.currentText() == "12_12_12_12_12_12"
    assert [config.itemText(k) for k in range(config.count())] == [
        "12_12_12_12_12_12",
        "8_8_8_8_8_8",
    ]
    progress.found.table.row_activated.emit("8_8_8_8_8_8")
    assert panel.shown == "finetune"
    assert panel.forms.plan().config == "8_8_8_8_8_8"
    assert gan_plan.load(panel.forms.folder()).config == "8_8_8_8_8_8"


def test_the_frontier_opens_the_supernet_where_another_model_is_open(
    panel, window, stage, qtbot, monkeypatch
) -> None:
    other = info_of(key="other")
    panel.forms.search.files["model"].set_path(other.path)
    handle = begin(panel, "search", qtbot)
    handle.end(JobDone(path=handle.job.out, search=SEARCHED))
    assert window.controller.document.kept == ()
    asked = []

    def opened(path, done) -> None:
        asked.append(path)
        done(other, reference(other, path))

    monkeypatch.setattr(window.app.opening, "open", opened)
    panel.progress.found.frontier.click()
    assert asked == [Path(other.path)]
    assert window.controller.document.model.key == "other"
    assert [variant.choice for variant in window.controller.document.kept] == [NARROW, WIDE]


def test_one_step_at_a_time_and_closing_leaves_it_running(panel, window, qtbot) -> None:
    begin(panel, "student", qtbot)
    panel.show_page("distil")
    assert not panel.begin_.isEnabled()
    assert panel.says.text() == "Another step is under way."
    panel.show_page("student")
    assert panel.progress.isVisible()
    panel.close()
    assert panel.running
    window.actions_["gan_compression"].trigger()
    assert panel.progress.isVisible()


def test_events_of_other_jobs_are_not_shown(panel, window, qtbot) -> None:
    handle = begin(panel, "student", qtbot)
    window.app.jobs.staged.emit(handle.id + 100, look())
    window.app.jobs.progressed.emit(handle.id + 100, "other", JobProgress(0.5, "other"))
    assert panel.progress.strip.names() == ()
    assert panel.progress.says.text() != "other"


def test_a_step_is_copied_as_a_command(panel, qtbot) -> None:
    panel.show_page("student")
    panel.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith(
        "maquette train gan-compression /models/trans.safetensors --stage student"
    )
    panel.show_page("search")
    panel.copy.click()
    assert panel.refusal.text().startswith("there is no supernet yet")


def test_every_step_has_a_page_and_words(panel) -> None:
    assert set(panel.forms.steps) == set(STEPS)
    assert list(panel.forms.pages)[:2] == ["pictures", "training"]
