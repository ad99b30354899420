"""The real window on a fake engine: every key, every notice, every file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage

from studio.engine.client import EngineState
from studio.engine.job_messages import (
    ConvertJob,
    JobDone,
    JobFailed,
    JobProgress,
    MeasureJob,
    SortJob,
)
from studio.engine.messages import Finish, OpenModel, Render
from studio.fidelity.measurement import Latency, Measurement
from studio.session import leavings, recents
from studio.session.autosave import Autosave
from studio.session.document import Document, ModelRef
from studio.subnets.choice import SubnetChoice
from tests.widgets.conftest import use
from tests.widgets.fakes import model_info
from widgets import choosers
from widgets.compare.view import Mode


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    window.activateWindow()
    window.view.setFocus()
    qtbot.keyClick(window.view.canvas, key, modifier)
    qtbot.wait(5)


def test_number_keys_choose_the_mode(window, qtbot):
    keys = {
        Qt.Key.Key_1: Mode.FULL,
        Qt.Key.Key_2: Mode.CURRENT,
        Qt.Key.Key_4: Mode.WIPE,
        Qt.Key.Key_5: Mode.BLINK,
        Qt.Key.Key_6: Mode.DIFFERENCE,
        Qt.Key.Key_3: Mode.SIDE,
    }
    for key, mode in keys.items():
        press(qtbot, window, key)
        assert window.view.mode() is mode
        assert window.actions_[f"mode_{mode.value}"].isChecked()
        press(qtbot, window, key)
        assert window.actions_[f"mode_{mode.value}"].isChecked()


def test_letters_do_what_the_list_says(window, qtbot):
    controller = window.controller
    seed = controller.document.inputs.seed
    press(qtbot, window, Qt.Key.Key_R)
    assert controller.document.inputs.seed != seed
    press(qtbot, window, Qt.Key.Key_P)
    assert len(controller.document.pins) == 1
    press(qtbot, window, Qt.Key.Key_K)
    assert len(controller.document.kept) == 1
    press(qtbot, window, Qt.Key.Key_X)
    assert controller.document.view.side_a == "current"
    window.view.actual_size()
    assert not window.view.is_fitted()
    press(qtbot, window, Qt.Key.Key_F)
    assert window.view.is_fitted()
    control = Qt.KeyboardModifier.ControlModifier
    press(qtbot, window, Qt.Key.Key_Z, control)
    assert controller.document.view.side_a == "full"
    press(qtbot, window, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert controller.document.view.side_a == "current"


def test_b_closes_the_bottom_and_its_height_is_kept(window, qtbot):
    window.docks.set_bottom(True, 210)
    qtbot.wait(20)
    height = window.docks.bottom.height()
    press(qtbot, window, Qt.Key.Key_B)
    assert window.docks.bottom.isHidden()
    press(qtbot, window, Qt.Key.Key_B)
    qtbot.wait(20)
    assert not window.docks.bottom.isHidden()
    assert abs(window.docks.bottom.height() - height) <= 2


def test_dragging_the_width_slider_changes_the_picture(window, qtbot):
    slider = window.right.width_slider
    before = window.app.renderer.shown["B"]
    slider.set_value(0.25, notify=True)
    qtbot.waitUntil(lambda: window.app.renderer.shown["B"].subnet.width == 0.25)
    assert window.app.renderer.shown["B"] != before
    assert len(window.controller.history) == 1
    assert window.right.hint.isHidden()
    window.actions_["undo"].trigger()
    assert slider.value() == 0.5


def test_a_width_per_stage_and_back(window, qtbot):
    stages = window.right.stages
    assert stages.sliders == []
    window.controller.set_subnet(SubnetChoice(width=0.75), None)
    window.right.more.restore(True)
    assert [s.value() for s in stages.sliders] == [0.75] * 5
    window.controller.undo()
    stages.sliders[-1].set_value(0.5, notify=True)
    stages.sliders[0].set_value(0.25, notify=True)
    assert window.controller.document.subnet.widths == (0.25, 0.5, 0.5, 0.5, 0.5)
    window.right.width_slider.set_value(0.75, notify=True)
    assert window.controller.document.subnet.widths is None
    assert [s.value() for s in stages.sliders] == [0.75] * 5


def test_resolution_and_rule(window, qtbot):
    window.right.resolution.set_value(32, notify=True)
    assert window.controller.document.subnet.resolution == 32
    window.right.rule.setCurrentIndex(1)
    window.right.rule.activated.emit(1)
    assert window.controller.document.subnet.rule == "anycost"


def test_attributes_seeds_and_pins(window, qtbot):
    controller = window.controller
    controller.set_edit("glasses", -2.0)
    window.left.section.more.restore(True)
    assert window.left.attributes["glasses"].value() == -2.0
    window.left.attributes["smile"].set_value(1.5, notify=True)
    window.left.attributes["glasses"].set_value(-1.0, notify=True)
    assert controller.document.inputs.edits == (("glasses", -1.0), ("smile", 1.5))
    controller.pin()
    window.left.strip.activated.emit("seed-3")
    assert controller.document.inputs.seed == 3
    window.left.seed.field.committed.emit("123456")
    assert controller.document.inputs.seed == 123456
    assert "seed-123456" in list(window.left.strip.keys())
    pin = controller.document.pins[0]
    window.left.pins.activated.emit(pin.id)
    assert controller.document.inputs == pin.inputs
    window.left.pins.remove_requested.emit(pin.id)
    assert controller.document.pins == ()


def test_the_class_picker_is_there_for_conditional_models(window, qtbot):
    assert window.left.label.isHidden()
    config = replace(model_info().config, c_dim=10)
    use_in(window, model_info("key-c", "/models/classes.safetensors", config=config))
    assert not window.left.label.isHidden()
    window.left.label.field.committed.emit("99")
    assert window.controller.document.inputs.label == 9


def use_in(window, info):
    from widgets.opening import reference

    window.controller.use_model(info, reference(info, Path(info.path)))


def test_the_table_shows_live_and_measured_numbers(window, qtbot, drawn):
    window._show_numbers()
    table = window.bottom.table
    assert table.visible_ids() == ["full", "current"]
    assert window.bottom._delegate.live == {"full", "current"}
    window.actions_["measure"].trigger()
    (handle,) = drawn.runner.handles
    assert isinstance(handle.job, MeasureJob)
    assert handle.job.choices == (SubnetChoice(), SubnetChoice(width=0.5))
    drawn.client.mailbox.job(handle.id, JobProgress(0.5, "half", 2.0))
    qtbot.waitUntil(lambda: window.status.jobs() == [handle.id])
    found = tuple(
        Measurement(
            "m", c, 20.0, 0.9, 0.1, 1, 2, 3, 4, Latency(5.0, 4.0, 6.0), handle.job.target, 2
        )
        for c in handle.job.choices
    )
    handle.end(JobDone(measurements=found))
    qtbot.waitUntil(lambda: window.bottom._delegate.live == set())
    assert window.status.jobs() == []
    window.actions_["measure"].trigger()
    assert "measured already" in window.notice.sentence()
    # Numbers of one target say nothing of another.
    window.controller.use_target("pytorch:cpu:f32")
    qtbot.waitUntil(lambda: window.bottom._delegate.live == {"full", "current"})


def test_a_drag_puts_a_measurement_off(window, qtbot, drawn, monkeypatch):
    window.app.measuring._again.setInterval(20)
    window.actions_["measure"].trigger()
    window.controller.begin("width")
    qtbot.waitUntil(lambda: drawn.runner.handles[0].finished)
    qtbot.wait(10)
    window.controller.end()
    qtbot.waitUntil(lambda: len(drawn.runner.handles) == 2)
    window.status.cancel_clicked.emit(drawn.runner.handles[1].id)
    qtbot.waitUntil(lambda: not window.app.measuring.busy)
    assert window.status.jobs() == []


def test_a_restart_is_told_and_nothing_is_lost(window, qtbot, drawn):
    drawn.client.auto = False
    window.right.width_slider.set_value(0.3, notify=True)
    drawn.client.state(EngineState.RESTARTING)
    qtbot.waitUntil(lambda: "started again" in window.notice.sentence())
    drawn.client.state(EngineState.READY)
    qtbot.waitUntil(lambda: "nothing was lost" in window.notice.sentence())
    drawn.client.auto = True
    drawn.client.answer_all()
    qtbot.waitUntil(lambda: window.app.renderer.shown["B"].subnet.width == 0.3)


def test_an_engine_that_fails_offers_to_try_again(window, qtbot, drawn):
    drawn.client.state(EngineState.FAILED)
    qtbot.waitUntil(lambda: window.notice.severity() == "error")
    window.notice.action_clicked.emit()
    assert drawn.client.restarts == 1


def test_finish_asks_once_and_saves_with_metadata(window, qtbot, drawn, tmp_path):
    drawn.answer_path = tmp_path / "head.png"
    press(qtbot, window, Qt.Key.Key_Space)
    assert drawn.asked[0].name == "one-seed-0.png"
    (request,) = drawn.client.of(Finish)
    assert request.path == str(tmp_path / "head.png")
    assert request.spec.subnet == SubnetChoice()
    text = dict(request.text)
    assert text["Software"].startswith("Maquette ")
    made_of = json.loads(text["maquette"])
    assert made_of["model"] == "one"
    assert made_of["recipe"] == []
    assert made_of["inputs"]["seed"] == 0
    qtbot.waitUntil(lambda: "Saved as head.png" in window.notice.sentence())
    press(qtbot, window, Qt.Key.Key_Space)
    assert len(drawn.asked) == 1
    assert drawn.client.of(Finish)[-1].path == str(tmp_path / "one-seed-0.png")
    press(qtbot, window, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert len(drawn.asked) == 2


def test_not_choosing_a_file_finishes_nothing(window, qtbot, drawn):
    press(qtbot, window, Qt.Key.Key_Space)
    assert drawn.client.of(Finish) == []


@pytest.mark.parametrize("mode", ["full", "current", "side", "wipe", "blink", "difference"])
def test_saving_what_is_shown(window, qtbot, drawn, tmp_path, monkeypatch, mode):
    window.controller.show_mode(mode)
    qtbot.wait(30)
    out = tmp_path / "shown.png"
    monkeypatch.setattr(choosers, "save_picture", lambda *_: out)
    window.actions_["save_shown"].trigger()
    qtbot.waitUntil(out.exists)
    image = QImage(str(out))
    assert image.width() == (16 if mode == "side" else 8)
    assert "source_sha256" in image.text("maquette")
    qtbot.waitUntil(lambda: "Saved as" in window.notice.sentence())


def own_file(tmp_path, name="own.safetensors"):
    """A file that is Maquette's own at a glance."""
    import numpy as np
    from safetensors.numpy import save_file

    path = tmp_path / name
    save_file(
        {"w_avg": np.zeros(1, np.float32)},
        path,
        {"format": "maquette", "format_version": "1", "family": "stylegan", "config": "{}"},
    )
    return path


def test_opening_a_model_of_our_own(window, qtbot, drawn, tmp_path):
    path = own_file(tmp_path)
    drawn.client.models[str(path)] = model_info("key-own", str(path))
    window.commands.open_path(path)
    qtbot.waitUntil(lambda: window.controller.info.key == "key-own")
    assert window.controller.history.undo_label == "Open own"
    qtbot.waitUntil(lambda: recents.load() == [str(path)])
    other = own_file(tmp_path, "other.safetensors")
    drawn.client.models[str(other)] = model_info("key-two", str(other))
    window.commands.open_path(other)
    qtbot.waitUntil(lambda: window.controller.info.key == "key-two")
    window.actions_["undo"].trigger()
    qtbot.waitUntil(lambda: window.controller.info.key == "key-own")


def test_opening_another_layout_converts_it_first(window, qtbot, drawn, tmp_path):
    path = tmp_path / "other.pt"
    path.write_bytes(b"PK\x03\x04 something")
    window.commands.open_path(path)
    qtbot.waitUntil(lambda: len(drawn.runner.handles) == 1)
    handle = drawn.runner.handles[0]
    assert isinstance(handle.job, ConvertJob)
    assert Path(handle.job.out).name.startswith("other-")
    assert window.status.jobs() == [handle.id]
    drawn.client.models[handle.job.out] = model_info("key-other", handle.job.out)
    handle.end(JobDone(path=handle.job.out))
    qtbot.waitUntil(lambda: window.controller.info.key == "key-other")
    assert window.controller.document.model.path == str(path)


def test_a_bad_file_is_a_sentence_and_nothing_else(window, qtbot, drawn, tmp_path):
    before = window.controller.document
    path = tmp_path / "bad.pt"
    path.write_bytes(b"PK nothing")
    window.commands.open_path(path)
    qtbot.waitUntil(lambda: len(drawn.runner.handles) == 1)
    drawn.runner.handles[0].end(JobFailed("bad.pt is damaged", "details of it"))
    qtbot.waitUntil(lambda: window.notice.sentence() == "bad.pt is damaged")
    assert window.notice.severity() == "error"
    assert window.notice.details() == "details of it"
    assert window.controller.document == before
    assert window.status.jobs() == []


def test_a_missing_file_is_a_sentence(window, qtbot, tmp_path):
    window.commands.open_path(tmp_path / "none.pt")
    qtbot.waitUntil(lambda: "none.pt" in window.notice.sentence())


def test_cancelling_a_conversion(window, qtbot, drawn, tmp_path):
    path = tmp_path / "other.pt"
    path.write_bytes(b"PK")
    window.commands.open_path(path)
    qtbot.waitUntil(lambda: len(drawn.runner.handles) == 1)
    window.status.cancel_clicked.emit(drawn.runner.handles[0].id)
    qtbot.waitUntil(lambda: window.status.jobs() == [])
    assert drawn.client.of(OpenModel) == []


def test_undo_to_a_model_that_is_gone_stays_where_one_was(window, qtbot, drawn, tmp_path):
    gone = own_file(tmp_path, "gone.safetensors")
    for path, key in ((gone, "key-gone"), (own_file(tmp_path), "key-own")):
        drawn.client.models[str(path)] = model_info(key, str(path))
        window.commands.open_path(path)
        qtbot.waitUntil(lambda k=key: window.controller.info.key == k)
    window.app.opening._open.clear()
    gone.unlink()
    window.actions_["undo"].trigger()
    qtbot.waitUntil(lambda: "gone.safetensors" in window.notice.sentence())
    assert window.controller.document.model.key == "key-own"
    window.right.width_slider.set_value(0.3, notify=True)
    qtbot.waitUntil(lambda: window.app.renderer.shown["B"].subnet.width == 0.3)


def test_dropping_a_file_opens_it(window, qtbot, drawn, tmp_path):
    path = own_file(tmp_path)
    drawn.client.models[str(path)] = model_info("key-dropped", str(path))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.controller.info.key == "key-dropped")


def test_sorting_channels_opens_the_result(window, qtbot, drawn, tmp_path):
    path = own_file(tmp_path)
    plain = model_info("key-plain", str(path), widths=(1.0,), sorted_channels=False)
    use_in(window, plain)
    assert not window.right.unsorted.isHidden()
    assert window.controller.document.subnet == SubnetChoice()
    window.right.sort.trigger()
    (handle,) = drawn.runner.handles
    assert isinstance(handle.job, SortJob)
    out = handle.job.out
    drawn.client.models[out] = model_info("key-sorted", out)
    handle.end(JobDone(path=out))
    qtbot.waitUntil(lambda: window.controller.info.key == "key-sorted")
    assert window.controller.history.undo_label == "Sort channels"
    assert window.controller.document.model.path == out
    assert window.right.unsorted.isHidden()
    window.actions_["undo"].trigger()
    assert window.controller.document.model.key == "key-plain"


def test_sessions_are_saved_and_opened(window, qtbot, drawn, tmp_path, monkeypatch):
    path = own_file(tmp_path)
    drawn.client.models[str(path)] = model_info("key-own", str(path))
    window.commands.open_path(path)
    qtbot.waitUntil(lambda: window.controller.info.key == "key-own")
    window.controller.keep()
    window.right.width_slider.set_value(0.3, notify=True)
    saved = window.controller.document
    out = tmp_path / "work.maquette"
    monkeypatch.setattr(choosers, "save_session", lambda *_: out)
    window.actions_["save"].trigger()
    qtbot.waitUntil(lambda: window.app.sessions.path == out)
    assert not window.controller.dirty
    window.right.width_slider.set_value(0.9, notify=True)
    assert window.isWindowModified()
    window.commands.open_path(out)
    qtbot.waitUntil(lambda: window.controller.document == saved)
    assert window.windowTitle().startswith("work")
    assert len(window.controller.history) == 0


def test_a_bad_session_changes_nothing(window, qtbot, tmp_path):
    before = window.controller.document
    path = tmp_path / "bad.maquette"
    path.write_text("{nonsense")
    window.commands.open_path(path)
    qtbot.waitUntil(lambda: "bad.maquette is not a session" in window.notice.sentence())
    assert window.controller.document == before


def test_edits_are_autosaved(window, qtbot):
    window.right.width_slider.set_value(0.3, notify=True)
    qtbot.waitUntil(leavings.waiting, timeout=5000)
    window.close()
    assert not leavings.waiting()
    window.recents.refresh()
    assert "Where you left off" in [action.text() for action in window.recents.actions()]


def test_layout_is_reset(window, qtbot):
    window.docks.left.setFloating(True)
    window.actions_["reset_layout"].trigger()
    assert not window.docks.left.isFloating()


def test_every_control_has_a_name(window):
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

    nameless = [
        widget
        for kind in (QAbstractButton, QComboBox, QLineEdit)
        for widget in window.findChildren(kind)
        if widget.isVisible()
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []


def test_recovering_after_a_crash(stage, qapp, qtbot, tmp_path):
    path = own_file(tmp_path)
    info = model_info("key-own", str(path))
    stage.client.models[str(path)] = info
    stage.client.auto = True
    document = Document(
        model=ModelRef(str(path), "own", "0" * 64, "key-own"), subnet=SubnetChoice(width=0.3)
    )
    crashed = Autosave(delay=0.01)
    crashed.put(document, tmp_path / "mine.maquette")
    crashed.close(keep=True)
    heard = []
    stage.app.sessions.recovered.connect(heard.append)
    stage.app.sessions.recover(lambda: heard.append("nothing"))
    qtbot.waitUntil(lambda: stage.app.controller.document == document)
    assert heard == [0]
    assert stage.app.controller.dirty
    assert stage.app.sessions.path == tmp_path / "mine.maquette"


def test_thumbnails_use_lanes_of_their_own(drawn):
    lanes = {r.lane for r in drawn.client.of(Render)}
    assert any(lane.startswith("seed-") for lane in lanes) is False
    use(drawn)
    drawn.app.thumbnails.show(drawn.app.controller.document, drawn.app.controller.info)
    drawn.app.thumbnails._ask()
    asked = [r for r in drawn.client.of(Render) if r.lane.startswith("seed-")]
    assert len(asked) == 10
    assert {r.spec.subnet for r in asked} == {SubnetChoice(width=0.25)}
