"""Files of the user's with networks that measure pictures. Maquette has none and fetches none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from studio.session.preferences import Preferences
from widgets.preferences.parts import form, hint
from widgets.style.theme import GRID
from widgets.wiring import row


class WeightsPage(QWidget):
    """Two files, each with a button that looks for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fid, fid = self._field("preferences fid weights", self.tr("Choose the file for FID"))
        self.lpips, lpips = self._field(
            "preferences lpips weights", self.tr("Choose the file for LPIPS")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.addLayout(
            form(
                (
                    self.tr("&FID"),
                    row(self.fid, fid, stretch=0),
                    hint(
                        self.tr(
                            "Its Inception network of 2015, as PyTorch versions of FID publish it. "
                            "Measured when FID is the quality of the plot."
                        )
                    ),
                ),
                (
                    self.tr("&LPIPS"),
                    row(self.lpips, lpips, stretch=0),
                    hint(
                        self.tr(
                            "AlexNet or VGG16 as torchvision publishes them, or a whole LPIPS "
                            "network. Then measured with everything else."
                        )
                    ),
                ),
                (
                    "",
                    hint(
                        self.tr(
                            "These networks come from elsewhere. Maquette fetches nothing: both "
                            "numbers are measured only with files of your own."
                        )
                    ),
                    None,
                ),
            )
        )
        layout.addStretch(1)

    def _field(self, name: str, spoken: str) -> tuple[QLineEdit, QPushButton]:
        field = QLineEdit()
        field.setObjectName(name)
        field.setPlaceholderText(self.tr("none"))
        choose = QPushButton(self.tr("Choose…"))
        choose.setAccessibleName(spoken)
        choose.setAutoDefault(False)  # Enter is for OK
        choose.clicked.connect(lambda: self._choose(field, spoken))
        return field, choose

    def _choose(self, field: QLineEdit, title: str) -> None:
        kinds = self.tr("Weights (*.pth *.pt *.safetensors);;All files (*)")
        found, _ = QFileDialog.getOpenFileName(self, title, field.text().strip(), kinds)
        if found:
            field.setText(found)

    def show_preferences(self, preferences: Preferences) -> None:
        """Fill the fields."""
        self.fid.setText(preferences.fid_weights)
        self.lpips.setText(preferences.lpips_weights)

    def filled_in(self, preferences: Preferences) -> Preferences:
        """``preferences`` with what the fields say."""
        return replace(
            preferences,
            fid_weights=_whole(self.fid.text()),
            lpips_weights=_whole(self.lpips.text()),
        )


def _whole(text: str) -> str:
    return str(Path(text.strip()).expanduser()) if text.strip() else ""
