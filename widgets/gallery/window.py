"""The gallery: what was finished and saved, beside what is drawn now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from studio.errors import MaquetteError
from studio.session import gallery
from studio.session.gallery import GalleryItem
from widgets import choosers
from widgets.compare.layer import to_image
from widgets.controls.notice import NoticeBar
from widgets.gallery.files import copy_into, copy_to
from widgets.gallery.listing import PAD, THUMB, GalleryList, GalleryModel
from widgets.gallery.looking import GalleryView
from widgets.gallery.reading import Background, Reading, large_pixels
from widgets.style.theme import GRID

if TYPE_CHECKING:
    import numpy as np

COLUMNS = 3


class GalleryWindow(QDialog):
    """Signals: shown(); bring_back_wanted(path): draw again what made this picture."""

    shown = Signal()
    bring_back_wanted = Signal(object)

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setWindowTitle(self.tr("Gallery"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._background = background
        self._asked = 0
        self._removed: tuple[str, ...] = ()
        self._undo: Callable[[], object] | None = None
        self._reading = Reading(background, self)
        self.model = GalleryModel()
        self.model.setParent(self)
        self.list = GalleryList(self._reading)
        self.list.setModel(self.model)
        self.looking = GalleryView(background)
        self.notice = NoticeBar()
        self.count = QLabel()
        self._make_actions()
        self._arrange()
        self._reading.ready.connect(self.model.touched)
        self.list.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.list.bring_back_wished.connect(self.bring_back)
        self.list.menu_wished.connect(self._menu)
        self.notice.action_clicked.connect(self._act)
        self._choose()

    # ---- arrangement --------------------------------------------------------------------------

    def _make_actions(self) -> None:
        self.actions_: dict[str, QAction] = {}
        for name, text, keys, slot in (
            ("bring_back", self.tr("&Bring back"), "", self.bring_back),
            ("copy", self.tr("&Copy"), QKeySequence.StandardKey.Copy, self.copy),
            ("save_as", self.tr("Save &as…"), "", self.save_as),
            ("show", self.tr("Show in &folder"), "", self.show_in_folder),
            ("remove", self.tr("&Remove"), QKeySequence.StandardKey.Delete, self.remove),
            ("undo", self.tr("Undo"), QKeySequence.StandardKey.Undo, self.undo_removal),
        ):
            action = QAction(text, self)
            if keys:
                action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _=False, s=slot: s())
            self.addAction(action)
            self.actions_[name] = action
        tips = {
            "bring_back": self.tr("Draw it again: model, recipe, seed and sliders come back"),
            "remove": self.tr("Take it out of the gallery; the file itself stays"),
        }
        for name, tip in tips.items():
            self.actions_[name].setToolTip(tip)

    def _arrange(self) -> None:
        self.empty = QLabel()
        self.invite("")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        for side in (self._left(), self._right()):
            self.split.addWidget(side)
        self.split.setStretchFactor(0, 0)
        self.split.setStretchFactor(1, 1)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.split)
        self._pages.addWidget(self.empty)
        close = QPushButton(self.tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        end = QHBoxLayout()
        end.setSpacing(GRID)
        end.addWidget(self.count, 1)
        end.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(pages, 1)
        layout.addWidget(self.notice)
        layout.addLayout(end)
        room = self.screen().availableGeometry().size()
        wide = min(max(1120, room.width() * 3 // 5), room.width() - 4 * GRID)
        self.resize(wide, min(max(680, room.height() * 3 // 5), room.height() - 8 * GRID))
        left = COLUMNS * (THUMB + 2 * PAD) + 4 * GRID
        self.split.setSizes([left, max(1, self.width() - left)])

    def _left(self) -> QWidget:
        self.list.setMinimumWidth(2 * (THUMB + 2 * PAD) + 4 * GRID)
        return self.list

    def _right(self) -> QWidget:
        side = QWidget()
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        self.buttons: dict[str, QPushButton] = {}
        for name in ("bring_back", "copy", "save_as", "show", "remove"):
            action = self.actions_[name]
            button = QPushButton(action.text())
            button.setToolTip(action.toolTip())
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, a=action: a.trigger())
            self.buttons[name] = button
            foot.addWidget(button)
        foot.addStretch(1)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.looking, 1)
        layout.addLayout(foot)
        return side

    # ---- what is there ------------------------------------------------------------------------

    def offer(self) -> None:
        """Show it, with what was saved last."""
        self.refresh()
        self.show()
        self.shown.emit()
        self.raise_()
        self.activateWindow()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def invite(self, keys: str) -> None:
        """Say how to fill it; ``keys``: what finishes a picture in the main window, if anything."""
        self.empty.setText(
            self.tr("Press {keys} in the main window to finish a picture; it is kept here.").format(
                keys=keys
            )
            if keys
            else self.tr("Finish a picture in the main window; it is kept here.")
        )

    def refresh(self) -> None:
        """Look again what there is."""
        self._asked += 1
        mine = self._asked

        def look() -> tuple[list[GalleryItem], frozenset[str]]:
            items = gallery.load()
            return items, frozenset(item.id for item in items if not _there(item))

        def looked(found: object, error: MaquetteError | None) -> None:
            if error is not None:
                self.say(str(error), "error")
            elif mine == self._asked:
                assert isinstance(found, tuple)
                self._take(*found)

        self._background(look, looked)

    def _take(self, items: Sequence[GalleryItem], gone: frozenset[str]) -> None:
        chosen, newest = {item.id for item in self.list.chosen()}, self.model.items[:1]
        if self.model.set_items(items, gone):
            self._reselect(chosen, fresh=bool(items) and tuple(items[:1]) != newest)
            self._choose()
        self._pages.setCurrentWidget(self.split if items else self.empty)
        self._tell()

    def _reselect(self, chosen: set[str], *, fresh: bool) -> None:
        """Keep what was selected; what has just been saved, or else the first, is shown."""
        selection = self.list.selectionModel()
        rows = [row for row, item in enumerate(self.model.items) if item.id in chosen]
        if (fresh and len(rows) < 2) or not rows:
            rows = [0] if self.model.items else []
        flags = selection.SelectionFlag
        for number, row in enumerate(rows):
            if number == 0:
                selection.setCurrentIndex(self.model.index(row), flags.ClearAndSelect)
            else:
                selection.select(self.model.index(row), flags.Select)

    def _tell(self) -> None:
        count, chosen = len(self.model.items), len(self.list.chosen())
        if chosen > 1:
            text = self.tr("{n} of {all} selected").format(n=chosen, all=count)
        else:
            text = self.tr("Pictures: {n}").format(n=count)
        self.count.setText(text if count else "")

    def _choose(self) -> None:
        items = self.list.chosen()
        there = [item for item in items if item.id not in self.model.gone]
        wanted = {
            "bring_back": len(items) == 1 and items[0].known,
            "copy": bool(there),
            "save_as": bool(there),
            "show": len(there) == 1,
            "remove": bool(items),
            "undo": bool(self._removed),
        }
        for name, enabled in wanted.items():
            self.actions_[name].setEnabled(enabled)
            if name in self.buttons:
                self.buttons[name].setEnabled(enabled)
        self._tell()
        index = self.list.currentIndex()
        here = next(
            (i for i in items if index.isValid() and i == self.model.items[index.row()]), None
        )
        shown = here or (items[0] if items else None)
        self.looking.show_item(shown, gone=shown is not None and shown.id in self.model.gone)

    # ---- what one can do ----------------------------------------------------------------------

    def bring_back(self) -> None:
        """Draw the selected picture again, and go back to work. One whose file is gone has what
        made it in its small picture."""
        items = self.list.chosen()
        if len(items) == 1 and items[0].known:
            gone = items[0].id in self.model.gone
            path = gallery.thumbnail(items[0]) if gone else Path(items[0].path)
            self.close()
            self.bring_back_wanted.emit(path)

    def copy(self) -> None:
        """Put the selected pictures on the clipboard: as files, and one also as a picture."""
        items = self._there()
        if not items:
            return
        paths = [Path(item.path) for item in items]

        def done(pixels: np.ndarray | None, error: MaquetteError | None) -> None:
            mime = QMimeData()
            mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
            if pixels is not None:
                mime.setImageData(to_image(pixels))
            QGuiApplication.clipboard().setMimeData(mime)
            self.say(self.tr("Copied, pictures: {n}").format(n=len(paths)))

        self._background(lambda: large_pixels(paths[0]) if len(paths) == 1 else None, done)

    def save_as(self) -> None:
        """Copy the files of the selected pictures elsewhere."""
        paths = [Path(item.path) for item in self._there()]
        if not paths:
            return
        if len(paths) == 1:
            target = choosers.save_picture(
                self, choosers.unused(choosers.picture_folder() / paths[0].name)
            )
            if target is not None:
                to = target
                self._background(lambda: copy_to(paths[0], to), self._saved_to(to.parent))
            return
        folder = choosers.pictures_into(self)
        if folder is not None:
            into = folder
            self._background(lambda: copy_into(paths, into), self._saved_to(into))

    def _saved_to(self, folder: Path) -> Callable[[object, MaquetteError | None], None]:
        def done(_: object, error: MaquetteError | None) -> None:
            if error is not None:
                self.say(str(error), "error")
            else:
                text = self.tr("Saved in {folder}").format(folder=folder.name or str(folder))
                self.say(text, action=self.tr("Show in folder"), do=lambda: _open(folder))

        return done

    def show_in_folder(self) -> None:
        """Open the folder of the selected picture."""
        items = self._there()
        if len(items) == 1:
            _open(Path(items[0].path).parent)

    def remove(self) -> None:
        """Take the selected pictures out; undone by the button that appears, or Ctrl+Z."""
        ids = tuple(item.id for item in self.list.chosen())
        if not ids:
            return
        rows = [row for row, item in enumerate(self.model.items) if item.id in ids]
        left = [item for item in self.model.items if item.id not in ids]
        after = left[min(rows[0], len(left) - 1)].id if left else ""

        def done(_: object, error: MaquetteError | None) -> None:
            self._removed = ids
            self._asked += 1  # an older look would bring them back
            self.model.set_items(left, self.model.gone - set(ids))
            self._reselect({after}, fresh=False)
            self._choose()
            self._pages.setCurrentWidget(self.split if left else self.empty)
            self.say(
                self.tr("Removed from the gallery, pictures: {n}. The files stay.").format(
                    n=len(ids)
                ),
                action=self.tr("Undo"),
                do=self.undo_removal,
            )

        self._background(lambda: gallery.remove(ids), done)

    def undo_removal(self) -> None:
        """Put back what was removed last."""
        ids, self._removed = self._removed, ()
        if ids:
            self.notice.clear()
            self._background(lambda: gallery.restore(ids), lambda *_: self.refresh())

    def _there(self) -> list[GalleryItem]:
        return [item for item in self.list.chosen() if item.id not in self.model.gone]

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("gallery menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ("bring_back", "copy", "save_as", "show"):
            menu.addAction(self.actions_[name])
        menu.addSeparator()
        menu.addAction(self.actions_["remove"])
        menu.popup(at)

    def say(
        self,
        sentence: str,
        severity: str = "info",
        *,
        action: str | None = None,
        do: Callable[[], object] | None = None,
    ) -> None:
        """Show a sentence below the pictures."""
        self._undo = do
        self.notice.set(sentence, "", severity, action)

    def _act(self) -> None:
        do, self._undo = self._undo, None
        self.notice.clear()
        if do is not None:
            do()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Files may have been moved while another window was in front.
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.refresh()


def _there(item: GalleryItem) -> bool:
    try:
        return Path(item.path).is_file()
    except OSError:
        return False


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
