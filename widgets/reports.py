"""A report of what the document has measured, written by a job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.engine.job_messages import (
    JobDone,
    JobFailed,
    ReportJob,
    ReportVariant,
    VariantMeasured,
)
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.runtimes.host import host_name
from studio.session.document import CURRENT, FULL_SUBNET, Document
from widgets import choosers
from widgets.captions import side_name
from widgets.finishing import model_stem
from widgets.measuring import PROMPT_SEEDS, SEEDS
from widgets.recipes.baking import recipe_text
from widgets.scene import DIFFUSION, normal, wanted_inputs

if TYPE_CHECKING:
    from widgets.main_window import MainWindow


def reported(document: Document, ref: str, info: ModelInfo) -> ReportVariant:
    """*Current* or a kept variant with baked steps, as a report shows it. Loads techniques."""
    from studio.engine.baked_files import baked_path
    from studio.recipes.recipe import to_text
    from studio.recipes.registry import load_registry
    from studio.session.recipes import variant_recipe

    steps, choice = document.recipe_of(ref), document.choice_of(ref)
    path = str(baked_path(info.key, recipe_text(steps, choice)))
    name = side_name(document, ref)
    shown = to_text(variant_recipe(document, ref, name, load_registry()))
    return ReportVariant(path, FULL_SUBNET if steps.cuts else choice, name, shown)


class Reports(QObject):
    """Asks where a report goes and has it written."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.actions_.connect_to("report", self.write)

    def write(self) -> None:
        """Write a report of everything measured of the present model on this computer."""
        open_now = self._window.controller.working_on()
        if open_now is None:
            return
        info, model = open_now
        document, host = self._window.controller.document, host_name()
        here = [item for item in document.measurements if item.measurement.host in (host, "")]
        found = tuple(item.measurement for item in here if item.model == info.key)
        others = tuple(
            VariantMeasured(item.model, item.measurement) for item in here if item.model != info.key
        )
        kept = (*(variant.id for variant in document.kept), CURRENT)
        baked = tuple(ref for ref in kept if document.recipe_of(ref).active) if others else ()
        if not found and not baked:
            self._window.notices.say(
                self.tr("A report shows what was measured, and nothing is yet."),
                action=self.tr("Measure"),
                do=self._window.commands.measure,
            )
            return
        stem = model_stem(document)
        suggested = choosers.unused(choosers.report_folder() / f"{stem}-report.html")
        path = choosers.save_report(self._window, suggested)
        if path is None:
            return
        plain = [v for v in document.kept if not v.recipe.active]
        job = ReportJob(
            info.path,
            str(path),
            found,
            wanted_inputs(document, info),
            PROMPT_SEEDS if info.family == DIFFUSION else SEEDS,
            names=tuple((normal(v.choice, info), v.name) for v in plain),
            of_variants=others if baked else (),
        )
        title = self.tr("Report on {name}").format(name=model.name)

        def start(variants: tuple[ReportVariant, ...] | None, error: MaquetteError | None) -> None:
            if variants is None:
                self._window.notices.error(str(error))
                return
            whole = replace(job, variants=variants)
            self._window.app.jobs.start(whole, title, self._done, self._failed)

        if not baked:
            start((), None)
            return
        self._window.app.bridge.background(
            lambda: tuple(reported(document, ref, info) for ref in baked), start
        )

    def _done(self, end: JobDone) -> None:
        if end.path is not None:
            self._window.notices.saved(Path(end.path))

    def _failed(self, end: JobFailed) -> None:
        self._window.notices.error(end.sentence, end.details)
