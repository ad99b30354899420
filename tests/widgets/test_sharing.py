"""Copying what is on show, and bringing back what made a picture, in the real window."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDrag, QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QMenu

from studio.engine.messages import Finish, OpenModel
from studio.families.inputs import GanInputs
from studio.families.picture_file import write_png
from studio.session import recents
from studio.session.picture_record import read_record
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import picture_metadata
from tests.widgets.fakes import model_info
from widgets import opening

HALF = SubnetChoice(width=0.5)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def press(qtbot, window, key, modifier):
    window.activateWindow()
    window.view.setFocus()
    qtbot.keyClick(window.view.canvas, key, modifier)


def drop(window, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def picture(path: Path, info, inputs: GanInputs, current: SubnetChoice) -> Path:
    text = dict(picture_metadata(info, inputs, SubnetChoice(), current=current))
    write_png(path, np.zeros((4, 4, 3), np.uint8), text)
    return path


# ---- out -----------------------------------------------------------------------------------------


def test_ctrl_c_copies_the_picture_of_side_b(window, qtbot):
    press(qtbot, window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    image = QGuiApplication.clipboard().image()
    shown = window.app.renderer.pixels("B")
    assert (image.width(), image.height()) == shown.shape[1::-1]
    assert image.pixelColor(3, 3).getRgb()[:3] == tuple(int(v) for v in shown[3, 3])
    assert "side B is copied" in window.notice.sentence()
    press(qtbot, window, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier)
    press(qtbot, window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    alone = window.app.renderer.pixels("A")
    image = QGuiApplication.clipboard().image()
    assert image.pixelColor(3, 3).getRgb()[:3] == tuple(int(v) for v in alone[3, 3])


def test_the_commands_of_what_is_on_show(window, qtbot):
    controller = window.controller
    controller.use_target("pytorch:cpu:f32")
    controller.set_inputs("x", None, seed=421, truncation=0.7, edits=(("smile", -2.5),))
    window.actions_["copy_render"].trigger()
    name = "one-seed-421.png"
    rest = ["--seed", "421", "--truncation", "0.7", "--edit", "smile=-2.5"]
    assert shlex.split(clipboard()) == [
        *("maquette", "render", "/models/one.safetensors", "--output", name), *rest,
        *("--width", "0.5"),
    ]  # fmt: skip
    assert clipboard() in window.notice.sentence()
    window.actions_["copy_compare"].trigger()
    assert shlex.split(clipboard()) == [
        *("maquette", "compare", "/models/one.safetensors", "--width", "0.5"), *rest,
    ]  # fmt: skip
    controller.set_view("x", side_b="full")
    window.actions_["copy_compare"].trigger()
    assert "--width 1 " in clipboard()
    controller.set_view("x", side_b="current", target_b="openvino:CPU:bf16")
    window.actions_["copy_render"].trigger()
    assert clipboard().endswith("--target openvino:CPU:bf16")


def test_the_menu_of_the_pictures_knows_the_side(window, qtbot):
    canvas = window.view.canvas
    window.controller.set_inputs("x", None, seed=9)
    qtbot.waitUntil(lambda: window.view.has_picture("A"))
    left = QPoint(canvas.width() // 4, canvas.height() // 2)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, left, canvas.mapToGlobal(left),
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QGuiApplication.sendEvent(canvas, event)
    menu = window.findChild(QMenu, "picture menu")
    entry = next(a for a in menu.actions() if a.objectName() == "menu copy_render")
    entry.trigger()
    assert "--width" not in clipboard()  # side A shows full
    menu.close()


def dragged_out(window, qtbot, monkeypatch, modifier=Qt.KeyboardModifier.NoModifier) -> list:
    """Drag from the middle of side B; what was on its way out."""
    found = []
    monkeypatch.setattr(
        QDrag, "exec", lambda drag, _: found.append([*drag.mimeData().urls(), drag.mimeData()])
    )
    window.controller.set_inputs("x", None, seed=421)
    qtbot.waitUntil(lambda: window.view.has_picture("B"))
    canvas = window.view.canvas
    start = QPoint(canvas.width() * 3 // 4, canvas.height() // 2)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, modifier, start)
    for step in (4, 8, 30):
        at = QPointF(start + QPoint(step, step))
        move = QMouseEvent(
            QMouseEvent.Type.MouseMove, at, canvas.mapToGlobal(at), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, modifier,
        )  # fmt: skip
        QGuiApplication.sendEvent(canvas, move)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifier, start)
    return found


def test_a_picture_is_dragged_out_as_a_file_that_brings_itself_back(window, qtbot, monkeypatch):
    ((url, mime),) = dragged_out(window, qtbot, monkeypatch)
    path = Path(url.toLocalFile())
    assert path.name == "one-seed-421-B.png"
    assert mime.hasImage()
    record = read_record(path)
    assert record.inputs == window.controller.document.inputs
    assert record.subnet == HALF


def test_a_picture_that_can_be_panned_is_dragged_out_with_ctrl(window, qtbot, monkeypatch):
    window.controller.set_inputs("x", None, seed=3)
    qtbot.waitUntil(lambda: window.view.has_picture("B"))
    window.view.canvas.zoom_to(60.0)
    assert window.view.canvas.can_pan()
    assert dragged_out(window, qtbot, monkeypatch) == []
    assert len(dragged_out(window, qtbot, monkeypatch, Qt.KeyboardModifier.ControlModifier)) == 1


# ---- back ----------------------------------------------------------------------------------------

WANTED = GanInputs(seed=77, truncation=0.6, edits=(("age", 1.5),))


def test_a_finished_picture_brings_its_state_back(window, qtbot, tmp_path):
    controller, client = window.controller, window.app.client
    controller.edit("x", replace(controller.document, inputs=WANTED, subnet=HALF))
    window.app.finishing._folder = tmp_path
    window.commands.finish(ask=False)
    order = client.of(Finish)[-1]
    write_png(order.path, np.zeros((4, 4, 3), np.uint8), dict(order.text))
    elsewhere = replace(controller.document, inputs=GanInputs(5), subnet=SubnetChoice(width=0.25))
    controller.edit("y", elsewhere)
    controller.pin()
    drop(window, Path(order.path))
    qtbot.waitUntil(lambda: controller.document.inputs == WANTED)
    assert controller.document.subnet == HALF
    assert len(controller.document.pins) == 1
    assert window.right.width_slider.value() == 0.5
    assert "seed 77" in window.notice.sentence()
    controller.undo()
    assert controller.document.inputs == GanInputs(5)


def test_the_model_is_opened_where_it_is_found(window, qtbot, tmp_path, monkeypatch):
    controller, client = window.controller, window.app.client
    folder = tmp_path / "새 폴더"
    folder.mkdir()
    other = model_info("key-two", str(folder / "two.safetensors"), source_sha256="2" * 64)
    (folder / "two.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    client.models[other.path] = other
    window.app.opening._open["key-one"] = controller.info
    monkeypatch.setattr(opening, "is_maquette", lambda path: True)
    path = picture(folder / "a.png", other, WANTED, HALF)
    drop(window, path)
    qtbot.waitUntil(lambda: controller.info.key == "key-two")
    assert controller.document.model.path == other.path
    assert controller.document.inputs == WANTED
    assert controller.document.subnet == HALF
    controller.undo()
    qtbot.waitUntil(lambda: controller.info.key == "key-one")


def test_a_changed_or_missing_model_leaves_the_session(window, qtbot, tmp_path, monkeypatch):
    controller, client = window.controller, window.app.client
    before = controller.document
    other = model_info("key-two", str(tmp_path / "two.safetensors"), source_sha256="2" * 64)
    path = picture(tmp_path / "a.png", other, WANTED, HALF)
    drop(window, path)
    qtbot.waitUntil(lambda: "two.safetensors, which is not found" in window.notice.sentence())
    assert controller.document == before
    (tmp_path / "two.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    client.models[other.path] = model_info("key-new", other.path, source_sha256="1" * 64)
    monkeypatch.setattr(opening, "is_maquette", lambda path: True)
    drop(window, path)
    qtbot.waitUntil(lambda: "two.safetensors has changed" in window.notice.sentence())
    assert client.of(OpenModel)[-1].path == other.path
    assert controller.document == before
    assert controller.info.key == "key-one"


def test_foreign_and_hostile_pictures_get_a_sentence(window, qtbot, tmp_path):
    before = window.controller.document
    write_png(tmp_path / "foreign.png", np.zeros((4, 4, 3), np.uint8))
    drop(window, tmp_path / "foreign.png")
    qtbot.waitUntil(lambda: "was not made by Maquette" in window.notice.sentence())
    write_png(tmp_path / "bad.png", np.zeros((4, 4, 3), np.uint8), {"maquette": '{"inputs": 3}'})
    drop(window, tmp_path / "bad.png")
    qtbot.waitUntil(lambda: "does not say soundly" in window.notice.sentence())
    info = window.controller.info
    path = picture(tmp_path / "c.png", info, WANTED, SubnetChoice(resolution=4096))
    drop(window, path)
    qtbot.waitUntil(lambda: "c.png does not fit its model" in window.notice.sentence())
    assert window.controller.document == before
    assert recents.load() == []
