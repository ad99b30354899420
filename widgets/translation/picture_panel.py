"""The picture that a translation model draws from: opened, dropped, pasted, or a sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from studio.errors import MaquetteError
from studio.families.translation.info import TranslationInfo
from studio.session.document import CURRENT, FULL, Document
from studio.session.samples import Sample, samples, source_of
from studio.session.source import StoredPicture
from widgets import choosers
from widgets.controller import Controller
from widgets.controls.elided import ElidedLabel
from widgets.controls.strip import PictureStrip
from widgets.style.theme import GRID, caption_font, picture_background
from widgets.translation import pictures
from widgets.wiring import heading, named_button, row

PREVIEW = 512
THUMB = 128


class Preview(QWidget):
    """The picture, as large as the panel allows."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(176)

    def set_image(self, image: QImage | None, words: str) -> None:
        """Show an image, or ``words`` where there is none."""
        self._image, self._words = image, words
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), picture_background())
        if self._image is None or self._image.isNull():
            painter.setFont(caption_font(self.font()))
            room = self.rect().adjusted(2 * GRID, GRID, -2 * GRID, -GRID)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.setPen(Qt.GlobalColor.white)
            painter.drawText(room, int(flags), self._words)
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(
            self.rect().adjusted(left, top, left + size.width() - self.width(),
                                 top + size.height() - self.height()),
            self._image,
        )  # fmt: skip


class PicturePanel(QWidget):
    """Follows the document; edits go through the controller.

    Signals:
        refused(sentence): a picture did not come in, and nothing has changed.
        folder_wanted(ref): draw a folder of pictures with that variant.
    """

    refused = Signal(str)
    folder_wanted = Signal(str)

    def __init__(self, controller: Controller, background: Callable[..., None]) -> None:
        super().__init__()
        self._controller = controller
        self._background = background
        self._info: TranslationInfo | None = None
        self._shown: StoredPicture | None = None
        self._samples: dict[str, Sample] = {}
        self._files: dict[str, Path] = {}
        self._asked = 0
        self.preview = Preview()
        self.name = ElidedLabel("")
        self.name.setFont(caption_font(self.name.font()))
        self.open = named_button(
            "open",
            self.tr("Open…"),
            self.tr("Open a picture file; it can also be dropped on the window"),
        )
        self.open.clicked.connect(lambda _=False: self._choose())
        self.paste = named_button(
            "paste", self.tr("Paste"), self.tr("Take the picture on the clipboard")
        )
        self.paste.clicked.connect(lambda _=False: self.paste_picture())
        self.strip = PictureStrip(removable=False)
        self.strip.setAccessibleName(self.tr("Recent pictures and samples"))
        self.strip.set_empty_text(self.tr("Pictures that you open appear here."))
        self.strip.activated.connect(self._chosen)
        self.folder = self._folder_button()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.preview)
        layout.addWidget(self.name)
        layout.addWidget(row(self.open, self.paste, self.folder))
        layout.addWidget(heading(self.tr("Recent and samples")))
        layout.addWidget(self.strip)

    def _folder_button(self) -> QToolButton:
        made = named_button(
            "folder",
            self.tr("Folder…"),
            self.tr("Draw every picture of a folder into another one"),
        )
        menu = QMenu(made)
        for ref, name in (
            (CURRENT, self.tr("With the current subnet…")),
            (FULL, self.tr("With full…")),
        ):
            menu.addAction(name).triggered.connect(
                lambda _=False, r=ref: self.folder_wanted.emit(r)
            )
        made.setMenu(menu)
        # The common arrow would stand on the text.
        made.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return made

    # ---- following -----------------------------------------------------------------------------

    def show_model(self, info: TranslationInfo) -> None:
        """Offer what a model can be tried with."""
        self._info = info
        self._list()

    def show_document(self, document: Document) -> None:
        """Show the picture of ``document``."""
        picture = document.source.picture
        if picture == self._shown and picture is not None:
            return
        self._shown = picture
        if picture is None:
            self.name.set_text("")
            self.preview.set_image(None, self.tr("Open a picture, paste one, or drop one here."))
            return
        size = f"{picture.width} \N{MULTIPLICATION SIGN} {picture.height}"
        self.name.set_text(self.tr("{name}, {size} px").format(name=picture.name, size=size))
        image = pictures.thumbnail(picture.data, PREVIEW)
        self.preview.set_image(image, self.tr("This picture cannot be shown."))
        here = next((k for k, s in self._samples.items() if s.path.name == picture.name), None)
        here = here or next((k for k, p in self._files.items() if p.name == picture.name), None)
        self.strip.set_current(here)

    def _list(self) -> None:
        """Fill the strip; its pictures are read on a thread."""
        assert self._info is not None
        self._files = {f"file {p}": p for p in pictures.recent() if p.is_file()}
        self._samples = {f"sample {s.path.name}": s for s in samples(self._info.config)}
        titles = {
            "lines": self.tr("lines {n}"),
            "clay": self.tr("clay {n}"),
            "labels": self.tr("labels {n}"),
        }
        entries = [(key, path.stem) for key, path in self._files.items()]
        counts: dict[str, int] = {}
        for key, sample in self._samples.items():
            counts[sample.form] = counts.get(sample.form, 0) + 1
            entries.append((key, titles[sample.form].format(n=counts[sample.form])))
        self.strip.set_items(entries)
        paths = self._files | {key: sample.path for key, sample in self._samples.items()}

        def read() -> dict[str, QImage]:
            found = {}
            for key, path in paths.items():
                try:
                    found[key] = pictures.thumbnail(path.read_bytes(), THUMB)
                except OSError:
                    continue  # it is gone: its place stays empty
            return found

        def show(found: dict[str, QImage] | None, _: object) -> None:
            for key, image in (found or {}).items():
                if not image.isNull():
                    self.strip.set_picture(key, image)

        self._background(read, show)

    # ---- bringing pictures in ------------------------------------------------------------------

    def take(self, path: Path) -> None:
        """Draw from a picture file."""
        if self._info is None:
            return
        self._asked += 1
        mine, config = self._asked, self._info.config

        def done(found: StoredPicture | None, error: MaquetteError | None) -> None:
            if mine != self._asked:
                return  # another one has been asked for meanwhile
            if found is None:
                self.refused.emit(str(error))
                return
            if not any(sample.path == path for sample in self._samples.values()):
                pictures.note(path)
            self._use(found)
            self._list()

        self._background(lambda: pictures.read_picture(path, config), done)

    def paste_picture(self) -> None:
        """Draw from the picture on the clipboard."""
        if self._info is None:
            return
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
        if self._info.config.takes_labels and image.format() not in pictures.NUMBERS:
            self.refused.emit(
                self.tr("This model takes a label map, and the clipboard holds colours.")
            )
            return
        self._use(pictures.stored(image, self.tr("clipboard")))

    def use_again(self, picture: StoredPicture) -> None:
        """Draw from a picture of the document again."""
        self._use(picture)

    def _use(self, picture: StoredPicture) -> None:
        assert self._info is not None
        before = self._controller.document.source
        found = source_of(picture, self._info.config, before)
        label = self.tr("Draw from {name}").format(name=picture.name)
        self._controller.set_source(
            label, None, kind=found.kind, picture=found.picture,
            width=found.width, height=found.height,
        )  # fmt: skip

    def _choose(self) -> None:
        path = choosers.open_picture(self)
        if path is not None:
            self.take(path)

    def _chosen(self, key: str) -> None:
        path = self._files.get(key)
        if path is None and key in self._samples:
            path = self._samples[key].path
        if path is not None:
            self.take(path)
