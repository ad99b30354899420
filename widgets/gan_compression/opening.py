"""The window of GAN Compression of a main window: made, and told what follows its ends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.families.info import ModelInfo
from studio.session.document import ModelRef
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from widgets.gan_compression.window import GanCompressionWindow
    from widgets.main_window import MainWindow

translate = QCoreApplication.translate


def opened_by(window: MainWindow) -> GanCompressionWindow:
    """The window of GAN Compression. Its module is loaded now, not at the app's start."""
    from widgets.gan_compression.window import GanCompressionWindow

    app = window.app
    made = GanCompressionWindow(app.jobs, app.bridge.background, app.devices, window)
    made.open_wanted.connect(window.commands.open_path)
    made.failed.connect(window.notices.error)
    made.command_wanted.connect(window.copying.put)
    made.frontier_wanted.connect(
        lambda path, choices, asked: show_on_frontier(window, path, choices, asked=asked)
    )

    def finished(path: Path) -> None:
        if not path.is_file():
            return
        window.notices.say(
            translate("GanCompression", "{name} is written.").format(name=path.name),
            action=translate("GanCompression", "Open the result"),
            do=lambda: window.commands.open_path(path),
        )

    made.finished.connect(finished)
    return made


def offer(window: MainWindow) -> None:
    """Show it, with the model that is open as the likely teacher."""
    open_now = window.controller.working_on()
    if open_now is None:
        window.compression.offer()
    else:
        window.compression.offer(open_now[0], Path(open_now[1].path))


def show_on_frontier(
    window: MainWindow, supernet: Path, choices: Sequence[SubnetChoice], *, asked: bool
) -> None:
    """Keep subnets of a supernet and measure those that lack numbers: they are points then.

    Args:
        asked: open the supernet first where another model is open; else nothing happens then.
    """
    from widgets.sweep import opening as sweeping

    open_now = window.controller.working_on()
    if open_now is not None and Path(open_now[1].path) == supernet:
        sweeping.begin(window, tuple(choices))
        return
    if not asked:
        return

    def opened(info: ModelInfo, ref: ModelRef) -> None:
        window.commands.model_opened(info, ref)
        sweeping.begin(window, tuple(choices))

    window.app.opening.open(supernet, opened)
