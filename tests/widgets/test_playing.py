"""Playing with a model in the real window: found directions, mixing, walks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.engine.job_messages import JobDone, JobFailed, JobProgress, WalkJob
from studio.engine.messages import CancelLane, Render
from studio.families.inputs import GanInputs
from studio.families.walk import WalkPoint
from studio.subnets.choice import SubnetChoice
from tests.widgets.fakes import colour_of, model_info
from tests.widgets.test_hurried import stops
from tests.widgets.test_window import press, use_in
from widgets import choosers
from widgets.attribute_names import attribute_label
from widgets.scene import inputs_for
from widgets.walking import LANE


@pytest.fixture
def mixing(window, qtbot):
    window.left.mix_fold.restore(True)
    qtbot.wait(5)
    return window.left.mixing


def unnamed(window, key="key-plain"):
    use_in(window, model_info(key, f"/models/{key}.safetensors", directions=()))


# ---- attributes --------------------------------------------------------------------------------


def test_known_names_have_words_and_others_their_own():
    assert attribute_label("clay_hue") == "clay hue"
    assert attribute_label("hair_length_left") == "hair length left"
    assert attribute_label("sefa3") == "direction 3"
    assert attribute_label("sefa12.coarse") == "coarse 12"
    assert attribute_label("sefa1.rough") == "sefa1.rough"


def test_a_model_without_names_shows_what_was_found_in_it(window, qtbot):
    assert not window.left.section.found_fold.state()
    unnamed(window)
    assert window.left.section.found_fold.state()
    names = [f"sefa{n}" for n in range(1, 9)]
    assert list(window.left.attributes) == names
    window.left.attributes["sefa2"].set_value(1.5, notify=True)
    assert window.controller.document.inputs.edits == (("sefa2", 1.5),)
    qtbot.waitUntil(lambda: window.app.renderer.shown["B"].inputs.edits == (("sefa2", 1.5),))
    assert window.controller.history.undo_label == "Change direction 2"
    use_in(window, model_info())
    assert not window.left.section.found_fold.state()


def test_another_range_keeps_what_is_in_use_in_sight(window, qtbot):
    unnamed(window)
    window.controller.set_edit("sefa2", 1.0)
    found = window.left.section.found
    texts = [found.stages.itemText(i) for i in range(found.stages.count())]
    assert texts[:2] == ["all, 4\u201364 px", "coarse, 4\u20138 px"]
    assert texts[2:] == ["middle, 16\u201332 px", "fine, 64 px"]
    found.stages.activated.emit(3)
    assert window.controller.document.found.stages == "fine"
    names = [f"sefa{n}.fine" for n in range(1, 9)]
    assert list(window.left.attributes) == ["sefa2", *names]
    found.count.set_value(3, notify=True)
    assert list(window.left.attributes) == ["sefa2", *names[:3]]
    window.left.attributes["sefa2"].back.click()
    assert list(window.left.attributes) == names[:3]
    window.actions_["undo"].trigger()
    assert list(window.left.attributes) == ["sefa2", *names[:3]]
    assert window.left.attributes["sefa2"].value() == 1.0
    assert "1 in use" in window.left.section.found_fold.header.text()


def test_one_or_all_attributes_go_back_to_nothing(window, qtbot):
    section, controller = window.left.section, window.controller
    smile = window.left.attributes["smile"]
    assert smile.back.isHidden()
    assert not section.reset_all.isEnabled()
    smile.set_value(1.5, notify=True)
    controller.set_edit("sefa1", 2.0)
    assert not smile.back.isHidden()
    qtbot.mouseClick(smile.back, Qt.MouseButton.LeftButton)
    assert controller.document.inputs.edits == (("sefa1", 2.0),)
    section.reset_all.click()
    assert controller.document.inputs.edits == ()
    controller.undo()
    controller.undo()
    assert dict(controller.document.inputs.edits) == {"sefa1": 2.0, "smile": 1.5}


def test_many_attributes_can_be_narrowed_down(window, qtbot):
    section = window.left.section
    assert section.filter.isHidden()
    names = (*(f"part_{n}" for n in range(28)), "clay_hue", "hat_hue")
    use_in(window, model_info("key-many", "/models/many.safetensors", directions=names))
    assert not section.filter.isHidden()
    assert len(window.left.attributes) == 5
    section.filter.setFocus()
    qtbot.keyClicks(section.filter, "Hue")
    shown = [n for n, s in window.left.attributes.items() if not s.isHidden()]
    assert shown == ["clay_hue", "hat_hue"]
    assert section.more.header.isHidden()
    window.left.attributes["hat_hue"].set_value(1.0, notify=True)
    assert section.filter.text() == "Hue"
    assert section.nothing.isHidden()
    qtbot.keyClicks(section.filter, "x")
    assert not section.nothing.isHidden()
    qtbot.keyClick(section.filter, Qt.Key.Key_Escape)
    assert section.nothing.isHidden()
    assert section.filter.text() == ""
    assert not section.more.header.isHidden()
    assert not section.more.state()
    assert all(not s.isHidden() for s in window.left.attributes.values())


def test_tab_goes_through_the_left_panel_as_one_reads_it(window, qtbot):
    left = window.left
    use_in(window, model_info("key-other", "/models/other.safetensors"))
    for fold in (left.mix_fold, left.section.more, left.section.found_fold, left.walk_fold):
        fold.restore(True)
    window.controller.pin()
    window.controller.new_seed()
    window.controller.pin()
    left.section.found.count.set_value(10, notify=True)
    qtbot.wait(10)
    order = stops(window, qtbot)
    wanted = [
        left.truncation.track,
        left.mixing.strip,
        left.attributes["turn"].track,
        left.attributes["smile"].track,
        left.attributes["glasses"].track,
        left.section.found.stages,
        left.attributes["sefa1"].track,
        left.attributes["sefa10"].track,
        left.pins.list,
        left.walk.way,
        left.walk.save,
        window.right.width_slider.track,
        window.bottom.table,
    ]
    places = [order.index(widget) for widget in wanted]
    assert places == sorted(places)


# ---- mixing ------------------------------------------------------------------------------------


def drag(strip, *cells):
    spots = [strip.cell(index).center() for index in cells]
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(strip, spot)
        QApplication.processEvents()
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=spots[-1])


def test_painting_over_the_strip_is_one_step(window, mixing, qtbot):
    controller, strip = window.controller, mixing.strip
    steps = len(controller.history)
    drag(strip, 0, 2)  # a quick hand: the cell in between is passed, not visited
    assert controller.document.inputs.mix_stages == (4, 8, 16)
    assert controller.document.inputs.mix_seed == 1
    assert len(controller.history) == steps + 1
    wanted = GanInputs(seed=0, mix_seed=1, mix_stages=(4, 8, 16))
    qtbot.waitUntil(lambda: window.app.renderer.shown["B"].inputs == wanted)
    assert "0 and 1" in window.left.mix_fold.header.text()
    drag(strip, 1)
    assert controller.document.inputs.mix_stages == (4, 16)
    drag(strip, 2, 4)
    assert controller.document.inputs.mix_stages == (4,)
    controller.undo()
    assert strip.chosen() == (4, 16)
    controller.undo()
    controller.undo()
    assert strip.chosen() == ()
    assert controller.document.inputs.mix_seed is None
    assert window.left.mix_fold.header.text() == "Mix two seeds"


def test_a_drag_of_the_strip_answers_while_it_lasts(window, mixing, qtbot):
    strip = mixing.strip
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=strip.cell(4).center())
    assert window.controller.dragging
    assert window.controller.document.inputs.mix_stages == (64,)
    QTest.mouseMove(strip, strip.cell(3).center())
    QApplication.processEvents()
    qtbot.waitUntil(lambda: window.app.renderer.shown["B"].inputs.mix_stages == (32, 64))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=strip.cell(3).center())
    assert not window.controller.dragging
    qtbot.waitUntil(lambda: window.app.renderer.shown["A"].inputs.mix_stages == (32, 64))


def test_the_strip_from_the_keyboard(window, mixing, qtbot):
    strip, inputs = mixing.strip, lambda: window.controller.document.inputs
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Down)
    qtbot.keyClick(strip, Qt.Key.Key_End)
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    assert inputs().mix_stages == (4, 64)
    assert strip.accessibleDescription() == "64 px: seed B. B: 4, 64"
    qtbot.keyClick(strip, Qt.Key.Key_Home)
    qtbot.keyClick(strip, Qt.Key.Key_Up)
    assert inputs().mix_stages == (64,)
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert inputs().mix_stages == (8, 64)


def test_presets_and_the_second_seed(window, mixing, qtbot):
    inputs = lambda: window.controller.document.inputs  # noqa: E731
    mixing.seed.field.committed.emit("77")
    assert (inputs().mix_seed, inputs().mix_stages) == (77, (16, 32))
    mixing.presets["coarse"].click()
    assert inputs().mix_stages == (4, 8)
    mixing.seed.dice.click()
    assert inputs().mix_seed != 77
    second = inputs().mix_seed
    mixing.stop.click()
    assert mixing.strip.chosen() == ()
    assert inputs_for(inputs(), window.controller.info) == GanInputs()
    # The second seed is still there for the next try.
    mixing.presets["fine"].click()
    assert (inputs().mix_seed, inputs().mix_stages) == (second, (64,))


def test_both_seeds_have_pictures_while_the_fold_is_open(window, mixing, qtbot):
    mixing.set_second(7)
    qtbot.waitUntil(lambda: mixing.first_thumb.has_picture() and mixing.second_thumb.has_picture())
    wanted = window.app.thumbnails._wanted
    assert wanted["mix-a"].inputs == GanInputs()
    assert wanted["mix-b"].inputs == GanInputs(seed=7)
    window.left.mix_fold.restore(False)
    assert not {"mix-a", "mix-b"} & set(window.app.thumbnails._wanted)


def test_inputs_say_the_same_in_one_way_only():
    info = model_info()
    plain = GanInputs(seed=3)
    for inputs in (
        replace(plain, mix_seed=5, mix_stages=()),
        replace(plain, mix_stages=(4,)),
        replace(plain, mix_seed=5, mix_stages=(1024,)),
        replace(plain, edits=(("sefa1", 0.0), ("sefa99", 1.0), ("grin", 1.0))),
    ):
        assert inputs_for(inputs, info) == plain
    mixed = replace(plain, mix_seed=5, mix_stages=(4, 1024), edits=(("sefa1.fine", 1.0),))
    assert inputs_for(mixed, info) == replace(mixed, mix_stages=(4,))


# ---- walks -------------------------------------------------------------------------------------


@pytest.fixture
def pinned(window, qtbot):
    """Two pins; the document draws the second."""
    controller = window.controller
    controller.set_edit("smile", 1.0)
    controller.pin()
    controller.set_inputs("", None, seed=5, edits=())
    controller.pin()
    window.left.walk_fold.restore(True)
    qtbot.wait(5)
    return window


def walked(drawn):
    return [r for r in drawn.client.of(Render, LANE) if isinstance(r.spec.inputs, WalkPoint)]


def colour(window, side="B"):
    """The colour of the picture that the view shows on a side."""
    image = window.view.canvas.scene.layers[side]._image
    assert isinstance(image, QImage)
    return image.pixelColor(2, 2).getRgb()[:3]


def test_a_walk_asks_for_two_pins(window, qtbot, drawn):
    press(qtbot, window, Qt.Key.Key_W)
    assert not window.app.walking.playing
    assert window.left.walk_fold.state()
    assert not window.left.walk.missing.isHidden()
    assert "Pin two pictures" in window.notice.sentence()
    window.actions_["save_walk"].trigger()
    assert drawn.runner.handles == []


def test_a_walk_plays_with_the_current_subnet_and_stops(pinned, qtbot, drawn):
    window, walking = pinned, pinned.app.walking
    qtbot.waitUntil(lambda: not window.app.controller._settle.isActive())
    press(qtbot, window, Qt.Key.Key_W)
    assert walking.playing
    assert window.actions_["play_walk"].text() == "Stop the &walk"
    qtbot.waitUntil(lambda: len(walked(drawn)) >= 4)
    specs = [request.spec for request in walked(drawn)]
    assert {spec.subnet for spec in specs} == {SubnetChoice(width=0.5)}
    route = specs[0].inputs.route
    assert [pin.seed for pin in route.pins] == [0, 5]
    assert route.pins[0].edits == (("smile", 1.0),)
    places = [spec.inputs.at for spec in specs]
    assert places[0] < 0.2
    assert places == sorted(places)
    still = tuple(colour_of(window.app.renderer.shown["B"]))
    qtbot.waitUntil(lambda: colour(window) != still)
    assert colour(window, "A") == tuple(colour_of(window.app.renderer.shown["A"]))
    press(qtbot, window, Qt.Key.Key_W)
    assert not walking.playing
    assert colour(window) == still
    asked = len(walked(drawn))
    qtbot.wait(60)
    assert len(walked(drawn)) == asked
    assert window.actions_["play_walk"].text() == "Play the &walk"


def test_a_walk_waits_for_each_picture_and_then_is_where_the_clock_is(pinned, qtbot, drawn):
    window, walking = pinned, pinned.app.walking
    now = [100.0]
    walking._clock = lambda: now[0]
    drawn.client.auto = False
    window.actions_["play_walk"].trigger()
    for _ in range(5):
        walking._next()
    assert len(walked(drawn)) == 1
    now[0] += 0.75  # a slow picture: half of the way there has passed
    drawn.client.answer_lane(LANE)
    qtbot.waitUntil(lambda: len(walked(drawn)) == 2)
    assert walked(drawn)[1].spec.inputs.at == pytest.approx(0.5)
    now[0] += 10.0  # an answer that never comes is not waited for
    walking._next()
    assert len(walked(drawn)) == 3
    window.actions_["play_walk"].trigger()
    assert drawn.client.of(CancelLane, LANE)


def test_a_drag_of_the_width_goes_on_walking_and_a_new_seed_stops(pinned, qtbot, drawn):
    window, walking = pinned, pinned.app.walking
    window.actions_["play_walk"].trigger()
    window.right.width_slider.set_value(0.25, notify=True)
    assert walking.playing
    qtbot.waitUntil(lambda: walked(drawn)[-1].spec.subnet == SubnetChoice(width=0.25))
    window.left.walk.seconds.set_value(1.5, notify=True)
    assert walking.playing
    window.controller.new_seed()
    assert not walking.playing
    window.actions_["play_walk"].trigger()
    window.controller.show_mode("difference")
    assert not walking.playing
    window.actions_["play_walk"].trigger()
    assert window.controller.document.view.mode == "current"
    assert walking.playing
    window.controller.undo()
    assert not walking.playing


def test_a_picture_that_cannot_be_drawn_ends_the_walk(pinned, qtbot, drawn):
    window = pinned
    drawn.client.auto = False
    window.actions_["play_walk"].trigger()
    drawn.client.fail(walked(drawn)[0], "this pin is of another model")
    qtbot.waitUntil(lambda: not window.app.walking.playing)
    assert window.notice.sentence() == "this pin is of another model"


def test_the_plan_of_a_walk_is_undone_like_everything_else(pinned, qtbot):
    window, panel = pinned, pinned.left.walk
    plan = lambda: window.controller.document.walk  # noqa: E731
    assert [panel.start.currentText(), panel.end.currentText()] == ["0", "5"]
    panel.way.activated.emit(1)
    panel.start.activated.emit(1)
    panel.frames.set_value(24, notify=True)
    panel.eased.click()
    panel.drawn_by.activated.emit(1)
    assert (plan().way, plan().frames, plan().eased, plan().full) == ("once", 24, True, True)
    # The pin that the walk begins at is no longer where it ends.
    assert [panel.start.currentText(), panel.end.currentText()] == ["5", "0"]
    for _ in range(5):
        window.controller.undo()
    assert plan() == type(plan())()
    panel.way.activated.emit(2)
    assert panel._ends.isHidden()
    for pin in window.controller.document.pins:
        window.controller.unpin(pin.id)
    assert not panel.missing.isHidden()


def test_saving_a_walk_is_a_job_that_can_be_cancelled(pinned, qtbot, drawn, tmp_path, monkeypatch):
    window, out = pinned, tmp_path / "walk.gif"
    suggested = []
    monkeypatch.setattr(choosers, "save_walk", lambda _, path: suggested.append(path) or out)
    window.actions_["save_walk"].trigger()
    assert suggested[0].name == "one-walk.gif"
    (handle,) = drawn.runner.handles
    assert isinstance(handle.job, WalkJob)
    assert (handle.job.path, handle.job.out) == ("/models/one.safetensors", str(out))
    assert handle.job.choice == SubnetChoice(width=0.5)
    assert handle.job.walk.back
    drawn.client.mailbox.job(handle.id, JobProgress(0.5, "frame 24 of 48", 2.0))
    qtbot.waitUntil(lambda: window.status.jobs() == [handle.id])
    window.status.cancel_clicked.emit(handle.id)
    qtbot.waitUntil(lambda: window.status.jobs() == [])
    assert window.notice.sentence() == ""
    window.left.walk.drawn_by.activated.emit(1)
    window.actions_["save_walk"].trigger()
    handle = drawn.runner.handles[-1]
    assert handle.job.choice == SubnetChoice()
    handle.end(JobDone(path=str(out)))
    qtbot.waitUntil(lambda: "Saved as walk.gif" in window.notice.sentence())
    window.actions_["save_walk"].trigger()
    drawn.runner.handles[-1].end(JobFailed("cannot write walk.gif: no space left on device"))
    qtbot.waitUntil(lambda: "no space left" in window.notice.sentence())
    monkeypatch.setattr(choosers, "save_walk", lambda *_: None)
    window.actions_["save_walk"].trigger()
    assert len(drawn.runner.handles) == 3


def test_closing_the_window_ends_a_walk(pinned, qtbot, drawn):
    pinned.actions_["play_walk"].trigger()
    pinned.close()
    asked = len(walked(drawn))
    qtbot.wait(50)
    assert len(walked(drawn)) == asked


def test_the_chosen_kind_gives_a_walk_its_ending(window, monkeypatch, tmp_path):
    from PySide6.QtWidgets import QFileDialog

    for chosen, name in ((0, "a.gif"), (1, "a.webp"), (2, "a")):
        monkeypatch.setattr(
            QFileDialog,
            "getSaveFileName",
            lambda *args, n=chosen: (str(tmp_path / "a"), args[3].split(";;")[n]),
        )
        assert choosers.save_walk(window, Path("b.gif")) == tmp_path / name


def test_a_strip_of_no_stages_is_harmless(qtbot):
    from widgets.controls.stage_strip import StageStrip

    strip = StageStrip()
    qtbot.addWidget(strip)
    strip.show()
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    qtbot.keyClick(strip, Qt.Key.Key_Space)
    assert strip.chosen() == ()
