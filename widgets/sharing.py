"""Taking what is on show elsewhere, and back: as a command, as a picture, from a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QMenu

from studio import places
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.session.document import NO_STEPS, Document, ModelRef
from studio.session.picture_record import PictureRecord, drawn_from, model_files, read_record
from studio.session.source import Source, StoredPicture
from widgets import saving
from widgets.compare.layer import to_image
from widgets.translation.pictures import is_picture, pixel_size, recent

if TYPE_CHECKING:
    from studio.recipes.registry import Registry
    from widgets.main_window import MainWindow


THUMB = 96
MOST_DRAGGED = 16  # files of pictures that were dragged out; whoever took one may still read it


def _dragged_folder() -> Path:
    """Where dragged pictures lie, with no more than the newest left in it.

    Raises:
        OSError: it cannot be made or read.
    """
    folder = places.cache_dir() / "dragged"
    folder.mkdir(exist_ok=True)
    files = sorted(folder.glob("*.png"), key=lambda path: path.stat().st_mtime)
    for old in files[: -MOST_DRAGGED + 1]:
        old.unlink(missing_ok=True)
    return folder


class Sharing(QObject):
    """Connects the actions of a window that share what it shows."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._controller = window.controller
        self._taken: Source | None = None  # what the picture that is brought back was drawn from
        actions = window.actions_
        actions.connect_to("copy_picture", self.copy_picture)
        window.view.canvas.menu_wanted.connect(self._menu)
        window.view.canvas.drag_out_wanted.connect(self.drag_out)

    # ---- out ----------------------------------------------------------------------------------

    def copy_picture(self, side: str = "") -> None:
        """Put the picture of a side on the clipboard: the one that is seen alone, else B."""
        side = side or self._side()
        pixels = self._window.app.renderer.pixels(side)
        if pixels is None:
            return
        QGuiApplication.clipboard().setImage(to_image(pixels))
        self._window.notices.say(self.tr("The picture of side {side} is copied.").format(side=side))

    def drag_out(self, side: str) -> None:
        """Let the user drop the picture of a side elsewhere: as a PNG file, or as a picture."""
        app, document = self._window.app, self._controller.document
        shown = saving.one(app.renderer, document, side, app.baking.made_by)
        if shown is None or shown.b is None:
            return
        try:
            path = _dragged_folder() / shown.name
            saving.write(shown, path)
        except (MaquetteError, OSError) as error:
            self._window.notices.error(str(error))
            return
        image = to_image(shown.b)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        mime.setImageData(image)
        drag = QDrag(self._window.view.canvas)
        drag.setMimeData(mime)
        small = image.scaled(THUMB, THUMB, Qt.AspectRatioMode.KeepAspectRatio)
        drag.setPixmap(QPixmap.fromImage(small))
        drag.exec(Qt.DropAction.CopyAction)

    def _side(self) -> str:
        """The side that is seen alone; B where both are seen."""
        return "A" if self._controller.document.view.mode == "full" else "B"

    def _menu(self, at: QPoint, side: str) -> None:
        if self._controller.info is None:
            return
        menu, actions = QMenu(self._window), self._window.actions_
        menu.setObjectName("picture menu")
        chosen = side or self._side()
        copying = self._window.copying
        for name, do in (
            ("copy_picture", self.copy_picture),
            ("copy_render", copying.copy_picture),
        ):
            entry = menu.addAction(actions[name].icon(), actions[name].text())
            entry.setObjectName(f"menu {name}")
            entry.triggered.connect(lambda _=False, do=do: do(chosen))
        menu.addAction(actions["copy_compare"])
        menu.addSeparator()
        menu.addAction(actions["save_shown"])
        menu.addAction(actions["finish"])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    # ---- back ---------------------------------------------------------------------------------

    def bring_back(self, path: Path, wanted: Callable[[], bool]) -> None:
        """Draw again what a saved picture says of itself: model, seed, sliders, subnet.

        Nothing changes when it is no picture of Maquette's, or its model is gone or another one.

        Args:
            wanted: asked when a step is done; False when something else is wanted meanwhile.
        """

        present = self._controller.document.model
        source, opened_last = self._controller.document.source, recent()

        def look() -> tuple[PictureRecord, tuple[Path, ...]]:
            record = read_record(path)
            self._taken = found_source(record, path, source, opened_last)
            return record, model_files(record, path, present)

        def looked(
            found: tuple[PictureRecord, tuple[Path, ...]] | None, error: MaquetteError | None
        ) -> None:
            if not wanted():
                return
            if found is None:
                self._window.notices.error(str(error))
                return
            record, files = found
            open_now = self._controller.working_on()
            if open_now is not None and record.is_of(open_now[0]):
                self._use(path, record, *open_now, wanted)
            else:
                self._open(path, record, list(files), wanted, seen=False)

        self._window.app.bridge.background(look, looked)

    def _open(
        self,
        path: Path,
        record: PictureRecord,
        files: list[Path],
        wanted: Callable[[], bool],
        *,
        seen: bool,
    ) -> None:
        """Open the first of ``files`` that is the model; ``seen``: others were not."""
        if not files:
            text = (
                self.tr("{model} has changed since {picture} was made; nothing was brought back.")
                if seen
                else self.tr(
                    "{picture} was made with {model}, which is not found; put it beside the "
                    "picture and drop that again."
                )
            )
            model = record.file or record.model
            self._window.notices.error(text.format(model=model, picture=path.name))
            return

        def opened(info: ModelInfo, ref: ModelRef) -> None:
            if not wanted():
                return
            if record.is_of(info):
                self._use(path, record, info, ref, wanted)
            else:
                self._open(path, record, files[1:], wanted, seen=True)

        now = self._controller.info
        self._window.app.opening.open(files[0], opened, keep="" if now is None else now.key)

    def _use(
        self,
        path: Path,
        record: PictureRecord,
        info: ModelInfo,
        ref: ModelRef,
        wanted: Callable[[], bool],
    ) -> None:
        try:
            record.check_fit(info)
        except (MaquetteError, ValueError) as error:
            self._window.notices.error(
                self.tr("{picture} does not fit its model: {why}").format(
                    picture=path.name, why=error
                )
            )
            return

        if not (record.recipe or record.current_recipe):
            empty = record.current_recipe is not None
            self._draw(
                path, record, info, ref, lambda d: replace(d, recipe=NO_STEPS) if empty else d
            )
            return

        def known(registry: Registry) -> None:
            from studio.session.recipes import brought_back

            if not wanted():
                return
            document = self._controller.document
            taken, why = brought_back(record, registry, info, document.next_id)
            self._draw(path, record, info, ref, taken.into, why)
            self._window.app.baking.bring(self._controller.document)

        self._window.app.techniques.want(known)

    def _draw(
        self,
        path: Path,
        record: PictureRecord,
        info: ModelInfo,
        ref: ModelRef,
        steps: Callable[[Document], Document],
        missing: str = "",
    ) -> None:
        """Draw what a picture drew.

        Args:
            steps: gives a document the recipe. missing: why it is not that of the picture.
        """

        def again(document: Document) -> Document:
            subnet = record.sliders() or document.subnet
            if record.picture is not None:
                begun = replace(document, subnet=subnet)
                if source is not None:
                    size = {"width": record.picture.width, "height": record.picture.height}
                    begun = replace(begun, source=replace(source, **size))
            else:
                begun = replace(document, inputs=record.inputs, subnet=subnet)
            return steps(begun).with_strip_at_seed()

        controller, source = self._controller, self._taken
        label = self.tr("Bring back {name}").format(name=path.name)
        if controller.info is not None and controller.info.key == info.key:
            controller.edit(label, again(controller.document))
        else:
            first = controller.document.model is None
            controller.use_model(info, ref, first=first, label=label, begin=again)
        if missing:
            text = self.tr("{name} is back without its recipe: {why}")
            self._window.notices.say(text.format(name=path.name, why=missing), "warning")
            return
        if record.picture is not None:
            self._say_picture(path, source)
            return
        self._window.notices.say(
            self.tr("{name} is back: seed {seed}.").format(name=path.name, seed=record.inputs.seed)
        )

    def _say_picture(self, path: Path, source: Source | None) -> None:
        """Say what is back of a picture that was drawn from another one."""
        if source is None:
            text = self.tr(
                "{name} is back without the picture it was drawn from, which is not found; put "
                "that beside it and drop it again."
            )
            self._window.notices.say(text.format(name=path.name), "warning")
            return
        taken = source.picture if source.kind == "picture" else None
        what = self.tr("the drawing") if taken is None else taken.name
        self._window.notices.say(
            self.tr("{name} is back, drawn from {picture}.").format(name=path.name, picture=what)
        )


def found_source(
    record: PictureRecord, path: Path, present: Source, opened_last: Sequence[Path]
) -> Source | None:
    """What a picture was drawn from: the present picture or drawing, what came along, a sample, a
    picture that was opened last, or one beside ``path``; None where it is nowhere. Reads files."""
    taken = record.picture
    if taken is None:
        return None
    if present.drawing is not None:
        from studio.session.raster import png

        if taken.is_of(png(present.drawing)):
            return replace(present, kind="drawing")
    if present.picture is not None and taken.is_of(present.picture.data):
        return replace(present, kind="picture")
    samples = sorted((places.assets_dir() / "samples").glob("*.png"))
    beside = sorted(each for each in path.parent.iterdir() if is_picture(each))
    found = drawn_from(taken, [*samples, *opened_last, *beside])
    if found is None:
        return None
    name, data = found
    size = pixel_size(data)
    return None if size is None else Source("picture", StoredPicture.of(name, *size, data))
