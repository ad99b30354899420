"""What the two sides want to show, worked out from the document. No Qt, no side effects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from studio.engine.messages import RenderSpec
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.directions import found_direction
from studio.families.info import ModelInfo
from studio.families.inputs import EncodedPicture, GanInputs
from studio.families.stylegan.stages import stages_in
from studio.runtimes.target import PYTORCH_CPU, Target, reference_of
from studio.session.diffusion_source import inputs_of
from studio.session.document import CURRENT, FULL, FULL_SUBNET, Document
from studio.session.samples import blank
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice, asked, live_part, resolve
from studio.subnets.cost import cost
from studio.subnets.denoisers.single import pytorch_alone

SIDES = ("A", "B")
PYTORCH = str(PYTORCH_CPU)
TRANSLATION = "translation"
DIFFUSION = "diffusion"
FIRST_LANE, SECOND_LANE = "current", "full"
MOST_UNASKED = 8_000_000_000
"""Bytes of a denoiser in float32 up to which it is compiled without being asked for."""
Variants = Callable[[Steps, SubnetChoice], ModelInfo | None]
"""The open model that the baked steps of a recipe have made for a subnet, or None."""


def none_baked(steps: Steps, choice: SubnetChoice) -> ModelInfo | None:
    """Nothing is baked."""
    return None


@dataclass(frozen=True)
class Side:
    """One side: what it refers to, the exact picture it wants, and the lane it is asked in.

    ``applied``: False where the recipe has steps that are not baked yet, so that the picture shows
    the live ones alone.
    """

    ref: str
    spec: RenderSpec
    lane: str
    visible: bool
    applied: bool = True


@dataclass(frozen=True)
class Scene:
    """Both sides of one document on one opened model and its baked ``variants``, by key; ``baked``
    finds others. ``draft``: of a pipeline what all but full is asked of."""

    info: ModelInfo
    mode: str
    full: RenderSpec
    sides: dict[str, Side]
    variants: dict[str, ModelInfo] = field(default_factory=dict)
    baked: Variants = none_baked
    draft: DiffusionInputs | None = None

    def reference(self, spec: RenderSpec) -> RenderSpec:
        """*Full* of the original at the target of ``spec``: fidelity is compared at equal
        precision, that of int8 with float32."""
        return replace(self.full, target=str(reference_of(Target.parse(spec.target))))

    def info_of(self, spec: RenderSpec) -> ModelInfo:
        """What draws ``spec``: the model or a baked variant of it."""
        return self.variants.get(spec.model, self.info)

    def work(self, spec: RenderSpec) -> float:
        """The MACs of a picture; of a pipeline those of its denoiser at all steps."""
        config = self.info_of(spec).config
        macs = float(cost(config, resolve(spec.subnet, config)).macs)
        if isinstance(spec.inputs, DiffusionInputs):
            macs *= spec.inputs.steps or config.steps
        return macs

    def live(self, side: str) -> bool:
        """Answer this side during a drag: it shows *current*, or nothing else is seen."""
        this = self.sides[side]
        return this.visible and (this.ref == CURRENT or not self._other(side).visible)

    def _other(self, side: str) -> Side:
        return self.sides["B" if side == "A" else "A"]


def normal(choice: SubnetChoice, info: ModelInfo) -> SubnetChoice:
    """The one spelling of a choice, so that equal subnets have equal pictures in every cache."""
    subnet = resolve(choice, info.config)
    if info.family == DIFFUSION:
        return choice
    if subnet.resolution == info.config.resolution:
        choice = replace(choice, resolution=None)
    if subnet.channels == info.config.channels:
        choice = SubnetChoice(resolution=choice.resolution)
    return choice


def compose(
    document: Document, info: ModelInfo, target: str = PYTORCH, baked: Variants = none_baked
) -> Scene:
    """Work out what both sides of ``document`` want.

    Args:
        target: where a side is drawn for which the document names no target.
        baked: finds the variants that are at hand.

    Raises:
        BadChoice: a subnet of the document is not one of this model.
    """
    view = document.view
    refs = {"A": view.side_a, "B": view.side_b}
    targets = {"A": view.target_a or target, "B": view.target_b or target}
    drawn = {side: drawn_by(document, ref, info, baked) for side, ref in refs.items()}
    specs = {
        side: RenderSpec(
            by.info.key,
            asked_of(document, info, by.info, by.choice, draft=refs[side] != FULL),
            by.choice,
            suited(targets[side], by.info, by.choice),
        )
        for side, by in drawn.items()
    }
    # Two sides, two lanes: the one that shows the subnet being dragged is served first.
    first = "A" if refs["A"] == CURRENT and refs["B"] != CURRENT else "B"
    lanes = {side: FIRST_LANE if side == first else SECOND_LANE for side in SIDES}
    if specs["A"] == specs["B"]:
        lanes = dict.fromkeys(SIDES, lanes[first])
    hidden = {"full": "B", "current": "A"}.get(view.mode)
    sides = {s: Side(refs[s], specs[s], lanes[s], s != hidden, drawn[s].applied) for s in SIDES}
    full = RenderSpec(info.key, wanted_inputs(document, info), FULL_SUBNET, suited(target, info))
    variants = {by.info.key: by.info for by in drawn.values()}
    draft = None
    if info.family == DIFFUSION:
        draft = inputs_of(document.words, document.inputs.seed, info.config, draft=True)
    return Scene(info, view.mode, full, sides, variants, baked, draft)


@dataclass(frozen=True)
class Drawn:
    """What draws a variant of the document: a model, a subnet of it, and whether the whole recipe
    is in it."""

    info: ModelInfo
    choice: SubnetChoice
    applied: bool


def drawn_by(document: Document, ref: str, info: ModelInfo, baked: Variants) -> Drawn:
    """What draws ``full``, ``current`` or a kept variant now.

    Raises:
        BadChoice: the subnet is not one of the model.
    """
    steps, choice = document.recipe_of(ref), document.choice_of(ref)
    found = baked(steps, choice) if steps.active else None
    if found is None:
        return Drawn(info, normal(choice, info), not steps.active)
    return Drawn(found, live_part(choice) if steps.cuts else normal(choice, found), True)


def suited(target: str, info: ModelInfo, choice: SubnetChoice = FULL_SUBNET) -> str:
    """``target``, in int8 where the model is quantised and its runtime has that; PyTorch where a
    choice of a pipeline is nothing that another runtime could run."""
    if info.family == DIFFUSION and pytorch_alone(choice, info.config) is not None:
        return PYTORCH
    named = Target.parse(target)
    if named.runtime == PYTORCH_CPU.runtime or not info.quantised:
        return target
    return str(replace(named, precision="int8"))


def usual(target: str, info: ModelInfo | None) -> str:
    """Where a model is drawn when nothing is said: on ``target``, but PyTorch where the denoiser of
    a pipeline is so large that a second copy of it should be the user's own wish."""
    if info is None or info.family != DIFFUSION or target == PYTORCH:
        return target
    size = cost(info.config, resolve(FULL_SUBNET, info.config)).size_bytes
    return PYTORCH if size > MOST_UNASKED else target


def wanted_inputs(
    document: Document, info: ModelInfo, *, draft: bool = False
) -> GanInputs | EncodedPicture | DiffusionInputs:
    """What a model is asked to draw from: the family decides where it stands in the document.

    Args:
        draft: of a pipeline the draft, which has fewer steps.
    """
    if info.family == DIFFUSION:
        return inputs_of(document.words, document.inputs.seed, info.config, draft=draft)
    if info.family != TRANSLATION:
        return inputs_for(document.inputs, info)
    source = document.source
    if source.kind == "picture" and source.picture is not None:
        return EncodedPicture(source.picture.data, source.height, source.width)
    # Here and not above: numpy takes a while to import, and the first picture comes first.
    from studio.session.raster import png

    drawing = source.drawing or blank(info.config)
    return EncodedPicture(png(drawing), source.height, source.width)


def drafts(document: Document, info: ModelInfo) -> bool:
    """Whether all but full are drafts, with fewer steps than full has."""
    if info.family != DIFFUSION:
        return False
    words = document.words
    return words.drafted(info.config) < words.full_steps(info.config)


def asked_of(
    document: Document,
    original: ModelInfo,
    info: ModelInfo,
    choice: SubnetChoice,
    *,
    draft: bool = True,
) -> GanInputs | EncodedPicture | DiffusionInputs:
    """What ``choice`` of ``info``, a variant of ``original`` or itself, is asked to draw. What is
    left to a pipeline is left to the original, whatever a variant would choose."""
    left_to = original if info.family == DIFFUSION else info
    return asked(wanted_inputs(document, left_to, draft=draft), choice)


def inputs_for(inputs: GanInputs, info: ModelInfo) -> GanInputs:
    """Inputs without what this model does not know, so that equal pictures have equal inputs."""
    label = inputs.label if info.config.c_dim else None
    edits = tuple((n, s) for n, s in inputs.edits if s != 0 and knows(n, info))
    stages = tuple(s for s in inputs.mix_stages or () if s in info.config.resolutions)
    if inputs.mix_seed is None or (inputs.mix_stages is not None and not stages):
        plain = replace(inputs, label=label, edits=edits, mix_seed=None, mix_stages=None)
        return replace(plain, mix_from=0)
    mixed = None if inputs.mix_stages is None else stages
    return replace(inputs, label=label, edits=edits, mix_stages=mixed)


def knows(direction: str, info: ModelInfo) -> bool:
    """Whether a model has a direction, by name or in its weights."""
    if direction in info.directions:
        return True
    found = found_direction(direction)
    if found is None or found.number > info.config.w_dim:
        return False
    return bool(stages_in(found.stages, info.config))
