"""What the labels of a label map look like on the pad, and what they are called."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

translate = QCoreApplication.translate
GOLDEN = 137.508  # degrees: labels next to each other in number are far from each other in hue


def label_colour(label: int) -> QColor:
    """The colour of a label; the first one, which empty sheets are full of, is a dark grey."""
    if label == 0:
        return QColor(58, 62, 70)
    hue = round(label * GOLDEN) % 360
    return QColor.fromHsv(hue, (150, 110, 190)[label % 3], (225, 190, 160)[(label // 3) % 3])


def label_name(label: int) -> str:
    """What a label is called where the model does not say."""
    return translate("Labels", "class {n}").format(n=label)
