"""The size at which a pipeline draws: two numbers, which become those that its VAE divides."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from studio.families.diffusion.config import MOST_SIDE
from studio.families.diffusion.info import DiffusionInfo
from studio.session.document import Document
from widgets.controller import Controller
from widgets.controls.labelled import LABEL_WIDTH
from widgets.style.theme import GRID, caption_font, icon
from widgets.translation.size_row import QuietSpin

LARGEST = 2048
"""What the arrows and typing reach here; far more than these models were trained for."""


class Size(QWidget):
    """Follows the document; edits go through the controller."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._info: DiffusionInfo | None = None
        self.across = QuietSpin(self.tr("Width in pixels"))
        self.down = QuietSpin(self.tr("Height in pixels"))
        self.own = QToolButton()
        self.own.setIcon(icon("reset"))
        self.own.setAutoRaise(True)
        self.own.setAccessibleName(self.tr("The size the model was trained for"))
        self.own.setToolTip(self.tr("The size the model was trained for"))
        self.own.clicked.connect(lambda _=False: self._reset())
        self.rule = QLabel()
        self.rule.setFont(caption_font(self.rule.font()))
        self.rule.setWordWrap(True)
        label = QLabel(self.tr("size"))
        label.setFixedWidth(LABEL_WIDTH)
        line = QHBoxLayout()
        line.setSpacing(GRID // 2)
        line.addWidget(label)
        line.addWidget(self.across, 1)
        line.addWidget(QLabel("\N{MULTIPLICATION SIGN}"))
        line.addWidget(self.down, 1)
        line.addWidget(QLabel(self.tr("px")))
        line.addWidget(self.own)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(line)
        layout.addWidget(self.rule)
        for field in (self.across, self.down):
            field.valueChanged.connect(lambda _: self._typed())

    def show_model(self, info: DiffusionInfo) -> None:
        """Say what a model allows."""
        self._info = info
        config = info.config
        least = config.multiple
        most = min(MOST_SIDE, max(LARGEST, config.width, config.height))
        for field in (self.across, self.down):
            field.blockSignals(True)
            field.setRange(least, most)
            field.setSingleStep(config.multiple)
            field.blockSignals(False)
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
        width, height = document.words.size(self._info.config)
        for field, value in ((self.across, width), (self.down, height)):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)

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
