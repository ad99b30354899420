"""A user in a hurry: many keys, many files, second thoughts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.engine.messages import CloseModel, Finish, Opened, OpenModel
from tests.widgets.fakes import model_info
from tests.widgets.test_window import own_file
from widgets.controls.quiet import QuietBox
from widgets.finishing import default_name
from widgets.opening import converted_path, sorted_path
from widgets.status_bar import FINISH, LOADING


def three_models(window, qtbot, drawn, tmp_path):
    """Open three files in turn; the first is no longer loaded then, and answers wait."""
    for number in (1, 2, 3):
        path = own_file(tmp_path, f"m{number}.safetensors")
        drawn.client.models[str(path)] = model_info(f"key-{number}", str(path))
        window.commands.open_path(path)
        qtbot.waitUntil(lambda k=f"key-{number}": window.controller.info.key == k)
    del window.app.opening._open["key-2"]
    drawn.client.auto = False


def state(window):
    return window.controller.document.model.key, window.controller.info.key


def loading(window, qtbot):
    qtbot.waitUntil(lambda: LOADING in window.status.jobs())


def test_back_and_forth_before_the_other_model_is_open(window, qtbot, drawn, tmp_path):
    three_models(window, qtbot, drawn, tmp_path)
    window.controller.undo()
    loading(window, qtbot)
    window.controller.redo()
    assert state(window) == ("key-3", "key-3")
    assert window.status.jobs() == []
    drawn.client.answer_all()
    qtbot.wait(20)
    assert state(window) == ("key-3", "key-3")


def test_cancelling_the_model_that_undo_asked_for(window, qtbot, drawn, tmp_path):
    three_models(window, qtbot, drawn, tmp_path)
    window.controller.undo()
    loading(window, qtbot)
    window.controller.new_seed()  # not before the model is there
    assert window.controller.history.redo_label
    window.status.cancel_clicked.emit(LOADING)
    assert state(window) == ("key-3", "key-3")
    drawn.client.answer_all()
    qtbot.wait(20)
    # What nobody wants any more does not stay in memory.
    assert drawn.client.of(CloseModel)[-1].model == "key-2"


def test_another_file_while_undo_waits_for_a_model(window, qtbot, drawn, tmp_path):
    three_models(window, qtbot, drawn, tmp_path)
    window.controller.undo()
    loading(window, qtbot)
    window.commands.open_path(tmp_path / "none.safetensors")
    qtbot.waitUntil(lambda: "none.safetensors" in window.notice.sentence())
    if LOADING in window.status.jobs():
        drawn.client.answer_all()
        qtbot.waitUntil(lambda: window.status.jobs() == [])
    assert len(set(state(window))) == 1


def test_the_last_of_several_files_wins(window, qtbot, drawn, tmp_path):
    for number in range(6):
        path = own_file(tmp_path, f"m{number}.safetensors")
        drawn.client.models[str(path)] = model_info(f"key-{number}", str(path))
        window.commands.open_path(path)
    qtbot.waitUntil(lambda: window.controller.info.key == "key-5")
    qtbot.wait(50)
    assert window.controller.info.key == "key-5"
    assert len(window.controller.history) == 1


def test_a_model_that_was_given_up_is_closed(stage):
    info = model_info("key-late")
    stage.app.opening.take(Opened(7, info))
    assert [r.model for r in stage.client.of(CloseModel)] == ["key-late"]
    assert stage.client.of(OpenModel) == []


def test_a_key_in_the_middle_of_a_drag_is_a_step_of_its_own(window, drawn):
    controller = window.controller
    begin = controller.document
    controller.begin("width")
    window.right._set_width(0.4)
    controller.new_seed()
    seed = controller.document.inputs.seed
    window.right._set_width(0.3)
    window.right._set_width(0.2)
    controller.end()
    seen = []
    for _ in range(3):
        controller.undo()
        seen.append((controller.document.subnet.width, controller.document.inputs.seed))
    assert seen == [(0.4, seed), (0.4, 0), (begin.subnet.width, 0)]


def test_every_picture_that_was_asked_for_is_finished(window, qtbot, drawn, tmp_path):
    drawn.client.auto = False
    drawn.answer_path = tmp_path / "first.png"
    window.commands.finish(ask=False)
    window.commands.finish(ask=False)  # the same picture again: it is on its way
    for seed in (5, 6):
        window.controller.set_inputs("seed", None, seed=seed)
        window.commands.finish(ask=False)
    for count in (1, 2, 3):
        assert len(drawn.client.of(Finish)) == count
        assert window.status.jobs() == [FINISH]
        drawn.client.answer_lane("finish")
        qtbot.wait(10)
    names = [Path(r.path).name for r in drawn.client.of(Finish)]
    assert names == ["first.png", "one-seed-5.png", "one-seed-6.png"]
    assert window.status.jobs() == []


def test_finish_says_how_long_it_takes(window, qtbot, drawn, tmp_path):
    drawn.client.auto = False
    drawn.answer_path = tmp_path / "first.png"
    for times in window.app.renderer.timings._renders.values():
        times.append(20_000.0)
        times.append(20_000.0)
    window.commands.finish(ask=False)
    bar = window.status._bars[FINISH]
    assert bar.left.text() == "20 s left"
    assert 0 <= bar.bar.value() < bar.bar.maximum()
    window.status.cancel_clicked.emit(FINISH)
    assert window.status.jobs() == []


def test_saving_takes_the_mark_from_the_title(window, qtbot, tmp_path):
    out = tmp_path / "work.maquette"
    for _ in range(2):
        window.controller.new_seed()
        window.app.sessions.save(out)
        qtbot.waitUntil(lambda: not window.isWindowModified() and window.app.sessions.path == out)
        qtbot.wait(10)
        assert not window.isWindowModified()


def test_a_notice_moves_no_picture(window, qtbot):
    before = window.view.canvas.geometry()
    window.notices.error("Something is wrong. " * 20, "and this is why")
    qtbot.wait(20)
    assert window.view.canvas.geometry() == before
    notice = window.notice.geometry()
    assert window.view.rect().contains(notice)
    assert notice.height() >= window.notice.heightForWidth(notice.width())
    window.notice.fold.restore(True)
    qtbot.wait(20)
    assert window.notice.height() > notice.height()
    assert window.view.canvas.geometry() == before


def test_the_wheel_changes_no_choice(window):
    for box in window.findChildren(QuietBox):
        before = box.currentIndex()
        event = QWheelEvent(
            QPointF(4, 4), QPointF(box.mapToGlobal(QPoint(4, 4))), QPoint(0, -120),
            QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(box, event)
        assert box.currentIndex() == before
    assert len(window.controller.history) == 0


def test_a_file_can_be_dropped_anywhere(window):
    from widgets.controls.field import NumberField

    assert not [field for field in window.findChildren(NumberField) if field.acceptDrops()]


def test_names_fit_into_what_a_file_system_takes(tmp_path):
    path = tmp_path / ("가" * 80 + ".pt")
    path.write_bytes(b"PK")
    from studio.session.document import Document, ModelRef

    named = default_name(Document(model=ModelRef("/x", "가" * 200, "0", "k")))
    for name in (converted_path(path).name, sorted_path(path).name, named):
        # Room for what is written aside first.
        assert len(name.encode()) < 200
        assert "가" in name


def test_while_the_first_picture_is_made_the_window_says_so(window, drawn, qtbot, tmp_path):
    drawn.client.auto = False
    path = own_file(tmp_path)
    drawn.client.models[str(path)] = model_info("key-slow", str(path))
    window.commands.open_path(path)
    qtbot.waitUntil(lambda: any(isinstance(r, OpenModel) for r in drawn.client.waiting))
    for request in [r for r in drawn.client.waiting if isinstance(r, OpenModel)]:
        drawn.client.waiting.remove(request)
        drawn.client.answer(request)
    qtbot.waitUntil(lambda: window.controller.info.key == "key-slow")
    assert window.view._empty.isVisible()
    assert window.view._empty.accessibleName() == "Drawing the first picture"
    drawn.client.answer_all()
    qtbot.waitUntil(lambda: not window.view._empty.isVisible())


def stops(window, qtbot):
    """What Tab comes by, from the pictures round to the pictures."""
    window.activateWindow()
    window.view.setFocus()
    found = []
    while len(found) < 160:
        window.focusNextPrevChild(True)
        found.append(QApplication.focusWidget())
        if found[-1] is window.view.canvas:
            return found
    raise AssertionError([f"{type(w).__name__} {w.accessibleName()}" for w in found])


def test_tab_comes_by_everything(window, qtbot):
    window.left.section.more.restore(True)
    window.right.more.restore(True)
    qtbot.wait(20)
    seen = stops(window, qtbot)
    left, right = window.left, window.right
    expected = [left.strip.list, left.seed.field, left.truncation.track, left.noise.track]
    expected += [left.mix_fold.header, left.attributes["turn"].track, left.section.more.header]
    expected += [left.attributes["glasses"].track, left.section.found_fold.header]
    expected += [left.walk_fold.header, right.width_slider.track, right.resolution.track]
    expected += [right.rule, right.more.header, window.bottom.table]
    assert [w for w in seen if w in expected] == expected
    for slider in (*left.attributes.values(), *right.stages.sliders):
        assert slider.track in seen
        assert slider.field in seen
    window.controller.pin()
    assert left.pins.list in stops(window, qtbot)
