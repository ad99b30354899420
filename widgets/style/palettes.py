"""The two colour schemes as palettes. Every text pair keeps a contrast of at least 4.5:1."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

Role = QPalette.ColorRole
Group = QPalette.ColorGroup


@dataclass(frozen=True)
class Colours:
    """One scheme. All greys are neutral (equal red, green and blue), so that nothing beside a
    picture tints it; ``accent`` is the only colour, for what can be dragged or is current."""

    window: str
    base: str
    alternate: str
    button: str
    light: str
    midlight: str
    mid: str
    dark: str
    shadow: str
    text: str
    faint: str
    disabled: str
    accent: str
    on_accent: str
    tooltip: str
    picture: str
    warning: str
    error: str


DARK = Colours(
    window="#2a2a2a",
    base="#1e1e1e",
    alternate="#252525",
    button="#3a3a3a",
    light="#4c4c4c",
    midlight="#424242",
    mid="#555555",
    dark="#1a1a1a",
    shadow="#101010",
    text="#ebebeb",
    faint="#b4b4b4",
    disabled="#7c7c7c",
    accent="#62aef0",
    on_accent="#0d0d0d",
    tooltip="#111111",
    picture="#4a4a4a",
    warning="#f0b849",
    error="#ff8a80",
)
LIGHT = Colours(
    window="#f2f2f2",
    base="#ffffff",
    alternate="#f7f7f7",
    button="#ebebeb",
    light="#ffffff",
    midlight="#e2e2e2",
    mid="#b4b4b4",
    dark="#a2a2a2",
    shadow="#767676",
    text="#1a1a1a",
    faint="#595959",
    disabled="#8f8f8f",
    accent="#0b64ad",
    on_accent="#ffffff",
    tooltip="#ffffff",
    picture="#9c9c9c",
    warning="#7a5200",
    error="#b3261e",
)


def colours(scheme: str) -> Colours:
    """The colours of ``"dark"`` or ``"light"``."""
    return DARK if scheme == "dark" else LIGHT


def palette(scheme: str) -> QPalette:
    """A full palette, all groups and roles set, for ``"dark"`` or ``"light"``."""
    c = colours(scheme)
    made = QPalette()
    pairs = {
        Role.Window: c.window,
        Role.WindowText: c.text,
        Role.Base: c.base,
        Role.AlternateBase: c.alternate,
        Role.Text: c.text,
        Role.PlaceholderText: c.faint,
        Role.Button: c.button,
        Role.ButtonText: c.text,
        Role.BrightText: c.text,
        Role.Light: c.light,
        Role.Midlight: c.midlight,
        Role.Mid: c.mid,
        Role.Dark: c.dark,
        Role.Shadow: c.shadow,
        Role.ToolTipBase: c.tooltip,
        Role.ToolTipText: c.text,
        Role.Highlight: c.accent,
        Role.HighlightedText: c.on_accent,
        Role.Link: c.accent,
        Role.LinkVisited: c.accent,
        Role.Accent: c.accent,
    }
    for role, colour in pairs.items():
        made.setColor(role, QColor(colour))
    for role in (Role.WindowText, Role.Text, Role.ButtonText, Role.PlaceholderText):
        made.setColor(Group.Disabled, role, QColor(c.disabled))
    made.setColor(Group.Disabled, Role.Highlight, QColor(c.mid))
    made.setColor(Group.Disabled, Role.Accent, QColor(c.mid))
    return made


def blend(below: QColor, above: QColor, share: float) -> QColor:
    """``above`` laid over ``below`` with the opacity ``share``, as an opaque colour."""

    def mixed(low: float, high: float) -> float:
        return low + (high - low) * share

    return QColor.fromRgbF(
        mixed(below.redF(), above.redF()),
        mixed(below.greenF(), above.greenF()),
        mixed(below.blueF(), above.blueF()),
    )


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(v) for v in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
