"""The one place that changes the document, and tells everyone when it has changed."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.families.inputs import MAX_SEED
from studio.fidelity.measurement import Measurement
from studio.session.document import CURRENT, FULL, STRIP_LENGTH, Document, ModelRef
from studio.session.history import History
from studio.session.playing import MOST_HELD, held_by
from studio.subnets.choice import SubnetChoice
from widgets.attribute_names import attribute_label
from widgets.bursts import Bursts
from widgets.captions import side_name, subnet_name, with_steps
from widgets.fresh import fresh_document
from widgets.renderer import Renderer
from widgets.scene import PYTORCH, Variants, compose, none_baked, usual

KEYBOARD_IDLE_MS = 120
HELD_STILL_MS = 250


class Controller(QObject):
    """Holds the document through its history and keeps the pictures in step with it.

    An edit outside a gesture counts as finished when 120 ms pass without another; edits of one
    control in a row, and everything between ``begin`` and ``end``, are one step of the history.

    Signals:
        changed(document): the document is another one now.
        model_changed(info or None): another model is in force.
        model_wanted(ref or None): the document is of a model that is not open, or no longer is.
        gesture_changed(active): a drag has begun or ended.
        refused(sentence): an edit could not be done.
        composed(document, scene): this is wanted now.
    """

    changed = Signal(object)
    model_changed = Signal(object)
    model_wanted = Signal(object)
    gesture_changed = Signal(bool)
    refused = Signal(str)
    composed = Signal(object, object)

    def __init__(self, renderer: Renderer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.renderer = renderer
        self.history = History()
        self.info: ModelInfo | None = None
        self.dirty = False
        self._target = PYTORCH
        self.baked: Variants = none_baked
        """Finds the variants that the baked steps of a recipe have made."""
        self._gesture: Hashable | None = None
        self._back: list[Callable[[], object]] = []
        self._settle = QTimer(self, singleShot=True)
        self._settle.timeout.connect(self.settle)
        self._bursts = Bursts(self)
        self._bursts.ended.connect(self.history.seal)

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return self.history.present

    @property
    def target(self) -> str:
        """Where pictures are drawn for which the document names no target."""
        return usual(self._target, self.info)

    @target.setter
    def target(self, target: str) -> None:
        self._target = target

    @property
    def dragging(self) -> bool:
        """A gesture is under way."""
        return self._gesture is not None

    # ---- gestures -----------------------------------------------------------------------------

    def begin(self, control: str) -> None:
        """A drag of ``control`` begins."""
        self._gesture = self._bursts.fresh(control)
        self.gesture_changed.emit(True)

    def end(self) -> None:
        """The drag has ended: refine everything."""
        if self._gesture is None:
            return
        self._gesture = None
        self.history.seal()
        self.gesture_changed.emit(False)
        self.settle()

    def settle(self) -> None:
        """Everything is asked for exactly as it is now."""
        self._settle.stop()
        self._render(settled=True)

    # ---- edits --------------------------------------------------------------------------------

    def edit(self, label: str, document: Document, control: str | None = None) -> None:
        """Make ``document`` the present one as a step called ``label``.

        Args:
            control: the slider or field that was moved, for edits that come in bursts; None for
                an edit that is whole by itself.
        """
        if document == self.document:
            return
        if self._back:
            self.changed.emit(self.document)  # not before the model is there
            return
        if control is None:
            self._bursts.end()
            self.history.do(label, document)
            if self._gesture is not None:
                # In the middle of a drag: what is dragged from here on is another step.
                self._gesture = self._bursts.fresh(None)
                self._settle.start(HELD_STILL_MS)
            self._after(settled=self._gesture is None)
            return
        self.history.do(label, document, self._gesture or self._bursts.token(control))
        self._after(settled=False)
        self._settle.start(HELD_STILL_MS if self._gesture else KEYBOARD_IDLE_MS)

    def look(self, **fields: Any) -> None:
        """Change how one looks (zoom, divider, panel heights) without a step."""
        view = replace(self.document.view, **fields)
        if view != self.document.view:
            self.history.replace(replace(self.document, view=view))
            self.changed.emit(self.document)

    def set_inputs(self, label: str, control: str | None, /, **fields: Any) -> None:
        """Change fields of the inputs."""
        inputs = replace(self.document.inputs, **fields)
        self.edit(label, replace(self.document, inputs=inputs), control)

    def set_source(self, label: str, control: str | None, /, **fields: Any) -> None:
        """Change fields of what a translation model draws from."""
        source = replace(self.document.source, **fields)
        self.edit(label, replace(self.document, source=source), control)

    def set_words(self, label: str, control: str | None, /, **fields: Any) -> None:
        """Change fields of what a pipeline draws from."""
        words = replace(self.document.words, **fields)
        self.edit(label, replace(self.document, words=words), control)

    def resize_words(self, label: str, control: str | None, width: int, height: int) -> None:
        """Have a pipeline draw at another size in pixels."""
        words = self.document.words.with_size(width, height)
        self.edit(label, replace(self.document, words=words), control)

    def set_edit(self, direction: str, strength: float) -> None:
        """Set the strength of one attribute; 0 takes it out."""
        edits = {name: s for name, s in self.document.inputs.edits if name != direction}
        if strength:
            edits[direction] = strength
        label = self.tr("Change {name}").format(name=attribute_label(direction))
        self.set_inputs(label, f"edit {direction}", edits=tuple(sorted(edits.items())))

    def new_seed(self) -> None:
        """Draw another seed."""
        # Small numbers are easier to remember and to type than ten digits.
        self.set_inputs(self.tr("New seed"), None, seed=random.randrange(100_000))

    def step_strip(self, by: int) -> None:
        """Move the strip of seeds, which is no step of the history."""
        offset = max(0, min(MAX_SEED + 1 - STRIP_LENGTH, self.document.strip_offset + by))
        self.history.replace(replace(self.document, strip_offset=offset))
        self.changed.emit(self.document)

    def set_subnet(self, choice: SubnetChoice, control: str | None) -> None:
        """Choose another current subnet."""
        self.edit(self.tr("Change the subnet"), replace(self.document, subnet=choice), control)

    def set_view(self, label: str, /, **fields: Any) -> None:
        """Change the mode or a side, as a step."""
        view = replace(self.document.view, **fields)
        self.edit(label, replace(self.document, view=view))

    def show_mode(self, mode: str) -> None:
        """Compare in another way."""
        view = self.document.view
        view = view.alone(mode) if mode in (FULL, CURRENT) else replace(view, mode=mode)
        self.edit(self.tr("Change the view"), replace(self.document, view=view))

    def swap(self) -> None:
        """Exchange the sides."""
        view = self.document.view
        self.set_view(self.tr("Swap A and B"), side_a=view.side_b, side_b=view.side_a)

    def keep(self) -> None:
        """Keep the current subnet as a variant."""
        document = self.document
        if self.info is None:
            return
        here = (document.subnet, document.recipe)
        if any((v.choice, v.recipe) == here for v in document.kept):
            self.refused.emit(self.tr("This subnet is kept already."))
            return
        name = subnet_name(document.subnet, self.info.config)
        if document.recipe.active:
            name = with_steps(name, document.recipe)
        self.edit(self.tr("Keep {name}").format(name=name), document.keeping(name))

    def unkeep(self, ref: str) -> None:
        """Forget a kept variant."""
        self.edit(self.tr("Remove a kept subnet"), self.document.without_kept(ref))

    def make_current(self, ref: str) -> None:
        """Go on with a kept variant, or with full; a side B that showed it shows *current*."""
        document = self.document
        view = document.view
        if view.side_b == ref:
            view = replace(view, side_b=CURRENT)
        label = self.tr("Make {name} current").format(name=side_name(document, ref))
        choice, recipe = document.choice_of(ref), document.recipe_of(ref)
        self.edit(label, replace(document, subnet=choice, recipe=recipe, view=view))

    def show_point(self, side: str, ref: str, target: str | None) -> None:
        """Show a variant on a side, on the target that it was measured on; None leaves that."""
        fields = {f"side_{side.lower()}": ref}
        if target is not None:
            fields[f"target_{side.lower()}"] = "" if target == self.target else target
        self.set_view(self.tr("Show on side {side}").format(side=side), **fields)

    def pin(self) -> None:
        """Pin what is drawn, or unpin it when it is pinned."""
        here = self.document.pinned()
        if here is not None:
            self.unpin(here.id)
            return
        now = self.document.pinning()
        if held_by(now.pins) > MOST_HELD:
            self.refused.emit(
                self.tr("Pins hold pictures of {n} MB at most; remove one first.").format(
                    n=MOST_HELD >> 20
                )
            )
            return
        self.edit(self.tr("Pin"), now)

    def unpin(self, ref: str) -> None:
        """Remove a pin."""
        self.edit(self.tr("Remove a pin"), self.document.without_pin(ref))

    def draw_pin(self, ref: str) -> None:
        """Draw what was pinned."""
        pin = next((p for p in self.document.pins if p.id == ref), None)
        if pin is not None:
            self.edit(self.tr("Draw a pin"), self.document.at_pin(pin))

    def add_measurements(self, model: str, found: tuple[Measurement, ...]) -> None:
        """Take measurements in. They are facts, not decisions: nothing to undo."""
        self.history.replace(self.document.with_measurements(model, found))
        self.dirty = True
        self.changed.emit(self.document)

    def forget_measurement(self, found: Measurement) -> None:
        """Take a measurement out; like taking one in, nothing to undo."""
        self.history.replace(self.document.without_measurement(found))
        self.dirty = True
        self.changed.emit(self.document)

    def undo(self) -> None:
        """Take the last step back."""
        if self.history.undo_label is not None:
            self._travel(self.history.undo, self.history.redo)

    def redo(self) -> None:
        """Do the last undone step again."""
        if self.history.redo_label is not None:
            self._travel(self.history.redo, self.history.undo)

    def working_on(self) -> tuple[ModelInfo, ModelRef] | None:
        """The model of the document, or None while it is not open."""
        info, model = self.info, self.document.model
        return None if info is None or model is None or model.key != info.key else (info, model)

    def use_model(
        self,
        info: ModelInfo,
        ref: ModelRef,
        *,
        first: bool = False,
        label: str = "",
        begin: Callable[[Document], Document] = lambda document: document,
    ) -> None:
        """Work on a model that has just been opened: a step, unless it is the ``first``.

        Args:
            label: of the step; empty says that it was opened.
            begin: what to draw first, from the document that a model begins with.
        """
        document = begin(fresh_document(info, ref, self.document))
        self.info = info
        if first:
            self.history.reset(document)
        else:
            self._bursts.end()
            self.history.do(label or self.tr("Open {name}").format(name=ref.name), document)
        self.model_changed.emit(info)
        self._after(settled=True, dirty=not first)

    def use_sorted(self, info: ModelInfo, ref: ModelRef) -> None:
        """Go on with the same model in another order of channels; all else stays."""
        self.info = info
        self.model_changed.emit(info)
        self.edit(self.tr("Sort channels"), replace(self.document, model=ref))

    def use_answered(self, info: ModelInfo, ref: ModelRef) -> None:
        """Go on with the same weights under other answers to what their file cannot tell."""
        self.info = info
        self.model_changed.emit(info)
        label = self.tr("Change what is known about {name}").format(name=ref.name)
        self.edit(label, replace(self.document, model=ref))

    def model_opened_again(self, info: ModelInfo) -> None:
        """The model that the document asks for (after undo) is open now."""
        self._back.clear()
        self.info = info
        model = self.document.model
        if model is not None and model.key != info.key:
            # The file has changed meanwhile; go on with what it holds now.
            now = replace(model, key=info.key, source_sha256=info.source_sha256)
            self.history.replace(replace(self.document, model=now))
        self.model_changed.emit(info)
        self._after(settled=True, dirty=False)

    def use_session(self, document: Document, info: ModelInfo | None) -> None:
        """Replace everything by a session that was opened."""
        self.info = info
        self.history.reset(document)
        self.dirty = False
        self.model_changed.emit(info)
        self._after(settled=True, dirty=False)

    def travel_failed(self) -> None:
        """The model that undo or redo asked for does not open: be where one was."""
        while self._back:
            self._back.pop()()
        self._after(settled=True)

    def _travel(self, step: Callable[[], Document], back: Callable[[], object]) -> None:
        if self._gesture is not None:
            self._gesture = None
            self.gesture_changed.emit(False)
        self._bursts.end()
        before = self.document.model
        after = step().model
        if after is None or (self.info is not None and after.key == self.info.key):
            if self._back:
                # There and back again before the other model was open.
                self._back.clear()
                self.model_wanted.emit(None)
        else:
            self._back.append(back)
            if after != before:
                self.model_wanted.emit(after)
        self._after(settled=True)

    def _after(self, *, settled: bool, dirty: bool = True) -> None:
        self.dirty = self.dirty or dirty
        self.history.replace(self.document.with_strip_at_seed())
        self.changed.emit(self.document)
        self._render(settled=settled)

    def _render(self, *, settled: bool) -> None:
        try:
            if (open_now := self.working_on()) is None:
                return
            scene = compose(self.document, open_now[0], self.target, self.baked)
        except MaquetteError as error:
            self.refused.emit(str(error))
            return
        self.renderer.show(scene, settled=settled)
        self.composed.emit(self.document, scene)

    def set_target(self, side: str, target: str) -> None:
        """Draw a side somewhere else; an empty target is the default."""
        field = "target_a" if side == "A" else "target_b"
        self.set_view(self.tr("Change where {side} runs").format(side=side), **{field: target})

    def use_target(self, target: str) -> None:
        """Draw here from now on whatever has no target of its own."""
        self.target = target
        self.settle()
