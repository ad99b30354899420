"""Bundles as jobs: what could be made, the export, its question, verifying, and being killed."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from studio.bundles.workers import converters, making
from studio.bundles.workers.environments import agreement
from studio.engine.bundle_messages import (
    ConverterOffer,
    ExportJob,
    ExportSubject,
    InstallJob,
    JobAsk,
    PlanExportJob,
    VerifyJob,
)
from studio.engine.client import JobRunner
from studio.engine.job_messages import JobCancelled, JobDone, JobFailed, JobProgress
from studio.engine.jobs import run_job
from studio.errors import MaquetteError
from studio.recipes.recipe import Recipe, Step, to_text
from studio.recipes.values import Values
from studio.subnets.choice import SubnetChoice
from tests.bundles.made import hashes
from tests.bundles.workers.made import TINY
from tests.engine.listening import Listener, gone
from tests.families.quantised import tame_model

HALF, FULL = SubnetChoice(width=0.5), SubnetChoice()
ONNX = (("onnx", "f32"),)
CUT = to_text(Recipe("half", (Step("subnet", 1, True, Values({"width": 0.5})),)))


@pytest.fixture(scope="module")
def model_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    tame_model().save(path)
    return path


def done(job: object, **more: object) -> JobDone:
    end = run_job(job, "token", lambda _: None, **more)
    assert isinstance(end, JobDone), end
    return end


def failed(job: object, **more: object) -> str:
    end = run_job(job, "token", lambda _: None, **more)
    assert isinstance(end, JobFailed), end
    return end.sentence


def test_every_format_says_what_it_would_give(model_file):
    subjects = (ExportSubject(choice=HALF), ExportSubject(), ExportSubject(recipe=CUT))
    half, full, cut = done(PlanExportJob(str(model_file), subjects)).offers
    assert [o.subject for o in (half, full, cut)] == list(subjects)
    names = [offer.name for offer in full.formats]
    assert names[:4] == ["onnx", "openvino", "pt2", "safetensors"]
    onnx = full.formats[0]
    assert (onnx.title, [p.precision for p in onnx.precisions]) == ("ONNX", ["f32", "f16", "int8"])
    f32, f16, int8 = onnx.precisions
    assert f32.runs_here == ("onnxruntime:cpu:f32",)
    assert not f32.refusals
    assert "quantised" in int8.refusals[0]
    assert f16.bytes < f32.bytes < 2 * f16.bytes
    assert half.formats[0].precisions[0].bytes < f32.bytes
    # A recipe that cuts decides by itself, and gives the same network as the choice.
    assert cut.formats[0].precisions[0].bytes == half.formats[0].precisions[0].bytes
    assert full.supernet_bytes == cut.supernet_bytes or cut.supernet_bytes > 0


def test_an_export_is_verified_and_says_so(model_file, tmp_path):
    out = tmp_path / "번들"
    job = ExportJob(str(model_file), str(out), ONNX, (HALF, FULL), supernet=True)
    report = done(job).bundle
    assert report.folder == str(out)
    assert [n.main for n in report.networks] == [
        "models/width-0.5.onnx-f32.onnx",
        "models/full.onnx-f32.onnx",
        "models/supernet.safetensors-f32.safetensors",
    ]
    half, full, _ = report.networks
    assert half.verified_on.startswith("onnxruntime ")
    assert half.difference < 1e-3
    assert half.bytes == (out / half.main).stat().st_size
    assert full.quality.flip < 0.001 < half.quality.flip
    assert half.latency is None
    assert report.files == sum(f.is_file() for f in out.rglob("*")) - 1
    found = done(VerifyJob(str(out))).bundle
    assert [n.verified_on.partition(" ")[0] for n in found.networks] == [
        "onnxruntime", "onnxruntime", "pytorch",
    ]  # fmt: skip
    assert (found.networks[0].difference, found.files) == (
        pytest.approx(half.difference, abs=1e-5), report.files,
    )  # fmt: skip
    changed = out / "models" / "full.onnx-f32.onnx"
    changed.write_bytes(changed.read_bytes()[:-1] + b"x")
    assert "full.onnx-f32.onnx was changed" in failed(VerifyJob(str(out)))


def test_a_variant_by_a_recipe(model_file, tmp_path):
    report = done(ExportJob(str(model_file), str(tmp_path / "b"), ONNX, recipe=CUT)).bundle
    whole = done(ExportJob(str(model_file), str(tmp_path / "c"), ONNX, (HALF,))).bundle
    assert report.networks[0].quality == whole.networks[0].quality


def test_what_is_beyond_a_limit_is_asked_about_with_its_figures(model_file, tmp_path):
    out = tmp_path / "bundle"
    job = ExportJob(str(model_file), str(out), ONNX, (HALF, FULL), limit_flip=0.001)
    asked: list[JobAsk] = []

    def ask(question: JobAsk) -> bool:
        asked.append(question)
        return len(asked) > 1

    sentence = failed(job, ask=ask)
    assert "width-0.5.onnx-f32 (FLIP" in sentence
    assert [p.name for p in tmp_path.iterdir()] == ["bundle.report.json"]
    report = done(job, ask=ask).bundle
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]
    (beyond,) = asked[1].beyond  # full is within it
    assert (beyond.id, beyond.quality) == ("width-0.5.onnx-f32", report.networks[0].quality)
    assert beyond.words == (f"FLIP {beyond.quality.flip:.3f} is above 0.001",)


def test_a_converter_is_installed_as_agreed_to_and_in_no_other_way(model_file, monkeypatch):
    (offer,) = done(PlanExportJob(str(model_file), (ExportSubject(),))).offers
    needed = {f.name: f.converter for f in offer.formats if f.converter is not None}
    assert not set(needed) & {"onnx", "openvino", "pt2", "safetensors"}
    wanted = ConverterOffer("tiny", "Tiny", ("tinyconv 1.0", "tiny_helper 2.5"), 1000, 1000)
    monkeypatch.setattr(converters, "CONVERTERS", (TINY,))
    made = []

    def make(converter, agreed, *, progress):
        progress(0.5, "half")
        made.append((converter, agreed == agreement(TINY)))
        if agreed != agreement(TINY):
            raise MaquetteError("the packages for Tiny are not those agreed to")

    monkeypatch.setattr(making, "make", make)
    done(InstallJob(wanted))
    assert "not those agreed to" in failed(InstallJob(replace(wanted, packages=("other 1.0",))))
    assert made == [(TINY, True), (TINY, False)]


def test_refusals_are_sentences(model_file, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    job = ExportJob(str(model_file), str(tmp_path / "taken"), ONNX)
    assert "not a bundle" in failed(job)
    job = ExportJob(str(model_file), str(tmp_path / "new"), (("onnx", "int8"),))
    assert "quantised" in failed(job)
    assert "not a folder" in failed(VerifyJob(str(tmp_path / "none")))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["taken"]


@pytest.fixture
def events():
    return Listener()


@pytest.fixture
def runner(events):
    threads = set(threading.enumerate())
    runner = JobRunner(events)
    yield runner
    runner.stop()
    assert set(threading.enumerate()) <= threads
    assert psutil.Process().children() == []


def ended(item):
    return isinstance(item[1], JobDone | JobFailed | JobCancelled)


def test_a_cancelled_export_leaves_the_old_bundle_whole_and_nothing_else(
    runner, events, model_file, tmp_path
):
    out = tmp_path / "bundle"
    done(ExportJob(str(model_file), str(out), ONNX, (HALF,)))
    before = hashes(out)
    every = (("onnx", "f32"), ("openvino", "f32"), ("pt2", "f32"))
    handle = runner.run(ExportJob(str(model_file), str(out), every, (FULL, HALF)))
    # By then one file is made and the process that runs them is there.
    events.wait(lambda item: isinstance(item[1], JobProgress) and (item[1].fraction or 0) > 0.3)
    family = psutil.Process().children(recursive=True)
    assert len(family) > 1  # what runs the files is a process of its own
    start = time.monotonic()
    handle.cancel()
    assert events.wait(ended) == (handle.id, JobCancelled())
    assert time.monotonic() - start < 3  # a second, and patience with a busy machine
    assert gone(family)
    assert hashes(out) == before
    assert [p.name for p in tmp_path.iterdir()] == ["bundle"]


@pytest.mark.parametrize("ship", [True, False])
def test_the_question_goes_through_the_process(runner, events, model_file, tmp_path, ship):
    out = tmp_path / "bundle"
    handle = runner.run(ExportJob(str(model_file), str(out), ONNX, (HALF,), limit_psnr=199.0))
    _, question = events.wait(lambda item: isinstance(item[1], JobAsk))
    assert question.beyond[0].id == "width-0.5.onnx-f32"
    assert not out.exists()
    handle.answer(ship)
    _, last = events.wait(ended)
    assert isinstance(last, JobDone if ship else JobFailed)
    assert out.exists() == ship


def test_a_pipeline_from_what_it_would_give_to_a_verified_bundle(tmp_path):
    from tests.families.diffusion.tiny import shared_folder

    folder = str(shared_folder("DDPMPipeline"))
    (offer,) = done(PlanExportJob(folder, (ExportSubject(),))).offers
    assert [each.name for each in offer.formats] == [
        "onnx", "openvino", "onnx-npu", "openvino-npu",
    ]  # fmt: skip
    assert [p.precision for p in offer.formats[2].precisions] == ["f16"]
    f32, f16, int8 = offer.formats[0].precisions
    assert f32.contents == ("unet f32",)
    assert f32.runs_here == ("onnxruntime:cpu:f32",)
    assert f16.bytes < f32.bytes
    assert "quantised" in int8.refusals[0]
    assert offer.supernet_bytes == 0
    out = tmp_path / "bundle"
    whole, network = done(ExportJob(folder, str(out), ONNX)).bundle.networks
    assert (whole.main, network.main) == ("", "unet/model.onnx")
    assert whole.quality.flip < 1e-3
    assert whole.difference < 1e-3
    checked = done(VerifyJob(str(out))).bundle.networks
    assert all(each.verified_on.startswith("onnxruntime") for each in checked)
