"""Taking a ``measurement.json`` in, which another computer has written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.errors import BadChoice, MaquetteError, RefusedFile
from studio.families.info import ModelInfo
from studio.fidelity.measurement import Measurement
from studio.session.document import FULL_SUBNET
from widgets.scene import normal
from widgets.sweep.choices import keeping, not_kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from widgets.main_window import MainWindow

translate = QCoreApplication.translate


def import_measurement(window: MainWindow, path: Path, wanted: Callable[[], bool]) -> None:
    """Put what another computer measured of the model that is open beside what was measured here.

    Nothing changes when the file is no measurement, or is of another model.

    Args:
        wanted: asked when the file is read; False when something else is wanted meanwhile.
    """
    open_now = window.controller.working_on()
    if open_now is None:
        window.notices.error(
            translate("Elsewhere", "{name} is a measurement; open the model that it is of first.")
            .format(name=path.name)
        )  # fmt: skip
        return
    info = open_now[0]

    def done(found: tuple[Measurement, ...] | None, error: MaquetteError | None) -> None:
        if not wanted():
            return
        if found is None:
            window.notices.error(str(error))
        elif window.controller.info is not None and window.controller.info.key == info.key:
            _take(window, info, found, path.name)

    window.app.bridge.background(lambda: measurements_for(info, path), done)


def measurements_for(info: ModelInfo, path: Path) -> tuple[Measurement, ...]:
    """The measurements in a file, of subnets of the model ``info``.

    Raises:
        RefusedFile: it is none, or of another model, other weights or a subnet that there is not.
    """
    from studio.bundles.imported import imported, read_measurement_file

    found, model = imported(path, source_sha256=info.source_sha256), read_measurement_file(path)
    if model.model.key != info.key:
        raise RefusedFile(
            f"{path.name} is of other weights than those that are open: those of "
            f"{info.name} were changed since, or in the bundle"
        )
    try:
        return tuple(replace(one, choice=normal(one.choice, info)) for one in found)
    except BadChoice as error:
        raise RefusedFile(
            f"{path.name} tells of a subnet that {info.name} has not: {error}"
        ) from error


def _take(window: MainWindow, info: ModelInfo, found: tuple[Measurement, ...], name: str) -> None:
    controller = window.controller
    new = not_kept(dict.fromkeys(one.choice for one in found), controller.document, info)
    new = tuple(choice for choice in new if choice != FULL_SUBNET)
    if new:
        label = translate("Elsewhere", "Import {name}").format(name=name)
        controller.edit(label, keeping(controller.document, new, info))
    controller.add_measurements(info.key, found)
    text = translate(
        "Elsewhere", "{n} measurements of {host} are on the frontier and in the table."
    )
    if len(found) == 1:
        text = translate(
            "Elsewhere", "1 measurement of {host} is on the frontier and in the table."
        )
    window.notices.say(text.format(n=len(found), host=found[0].host))
