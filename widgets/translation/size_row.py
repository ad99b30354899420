"""The size at which a translation model draws: two numbers, and what they may be."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QToolButton, QVBoxLayout, QWidget

from studio.families.translation.config import MOST_SIDE, TranslationConfig
from studio.families.translation.info import TranslationInfo
from studio.session.document import Document
from studio.session.samples import suited_size
from widgets.controller import Controller
from widgets.drawing.panel import with_size
from widgets.style.theme import GRID, caption_font, icon


class QuietSpin(QSpinBox):
    """A number field that leaves the wheel to the panel it stands in."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]


class SizeRow(QWidget):
    """Typed numbers become the nearest ones that the model allows."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._info: TranslationInfo | None = None
        self.across = QuietSpin(self.tr("Width in pixels"))
        self.down = QuietSpin(self.tr("Height in pixels"))
        self.own = QToolButton()
        self.own.setIcon(icon("reset"))
        self.own.setAutoRaise(True)
        self.own.setAccessibleName(self.tr("The size that suits picture and model"))
        self.own.setToolTip(self.tr("The size that suits picture and model"))
        self.own.clicked.connect(lambda _=False: self._suit())
        self.rule = QLabel()
        self.rule.setFont(caption_font(self.rule.font()))
        self.rule.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(GRID // 2)
        line.addWidget(QLabel(self.tr("size")))
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

    def show_model(self, info: TranslationInfo) -> None:
        """Say what a model allows."""
        self._info = info
        config = info.config
        self._quietly(config)
        self.rule.setText(
            self.tr("Multiples of {step} px from {least} px, also unequal.").format(
                step=config.multiple, least=config.smallest
            )
        )

    def _quietly(self, config: TranslationConfig) -> None:
        for field in (self.across, self.down):
            field.blockSignals(True)
            field.setRange(config.smallest, MOST_SIDE)
            field.setSingleStep(config.multiple)
            field.blockSignals(False)

    def show_document(self, document: Document) -> None:
        """Show the size of ``document``."""
        if self._info is None:
            return
        settings, source = self._info.config.settings, document.source
        for field, value in (
            (self.across, source.width or settings.width),
            (self.down, source.height or settings.height),
        ):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)

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
