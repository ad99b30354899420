"""Make elastic in the window: the form, the training that is watched, its ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.engine.job_messages import ElasticJob, JobDone, JobFailed, JobLook, JobProgress
from studio.engine.messages import Picture
from studio.training.elastic.options import ElasticOptions
from studio.training.elastic.report import ElasticReport, WidthFidelity
from tests.widgets.conftest import use
from tests.widgets.fakes import model_info

BEFORE = (WidthFidelity(0.5, 19.0, 0.4), WidthFidelity(1.0, None, 0.0))
AFTER = (WidthFidelity(0.5, 29.0, 0.2), WidthFidelity(1.0, 41.0, 0.03))


def report(stopped: bool = False, unread: tuple[str, ...] = ()) -> ElasticReport:
    return ElasticReport(BEFORE, AFTER, 320, 12.5, stopped, "no discriminator", 3, unread)


def look(step: int, widths=AFTER) -> JobLook:
    picture = Picture(8, 6, pixels=bytes(range(144)))
    return JobLook(step, 1.0, (0.5, 0.3, 0.2), widths, picture)


@pytest.fixture
def elastic(window, tmp_path):
    """The training window with the form for a model whose folder can be written."""
    use_model(window, tmp_path)
    window.actions_["make_elastic"].trigger()
    return window.elastic


def use_model(window, folder: Path) -> None:
    info = model_info("key-two", str(folder / "two.safetensors"), title="Two")
    from widgets.opening import reference

    window.app.client.models[info.path] = info
    window.app.controller.use_model(info, reference(info, Path(info.path)), first=False)


def handle(elastic):
    return elastic._jobs._runner.handles[-1]


def tell(elastic, event) -> None:
    handle(elastic)._tell(handle(elastic).id, event)


def test_the_command_opens_a_form_with_the_usual_choices(elastic, tmp_path, qapp) -> None:
    assert elastic.isVisible()
    assert elastic.form.isVisible()
    assert elastic.form.options() == ElasticOptions()
    assert elastic.form.out_path() == tmp_path / "two-elastic.safetensors"
    assert not elastic.form.resume.isVisible()
    assert "20 min" in elastic.form.cost.text()
    assert "GB" in elastic.form.cost.text()


def test_what_is_filled_in_becomes_the_job(elastic, tmp_path, qapp) -> None:
    form = elastic.form
    form.minutes.setValue(5)
    form.widths.setText("0.5, 0.75")
    form.seed.setValue(7)
    form.batch.setValue(4)
    form.threads.setValue(2)
    form.keep_full.setChecked(False)
    form.data.setText("/pictures")
    form.begin.click()
    qapp.processEvents()
    assert handle(elastic).job == ElasticJob(
        str(tmp_path / "two.safetensors"),
        str(tmp_path / "two-elastic.safetensors"),
        ElasticOptions(5, None, (0.5, 0.75, 1.0), 7, 4, 2, False, "/pictures"),
    )
    assert elastic.running
    assert elastic.progress.isVisible()
    assert not elastic.progress.buttons.open.isVisible()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("half", "“half” is not a list of numbers such as 0.25 0.5 0.75 1"),
        ("1", "widths name full alone; at least one below 1 is needed"),
        ("0.5 2", "width 2 is not within 0.015625 and 1"),
    ],
)
def test_what_cannot_begin_is_said_in_the_form(elastic, text, sentence) -> None:
    elastic.form.widths.setText(text)
    elastic.form.begin.click()
    assert elastic.form.refusal.isVisible()
    assert elastic.form.refusal.text() == sentence
    assert not elastic.running


def test_a_checkpoint_beside_the_result_is_gone_on_from(elastic, tmp_path) -> None:
    (tmp_path / "two-elastic.safetensors.checkpoint").write_bytes(b"state")
    elastic.form.set_out(elastic.form.out_path())
    assert elastic.form.resume.isVisible()
    assert elastic.form.resume.isChecked()
    elastic.form.begin.click()
    assert handle(elastic).job.resume


def test_progress_and_looks_are_shown(elastic, qapp) -> None:
    elastic.form.begin.click()
    tell(elastic, JobProgress(0.25, "step 80, loss 0.3", 900.0))
    tell(elastic, look(0, BEFORE))
    tell(elastic, look(80))
    qapp.processEvents()
    progress = elastic.progress
    assert progress.says.text() == "step 80, loss 0.3"
    assert progress.left.text() == "15 min left"
    assert progress.bar.value() == 250
    assert progress.strip.names() == ("0.5", "full", "original")
    assert progress.figures() == [
        ["", "FLIP at first", "FLIP now", "PSNR now"],
        ["0.5", "0.400", "0.200", "29.0 dB"],
        ["full", "0.000", "0.030", "41.0 dB"],
    ]
    assert len(progress.curve.points(progress.curve.rect().toRectF())) == 3
    assert not progress.grab().isNull()


def test_stop_asks_the_job_and_shows_what_it_has_written(elastic, window, qapp, tmp_path) -> None:
    elastic.form.begin.click()
    elastic.progress.buttons.stop.click()
    assert handle(elastic).stopping
    assert not elastic.progress.buttons.stop.isEnabled()
    handle(elastic).end(JobDone(path="x", elastic=report(stopped=True, unread=("a.png",))))
    qapp.processEvents()
    says = elastic.progress.says.text()
    assert says.startswith("Stopped after 320 steps in 12.5 min; the best is in two-elastic")
    assert "Pictures that cannot be read: 1, a.png for one." in says
    assert elastic.progress.figures()[1] == ["0.5", "0.400", "0.200", "29.0 dB"]
    assert not elastic.running
    assert window.notice.sentence() == "two-elastic.safetensors is trained."
    opened = []
    window.commands.open_path = opened.append
    elastic.open_wanted.disconnect()
    elastic.open_wanted.connect(opened.append)
    elastic.progress.buttons.open.click()
    assert opened == [tmp_path / "two-elastic.safetensors"]


def test_cancel_keeps_nothing_but_the_checkpoint(elastic, qapp) -> None:
    elastic.form.begin.click()
    elastic.progress.buttons.cancel.click()
    qapp.processEvents()
    assert elastic.progress.says.text().startswith("Cancelled. The checkpoint is kept")
    assert not elastic.progress.buttons.open.isVisible()
    assert not elastic.running
    elastic.progress.buttons.again.click()
    assert elastic.form.isVisible()


def test_a_failure_is_said_here_and_in_the_main_window(elastic, window, qapp) -> None:
    elastic.form.begin.click()
    handle(elastic).end(JobFailed("there is no picture in /pictures", "details"))
    qapp.processEvents()
    assert elastic.progress.says.text() == "there is no picture in /pictures"
    assert window.notice.sentence() == "there is no picture in /pictures"


def test_closing_leaves_the_training_running_and_the_command_shows_it(elastic, window) -> None:
    elastic.form.begin.click()
    elastic.close()
    assert elastic.running
    window.actions_["make_elastic"].trigger()
    assert elastic.progress.isVisible()


def test_events_of_other_jobs_are_not_shown(elastic, window, qapp) -> None:
    elastic.form.begin.click()
    other = handle(elastic).id + 100
    window.app.jobs.progressed.emit(other, "other", JobProgress(0.5, "other"))
    window.app.jobs.looked.emit(other, look(5))
    assert elastic.progress.says.text() != "other"
    assert elastic.progress.strip.names() == ()


def test_the_embedded_model_suggests_the_users_folder(elastic, tmp_path) -> None:
    from studio.places import embedded_model
    from widgets.training import files

    own = embedded_model("clay-heads")
    assert own is not None
    assert files.suggested(own, "clay-heads").parent != own.parent
    assert files.suggested(tmp_path / "a.pt", "a").parent == tmp_path


def test_the_window_needs_a_model(window, qapp) -> None:
    use(type("S", (), {"app": window.app, "client": window.app.client}))
    window._show_model(None)
    assert not window.actions_["make_elastic"].isEnabled()
