"""The left side of the window: that of the family of the open model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.session.document import Document
from widgets.left_panel import LeftPanel
from widgets.scene import DIFFUSION, TRANSLATION

if TYPE_CHECKING:
    from widgets.diffusion.panel import DiffusionPanel
    from widgets.translation.panel import TranslationPanel

STYLEGAN = "stylegan"


class FamilySides(QWidget):
    """Shows the side of the family of the open model. The other ones are not told of documents
    that they could not show.

    Args:
        makers: make the sides of the other families, when a model of theirs is first opened.
    """

    def __init__(self, stylegan: LeftPanel, makers: Mapping[str, Callable[[], QWidget]]) -> None:
        super().__init__()
        self.stylegan = stylegan
        self._makers = makers
        self._made: dict[str, Any] = {STYLEGAN: stylegan}
        self._shown = STYLEGAN
        self._document: Document | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(stylegan)

    def _side(self, family: str) -> Any:
        if family not in self._made:
            made = self._made[family] = self._makers[family]()
            made.hide()
            self._layout.addWidget(made)
        return self._made[family]

    @property
    def translation(self) -> TranslationPanel:
        """The side of translation models."""
        found: TranslationPanel = self._side(TRANSLATION)
        return found

    @property
    def diffusion(self) -> DiffusionPanel:
        """The side of diffusion pipelines."""
        found: DiffusionPanel = self._side(DIFFUSION)
        return found

    @property
    def pictured(self) -> bool:
        """Whether the side of translation models is on show."""
        return self._shown == TRANSLATION

    @property
    def worded(self) -> bool:
        """Whether the side of diffusion pipelines is on show."""
        return self._shown == DIFFUSION

    def takes_pictures(self) -> bool:
        """Whether what is on show draws from pictures."""
        if self.worded:
            return self.diffusion.takes_pictures()
        return self.pictured

    def take(self, path: Any) -> None:
        """Draw from a picture file."""
        (self.diffusion if self.worded else self.translation).take(path)

    def show_model(self, info: Any) -> None:
        """Offer what a model can be asked for."""
        family = STYLEGAN if info is None else info.family
        self._shown = family if family in self._makers else STYLEGAN
        self._side(self._shown).show_model(info)
        for name, side in self._made.items():
            side.setVisible(name == self._shown)
        if self._document is not None:
            self.show_document(self._document)

    def show_document(self, document: Document) -> None:
        """Show what ``document`` draws from."""
        self._document = document
        self._side(self._shown).show_document(document)
