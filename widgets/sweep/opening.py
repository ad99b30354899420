"""The sweep dialog of a main window: made when asked for, and what follows its button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from widgets.main_window import MainWindow
    from widgets.sweep.dialog import SweepDialog

translate = QCoreApplication.translate


def opened_by(window: MainWindow) -> SweepDialog:
    """The sweep dialog of a main window."""
    from widgets.sweep.dialog import SweepDialog

    app, controller = window.app, window.controller
    made = SweepDialog(
        lambda: controller.document,
        lambda: app.measuring.busy,
        window.commands.unmeasured,
        app.measuring.estimate,
        window,
    )
    made.begin_wanted.connect(lambda choices: begin(window, choices))
    made.command_wanted.connect(window.copying.copy_choices)
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
