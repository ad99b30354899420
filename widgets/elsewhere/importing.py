"""Taking a ``measurement.json`` in, which another computer has written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.errors import BadChoice, MaquetteError, RefusedFile
from studio.families.info import ModelInfo
from studio.fidelity.measurement import Measurement
from studio.session.document import CURRENT, FULL_SUBNET, NO_STEPS, Document
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice
from widgets.captions import subnet_name, with_steps
from widgets.elsewhere.recipes import by_recipe, digest_of
from widgets.made_names import made_name
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
    info, document = open_now[0], window.controller.document

    def done(found: Brought | None, error: MaquetteError | None) -> None:
        if not wanted():
            return
        if found is None:
            window.notices.error(str(error))
        elif window.controller.info is not None and window.controller.info.key == info.key:
            _take(window, info, found, path.name)

    window.app.bridge.background(lambda: brought(document, info, path), done)


@dataclass(frozen=True)
class Brought:
    """What a file holds. ``model``: names the weights that it is of. ``steps``: those of the
    variant that it is of, in the document of now; none for the model itself."""

    model: str
    measurements: tuple[Measurement, ...]
    steps: Steps = NO_STEPS
    choice: SubnetChoice = FULL_SUBNET


def brought(document: Document, info: ModelInfo, path: Path) -> Brought:
    """The measurements in a file, of subnets of the model ``info`` or of a variant of it.

    Raises:
        RefusedFile: it is none, or of another model, other weights, a subnet that there is not, or
            a recipe that no variant of the document has.
    """
    from studio.bundles.imported import imported, read_measurement_file

    found, subject = imported(path, source_sha256=info.source_sha256), read_measurement_file(path)
    if subject.model.key != info.key:
        raise RefusedFile(
            f"{path.name} is of other weights than those that are open: those of "
            f"{info.name} were changed since, or in the bundle"
        )
    digest = subject.model.recipe_sha256
    if digest:
        for ref in (CURRENT, *(kept.id for kept in document.kept)):
            steps, choice = document.recipe_of(ref), document.choice_of(ref)
            if steps.active and digest_of(steps, choice) == digest:
                made = made_name(info.key, steps, choice)
                ours = tuple(replace(one, made=made) for one in found)
                return Brought(by_recipe(info.key, digest), ours, steps, choice)
        raise RefusedFile(
            f"{path.name} is of {info.name} by a recipe that no variant here has; use that recipe, "
            "keep the variant, and import it again"
        )
    try:
        plain = tuple(replace(one, choice=normal(one.choice, info)) for one in found)
    except BadChoice as error:
        raise RefusedFile(
            f"{path.name} tells of a subnet that {info.name} has not: {error}"
        ) from error
    return Brought(info.key, plain)


def _take(window: MainWindow, info: ModelInfo, found: Brought, name: str) -> None:
    controller = window.controller
    document = keeping_all(controller.document, info, found)
    if document != controller.document:
        label = translate("Elsewhere", "Import {name}").format(name=name)
        controller.edit(label, document)
    controller.add_measurements(found.model, found.measurements)
    text = translate(
        "Elsewhere", "{n} measurements of {host} are on the frontier and in the table."
    )
    if len(found.measurements) == 1:
        text = translate(
            "Elsewhere", "1 measurement of {host} is on the frontier and in the table."
        )
    host = found.measurements[0].host
    window.notices.say(text.format(n=len(found.measurements), host=host))


def keeping_all(document: Document, info: ModelInfo, found: Brought) -> Document:
    """``document`` with every variant kept that was measured, so that each can be seen."""
    if found.steps.active:
        here = (found.choice, found.steps)
        if any((kept.choice, kept.recipe) == here for kept in document.kept):
            return document
        name = with_steps(subnet_name(found.choice, info.config), found.steps)
        made = replace(document, subnet=found.choice, recipe=found.steps).keeping(name)
        return replace(made, subnet=document.subnet, recipe=document.recipe)
    choices = dict.fromkeys(one.choice for one in found.measurements if one.choice != FULL_SUBNET)
    plain = replace(document, recipe=NO_STEPS)  # subnets of the model itself
    kept = replace(plain, kept=tuple(v for v in document.kept if not v.recipe.active))
    new = not_kept(choices, kept, info)
    return replace(keeping(plain, new, info), recipe=document.recipe) if new else document
