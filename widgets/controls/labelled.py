"""What ValueSlider and ChoiceSlider share: label, track, field, and one edit at a time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.controls.burst import Burst
from widgets.controls.elided import ElidedLabel
from widgets.controls.field import NumberField
from widgets.controls.track import Track
from widgets.style.theme import GRID

LABEL_WIDTH = 72


class LabelledSlider(QWidget):
    """A row of label, track and field. Subclasses say what a position and a text mean."""

    editing_started = Signal()

    def __init__(
        self, label: str, *, unit: str, tooltip: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.unit = unit
        self.label = ElidedLabel(label, self)
        self.label.setFixedWidth(LABEL_WIDTH)
        self.label.installEventFilter(self)
        self.track = Track(self)
        self.field = NumberField(self)
        self.burst = Burst(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.label)
        layout.addWidget(self.track, 1)
        layout.addWidget(self.field)
        self.setFocusProxy(self.track)
        self.setAccessibleName(label)
        self.track.setAccessibleName(label)
        self.field.setAccessibleName(self.tr("{name}, value").replace("{name}", label))
        self.set_tooltip(tooltip)
        self.track.drag_started.connect(self.burst.hold)
        self.track.drag_ended.connect(self.burst.end)
        self.track.moved.connect(self._on_moved)
        self.track.jumped.connect(self._on_moved)
        self.track.nudged.connect(self._on_nudged)
        self.track.reset.connect(self.reset)
        self.track.installEventFilter(self)
        self.field.installEventFilter(self)
        self.field.nudged.connect(self._on_nudged)
        self.field.committed.connect(self._on_typed)
        self.burst.started.connect(self.editing_started)
        self.burst.ended.connect(self._on_ended)

    def set_tooltip(self, tooltip: str) -> None:
        """The tooltip of the row; how to reset is added."""
        reset = self.tr("Double-click to reset")
        tip = f"{tooltip}\n{reset}" if tooltip else reset
        self.label.set_hint(tip)
        self.track.setToolTip(tip)
        self.setAccessibleDescription(tooltip)

    def finish_editing(self) -> None:
        """End an edit that still waits for more keys or wheel turns, such as before an undo."""
        self.burst.end()

    def set_label_width(self, width: int) -> None:
        """So that the rows of one panel line up."""
        self.label.setFixedWidth(width)

    def reset(self) -> None:
        """Go back to the default, as one edit of its own."""
        raise NotImplementedError

    def _on_moved(self, position: float) -> None:
        raise NotImplementedError

    def _on_nudged(self, steps: float) -> None:
        raise NotImplementedError

    def _on_typed(self, text: str) -> None:
        raise NotImplementedError

    def _on_ended(self) -> None:
        raise NotImplementedError

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.label and isinstance(event, QMouseEvent):
            double = event.type() == QEvent.Type.MouseButtonDblClick
            if double and event.button() == Qt.MouseButton.LeftButton:
                self.reset()
                return True
        elif watched is not self.label and event.type() == QEvent.Type.FocusOut:
            self.burst.end()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        # An edit must not stay open in a panel that nobody sees.
        self.burst.end()
        super().hideEvent(event)
