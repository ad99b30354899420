"""Theme and type: Fusion in a dark or a light scheme, captions one size down, tabular figures."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from widgets.style.icons import icon, names
from widgets.style.motion import reduced_motion
from widgets.style.palettes import colours, contrast, palette

__all__ = [
    "GRID",
    "THEMES",
    "apply_theme",
    "caption_font",
    "colours",
    "contrast",
    "current_scheme",
    "icon",
    "names",
    "palette",
    "picture_background",
    "reduced_motion",
    "tabular",
]

GRID = 8
"""All distances are multiples of this many logical pixels, or its half inside a control."""

THEMES = ("system", "dark", "light")


class _Theme(QObject):
    """Holds the chosen theme of one application and follows the system when asked to."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("maquette-theme")
        self._app = app
        self.choice = "system"
        self.scheme = "light"
        app.styleHints().colorSchemeChanged.connect(self._on_system_change)

    def choose(self, choice: str) -> None:
        self.choice = choice
        hints = self._app.styleHints()
        if choice == "system":
            hints.unsetColorScheme()
            scheme = "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"
        else:
            dark = choice == "dark"
            hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
            scheme = choice
        self._paint(scheme)

    def _paint(self, scheme: str) -> None:
        self.scheme = scheme
        shades = palette(scheme)
        self._app.setPalette(shades)
        shades.setColor(QPalette.ColorRole.Window, box_outline(scheme))
        self._app.setPalette(shades, "QCheckBox")

    def _on_system_change(self, scheme: Qt.ColorScheme) -> None:
        if self.choice == "system":
            self._paint("dark" if scheme == Qt.ColorScheme.Dark else "light")


def apply_theme(app: QApplication, choice: str = "system") -> None:
    """Give ``app`` the Fusion style in the scheme ``"system"``, ``"dark"`` or ``"light"``.

    Can be called again at any time; open windows follow.

    Raises:
        ValueError: ``choice`` is none of the three.
    """
    if choice not in THEMES:
        raise ValueError(f"theme '{choice}' is not one of: {', '.join(THEMES)}")
    theme = app.findChild(_Theme, "maquette-theme") or _Theme(app)
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    theme.choose(choice)


def current_scheme() -> str:
    """``"dark"`` or ``"light"``: what the application's palette is now."""
    window = QGuiApplication.palette().window().color()
    return "dark" if window.lightness() < 128 else "light"


def box_outline(scheme: str) -> QColor:
    """What stands for the window's colour where boxes are ticked. The style outlines them in a
    darker shade of it, which would not be seen in the dark theme."""
    return QColor(colours(scheme).faint).lighter(140)


def picture_background(scheme: str | None = None) -> QColor:
    """The neutral grey behind pictures in ``scheme``, or in the current one."""
    return QColor(colours(scheme or current_scheme()).picture)


def tabular(base: QFont) -> QFont:
    """``base`` with figures of equal width, so that numbers do not jitter as they change."""
    font = QFont(base)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def caption_font(base: QFont) -> QFont:
    """``base`` one size down, with tabular figures."""
    font = tabular(base)
    if font.pointSizeF() > 0:
        font.setPointSizeF(max(7.0, font.pointSizeF() - 1.0))
    else:
        font.setPixelSize(max(9, round(font.pixelSize() * 0.9)))
    return font
