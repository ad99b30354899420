"""The gallery in the real window: what goes in, what it shows, and what one can do with it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu

from studio.engine.messages import Finish
from studio.families.inputs import GanInputs
from studio.families.picture_file import write_png
from studio.session import gallery
from studio.session.picture_record import read_record
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import picture_metadata
from tests.widgets.fakes import picture_of
from widgets import choosers
from widgets.compare.view import Mode
from widgets.gallery import words
from widgets.gallery.collecting import collect
from widgets.gallery.listing import ITEM_ROLE, GalleryModel

HALF = SubnetChoice(width=0.5)
WANTED = GanInputs(seed=77, truncation=0.6, edits=(("age", 1.5),))


def saved(path: Path, info, seed: int, colour: int = 0, *, side: int = 16) -> Path:
    """A picture as Finish writes it, in the gallery."""
    text = dict(picture_metadata(info, replace(WANTED, seed=seed), SubnetChoice(), current=HALF))
    write_png(path, np.full((side, side, 3), colour, np.uint8), text)
    collect(path)
    time.sleep(0.002)
    return path


@pytest.fixture
def shown(window, qtbot, tmp_path):
    """The gallery with three pictures of seeds 1, 2 and 3."""
    for seed in (1, 2, 3):
        saved(tmp_path / f"seed-{seed}.png", window.controller.info, seed, 60 * seed)
    window.actions_["gallery"].trigger()
    qtbot.waitUntil(lambda: len(window.gallery.model.items) == 3)
    qtbot.waitUntil(lambda: window.gallery.looking.pictures.has_picture("A"))
    return window.gallery


def select(made, *rows: int) -> None:
    selection = made.list.selectionModel()
    selection.setCurrentIndex(made.model.index(rows[0]), selection.SelectionFlag.ClearAndSelect)
    for row in rows[1:]:
        selection.select(made.model.index(row), selection.SelectionFlag.Select)


def names(made) -> list[str]:
    return [item.name for item in made.model.items]


def large(made) -> tuple[int, ...]:
    image = made.looking.pictures.canvas.scene.layers["A"]._image
    return image.pixelColor(0, 0).getRgb()[:3]


def test_what_finish_saves_goes_in(window, qtbot, drawn, tmp_path):
    client = window.app.client
    client.auto = False
    window.controller.set_inputs("x", None, seed=421)
    drawn.answer_path = tmp_path / "mine.png"
    window.commands.finish(ask=False)
    (order,) = client.of(Finish)
    pixels = np.frombuffer(picture_of(order.spec).pixels, np.uint8).reshape(8, 8, 3)
    write_png(order.path, pixels, dict(order.text))
    with qtbot.waitSignal(window.app.collecting.changed):
        client.answer_lane("finish")
    (item,) = gallery.load()
    assert (item.path, item.seed, item.subnet) == (order.path, 421, SubnetChoice())
    thumbnail = QImage(str(gallery.thumbnail(item)))
    assert thumbnail.pixelColor(2, 2).getRgb()[:3] == tuple(int(v) for v in pixels[2, 2])
    assert read_record(gallery.thumbnail(item)) == read_record(Path(order.path))


def test_the_shown_picture_that_is_saved_goes_in(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(choosers, "save_picture", lambda *_: tmp_path / "shown.png")
    with qtbot.waitSignal(window.app.collecting.changed):
        window.actions_["save_shown"].trigger()
    assert [item.name for item in gallery.load()] == ["shown.png"]


def test_a_file_that_is_no_picture_stays_out(window, qtbot, tmp_path, caplog):
    (tmp_path / "a.png").write_bytes(b"nothing")
    window.app.collecting.collect(tmp_path / "a.png")
    qtbot.waitUntil(lambda: "did not go into the gallery" in caplog.text)
    assert gallery.load() == []


def test_large_pictures_are_kept_small(window, tmp_path):
    saved(tmp_path / "large.png", window.controller.info, 5, side=600)
    (item,) = gallery.load()
    assert (item.width, item.height) == (600, 600)
    assert QImage(str(gallery.thumbnail(item))).width() == gallery.THUMBNAIL


def test_empty_it_says_how_to_fill_it(window, qtbot):
    window.actions_["gallery"].trigger()
    qtbot.waitUntil(window.gallery.empty.isVisible)
    assert "Press Space" in window.gallery.empty.text()
    assert not window.gallery.split.isVisible()


def test_the_newest_is_first_and_shown_large_beside_the_current_picture(shown, window, qtbot):
    assert names(shown) == ["seed-3.png", "seed-2.png", "seed-1.png"]
    assert large(shown) == (180, 180, 180)
    assert shown.looking.pictures.has_picture("B")
    assert shown.looking.pictures.canvas.scene.names == {
        "A": "one, seed 3",
        "B": "width 0.5, 64 px",
    }
    select(shown, 2)
    qtbot.waitUntil(lambda: large(shown) == (60, 60, 60))
    before = shown.looking.pictures.canvas.scene.layers["B"]._image
    window.controller.set_inputs("x", None, seed=99)
    qtbot.waitUntil(lambda: shown.looking.pictures.canvas.scene.layers["B"]._image is not before)
    shown.looking.set_mode(Mode.FULL)
    assert shown.looking.pictures.mode() is Mode.FULL
    assert [b.text() for b in shown.looking.modes.buttons() if b.isChecked()] == ["Alone"]


def test_captions_and_what_screen_readers_hear(shown):
    item = shown.model.items[0]
    assert words.title(replace(item, model="clay"), "c…") == "c…, seed 3"
    assert words.title(replace(item, seed=None), "") == "seed-3.png"
    assert words.lines(item)[:2] == ("one, seed 3", "full, 16 px")
    spoken = QAccessible.queryAccessibleInterface(shown.list).child(0)
    text = spoken.text(QAccessible.Text.Name)
    assert text.startswith("one, seed 3, full, 16 px, ")
    anycost = replace(item, subnet=SubnetChoice(0.5, "anycost"), techniques=("prune", "lowrank"))
    assert words.variant(anycost) == "width 0.5 Anycost, prune + lowrank"
    baked = replace(item, techniques=("int8",))
    assert words.variant(baked) == "int8"
    assert words.variant(replace(item, subnet=SubnetChoice(widths=(4, 8)))) == "free widths"
    assert words.pixels(replace(item, width=32)) == "32 \N{MULTIPLICATION SIGN} 16 px"
    unknown = replace(item, seed=None, subnet=None, model="", known=False)
    assert words.lines(unknown)[:2] == ("seed-3.png", "16 px")


def test_small_pictures_are_read_off_the_windows_thread(shown, qtbot):
    item = shown.model.items[0]
    qtbot.waitUntil(lambda: shown._reading.image(item) is not None and not shown._reading._busy)
    assert shown._reading.image(item).pixelColor(3, 3).getRgb()[:3] == (180, 180, 180)
    shown._reading._images.clear()
    asked = []
    shown._reading._background = lambda work, done: asked.append(work)
    assert shown._reading.image(item) is None  # nothing is read here
    assert len(asked) == 1


def test_enter_brings_a_picture_back(shown, window, qtbot):
    qtbot.keyClick(shown.list, Qt.Key.Key_Right)
    qtbot.keyClick(shown.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.controller.document.inputs == replace(WANTED, seed=2))
    assert window.controller.document.subnet == HALF
    assert not shown.isVisible()
    assert "seed-2.png is back" in window.notice.sentence()


def test_one_whose_file_is_gone_is_pale_and_still_comes_back(shown, window, qtbot, tmp_path):
    (tmp_path / "seed-3.png").unlink()
    shown.refresh()
    qtbot.waitUntil(lambda: len(shown.model.gone) == 1)
    index = shown.model.index(0)
    assert index.data().endswith("the file is gone")
    assert not index.flags() & Qt.ItemFlag.ItemIsDragEnabled
    assert not shown.buttons["copy"].isEnabled()
    assert not shown.buttons["show"].isEnabled()
    shown.bring_back()
    qtbot.waitUntil(lambda: window.controller.document.inputs == replace(WANTED, seed=3))
    assert "seed-3.png is back" in window.notice.sentence()


def test_copy_and_drag_give_the_files(shown, qtbot, tmp_path):
    select(shown, 1)
    shown.buttons["copy"].click()
    qtbot.waitUntil(lambda: "Copied" in shown.notice.sentence())
    mime = QGuiApplication.clipboard().mimeData()
    assert [url.toLocalFile() for url in mime.urls()] == [str(tmp_path / "seed-2.png")]
    assert QGuiApplication.clipboard().image().pixelColor(0, 0).getRgb()[:3] == (120, 120, 120)
    model: GalleryModel = shown.model
    dragged: QMimeData = model.mimeData([model.index(0), model.index(2)])
    files = [url.toLocalFile() for url in dragged.urls()]
    assert files == [str(tmp_path / "seed-3.png"), str(tmp_path / "seed-1.png")]
    assert model.supportedDragActions() == Qt.DropAction.CopyAction


def test_save_as_copies_one_or_several(shown, qtbot, tmp_path, monkeypatch):
    folder = tmp_path / "사진"
    folder.mkdir()
    monkeypatch.setattr(choosers, "save_picture", lambda *_: folder / "mine.png")
    monkeypatch.setattr(choosers, "pictures_into", lambda *_: folder)
    select(shown, 0)
    shown.buttons["save_as"].click()
    qtbot.waitUntil(lambda: (folder / "mine.png").exists())
    assert (folder / "mine.png").read_bytes() == (tmp_path / "seed-3.png").read_bytes()
    (folder / "seed-1.png").write_bytes(b"mine already")
    select(shown, 1, 2)
    assert shown.count.text() == "2 of 3 selected"
    shown.buttons["save_as"].click()
    qtbot.waitUntil(lambda: (folder / "seed-1-2.png").exists())
    assert (folder / "seed-1.png").read_bytes() == b"mine already"
    assert (folder / "seed-2.png").exists()
    monkeypatch.setattr(choosers, "pictures_into", lambda *_: tmp_path / "nowhere")
    shown.buttons["save_as"].click()
    qtbot.waitUntil(lambda: "cannot be copied" in shown.notice.sentence())


def test_removing_is_undone_and_leaves_the_files(shown, qtbot, tmp_path):
    select(shown, 0, 1)
    qtbot.keyClick(shown.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(shown) == ["seed-1.png"])
    assert "The files stay." in shown.notice.sentence()
    assert (tmp_path / "seed-3.png").exists()
    assert [item.name for item in gallery.load()] == ["seed-1.png"]
    qtbot.mouseClick(shown.notice.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(shown) == ["seed-3.png", "seed-2.png", "seed-1.png"])
    select(shown, 0, 1, 2)
    shown.remove()
    qtbot.waitUntil(shown.empty.isVisible)
    shown.undo_removal()
    qtbot.waitUntil(lambda: len(shown.model.items) == 3)


def test_what_is_finished_meanwhile_appears_and_is_shown(shown, window, qtbot, tmp_path):
    saved(tmp_path / "seed-4.png", window.controller.info, 4, 240)
    window.app.collecting.changed.emit()
    qtbot.waitUntil(lambda: names(shown)[0] == "seed-4.png")
    qtbot.waitUntil(lambda: large(shown) == (240, 240, 240))


def test_the_menu_of_a_picture(shown, qtbot):
    shown.list.menu_wished.emit(QPoint(10, 10))
    menu = shown.findChild(QMenu, "gallery menu")
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == ["&Bring back", "&Copy", "Save &as…", "Show in &folder", "&Remove"]
    menu.close()
    assert shown.model.index(0).data(ITEM_ROLE).seed == 3
