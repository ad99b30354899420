"""Copy as command: for everything the window does that the command line does too.

Each entry stands in one menu, and where its action is: in the menu of a button, a card or a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QMenu, QToolButton, QWidget

from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.info import ModelInfo
from studio.families.inputs import GanInputs
from studio.runtimes.target import PYTORCH_CPU, Target
from studio.session import as_command
from studio.session.as_command import Drawn
from studio.session.diffusion_source import inputs_of
from studio.session.document import CURRENT, FULL, FULL_SUBNET, Document, ModelRef, Variant
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice
from widgets.captions import side_name
from widgets.family_words import not_yet
from widgets.finishing import default_name, model_stem
from widgets.measuring import PROMPT_SEEDS
from widgets.scene import DIFFUSION, SIDES, TRANSLATION, inputs_for, normal, suited
from widgets.walking import planned

if TYPE_CHECKING:
    from studio.recipes.registry import Registry
    from widgets.main_window import MainWindow

SHOWN = 160  # characters of a command that the notice repeats
PLAIN = ("inspect", "convert", "devices", "diagnostics")
"""Entries that say nothing of what is drawn."""
LONGEST_NAME = 100  # of a recipe


class Made(Protocol):
    """A variant that somebody asks for: a name, a subnet and baked steps."""

    @property
    def name(self) -> str: ...

    @property
    def choice(self) -> SubnetChoice: ...

    @property
    def recipe(self) -> Steps: ...


class Copying(QObject):
    """Writes commands for what ``window`` shows and puts them on the clipboard."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._controller = window.controller
        self._lines: dict[str, Callable[[], str]] = {}
        self._registry: Registry | None = None
        self.entries: dict[str, QAction] = {}
        menu = window.copy_menu
        for group in self._entries():
            for name, text, line in group:
                self._lines[name] = line
                action = QAction(text, menu)
                action.setObjectName(f"copy {name}")
                action.triggered.connect(lambda _=False, n=name: self.copy(n))
                menu.addAction(action)
                self.entries[name] = action
            menu.addSeparator()
        for shared in ("copy_render", "copy_compare"):
            window.actions_.connect_to(shared, lambda n=shared: self.copy(SHARED[n]))
        menu.aboutToShow.connect(self._show_keys)
        self._beside_buttons()
        window.left.walk_fold.toggled.connect(lambda _: self._beside_buttons())  # made when opened

    def _entries(self) -> Sequence[Sequence[tuple[str, str, Callable[[], str]]]]:
        plain = as_command.plain_command
        return (
            (
                ("picture", self.tr("&Picture"), self._picture),
                ("compare", self.tr("&Comparison"), self._compare),
                ("measure", self.tr("&Measure"), self._measure),
                ("report", self.tr("&Report"), self._report),
            ),
            (
                ("finish", self.tr("&Finish"), self._finish),
                ("pins", self.tr("Finish all pi&ns"), self._pins),
                ("walk", self.tr("&Walk"), self._walk),
            ),
            (
                ("apply", self.tr("&Apply the recipe"), self._apply),
                ("scan", self.tr("&Sensitivity of layers"), self._scan),
                ("elastic", self.tr("Make &elastic"), self._elastic),
            ),
            (
                ("inspect", self.tr("What the model file &holds"), self._inspect),
                ("convert", self.tr("Save the m&odel"), self._convert),
                ("sort", self.tr("Sor&t channels"), self._sort),
                ("directions", self.tr("&Directions"), self._directions),
            ),
            (
                ("devices", self.tr("De&vices"), partial(plain, "devices")),
                ("diagnostics", self.tr("Dia&gnostics"), partial(plain, "diagnostics")),
            ),
        )

    # ---- doing it ------------------------------------------------------------------------------

    def copy(self, name: str) -> None:
        """Put the command of an entry on the clipboard."""
        if why := self._why_not(name):
            self._window.notices.say(why)
            return
        if name in PLAIN and (self._pictured or self._worded):
            self.put(self._lines[name]())
            return
        self._with_recipes(lambda: self.put(self._lines[name]()))

    def copy_picture(self, side: str) -> None:
        """Put the command that draws the picture of a side on the clipboard."""
        self._with_recipes(lambda: self.put(self._picture(side)))

    def copy_row(self, ref: str) -> None:
        """Put the command that measures full, *current* or a kept variant on the clipboard."""
        self._with_recipes(lambda: self.put(self._compared((ref,))))

    def copy_choices(self, choices: Iterable[SubnetChoice]) -> None:
        """Put the command that measures subnets of the model on the clipboard."""
        kept = tuple(Variant(f"v{n}", "", choice) for n, choice in enumerate(choices))
        document = replace(self._document, kept=kept)
        self._with_recipes(
            lambda: self.put(self._lines_of([self._drawn(v.id, document=document) for v in kept])),
            document,
        )

    def copy_variants(self, made: Iterable[Made]) -> None:
        """Put the command that measures variants, which need not be kept, on the clipboard."""
        kept = tuple(Variant(f"v{n}", v.name, v.choice, v.recipe) for n, v in enumerate(made))
        document = replace(self._document, kept=kept)

        def do() -> None:
            self.put(self._lines_of([self._drawn(v.id, document=document) for v in kept]))

        self._with_recipes(do, document)

    @property
    def _pictured(self) -> bool:
        open_now = self._controller.working_on()
        return open_now is not None and open_now[0].family == TRANSLATION

    @property
    def _worded(self) -> bool:
        open_now = self._controller.working_on()
        return open_now is not None and open_now[0].family == DIFFUSION

    def _draws_from_a_picture(self) -> bool:
        """Whether a pipeline draws from the picture of the document."""
        takes = self._open()[0].config.takes if self._worded else ()
        return "picture" in takes and self._document.words.picture is not None

    def _why_not(self, name: str) -> str:
        """Why an entry has no command for the model, a sentence."""
        return not_yet(REFUSED.get(name, ""), DIFFUSION) if self._worded else ""

    def _with_recipes(self, do: Callable[[], object], document: Document | None = None) -> None:
        """At once; where the document has recipes, once the techniques are known."""
        if self._controller.working_on() is None:
            return
        if self._pictured:
            self._window.notices.say(not_yet("copy_render", TRANSLATION))
            return
        if self._draws_from_a_picture():
            self._window.notices.say(not_yet("copy_render", TRANSLATION))
            return
        document = document or self._document
        if not any(v.recipe.active for v in document.kept) and not document.recipe.active:
            do()
            return

        def known(registry: Registry) -> None:
            self._registry = registry
            if self._controller.working_on() is not None:
                do()

        self._window.app.techniques.want(known)

    def put(self, text: str) -> None:
        """Put a command on the clipboard, and say so; an empty one is none."""
        if not text:
            return
        QGuiApplication.clipboard().setText(text)
        shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}\u2026"
        self._window.notices.say(self.tr("Copied: {command}").format(command=shown))

    # ---- the commands --------------------------------------------------------------------------

    @property
    def _document(self) -> Document:
        return self._controller.document

    def _open(self) -> tuple[ModelInfo, ModelRef]:
        found = self._controller.working_on()
        assert found is not None
        return found

    def _stem(self) -> str:
        return model_stem(self._document)

    def _side(self) -> str:
        """The side that is seen alone; B where both are seen."""
        return "A" if self._document.view.mode == "full" else "B"

    def _drawn(self, ref: str, target: str = "", document: Document | None = None) -> Drawn:
        """``full``, *current* or a kept variant, and where it is drawn; empty for where all is."""
        document, target = document or self._document, target or self._controller.target
        steps, choice = document.recipe_of(ref), document.choice_of(ref)
        target = suited(target, self._open()[0], choice) if self._worded else target
        if not steps.active:
            choice = normal(choice, self._open()[0])
            if as_command.in_options(choice):
                return Drawn(choice, target)
            return Drawn(FULL_SUBNET, target, self._recipe(ref, document))
        return Drawn(FULL_SUBNET, self._suited(steps, target), self._recipe(ref, document))

    def _suited(self, steps: Steps, target: str) -> str:
        """``target``, in int8 where the steps quantise and the runtime has that."""
        named, registry = Target.parse(target), self._registry
        assert registry is not None
        lowers = any(
            step.technique in registry and "lower" in registry.get(step.technique).verbs()
            for step in steps.active
        )
        if named.runtime == PYTORCH_CPU.runtime or not lowers:
            return target
        return str(replace(named, precision="int8"))

    def _recipe(self, ref: str, document: Document | None = None) -> str:
        """All that makes a variant, as one line."""
        from studio.recipes.recipe import Recipe, to_line
        from studio.session.recipes import subnet_step, variant_recipe, with_denoising

        document = document or self._document
        name = side_name(document, ref)[:LONGEST_NAME]
        if self._registry is not None and document.recipe_of(ref).active:
            return to_line(variant_recipe(document, ref, name, self._registry))
        choice = document.choice_of(ref)
        if self._worded:
            return to_line(with_denoising(Recipe(name), choice))
        return to_line(Recipe(name, () if choice == FULL_SUBNET else (subnet_step(choice),)))

    def _inputs(
        self, document: Document | None = None, *, draft: bool = False
    ) -> GanInputs | DiffusionInputs:
        info = self._open()[0]
        if info.family == DIFFUSION:
            document = document or self._document
            return inputs_of(document.words, document.inputs.seed, info.config, draft=draft)
        return inputs_for((document or self._document).inputs, self._open()[0])

    def _picture(self, side: str = "") -> str:
        view, side = self._document.view, side or self._side()
        ref, target = (view.side_a, view.target_a) if side == "A" else (view.side_b, view.target_b)
        drawn, name = self._drawn(ref, target), default_name(self._document)
        inputs = self._inputs(draft=ref != FULL)
        return as_command.render_command(self._open()[1], inputs, drawn, name)

    def _compare(self) -> str:
        view = self._document.view
        sides = {"A": (view.side_a, view.target_a), "B": (view.side_b, view.target_b)}
        shown = [self._drawn(*sides[side]) for side in SIDES]
        # Full is measured in every comparison, so a side that shows it adds nothing to the other.
        cut = [each for each in shown if each.recipe or each.choice != FULL_SUBNET]
        return self._lines_of(cut or shown[:1])

    def _lines_of(self, drawn: Sequence[Drawn], html: str = "") -> str:
        seeds = PROMPT_SEEDS if self._worded else None  # as many as the window measures over
        lines = as_command.compare_commands(self._open()[1], self._inputs(), drawn, html, seeds)
        return "\n".join(lines)

    def _measure(self) -> str:
        return self._compared((CURRENT, *(variant.id for variant in self._document.kept)))

    def _compared(self, refs: Sequence[str]) -> str:
        found = [self._drawn(ref) for ref in refs]
        cut = [each for each in found if each.recipe or each.choice != FULL_SUBNET]
        return self._lines_of(cut or found[:1])

    def _report(self) -> str:
        """One line writes one report, so that all that differs in more than its width comes as a
        recipe."""
        found = []
        for ref in (CURRENT, *(variant.id for variant in self._document.kept)):
            each = self._drawn(ref)
            plain = SubnetChoice(width=each.choice.width)
            if not each.recipe and each.choice != plain:
                each = Drawn(FULL_SUBNET, each.target, self._recipe(ref))
            found.append(each)
        return self._lines_of(found, f"{self._stem()}-report.html")

    def _finish(self) -> str:
        return self._finished(self._document, default_name(self._document))

    def _finished(self, document: Document, name: str) -> str:
        """Full of the model, in full precision whatever this one's is."""
        here = suited(self._controller.target, self._open()[0])
        target = str(replace(Target.parse(here), precision="f32"))
        drawn = Drawn(FULL_SUBNET, target)
        return as_command.render_command(self._open()[1], self._inputs(document), drawn, name)

    def _pins(self) -> str:
        document, lines = self._document, []
        if not document.pins:
            self._window.notices.say(self.tr("Pin pictures (P) to finish them together."))
        taken: Counter[str] = Counter()
        for pin in document.pins:
            one = document.at_pin(pin)
            name = default_name(one)
            taken[name] += 1
            if taken[name] > 1:  # the same seed under other sliders
                name = f"{Path(name).stem}-{taken[name]}.png"
            lines.append(self._finished(one, name))
        return "\n".join(lines)

    def _walk(self) -> str:
        info, model = self._open()
        document = self._document
        walk = planned(document, info)
        if walk is None:
            self._window.notices.say(self.tr("Pin two pictures (P) to walk from one to the other."))
            return ""
        drawn = self._drawn(FULL if document.walk.full else CURRENT)
        return as_command.walk_command(model, walk, drawn, f"{self._stem()}-walk.gif")

    def _apply(self) -> str:
        out = f"{self._stem()}-variant{'' if self._worded else '.safetensors'}"
        return as_command.compress_command(self._open()[1], self._recipe(CURRENT), out)

    def _scan(self) -> str:
        steps = self._document.recipe.active
        recipe = self._recipe(CURRENT) if steps else ""
        told = {name: value for step in steps for name, value in step.values().items()}
        wanted, samples = told.get("wanted"), told.get("samples")
        return as_command.sensitivity_command(
            self._open()[1],
            recipe,
            wanted=float(wanted) if isinstance(wanted, int | float) else None,
            samples=samples if isinstance(samples, int) else None,
        )

    def _elastic(self) -> str:
        from studio.training.elastic.options import ElasticOptions
        from widgets.training.files import suggested

        info, model = self._open()
        out = suggested(Path(model.path), info.name).name
        return as_command.elastic_command(model, ElasticOptions(), out)

    def _inspect(self) -> str:
        return as_command.inspect_command(self._open()[1])

    def _convert(self) -> str:
        return as_command.convert_command(self._open()[1], f"{self._stem()}.safetensors")

    def _sort(self) -> str:
        out = f"{self._stem()}-sorted.safetensors"
        return as_command.convert_command(self._open()[1], out, sort=True)

    def _directions(self) -> str:
        found = self._document.found
        return as_command.directions_command(self._open()[1], found.count, found.stages)

    # ---- where the actions are -----------------------------------------------------------------

    def _show_keys(self) -> None:
        """The keys of the entries that have some, as they are now."""
        for shared, name in SHARED.items():
            text = self.entries[name].text().partition("\t")[0]
            keys = self._window.actions_[shared].shortcut().toString()
            self.entries[name].setText(f"{text}\t{keys}" if keys else text)

    def _beside_buttons(self) -> None:
        """A menu on the buttons of all actions that a command does too."""
        for found in self._window.findChildren(QToolButton):
            action = found.defaultAction()
            name = None if action is None else BUTTONS.get(action.objectName())
            if name is not None:
                self.offer_at(found, name)

    def offer_at(self, widget: QWidget, name: str) -> None:
        """Offer the command of an entry in the context menu of ``widget``, once."""
        if widget.property(OFFERS) is not None:
            return
        widget.setProperty(OFFERS, name)
        widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        widget.customContextMenuRequested.connect(lambda at: self._offer(widget, name, at))

    def _offer(self, widget: QWidget, name: str, at: QPoint) -> None:
        if self._controller.working_on() is None:
            return
        menu = QMenu(widget)
        menu.setObjectName("command menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.add_to(menu, name)
        if isinstance(widget, QAbstractButton):
            widget.setDown(False)
        menu.popup(widget.mapToGlobal(at))

    def add_to(self, menu: QMenu, name: str) -> QAction:
        """Add "Copy as command" for an entry to a menu."""
        action = menu.addAction(self.tr("Copy as command"))
        action.setObjectName(f"menu copy {name}")
        action.triggered.connect(lambda _=False: self.copy(name))
        return action


OFFERS = "offers command"
SHARED = {"copy_render": "picture", "copy_compare": "compare"}  # actions with keys of their own
REFUSED = {
    "walk": "save_walk",
    "scan": "copy_other",
    "elastic": "make_elastic",
    "convert": "copy_convert",
    "sort": "copy_other",
    "directions": "copy_other",
}
"""Entries that pipelines have nothing for, and where why stands."""
BUTTONS = {
    "finish": "finish",
    "finish_pins": "pins",
    "save_walk": "walk",
    "report": "report",
    "measure": "measure",
    "make_elastic": "elastic",
}
