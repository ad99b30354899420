"""The edits of a recipe, each a step of the history, and a recipe as text and as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from studio import places
from studio.errors import MaquetteError
from studio.session.document import Document
from studio.session.steps import RecipeStep, Steps, params_text
from studio.session.technique_names import (
    ELASTIC,
    FEWER_STEPS,
    LEARNING,
    RECALIBRATE,
    REUSE,
    SORT,
    SUBNET,
)
from studio.subnets.choice import SubnetChoice, cut_part
from studio.subnets.denoisers.choice import Reuse, Sampling
from widgets.controller import Controller
from widgets.diffusion.reusing import USUAL_INTERVAL, with_reuse, with_sampling
from widgets.recipes.techniques import Offer, Techniques
from widgets.scene import DIFFUSION, TRANSLATION

if TYPE_CHECKING:
    from studio.recipes.recipe import Recipe
    from studio.recipes.registry import Registry

ANEW = params_text({RECALIBRATE: True})
FIRST = ("draft", "balanced", "faithful")


def presets() -> list[Path]:
    """The recipes that come with Maquette, from small to faithful, then the others."""
    found = sorted((places.assets_dir() / "recipes").glob("*.yaml"))
    return sorted(found, key=lambda p: FIRST.index(p.stem) if p.stem in FIRST else len(FIRST))


class RecipeEditing(QObject):
    """Everything that changes the baked steps goes through here."""

    def __init__(
        self,
        controller: Controller,
        techniques: Techniques,
        background: Callable[..., None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._techniques = techniques
        self._background = background

    # ---- steps ---------------------------------------------------------------------------------

    def add(self, offer: Offer) -> None:
        """Add a step of a technique, as late as its rules allow; or agree to its package."""
        if offer.package:
            self._techniques.allow(offer.package)
            return
        registry, document = self._techniques.registry, self._controller.document
        if registry is None or document.recipe.uses(offer.name):
            return
        begun = self._live(offer.name, document)
        if begun is not None:
            self._controller.edit(
                self.tr("Add {name}").format(name=offer.title), replace(document, subnet=begun)
            )
            return
        from studio.recipes.checking import place_for

        technique = registry.get(offer.name)
        place = place_for(self._plain(document.recipe), technique, registry)
        params = "{}"
        if offer.name == SUBNET and self._pictured:
            params = params_text({RECALIBRATE: True})
        elif offer.name == SUBNET:
            place, params = 0, params_text({SORT: True})
        made, _ = document.adding_step(place, offer.name, technique.version, params)
        steps = made.recipe
        if self._family == DIFFUSION and cut_part(made.subnet) != SubnetChoice():
            steps = replace(steps, cut_at=_first_learning(steps))
        made = replace(made, recipe=self._with_cut(steps))
        self._controller.edit(self.tr("Add {name}").format(name=offer.title), made)

    def _live(self, name: str, document: Document) -> SubnetChoice | None:
        """The choice with what a technique on a live card of a pipeline begins with; None for any
        other technique."""
        info = self._controller.info
        if name == REUSE:
            return with_reuse(document.subnet, Reuse(interval=USUAL_INTERVAL))
        if name == FEWER_STEPS and info is not None:
            steps = document.words.drafted(info.config)
            return with_sampling(document.subnet, Sampling(steps=steps))
        return None

    def order_denoiser(self, then: Callable[[Document], object]) -> None:
        """Have the denoiser of a pipeline ordered: a step, unless there is one; ``then`` is called
        with the document that has it."""

        def known(_: Registry) -> None:
            step = next((s for s in self._steps.steps if s.technique == ELASTIC), None)
            if step is None:
                title = self._techniques.title(RecipeStep("", ELASTIC))
                self.add(Offer(ELASTIC, title, ""))
            elif not step.on:
                self.switch(step.id, on=True)
            then(self._controller.document)

        self._techniques.want(known)

    def recalibrate(self, then: Callable[[Document], object]) -> None:
        """Have the norms of the current subnet statistics of its own: a step, unless there is one;
        ``then`` is called with the document that has it."""

        def known(_: Registry) -> None:
            step = next((s for s in self._steps.steps if s.recalibrates), None)
            if step is None:
                title = self._techniques.title(RecipeStep("", SUBNET, 1, ANEW))
                self.add(Offer(SUBNET, title, ""))
            elif not step.on:
                self.switch(step.id, on=True)
            then(self._controller.document)

        self._techniques.want(known)

    def remove(self, ref: str) -> None:
        """Take a step out."""
        self._edit(self.tr("Remove a step"), self._steps.without(ref))

    def switch(self, ref: str, on: bool) -> None:
        """Switch a step on or off."""
        step = self._steps.find(ref)
        if step is not None:
            label = self.tr("Switch a step on") if on else self.tr("Switch a step off")
            self._edit(label, self._steps.replaced(replace(step, on=on)))

    def set_values(self, ref: str, name: str, values: dict[str, Any]) -> None:
        """Change what a step is told; changes of one field in a row are one step."""
        step = self._steps.find(ref)
        if step is not None:
            label = self.tr("Change {name}").format(name=self._techniques.title(step))
            self._edit(label, self._steps.replaced(step.with_values(values)), f"{ref} {name}")

    def reset(self, ref: str) -> None:
        """Give a step the defaults of its technique."""
        step = self._steps.find(ref)
        if step is not None and step.technique != SUBNET:
            found = self._techniques.description(step.technique)
            version = step.version if found is None else found.version
            plain = replace(step, params="{}", version=version)
            self._edit(self.tr("Reset a step"), self._steps.replaced(plain))

    def move(self, ref: str, to: int, *, tell: bool = True) -> bool:
        """Move a step to a place, unless the rules of the techniques forbid it; whether it moved.

        Args:
            tell: say so when they do.
        """
        steps = self._steps
        moved = steps.moved(ref, to)
        if moved == steps:
            return False
        wrong = self._new_order_problem(steps, moved)
        if wrong:
            if tell:
                self._controller.refused.emit(wrong)
            return False
        self._edit(self.tr("Move a step"), moved, f"move {ref}")
        return True

    def forced_cut(self, steps: Steps) -> int | None:
        """Where the network must be cut at the latest, by the rules of the techniques; None where
        the subnet can stay live above all steps."""
        registry = self._techniques.registry
        if self._family == DIFFUSION:
            return None  # all widths may learn at once, so that the width stays live
        if registry is None or SUBNET not in registry:
            return steps.cut_at
        from studio.recipes.checking import place_for

        every = Steps(tuple(replace(step, on=True) for step in steps.steps))
        place = place_for(self._plain(every), registry.get(SUBNET), registry)
        anew = next((n for n, step in enumerate(steps.steps) if step.recalibrates), None)
        if anew is not None:
            return min(place, anew)
        return place if self.changes_weights(steps, place) else None

    def changes_weights(self, steps: Steps, start: int = 0) -> bool:
        """Whether steps from ``start`` on do more than say how the network is quantised, or order
        it."""
        registry = self._techniques.registry
        if self._family == DIFFUSION:
            return any(step.technique in LEARNING for step in steps.steps[start:])
        return registry is not None and any(
            step.technique not in registry
            or set(registry.get(step.technique).verbs()) - {"lower", "select"}
            for step in steps.steps[start:]
            if step.technique != SUBNET or step.recalibrates
        )

    def _with_cut(self, steps: Steps) -> Steps:
        """With the cut where the rules want it, and none where nothing would work on its result."""
        forced = self.forced_cut(steps)
        cut = steps.cut_at
        if forced is not None:
            cut = forced if cut is None else min(cut, forced)
        elif cut is not None and not self.changes_weights(steps, cut):
            cut = None
        return replace(steps, cut_at=cut)

    def cut_first(self, first: bool) -> None:
        """Let all steps work on the cut network, or none."""
        label = self.tr("Change where the network is cut")
        place = 0 if self._family != DIFFUSION else _first_learning(self._steps)
        self._edit(label, replace(self._steps, cut_at=place if first else None))

    @property
    def _pictured(self) -> bool:
        return self._family == TRANSLATION

    @property
    def _family(self) -> str:
        info = self._controller.info
        return "" if info is None else info.family

    @property
    def _steps(self) -> Steps:
        return self._controller.document.recipe

    def _edit(self, label: str, steps: Steps, control: str | None = None) -> None:
        known = self._techniques.registry is not None
        recipe = self._with_cut(steps) if known else steps
        document: Document = replace(self._controller.document, recipe=recipe)
        self._controller.edit(label, document, control)

    def _new_order_problem(self, before: Steps, after: Steps) -> str:
        registry = self._techniques.registry
        if registry is None:
            return ""
        from studio.recipes.checking import order_problems

        old = {(p.technique, p.text) for p in order_problems(self._plain(before), registry)}
        new = order_problems(self._plain(after), registry)
        if len(new) <= len(old):
            return ""
        return f"{new[0].technique}: {new[0].text}"

    def _plain(self, steps: Steps) -> Recipe:
        from studio.session.recipes import whole_recipe

        return whole_recipe(Document(recipe=steps), "steps")

    # ---- text and files ------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the whole recipe on the clipboard as YAML."""
        self._whole(lambda text: QGuiApplication.clipboard().setText(text))

    def copy_step(self, ref: str) -> None:
        """Put one step on the clipboard, as a recipe of its own."""
        step = self._steps.find(ref)
        if step is None:
            return
        from studio.recipes.recipe import to_text

        alone: Steps = Steps((replace(step, on=True),))
        QGuiApplication.clipboard().setText(to_text(self._plain(alone)))

    def paste(self) -> None:
        """Take the recipe on the clipboard in place of the present one; a single step that is not
        in it yet is added."""
        text = QGuiApplication.clipboard().text()

        def read(registry: Registry) -> None:
            from studio.recipes.recipe import from_text

            self._take(lambda: from_text(text), registry, self.tr("Paste a recipe"))

        self._techniques.want(read)

    def open(self, path: Path) -> None:
        """Use the recipe in a file."""

        def read(registry: Registry) -> None:
            from studio.recipes.recipe import read_recipe

            label = self.tr("Use the recipe {name}").format(name=path.stem)
            self._take(lambda: read_recipe(path), registry, label)

        self._techniques.want(read)

    def save(self, path: Path, done: Callable[[Path], None]) -> None:
        """Write the whole recipe as YAML."""

        def write(text: str) -> None:
            def work() -> None:
                from studio.recipes.recipe import from_text, write_recipe

                write_recipe(replace(from_text(text), name=path.stem), path)

            def written(_: object, error: MaquetteError | None) -> None:
                if error is not None:
                    self._controller.refused.emit(str(error))
                else:
                    done(path)

            self._background(work, written)

        self._whole(write)

    def _whole(self, then: Callable[[str], object]) -> None:
        document = self._controller.document
        name = document.model.name if document.model is not None else "recipe"

        def write(registry: Registry) -> None:
            from studio.recipes.recipe import to_text
            from studio.session.recipes import whole_recipe

            then(to_text(whole_recipe(document, name, registry)))

        self._techniques.want(write)

    def _take(self, read: Callable[[], Recipe], registry: Registry, label: str) -> None:
        """Use a recipe, or say why not; the document stays as it is then."""
        from studio.session.recipes import taken

        open_now = self._controller.working_on()
        if open_now is None:
            return
        document = self._controller.document
        try:
            found = taken(read(), registry, open_now[0], document.next_id)
        except MaquetteError as error:
            self._controller.refused.emit(str(error))
            return
        self._controller.edit(label, found.into(document))


def _first_learning(steps: Steps) -> int | None:
    """Where a denoiser is cut: what orders it comes before that."""
    return next((n for n, s in enumerate(steps.steps) if s.technique in LEARNING), None)


def problems_of(
    steps: Steps, techniques: Techniques, controller: Controller
) -> dict[str, dict[str, str]]:
    """What is wrong with every step, by its id and the field; the empty field for the whole step.
    Nothing while the techniques are not known."""
    registry = techniques.registry
    if registry is None or not techniques.complete:
        return {}
    if controller.info is None or not steps.steps:
        return {}
    techniques.ask(controller.info)
    from studio.recipes.checking import problems
    from studio.session.recipes import whole_recipe

    # The subnet counts as a step before those that work on what it leaves.
    subnet = controller.document.subnet if steps.cuts else SubnetChoice()
    recipe = whole_recipe(Document(recipe=steps, subnet=subnet), "steps")
    cards = list(steps.steps)
    if len(recipe.steps) > len(cards):
        assert steps.cut_at is not None
        cards.insert(steps.cut_at, RecipeStep("", SUBNET))
    found: dict[str, dict[str, str]] = {}
    for each in problems(recipe, registry, controller.info):
        step: RecipeStep = cards[each.step - 1]
        found.setdefault(step.id, {}).setdefault(each.field, each.text)
    return found
