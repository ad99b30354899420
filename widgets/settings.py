"""What the window remembers between runs, in one small file of the data folder."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from studio import places

LAYOUT_VERSION = 1


def settings() -> QSettings:
    """The settings file. Made anew each time, so that tests can redirect the folder."""
    return QSettings(str(places.data_dir() / "settings.ini"), QSettings.Format.IniFormat)


def text(key: str, default: str = "") -> str:
    """A remembered text."""
    value = settings().value(key, default)
    return value if isinstance(value, str) else default


def flag(key: str, default: bool = False) -> bool:
    """A remembered yes or no."""
    return text(key, "true" if default else "false") == "true"


def remember(key: str, value: str | bool) -> None:
    """Remember a text or a yes or no."""
    settings().setValue(key, ("true" if value else "false") if isinstance(value, bool) else value)
