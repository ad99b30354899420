"""The size at which a pipeline draws: two numbers, which become those that its VAE divides."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from studio.families.diffusion.config import MOST_SIDE
from studio.families.diffusion.info import DiffusionInfo
from studio.session.document import Document
from widgets.controller import Controller
from widgets.controls.labelled import LABEL_WIDTH
from widgets.controls.size_fields import SizeFields

translate = QCoreApplication.translate
LARGEST = 2048
"""What the arrows and typing reach here; far more than these models were trained for."""


class Size(SizeFields):
    """Follows the document; edits go through the controller."""

    def __init__(self, controller: Controller) -> None:
        own = translate("Size", "The size the model was trained for")
        super().__init__(own, LABEL_WIDTH)
        self._controller = controller
        self._info: DiffusionInfo | None = None
        self.typed.connect(self._typed)
        self.own_wanted.connect(self._reset)

    def show_model(self, info: DiffusionInfo) -> None:
        """Say what a model allows."""
        self._info = info
        config = info.config
        least = config.multiple
        most = min(MOST_SIDE, max(LARGEST, config.width, config.height))
        self.allow(least, most, config.multiple)
        for field in (self.across, self.down):
            field.setEnabled(not config.fixed)
        self.own.setEnabled(not config.fixed)
        own = f"{config.width} \N{MULTIPLICATION SIGN} {config.height}"
        self.rule.setText(
            self.tr("This model draws at {size} px only.").format(size=own)
            if config.fixed
            else self.tr("Multiples of {step} px, best at {size}.").format(
                step=config.multiple, size=own
            )
        )

    def show_document(self, document: Document) -> None:
        """Show the size of ``document``."""
        if self._info is None:
            return
        config = self._info.config
        width, height = document.words.size(config)
        # A picture or a session may ask for more than the arrows reach.
        self.allow(config.multiple, max(self.across.maximum(), width, height), config.multiple)
        self.show_size(width, height)

    def _typed(self) -> None:
        assert self._info is not None
        height, width = self._info.config.nearest(self.down.value(), self.across.value())
        self._set(width, height, "size")

    def _reset(self) -> None:
        assert self._info is not None
        self._set(self._info.config.width, self._info.config.height, None)

    def _set(self, width: int, height: int, control: str | None) -> None:
        self._controller.resize_words(self.tr("Change the size"), control, width, height)
        self.show_document(self._controller.document)
