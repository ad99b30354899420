"""The stack of cards in the real window, on a fake engine: every edit, and what is applied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from plugins.subnet.technique import Subnet
from studio.engine.baked_files import baked_path, reports_path, reports_text
from studio.engine.job_messages import (
    BakeJob,
    JobDone,
    JobFailed,
    JobLesson,
    JobProgress,
    MeasureJob,
)
from studio.engine.messages import CloseModel, Failed, OpenModel, Picture, Render
from studio.families.info import ModelInfo
from studio.recipes.contract import (
    Baked,
    Context,
    LayerReport,
    Params,
    Report,
    StepReport,
    Technique,
)
from studio.recipes.recipe import from_text
from studio.recipes.registry import Entry, Registry, described
from studio.session.document import NO_STEPS
from studio.subnets.choice import SubnetChoice
from studio.training.distil.options import Closeness
from tests.widgets.conftest import use
from tests.widgets.fakes import model_info
from widgets.recipes.techniques import Offer


class PruneParams(Params):
    ratio: float = Field(0.25, ge=0, le=0.9)
    method: Literal["l1", "l2"] = "l2"
    keep: tuple[str, ...] = ()


class Prune(Technique):
    name = "prune"
    title = "Prune"
    summary = "Remove channels."
    params = PruneParams

    def transform(self, model: object, params: PruneParams, context: Context) -> Baked:
        raise NotImplementedError


class Rank(Prune):
    name = "rank"
    title = "Low rank"
    summary = "Factorise layers."
    after = ("prune",)


class Teach(Prune):
    name = "teach"
    title = "Teach"
    summary = "Train."
    after = ("subnet", "prune")
    not_first = "full has nothing to win back"


class LearnParams(PruneParams):
    minutes: float = 5.0
    narrowest: float = Field(1.0, json_schema_extra={"families": ["diffusion"]})


class Learn(Prune):
    name = "learn"
    title = "Learn"
    params = LearnParams
    lengths = ("minutes",)


class Unfit(Prune):
    name = "unfit"
    title = "Unfit"

    def applies_to(self, info: ModelInfo) -> str | None:
        return "it has no attention"


KINDS = (Subnet, Prune, Rank, Learn, Unfit)


@pytest.fixture
def known(window):
    """The window, with a few techniques known."""
    entries = [Entry(kind.name, "", "ready", kind()) for kind in KINDS]
    entries.append(Entry("broken", "", "failed", problem="ImportError: no module"))
    entries.append(Entry("foreign", "maquette-foreign", "unasked"))
    techniques = window.app.techniques
    techniques.registry, techniques.complete = Registry(entries), True
    techniques._known = {entry.name: described(entry) for entry in entries}
    techniques.changed.emit()
    return window


def add(window, name, qtbot):
    window.stack.add.setChecked(True)
    offer = next(o for o in window.stack.palette_.shown() if o.name == name)
    window.stack.palette_.chosen.emit(offer)
    qtbot.wait(80)
    return window.controller.document.recipe.steps[-1].id


def card(window, name):
    return next(c for c in window.stack.cards.values() if c.step.technique == name)


def names(window):
    return [step.technique for step in window.controller.document.recipe.steps]


def test_the_palette_greys_out_what_does_not_apply(known, qtbot):
    known.stack.add.setChecked(True)
    palette = known.stack.palette_
    offers = {offer.name: offer for offer in palette.shown()}
    assert offers["unfit"].refused == "it has no attention"
    assert "ImportError: no module" in offers["broken"].refused
    assert "in order already" in offers["subnet"].refused
    assert offers["foreign"].package == "maquette-foreign"
    assert not offers["prune"].refused
    rows = {palette.list.item(n).data(Qt.ItemDataRole.UserRole).name: palette.list.item(n)
            for n in range(palette.list.count())}  # fmt: skip
    assert "it has no attention" in rows["unfit"].text()
    assert not rows["unfit"].flags() & Qt.ItemFlag.ItemIsEnabled
    assert rows["prune"].flags() & Qt.ItemFlag.ItemIsEnabled
    qtbot.keyClicks(palette.search, "factor")
    assert [offer.name for offer in palette.shown()] == ["rank"]
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert names(known) == ["rank"]
    assert not known.stack.add.isChecked()
    known.stack.add.setChecked(True)
    assert {o.name: o.refused for o in palette.shown()}["rank"] == "It is in the recipe."
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert palette.isHidden()


def test_a_step_is_added_edited_switched_moved_removed_and_all_is_undone(known, qtbot):
    controller = known.controller
    before = controller.document
    prune = add(known, "prune", qtbot)
    shown = card(known, "prune")
    slider = shown.panel.rows["ratio"].control.slider
    slider.track.drag_started.emit()
    slider.track.moved.emit(0.2)
    slider.track.moved.emit(0.5)
    slider.track.drag_ended.emit()
    assert controller.document.recipe.find(prune).values() == {"ratio": 0.45}
    add(known, "rank", qtbot)
    assert names(known) == ["prune", "rank"]
    qtbot.mouseClick(shown.card.switch, Qt.MouseButton.LeftButton)
    assert not controller.document.recipe.find(prune).on
    shown.resetted.emit()
    assert controller.document.recipe.find(prune).values() == {}
    assert slider.value() == 0.25
    shown.removed.emit()
    assert names(known) == ["rank"]
    steps = len(controller.history)
    assert steps == 6
    for _ in range(steps):
        controller.undo()
    assert controller.document.recipe == before.recipe == NO_STEPS
    assert known.stack.cards == {}
    for _ in range(3):
        controller.redo()
    assert names(known) == ["prune", "rank"]
    assert card(known, "prune").panel.values()["ratio"] == 0.45


def test_cards_move_by_keys_and_by_dragging_within_the_rules(known, qtbot):
    controller = known.controller
    add(known, "prune", qtbot)
    add(known, "rank", qtbot)
    refused = []
    controller.refused.connect(refused.append)
    handle = card(known, "rank").handle
    qtbot.keyClick(handle, Qt.Key.Key_Up)
    assert names(known) == ["prune", "rank"]
    assert "must come after" in refused[0]
    card(known, "rank").switched.emit(False)  # a step that is off breaks no rule
    qtbot.keyClick(handle, Qt.Key.Key_Up)
    assert names(known) == ["rank", "prune"]
    controller.undo()
    assert names(known) == ["prune", "rank"]
    qtbot.wait(20)
    steps = len(controller.history)
    above = card(known, "prune").handle.mapToGlobal(QPoint(0, 0)).y() - 40
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton)
    handle.dragged.emit(above)
    qtbot.wait(20)
    handle.dragged.emit(above + 2000)
    qtbot.wait(20)
    handle.dragged.emit(card(known, "prune").handle.mapToGlobal(QPoint(0, 0)).y() - 40)
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton)
    assert names(known) == ["rank", "prune"]
    assert len(controller.history) == steps + 1
    order = [known.stack._holder.itemAt(i).widget().step.technique for i in range(2)]
    assert order == ["rank", "prune"]


def baked_info() -> ModelInfo:
    return replace(model_info(), key="baked", path="/cache/baked.safetensors")


REPORTS = (
    StepReport(
        1,
        "prune",
        "transform",
        Report(
            "16 channels removed",
            (
                LayerReport(
                    "layers.0", detail="32 to 16 channels", bytes_before=64, bytes_after=32
                ),
                LayerReport("layers.1", skipped="it is kept"),
            ),
            4_000_000,
            2_000_000,
            4_000_000,
            2_000_000,
            ("as planned",),
        ),
    ),
)


def runner_of(window):
    return window.app.jobs._make_runner()


def bake(window, qtbot, info):
    """Press Apply and let the job end well."""
    runner = runner_of(window)
    window.stack.apply.click()
    qtbot.waitUntil(lambda: any(isinstance(h.job, BakeJob) for h in runner.handles))
    handle = next(h for h in reversed(runner.handles) if isinstance(h.job, BakeJob))
    window.app.client.models[handle.job.out] = info
    handle.end(JobDone(path=handle.job.out, info=info, reports=REPORTS))
    return handle


def spec_of(window, side):
    return window.app.renderer.scene.sides[side].spec


def test_apply_bakes_and_side_b_shows_the_variant_with_the_live_subnet(known, qtbot):
    add(known, "prune", qtbot)
    assert "Not applied" in known.stack.state.text()
    assert spec_of(known, "B").model == "key-one"
    info = baked_info()
    handle = bake(known, qtbot, info)
    assert handle.job.path == "/models/one.safetensors"
    recipe = from_text(handle.job.recipe)
    assert [step.technique for step in recipe.steps] == ["prune"]
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    assert spec_of(known, "A").model == "key-one"
    assert spec_of(known, "B").subnet == known.controller.document.subnet
    assert known.stack.state.text().startswith("Applied")
    assert not known.stack.apply.isEnabled()
    # Fidelity is that to full of the original.
    renderer = known.app.renderer
    qtbot.waitUntil(
        lambda: renderer.fidelities.get(spec_of(known, "A"), spec_of(known, "B")) is not None
    )
    # The live subnet stays live: nothing has to be applied again.
    known.controller.set_subnet(SubnetChoice(width=0.25), None)
    assert spec_of(known, "B").model == "baked"
    assert spec_of(known, "B").subnet.width == 0.25
    report = card(known, "prune").report
    assert report.isVisibleTo(known.stack)
    report.restore(True)
    view = report.content()
    table = view.tables[0]
    assert table.model().rowCount() == 2


def test_another_parameter_is_not_applied_until_it_is_and_back_is_instant(known, qtbot):
    prune = add(known, "prune", qtbot)
    bake(known, qtbot, baked_info())
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    jobs = len(runner_of(known).handles)
    known.recipe.set_values(prune, "ratio", {"ratio": 0.5})
    assert spec_of(known, "B").model == "key-one"
    assert "Not applied" in known.stack.state.text()
    assert card(known, "prune").report.isHidden()
    known.recipe.set_values(prune, "ratio", {})
    assert spec_of(known, "B").model == "baked"
    card(known, "prune").switched.emit(False)
    assert spec_of(known, "B").model == "key-one"
    assert known.stack.state.isHidden()
    assert not any(isinstance(h.job, BakeJob) for h in runner_of(known).handles[jobs:])


def test_steps_on_the_cut_network_are_of_one_subnet(known, qtbot):
    add(known, "prune", qtbot)
    known.stack.cut.click()
    assert known.controller.document.recipe.cut_at == 0
    handle = bake(known, qtbot, baked_info())
    steps = from_text(handle.job.recipe).steps
    assert [step.technique for step in steps] == ["subnet", "prune"]
    assert dict(steps[0].params) == {"width": 0.5}
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    assert spec_of(known, "B").subnet == SubnetChoice()
    known.controller.set_subnet(SubnetChoice(width=0.25), None)
    assert spec_of(known, "B").model == "key-one"
    assert spec_of(known, "B").subnet.width == 0.25
    known.controller.undo()
    assert spec_of(known, "B").model == "baked"


class Late(Prune):
    """Works on what the subnet has cut."""

    name = "late"
    title = "Late"
    after = ("subnet",)


def test_a_technique_that_follows_the_subnet_works_on_the_cut_network(known, qtbot):
    techniques = known.app.techniques
    entry = Entry("late", "", "ready", Late())
    techniques.registry = Registry([*techniques.registry.entries, entry])
    techniques._known["late"] = described(entry)
    add(known, "prune", qtbot)
    assert known.controller.document.recipe.cut_at is None
    assert known.stack.cut_row.isVisibleTo(known.stack)
    add(known, "late", qtbot)
    assert names(known) == ["prune", "late"]
    assert known.controller.document.recipe.cut_at == 1
    assert known.stack.cut_row.isHidden()  # the rules leave no choice
    handle = bake(known, qtbot, baked_info())
    assert [s.technique for s in from_text(handle.job.recipe).steps] == ["prune", "subnet", "late"]
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    known.controller.set_subnet(SubnetChoice(width=0.25), None)
    assert spec_of(known, "B").model == "key-one"
    card(known, "late").removed.emit()
    assert known.controller.document.recipe.cut_at is None


def test_progress_and_cancel(known, qtbot):
    add(known, "prune", qtbot)
    known.stack.apply.click()
    runner = runner_of(known)
    qtbot.waitUntil(lambda: any(isinstance(h.job, BakeJob) for h in runner.handles))
    handle = runner.handles[-1]
    handle.say(JobProgress(0.5, "step 1 (prune): layers.0", 20.0))
    assert known.stack.state.text() == "step 1 (prune): layers.0, 20 s left"
    assert known.stack.bar.value() == 500
    known.stack.cancel.click()
    assert handle.finished
    assert "Not applied" in known.stack.state.text()
    assert known.stack.apply.isEnabled()


def lesson(step: int, flip: float) -> JobLesson:
    """A look at a training whose pictures are 4 x 2 px."""
    begun, now = Closeness(0.5, 10.0, 0.4), Closeness(flip, None if flip == 0 else 20.0, 0.1)
    picture = Picture(8, 6, pixels=bytes(3 * 8 * 6))
    return JobLesson(step, 0.5, tuple(1 / (n + 1) for n in range(step)), begun, now, picture)


def test_what_learns_is_looked_at_and_stopped(known, qtbot):
    add(known, "learn", qtbot)
    assert "narrowest" not in card(known, "learn").panel.rows  # which is for pipelines
    stack = known.stack
    assert stack.learning.isHidden()
    stack.apply.click()
    runner = runner_of(known)
    qtbot.waitUntil(lambda: any(isinstance(h.job, BakeJob) for h in runner.handles))
    handle = runner.handles[-1]
    assert stack.stop.isHidden()  # there is nothing to keep before the first look
    handle.say(lesson(0, 0.5))
    handle.say(lesson(30, 0.2))
    assert not stack.learning.isHidden()
    assert stack.learning.says.text() == "Step 30, 0.5 min"
    assert stack.learning.table.texts()[1] == ["", "0.500", "0.200", "20.0 dB"]
    assert stack.learning.strip.names() == ("before", "now", "full")
    assert "goes on from the last look" in stack.cancel.toolTip()
    stack.stop.click()
    assert handle.stopping
    assert not stack.stop.isEnabled()
    handle.say(lesson(31, 0.0))
    assert not stack.stop.isEnabled()
    assert stack.learning.table.texts()[1][-1] == "equal"
    handle.end(JobDone(path=handle.job.out, info=baked_info(), reports=()))
    assert stack.stop.isHidden()
    assert stack.learning.isHidden()


def test_a_failed_job_says_one_sentence_and_the_document_stays(known, qtbot):
    add(known, "prune", qtbot)
    document = known.controller.document
    known.stack.apply.click()
    runner = runner_of(known)
    qtbot.waitUntil(lambda: any(isinstance(h.job, BakeJob) for h in runner.handles))
    runner.handles[-1].end(JobFailed("/models/one.safetensors does not exist"))
    assert known.notice.sentence() == "/models/one.safetensors does not exist"
    assert known.controller.document == document
    assert known.stack.apply.isEnabled()


def test_a_variant_that_a_new_renderer_cannot_open_is_applied_again(known, qtbot):
    add(known, "prune", qtbot)
    bake(known, qtbot, baked_info())
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    request = known.app.client.of(OpenModel)[-1].request
    known.app.client.mailbox.answer(Failed("open", request, "/cache/baked.safetensors is gone"))
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "key-one")
    assert "apply it again" in known.notice.sentence()
    assert known.stack.apply.isEnabled()


def test_what_was_baked_in_an_earlier_run_opens_by_itself(known, qtbot):
    add(known, "prune", qtbot)
    from widgets.recipes.baking import recipe_text

    document = known.controller.document
    path = baked_path("key-one", recipe_text(document.recipe, document.subnet))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"weights")
    reports_path(path).write_text(reports_text(REPORTS), "utf-8")
    known.app.client.models[str(path)] = baked_info()
    # Known to be missing until something else was tried; a new session looks again.
    known.app.baking._looked.clear()
    known.app.baking.follow(document)
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    assert card(known, "prune").report.isVisibleTo(known.stack)


def bake_jobs(window) -> list[BakeJob]:
    runner = window.app.jobs._runner
    return [] if runner is None else [h.job for h in runner.handles if isinstance(h.job, BakeJob)]


def test_what_is_brought_back_is_baked_where_the_cache_has_it_not(known, qtbot):
    baking, controller = known.app.baking, known.controller
    before = controller.document
    after, _ = before.adding_step(0, "prune", 1)
    controller.edit("x", after)
    baking.bring(controller.document)
    baking.bring(controller.document)
    qtbot.waitUntil(lambda: len(bake_jobs(known)) == 1)
    qtbot.wait(50)
    assert len(bake_jobs(known)) == 1
    baking.bring(before)  # nothing to bake
    assert baking.busy


def test_what_is_no_longer_wanted_is_not_baked(known, qtbot):
    baking, controller = known.app.baking, known.controller
    before = controller.document
    after, _ = before.adding_step(0, "prune", 1)
    controller.edit("x", after)
    baking.bring(controller.document)
    controller.edit("y", before)  # while the cache is still being looked at
    qtbot.waitUntil(lambda: not baking._looking)
    qtbot.wait(50)
    assert bake_jobs(known) == []


def test_an_open_variant_knows_what_made_it(known, qtbot):
    add(known, "prune", qtbot)
    bake(known, qtbot, baked_info())
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    document = known.controller.document
    steps, choice = known.app.baking.made_by("baked")
    assert [s.content for s in steps.steps] == [s.content for s in document.recipe.steps]
    assert steps.cut_at == document.recipe.cut_at
    assert choice == (document.subnet if document.recipe.cuts else SubnetChoice())
    assert known.app.baking.made_by("key-one") is None


def test_another_model_lets_the_variants_go(known, qtbot, drawn):
    add(known, "prune", qtbot)
    bake(known, qtbot, baked_info())
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    use(drawn, model_info("key-two", "/models/two.safetensors"))
    assert CloseModel("baked") in known.app.client.requests
    assert known.controller.document.recipe == NO_STEPS
    assert not any(r.spec.model == "baked" for r in known.app.client.of(Render)[-2:])


def test_kept_variants_remember_their_recipe(known, qtbot):
    prune = add(known, "prune", qtbot)
    bake(known, qtbot, baked_info())
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    known.actions_["keep"].trigger()
    kept = known.controller.document.kept[0]
    assert kept.recipe.find(prune) is not None
    assert "prune" in kept.name
    card(known, "prune").removed.emit()
    assert spec_of(known, "B").model == "key-one"
    known.controller.set_view("Show", side_b=kept.id)
    assert spec_of(known, "B").model == "baked"
    known.controller.make_current(kept.id)
    assert names(known) == ["prune"]


def test_a_baked_variant_is_measured_against_the_original(known, qtbot):
    add(known, "prune", qtbot)
    known.actions_["measure"].trigger()
    assert "not applied" in known.notice.sentence()
    runner = runner_of(known)
    for handle in runner.handles:
        if isinstance(handle.job, MeasureJob):
            assert handle.job.variants == ()
            handle.cancel()
    bake(known, qtbot, baked_info())
    qtbot.waitUntil(lambda: spec_of(known, "B").model == "baked")
    known.actions_["measure"].trigger()
    job = next(h.job for h in reversed(runner.handles) if isinstance(h.job, MeasureJob))
    assert job.path == "/models/one.safetensors"
    (variant,) = job.variants
    assert variant.path == "/cache/baked.safetensors"
    assert variant.choice == known.controller.document.subnet
    assert job.choices == (SubnetChoice(),)


def test_mistakes_stand_at_their_fields(known, qtbot):
    prune = add(known, "prune", qtbot)
    known.recipe.set_values(prune, "ratio", {"ratio": 3, "odd": 1})
    row = card(known, "prune").panel.rows["ratio"]
    qtbot.waitUntil(lambda: bool(row.error.text()))
    assert "from 0 to 0.9" in row.error.text()
    assert "odd" in card(known, "prune").problem.text()
    known.recipe.set_values(prune, "ratio", {"ratio": 0.5})
    qtbot.waitUntil(lambda: not row.error.text())
    qtbot.waitUntil(card(known, "prune").problem.isHidden)


def test_what_cannot_come_first_says_so_until_something_comes_before_it(known, qtbot):
    techniques, entry = known.app.techniques, Entry("teach", "", "ready", Teach())
    techniques.registry = Registry([*techniques.registry.entries, entry])
    techniques._known["teach"] = described(entry)
    techniques.changed.emit()
    known.controller.set_subnet(SubnetChoice(), None)
    known.stack.add.setChecked(True)

    def refused():
        return {o.name: o.refused for o in known.stack.palette_.shown()}["teach"]

    assert refused() == "full has nothing to win back"
    known.controller.set_subnet(SubnetChoice(width=0.25), None)
    assert refused() == ""
    add(known, "teach", qtbot)
    problem = card(known, "teach").problem
    assert problem.isHidden()
    known.controller.set_subnet(SubnetChoice(), None)
    qtbot.waitUntil(lambda: "full has nothing to win back; accepted is" in problem.text())
    known.controller.set_subnet(SubnetChoice(width=0.5), None)
    qtbot.waitUntil(problem.isHidden)
    known.controller.set_subnet(SubnetChoice(), None)
    qtbot.waitUntil(lambda: bool(problem.text()))
    add(known, "prune", qtbot)
    qtbot.waitUntil(problem.isHidden)
    assert names(known) == ["prune", "teach"]


def test_a_recipe_goes_through_the_clipboard(known, qtbot):
    prune = add(known, "prune", qtbot)
    known.recipe.set_values(prune, "keep", {"keep": ["layers.0"]})
    known.recipe_menu.copy.trigger()
    text = QGuiApplication.clipboard().text()
    assert [step.technique for step in from_text(text).steps] == ["prune", "subnet"]
    document = known.controller.document
    card(known, "prune").removed.emit()
    known.controller.set_subnet(SubnetChoice(), None)
    QGuiApplication.clipboard().setText(f"look:\n```yaml\n{text}```\nnice")
    known.recipe_menu.paste.trigger()
    assert known.controller.document.subnet == document.subnet
    assert [s.content for s in known.controller.document.recipe.steps] == [
        s.content for s in document.recipe.steps
    ]
    assert known.controller.document.recipe.cut_at is None
    card(known, "prune").copied.emit()
    assert [s.technique for s in from_text(QGuiApplication.clipboard().text()).steps] == ["prune"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello", "not a recipe"),
        ("maquette_recipe: 1\nsteps:\n- {technique: nobody, version: 1}", "step 1"),
        (
            "maquette_recipe: 1\nsteps:\n- {technique: prune, version: 1, params: {ratio: 7}}",
            "ratio",
        ),
        (
            "maquette_recipe: 1\nsteps:\n- {technique: prune, version: 1}\n"
            "- {technique: prune, version: 1}",
            "step 2 (prune)",
        ),
        (
            "maquette_recipe: 1\nsteps:\n- {technique: subnet, version: 1, params: {width: 0.5}}\n"
            "- {technique: subnet, version: 1, params: {width: 0.25}}",
            "one cut",
        ),
    ],
)
def test_what_cannot_be_pasted_says_why_and_changes_nothing(known, text, words):
    document = known.controller.document
    QGuiApplication.clipboard().setText(text)
    known.recipe_menu.paste.trigger()
    assert words in known.notice.sentence()
    assert known.controller.document == document


def test_a_recipe_that_cuts_first_is_kept_as_it_is(known):
    QGuiApplication.clipboard().setText(
        "maquette_recipe: 1\nsteps:\n- {technique: subnet, version: 1, params: {width: 0.5}}\n"
        "- {technique: prune, version: 1}\n"
    )
    known.recipe_menu.paste.trigger()
    assert known.controller.document.recipe.cut_at == 0
    assert known.stack.cut.isChecked()
    known.recipe_menu.copy.trigger()
    steps = from_text(QGuiApplication.clipboard().text()).steps
    assert [step.technique for step in steps] == ["subnet", "prune"]


def test_presets_and_files(known, qtbot, tmp_path, monkeypatch):
    from widgets import choosers

    entries = [a.objectName() for a in known.recipe_menu.menu.actions() if a.objectName()]
    assert entries[:3] == ["preset draft", "preset balanced", "preset faithful"]
    known.recipe_menu.menu.actions()[0].trigger()
    assert known.controller.document.subnet.width == 0.25
    assert known.right.width_slider.value() == 0.25
    add(known, "prune", qtbot)
    path = tmp_path / "mine.yaml"
    monkeypatch.setattr(choosers, "save_recipe", lambda parent, name: path)
    known.recipe_menu.save.trigger()
    qtbot.waitUntil(path.exists)
    assert from_text(path.read_text("utf-8")).name == "mine"
    known.controller.undo()
    known.controller.undo()
    monkeypatch.setattr(choosers, "open_recipe", lambda parent: path)
    known.recipe_menu.open.trigger()
    assert names(known) == ["prune"]
    assert known.controller.document.subnet.width == 0.25
    monkeypatch.setattr(choosers, "open_recipe", lambda parent: Path(tmp_path / "none.yaml"))
    known.recipe_menu.open.trigger()
    assert "none.yaml" in known.notice.sentence()


def test_a_package_is_agreed_to_by_choosing_it(known, monkeypatch):
    from studio.recipes import registry

    agreed = []
    monkeypatch.setattr(registry, "allow", agreed.append)
    background = known.app.techniques._background
    known.app.techniques._background = lambda work, done: done(work(), None)
    try:
        known.recipe.add(Offer("foreign", "foreign", "", "", "maquette-foreign"))
    finally:
        known.app.techniques._background = background
    assert agreed == ["maquette-foreign"]
    assert known.app.techniques.registry is not None
    assert "subnet" in known.app.techniques.registry


def test_everything_on_a_card_has_a_name_and_can_be_reached(known, qtbot):
    add(known, "prune", qtbot)
    shown = card(known, "prune")
    assert shown.handle.accessibleName() == "Move Prune"
    assert shown.handle.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert shown.card.switch.accessibleName() == "Prune on"
    assert shown.card.menu_button.accessibleName()
