"""The techniques there are, looked for when a recipe is first worked with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.families.translation.config import TranslationConfig
from studio.families.translation.program import has_statistics
from studio.session.steps import RecipeStep, Steps
from studio.session.technique_names import ELASTIC, FEWER_STEPS, REUSE, SUBNET
from studio.subnets.choice import SubnetChoice
from widgets.diffusion.reusing import AS_DRAWN, NOTHING_AGAIN, reuse_of
from widgets.recipes.generated import said

if TYPE_CHECKING:
    from studio.recipes.registry import Description, Registry

FULL = SubnetChoice()
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

    Those of other packages are read by processes of their own, and come a little later than the
    built-in ones: no code of theirs runs here.

    Signals: changed(): they are known, or others are.
    """

    changed = Signal()

    def __init__(self, background: Callable[..., None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._waiting: list[Callable[[Registry], object]] = []
        self._looking = False
        self._stale = False
        self._asked: set[str] = set()
        self.complete = False
        """Those of other packages are known too."""
        self.registry: Registry | None = None
        self._known: dict[str, Description] = {}

    def want(self, then: Callable[[Registry], object] = lambda registry: None) -> None:
        """Call ``then`` with the registry, at once where the whole of it is known."""
        if self.registry is not None and self.complete:
            then(self.registry)
            return
        self._waiting.append(then)
        self._look()

    def ask(self, info: ModelInfo) -> None:
        """Find out which techniques of other packages fit a model; the built-in ones are asked at
        once, whenever that matters."""
        registry = self.registry
        if registry is None or not self.complete or info.key in self._asked:
            return
        self._asked.add(info.key)
        from studio.recipes.stand_in import StandIn

        outside = [each for each in registry if isinstance(each, StandIn)]
        if not outside:
            return

        def work() -> dict[str, str | None]:
            from studio.recipes.outside import ask

            return ask(registry, info)

        def answered(found: dict[str, str | None] | None, _: MaquetteError | None) -> None:
            for each in outside:
                each.reasons[info.key] = (found or {}).get(each.name)
            self.changed.emit()

        self._background(work, answered)

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
        if step.recalibrates:
            return translate("Recipe", "Recalibrate norms")
        if step.technique == SUBNET:
            return translate("Recipe", "Sort channels")
        found = self.description(step.technique)
        return step.technique if found is None else said(found.title)

    def problem(self, name: str) -> str:
        """Why a technique cannot be used; empty while it is not known, or when it can."""
        if self.registry is None or not self.complete or name in self.registry:
            return ""
        return self.registry.why_not(name)

    def offers(self, info: ModelInfo, steps: Steps, subnet: SubnetChoice = FULL) -> list[Offer]:
        """What the palette lists for a model, what can be added first."""
        if self.registry is None:
            return []
        self.ask(info)
        first = not steps.active and subnet == FULL
        every = self.registry.descriptions()
        found = [self._offer(each, info, steps, subnet, first) for each in every]
        return sorted(found, key=lambda offer: (bool(offer.refused), offer.title.lower()))

    def _offer(
        self,
        each: Description,
        info: ModelInfo,
        steps: Steps,
        subnet: SubnetChoice,
        first: bool,
    ) -> Offer:
        assert self.registry is not None
        title, summary = said(each.title) or each.name, said(each.summary)
        if each.state == "unasked":
            words = translate("Recipe", "From the package {package}. Choosing it lets that run.")
            return Offer(each.name, title, words.format(package=each.package), "", each.package)
        if each.state == "failed":
            words = translate("Recipe", "It cannot be loaded: {problem}")
            return Offer(each.name, title, summary, words.format(problem=each.problem))
        if each.name == SUBNET and isinstance(info.config, TranslationConfig):
            title = translate("Recipe", "Recalibrate norms")
            summary = translate(
                "Recipe", "Take the statistics of batch norms anew, for the current subnet."
            )
            if not has_statistics(info.config):
                words = translate("Recipe", "The norms of this model keep no statistics.")
                return Offer(each.name, title, summary, words)
        elif each.name == SUBNET and info.family == "diffusion":
            words = translate("Recipe", "The sliders above cut the width of a pipeline.")
            return Offer(each.name, title, summary, words)
        elif each.name == SUBNET:
            title = translate("Recipe", "Sort channels")
            summary = translate("Recipe", "Order channels by importance; full stays the same.")
            if info.sorted_channels:
                words = translate("Recipe", "The channels of this model are in order already.")
                return Offer(each.name, title, summary, words)
        elif each.name == ELASTIC and getattr(info.config, "ordered", None) is not None:
            words = translate("Recipe", "The denoiser of this model is in order already.")
            return Offer(each.name, title, summary, words)
        elif self._live(each.name, subnet):
            return Offer(each.name, title, summary, translate("Recipe", "It is on."))
        if steps.uses(each.name):
            return Offer(each.name, title, summary, translate("Recipe", "It is in the recipe."))
        try:
            reason = self.registry.get(each.name).applies_to(info) or ""
        except Exception as error:  # noqa: BLE001 - another package's code
            reason = f"{type(error).__name__}: {error}"
        if first and each.not_first and not reason:
            reason = said(each.not_first)
        return Offer(each.name, title, summary, reason)

    @staticmethod
    def _live(name: str, subnet: SubnetChoice) -> bool:
        """Whether a technique on a live card of a pipeline is on."""
        reused = name == REUSE and reuse_of(subnet) != NOTHING_AGAIN
        return reused or (name == FEWER_STEPS and subnet.sampling != AS_DRAWN)

    def _again(self, error: MaquetteError | None) -> None:
        if error is None:
            self.complete = False
            self._stale = self._looking  # what is being read does not know of it
            self._look()

    def _look(self) -> None:
        if self._looking:
            return
        self._looking = True
        if self.registry is None:

            def builtin() -> tuple[Registry, bool]:
                from studio.recipes.outside import builtin_registry
                from studio.recipes.registry import agreed_packages

                return builtin_registry(), not agreed_packages()

            self._background(builtin, self._found)
        else:
            self._look_outside()

    def _look_outside(self) -> None:
        def outside() -> tuple[Registry, bool]:
            from studio.recipes.outside import window_registry

            return window_registry(), True

        self._background(outside, self._found)

    def _found(self, found: tuple[Registry, bool] | None, error: MaquetteError | None) -> None:
        if found is None:
            self._looking = False
            return
        self.registry, self.complete = found[0], found[1] and not self._stale
        self._stale = False
        self._known = {each.name: each for each in self.registry.descriptions()}
        self._looking = not self.complete
        self._asked.clear()
        self.changed.emit()
        if not self.complete:
            self._look_outside()
            return
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then(self.registry)
