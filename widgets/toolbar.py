"""The toolbar: open and save, undo, what each side shows, how to look, Finish."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from studio.session.document import CURRENT, FULL, Document
from widgets.actions import Actions
from widgets.captions import side_name
from widgets.controls.quiet import QuietBox
from widgets.style.theme import GRID

NAME_WIDTH = 132


class Toolbar(QToolBar):
    """Signals: side_chosen(side, ref), side "A" or "B", ref as in the document."""

    side_chosen = Signal(str, str)

    def __init__(self, actions: Actions, recents: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setWindowTitle(self.tr("Toolbar"))
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._actions = actions
        self._open_button(recents)
        self._button("save", words=True)
        self.addSeparator()
        self._button("undo")
        self._button("redo")
        self._gap()
        first = self._side("A")
        self._button("swap")
        self.sides = {"A": first, "B": self._side("B")}
        self._gap()
        for name in ("mode_side", "mode_wipe", "mode_blink", "mode_difference"):
            self._button(name, words=True)
        self.addSeparator()
        for name in ("fit", "actual_size", "smooth"):
            self._button(name)
        self._gap()
        self._button("gallery")
        self._button("finish", words=True)

    def show_document(self, document: Document) -> None:
        """Offer what there is to see on the sides, and say what is seen."""
        view = document.view
        for side, ref in (("A", view.side_a), ("B", view.side_b)):
            box = self.sides[side]
            entries = [(FULL, side_name(document, FULL)), (CURRENT, side_name(document, CURRENT))]
            entries += [(variant.id, variant.name) for variant in document.kept]
            present = [(box.itemData(i), box.itemText(i)) for i in range(box.count())]
            if present != entries:
                box.clear()
                for data, text in entries:
                    box.addItem(text, data)
            box.setCurrentIndex([data for data, _ in entries].index(ref))
        self._actions[f"mode_{view.mode}"].setChecked(True)
        self._actions["smooth"].setChecked(view.smooth)

    def _button(self, name: str, *, words: bool = False) -> QToolButton:
        self.addAction(self._actions[name])
        button = self.widgetForAction(self._actions[name])
        assert isinstance(button, QToolButton)
        if words:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setObjectName(f"button-{name}")
        button.setAccessibleName(self._actions[name].toolTip())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _open_button(self, recents: QMenu) -> None:
        button = self._button("open", words=True)
        button.setMenu(recents)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def _side(self, side: str) -> QuietBox:
        box = QuietBox()
        box.setFixedWidth(NAME_WIDTH)
        box.setSizeAdjustPolicy(QuietBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setAccessibleName(self.tr("What side {side} shows").format(side=side))
        box.setToolTip(box.accessibleName())
        box.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        box.activated.connect(lambda i: self.side_chosen.emit(side, box.itemData(i)))
        holder = QWidget()
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(GRID // 2, 0, GRID // 2, 0)
        layout.setSpacing(GRID // 2)
        label = QLabel(f"{side}:")
        label.setBuddy(box)
        layout.addWidget(label)
        layout.addWidget(box)
        self.addWidget(holder)
        return box

    def _gap(self) -> None:
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
