"""The widths of a translation network as GAN Compression writes them: shown, copied, typed."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget

from studio.errors import MaquetteError
from studio.families.translation.info import TranslationInfo
from studio.families.translation.stages import config_string, with_widths
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.stages import configuration
from widgets.controller import Controller
from widgets.style.theme import icon
from widgets.wiring import labelled


class ConfigRow(QWidget):
    """One field; a string that does not fit is refused in a sentence and the field goes back."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._info: TranslationInfo | None = None
        self.field = QLineEdit()
        self.field.setObjectName("configuration")
        self.field.setAccessibleName(self.tr("Configuration string"))
        self.field.setToolTip(
            self.tr(
                "Channels of every stage in units of the stage, such as 16_16_32_16_32_32_16_16 "
                "(GAN Compression, Li et al. 2020). Six numbers give all blocks the same."
            )
        )
        self.field.editingFinished.connect(self._typed)
        self.copy = QToolButton()
        self.copy.setIcon(icon("copy"))
        self.copy.setAutoRaise(True)
        self.copy.setAccessibleName(self.tr("Copy the configuration string"))
        self.copy.setToolTip(self.tr("Copy the configuration string"))
        self.copy.clicked.connect(
            lambda _=False: QGuiApplication.clipboard().setText(self.field.text())
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(labelled(self.tr("config"), self.field, self.copy))

    def show_model(self, info: TranslationInfo) -> None:
        """Offer the strings of a model; one that has none hides the row."""
        self._info = info
        self.setVisible(all(stage.multiple for stage in info.stages))

    def show_choice(self, choice: SubnetChoice) -> None:
        """Show the string of a subnet; empty where its widths are no whole units."""
        if self._info is None:
            return
        text = name_of(choice, self._info)
        if text != self.field.text() and not (self.field.hasFocus() and self.field.isModified()):
            self.field.setText(text)
        self.field.setPlaceholderText("" if text else self.tr("between two strings"))
        self.copy.setEnabled(bool(text))

    def _typed(self) -> None:
        if self._info is None or not self.field.isModified():
            return
        self.field.setModified(False)
        text = self.field.text().strip()
        choice = self._controller.document.subnet
        try:
            if text:
                choice = configuration(text, self._info.config)
        except MaquetteError as error:
            self._controller.refused.emit(str(error))
        self._controller.set_subnet(choice, None)
        self.show_choice(self._controller.document.subnet)


def name_of(choice: SubnetChoice, info: TranslationInfo) -> str:
    """The configuration string of a subnet, or nothing where there is none."""
    try:
        sizes = with_widths(info.config.sizes, resolve(choice, info.config).channels)
    except MaquetteError:
        return ""
    return config_string(sizes) or ""
