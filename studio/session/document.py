"""The document: one immutable value that says all that the window shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.errors import MaquetteError
from studio.families.inputs import GanInputs
from studio.fidelity.measurement import Measurement
from studio.session.diffusion_source import DiffusionSource
from studio.session.playing import FoundShown, Pin, WalkPlan
from studio.session.source import Source
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice

FULL = "full"
CURRENT = "current"
MODES = ("full", "current", "side", "wipe", "blink", "difference")
FULL_SUBNET = SubnetChoice()
STRIP_LENGTH = 10
NO_STEPS = Steps()
NO_SOURCE = Source()
NO_WORDS = DiffusionSource()


@dataclass(frozen=True)
class ModelRef:
    """Which model a document works on.

    Args:
        path: the file as the user named it, absolute.
        name: short name for captions and file names.
        source_sha256: hash of the file the weights first came from.
        key: names the weights exactly (see ``ModelInfo.key``).
        embedded: name of the embedded model, or None for a file of the user's.
        answers: (name, answer) to what the file cannot tell, as the user gave them.
        family: of the model, which decides what it draws from.
    """

    path: str
    name: str
    source_sha256: str
    key: str
    embedded: str | None = None
    answers: tuple[tuple[str, str], ...] = ()
    family: str = "stylegan"


@dataclass(frozen=True)
class Variant:
    """A subnet that the user kept, with the baked steps it was kept with. ``id`` is unique in a
    document and never used twice."""

    id: str
    name: str
    choice: SubnetChoice
    recipe: Steps = NO_STEPS


@dataclass(frozen=True)
class View:
    """How the pictures are looked at.

    Args:
        mode: one of ``MODES``.
        side_a, side_b: ``full``, ``current`` or the id of a kept variant.
        smooth: scale smoothly instead of nearest.
        divider: place of the wipe, 0 (left) to 1.
        zoom: screen pixels per picture pixel; None fits the picture into the view.
        centre: point of the picture in the middle of the view, as shares of its size.
        bottom_open, bottom_height: the bottom panel, height in pixels (0: as it comes).
        target_a, target_b: where each side is drawn, e.g. ``openvino:CPU:bf16``; empty for the
            default of this computer, so that a session of another one opens well.
    """

    mode: str = "side"
    side_a: str = FULL
    side_b: str = CURRENT
    smooth: bool = False
    divider: float = 0.5
    zoom: float | None = None
    centre: tuple[float, float] = (0.5, 0.5)
    bottom_open: bool = True
    bottom_height: int = 0
    target_a: str = ""
    target_b: str = ""

    def alone(self, ref: str) -> View:
        """``full`` or ``current`` seen alone: the side that shows it, also after a swap."""
        if ref in (self.side_a, self.side_b):
            return replace(self, mode="full" if ref == self.side_a else "current")
        if ref == FULL:
            return replace(self, mode="full", side_a=FULL)
        return replace(self, mode="current", side_b=CURRENT)


@dataclass(frozen=True)
class Measured:
    """A measurement and the weights (``ModelInfo.key``) that it is of."""

    model: str
    measurement: Measurement


@dataclass(frozen=True)
class Document:
    """Everything a session holds. ``next_id`` numbers the next pin, step or kept variant.

    ``subnet`` is the live part of the recipe and ``recipe`` the baked one. StyleGANs draw from
    ``inputs``, translation models from ``source``, diffusion pipelines from ``words`` and the seed
    of ``inputs``.
    """

    model: ModelRef | None = None
    inputs: GanInputs = GanInputs()
    subnet: SubnetChoice = FULL_SUBNET
    kept: tuple[Variant, ...] = ()
    pins: tuple[Pin, ...] = ()
    strip_offset: int = 0
    view: View = View()
    measurements: tuple[Measured, ...] = ()
    next_id: int = 1
    found: FoundShown = FoundShown()
    walk: WalkPlan = WalkPlan()
    recipe: Steps = NO_STEPS
    source: Source = NO_SOURCE
    words: DiffusionSource = NO_WORDS

    def choice_of(self, ref: str) -> SubnetChoice:
        """The subnet behind ``full``, ``current`` or the id of a kept variant.

        Raises:
            MaquetteError: nothing of that id is kept.
        """
        if ref == FULL:
            return FULL_SUBNET
        if ref == CURRENT:
            return self.subnet
        for variant in self.kept:
            if variant.id == ref:
                return variant.choice
        raise MaquetteError(f"no kept subnet is called '{ref}'")

    def recipe_of(self, ref: str) -> Steps:
        """The baked steps behind ``full`` (none), ``current`` or the id of a kept variant.

        Raises:
            MaquetteError: nothing of that id is kept.
        """
        if ref == FULL:
            return NO_STEPS
        if ref == CURRENT:
            return self.recipe
        for variant in self.kept:
            if variant.id == ref:
                return variant.recipe
        raise MaquetteError(f"no kept subnet is called '{ref}'")

    def adding_step(
        self, index: int, technique: str, version: int, params: str = "{}"
    ) -> tuple[Document, str]:
        """This document with a new step before the one at ``index``, and the step's id."""
        step = RecipeStep(f"s{self.next_id}", technique, version, params)
        steps = self.recipe.inserted(index, step)
        return replace(self, recipe=steps, next_id=self.next_id + 1), step.id

    def keeping(self, name: str) -> Document:
        """This document with the current subnet and recipe kept under ``name``."""
        kept = Variant(f"k{self.next_id}", name, self.subnet, self.recipe)
        return replace(self, kept=(*self.kept, kept), next_id=self.next_id + 1)

    def without_kept(self, ref: str) -> Document:
        """This document without a kept variant; a side that showed it shows *current*."""
        view = self.view
        if view.side_a == ref:
            view = replace(view, side_a=CURRENT)
        if view.side_b == ref:
            view = replace(view, side_b=CURRENT)
        return replace(self, kept=tuple(v for v in self.kept if v.id != ref), view=view)

    def with_strip_at_seed(self) -> Document:
        """This document with its seed in the strip; unchanged when it is there already."""
        first, seed = self.strip_offset, self.inputs.seed
        if first <= seed < first + STRIP_LENGTH:
            return self
        return replace(self, strip_offset=max(0, seed - 2))

    def pinned(self) -> Pin | None:
        """The pin of what is drawn now, if there is one."""
        here = self._pin("")
        return next((pin for pin in self.pins if replace(pin, id="") == here), None)

    def pinning(self) -> Document:
        """This document with what it draws from pinned; unchanged when that is pinned already."""
        if self.pinned() is not None:
            return self
        pin = self._pin(f"p{self.next_id}")
        return replace(self, pins=(*self.pins, pin), next_id=self.next_id + 1)

    def _pin(self, ref: str) -> Pin:
        worded = self.model is not None and self.model.family == "diffusion"
        return Pin(ref, self.inputs, self.words if worded else None)

    def drawing_as(self, other: Document) -> Document:
        """This document, drawing from what ``other`` draws from."""
        return replace(self, inputs=other.inputs, source=other.source, words=other.words)

    def at_pin(self, pin: Pin) -> Document:
        """This document, drawing what was pinned."""
        words = self.words if pin.words is None else pin.words
        return replace(self, inputs=pin.inputs, words=words)

    def without_pin(self, ref: str) -> Document:
        """This document without a pin."""
        return replace(self, pins=tuple(p for p in self.pins if p.id != ref))

    def measured(
        self, choice: SubnetChoice, target: str, host: str, key: str | None = None
    ) -> Measurement | None:
        """The newest measurement of a subnet of the present model on a target of a host, or None.
        Those of other hosts and targets are kept, but not set beside this one's.

        Args:
            key: of a baked variant, in place of the present model's.
        """
        if key is None:
            key = self.model.key if self.model else None
        for item in reversed(self.measurements):
            found = item.measurement
            alike = found.target == target and found.host in (host, "")
            if item.model == key and found.choice == choice and alike:
                return found
        return None

    def with_measurements(self, model: str, found: tuple[Measurement, ...]) -> Document:
        """This document with new measurements, which replace older ones of the same subnets on the
        same target and host. What depends on no inputs and was not measured again stays."""

        def of(name: str, m: Measurement) -> tuple[object, ...]:
            return (name, m.choice, m.target, m.host)

        new = {of(model, m) for m in found}
        older = {of(m.model, m.measurement): m.measurement for m in self.measurements}
        old = tuple(m for m in self.measurements if of(m.model, m.measurement) not in new)
        made = (completed(m, older.get(of(model, m))) for m in found)
        return replace(self, measurements=old + tuple(Measured(model, m) for m in made))

    def without_measurement(self, found: Measurement) -> Document:
        """This document without a measurement."""
        left = tuple(m for m in self.measurements if m.measurement != found)
        return replace(self, measurements=left)


def completed(found: Measurement, older: Measurement | None) -> Measurement:
    """A measurement with the memory, realism and FID of an older one of the same, where they were
    not measured again; with another version of the runtime it is not the same."""
    if older is None or older.version != found.version:
        return found
    names = ("memory", "realism", "fid")
    kept = {name: getattr(older, name) for name in names if getattr(found, name) is None}
    return replace(found, **kept)


def carried(restored: Document, present: Document) -> Document:
    """A document from the history, with what undo must not move taken from the present one.

    Undo brings back decisions. Where one looked (zoom, divider, panel heights) stays, measurements
    stay because they remain true, and ids go on counting so that none names two things.
    """
    now = present.view
    view = replace(
        restored.view,
        divider=now.divider,
        zoom=now.zoom,
        centre=now.centre,
        bottom_open=now.bottom_open,
        bottom_height=now.bottom_height,
    )
    return replace(
        restored,
        view=view,
        strip_offset=present.strip_offset,
        measurements=present.measurements,
        next_id=max(restored.next_id, present.next_id),
    )
