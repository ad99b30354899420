"""The grid of a main window: made when asked for, and what follows a click in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.engine.messages import Adopted

if TYPE_CHECKING:
    from widgets.grid.dialog import GridDialog
    from widgets.grid.plan import GridColumn, GridRow
    from widgets.main_window import MainWindow

translate = QCoreApplication.translate


def opened_by(window: MainWindow) -> GridDialog:
    """The grid of a main window; another model ends it, a drag or a measurement has it wait."""
    from widgets.grid.dialog import GridDialog

    app, controller = window.app, window.controller
    filling = app.filling
    made = GridDialog(
        controller, app.baking, filling, app.bridge.background, app.client.send, window
    )

    def choose(column: GridColumn, row: GridRow) -> None:
        from widgets.grid.plan import showing

        label = translate("Grid", "Show from the grid")
        controller.edit(label, showing(controller.document, column, row))

    def adopted(answer: object, _: object) -> None:
        if isinstance(answer, Adopted):
            filling.again(answer.model, answer.target)

    made.cell_wanted.connect(choose)
    controller.model_changed.connect(lambda _: made.forget())
    controller.gesture_changed.connect(lambda active: filling.hold("drag", active))
    app.measuring.busy_changed.connect(lambda busy: filling.hold("measuring", busy, cancel=True))
    filling.hold("measuring", app.measuring.busy)
    app.bridge.answered.connect(adopted)
    return made
