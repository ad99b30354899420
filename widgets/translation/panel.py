"""What to draw from, of translation models: a picture or a drawing, the size, whole folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.families.translation.info import TranslationInfo
from studio.session.document import Document
from studio.session.samples import blank
from studio.session.source import Kind
from widgets.controller import Controller
from widgets.drawing.panel import DrawingPanel
from widgets.style.theme import GRID, icon
from widgets.tab_order import follow_reading_order
from widgets.translation.about import About
from widgets.translation.picture_panel import PicturePanel
from widgets.translation.size_row import SizeRow
from widgets.wiring import row


class TranslationPanel(QWidget):
    """The left side of the translation family.

    Signals:
        refused(sentence), answered({name: answer}), folder_wanted(ref): draw a folder of pictures
        with that variant.
    """

    refused = Signal(str)
    answered = Signal(object)
    folder_wanted = Signal(str)

    def __init__(self, controller: Controller, background: Callable[..., None]) -> None:
        super().__init__()
        self._controller = controller
        self._info: TranslationInfo | None = None
        self.about = About()
        self.picture = PicturePanel(controller, background)
        self.drawing = DrawingPanel(controller)
        self.size = SizeRow(controller)
        self.kinds: dict[Kind, QToolButton] = {}
        group = QButtonGroup(self)
        for kind, name, image in (
            ("picture", self.tr("Picture"), "gallery"),
            ("drawing", self.tr("Drawing"), "pen"),
        ):
            made = QToolButton()
            made.setText(name)
            made.setIcon(icon(image))
            made.setCheckable(True)
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(lambda _=False, k=kind: self.choose(k))
            group.addButton(made)
            self.kinds[kind] = made
        self.kinds["picture"].setToolTip(self.tr("Draw from a picture"))
        self.kinds["drawing"].setToolTip(self.tr("Draw from what you draw"))
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        both = row(*self.kinds.values(), stretch=0)
        both.layout().setStretch(1, 1)
        for widget in (both, self.picture, self.drawing, self.size, self.about):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.picture.refused.connect(self.refused)
        self.picture.folder_wanted.connect(self.folder_wanted)
        self.about.answered.connect(self.answered)

    def show_model(self, info: TranslationInfo) -> None:
        """Offer what a model can draw from."""
        self._info = info
        self.picture.show_model(info)
        self.drawing.show_model(info)
        self.size.show_model(info)
        self.about.show_model(info)
        # What is guessed and shows is asked above everything else.
        self._layout.removeWidget(self.about)
        self._layout.insertWidget(0 if self.about.asking else 4, self.about)
        follow_reading_order(self)

    def show_document(self, document: Document) -> None:
        """Show what ``document`` draws from."""
        drawing = document.source.kind != "picture"
        self.kinds["drawing" if drawing else "picture"].setChecked(True)
        self.picture.setVisible(not drawing)
        self.drawing.setVisible(drawing)
        self.picture.show_document(document)
        self.drawing.show_document(document)
        self.size.show_document(document)

    def choose(self, kind: Kind) -> None:
        """Draw from the picture, or from the drawing."""
        document = self._controller.document
        source = document.source
        if self._info is None or source.kind == kind:
            return
        if kind == "drawing":
            config = self._info.config
            size = None
            if source.width is not None and source.height is not None:
                size = (source.width, source.height)
            sheet = source.drawing
            if sheet is None or sheet.labels != config.takes_labels:
                sheet = blank(config, size)
            self._controller.set_source(
                self.tr("Draw from the drawing"), None, kind="drawing", drawing=sheet,
                width=sheet.width, height=sheet.height,
            )  # fmt: skip
        elif source.picture is not None:
            self.picture.use_again(source.picture)
        else:
            self.show_document(document)
            self.picture.show()
            self.drawing.hide()
            self.kinds["picture"].setChecked(True)

    def take(self, path: Path) -> None:
        """Draw from a picture file."""
        self.picture.take(path)
