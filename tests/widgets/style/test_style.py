"""Colours that can be read, themes that switch, icons that follow, type that lines up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from widgets.controls.box_list import BoxList
from widgets.style.icons import icon, names
from widgets.style.motion import reduced_motion
from widgets.style.palettes import blend, colours, contrast, palette
from widgets.style.theme import (
    apply_theme,
    caption_font,
    current_scheme,
    picture_background,
    tabular,
)

Role = QPalette.ColorRole
NEEDED = ["open", "save", "undo", "redo", "swap", "side", "wipe", "blink", "difference", "fit"]
NEEDED += ["actual-size", "finish", "pin", "reset", "keep", "close", "remove", "chevron", "dice"]
NEEDED += ["chevron-down", "info", "warning", "error", "more"]


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """The application, given back as it was."""
    style, before = qapp.style().name(), QPalette(qapp.palette())
    yield qapp
    qapp.styleHints().unsetColorScheme()
    qapp.setStyle(style)
    qapp.setPalette(before)


# ---- colours -------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive])
@pytest.mark.parametrize(
    ("text", "below"),
    [
        (Role.WindowText, Role.Window),
        (Role.WindowText, Role.Base),
        (Role.WindowText, Role.AlternateBase),
        (Role.WindowText, Role.Midlight),
        (Role.Text, Role.Base),
        (Role.Text, Role.AlternateBase),
        (Role.PlaceholderText, Role.Base),
        (Role.ButtonText, Role.Button),
        (Role.ButtonText, Role.Window),
        (Role.ToolTipText, Role.ToolTipBase),
        (Role.HighlightedText, Role.Highlight),
        (Role.Link, Role.Window),
        (Role.Link, Role.Base),
        (Role.Accent, Role.Window),
        (Role.Accent, Role.AlternateBase),
    ],
)
def test_text_has_contrast(
    scheme: str, group: QPalette.ColorGroup, text: Role, below: Role
) -> None:
    made = palette(scheme)
    assert contrast(made.color(group, text), made.color(group, below)) >= 4.5


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_other_text_has_contrast(scheme: str) -> None:
    c = colours(scheme)
    text, picture = QColor(c.text), QColor(c.picture)
    assert contrast(text, picture) >= 4.5
    # The note in the place of a missing picture, and a chosen row of a table.
    assert contrast(text, blend(picture, QColor("black"), 40 / 255)) >= 4.5
    for base in (c.base, c.alternate):
        assert contrast(text, blend(QColor(base), QColor(c.accent), 0.3)) >= 4.5
    for severity in (c.warning, c.error, c.faint):
        assert contrast(QColor(severity), QColor(c.alternate)) >= 4.5
    # A tag on a picture: white on at least two thirds of black, whatever lies below.
    assert contrast(QColor("white"), blend(QColor("white"), QColor("black"), 170 / 255)) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nothing_tints_the_pictures(scheme: str) -> None:
    c = colours(scheme)
    for name in ("window", "base", "alternate", "button", "mid", "text", "picture"):
        red, green, blue, _ = QColor(getattr(c, name)).getRgb()
        assert red == green == blue, name
    assert 60 <= picture_background(scheme).lightness() <= 180


# ---- theme ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_theme_gives_fusion_and_its_palette(app: QApplication, scheme: str) -> None:
    apply_theme(app, scheme)
    assert app.style().name() == "fusion"
    assert current_scheme() == scheme
    assert app.palette().color(Role.Accent).name() == colours(scheme).accent
    assert app.palette().color(Role.Window).name() == colours(scheme).window


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_boxes_to_tick_are_seen(app: QApplication, scheme: str, qtbot: QtBot) -> None:
    apply_theme(app, scheme)
    holder = QWidget()
    qtbot.addWidget(holder)
    box = QCheckBox("on", holder)
    rows = BoxList(holder)
    item = QListWidgetItem("row")
    item.setCheckState(Qt.CheckState.Unchecked)
    rows.addItem(item)
    layout = QVBoxLayout(holder)
    layout.addWidget(box)
    layout.addWidget(rows)
    holder.show()
    for widget in (box, rows.viewport()):
        picture = widget.grab().toImage()
        middle = box.height() // 2 if widget is box else rows.visualItemRect(item).center().y()
        # From the left edge to before the words: what stands out most is the outline.
        seen = [picture.pixelColor(x, middle) for x in range(14)]
        assert max(contrast(colour, seen[0]) for colour in seen) > 2


def test_the_system_theme_follows_the_system(app: QApplication) -> None:
    apply_theme(app, "dark")
    apply_theme(app, "system")
    app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert current_scheme() == "dark"
    app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert current_scheme() == "light"
    apply_theme(app, "light")
    app.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert current_scheme() == "light"


def test_an_unknown_theme_is_refused(app: QApplication) -> None:
    with pytest.raises(ValueError, match="theme 'blue'"):
        apply_theme(app, "blue")


# ---- type ----------------------------------------------------------------------------------------


def test_captions_are_one_size_down_with_tabular_figures(qapp: QApplication) -> None:
    base = qapp.font()
    small = caption_font(base)
    assert 7 <= small.pointSizeF() < base.pointSizeF()
    assert small.featureValue(QFont.Tag("tnum")) == 1
    assert not base.featureTags()
    pixels = QFont(base)
    pixels.setPixelSize(20)
    assert caption_font(pixels).pixelSize() == 18


def test_tabular_leaves_the_rest_of_the_font(qapp: QApplication) -> None:
    font = tabular(qapp.font())
    assert font.pointSizeF() == qapp.font().pointSizeF()
    assert font.featureValue(QFont.Tag("tnum")) == 1


# ---- icons ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NEEDED)
def test_every_icon_draws_lines_in_the_colour_of_text(app: QApplication, name: str) -> None:
    apply_theme(app, "light")
    image = icon(name).pixmap(QSize(32, 32)).toImage()
    inked = [
        image.pixelColor(x, y)
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() > 230
    ]
    assert inked
    assert all(colour.lightness() < 60 for colour in inked)


def test_an_icon_made_earlier_follows_the_theme(app: QApplication) -> None:
    made = icon("fit")

    def brightest() -> int:
        image = made.pixmap(QSize(32, 32)).toImage()
        shades = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
        return max(shade.lightness() for shade in shades if shade.alpha() > 230)

    apply_theme(app, "light")
    assert brightest() < 60
    apply_theme(app, "dark")
    assert brightest() > 200


def test_icons_are_sharp_on_dense_screens_and_pale_when_disabled(app: QApplication) -> None:
    apply_theme(app, "dark")
    dense = icon("save").pixmap(QSize(16, 16), 2.0)
    assert dense.size() == QSize(32, 32)
    assert dense.devicePixelRatio() == 2.0
    usual, pale = (
        icon("save").pixmap(QSize(16, 16), mode).toImage()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert usual != pale


def test_icons_survive_being_copied(app: QApplication) -> None:
    copy = QIcon(icon("dice"))
    assert not copy.pixmap(QSize(16, 16)).isNull()
    assert "dice" in names()


def test_an_unknown_icon_is_refused(qapp: QApplication) -> None:
    with pytest.raises(KeyError, match="unheard-of"):
        icon("unheard-of")


# ---- motion --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("yes", True), ("0", False)])
def test_the_environment_decides_about_motion(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, value: str, expected: bool
) -> None:
    monkeypatch.setenv("MAQUETTE_REDUCED_MOTION", value)
    assert reduced_motion() is expected


def test_without_it_the_system_decides(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAQUETTE_REDUCED_MOTION")
    assert reduced_motion() in (True, False)
