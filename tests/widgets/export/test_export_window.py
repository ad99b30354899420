"""The Export panel as one uses it, on an engine that answers when told to."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLabel

from studio.engine.bundle_messages import (
    Beyond,
    BundleQuality,
    ExportJob,
    InstallJob,
    JobAsk,
    PlanExportJob,
    VerifyJob,
)
from studio.engine.job_messages import JobCancelled, JobDone, JobFailed, JobProgress
from studio.subnets.choice import SubnetChoice
from tests.bundles.made import bundle, requested
from tests.families.quantised import tame_model
from tests.widgets.export.offers import CONVERTER, LOST, planned, report
from widgets.export.subjects import LADDER

HALF = SubnetChoice(width=0.5)


def jobs(window, kind: type) -> list:
    runner = window.app.jobs._runner
    return [] if runner is None else [h for h in runner.handles if isinstance(h.job, kind)]


@pytest.fixture
def panel(window, qtbot, tmp_path):
    """The panel with all sizes known and a folder of the test's own."""
    window.actions_["export"].trigger()
    jobs(window, PlanExportJob)[-1].end(planned(jobs(window, PlanExportJob)[-1].job))
    made = window.export
    qtbot.waitUntil(lambda: bool(made.form.formats.boxes))
    made.form.out.setText(str(tmp_path / "bundle"))
    return made


def box(panel, name):
    return next(b for b in panel.form.formats.boxes if b.name == name)


def begin(panel, qtbot):
    """Press Export and wait for what follows."""
    panel.form.begin.click()
    qtbot.waitUntil(panel.form.begin.isEnabled)


def test_it_is_under_ctrl_e_and_asks_the_engine_at_once(window, qtbot):
    action = window.actions_["export"]
    assert action.shortcut() == QKeySequence("Ctrl+E")
    action.trigger()
    (asked,) = jobs(window, PlanExportJob)
    # What is on show first, then the ladder, which is likely to be asked for next.
    assert asked.job.path == "/models/one.safetensors"
    assert asked.job.subjects[0].choice == HALF
    assert {s.choice.width for s in asked.job.subjects} == {0.25, 0.5, 0.75, 1.0}
    panel = window.export
    assert panel.isVisible()
    assert "Working out" in panel.form.formats.note.text()
    assert not panel.form.begin.isEnabled()


def test_a_box_says_how_large_it_is_and_where_it_runs(panel):
    onnx, strange, litert = (box(panel, n) for n in ("onnx", "strange", "litert"))
    assert onnx.boxes["f32"].isChecked()
    assert onnx.sizes["f32"].text() == "10.0 MB"
    assert onnx.states["f32"].full_text() == "runs here: ONNX Runtime CPU"
    assert "a note" in onnx.boxes["f16"].toolTip()
    assert onnx.boxes["f16"].accessibleName() == "ONNX f16"
    assert onnx.boxes["f16"].accessibleDescription() == "5.0 MB runs here: ONNX Runtime CPU"
    # What is lacking is greyed, with the reason.
    assert not onnx.boxes["int8"].isEnabled()
    assert "Int8 in the recipe" in onnx.states["int8"].full_text()
    assert LOST in onnx.boxes["int8"].toolTip()
    assert strange.states["f16"].full_text() == "made here, not run here"
    assert "a strange machine" in strange.boxes["f16"].toolTip()
    assert not litert.boxes["f32"].isEnabled()
    assert litert.reason.text() == "Its converter is not installed yet."
    assert litert.reason.toolTip() == "the package ai-edge is missing"
    assert litert.reason.isVisible()
    assert not onnx.reason.isVisible()
    assert litert.findChildren(QLabel)[1].text() == "Android phones and small boards"
    assert strange.findChildren(QLabel)[1].text() == "strange machines"  # the engine's own words


def test_the_sum_follows_what_is_chosen(panel, window):
    form = panel.form
    assert form.says.text().startswith("1 file, about 10.0 MB")
    box(panel, "onnx").boxes["f16"].setChecked(True)
    assert form.says.text().startswith("2 files, about 15.0 MB")
    form.supernet.setChecked(True)
    assert form.says.text().startswith("3 files, about 55.0 MB")
    assert "every one is run" in form.says.text()
    box(panel, "strange").boxes["f16"].setChecked(True)
    assert "those that run here (3) are compared" in form.says.text()
    box(panel, "strange").boxes["f16"].setChecked(False)
    form.what.setCurrentIndex(form.what.findData(LADDER))
    form.what.activated.emit(form.what.currentIndex())
    assert form.widths.isVisible()
    assert form.widths.text() == "0.25 0.5 0.75 1"
    assert len(jobs(window, PlanExportJob)) == 1  # known already
    assert form.says.text().startswith("9 files, about 100 MB")
    form.widths.setText("half")
    form.widths.editingFinished.emit()
    assert "“half” is not a list of numbers" in form.says.text()
    assert not form.begin.isEnabled()
    form.widths.setText("0.5, 1")
    form.widths.editingFinished.emit()
    assert [c.width for c in form.job().choices] == [0.5, 1.0]
    for check in box(panel, "onnx").boxes.values():
        check.setChecked(False)
    assert form.says.text() == "Choose at least one format."


def test_another_variant_is_asked_for_and_the_last_wish_counts(panel, window, qtbot):
    controller, form = window.controller, panel.form
    controller.set_subnet(SubnetChoice(width=0.6), None)
    (_, second) = jobs(window, PlanExportJob)
    controller.set_subnet(SubnetChoice(width=0.7), None)
    (_, _, third) = jobs(window, PlanExportJob)
    assert second.finished  # cancelled
    assert not form.begin.isEnabled()
    third.end(planned(third.job, megabytes=3))
    qtbot.waitUntil(lambda: box(panel, "onnx").sizes["f32"].text() == "3.0 MB")
    controller.keep()
    kept = controller.document.kept[0]
    window.bottom.export_wanted.emit(kept.id)
    assert form.what.currentData() == kept.id
    assert form.job().choices == (SubnetChoice(width=0.7),)


def test_a_plan_that_fails_says_why(window, qtbot):
    window.actions_["export"].trigger()
    jobs(window, PlanExportJob)[0].end(JobFailed("one.safetensors does not exist"))
    form = window.export.form
    qtbot.waitUntil(lambda: form.says.text() == "one.safetensors does not exist")
    assert form.formats.note.text() == "one.safetensors does not exist"


def test_an_export_from_the_button_to_the_result(panel, window, qtbot, tmp_path, monkeypatch):
    form = panel.form
    form.limits.flip_on.setChecked(True)
    form.limits.flip.setValue(0.05)
    begin(panel, qtbot)
    (handle,) = jobs(window, ExportJob)
    out = str(tmp_path / "bundle")
    assert handle.job == ExportJob(
        "/models/one.safetensors", out, (("onnx", "f32"),), (HALF,), limit_flip=0.05
    )
    assert panel.page is panel.progress
    handle.say(JobProgress(0.4, "running full.onnx-f32", 12.0))
    qtbot.waitUntil(lambda: panel.progress.says.text() == "running full.onnx-f32")
    assert panel.progress.left.text() == "12 s left"
    handle.end(JobDone(path=out, bundle=report(out)))
    qtbot.waitUntil(lambda: panel.page is panel.result)
    table = panel.result.table
    texts = [table.model().index(0, c).data() for c in range(table.model().columnCount())]
    assert texts == [
        "full.onnx-f32.onnx", "10.0 MB", "1e-06", "0.060", "0.950", "equal", "\u2013",
        "ONNX Runtime 1.30.0, cpu",
    ]  # fmt: skip
    assert table.isColumnHidden(6)  # nothing was timed
    assert table.model().index(1, 7).data() == "not run here: made here, not run here"
    assert "1 of 2 files were run here" in panel.result.state.text()
    assert panel.result.notes.text() == "a note of the file"
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url))
    panel.result.folder.click()
    assert opened == [QUrl.fromLocalFile(out)]
    panel.result.copy.click()
    assert QGuiApplication.clipboard().text() == (
        f"maquette export /models/one.safetensors --output {out} --format onnx:f32 --width 0.5 "
        "--limit-flip 0.05 --no-measure"
    )
    panel.result.verify.click()
    (check,) = jobs(window, VerifyJob)
    assert check.job == VerifyJob(out)
    assert not panel.result.verify.isEnabled()
    check.end(JobFailed("models/full.onnx-f32.onnx was changed"))
    qtbot.waitUntil(lambda: "Refused: models/full.onnx-f32.onnx" in panel.result.state.text())
    panel.result.verify.click()
    jobs(window, VerifyJob)[1].end(JobDone(bundle=report(out)))
    qtbot.waitUntil(lambda: "Verified in 4.2 s: 12 files" in panel.result.state.text())
    panel.result.back.click()
    assert panel.page is form


@pytest.mark.parametrize("ship", [True, False])
def test_what_is_beyond_a_limit_is_asked_about(panel, window, qtbot, ship):
    begin(panel, qtbot)
    (handle,) = jobs(window, ExportJob)
    words = ("FLIP 0.200 is above 0.1",)
    handle.say(JobAsk((Beyond("half.onnx-f32", BundleQuality(0.2, 0.8, 21.5), words),)))
    qtbot.waitUntil(lambda: panel.page is panel.question)
    model = panel.question.table.model()
    assert [model.index(0, c).data() for c in range(5)] == [
        "half.onnx-f32", "0.200", "0.800", "21.5 dB", words[0],
    ]  # fmt: skip
    assert "1 file is further from full" in panel.question.says.text()
    (panel.question.ship if ship else panel.question.stop).click()
    assert handle.answers == [ship]
    assert panel.page is panel.progress
    handle.end(JobFailed("beyond the limit; nothing was kept but bundle.report.json"))
    qtbot.waitUntil(lambda: panel.page is panel.form)
    assert "nothing was kept but" in panel.form.says.text()


def test_a_bundle_that_is_there_is_replaced_only_when_the_user_says_so(
    panel, window, qtbot, tmp_path
):
    out = tmp_path / "bundle"
    bundle(tmp_path, requested(tame_model()))
    form = panel.form
    begin(panel, qtbot)
    assert "A bundle is in bundle already" in form.says.text()
    assert (form.begin.text(), jobs(window, ExportJob)) == ("Replace it", [])
    form.out.setText(str(tmp_path / "another"))
    assert form.begin.text() == "Export"
    form.out.setText(str(out))
    begin(panel, qtbot)
    form.begin.click()
    assert jobs(window, ExportJob)[0].job.out == str(out)


def test_a_folder_with_something_else_is_refused(panel, window, qtbot, tmp_path):
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "letter.txt").write_text("mine")
    begin(panel, qtbot)
    assert "something that is not a bundle" in panel.form.says.text()
    assert not jobs(window, ExportJob)


def test_packages_come_only_when_the_user_has_agreed_to_them_by_name(panel, window, qtbot):
    litert = box(panel, "litert")
    assert litert.install.isVisible()
    assert not box(panel, "strange").install.isVisible()
    litert.install.click()
    assert panel.page is panel.consent
    assert panel.consent.packages.toPlainText() == "ai-edge 1.0\ntorch 2.0"
    assert "about 4.0 MB" in panel.consent.says.text()
    panel.consent.no.click()
    assert panel.page is panel.form
    assert jobs(window, InstallJob) == []
    litert.install.click()
    panel.consent.yes.click()
    (handle,) = jobs(window, InstallJob)
    assert handle.job == InstallJob(CONVERTER)
    assert panel.page is panel.progress
    handle.end(JobFailed("the packages for LiteRT do not install: no room"))
    qtbot.waitUntil(lambda: panel.page is panel.form)
    assert "no room" in panel.form.says.text()
    litert.install.click()
    panel.consent.yes.click()
    asked = len(jobs(window, PlanExportJob))
    jobs(window, InstallJob)[1].end(JobDone())
    qtbot.waitUntil(lambda: len(jobs(window, PlanExportJob)) == asked + 1)
    assert panel.page is panel.form


def test_cancelled_and_closed(panel, window, qtbot):
    begin(panel, qtbot)
    (handle,) = jobs(window, ExportJob)
    panel.close()
    assert not handle.finished  # it goes on
    window.actions_["export"].trigger()
    assert panel.page is panel.progress
    panel.progress.cancel.click()
    assert handle.finished
    qtbot.waitUntil(lambda: panel.page is panel.form)
    assert "as it was" in panel.form.says.text()
    begin(panel, qtbot)
    jobs(window, ExportJob)[1].end(JobCancelled())
    qtbot.waitUntil(lambda: panel.page is panel.form)


def test_an_end_that_nobody_watched_is_told(panel, window, qtbot, tmp_path):
    begin(panel, qtbot)
    panel.close()
    out = str(tmp_path / "bundle")
    jobs(window, ExportJob)[0].end(JobDone(path=out, bundle=report(out)))
    qtbot.waitUntil(lambda: "bundle is exported and verified" in window.notice.sentence())
    window.notice.action_clicked.emit()
    assert panel.isVisible()
    assert panel.page is panel.result


def test_everything_has_a_name_and_is_reached_by_tab(panel, qtbot):
    form = panel.form
    named = [
        form.what, form.supernet, form.limits.flip_on, form.limits.flip, form.limits.psnr_on,
        form.limits.psnr, form.measure, form.out, form.choose, form.begin, form.copy,
        *(check for b in form.formats.boxes for check in b.boxes.values()),
    ]  # fmt: skip
    for widget in named:
        text = getattr(widget, "text", str)()
        assert widget.accessibleName() or text, widget.objectName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.objectName()
    form.what.setFocus()
    stops, widget = [], form.what
    for _ in range(40):
        widget = widget.nextInFocusChain()
        if widget in named:
            stops.append(widget)
    order = [
        form.supernet,
        *(check for b in form.formats.boxes for check in b.boxes.values()),
        form.limits.flip_on,
    ]
    assert [s for s in stops if s in order][: len(order)] == order


def test_a_name_of_a_folder_that_is_not_taken_is_suggested(window, qtbot):
    window.actions_["export"].trigger()
    assert Path(window.export.form.out.text()).name == "one-bundle"
