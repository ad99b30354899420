"""What the commands of the window do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from studio.engine.job_messages import BakedFile, FolderJob, JobDone, JobFailed
from studio.engine.messages import Finished, RenderSpec
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.families.png_text import is_png, png_text
from studio.fidelity.domain import judged
from studio.runtimes.host import host_name
from studio.session.document import CURRENT, FULL, ModelRef
from studio.session.picture_record import drawn_from_picture
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import METADATA_KEY
from widgets import choosers, saving
from widgets.captions import side_name
from widgets.elsewhere.found import ref_of
from widgets.elsewhere.importing import import_measurement
from widgets.expected import Expected
from widgets.export import opening as exporting
from widgets.family_words import not_yet
from widgets.finishing import model_stem
from widgets.gan_compression import opening as compressing
from widgets.layers import opening as layers
from widgets.measuring import Extras, by_target
from widgets.opening import is_bundle, is_session, kind_of_json
from widgets.scene import Drawn, drawn_by, suited, wanted_inputs
from widgets.status_bar import FINISH, LOADING
from widgets.style.theme import icon
from widgets.table_text import csv_text, write_text
from widgets.translation.pictures import is_picture
from widgets.variant_rows import by_choice

if TYPE_CHECKING:
    from widgets.frontier.points import Y
    from widgets.main_window import MainWindow


def _of_maquette(path: Path) -> bool:
    """Whether a picture says what made it."""
    if not is_png(path):
        return False
    try:
        return png_text(path, METADATA_KEY) is not None
    except MaquetteError:
        return False


class Commands(QObject):
    """Connects every action of a window to the app."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._app = window.app
        self._controller = window.controller
        self._asked = 0
        self._expected = Expected(window.status, self)
        controller, view, actions = window.controller, window.view, window.actions_
        for name, slot in {
            "open": self.open,
            "open_folder": self.open_folder,
            "save": self.save,
            "save_as": self.save_as,
            "save_shown": self.save_shown,
            "finish": lambda: self.finish(ask=False),
            "finish_as": lambda: self.finish(ask=True),
            "finish_pins": self.finish_pins,
            "quit": window.close,
            "undo": controller.undo,
            "redo": controller.redo,
            "new_seed": controller.new_seed,
            "stop_drawing": self.stop_drawing,
            "pin": controller.pin,
            "play_walk": self.play_walk,
            "save_walk": self.save_walk,
            "keep": controller.keep,
            "measure": self.measure,
            "sweep": self.sweep,
            "blind_test": self.blind_test,
            "grid": self.grid,
            "gallery": lambda: window.gallery.offer(),
            "layers": self.layers,
            "save_table": self.save_table,
            "copy_table": self.copy_table,
            "make_elastic": self.make_elastic,
            "gan_compression": lambda: compressing.offer(window),
            "export": lambda: exporting.offer(window),
            "verify_bundle": lambda: exporting.ask_for_bundle(window),
            "swap": controller.swap,
            "fit": view.fit,
            "actual_size": view.actual_size,
            "smooth": self._smooth,
            "bottom": window.toggle_bottom,
            "reset_layout": window.reset_layout,
            "preferences": lambda: window.preferences.offer(),
            "keys": lambda: window.preferences.offer(window.preferences.keys),
            "unsaved": lambda: window.unsaved.offer(),
            "devices": lambda: window.devices.offer(),
            "log": lambda: window.log.offer(),
            "diagnostics": lambda: window.diagnostics.offer(),
        }.items():
            actions.connect_to(name, self._guarded(name, slot))
        for mode in ("full", "current", "side", "wipe", "blink", "difference"):
            actions.connect_to(f"mode_{mode}", lambda m=mode: self._mode(m))
        window.notices.unsaved_wanted.connect(lambda: window.unsaved.offer())
        window.recents.chosen.connect(self.open_path)
        controller.model_wanted.connect(self._reopen)
        app = self._app
        app.opening.loading.connect(self._loading)
        app.finishing.started.connect(self._finishing)
        app.finishing.ended.connect(lambda: self._expected.end(FINISH))
        app.finishing.finished.connect(self._finished)
        app.measuring.measured.connect(controller.add_measurements)
        app.preferences.changed.connect(lambda *_: self._offer_weighted())
        self._offer_weighted()
        app.walking.playing_changed.connect(self._walk_changed)
        app.sessions.path_changed.connect(lambda _: self.update_title())
        window.status.cancel_clicked.connect(self._cancel)

    def _guarded(self, name: str, slot: Callable[[], object]) -> Callable[[], object]:
        """``slot``, or the sentence why a command has nothing to do for the family on show."""

        def run() -> object:
            info = self._controller.info
            why = "" if info is None else not_yet(name, info.family)
            return self._window.notices.say(why) if why else slot()

        return run

    # ---- opening ------------------------------------------------------------------------------

    def open(self) -> None:
        """Ask for a file and open it."""
        path = choosers.open_file(self._window)
        if path is not None:
            self.open_path(path)

    def open_folder(self) -> None:
        """Ask for the folder of a pipeline, or of a bundle, and open it."""
        path = choosers.open_folder(self._window)
        if path is not None:
            self.open_path(path)

    def stop_drawing(self) -> None:
        """Stop what is being drawn step by step, or go on with what was stopped."""
        renderer = self._app.renderer
        if renderer.drawing:
            renderer.stop()
        else:
            renderer.resume()

    def open_path(self, path: Path) -> None:
        """Open a model or a session, bring back what made a picture, import a measurement or show
        a bundle; which of them it is, its content says."""

        self._asked += 1
        mine, sides = self._asked, self._window.sides
        pictured, worded = sides.takes_pictures(), sides.worded

        def look() -> str:
            if is_bundle(path):
                return "bundle"
            if is_session(path):
                return kind_of_json(path)
            if (
                pictured
                and is_picture(path)
                and not (drawn_from_picture(path) or (worded and _of_maquette(path)))
            ):
                return "input"
            return "picture" if path.is_file() and is_png(path) else "model"

        def looked(kind: str | None, error: MaquetteError | None) -> None:
            if mine != self._asked:
                return  # another file has been asked for meanwhile
            if error is not None:
                self._window.notices.error(str(error))
            elif kind == "session":
                self._app.sessions.open(path, lambda: mine == self._asked)
            elif kind == "input":
                self._window.sides.take(path)
            elif kind in ("bundle", "manifest"):
                exporting.show_bundle(self._window, path if kind == "bundle" else path.parent)
            elif kind == "measurement":
                import_measurement(self._window, path, lambda: mine == self._asked)
            elif kind == "picture":
                self._window.sharing.bring_back(path, lambda: mine == self._asked)
            else:
                self._app.opening.open(path, self.model_opened)

        self._app.bridge.background(look, looked)

    def model_opened(self, info: ModelInfo, ref: ModelRef) -> None:
        """A model is open: work on it."""
        first = self._controller.document.model is None
        self._controller.use_model(info, ref, first=first)
        if ref.embedded is None:
            self._app.sessions.note(Path(ref.path))

    def answer(self, answers: Mapping[str, str]) -> None:
        """Go on with other answers to what the file of the model cannot tell."""
        open_now = self._controller.working_on()
        if open_now is None:
            return
        ref = open_now[1]
        given = tuple(sorted(answers.items()))

        def opened(info: ModelInfo, now: ModelRef) -> None:
            self._controller.use_answered(info, now)

        self._app.opening.open(Path(ref.path), opened, keep=open_now[0].key, answers=given)

    def draw_folder(self, ref: str) -> None:
        """Draw every picture of a folder with a variant, in a job."""
        open_now = self._controller.working_on()
        if open_now is None:
            return
        info, model = open_now
        by = drawn_by(self._controller.document, ref, info, self._controller.baked)
        if not by.applied:
            self._window.notices.say(
                self.tr("Apply the recipe first: the folder is drawn with it.")
            )
            return
        folders = choosers.picture_folders(self._window)
        if folders is None:
            return
        source, into = folders
        job = FolderJob(by.info.path, str(source), str(into), by.choice)
        title = self.tr("Draw {folder} with {name}").format(folder=source.name, name=model.name)
        self._app.jobs.start(job, title, self._folder_drawn, self._folder_failed)

    def _folder_drawn(self, end: JobDone) -> None:
        if end.path is None:
            return
        if end.left_out:
            text = self.tr("Some pictures were left out: {n}. {first}")
            self._window.notices.say(
                text.format(n=len(end.left_out), first=end.left_out[0]), "warning",
                details="\n".join(end.left_out),
            )  # fmt: skip
        else:
            self._window.notices.saved(Path(end.path))

    def _folder_failed(self, end: JobFailed) -> None:
        self._window.notices.error(end.sentence, end.details)

    def sort(self) -> None:
        """Order the channels of the model."""
        open_now = self._controller.working_on()
        if open_now is not None:
            info, ref = open_now
            self._app.opening.sort(ref, info, self._controller.use_sorted)

    def _reopen(self, ref: ModelRef | None) -> None:
        controller = self._controller
        if ref is None:
            self._app.opening.cancel()
            return
        self._app.opening.reopen(
            ref, lambda info, _: controller.model_opened_again(info), controller.travel_failed
        )

    def _loading(self, name: str) -> None:
        if name:
            self._expected.begin(LOADING, self.tr("Load {name}").format(name=name), None)
        else:
            self._expected.end(LOADING)

    # ---- saving -------------------------------------------------------------------------------

    def save(self) -> None:
        """Save the session where it belongs."""
        path = self._app.sessions.path
        if path is None:
            self.save_as()
        else:
            self._app.sessions.save(path)

    def save_as(self) -> None:
        """Save the session under another name."""
        model = self._controller.document.model
        folder = choosers.session_folder()
        suggested = (
            self._app.sessions.path or folder / f"{model.name if model else 'session'}.maquette"
        )
        path = choosers.save_session(self._window, suggested)
        if path is not None:
            self._app.sessions.save(path)

    def save_shown(self) -> None:
        """Save the picture as it is compared now."""
        document, info = self._controller.document, self._controller.info
        shown = saving.shown(
            self._app.renderer, document, self._window.view.divider(), self._app.baking.made_by
        )
        if shown is None or info is None:
            return
        suggested = choosers.unused(choosers.picture_folder() / shown.name)
        path = choosers.save_picture(self._window, suggested)
        if path is None:
            return

        def done(_: object, error: MaquetteError | None) -> None:
            if error is not None:
                self._window.notices.error(str(error))
            else:
                self._window.notices.saved(path)
                self._app.collecting.collect(path)

        self._app.bridge.background(lambda: saving.write(shown, path), done)

    def play_walk(self) -> None:
        """Play the walk over the pins in the view, or stop it."""
        walking, open_now = self._app.walking, self._controller.working_on()
        if walking.playing:
            walking.stop()
        elif open_now is not None:
            if len(self._controller.document.pins) < 2:
                self._window.left.show_walk()
                self._window.notices.say(
                    self.tr("Pin two pictures (P) to walk from one to the other.")
                )
            elif self._controller.document.view.mode == "difference":
                self._controller.show_mode(CURRENT)  # a map of differences does not walk
            walking.play(self._controller.document, open_now[0])

    def save_walk(self) -> None:
        """Save the walk over the pins as a moving picture."""
        document, open_now = self._controller.document, self._controller.working_on()
        if open_now is None:
            return
        if len(document.pins) < 2:
            self._window.left.show_walk()
            self._window.notices.say(self.tr("Pin two pictures (P) to walk from one to the other."))
            return
        by = drawn_by(document, CURRENT, open_now[0], self._controller.baked)
        if not (by.applied or document.walk.full):
            self._window.notices.say(self.tr("Apply the recipe first: the walk is drawn with it."))
            return
        stem = model_stem(document)
        suggested = choosers.unused(choosers.walk_folder() / f"{stem}-walk.gif")
        path = choosers.save_walk(self._window, suggested)
        if path is not None:
            self._app.walking.save(document, open_now[0], path, self._controller.baked)

    def _walk_changed(self, playing: bool) -> None:
        action = self._window.actions_["play_walk"]
        action.setIcon(icon("stop" if playing else "play"))
        action.setText(self.tr("Stop the &walk") if playing else self.tr("Play the &walk"))
        action.setIconText(self.tr("Stop") if playing else self.tr("Play"))

    def finish(self, *, ask: bool) -> None:
        """Render full from the same latent and save it."""
        open_now = self._controller.working_on()
        if open_now is not None:
            self._app.finishing.finish(
                self._controller.document, open_now[0], ask=ask, target=self._controller.target
            )

    def finish_pins(self) -> None:
        """Render full of every pin and save them."""
        document, open_now = self._controller.document, self._controller.working_on()
        if open_now is None:
            return
        if not document.pins:
            self._window.notices.say(self.tr("Pin pictures (P) to finish them together."))
            return
        pinned = [document.at_pin(pin) for pin in document.pins]
        self._app.finishing.finish_all(pinned, open_now[0], target=self._controller.target)

    def _finishing(self, spec: RenderSpec) -> None:
        speed = self._app.renderer.timings.speed(spec)
        seconds = None if speed is None else speed.median / 1000
        waiting = self._app.finishing.waiting
        title = (
            self.tr("Finish, {n} more to come").format(n=waiting) if waiting else self.tr("Finish")
        )
        self._expected.begin(FINISH, title, seconds)

    def _finished(self, answer: Finished, pixels: Any) -> None:
        side = self._app.renderer.take_finished(answer, pixels)
        if side is not None and pixels is not None:
            self._window.view.crossfade_to(side, pixels)

    # ---- the rest -----------------------------------------------------------------------------

    def measure(self, refs: Sequence[str] | None = None) -> None:
        """Measure variants on this computer; without ``refs`` those that lack numbers."""
        open_now, document = self._controller.working_on(), self._controller.document
        if open_now is None:
            return
        info = open_now[0]
        every = refs or (FULL, CURRENT, *(variant.id for variant in document.kept))
        drawn = {ref: drawn_by(document, ref, info, self._controller.baked) for ref in every}
        if any(not each.applied for each in drawn.values()):
            self._window.notices.say(self.tr("What is not applied yet cannot be measured."))
        here = [each for each in drawn.items() if each[1].applied]
        choices = tuple(each.choice for _, each in here if each.info.key == info.key)
        variants = tuple(
            BakedFile(
                each.info.path,
                each.choice,
                side_name(document, ref),
                suited(self._controller.target, each.info, each.choice),
            )
            for ref, each in here
            if each.info.key != info.key and (refs or not self._known(each))
        )
        if choices or variants:
            self.measure_choices(choices, again=bool(refs), variants=variants)

    def _known(self, drawn: Drawn) -> bool:
        target = suited(self._controller.target, drawn.info, drawn.choice)
        document, host = self._controller.document, host_name()
        found = document.measured(drawn.choice, target, host, drawn.info.key)
        return found is not None and not self.extras().lacks(found)

    def extras(self) -> Extras:
        """What the axes of the plot need, and what the preferences name weights for."""
        x, y = self._window.bottom.frontier.axes
        preferences, info = self._app.preferences.value, self._controller.info
        return Extras(
            memory=x == "memory",
            realism=y == "realism" and info is not None and judged(info),
            fid_weights=preferences.fid_weights if y == "fid" else "",
            lpips_weights=preferences.lpips_weights,
        )

    def _offer_weighted(self) -> None:
        """Let the plot offer what can be measured with the weights that the preferences name."""
        known = self._app.preferences.value
        named: tuple[tuple[Y, str], ...] = (
            ("lpips", known.lpips_weights),
            ("fid", known.fid_weights),
        )
        self._window.bottom.frontier.offer_weighted(tuple(axis for axis, file in named if file))

    def measure_choices(
        self,
        choices: Sequence[SubnetChoice],
        *,
        again: bool = False,
        variants: tuple[BakedFile, ...] = (),
    ) -> None:
        """Measure subnets and baked variants on this computer; of subnets, unless ``again``, only
        those that lack numbers."""
        open_now, document = self._controller.working_on(), self._controller.document
        if open_now is None:
            return
        wanted = tuple(dict.fromkeys(choices)) if again else self.unmeasured(choices)
        if not wanted and not variants:
            self._window.notices.say(self.tr("Everything here is measured already."))
            return
        info = open_now[0]
        target, wanted, elsewhere = by_target(info, wanted, self._controller.target)
        inputs, variants = wanted_inputs(document, info), (*elsewhere, *variants)
        self._app.measuring.measure(info, wanted, inputs, target, variants, self.extras())

    def unmeasured(self, choices: Sequence[SubnetChoice]) -> tuple[SubnetChoice, ...]:
        """Those that lack numbers of this computer on the present target, each once."""
        document, model = self._controller.document, self._controller.document.model
        known = by_choice(document.measurements, model.key if model else "", host_name())
        info, usual = self._controller.info, self._controller.target
        extras = self.extras()

        def lacking(choice: SubnetChoice) -> bool:
            target = usual if info is None else suited(usual, info, choice)
            found = known.get(choice, {}).get(target)
            return found is None or extras.lacks(found)

        return tuple(choice for choice in dict.fromkeys(choices) if lacking(choice))

    def sweep(self) -> None:
        """Offer a batch of variants over a range."""
        open_now = self._controller.working_on()
        if open_now is not None:
            self._window.sweep.offer(open_now[0])

    def blind_test(self) -> None:
        """Offer to find out whether a variant can be told from full."""
        open_now = self._controller.working_on()
        if open_now is not None:
            self._window.blind.offer(open_now[0])

    def grid(self) -> None:
        """Offer several variants at once: those selected in the table, beside full and current."""
        open_now = self._controller.working_on()
        if open_now is not None:
            chosen = self._window.bottom.table.selected_ids()
            selected = [ref for ref in dict.fromkeys(ref_of(str(key)) for key in chosen) if ref]
            self._window.grid.offer(open_now[0], selected)

    def layers(self) -> None:
        """Show the selected variant of the table, or the current one, layer by layer."""
        chosen = self._window.bottom.table.selected_ids()
        ref = ref_of(str(chosen[0])) if len(chosen) == 1 else ""
        layers.offer(self._window, ref or CURRENT)

    def save_table(self) -> None:
        """Save the table as it is sorted and filtered."""
        stem = model_stem(self._controller.document)
        name = f"{stem}-variants.csv"
        path = choosers.save_table(self._window, choosers.unused(choosers.table_folder() / name))
        if path is None:
            return
        try:
            write_text(path, csv_text(self._window.bottom.shown_rows()))
        except MaquetteError as error:
            self._window.notices.error(str(error))
        else:
            self._window.notices.saved(path)

    def copy_table(self) -> None:
        """Put the selected rows, or all that are shown, on the clipboard as CSV."""
        found = self._window.bottom.chosen_rows()
        QGuiApplication.clipboard().setText(csv_text(found))
        self._window.notices.say(self.tr("Copied as CSV, rows: {n}").format(n=len(found)))

    def make_elastic(self) -> None:
        """Offer to teach narrow subnets what full draws, or show how that goes."""
        open_now = self._controller.working_on()
        if open_now is not None:
            self._window.elastic.offer(*open_now)

    def _mode(self, mode: str) -> None:
        self._controller.show_mode(mode)
        # Clicking the mode that is on would switch its button off.
        self._window.toolbar.show_document(self._controller.document)

    def _smooth(self) -> None:
        smooth = self._window.actions_["smooth"].isChecked()
        self._controller.set_view(self.tr("Change the view"), smooth=smooth)

    def _cancel(self, job: int) -> None:
        if job == FINISH:
            self._app.finishing.cancel()
        elif job == LOADING:
            self._app.opening.give_up()
        elif not any(
            part.cancel_job(job)
            for part in (
                self._app.measuring,
                self._app.layers,
                self._app.compiling,
                self._app.compiling_variant,
                self._app.baking,
                self._app.scanning,
                self._app.curves,
            )
        ):
            self._app.jobs.cancel(job)

    def update_title(self) -> None:
        """Name the session or the model, and mark what is not saved."""
        model, path = self._controller.document.model, self._app.sessions.path
        name = path.stem if path is not None else model.name if model is not None else ""
        self._window.setWindowTitle(f"{name}[*] \u2013 Maquette" if name else "Maquette")
        if name:
            self._window.setWindowModified(path is not None and self._controller.dirty)
