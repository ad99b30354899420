"""The Export panel with a diffusion pipeline."""

from __future__ import annotations

from studio.engine.bundle_messages import (
    BundleNetwork,
    BundleReport,
    ExportJob,
    FormatOffer,
    PlanExportJob,
    PrecisionOffer,
    SubjectOffer,
)
from studio.engine.job_messages import JobDone
from studio.subnets.choice import SubnetChoice
from tests.widgets.conftest import settle, use
from tests.widgets.diffusion.conftest import info_of
from tests.widgets.export.test_export_window import box, jobs
from widgets.export.bundle_page import BundlePage
from widgets.export.subjects import LADDER

PARTS = ("text_encoder f32", "unet f32", "vae_decoder f32")


def offered(job: PlanExportJob) -> JobDone:
    f32 = PrecisionOffer(
        "f32", 30_000_000, (), ("contains things",), ("onnxruntime:cpu:f32",), PARTS
    )
    made = (FormatOffer("onnx", "ONNX", "everything", (f32,)),)
    return JobDone(offers=tuple(SubjectOffer(each, made, 0) for each in job.subjects))


def test_it_offers_what_a_pipeline_can_become(window, stage, qapp, qtbot, tmp_path) -> None:
    use(stage, info_of())
    settle(stage, qapp)
    assert window.actions_["export"].isEnabled()
    window.actions_["export"].trigger()
    (asked,) = jobs(window, PlanExportJob)
    assert [each.choice for each in asked.job.subjects] == [SubnetChoice()]
    asked.end(offered(asked.job))
    form = window.export.form
    qtbot.waitUntil(lambda: bool(form.formats.boxes))
    assert form.what.findData(LADDER) < 0
    assert not form.supernet.isVisible()
    onnx = box(window.export, "onnx")
    assert onnx.contents.text() == "Holds text_encoder, unet, vae_decoder"
    assert not onnx.contents.isHidden()
    assert ", ".join(PARTS) in onnx.boxes["f32"].toolTip()
    assert form.says.text().startswith("3 files, about 30.0 MB; every one is run")
    form.out.setText(str(tmp_path / "bundle"))
    form.begin.click()
    qtbot.waitUntil(lambda: bool(jobs(window, ExportJob)))
    (ordered,) = jobs(window, ExportJob)
    assert ordered.job.formats == (("onnx", "f32"),)
    assert not ordered.job.supernet


def test_a_report_names_files_by_their_folders(qtbot) -> None:
    whole = BundleNetwork("full.onnx-f32", "full, ONNX f32", "", "f32", 30, "onnxruntime 1, cpu")
    part = BundleNetwork(
        "unet.onnx-f32", "unet", "unet/model.onnx", "f32", 10, "onnxruntime 1, cpu"
    )
    page = BundlePage()
    qtbot.addWidget(page)
    page.show_exported(BundleReport("/b", "one", "CC0-1.0", (whole, part), 4, 40, 1.0))
    names = [page._row(each)[0] for each in (whole, part)]
    assert names == ["full, ONNX f32", "unet/model.onnx"]
    assert "1 of 1 files were run here" in page.state.text()
