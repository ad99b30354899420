"""Reports by a job: written whole, refused with a sentence, cancelled without a trace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.engine.client import JobRunner
from studio.engine.job_messages import (
    JobCancelled,
    JobDone,
    JobFailed,
    JobProgress,
    ReportJob,
    ReportVariant,
    VariantMeasured,
)
from studio.families.inputs import GanInputs
from studio.families.opening import open_model
from studio.fidelity.measurement import Latency, Measurement
from studio.reporting.report_process import reported_variants, write_report
from studio.subnets.choice import SubnetChoice
from tests.engine.listening import Listener
from tests.families.small import small_model

HALF = SubnetChoice(width=0.5)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("model") / "small.safetensors"
    small_model().save(path)
    return str(path)


def job(file: str, out: Path, choice: SubnetChoice = HALF, seeds: int = 2) -> ReportJob:
    latency = Latency(5.0, 4.0, 6.0)
    measured = Measurement(
        "half", choice, 28.0, 0.9, 0.1, 1, 2, 3, 4, latency, "pytorch:cpu:f32", 2, "here", "1"
    )
    return ReportJob(file, str(out), (measured,), GanInputs(seed=3), seeds)


def test_a_process_writes_the_report(file: str, tmp_path: Path) -> None:
    events = Listener()
    runner = JobRunner(events)
    out = tmp_path / "report.html"
    try:
        runner.run(job(file, out))
        end = events.wait(lambda item: isinstance(item[1], JobDone | JobFailed))[1]
    finally:
        runner.stop()
    assert isinstance(end, JobDone), end
    assert end.path == str(out)
    text = out.read_text("utf-8")
    assert text.count("data:image/png") == 4  # full and half for two seeds
    assert "<td>5.00</td>" in text
    assert any(isinstance(item[1], JobProgress) for item in events.heard)
    assert list(tmp_path.iterdir()) == [out]


def test_a_cancelled_report_leaves_the_old_one(file: str, tmp_path: Path) -> None:
    events = Listener()
    runner = JobRunner(events)
    out = tmp_path / "report.html"
    out.write_text("old")
    try:
        handle = runner.run(job(file, out))
        events.wait(lambda item: isinstance(item[1], JobProgress))
        handle.cancel()
        end = events.wait(lambda item: isinstance(item[1], JobDone | JobFailed | JobCancelled))[1]
    finally:
        runner.stop()
    assert isinstance(end, JobCancelled)
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("model", "folder", "choice", "words"),
    [
        ("none.safetensors", ".", HALF, "none.safetensors"),
        ("", "missing", HALF, "does not exist"),
        ("", ".", SubnetChoice(resolution=4096), "resolution 4096"),
    ],
)
def test_a_report_that_cannot_be_made_is_refused(
    file: str, tmp_path: Path, model: str, folder: str, choice: SubnetChoice, words: str
) -> None:
    out = tmp_path / folder / "report.html"
    end = write_report(job(model or file, out, choice), "token", lambda _: None)
    assert isinstance(end, JobFailed)
    assert words in end.sentence
    assert list(tmp_path.iterdir()) == []


def test_variants_are_taken_from_their_files_and_told_by_their_weights(
    file: str, tmp_path: Path
) -> None:
    cut = small_model().sorted()
    cut.save(tmp_path / "variant.safetensors")
    variant = open_model(tmp_path / "variant.safetensors")
    plain = job(file, tmp_path / "r.html")
    (measured,) = plain.measurements
    there = ReportVariant(str(tmp_path / "variant.safetensors"), HALF, "mine", "name: mine")
    gone = replace(there, path=str(tmp_path / "gone.safetensors"))
    whole = replace(
        plain,
        variants=(gone, there, replace(there, choice=SubnetChoice(width=0.25)), there),
        of_variants=(
            VariantMeasured(variant.info.key, measured),
            VariantMeasured("another key", measured),
        ),
    )
    (found,) = reported_variants(whole)
    assert (found.name, found.recipe, found.measurements) == ("mine", "name: mine", (measured,))
    assert found.model.info.key == variant.info.key
    assert isinstance(write_report(whole, "token", lambda progress: None), JobDone)
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "<h3>mine</h3><pre>name: mine</pre>" in text
    assert text.count("data:image/png") == 6  # full, the variant and half for two seeds


def test_a_model_of_pictures_is_reported_over_parts_of_its_picture(tmp_path: Path) -> None:
    from studio.families.inputs import EncodedPicture
    from studio.session.raster import png
    from studio.session.source import Drawing, Stroke
    from tests.training.gan_compression.worlds import SIDE, tiny_teacher

    tiny_teacher().save(tmp_path / "tiny.safetensors")
    stroke = Stroke("pen", ((20.0, 8.0, 1.0), (50.0, 60.0, 1.0)), 5.0)
    inputs = EncodedPicture(png(Drawing(64, 64, (stroke,))), SIDE, SIDE)
    out = tmp_path / "report.html"
    wanted = replace(
        job(str(tmp_path / "tiny.safetensors"), out, seeds=3), inputs=inputs
    )  # fmt: skip
    end = write_report(wanted, "token", lambda _: None)
    assert isinstance(end, JobDone), end
    text = out.read_text("utf-8")
    assert text.count("data:image/png") == 6  # full and half for three parts
    assert "Median over 3 pictures (the picture, its mirror image and crops of it)" in text
    # Without a picture it has test pictures of its own.
    end = write_report(replace(wanted, inputs=GanInputs()), "token", lambda _: None)
    assert isinstance(end, JobDone), end
    assert "Median over 3 pictures (test pictures)" in out.read_text("utf-8")


def test_a_pipeline_is_reported_with_its_words_and_errors_by_step(tmp_path: Path) -> None:
    from studio.families.diffusion.inputs import DiffusionInputs
    from studio.subnets.denoisers.choice import Denoising, Sampling
    from tests.families.diffusion.tiny import shared_folder

    out = tmp_path / "report.html"
    inputs = DiffusionInputs("a head & <hat>", "blur", 7, steps=3, guidance=4.0, scheduler="euler")
    fewer = SubnetChoice(denoising=Denoising(sampling=Sampling(steps=2)))
    plain = job(str(shared_folder("StableDiffusionPipeline")), out)
    (measured,) = plain.measurements
    stepped = replace(measured, steps=3, step_ms=1.5)
    wanted = replace(
        plain,
        inputs=inputs,
        seeds=4,
        measurements=(
            replace(stepped, choice=SubnetChoice()),
            stepped,
            replace(stepped, choice=fewer, steps=2),
        ),
    )
    end = write_report(wanted, "token", lambda progress: None)
    assert isinstance(end, JobDone), end
    text = out.read_text("utf-8")
    assert text.count("data:image/png") == 6  # full, half and two steps for two seeds
    for said in (
        "<dd>a head &amp; &lt;hat&gt;</dd>", "<dd>blur</dd>", "<dd>4</dd>", "<dd>euler</dd>",
        "<dd>16 x 16 px</dd>", "seed&nbsp;7", "seed&nbsp;8", "(seeds 7 to 10)", "<td>1.50</td>",
        "3 to 30 whole pictures",
    ):  # fmt: skip
        assert said in text, said
    # Of half the denoiser there is a curve over three steps; that of two steps is full's own.
    assert text.count('<polyline class="frontier"') == 2  # one of them is the frontier's
    assert "width 0.5: 3 steps, " in text
    assert "2 steps: " not in text
