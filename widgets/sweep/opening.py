"""The sweep dialog of a main window: made when asked for, and what follows its button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.engine.job_messages import BakedFile
from studio.errors import MaquetteError
from studio.session.document import FULL_SUBNET
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from widgets.main_window import MainWindow
    from widgets.sweep.dialog import SweepDialog
    from widgets.sweep.parameters import Swept

translate = QCoreApplication.translate


def opened_by(window: MainWindow) -> SweepDialog:
    """The sweep dialog of a main window."""
    from widgets.sweep.dialog import Recipes, SweepDialog

    app, controller = window.app, window.controller
    made = SweepDialog(
        lambda: controller.document,
        lambda: app.measuring.busy,
        window.commands.unmeasured,
        app.measuring.estimate,
        Recipes(
            app.techniques,
            lambda made: unmeasured(window, made),
            lambda count: app.measuring.estimate_baked(count, app.baking.took),
        ),
        window,
    )
    made.begin_wanted.connect(lambda choices: begin(window, choices))
    made.command_wanted.connect(window.copying.copy_choices)
    made.variants_command_wanted.connect(window.copying.copy_variants)
    made.variants_wanted.connect(lambda found: begin_variants(window, found))
    app.measuring.busy_changed.connect(lambda _: made.isVisible() and made.refresh())
    controller.model_changed.connect(lambda _: made.close())
    return made


def begin(window: MainWindow, choices: tuple[SubnetChoice, ...]) -> None:
    """Keep ``choices`` as one step, and measure those that lack numbers in one job."""
    from widgets.sweep.choices import keeping, not_kept

    controller = window.controller
    open_now = controller.working_on()
    if open_now is None:
        return
    info = open_now[0]
    new = not_kept(choices, controller.document, info)
    if new:
        label = translate("Sweep", "Sweep of {n} variants").format(n=len(new))
        controller.edit(label, keeping(controller.document, new, info))
    if window.commands.unmeasured(choices):
        window.commands.measure_choices(choices)


def unmeasured(window: MainWindow, made: Sequence[Swept]) -> tuple[Swept, ...]:
    """Those that lack numbers of this computer, on whatever precision of the present target."""
    from studio.runtimes.host import host_name
    from widgets.scene import suited
    from widgets.sweep.parameters import keeping
    from widgets.variant_rows import by_choice, by_made, measured_as

    open_now, document = window.controller.working_on(), window.controller.document
    if open_now is None:
        return ()
    info, host = open_now[0], host_name()
    known = by_made(document.measurements, host)
    plain = by_choice(document.measurements, info.key, host)
    extras = window.commands.extras()
    trial = keeping(replace(document, kept=()), made)
    lacking = []
    for each, variant in zip(made, trial.kept, strict=True):
        found = (
            measured_as(trial, variant.id, info, known)
            if each.recipe.active
            else plain.get(each.choice, {})
        )
        place = suited(window.controller.target, info, each.choice).rpartition(":")[0]
        here = [m for target, m in found.items() if target.rpartition(":")[0] == place]
        if not here or any(extras.lacks(m) for m in here):
            lacking.append(each)
    return tuple(lacking)


def begin_variants(window: MainWindow, made: tuple[Swept, ...]) -> None:
    """Keep variants as one step, then bake and measure those that lack numbers in one job."""
    from widgets.scene import normal
    from widgets.sweep.parameters import keeping, not_kept

    controller = window.controller
    open_now = controller.working_on()
    if open_now is None:
        return
    info = open_now[0]
    new = not_kept(made, controller.document, info)
    if new:
        label = translate("Sweep", "Sweep of {n} variants").format(n=len(new))
        controller.edit(label, keeping(controller.document, new))
    wanted = unmeasured(window, made)
    choices = tuple(each.choice for each in wanted if not each.recipe.active)
    baked = [each for each in wanted if each.recipe.active]

    def prepare() -> tuple[BakedFile, ...]:
        from studio.engine.baked_files import baked_path
        from widgets.recipes.baking import recipe_text

        found = []
        for each in baked:
            text = recipe_text(each.recipe, each.choice)
            choice = FULL_SUBNET if each.recipe.cuts else normal(each.choice, info)
            path = str(baked_path(info.key, text))
            found.append(BakedFile(path, choice, each.name, recipe=text))
        return tuple(found)

    def prepared(files: tuple[BakedFile, ...] | None, error: MaquetteError | None) -> None:
        if error is not None:
            window.notices.error(str(error))
        elif files or choices:
            window.commands.measure_choices(choices, variants=files or ())

    window.app.bridge.background(prepare, prepared)
