"""Where a pipeline's denoiser comes from: its own files, or a GGUF file that the user chooses."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio import places
from studio.errors import MaquetteError
from studio.families.diffusion.info import DiffusionInfo
from studio.families.diffusion.pairing import Pair, is_pair, read_pair, write_pair
from studio.families.diffusion.shipped import shipped
from widgets import choosers
from widgets.controls.quiet import QuietBox
from widgets.wiring import labelled

KINDS = ("unet", "sd3", "flux", "pixart")
"""Denoisers large enough that people pack them."""
OWN, OTHER, CHOOSE = "own", "other", "choose"


class DenoiserRow(QWidget):
    """Follows the open model; another choice is another model to open.

    Signals: wanted(path), refused(sentence).
    """

    wanted = Signal(Path)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._pipeline = Path()
        self.box = QuietBox()
        self.box.setAccessibleName(self.tr("Denoiser"))
        self.box.setMinimumContentsLength(12)
        self.box.setSizeAdjustPolicy(
            QuietBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setToolTip(
            self.tr(
                "Where the weights of the denoiser come from. A GGUF file has them in a few bits "
                "each: less memory, not more speed"
            )
        )
        self.box.activated.connect(self._chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(labelled(self.tr("denoiser"), self.box))

    def show_model(self, info: DiffusionInfo) -> None:
        """Say where the denoiser of a model is from."""
        path, file = Path(info.path), ""
        if is_pair(path):
            try:
                pair = read_pair(path)
            except MaquetteError:  # gone since it was opened
                self.hide()
                return
            path, file = pair.pipeline, pair.denoiser.name
        self._pipeline = path
        self.box.clear()
        self.box.addItem(self.tr("that of the pipeline"), OWN)
        if file:
            self.box.addItem(file, OTHER)
        self.box.addItem(self.tr("a GGUF file..."), CHOOSE)
        self._show_current()
        self.setVisible(info.config.kind in KINDS and shipped(path) is None)

    def _show_current(self) -> None:
        self.box.setCurrentIndex(max(0, self.box.findData(OTHER)))

    def _chosen(self, index: int) -> None:
        data = self.box.itemData(index)
        # What is chosen is shown once it is open: it may be refused.
        before = OWN if self.box.findData(OTHER) < 0 else OTHER
        self._show_current()
        if data == before:
            return
        if data == OWN:
            self.wanted.emit(self._pipeline)
        elif data == CHOOSE and (file := choosers.open_denoiser(self)) is not None:
            try:
                pair = Pair(self._pipeline.absolute(), file.absolute())
                self.wanted.emit(write_pair(pair, places.data_dir() / "models"))
            except MaquetteError as error:
                self.refused.emit(str(error))
