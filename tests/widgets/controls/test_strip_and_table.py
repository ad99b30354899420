"""The strip of small pictures and the table of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from widgets.controls.strip import PictureStrip
from widgets.controls.table import NOTHING, Column, NumberTable
from widgets.controls.thumbs import PAD, THUMB, cross_rect
from widgets.style.palettes import colours, contrast, palette

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def strip(qtbot: QtBot) -> PictureStrip:
    made = PictureStrip()
    qtbot.addWidget(made)
    made.set_items([("a", "1"), ("b", "22"), ("c", "333"), ("d", "4444")])
    made.set_picture("b", np.full((200, 100, 3), (200, 30, 30), np.uint8))
    made.resize(320, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def point(strip: PictureStrip, row: int) -> QPoint:
    cell = strip.list.visualRect(strip.list.model().index(row, 0))
    return QPoint(cell.left() + PAD + 10, cell.top() + PAD + THUMB - 10)


def test_a_click_activates(strip: PictureStrip, qtbot: QtBot) -> None:
    with qtbot.waitSignal(strip.activated) as told:
        qtbot.mouseClick(strip.list.viewport(), LEFT, pos=point(strip, 1))
    assert told.args == ["b"]


def test_arrows_and_enter_activate(strip: PictureStrip, qtbot: QtBot) -> None:
    told: list[str] = []
    strip.activated.connect(told.append)
    strip.set_current("b")
    assert told == []
    qtbot.keyClick(strip.list, Qt.Key.Key_Right)
    qtbot.keyClick(strip.list, Qt.Key.Key_Left)
    qtbot.keyClick(strip.list, Qt.Key.Key_Return)
    qtbot.keyClick(strip.list, Qt.Key.Key_Home)
    qtbot.keyClick(strip.list, Qt.Key.Key_Home)
    assert told == ["c", "b", "b", "a"]


def test_removal_is_asked_for_three_ways(strip: PictureStrip, qtbot: QtBot) -> None:
    told: list[str] = []
    strip.remove_requested.connect(told.append)
    strip.set_current("c")
    qtbot.keyClick(strip.list, Qt.Key.Key_Delete)
    cell = strip.list.visualRect(strip.list.model().index(1, 0))
    with qtbot.assertNotEmitted(strip.activated):
        qtbot.mouseClick(strip.list.viewport(), LEFT, pos=cross_rect(cell).center())
    spot = point(strip, 3)
    QApplication.sendEvent(
        strip.list.viewport(),
        QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, spot, strip.list.viewport().mapToGlobal(spot)
        ),
    )
    menu = strip.list.findChild(QMenu)
    assert menu is not None
    menu.actions()[0].trigger()
    menu.close()
    assert told == ["c", "b", "d"]
    assert strip.keys() == ["a", "b", "c", "d"]


def test_what_cannot_be_removed_offers_nothing(qtbot: QtBot) -> None:
    strip = PictureStrip(removable=False)
    qtbot.addWidget(strip)
    strip.set_items([("a", "1")])
    strip.set_current("a")
    with qtbot.assertNotEmitted(strip.remove_requested):
        qtbot.keyClick(strip.list, Qt.Key.Key_Delete)


def test_letters_are_left_to_the_window(strip: PictureStrip, qtbot: QtBot) -> None:
    strip.set_current("a")
    qtbot.keyClick(strip.list, Qt.Key.Key_3)
    assert strip.current() == "a"


def test_the_current_one_is_marked_in_the_accent(strip: PictureStrip) -> None:
    accent = strip.palette().color(strip.palette().ColorRole.Accent)

    def marked(row: int) -> bool:
        image = strip.list.viewport().grab().toImage()
        ratio = image.devicePixelRatio()
        cell = strip.list.visualRect(strip.list.model().index(row, 0))
        y = cell.top() + PAD + THUMB // 2
        shades = [
            image.pixelColor(int((cell.left() + x) * ratio), int(y * ratio)) for x in range(PAD + 2)
        ]
        return any(_near(shade, accent) for shade in shades)

    strip.set_current("c")
    assert marked(2)
    assert not marked(0)
    strip.set_current(None)
    assert strip.current() is None
    assert not marked(2)


def _near(first: QColor, second: QColor) -> bool:
    pairs = zip(first.getRgb(), second.getRgb(), strict=True)
    return all(abs(a - b) < 12 for a, b in pairs)


def test_pictures_stay_through_other_items(strip: PictureStrip) -> None:
    strip.set_current("b")
    strip.set_items([("z", "0"), ("b", "22")])
    image = strip.list.viewport().grab().toImage()
    cell = strip.list.visualRect(strip.list.model().index(1, 0))
    ratio = image.devicePixelRatio()
    middle = QPoint(cell.left() + PAD + THUMB // 2, cell.top() + PAD + THUMB // 2) * ratio
    assert image.pixelColor(middle).getRgb()[:3] == (200, 30, 30)
    assert strip.current() == "b"
    strip.set_picture("unknown", np.zeros((4, 4, 3), np.uint8))


def test_new_captions_alone_keep_the_cells(strip: PictureStrip) -> None:
    strip.set_items([("a", "one"), ("b", "two"), ("c", "three"), ("d", "four")])
    assert strip.list.model().index(1, 0).data() == "two"
    assert strip.list.model().index(1, 0).data(Qt.ItemDataRole.UserRole + 2) is not None


def test_an_empty_strip_says_what_goes_there(strip: PictureStrip) -> None:
    strip.set_empty_text("P keeps what you see.")
    height = strip.sizeHint().height()
    strip.set_items([])
    assert strip._empty.isVisible()
    assert not strip.list.isVisible()
    assert strip.sizeHint().height() == height
    strip.set_items([("a", "1")])
    assert strip.list.isVisible()


def test_a_full_strip_scrolls_to_the_current_one(strip: PictureStrip) -> None:
    strip.set_items([(str(n), str(n)) for n in range(40)])
    strip.set_current("39")
    cell = strip.list.visualRect(strip.list.model().index(39, 0))
    assert strip.list.viewport().rect().contains(cell.center())


# ---- table ---------------------------------------------------------------------------------------

ROWS: dict[str, tuple[Any, ...]] = {
    "full": ("full", 18.04, 0.0),
    "half": ("width 0.5", 5.11, 0.06),
    "new": ("width 0.25", None, None),
}


@pytest.fixture
def table(qtbot: QtBot) -> NumberTable:
    made = NumberTable(
        [
            Column("Variant", numeric=False),
            Column("Latency", "ms", formatter=lambda v: f"{v:.1f}", tooltip="median"),
            Column("FLIP", formatter=lambda v: f"{v:.3f}", sort_key=lambda v: -v),
        ]
    )
    qtbot.addWidget(made)
    made.set_rows(ROWS)
    made.resize(500, 200)
    made.show()
    return made


def cell(table: NumberTable, row: int, column: int, role: int) -> Any:
    return table.model().index(row, column).data(role)


def test_cells_are_written_by_their_column(table: NumberTable) -> None:
    role = Qt.ItemDataRole
    assert cell(table, 0, 1, role.DisplayRole) == "18.0"
    assert cell(table, 2, 1, role.DisplayRole) == NOTHING
    assert cell(table, 0, 1, role.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert cell(table, 0, 0, role.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft
    header = table.model().headerData
    assert header(1, Qt.Orientation.Horizontal, role.DisplayRole) == "Latency (ms)"
    assert header(1, Qt.Orientation.Horizontal, role.ToolTipRole) == "median"
    assert table.font().featureValue(QFont.Tag("tnum")) == 1


def test_rows_keep_their_order_until_sorted(table: NumberTable) -> None:
    assert table.visible_ids() == ["full", "half", "new"]


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_what_is_unknown_is_sorted_last(table: NumberTable, order: Qt.SortOrder) -> None:
    table.sortByColumn(1, order)
    ids = table.visible_ids()
    assert ids[-1] == "new"
    assert (ids[0] == "half") is (order == Qt.SortOrder.AscendingOrder)


def test_a_sort_key_decides(table: NumberTable) -> None:
    table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert table.visible_ids()[:2] == ["half", "full"]


def test_double_click_activates_by_id_also_when_sorted(table: NumberTable, qtbot: QtBot) -> None:
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    spot = table.visualRect(table.model().index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=spot)
    with qtbot.waitSignal(table.row_activated) as told:
        QTest.mouseDClick(table.viewport(), LEFT, pos=spot)
    assert told.args == ["half"]


def test_the_selection_stays_with_the_ids(table: NumberTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.selection_changed) as told:
        table.select_ids(["half", "gone"])
    assert told.args == [["half"]]
    table.set_rows([("new", ROWS["new"]), ("half", ROWS["half"])])
    assert table.selected_ids() == ["half"]
    assert table.visible_ids() == ["new", "half"]


def test_new_numbers_alone_disturb_nothing(table: NumberTable, qtbot: QtBot) -> None:
    table.select_ids(["half"])
    with qtbot.assertNotEmitted(table.selection_changed):
        table.set_rows(ROWS | {"new": ("width 0.25", 2.0, 0.1)})
    assert cell(table, 2, 1, Qt.ItemDataRole.DisplayRole) == "2.0"


def test_rows_of_another_length_are_refused(table: NumberTable) -> None:
    with pytest.raises(ValueError, match="2 values for 3 columns"):
        table.set_rows({"x": (1, 2)})


def test_chosen_rows_are_tinted_in_every_theme(table: NumberTable, qapp: QApplication) -> None:
    before = qapp.palette()
    for scheme in ("dark", "light"):
        qapp.setPalette(palette(scheme))
        qapp.processEvents()
        role = QPalette.ColorRole
        chosen, text = (
            table.palette().color(wanted) for wanted in (role.Highlight, role.HighlightedText)
        )
        assert chosen.name() not in (colours(scheme).accent, colours(scheme).base)
        assert contrast(text, chosen) >= 4.5
        assert table.palette().color(role.Base).name() == colours(scheme).base
    qapp.setPalette(before)


def test_the_context_menu_is_filled_for_the_row(table: NumberTable) -> None:
    assert table.menu_for("full") is None
    asked: list[object] = []

    def fill(menu: QMenu, key: object) -> None:
        asked.append(key)
        menu.addAction("Remove")

    table.set_menu(fill)
    spot = table.visualRect(table.model().index(1, 0)).center()
    QApplication.sendEvent(
        table.viewport(),
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, table.viewport().mapToGlobal(spot)),
    )
    menu = table.findChild(QMenu)
    assert menu is not None
    assert asked == ["half"]
    menu.close()
