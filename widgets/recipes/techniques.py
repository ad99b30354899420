"""The techniques there are, looked for when a recipe is first worked with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.session.steps import RecipeStep, Steps
from widgets.recipes.generated import said

if TYPE_CHECKING:
    from studio.recipes.registry import Description, Registry

SUBNET = "subnet"
SORT = "sort"
translate = QCoreApplication.translate


@dataclass(frozen=True)
class Offer:
    """One line of the palette.

    Args:
        name: of the technique. title, summary: for people.
        refused: why it cannot be added, empty when it can.
        package: to be agreed to before anything is known of it; empty otherwise.
    """

    name: str
    title: str
    summary: str
    refused: str = ""
    package: str = ""


class Techniques(QObject):
    """Reads the declarations on a thread: pydantic and plugins would delay the first picture.

    Signals: changed(): they are known, or others are.
    """

    changed = Signal()

    def __init__(self, background: Callable[..., None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._waiting: list[Callable[[Registry], object]] = []
        self._looking = False
        self.registry: Registry | None = None
        self._known: dict[str, Description] = {}

    def want(self, then: Callable[[Registry], object] = lambda registry: None) -> None:
        """Call ``then`` with the registry, at once where it is known."""
        if self.registry is not None:
            then(self.registry)
            return
        self._waiting.append(then)
        self._look()

    def allow(self, package: str) -> None:
        """The user agrees to run the code of ``package``: look again."""

        def agree() -> None:
            from studio.recipes.registry import allow

            allow(package)

        self._background(agree, lambda _, error: self._again(error))

    def description(self, name: str) -> Description | None:
        """What is known of a technique that can be used, else None."""
        found = self._known.get(name)
        return found if found is not None and found.state == "ready" else None

    def title(self, step: RecipeStep) -> str:
        """What its card is called."""
        if step.technique == SUBNET:
            return translate("Recipe", "Sort channels")
        found = self.description(step.technique)
        return step.technique if found is None else said(found.title)

    def problem(self, name: str) -> str:
        """Why a technique cannot be used; empty while it is not known, or when it can."""
        if self.registry is None or name in self.registry:
            return ""
        return self.registry.why_not(name)

    def offers(self, info: ModelInfo, steps: Steps) -> list[Offer]:
        """What the palette lists for a model, what can be added first."""
        if self.registry is None:
            return []
        found = [self._offer(each, info, steps) for each in self.registry.descriptions()]
        return sorted(found, key=lambda offer: (bool(offer.refused), offer.title.lower()))

    def _offer(self, each: Description, info: ModelInfo, steps: Steps) -> Offer:
        assert self.registry is not None
        title, summary = said(each.title) or each.name, said(each.summary)
        if each.state == "unasked":
            words = translate("Recipe", "From the package {package}. Choosing it lets that run.")
            return Offer(each.name, title, words.format(package=each.package), "", each.package)
        if each.state == "failed":
            words = translate("Recipe", "It cannot be loaded: {problem}")
            return Offer(each.name, title, summary, words.format(problem=each.problem))
        if each.name == SUBNET:
            title = translate("Recipe", "Sort channels")
            summary = translate("Recipe", "Order channels by importance; full stays the same.")
            if info.sorted_channels:
                words = translate("Recipe", "The channels of this model are in order already.")
                return Offer(each.name, title, summary, words)
        if steps.uses(each.name):
            return Offer(each.name, title, summary, translate("Recipe", "It is in the recipe."))
        try:
            reason = self.registry.get(each.name).applies_to(info) or ""
        except Exception as error:  # noqa: BLE001 - another package's code
            reason = f"{type(error).__name__}: {error}"
        return Offer(each.name, title, summary, reason)

    def _again(self, error: MaquetteError | None) -> None:
        if error is None:
            self.registry = None
            self._look()

    def _look(self) -> None:
        if self._looking:
            return
        self._looking = True

        def load() -> Any:
            from studio.recipes.registry import load_registry

            registry = load_registry()
            return registry, {d.name: d for d in registry.descriptions()}

        self._background(load, self._found)

    def _found(self, found: Any, error: MaquetteError | None) -> None:
        self._looking = False
        if found is None:
            return
        self.registry, self._known = found
        assert self.registry is not None
        waiting, self._waiting = self._waiting, []
        self.changed.emit()
        for then in waiting:
            then(self.registry)
