"""The left side of the window: that of StyleGANs, or that of translation models."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.session.document import Document
from widgets.left_panel import LeftPanel
from widgets.scene import TRANSLATION

if TYPE_CHECKING:
    from widgets.translation.panel import TranslationPanel


class FamilySides(QWidget):
    """Shows the side of the family of the open model. The other one is not told of documents that
    it could not show.

    Args:
        make: makes the side of translation models, when one is first opened.
    """

    def __init__(self, stylegan: LeftPanel, make: Callable[[], TranslationPanel]) -> None:
        super().__init__()
        self.stylegan = stylegan
        self._make = make
        self._translation: TranslationPanel | None = None
        self._document: Document | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(stylegan)

    @property
    def translation(self) -> TranslationPanel:
        """The side of translation models."""
        if self._translation is None:
            self._translation = self._make()
            self._translation.hide()
            self._layout.addWidget(self._translation)
        return self._translation

    @property
    def pictured(self) -> bool:
        """Whether the side of translation models is on show."""
        return self._translation is not None and not self._translation.isHidden()

    def show_model(self, info: Any) -> None:
        """Offer what a model can be asked for."""
        pictured = info is not None and info.family == TRANSLATION
        if pictured:
            self.translation.show_model(info)
        else:
            self.stylegan.show_model(info)
        if self._translation is not None:
            self._translation.setVisible(pictured)
        self.stylegan.setVisible(not pictured)
        if self._document is not None:
            self.show_document(self._document)

    def show_document(self, document: Document) -> None:
        """Show what ``document`` draws from."""
        self._document = document
        if self.pictured:
            self.translation.show_document(document)
        else:
            self.stylegan.show_document(document)
