"""Every menu in both languages: no letter opens two of its entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QMenu, QToolButton

from studio import places
from studio.subnets.choice import SubnetChoice
from widgets.main_window import MainWindow


def letters(menu: QMenu) -> list[str]:
    """The mnemonics of a menu's entries; "&&" is an ampersand."""
    texts = [action.text().partition("\t")[0].replace("&&", "") for action in menu.actions()]
    return [found[1].casefold() for text in texts if (found := re.search(r"&(\w)", text))]


def menus(window: MainWindow) -> Iterator[QMenu]:
    """All menus that the window holds: of the bar, of buttons, of cards."""
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()
        yield menu
    for button in window.findChildren(QToolButton):
        if button.menu() is not None:
            yield button.menu()


@pytest.fixture(params=["en", "ko"])
def spoken(request, qapp) -> Iterator[str]:
    translator = QTranslator()
    if request.param == "ko":
        file = places.assets_dir() / "translations" / "maquette_ko.qm"
        assert translator.load(str(file))
        qapp.installTranslator(translator)
    yield request.param
    qapp.removeTranslator(translator)


def test_no_letter_stands_twice_in_a_menu(spoken, window):
    if spoken == "ko":
        assert window.actions_["open"].text() != "&Open…"
    found = 0
    for menu in menus(window):
        counted = Counter(letters(menu))
        found += len(counted)
        assert [letter for letter, times in counted.items() if times > 1] == [], (
            menu.title(),
            [action.text() for action in menu.actions()],
        )
    titles = Counter(letters(window.menuBar()))
    assert len(titles) == 4
    assert set(titles.values()) == {1}
    assert found > 40


def test_copy_as_command_is_one_menu(window):
    edit = next(m for m in window.menuBar().findChildren(QMenu) if window.copy_menu in [
        action.menu() for action in m.actions()
    ])  # fmt: skip
    assert "command" not in " ".join(
        action.text() for action in edit.actions() if not action.menu()
    )
    texts = [action.text() for action in window.copy_menu.actions() if not action.isSeparator()]
    assert len(texts) == len(window.copying.entries) == 16
    window.copy_menu.aboutToShow.emit()
    assert window.copying.entries["picture"].text().endswith("\tCtrl+Shift+C")
    window._show_model(None)
    assert not window.copy_menu.isEnabled()


def test_an_ampersand_in_a_name_is_no_letter(window):
    controller = window.controller
    controller.edit("Bring back a&b.png", replace(controller.document, subnet=SubnetChoice()))
    assert window.actions_["undo"].text() == "Undo: Bring back a&&b.png"
    assert "a&b.png" in window.actions_["undo"].toolTip()
