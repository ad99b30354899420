"""Lists of pictures of a pipeline in the window: grid, blind test, sweeps, pins, commands."""

from __future__ import annotations

import random
import shlex
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor

from studio.engine.job_messages import MeasureJob, ReportJob
from studio.engine.messages import Finish, Render
from studio.fidelity.measurement import Latency, Measurement
from studio.recipes.recipe import from_text
from studio.runtimes.host import host_name
from studio.session.file import load, save
from studio.session.playing import held_by
from studio.session.source import StoredPicture
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse, Sampling
from tests.widgets.conftest import settle, use
from tests.widgets.diffusion.conftest import EVERYTHING, info_of
from tests.widgets.diffusion.test_window import elastic  # noqa: F401 - a fixture
from widgets import choosers

FULL, HALF = SubnetChoice(), SubnetChoice(0.5)
SIX = SubnetChoice(denoising=Denoising(sampling=Sampling(steps=6)))


@pytest.fixture
def pipeline(elastic, stage, qapp):  # noqa: F811
    """A pipeline that can be cut, with a prompt and half its width on the slider."""
    elastic.controller.use_target("pytorch:cpu:f32")
    elastic.controller.set_words("x", None, prompt="a green head")
    elastic.controller.set_subnet(HALF, None)
    settle(stage, qapp)
    return elastic


def known(window, qtbot):
    techniques = window.app.techniques
    techniques.want()
    qtbot.waitUntil(lambda: techniques.registry is not None and techniques.complete, timeout=9000)


# ---- the grid ------------------------------------------------------------------------------------


@pytest.fixture
def grid(pipeline, qtbot):
    pipeline.controller.keep()
    pipeline.controller.set_subnet(SIX, None)
    pipeline.actions_["grid"].trigger()
    made = pipeline.grid
    qtbot.waitUntil(lambda: made.state.text() == "Pictures: 16", timeout=20_000)
    return made


def test_full_has_its_steps_and_all_others_those_of_a_draft(grid):
    assert [column.name for column in grid._columns] == [
        "full, 24 steps", "current: 6 steps", "width 0.5, 8 steps", "full, 8 steps",
    ]  # fmt: skip
    assert [row.name for row in grid._rows] == [f"seed {seed}" for seed in range(4)]
    specs = [grid._wanted(column, grid._rows[1]) for column in grid._columns]
    assert [item.spec.inputs.steps for item in specs] == [24, 6, 8, 8]
    assert {item.spec.inputs.seed for item in specs} == {1}
    assert {item.reference.inputs.steps for item in specs} == {24}
    assert grid.choice.seeds.findData("strip") == -1


def test_other_prompts_are_rows_too(grid, qtbot):
    grid.choice.seeds.setCurrentIndex(grid.choice.seeds.findData("one"))
    field = grid.choice.typed
    field.setPlainText("a red head with a hat and a very long scarf")
    field.moveCursor(QTextCursor.MoveOperation.End)
    for _ in range(2):  # a line each, and no prompt on an empty one
        qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field, "a green head")
    assert len(grid._rows) == 1
    field.flush()
    qtbot.waitUntil(lambda: len(grid._rows) == 2)
    assert [row.document.words.prompt for row in grid._rows] == [
        "a green head", "a red head with a hat and a very long scarf",
    ]  # fmt: skip
    assert grid._rows[1].name == "seed 0\na red head with a\nhat and a very\nlong scarf"
    qtbot.waitUntil(lambda: grid.state.text() == "Pictures: 8", timeout=20_000)
    # A click has prompt, seed and variant on side B.
    grid._chosen(1, 2)
    document = grid._controller.document
    assert document.words.prompt.startswith("a red head")
    assert document.choice_of(document.view.side_b) == HALF
    assert grid.choice.renew.isEnabled()


def test_another_model_is_asked_for_seeds_alone(grid, stage, qapp, pipeline):
    from tests.widgets.fakes import model_info

    grid.choice.typed.setPlainText("a red head")
    use(stage, model_info())
    settle(stage, qapp)
    pipeline.actions_["grid"].trigger()
    assert not grid.choice.typed.isVisible()
    assert grid.choice.prompts() == ()
    assert grid.choice.seeds.findData("strip") >= 0


# ---- the blind test ------------------------------------------------------------------------------


def test_a_draft_is_tested_against_full_on_new_seeds_of_the_prompt(pipeline, qtbot):
    pipeline.controller.set_subnet(FULL, None)
    pipeline.blind._rng = random.Random(3)
    pipeline.actions_["blind_test"].trigger()
    blind = pipeline.blind
    assert blind.variant.currentText() == "full, 8 steps"
    specs = blind._specs(blind.test.present)
    full = blind.test.present.full
    other = "B" if full == "A" else "A"
    assert (specs[full].inputs.steps, specs[other].inputs.steps) == (24, 8)
    assert specs[full].inputs == replace(specs[other].inputs, steps=24)
    assert specs[full].inputs.prompt == "a green head"
    assert specs[full].inputs.seed == blind.test.present.seed
    qtbot.waitUntil(lambda: blind.buttons["A"].isEnabled())
    # Nothing is tested where the draft is full itself.
    pipeline.controller.set_words("x", None, draft_steps=24)
    blind.offer(pipeline.controller.info)
    assert blind.test is None
    assert "fewer steps" in blind.question.text()


# ---- sweeps --------------------------------------------------------------------------------------


@pytest.fixture
def dialog(pipeline, qtbot):
    pipeline.actions_["sweep"].trigger()
    made = pipeline.sweep
    qtbot.waitUntil(lambda: made.subject.count() > 1, timeout=9000)
    return made


def choose(dialog, title: str) -> None:
    titles = [dialog.subject.itemText(n) for n in range(dialog.subject.count())]
    dialog.subject.setCurrentIndex(titles.index(title))


def test_what_is_live_on_the_cards_can_be_swept(dialog):
    assert [dialog.subject.itemText(n) for n in range(dialog.subject.count())] == [
        "Width", "Elastic denoiser: Depth", "Feature reuse: Interval", "Feature reuse: Branch",
        "Feature reuse: Guidance until", "Fewer steps: Steps", "Fewer steps: Guidance",
        "Fewer steps: Scheduler",
    ]  # fmt: skip
    assert not dialog.subnets._form.isRowVisible(2)
    assert dialog.outcome.text().startswith("3 variants are kept and measured.")


def test_steps_are_swept_as_variants_that_are_measured(dialog, pipeline, stage, qtbot):
    choose(dialog, "Fewer steps: Steps")
    assert (dialog.range.low.value(), dialog.range.high.value()) == (4, 20)
    dialog.range.count.setValue(3)
    made = dialog.swept()
    assert [each.name for each in made] == [f"width 0.5, {n} steps" for n in (4, 12, 20)]
    assert [each.choice.sampling.steps for each in made] == [4, 12, 20]
    dialog.begin.click()
    assert [v.choice for v in pipeline.controller.document.kept] == [m.choice for m in made]

    def jobs():
        return [h.job for h in stage.runner.handles if isinstance(h.job, MeasureJob)]

    qtbot.waitUntil(lambda: bool(jobs()))
    (job,) = jobs()
    assert list(job.choices) == [m.choice for m in made]
    assert job.inputs.steps == 24  # what full draws; each variant says its own
    # What has come stays on the frontier, whatever becomes of the rest.
    times, host = Latency(100.0, 90.0, 110.0), host_name()
    for choice, ms in ((FULL, 600.0), (made[0].choice, 100.0)):
        found = Measurement(
            "x", choice, 30.0, 0.9, 0.1, 1, 2, 3, 4, replace(times, median=ms), job.target, 1,
            host=host, steps=choice.sampling.steps or 24,
        )  # fmt: skip
        pipeline.app.measuring.measured.emit(pipeline.controller.info.key, (found,))
    pipeline._show_numbers()
    rows = pipeline.bottom._rows
    kept = pipeline.controller.document.kept
    assert rows[kept[0].id].source.startswith("measured at 4 steps")
    assert not rows[kept[1].id].measured


def test_other_knobs_keep_what_else_is_chosen(dialog, pipeline):
    choose(dialog, "Feature reuse: Guidance until")
    dialog.range.low.setValue(0.5)
    dialog.range.high.setValue(1.0)
    dialog.range.count.setValue(2)
    half, whole = dialog.swept()
    assert half.choice == replace(HALF, denoising=Denoising(reuse=Reuse(guided=(0.0, 0.5))))
    assert whole.choice == HALF
    choose(dialog, "Elastic denoiser: Depth")
    dialog.range.low.setValue(0.5)
    dialog.range.count.setValue(1)
    (shallow,) = dialog.swept()
    assert shallow.choice == replace(HALF, denoising=Denoising(Elastic(depth=0.5)))
    choose(dialog, "Fewer steps: Scheduler")
    assert list(dialog.range.ticks) == ["pndm", "euler", "dpm++ 2m karras"]
    assert [each.choice.sampling.scheduler for each in dialog.swept()] == list(dialog.range.ticks)


# ---- the card of steps ---------------------------------------------------------------------------


def test_the_card_gives_a_variant_steps_of_its_own(pipeline, stage, qapp):
    card, controller = pipeline.right.fewer, pipeline.controller
    shown = pipeline.app.renderer.shown
    assert not card.card.is_on()
    card.card.switch.click()
    settle(stage, qapp)
    assert controller.document.subnet.sampling == Sampling(steps=8)
    card.steps.set_value(5, notify=True)
    card.guidance.set_value(1.0, notify=True)
    card._schedule(card.scheduler.findData("euler"))
    settle(stage, qapp)
    inputs = shown["B"].inputs
    assert (inputs.steps, inputs.guidance, inputs.scheduler) == (5, 1.0, "euler")
    assert (shown["A"].inputs.steps, shown["A"].inputs.guidance) == (24, 7.5)
    assert not pipeline.sides.diffusion.knobs.draft.isEnabled()
    pipeline._show_numbers()
    caption = pipeline.view._captions.captions["B"]
    assert caption.title() == "draft, 5 steps, width 0.5"
    assert "euler, guidance 1" in caption.accessibleDescription()
    card.card.switch.click()
    assert controller.document.subnet == HALF
    card.steps.set_value(24, notify=True)  # as full draws: nothing of its own
    assert controller.document.subnet == HALF
    card.card.switch.click()
    assert controller.document.subnet.sampling == Sampling(5, 1.0, "euler")


def test_steps_of_its_own_stand_in_recipes_and_sessions(pipeline, tmp_path):
    from studio.recipes.outside import builtin_registry
    from studio.session.recipes import taken, whole_recipe

    own = Denoising(Elastic(depth=0.5), sampling=Sampling(6, 2.5, "euler"))
    choice = SubnetChoice(0.75, denoising=own)
    document = replace(pipeline.controller.document, subnet=choice)
    registry = builtin_registry()
    recipe = whole_recipe(document, "all", registry)
    assert [step.technique for step in recipe.steps] == ["elastic_denoiser", "fewer_steps"]
    assert dict(recipe.steps[1].params) == {"steps": 6, "guidance": 2.5, "scheduler": "euler"}
    assert taken(recipe, registry, pipeline.controller.info, 1).subnet == choice
    folder = tmp_path / "pipe"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    ref = replace(document.model, path=str(folder))
    save(replace(document, model=ref).pinning(), tmp_path / "a.maquette")
    back = load(tmp_path / "a.maquette")
    assert back.subnet == choice
    assert back.pins[0].words.prompt == "a green head"


# ---- pins ----------------------------------------------------------------------------------------


def test_pins_keep_prompt_seed_and_settings(pipeline, stage, qapp, tmp_path):
    controller, panel = pipeline.controller, pipeline.sides.diffusion
    pipeline.actions_["pin"].trigger()
    settle(stage, qapp)
    (pin,) = controller.document.pins
    assert panel.pins.keys() == [pin.id]
    assert panel.pins.current() == pin.id
    controller.set_words("x", None, prompt="a red head", guidance=2.0)
    controller.set_inputs("x", None, seed=9)
    settle(stage, qapp)
    assert panel.pins.current() is None
    pipeline.actions_["pin"].trigger()
    assert len(controller.document.pins) == 2
    panel.pins.activated.emit(pin.id)
    assert controller.document.words.prompt == "a green head"
    assert (controller.document.words.guidance, controller.document.inputs.seed) == (None, 0)
    assert panel.pins.current() == pin.id
    # The pictures of the pins are those that the window had drawn.
    small = [r for r in stage.client.of(Render) if r.lane.startswith("seed-")]
    assert [r for r in small if r.spec.model == "elastic"] == []
    # All of them are finished, each with its own words and seed.
    stage.answer_path = tmp_path / "a.png"
    stage.client.auto = False
    pipeline.actions_["finish_pins"].trigger()
    first = stage.client.of(Finish)[-1]
    assert (first.spec.inputs.prompt, first.spec.inputs.steps) == ("a green head", 24)
    stage.client.auto = True
    stage.client.answer_all()
    settle(stage, qapp)
    second = stage.client.of(Finish)[-1].spec.inputs
    assert (second.prompt, second.seed, second.guidance) == ("a red head", 9, 2.0)
    pipeline.actions_["pin"].trigger()  # once more takes it out
    assert len(controller.document.pins) == 1


def test_pictures_in_pins_have_a_limit(pipeline, monkeypatch):
    from widgets import controller as module

    controller = pipeline.controller
    picture = StoredPicture("a.png", 8, 8, "A" * 4000)
    controller.edit("x", replace(controller.document, words=replace(
        controller.document.words, picture=picture)))  # fmt: skip
    monkeypatch.setattr(module, "MOST_HELD", 5000)
    controller.pin()
    assert held_by(controller.document.pins) == 4000
    controller.set_inputs("x", None, seed=9)
    controller.pin()
    assert len(controller.document.pins) == 1
    assert "remove one first" in pipeline.notice.sentence()


# ---- commands ------------------------------------------------------------------------------------


def lines() -> list[list[str]]:
    return [shlex.split(line) for line in QGuiApplication.clipboard().text().splitlines()]


def test_commands_say_what_is_on_show(pipeline, qtbot):
    copying, controller = pipeline.copying, pipeline.controller
    copying.copy("picture")
    (line,) = lines()
    assert line[:3] == ["maquette", "render", "/models/elastic"]
    assert line[line.index("--steps") + 1] == "8"
    assert line[-2:] == ["--width", "0.5"]
    assert "--prompt=a green head" in line
    controller.set_subnet(
        replace(HALF, denoising=Denoising(Elastic(depth=0.5), Reuse(interval=3))), None
    )
    copying.copy("compare")
    (line,) = lines()
    assert line[1] == "compare"
    assert line[line.index("--seeds") + 1] == "4"
    assert line[-4:] == ["--depth", "0.5", "--reuse", "3"]
    # What has no option comes as a recipe.
    controller.set_subnet(SIX, None)
    copying.copy("measure")
    (line,) = lines()
    recipe = from_text(line[line.index("--recipe") + 1])
    assert [(s.technique, dict(s.params)) for s in recipe.steps] == [("fewer_steps", {"steps": 6})]
    controller.pin()
    copying.copy("pins")
    (line,) = lines()
    assert line[line.index("--steps") + 1] == "24"
    for name, words in (("walk", "pipelines have none yet"), ("convert", "folders already")):
        copying.copy(name)
        assert words in pipeline.notice.sentence()


# ---- the report ----------------------------------------------------------------------------------


def test_a_report_is_of_the_words(pipeline, stage, qapp, tmp_path, monkeypatch):
    found = Measurement(
        "half", HALF, 28.0, 0.9, 0.1, 1, 2, 3, 4, Latency(5.0, 4.0, 6.0), "pytorch:cpu:f32", 2,
        host_name(), steps=24,
    )  # fmt: skip
    pipeline.controller.add_measurements(pipeline.controller.info.key, (found,))
    monkeypatch.setattr(choosers, "save_report", lambda *_: tmp_path / "r.html")
    assert pipeline.actions_["report"].isEnabled()
    pipeline.actions_["report"].trigger()
    qapp.processEvents()
    job = next(h.job for h in stage.runner.handles if isinstance(h.job, ReportJob))
    assert (job.inputs.prompt, job.inputs.steps, job.seeds) == ("a green head", 24, 4)
    assert job.measurements == (found,)


def test_a_model_without_prompts_offers_no_prompts(stage, qapp, worded):
    use(stage, info_of(replace(EVERYTHING, takes=("label",), classes=3), "classes"))
    settle(stage, qapp)
    worded.actions_["grid"].trigger()
    assert not worded.grid.choice.typed.isVisible()
