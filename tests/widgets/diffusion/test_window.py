"""A diffusion pipeline in the real window on a fake engine."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, Qt

from studio.engine.job_messages import MeasureJob
from studio.engine.messages import (
    CancelLane,
    Compare,
    Finish,
    Picture,
    PromptRead,
    ReadPrompt,
    Render,
    Stepped,
)
from studio.families.diffusion.config import LayerCount
from studio.families.diffusion.inputs import DiffusionInputs
from studio.fidelity.measurement import Latency, Measurement
from studio.runtimes.host import host_name
from studio.session.file import load, save
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse
from studio.subnets.denoisers.sites import Block, Layout, Part, Site
from tests.widgets.conftest import settle, use
from tests.widgets.diffusion.conftest import CLASSES, EVERYTHING, info_of


def type_into(qtbot, field, text: str) -> None:
    field.setFocus()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def asked(stage, lane: str = "current") -> DiffusionInputs:
    """What the newest picture of a lane was asked of."""
    found = stage.client.of(Render, lane)[-1].spec.inputs
    assert isinstance(found, DiffusionInputs)
    return found


def step(request, index: int, count: int, seconds: float) -> Stepped:
    picture = Picture(2, 2, pixels=bytes([index + 1] * 12))
    return Stepped(request.lane, request.stamp, request.spec, index, count, picture, seconds)


def caption_of(window):
    return window.view._captions.captions["B"]


def held(stage, worded):
    """The newest request of the draft, which waits."""
    stage.client.auto = False
    worded.controller.set_words("x", None, prompt="a face")
    return stage.client.of(Render, "current")[-1]


def png(width: int = 64, height: int = 64) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (width, height), (10, 120, 30)).save(stream, "PNG")
    return stream.getvalue()


def test_full_and_draft_are_drawn_from_the_same_noise(worded, stage) -> None:
    sides = worded.sides
    assert sides.worded
    assert sides.diffusion.isVisible()
    assert not sides.stylegan.isVisible()
    shown = worded.app.renderer.shown
    full, draft = shown["A"].inputs, shown["B"].inputs
    assert (full.steps, draft.steps) == (24, 8)
    assert replace(full, steps=8) == draft
    assert (full.guidance, full.scheduler, full.width) == (7.5, "pndm", 64)
    # They are compared though their steps differ.
    pair = stage.client.of(Compare)[-1]
    assert (pair.reference.inputs, pair.candidate.inputs) == (full, draft)
    from tests.widgets.fakes import model_info

    use(stage, model_info())
    assert not sides.worded
    assert sides.stylegan.isVisible()


def test_a_prompt_is_drawn_when_typing_pauses(worded, stage, qtbot, qapp) -> None:
    field, controller = worded.sides.diffusion.prompt.field, worded.controller
    stage.client.requests.clear()
    steps = len(controller.history)
    field.setFocus()
    qtbot.keyClicks(field, "a green head")
    assert not stage.client.of(Render)
    assert controller.document.words.prompt == ""
    qtbot.waitUntil(lambda: controller.document.words.prompt == "a green head", timeout=5000)
    qtbot.waitUntil(lambda: bool(stage.client.of(Render, "full")), timeout=5000)
    assert asked(stage).prompt == asked(stage, "full").prompt == "a green head"
    assert len(controller.history) == steps + 1
    # Enter does not wait, and begins no line.
    type_into(qtbot, field, " with glasses")
    assert controller.document.words.prompt == "a green head with glasses"
    while controller.document.words.prompt:
        assert controller.history.undo_label == "Change the prompt"
        controller.undo()
    assert field.toPlainText() == ""
    controller.redo()
    assert field.toPlainText().startswith("a green head")


def test_letters_in_the_prompt_are_no_commands(worded, qtbot) -> None:
    field, controller = worded.sides.diffusion.prompt.field, worded.controller
    seed, mode = controller.document.inputs.seed, controller.document.view.mode
    worded.activateWindow()
    type_into(qtbot, field, "x r 1 2 b k")
    assert controller.document.words.prompt == "x r 1 2 b k"
    assert controller.document.inputs.seed == seed
    assert controller.document.view.mode == mode


def test_what_is_typed_stays_while_something_else_changes(worded, qtbot) -> None:
    field, controller = worded.sides.diffusion.prompt.field, worded.controller
    field.setFocus()
    qtbot.keyClicks(field, "half a tho")
    controller.set_words("Change", None, steps=30)
    assert field.toPlainText() == "half a tho"
    field.flush()
    assert controller.document.words.prompt == "half a tho"
    assert controller.document.words.steps == 30


def test_each_step_is_seen_and_told(worded, stage, qapp) -> None:
    request = held(stage, worded)
    view, renderer = worded.view, worded.app.renderer
    before = renderer.shown["B"]
    stage.client.mailbox.answer(step(request, 1, 8, 4.0))
    qapp.processEvents()
    assert view.canvas.scene.layers["B"].size == (2, 2)
    assert renderer.shown["B"] == before  # an unfinished picture is nothing to save
    worded._show_numbers()
    caption = caption_of(worded)
    assert caption.title() == "draft, 8 steps"
    lines = caption.accessibleDescription()
    assert "step 2 of 8, 0.5 it/s, 12 s left" in lines
    # A step of an older request shows nothing.
    old = replace(step(request, 2, 8, 5.0), stamp=request.stamp - 1)
    stage.client.mailbox.answer(old)
    qapp.processEvents()
    assert renderer.steps["current"].index == 1
    stage.client.answer(request, seconds=2.0)
    qapp.processEvents()
    worded._show_numbers()
    assert renderer.shown["B"] == request.spec
    assert "4 it/s, PyTorch f32 CPU" in caption.accessibleDescription()


def test_stop_leaves_it_and_drawing_again_begins_anew(worded, stage, qapp) -> None:
    request = held(stage, worded)
    action, renderer = worded.actions_["stop_drawing"], worded.app.renderer
    assert action.isEnabled()
    stage.client.mailbox.answer(step(request, 2, 8, 3.0))
    qapp.processEvents()
    action.trigger()
    assert [c.lane for c in stage.client.of(CancelLane)][-2:] != []
    assert not renderer.drawing
    assert action.text() == "Draw again"
    worded._show_numbers()
    lines = caption_of(worded).accessibleDescription()
    assert "stopped at step 3 of 8" in lines
    count = len(stage.client.of(Render))
    worded.controller.settle()
    assert len(stage.client.of(Render)) == count
    action.trigger()
    assert len(stage.client.of(Render)) > count
    assert action.text() == "Stop drawing"
    # What was stopped may be drawn once something else was wanted in between.
    action.trigger()
    worded.controller.undo()
    worded.controller.redo()
    assert renderer.drawing
    stage.client.answer_all()


def test_the_length_is_told_by_the_renderer(worded, stage, qtbot, qapp) -> None:
    panel = worded.sides.diffusion
    assert panel.prompt.length.text() == "Counting the parts of words\u2026"
    type_into(qtbot, panel.prompt.field, "a very long prompt")
    request = stage.client.of(ReadPrompt)[-1]
    assert request.texts == ("a very long prompt", "")
    stage.client.mailbox.answer(PromptRead("words", request.stamp - 1, (3, 0), 75))
    qapp.processEvents()
    assert panel.prompt.length.text() == "Counting the parts of words\u2026"
    stage.client.mailbox.answer(PromptRead("words", request.stamp, (12, 0), 75))
    qapp.processEvents()
    assert panel.prompt.length.text() == "12 of 75 parts of words"
    type_into(qtbot, panel.prompt.field, " and more")
    assert panel.prompt.length.text() == "Counting the parts of words\u2026"
    request = stage.client.of(ReadPrompt)[-1]
    stage.client.mailbox.answer(PromptRead("words", request.stamp, (80, 0), 75))
    qapp.processEvents()
    assert panel.prompt.length.text() == "80 of 75 parts of words: the end is not read"


def test_steps_guidance_scheduler_and_size(worded, stage) -> None:
    knobs, size = worded.sides.diffusion.knobs, worded.sides.diffusion.size
    controller = worded.controller
    knobs.steps.set_value(12, notify=True)
    assert (asked(stage, "full").steps, asked(stage).steps) == (12, 4)
    assert knobs.draft.value() == 4
    knobs.draft.set_value(6, notify=True)
    assert asked(stage).steps == 6
    assert controller.document.words.draft_steps == 6
    knobs.draft.reset()
    assert controller.document.words.draft_steps is None
    knobs.guidance.set_value(3.0, notify=True)
    assert asked(stage).guidance == 3.0
    names = [knobs.scheduler.itemText(i) for i in range(knobs.scheduler.count())]
    assert names == ["pndm (its own)", "euler", "dpm++ 2m karras"]
    knobs.scheduler.setCurrentIndex(2)
    knobs.scheduler.activated.emit(2)
    assert asked(stage).scheduler == "dpm++ 2m karras"
    assert controller.history.undo_label == "Change the scheduler"
    size.across.setValue(101)
    assert (asked(stage).width, asked(stage).height) == (104, 64)
    assert size.across.value() == 104
    assert size.rule.text() == "Multiples of 8 px, best at 64 \u00d7 64."
    size.own.click()
    shown = worded.app.renderer.shown["B"].inputs  # drawn before, so it need not be asked for
    assert (shown.width, shown.height) == (64, 64)


def test_what_a_picture_asks_for_beyond_the_sliders_is_shown_as_it_is(worded, stage) -> None:
    panel, controller = worded.sides.diffusion, worded.controller
    controller.set_words("x", None, steps=500, guidance=50.0, width=4096, height=64, strength=0.01)
    assert (panel.knobs.steps.value(), panel.knobs.guidance.value()) == (500, 50.0)
    assert (panel.size.across.value(), panel.picture.strength.value()) == (4096, 0.01)
    asked_for = asked(stage, "full")
    assert (asked_for.steps, asked_for.guidance, asked_for.width) == (500, 50.0, 4096)
    controller.set_words("x", None, guidance=0.5)
    assert panel.knobs.guidance.value() == 0.5
    # Another model offers the usual again.
    use(stage, info_of(key="other"))
    assert (panel.knobs.steps.maximum(), panel.knobs.guidance.maximum()) == (100, 20.0)


def test_a_model_of_classes_offers_what_it_takes(worded, stage, qapp) -> None:
    use(stage, info_of(CLASSES, "classes"))
    settle(stage, qapp)
    panel = worded.sides.diffusion
    assert not panel.prompt.isVisible()
    assert not panel.negative_fold.isVisible()
    assert not panel.picture.isVisible()
    assert panel.knobs.label.isVisible()
    assert not panel.size.across.isEnabled()
    assert panel.size.rule.text() == "This model draws at 64 \u00d7 64 px only."
    panel.knobs.label._take(5000)
    assert asked(stage).label == 999
    assert asked(stage).prompt == ""


def test_a_negative_prompt_is_folded_where_there_is_none(worded, stage, qapp, qtbot) -> None:
    panel = worded.sides.diffusion
    panel.negative_fold.restore(True)
    type_into(qtbot, panel.negative.field, "blurry")
    assert asked(stage).negative == "blurry"
    takes = ("prompt",)
    use(stage, info_of(replace(EVERYTHING, takes=takes, guidance="embedded"), "flux"))
    settle(stage, qapp)
    assert not panel.negative_fold.state()
    assert not panel.negative_fold.isEnabled()
    assert panel.negative_fold.toolTip() == "This model takes no negative prompt."
    assert asked(stage).negative == ""
    # It is kept for a model that does.
    assert worded.controller.document.words.negative == "blurry"


def test_a_picture_its_strength_and_a_mask(worded, stage, qtbot, qapp, tmp_path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(png())
    panel, controller = worded.sides.diffusion, worded.controller
    worded.commands.open_path(path)
    qtbot.waitUntil(lambda: controller.document.words.picture is not None, timeout=5000)
    settle(stage, qapp)
    assert asked(stage).picture == path.read_bytes()
    assert (asked(stage).strength, asked(stage).mask) == (0.8, None)
    part = panel.picture
    assert part.state()
    assert part.mask.isVisible()
    part.strength.set_value(0.1, notify=True)
    # A tenth of eight steps is none: as many are drawn as leave one.
    assert (asked(stage).strength, asked(stage).steps) == (0.1, 10)
    pad = part.mask.pad
    left = Qt.MouseButton.LeftButton
    stage.client.auto = False
    stage.client.requests.clear()
    qtbot.mousePress(pad, left, pos=QPoint(60, 60))
    qtbot.mouseMove(pad, QPoint(90, 60))
    assert not stage.client.of(Render, "full")
    qtbot.mouseRelease(pad, left, pos=QPoint(90, 60))
    assert stage.client.of(Render, "full")
    stage.client.auto = True
    settle(stage, qapp)
    with Image.open(BytesIO(asked(stage).mask)) as mask:
        plane = np.asarray(mask.convert("L"))
    assert plane.shape == (64, 64)
    assert 0 < (plane == 255).mean() < 0.5
    assert plane[0, 0] == 0
    assert controller.history.undo_label == "Mark"
    controller.undo()
    assert controller.document.words.sheet(EVERYTHING).empty
    part.drop.click()
    settle(stage, qapp)
    assert worded.app.renderer.shown["B"].inputs.picture is None


def test_the_session_keeps_and_gives_back_all_of_it(worded, stage, tmp_path) -> None:
    controller = worded.controller
    controller.set_words(
        "x", None, prompt="a head", negative="blur", steps=30, draft_steps=5, guidance=2.5,
        scheduler="euler", width=96, height=64, strength=0.5, label=3,
    )  # fmt: skip
    folder = tmp_path / "pipe"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    ref = replace(controller.document.model, path=str(folder))
    path = tmp_path / "work.maquette"
    save(replace(controller.document, model=ref), path)
    back = load(path)
    assert back.words == controller.document.words
    assert back.model.path == str(folder)


def test_finish_names_the_words_and_draws_full(worded, stage, tmp_path) -> None:
    stage.answer_path = tmp_path / "done.png"
    stage.client.auto = False
    worded.controller.set_words("x", None, prompt="a green head, smiling")
    worded.actions_["finish"].trigger()
    assert stage.asked[-1].name == "words-a-green-head--smiling-seed-0.png"
    order = stage.client.of(Finish)[-1]
    assert order.spec.inputs.steps == 24
    assert '"prompt": "a green head, smiling"' in dict(order.text)["maquette"]
    stage.client.answer_all()


def test_no_command_of_the_window_fails_on_it(worded, stage, qapp, monkeypatch) -> None:
    from widgets import choosers

    for name in dir(choosers):
        if name.startswith(("open_", "save_", "pictures_into", "picture_folders")):
            monkeypatch.setattr(choosers, name, lambda *_: None)
    dialogs = ("preferences", "keys", "unsaved", "devices", "log", "diagnostics", "gallery")
    skipped = {"quit", "verify_bundle", *dialogs}
    for name in worded.actions_.commands:
        if name not in skipped:
            worded.actions_[name].trigger()
            settle(stage, qapp)
    for entry in worded.copying.entries.values():
        entry.trigger()
        qapp.processEvents()
    assert worded.controller.info.family == "diffusion"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("play_walk", "pipelines have none yet"),
        ("make_elastic", "for StyleGANs"),
    ],
)
def test_what_does_not_work_yet_is_greyed_and_says_why(worded, stage, command, words) -> None:
    action = worded.actions_[command]
    assert not action.isEnabled()
    assert words in action.toolTip()
    from tests.widgets.fakes import model_info

    use(stage, model_info())
    assert action.isEnabled()
    assert words not in action.toolTip()


def test_the_width_narrows_the_draft_alone(worded, stage, qapp) -> None:
    layout = Layout((Site("block", "units", 8, 1, (Part("proj", False),), ""),), (), ())
    use(stage, info_of(replace(EVERYTHING, layout=layout), "elastic"))
    settle(stage, qapp)
    panel = worded.right
    assert panel.width_slider.isEnabled()
    assert not panel.resolution.isVisible()
    assert not panel.more.isVisible()
    panel.width_slider.set_value(0.5, notify=True)
    settle(stage, qapp)
    shown = worded.app.renderer.shown
    assert (shown["A"].subnet.width, shown["B"].subnet.width) == (1.0, 0.5)
    worded._show_numbers()
    assert caption_of(worded).title() == "draft, 8 steps, width 0.5"
    # Without anything to narrow, the slider is greyed and says so.
    use(stage, info_of())
    assert not panel.width_slider.isEnabled()
    assert panel.whole.isVisible()


BLOCKS = Layout(
    (Site("block", "units", 8, 1, (Part("proj", False),), "a"),),
    (Block("a", "resnet"), Block("b", "resnet")),
    (),
)


@pytest.fixture
def elastic(worded, stage, qapp):
    """The window with a pipeline of which a part can be run, and features be used again."""
    layers = tuple(
        LayerCount(name, 1000, 64_000)
        for name in ("conv_in", "down_blocks.0.resnets.0.conv1", "mid_block.resnets.0.conv1",
                     "up_blocks.0.resnets.0.conv1", "up_blocks.0.resnets.1.conv1")
    )  # fmt: skip
    use(stage, info_of(replace(EVERYTHING, layout=BLOCKS, layers=layers), "elastic"))
    settle(stage, qapp)
    return worded


def test_depth_and_reuse_change_the_draft_at_once(elastic, stage, qapp) -> None:
    panel, renderer = elastic.right, elastic.app.renderer
    assert panel.card.header.text() == "Denoiser"
    assert panel.depth.isVisible()
    assert not panel.reuse.card.is_on()
    panel.depth.set_value(0.5, notify=True)
    panel.reuse.interval.set_value(3, notify=True)
    panel.reuse.stop.set_value(0.6, notify=True)
    settle(stage, qapp)
    drawn = renderer.shown["B"].subnet
    assert drawn == SubnetChoice(
        denoising=Denoising(Elastic(depth=0.5), Reuse(interval=3, guided=(0.0, 0.6)))
    )
    assert renderer.shown["A"].subnet == SubnetChoice()
    assert panel.reuse.card.is_on()
    # Off and on again it is what it was, and each is a step to undo.
    panel.reuse.card.switch.click()
    assert elastic.controller.document.subnet.denoising == Denoising(Elastic(depth=0.5))
    assert panel.reuse.interval.value() == 1
    panel.reuse.card.switch.click()
    assert elastic.controller.document.subnet == drawn
    for _ in range(4):
        elastic.controller.undo()
    assert elastic.controller.document.subnet == SubnetChoice(
        denoising=Denoising(Elastic(depth=0.5))
    )
    # Guidance never ends before it begins.
    panel.reuse.start.set_value(0.8, notify=True)
    panel.reuse.stop.set_value(0.4, notify=True)
    assert elastic.controller.document.subnet.denoising.reuse.guided == (0.4, 0.4)
    from tests.widgets.fakes import model_info

    use(stage, model_info())
    assert not panel.depth.isVisible()
    assert not panel.reuse.isVisible()
    assert panel.card.header.text() == "Subnet"


def test_what_a_pipeline_does_not_have_is_not_offered(worded, stage, qapp) -> None:
    use(stage, info_of(CLASSES, "classes"))
    settle(stage, qapp)
    panel = worded.right
    assert not panel.depth.isVisible()
    assert not panel.reuse.interval.isEnabled()
    assert panel.reuse.why.text() == "Features of this denoiser cannot be used again."
    assert panel.reuse.stop.isVisible()
    plain = replace(CLASSES, guidance="none")
    use(stage, info_of(plain, "plain"))
    assert not panel.reuse.isVisible()


def test_the_palette_adds_reuse_live_and_the_order_as_a_step(elastic, qtbot) -> None:
    stack, controller, techniques = elastic.stack, elastic.controller, elastic.app.techniques
    techniques.want()
    qtbot.waitUntil(lambda: techniques.registry is not None and techniques.complete, timeout=9000)
    stack._show_palette(True)
    offers = {offer.name: offer for offer in stack.palette_._offers}
    assert offers["reuse"].refused == offers["elastic_denoiser"].refused == ""
    assert "sliders above" in offers["subnet"].refused
    stack._chosen(offers["reuse"])
    assert controller.document.subnet.denoising.reuse.interval == 3
    assert not controller.document.recipe.steps
    stack._offer()
    again = {offer.name: offer for offer in stack.palette_._offers}
    assert again["reuse"].refused == "It is on."
    assert elastic.right.unordered.isVisible()
    stack._chosen(offers["elastic_denoiser"])
    (step,) = controller.document.recipe.steps
    assert (step.technique, step.params) == ("elastic_denoiser", "{}")
    assert not elastic.right.unordered.isVisible()
    assert list(stack.cards[step.id].panel.rows) == ["runs", "calls"]
    assert controller.document.recipe.cut_at is None
    assert not stack.cut_row.isVisible()


def test_the_recipe_says_what_is_live_and_brings_it_back(elastic) -> None:
    from studio.recipes.outside import builtin_registry
    from studio.session.recipes import taken, whole_recipe
    from studio.session.steps import RecipeStep, Steps

    registry, info = builtin_registry(), elastic.controller.info
    choice = SubnetChoice(
        width=0.75,
        denoising=Denoising(Elastic(depth=0.5), Reuse(interval=2, guided=(0.0, 0.6))),
    )
    for steps in ((), (RecipeStep("s1", "elastic_denoiser", 1, '{"runs": 3}'),)):
        document = replace(elastic.controller.document, subnet=choice, recipe=Steps(steps))
        recipe = whole_recipe(document, "all", registry)
        first, last = recipe.steps
        assert first.params["width"] == 0.75
        assert first.params["depth"] == 0.5
        assert first.params.get("order", True) == bool(steps)
        assert dict(last.params) == {"interval": 2, "guided_until": 0.6}
        back = taken(recipe, registry, info, 1)
        assert back.subnet == choice
        assert [step.values() for step in back.recipe.steps] == [step.values() for step in steps]
        assert back.recipe.cut_at is None


def test_a_session_keeps_depth_and_reuse(elastic, tmp_path) -> None:
    choice = SubnetChoice(0.5, denoising=Denoising(Elastic(depth=0.5), Reuse(interval=2)))
    elastic.controller.set_subnet(choice, None)
    folder = tmp_path / "pipe"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    ref = replace(elastic.controller.document.model, path=str(folder))
    path = tmp_path / "work.maquette"
    save(replace(elastic.controller.document, model=ref), path)
    assert load(path).subnet == choice


def test_measuring_a_pipeline(elastic, stage, qapp) -> None:
    controller = elastic.controller
    controller.set_subnet(SubnetChoice(0.5, denoising=Denoising(reuse=Reuse(interval=2))), None)
    settle(stage, qapp)
    assert elastic.actions_["measure"].isEnabled()
    elastic.actions_["keep"].trigger()
    elastic.actions_["measure"].trigger()
    qapp.processEvents()
    order = stage.runner.handles[-1].job
    assert isinstance(order, MeasureJob)
    assert order.target == "openvino:CPU:f32"
    assert (order.inputs.steps, order.seeds) == (24, 4)
    assert order.choices == (SubnetChoice(),)
    # Whose steps differ runs in PyTorch alone, and is held against full in PyTorch.
    (again,) = order.variants
    assert (again.path, again.target, again.choice.width) == (
        elastic.controller.info.path, "pytorch:cpu:f32", 0.5,
    )  # fmt: skip
    times = Latency(420.0, 400.0, 450.0)
    for choice, target in ((SubnetChoice(), order.target), (again.choice, again.target)):
        found = Measurement(
            "x", choice, 30.0, 0.9, 0.1, 5000, 320_000, 320_000, 20_000, times,
            target, 1, host=host_name(), steps=24, step_ms=16.5,
        )  # fmt: skip
        controller.add_measurements(controller.info.key, (found,))
    elastic._show_numbers()
    rows = elastic.bottom._rows
    assert rows["full"].measured
    assert rows["full"].source == "measured at 24 steps, OpenVINO f32 CPU, 1 thread"
    assert rows["current"].source == "measured at 24 steps, PyTorch f32 CPU, 1 thread"
    assert rows["current"].values()[15] == 16.5
    assert not elastic.bottom.table.isColumnHidden(15)


def test_the_error_by_step_is_a_curve_below_the_pictures(elastic, stage, qtbot, qapp) -> None:
    shown = elastic.errors
    assert not shown.isVisible()  # both sides run the same denoiser

    def asked() -> list[Compare]:
        return [each for each in stage.client.of(Compare) if each.by_step]

    elastic.controller.set_subnet(SubnetChoice(0.5), None)
    settle(stage, qapp)
    assert shown.isVisible()
    assert shown.words.text() == "Error of the denoiser by step: not known yet"
    qtbot.waitUntil(lambda: len(asked()) == 1)
    settle(stage, qapp)
    (request,) = asked()
    scene = elastic.app.renderer.scene
    assert request.reference == scene.full
    assert request.candidate == scene.sides["B"].spec
    assert request.candidate.inputs.steps == 8
    assert shown.curve.values == (0.02, 0.04, 0.09)
    assert shown.words.text() == "Error of the denoiser by step: 5 % in the mean, 9 % at most"
    points = shown.curve.points(QRectF(0, 0, 100, 90))
    assert [(point.x(), round(point.y(), 6)) for point in points] == [(0, 70), (50, 50), (100, 0)]
    shown.curve.grab()
    # What is known is not asked again; what is not wanted any more is given up.
    elastic.controller.set_subnet(SubnetChoice(), None)
    settle(stage, qapp)
    assert not shown.isVisible()
    elastic.controller.undo()
    settle(stage, qapp)
    assert shown.curve.values == (0.02, 0.04, 0.09)
    stage.client.auto = False
    elastic.controller.set_subnet(SubnetChoice(0.25), None)
    for _ in range(4):
        stage.client.answer_lane("current")
        qapp.processEvents()
    qtbot.waitUntil(lambda: len(asked()) == 2)
    elastic.controller.set_subnet(SubnetChoice(0.75), None)
    assert CancelLane("errors") in stage.client.requests
    stage.client.auto = True
    stage.client.answer_all()
    settle(stage, qapp)
