"""The preferences of the running app, and word of every change."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.session import preferences, surroundings
from studio.session.preferences import Preferences


class PreferenceStore(QObject):
    """Signals: changed(now, before): both ``Preferences``."""

    changed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        loaded = preferences.load()
        self.value: Preferences = loaded.preferences
        self.problem: str | None = loaded.problem

    def keep(self, new: Preferences) -> None:
        """Save preferences and let them be in force from now on, also for processes to come.

        Raises:
            MaquetteError: a value cannot be used, or the file cannot be written; nothing changes.
        """
        if new == self.value:
            return
        preferences.save(new)
        before, self.value = self.value, new
        surroundings.apply(new)
        self.changed.emit(new, before)


def needs_other_processes(now: Preferences, before: Preferences) -> bool:
    """Whether the render process must start anew for a change to reach it."""
    return (now.threads, now.cache_folder) != (before.threads, before.cache_folder)
