"""The layers of a variant, asked for from a main window. The dialog is loaded when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.engine.job_messages import LayersJob
from studio.errors import MaquetteError
from studio.session.document import CURRENT, Document
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.single import pytorch_alone
from widgets import choosers
from widgets.captions import side_name
from widgets.scene import DIFFUSION, drawn_by, suited
from widgets.table_text import write_text

if TYPE_CHECKING:
    from widgets.layers.dialog import LayersDialog
    from widgets.main_window import MainWindow

translate = QCoreApplication.translate


def opened_by(window: MainWindow) -> LayersDialog:
    """The dialog of a main window; another model closes it."""
    from widgets.layers.dialog import LayersDialog

    made = LayersDialog(window.app.layers, window)
    made.save_wanted.connect(lambda name, text: _save(window, name, text))
    window.controller.model_changed.connect(lambda _: made.forget())
    return made


def offer(window: MainWindow, ref: str = CURRENT, target: str = "") -> None:
    """Show the layers of a variant of the document on a target; on the usual one when empty."""
    controller = window.controller
    open_now, document = controller.working_on(), controller.document
    if open_now is None:
        return
    info = open_now[0]
    try:
        drawn = drawn_by(document, ref, info, controller.baked)
    except MaquetteError as error:
        window.notices.error(str(error))
        return
    if not drawn.applied:
        window.notices.say(translate("Layers", "What is not applied yet cannot be measured."))
        return
    if drawn.info.family == DIFFUSION and pytorch_alone(drawn.choice, drawn.info.config) == "steps":
        window.notices.say(
            translate("Layers", "Its steps differ, so there is no single table of its layers.")
        )
        return
    made_of, text = _made_of(document, ref, info.key)
    window.layers.offer(
        LayersJob(
            drawn.info.path,
            drawn.choice,
            suited(target or controller.target, drawn.info, drawn.choice),
            side_name(document, ref),
            made_of,
            text,
        )
    )


def _made_of(document: Document, ref: str, key: str) -> tuple[str, str]:
    steps: Steps = document.recipe_of(ref)
    if not steps.active:
        return "", ""
    from widgets.recipes.baking import recipe_text

    choice: SubnetChoice = document.choice_of(ref)
    return key, recipe_text(steps, choice)


def _save(window: MainWindow, name: str, text: str) -> None:
    folder = choosers.table_folder()
    path: Path | None = choosers.save_table(
        window, choosers.unused(folder / f"{choosers.shortened(_plain(name))}.csv")
    )
    if path is None:
        return
    try:
        write_text(path, text)
    except MaquetteError as error:
        window.notices.error(str(error))
    else:
        window.notices.saved(path)


def _plain(name: str) -> str:
    """A name that every file system takes."""
    return "".join(c if c.isalnum() or c in "-_. " else "-" for c in name).replace(" ", "-")
