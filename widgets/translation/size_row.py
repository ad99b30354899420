"""The size at which a translation model draws: two numbers, and what they may be."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.families.translation.config import MOST_SIDE
from studio.families.translation.info import TranslationInfo
from studio.session.document import Document
from studio.session.samples import suited_size
from widgets.controller import Controller
from widgets.controls.size_fields import SizeFields
from widgets.drawing.panel import with_size

translate = QCoreApplication.translate


class SizeRow(SizeFields):
    """Typed numbers become the nearest ones that the model allows."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(translate("SizeRow", "The size that suits picture and model"))
        self._controller = controller
        self._info: TranslationInfo | None = None
        self.typed.connect(self._typed)
        self.own_wanted.connect(self._suit)

    def show_model(self, info: TranslationInfo) -> None:
        """Say what a model allows."""
        self._info = info
        config = info.config
        self.allow(config.smallest, MOST_SIDE, config.multiple)
        self.rule.setText(
            self.tr("Multiples of {step} px from {least} px, also unequal.").format(
                step=config.multiple, least=config.smallest
            )
        )

    def show_document(self, document: Document) -> None:
        """Show the size of ``document``."""
        if self._info is None:
            return
        settings, source = self._info.config.settings, document.source
        self.show_size(source.width or settings.width, source.height or settings.height)

    def _typed(self) -> None:
        assert self._info is not None
        height, width = self._info.config.nearest(self.down.value(), self.across.value())
        self._set(width, height, "size")

    def _suit(self) -> None:
        assert self._info is not None
        size = self._controller.document.source.size
        if size is not None:
            self._set(*suited_size(self._info.config, *size), None)

    def _set(self, width: int, height: int, control: str | None) -> None:
        document = self._controller.document
        found = with_size(document.source, width, height)
        self._controller.set_source(
            self.tr("Change the size"), control,
            width=found.width, height=found.height, drawing=found.drawing,
        )  # fmt: skip
        self.show_document(self._controller.document)
