"""The picture that a pipeline draws from, how much of it is drawn anew, and where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.errors import MaquetteError
from studio.families.diffusion.info import DiffusionInfo
from studio.session.document import Document
from studio.session.source import StoredPicture
from widgets import choosers
from widgets.controller import Controller
from widgets.controls.elided import ElidedLabel
from widgets.controls.fold import Fold
from widgets.controls.slider import ValueSlider
from widgets.diffusion.mask import MaskBrush
from widgets.style.theme import GRID, caption_font
from widgets.translation import pictures
from widgets.translation.picture_panel import Preview
from widgets.wiring import named_button, row, wire

SEEN = 512
LEAST_STRENGTH = 0.05


class PicturePart(Fold):
    """A fold that follows the document; edits go through the controller.

    Signals: refused(sentence): a picture did not come in, and nothing has changed.
    """

    refused = Signal(str)

    def __init__(self, controller: Controller, background: Callable[..., None]) -> None:
        super().__init__("")
        self.set_title(self.tr("Draw from a picture"))
        self.setObjectName("picture")
        self._controller = controller
        self._background = background
        self._info: DiffusionInfo | None = None
        self._shown: StoredPicture | None = None
        self._asked = 0
        self.preview = Preview()
        self.mask = MaskBrush(controller)
        self.name = ElidedLabel("")
        self.name.setFont(caption_font(self.name.font()))
        self.open = named_button("open", self.tr("Open…"), self.tr("Open a picture file"))
        self.open.clicked.connect(lambda _=False: self._choose())
        self.paste = named_button(
            "paste", self.tr("Paste"), self.tr("Take the picture on the clipboard")
        )
        self.paste.clicked.connect(lambda _=False: self.paste_picture())
        self.drop = named_button("clear", self.tr("Remove"), self.tr("Draw from noise alone"))
        self.drop.clicked.connect(lambda _=False: self.remove())
        self.strength = ValueSlider(
            self.tr("strength"), LEAST_STRENGTH, 1.0, 0.8, step=0.01,
            tooltip=self.tr(
                "How much of the picture is drawn anew: 1 keeps nothing of it "
                "(SDEdit, Meng et al. 2022)"
            ),
        )  # fmt: skip
        wire(self.strength, controller, "strength", self._set_strength)
        self.inside = QWidget()
        layout = QVBoxLayout(self.inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for widget in (
            self.preview, self.mask, self.name, row(self.open, self.paste, self.drop),
            self.strength,
        ):  # fmt: skip
            layout.addWidget(widget)
        self.set_content(self.inside)

    def show_model(self, info: DiffusionInfo) -> None:
        """Offer it where a model draws from pictures."""
        before, self._info = self._info, info
        config = info.config
        self.setVisible("picture" in config.takes)
        self.strength.set_range(LEAST_STRENGTH, 1.0, config.strength)
        self.set_title(
            self.tr("Draw from a picture, or a part of one")
            if "mask" in config.takes
            else self.tr("Draw from a picture")
        )
        if before is None or before.key != info.key:
            has = self._controller.document.words.picture is not None
            self.restore(has or "picture" in config.needs)

    def show_document(self, document: Document) -> None:
        """Show the picture of ``document``."""
        if self._info is None:
            return
        config, words = self._info.config, document.words
        picture = words.picture
        masked = picture is not None and "mask" in config.takes
        self.preview.setVisible(not masked)
        self.mask.setVisible(masked)
        for widget in (self.drop, self.strength):
            widget.setEnabled(picture is not None)
        strength = config.strength if words.strength is None else words.strength
        least = self.strength.minimum() if self._controller.dragging else LEAST_STRENGTH
        self.strength.set_range(min(least, strength), 1.0, config.strength)
        self.strength.set_value(strength)
        if masked:
            self.mask.show_sheet(words.sheet(config))
        if picture == self._shown and picture is not None:
            return
        arrived = self._shown is None and picture is not None
        self._shown = picture
        self.name.setVisible(picture is not None)
        if picture is None:
            self.name.set_text("")
            self.preview.set_image(
                None, self.tr("Open a picture, paste one, or drop one here, to draw from it.")
            )
            return
        if arrived:
            self.restore(True)
        size = f"{picture.width} \N{MULTIPLICATION SIGN} {picture.height}"
        self.name.set_text(self.tr("{name}, {size} px").format(name=picture.name, size=size))
        image = pictures.thumbnail(picture.data, SEEN)
        self.preview.set_image(image, self.tr("This picture cannot be shown."))
        self.mask.pad.set_picture(image)

    # ---- bringing pictures in ------------------------------------------------------------------

    def take(self, path: Path) -> None:
        """Draw from a picture file."""
        if self._info is None:
            return
        self._asked += 1
        mine = self._asked

        def done(found: StoredPicture | None, error: MaquetteError | None) -> None:
            if mine != self._asked:
                return  # another one has been asked for meanwhile
            if found is None:
                self.refused.emit(str(error))
            else:
                self._use(found)

        self._background(lambda: pictures.read_picture(path, None), done)

    def paste_picture(self) -> None:
        """Draw from the picture on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        found = [] if data is None else data.urls()
        urls = [url.toLocalFile() for url in found if url.isLocalFile()]
        if urls:
            self.take(Path(urls[0]))
            return
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self.refused.emit(self.tr("There is no picture on the clipboard."))
            return
        self._use(pictures.stored(image, self.tr("clipboard")))

    def remove(self) -> None:
        """Draw from noise alone."""
        self._controller.set_words(self.tr("Remove the picture"), None, picture=None, mask=None)

    def _use(self, picture: StoredPicture) -> None:
        label = self.tr("Draw from {name}").format(name=picture.name)
        self._controller.set_words(label, None, picture=picture, mask=None)

    def _choose(self) -> None:
        path = choosers.open_picture(self)
        if path is not None:
            self.take(path)

    def _set_strength(self, value: float) -> None:
        self._controller.set_words(self.tr("Change the strength"), "strength", strength=value)
