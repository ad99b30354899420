"""The main window: puts the panels around the pictures and connects them to the app."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QVBoxLayout, QWidget

from studio.session.document import Document
from widgets import docks, menus, side_captions
from widgets.actions import Actions
from widgets.app import App
from widgets.blind import opening as blind
from widgets.bottom_panel import BottomPanel
from widgets.commands import Commands
from widgets.compare.view import CompareView, Mode
from widgets.controls.notice import NoticeBar
from widgets.copying import Copying
from widgets.devices import opening as devices
from widgets.diagnostics import opening as diagnostics
from widgets.diffusion.error_curve import ErrorCurve
from widgets.elsewhere.places import drawn_here
from widgets.export import opening as exporting
from widgets.family_sides import FamilySides
from widgets.family_words import greyed
from widgets.frontier.hover import HoverPictures
from widgets.gallery import opening as galleries
from widgets.gan_compression import opening as compressing
from widgets.grid import opening as grids
from widgets.layers import opening as layers
from widgets.left_panel import LeftPanel
from widgets.memory import MemoryMeter
from widgets.notices import Notices
from widgets.overlay import Overlay
from widgets.preferences import opening as preferences
from widgets.recent_menu import RecentMenu
from widgets.recipes.editing import RecipeEditing
from widgets.recipes.header import RecipeHeader
from widgets.recipes.stack import RecipeStack
from widgets.recovery import opening as recovery
from widgets.reports import Reports
from widgets.runtime_card import RuntimeCard
from widgets.scene import DIFFUSION, TRANSLATION
from widgets.sharing import Sharing
from widgets.shortcuts import KeyRules
from widgets.status_bar import StatusBar
from widgets.subnet_panel import SubnetPanel
from widgets.sweep import opening as sweeping
from widgets.toolbar import Toolbar
from widgets.training.opening import opened_by
from widgets.wiring import SidePanel

if TYPE_CHECKING:
    from widgets.blind.dialog import BlindTest
    from widgets.devices.dialog import DevicesDialog
    from widgets.diagnostics.dialog import DiagnosticsDialog
    from widgets.diagnostics.log_window import LogWindow
    from widgets.diffusion.panel import DiffusionPanel
    from widgets.export.bundle_window import BundleWindow
    from widgets.export.export_window import ExportWindow
    from widgets.frontier.points import Point
    from widgets.gallery.window import GalleryWindow
    from widgets.gan_compression.window import GanCompressionWindow
    from widgets.grid.dialog import GridDialog
    from widgets.layers.dialog import LayersDialog
    from widgets.preferences.dialog import PreferencesDialog
    from widgets.recovery.dialog import UnsavedWork
    from widgets.sweep.dialog import SweepDialog
    from widgets.training.elastic_window import ElasticWindow
    from widgets.translation.panel import TranslationPanel

NUMBERS_MS = 40
TITLE_BAR = 32


class MainWindow(QMainWindow):
    """Shows the document of ``app``. Every change goes through its controller."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.controller = app.controller
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.actions_ = Actions(self, app.preferences)
        self.recents = RecentMenu(self)
        self.copy_menu = QMenu(self.tr("Copy &as command"), self)
        self.copy_menu.setObjectName("copy as command")
        menus.fill(self, self.actions_, self.recents, self.copy_menu)
        self.toolbar = Toolbar(self.actions_, self.recents, self)
        self.addToolBar(self.toolbar)
        self.view = CompareView()
        self.view.setObjectName("compare")
        self.errors = ErrorCurve(self.app.step_errors)
        self.notice = NoticeBar()
        self.notice.setObjectName("notice")
        self.left = LeftPanel(self.controller, self.actions_, app.thumbnails)
        makers = {TRANSLATION: self._make_translation, DIFFUSION: self._make_diffusion}
        self.sides = FamilySides(self.left, makers)
        self.right = SubnetPanel(self.controller, self.actions_)
        self.runs = RuntimeCard(self.controller, app.devices, app.compiling)
        self.recipe = RecipeEditing(self.controller, app.techniques, app.bridge.background, self)
        self.stack = RecipeStack(
            self.controller, app.techniques, app.baking, self.recipe, app.scanning, app.curves
        )
        self.recipe_menu = RecipeHeader(self.recipe, lambda path: self.notices.saved(path))
        self.right.add_above(self.recipe_menu)
        self.right.add(self.stack)
        self.right.add(self.runs)
        self.hover = HoverPictures(self.controller, app.hovering, self)
        self.bottom = BottomPanel(self.actions_, self.hover.picture)
        self.status = StatusBar(self)
        self.setStatusBar(self.status)
        self._preferences: PreferencesDialog | None = None
        self._unsaved: UnsavedWork | None = None
        self._devices: DevicesDialog | None = None
        self._log: LogWindow | None = None
        self._diagnostics: DiagnosticsDialog | None = None
        self._elastic: ElasticWindow | None = None
        self._compression: GanCompressionWindow | None = None
        self._sweep: SweepDialog | None = None
        self._blind: BlindTest | None = None
        self._export: ExportWindow | None = None
        self._bundle: BundleWindow | None = None
        self._gallery: GalleryWindow | None = None
        self._grid: GridDialog | None = None
        self._layers: LayersDialog | None = None
        self._place()
        self.notices = Notices(self.notice, app, self)
        self.commands = Commands(self)
        self.copying = Copying(self)
        self.sharing = Sharing(self)
        self.reports = Reports(self)
        preferences.follow(self)
        self.memory = MemoryMeter(self)
        self._numbers = QTimer(self, singleShot=True, interval=NUMBERS_MS)
        self._numbers.timeout.connect(self._show_numbers)
        self._stale = {"A": False, "B": False, "difference": False}
        self._bottom_state: tuple[bool, int] = (True, 0)
        self._rules = KeyRules(self)
        QApplication.instance().installEventFilter(self._rules)
        self._connect()
        # The layout of last time may have the bottom closed.
        self.controller.look(bottom_open=not self.docks.bottom.isHidden())
        self._show_document(self.controller.document)
        self._show_model(None)

    # ---- arrangement --------------------------------------------------------------------------

    def _place(self) -> None:
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.errors)
        Overlay(self.notice, self.view)
        self.setCentralWidget(middle)
        self.docks = docks.Docks(self)
        self.resize(self._first_size())
        self.docks.fill(SidePanel(self.sides), SidePanel(self.right), self.bottom)
        self.docks.restore()

    def _first_size(self) -> QSize:
        """1280 x 800 or three quarters of a larger screen, as far as there is room."""
        room = self.screen().availableGeometry().size()
        wide = min(max(1280, room.width() * 3 // 4), room.width())
        high = min(max(800, room.height() * 3 // 4), room.height() - TITLE_BAR)
        return QSize(wide, high)

    def _connect(self) -> None:
        app, controller, renderer = self.app, self.controller, self.app.renderer
        controller.changed.connect(self._show_document)
        controller.model_changed.connect(self._show_model)
        controller.refused.connect(lambda sentence: self.notices.say(sentence, "warning"))
        renderer.picture_ready.connect(self._set_picture)
        app.walking.frame.connect(self.view.set_picture)
        app.walking.stopped.connect(lambda side: self._set_picture(side, renderer.pixels(side)))
        renderer.stale_changed.connect(self._set_stale)
        renderer.difference_ready.connect(self.view.set_difference)
        renderer.difference_stale.connect(lambda stale: self._set_stale("difference", stale))
        renderer.numbers_changed.connect(self._numbers_soon)
        app.compiling.noticed.connect(lambda sentence: self.notices.say(sentence, "warning"))
        renderer.failed.connect(lambda sentence, details: self.notices.error(sentence, details))
        self.view.view_changed.connect(self._looked)
        self.view.divider_released.connect(lambda at: controller.look(divider=at))
        self.view.empty_action.connect(self.commands.open)
        self.toolbar.side_chosen.connect(self._choose_side)
        self.bottom.side_chosen.connect(self._choose_side)
        self.bottom.point_chosen.connect(self._choose_point)
        self.bottom.current_wanted.connect(controller.make_current)
        self.bottom.choice_wanted.connect(lambda choice: controller.set_subnet(choice, None))
        self.bottom.unkeep_wanted.connect(controller.unkeep)
        self.bottom.measure_wanted.connect(self.commands.measure)
        self.bottom.export_wanted.connect(lambda ref: exporting.offer(self, ref))
        self.bottom.forget_wanted.connect(controller.forget_measurement)
        self.bottom.command_wanted.connect(self.copying.copy_row)
        self.copying.offer_at(self.stack.apply, "apply")
        self.copying.offer_at(self.left.section.found_fold.header, "directions")
        self.copying.add_to(self.right.menu, "sort")
        self.recipe_menu.add_command(lambda menu: self.copying.add_to(menu, "apply"))
        self.stack.command_wanted.connect(lambda: self.copying.copy("scan"))
        self.bottom.layers_wanted.connect(lambda ref, target: layers.offer(self, ref, target))
        self.stack.layers_wanted.connect(lambda: layers.offer(self))
        self.right.sort_wanted.connect(self.commands.sort)
        self.right.order_wanted.connect(lambda: self.recipe.order_denoiser(app.baking.apply))
        self.right.recalibrate_wanted.connect(lambda: self.recipe.recalibrate(app.baking.apply))
        self.docks.bottom.visibilityChanged.connect(self._bottom_shown)
        app.opening.busy_changed.connect(self._show_empty)
        app.engine_ready.connect(self.status.set_device)
        app.jobs.progressed.connect(self.status.show_job)
        app.jobs.ended.connect(self.status.end_job)
        self.memory.measured.connect(self.status.set_memory)
        self.memory.start()

    @property
    def elastic(self) -> ElasticWindow:
        """The window that makes a model elastic, made when it is first asked for."""
        if self._elastic is None:
            self._elastic = opened_by(self)
        return self._elastic

    @property
    def compression(self) -> GanCompressionWindow:
        """The window of GAN Compression, made when it is first asked for."""
        if self._compression is None:
            self._compression = compressing.opened_by(self)
        return self._compression

    def _make_translation(self) -> TranslationPanel:
        """The left side of the translation family, made when a model of it is first opened."""
        from widgets.translation.panel import TranslationPanel

        made = TranslationPanel(self.controller, self.app.bridge.background)
        made.refused.connect(lambda sentence: self.notices.say(sentence, "warning"))
        made.answered.connect(self.commands.answer)
        made.folder_wanted.connect(self.commands.draw_folder)
        return made

    def _make_diffusion(self) -> DiffusionPanel:
        """The left side of the diffusion family, made when a pipeline is first opened."""
        from widgets.diffusion.panel import DiffusionPanel

        app = self.app
        made = DiffusionPanel(
            self.controller, self.actions_, app.reading, app.renderer, app.bridge.background,
            app.thumbnails,
        )  # fmt: skip
        made.refused.connect(lambda sentence: self.notices.say(sentence, "warning"))
        return made

    @property
    def preferences(self) -> PreferencesDialog:
        """The preferences, with the list of keys; made when first asked for, as all that follow."""
        if self._preferences is None:
            self._preferences = preferences.opened_by(self)
        return self._preferences

    @property
    def unsaved(self) -> UnsavedWork:
        """The list of what earlier runs left unsaved."""
        if self._unsaved is None:
            self._unsaved = recovery.opened_by(self)
        return self._unsaved

    @property
    def devices(self) -> DevicesDialog:
        """What runs networks on this computer."""
        if self._devices is None:
            self._devices = devices.opened_by(self)
        return self._devices

    @property
    def log(self) -> LogWindow:
        """What has happened, in sentences."""
        if self._log is None:
            self._log = diagnostics.log_of(self)
        return self._log

    @property
    def diagnostics(self) -> DiagnosticsDialog:
        """What goes with a report of a mistake."""
        if self._diagnostics is None:
            self._diagnostics = diagnostics.opened_by(self)
        return self._diagnostics

    @property
    def sweep(self) -> SweepDialog:
        """Makes and measures a batch of variants."""
        if self._sweep is None:
            self._sweep = sweeping.opened_by(self)
        return self._sweep

    @property
    def blind(self) -> BlindTest:
        """Asks whether one can tell a variant from full."""
        if self._blind is None:
            self._blind = blind.opened_by(self)
        return self._blind

    @property
    def export(self) -> ExportWindow:
        """Writes the model, or variants of it, into a folder that runs without this app."""
        if self._export is None:
            self._export = exporting.opened_by(self)
        return self._export

    @property
    def bundle(self) -> BundleWindow:
        """Shows and verifies such a folder."""
        if self._bundle is None:
            self._bundle = exporting.bundle_of(self)
        return self._bundle

    @property
    def gallery(self) -> GalleryWindow:
        """What was finished and saved."""
        if self._gallery is None:
            self._gallery = galleries.opened_by(self)
        return self._gallery

    @property
    def grid(self) -> GridDialog:
        """Several variants at once."""
        if self._grid is None:
            self._grid = grids.opened_by(self)
        return self._grid

    @property
    def layers(self) -> LayersDialog:
        """A variant layer by layer."""
        if self._layers is None:
            self._layers = layers.opened_by(self)
        return self._layers

    # ---- the document -------------------------------------------------------------------------

    def _show_document(self, document: Document) -> None:
        self.toolbar.show_document(document)
        self.sides.show_document(document)
        self.right.show_document(document)
        self.stack.show_document(document)
        self.runs.show_document(document)
        self.app.thumbnails.show(document, self.controller.info)
        self._show_view(document)
        history = self.controller.history
        for name, label in (("undo", history.undo_label), ("redo", history.redo_label)):
            action = self.actions_[name]
            action.setEnabled(label is not None)
            word = self.tr("Undo") if name == "undo" else self.tr("Redo")
            text = f"{word}: {label}" if label else word
            action.setText(text.replace("&", "&&"))  # one in a name is no mnemonic
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{text} ({keys})")
        self.commands.update_title()
        self.app.walking.follow(document, self.controller.info)
        self._numbers_soon()

    def _show_view(self, document: Document) -> None:
        view = document.view
        self.view.set_mode(Mode(view.mode))
        self.view.set_smooth(view.smooth)
        if view.divider != self.view.divider():
            self.view.set_divider(view.divider)
        if view.zoom is None:
            if not self.view.is_fitted():
                self.view.fit()
        elif self.view.is_fitted() or view.zoom != self._look[0] or view.centre != self._look[1]:
            self.view.set_view(view.zoom, *view.centre)
        bottom = (view.bottom_open, view.bottom_height)
        if bottom != self._bottom_state:
            self._bottom_state = bottom
            self.docks.set_bottom(*bottom)
        self.actions_["bottom"].setChecked(view.bottom_open)

    _look: tuple[float, tuple[float, float]] = (0.0, (0.5, 0.5))

    def _set_picture(self, side: str, pixels: Any) -> None:
        # While a walk is on show, what stands still waits behind it.
        if not self.app.walking.holds(side):
            self.view.set_picture(side, pixels)

    def _set_stale(self, what: str, stale: bool) -> None:
        # The difference has no line of its own: it is behind when side B or the map is.
        self._stale[what] = stale
        self.view.set_stale("A", self._stale["A"])
        self.view.set_stale("B", self._stale["B"] or self._stale["difference"])

    def _looked(self, zoom: float, x: float, y: float) -> None:
        self._look = (zoom, (x, y))
        if self.view.is_fitted():
            self.controller.look(zoom=None, centre=(0.5, 0.5))
        else:
            self.controller.look(zoom=zoom, centre=(x, y))

    def _show_model(self, info: Any) -> None:
        self.sides.show_model(info)
        self.right.show_model(info)
        self.stack.show_model(info)
        self._show_empty("")
        for name in (
            "finish",
            "finish_as",
            "finish_pins",
            "save_shown",
            "new_seed",
            "pin",
            "play_walk",
            "save_walk",
            "keep",
            "measure",
            "sweep",
            "blind_test",
            "grid",
            "layers",
            "save_table",
            "copy_table",
            "make_elastic",
            "copy_picture",
            "copy_render",
            "copy_compare",
            "report",
            "export",
        ):
            why = "" if info is None else greyed(name, info.family)
            self.actions_[name].setEnabled(info is not None and not why)
            self.actions_.explain(name, why)
        self.copy_menu.setEnabled(info is not None)
        self.commands.update_title()

    def _show_empty(self, opening: str) -> None:
        """What stands where no picture is: what is being opened, or the offer to open something."""
        if opening:
            self.view.set_empty(self.tr("Opening {name}").format(name=opening))
        elif self.controller.info is None:
            self.view.set_empty(self.tr("Open a model, or drop one here."), self.tr("Open…"))
        else:
            self.view.set_empty(self.tr("Drawing the first picture"))

    def _choose_side(self, side: str, ref: str) -> None:
        label = self.tr("Show on side {side}").format(side=side)
        self.controller.set_view(label, **{f"side_{side.lower()}": ref})

    def _choose_point(self, side: str, point: Point) -> None:
        target = drawn_here(point.target) if point.measured else None
        self.controller.show_point(side, point.ref, target)

    def _numbers_soon(self) -> None:
        if not self._numbers.isActive():
            self._numbers.start()

    def _show_numbers(self) -> None:
        document, renderer = self.controller.document, self.app.renderer
        side_captions.show(self.view, document, renderer)
        if self.docks.bottom.isVisible():
            self.bottom.show_numbers(document, self.controller.info, renderer)

    # ---- the bottom ---------------------------------------------------------------------------

    def toggle_bottom(self) -> None:
        """Open or close what it costs; the height is kept."""
        opened = self.docks.bottom.isHidden()
        height = self.docks.bottom.height() if not opened else 0
        fields: dict[str, Any] = {"bottom_open": opened}
        if height:
            fields["bottom_height"] = height
        self.controller.look(**fields)

    def _bottom_shown(self, shown: bool) -> None:
        if shown:
            self._numbers_soon()

    def reset_layout(self) -> None:
        """All panels back to where they come."""
        self.docks.reset()
        self._bottom_state = (True, 0)
        self.controller.look(bottom_open=True, bottom_height=0)

    # ---- files and the end --------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # A picture on its way out of this window is no file to open here.
        out = event.source() is self.view.canvas
        if not out and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.commands.open_path(Path(paths[0]))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self.docks.lift)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.docks.remember()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        QApplication.instance().removeEventFilter(self._rules)
        self._numbers.stop()
        for extra in (
            self._preferences,
            self._unsaved,
            self._devices,
            self._log,
            self._diagnostics,
            self._sweep,
            self._blind,
            self._export,
            self._bundle,
            self._gallery,
            self._grid,
            self._layers,
        ):
            if extra is not None:
                extra.close()
        # Ending the processes takes a moment, which nobody needs to watch.
        self.hide()
        self.memory.close()
        self.app.close()
        super().closeEvent(event)
