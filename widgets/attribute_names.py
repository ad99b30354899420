"""What directions are called in the window: words for known names, the name itself for others."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from studio.families.directions import FoundDirection, found_direction
from studio.families.stylegan.stages import StageRange

CONTEXT = "Attributes"
KNOWN: dict[str, str] = {
    "age": QT_TRANSLATE_NOOP("Attributes", "age"),
    "backdrop": QT_TRANSLATE_NOOP("Attributes", "backdrop"),
    "beard": QT_TRANSLATE_NOOP("Attributes", "beard"),
    "brows": QT_TRANSLATE_NOOP("Attributes", "brows"),
    "cap": QT_TRANSLATE_NOOP("Attributes", "cap"),
    "cap_hue": QT_TRANSLATE_NOOP("Attributes", "cap hue"),
    "cheeks": QT_TRANSLATE_NOOP("Attributes", "cheeks"),
    "clay_hue": QT_TRANSLATE_NOOP("Attributes", "clay hue"),
    "clay_tone": QT_TRANSLATE_NOOP("Attributes", "clay tone"),
    "cloth_hue": QT_TRANSLATE_NOOP("Attributes", "cloth hue"),
    "ears": QT_TRANSLATE_NOOP("Attributes", "ears"),
    "eyes": QT_TRANSLATE_NOOP("Attributes", "eyes"),
    "gaze": QT_TRANSLATE_NOOP("Attributes", "gaze"),
    "glasses": QT_TRANSLATE_NOOP("Attributes", "glasses"),
    "gloss": QT_TRANSLATE_NOOP("Attributes", "gloss"),
    "hair": QT_TRANSLATE_NOOP("Attributes", "hair"),
    "hair_hue": QT_TRANSLATE_NOOP("Attributes", "hair hue"),
    "hairstyle": QT_TRANSLATE_NOOP("Attributes", "hairstyle"),
    "hat_hue": QT_TRANSLATE_NOOP("Attributes", "hat hue"),
    "height": QT_TRANSLATE_NOOP("Attributes", "height"),
    "jaw": QT_TRANSLATE_NOOP("Attributes", "jaw"),
    "lids": QT_TRANSLATE_NOOP("Attributes", "lids"),
    "light": QT_TRANSLATE_NOOP("Attributes", "light"),
    "light_height": QT_TRANSLATE_NOOP("Attributes", "light height"),
    "mouth": QT_TRANSLATE_NOOP("Attributes", "mouth"),
    "nod": QT_TRANSLATE_NOOP("Attributes", "nod"),
    "nose": QT_TRANSLATE_NOOP("Attributes", "nose"),
    "smile": QT_TRANSLATE_NOOP("Attributes", "smile"),
    "tilt": QT_TRANSLATE_NOOP("Attributes", "tilt"),
    "turn": QT_TRANSLATE_NOOP("Attributes", "turn"),
    "warmth": QT_TRANSLATE_NOOP("Attributes", "warmth"),
}
FOUND: dict[StageRange, str] = {
    "all": QT_TRANSLATE_NOOP("Attributes", "direction {n}"),
    "coarse": QT_TRANSLATE_NOOP("Attributes", "coarse {n}"),
    "middle": QT_TRANSLATE_NOOP("Attributes", "middle {n}"),
    "fine": QT_TRANSLATE_NOOP("Attributes", "fine {n}"),
}


def attribute_label(name: str) -> str:
    """How a direction is called: "clay hue", "coarse 3", or its own name with blanks."""
    if name in KNOWN:
        return QCoreApplication.translate(CONTEXT, KNOWN[name])
    found = found_direction(name)
    return found_label(found) if found is not None else name.replace("_", " ")


def found_label(found: FoundDirection) -> str:
    """How a direction found in the weights is called: "direction 1", "coarse 3"."""
    return QCoreApplication.translate(CONTEXT, FOUND[found.stages]).format(n=found.number)
