"""Whether things may move."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

VARIABLE = "MAQUETTE_REDUCED_MOTION"


def reduced_motion() -> bool:
    """True where the user, or the system on the user's behalf, asks for less motion.

    ``MAQUETTE_REDUCED_MOTION`` set to 1 or 0 decides; otherwise the system's own setting does,
    which Qt knows from 6.12 on.
    """
    asked = os.environ.get(VARIABLE, "").strip().lower()
    if asked:
        return asked not in ("0", "false", "no", "off")
    hints = QGuiApplication.styleHints()
    preference = getattr(Qt, "MotionPreference", None)
    accessibility = getattr(hints, "accessibility", None)
    if preference is None or accessibility is None:
        return False
    wish = getattr(accessibility(), "motionPreference", None)
    return wish is not None and wish() == preference.ReducedMotion
