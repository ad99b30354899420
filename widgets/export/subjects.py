"""What of a document can be exported. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.engine.bundle_messages import ExportSubject
from studio.errors import BadChoice
from studio.families.info import ModelInfo
from studio.session.document import CURRENT, FULL, Document
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice, resolve
from widgets.recipes.baking import recipe_text
from widgets.scene import normal

LADDER = "ladder"
MOST = 16  # widths of a ladder


@dataclass(frozen=True)
class Chosen:
    """What is to be exported: subnets of what a recipe makes of the model (YAML text; empty for
    the model itself)."""

    choices: tuple[SubnetChoice, ...]
    recipe: str = ""

    @property
    def subjects(self) -> tuple[ExportSubject, ...]:
        """Each by itself, as sizes are asked for."""
        return tuple(ExportSubject(self.recipe, choice) for choice in self.choices)


def variant(document: Document, ref: str, info: ModelInfo) -> Chosen:
    """``full``, ``current`` or a kept variant.

    Raises:
        MaquetteError: it is not kept, or does not fit the model.
    """
    choice = normal(document.choice_of(ref), info)
    steps = document.recipe_of(ref)
    if not steps.active:
        return Chosen((choice,))
    return Chosen((SubnetChoice(),) if steps.cuts else (choice,), _text(steps, choice))


def ladder(document: Document, info: ModelInfo, widths: tuple[float, ...]) -> Chosen:
    """Several widths at the resolution and rule of the current subnet, by its recipe.

    Raises:
        BadChoice: there are none or too many, one does not fit, or the recipe cuts the network.
    """
    steps = document.recipe
    if steps.cuts:
        raise BadChoice(
            "the recipe works on a network that is cut already; a ladder needs one that is not"
        )
    if not 1 <= len(widths) <= MOST:
        raise BadChoice(f"{len(widths)} widths are not a ladder; it has 1 to {MOST}")
    plain = replace(document.subnet, widths=None)
    found: dict[object, SubnetChoice] = {}
    for width in widths:
        choice = replace(plain, width=width)
        found.setdefault(resolve(choice, info.config), normal(choice, info))
    text = _text(steps, SubnetChoice()) if steps.active else ""
    return Chosen(tuple(found.values()), text)


def refs(document: Document) -> tuple[str, ...]:
    """What can be chosen but for the ladder, the current one first."""
    return (CURRENT, FULL, *(kept.id for kept in document.kept))


def _text(steps: Steps, choice: SubnetChoice) -> str:
    return recipe_text(steps, choice)
