"""The attributes of a model: a slider for each direction it comes with, and those found in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from studio.families.directions import found_direction
from studio.families.info import ModelInfo
from studio.session.document import Document
from widgets.attribute_slider import AttributeSlider
from widgets.controller import Controller
from widgets.controls.fold import Fold
from widgets.found_directions import FoundDirections
from widgets.style.theme import GRID, caption_font, icon
from widgets.tab_order import follow_reading_order
from widgets.wiring import column, heading, row

FIRST = 5
FILTERED_FROM = 13


class Filter(QLineEdit):
    """A field that narrows a list down; Escape empties it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class Attributes(QWidget):
    """Heading, filter, the first few sliders, a fold with the rest, a fold with found ones."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._names: tuple[str, ...] = ()
        self._named: dict[str, AttributeSlider] = {}
        self._was_open = False
        self._info: ModelInfo | None = None
        self.found: FoundDirections | None = None
        self.reset_all = QToolButton()
        self.reset_all.setIcon(icon("reset"))
        self.reset_all.setText(self.tr("Reset all"))
        self.reset_all.setAccessibleName(self.reset_all.text())
        self.reset_all.setToolTip(self.tr("All attributes back to 0"))
        self.reset_all.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.reset_all.setAutoRaise(True)
        self.reset_all.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reset_all.clicked.connect(self._reset)
        self.filter = Filter()
        self.filter.setPlaceholderText(self.tr("Find an attribute"))
        self.filter.setAccessibleName(self.tr("Find an attribute"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._narrow)
        self.nothing = QLabel(self.tr("No attribute has that in its name."))
        self.nothing.setFont(caption_font(self.nothing.font()))
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        self._first = column(spacing=GRID // 2)
        self.more = Fold("")
        self.more.setObjectName("more-attributes")
        self.found_fold = Fold(self.tr("Found directions"))
        self.found_fold.setObjectName("found-directions")
        self.found_fold.header.setToolTip(
            self.tr(
                "Directions that change the picture most, worked out from the weights "
                "(SeFa, Shen & Zhou 2021, section 3)"
            )
        )
        self.found_fold.set_maker(self._make_found)
        self.found_fold.toggled.connect(self._order)
        self.more.toggled.connect(self._order)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        head = row(heading(self.tr("Attributes")), self.reset_all, stretch=0)
        for widget in (head, self.filter, self.nothing, self._first, self.more, self.found_fold):
            layout.addWidget(widget)
        self._build(())
        self.show_document(controller.document)

    @property
    def sliders(self) -> dict[str, AttributeSlider]:
        """The sliders made so far, by the name of their direction."""
        return {**self._named, **(self.found.sliders if self.found else {})}

    def show_model(self, info: ModelInfo | None) -> None:
        """Offer the directions of ``info``."""
        names = info.directions if info else ()
        new = info is not None and (self._info is None or self._info.key != info.key)
        self._info = info
        if self.found is not None:
            self.found.show_model(info)
        if names != self._names:
            self._build(names)
        if new:
            # What else is there to move? So they are on show where a model has no names for them.
            self.found_fold.restore(not names)
        self._order()

    def show_document(self, document: Document) -> None:
        """Show the strengths of ``document`` without making an edit."""
        strengths = dict(document.inputs.edits)
        for name, slider in self._named.items():
            slider.set_value(strengths.get(name, 0.0))
        if self.found is not None:
            self.found.show_document(document)
        used = sum(found_direction(name) is not None for name in strengths)
        self.found_fold.set_title(
            self.tr("Found directions ({n} in use)").format(n=used)
            if used
            else self.tr("Found directions")
        )
        self.reset_all.setEnabled(bool(document.inputs.edits))

    def _build(self, names: tuple[str, ...]) -> None:
        self._names, self._named = names, {}
        self.filter.clear()
        first, rest = names[:FIRST], names[FIRST:]
        made = self._column(first)
        self.layout().replaceWidget(self._first, made)
        self._first.deleteLater()
        self._first = made
        self._first.setVisible(bool(first))
        self.more.set_maker(lambda: self._column(rest))
        self.more.setVisible(bool(rest))
        self.more.set_title(self.tr("{n} more").format(n=len(rest)))
        self.filter.setVisible(len(names) >= FILTERED_FROM)

    def _make_found(self) -> QWidget:
        """Their sliders are made for those who open the fold."""
        self.found = FoundDirections(self._controller)
        self.found.rebuilt.connect(self._order)
        self.found.show_model(self._info)
        return self.found

    def _column(self, names: tuple[str, ...]) -> QWidget:
        strengths = dict(self._controller.document.inputs.edits)
        for name in names:
            tooltip = self.tr("Moves the latent w along the direction “{name}”").format(name=name)
            slider = AttributeSlider(name, self._controller, tooltip)
            slider.set_value(strengths.get(name, 0.0))
            self._named[name] = slider
        return column(*(self._named[name] for name in names), spacing=GRID // 2)

    def _narrow(self, words: str) -> None:
        """Show only the sliders that match, wherever they stand."""
        searching = bool(words.strip())
        if searching and not self.more.header.isHidden():
            self._was_open = self.more.state()
            self.more.restore(True)
        self.more.header.setVisible(not searching)
        if not searching and self._names:
            self.more.restore(self._was_open)
        for slider in self._named.values():
            slider.setVisible(slider.matches(words))
        found = any(slider.matches(words) for slider in self._named.values())
        self.nothing.setVisible(searching and not found)

    def _reset(self) -> None:
        self._controller.set_inputs(self.tr("Reset all attributes"), None, edits=())

    def _order(self, *_: object) -> None:
        panel = self.parentWidget() or self
        follow_reading_order(panel)
