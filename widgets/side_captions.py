"""What stands below the two pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studio.engine.messages import RenderSpec
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.inputs import EncodedPicture
from studio.runtimes.target import Target
from studio.session.document import Document
from widgets import captions
from widgets.compare.view import CompareView
from widgets.renderer import Renderer
from widgets.scene import DIFFUSION, PYTORCH, SIDES, Scene
from widgets.timings import Fidelity
from widgets.variant_rows import EQUAL


def caption(
    scene: Scene, document: Document, side: str, renderer: Renderer
) -> tuple[str, list[str]]:
    """Title and lines for one side, about the picture that is really shown there."""
    wanted = scene.sides[side]
    shown = renderer.shown.get(side, wanted.spec)
    if scene.info.family == DIFFUSION:
        return _of_pipeline(scene, side, renderer)
    config = scene.info_of(shown).config
    full = shown.model == scene.full.model and shown.subnet == scene.full.subnet
    title = captions.full_name(config) if full else captions.subnet_name(shown.subnet, config)
    if shown.model != scene.info.key:
        # What the steps have made of a cut network is called as the cut is.
        if shown.model == wanted.spec.model:
            title = captions.subnet_name(document.choice_of(wanted.ref), scene.info.config)
        title = captions.applied(title)
    elif not wanted.applied:
        title = captions.not_applied(title)
    fidelity = EQUAL if full else _fidelity(scene, shown, renderer)
    lines = [
        *_cost_lines(shown, config),
        captions.speed_line(renderer.timings.speed(shown)),
        captions.fidelity_line(fidelity) if not full else "",
        _precision_line(shown, renderer),
    ]
    return title, [line for line in lines if line]


def _of_pipeline(scene: Scene, side: str, renderer: Renderer) -> tuple[str, list[str]]:
    """Of a picture that takes many steps also how far it is."""
    from widgets.diffusion import caption as words

    wanted, step = scene.sides[side], renderer.step_of(side)
    shown = renderer.shown.get(side)
    # While steps of what is wanted are seen, they are what the caption is about.
    stepped = step is not None or renderer.stopped.get(wanted.spec) is not None
    spec = wanted.spec if stepped or shown is None else shown
    asked = spec.inputs
    assert isinstance(asked, DiffusionInputs)
    full = spec == scene.reference(spec)
    if step is not None:
        progress = words.step_line(step)
    elif wanted.spec in renderer.stopped:
        progress = words.stopped_line(renderer.stopped[wanted.spec])
    elif shown is None:
        progress = words.waiting_line()
    else:
        progress = words.speed_line(renderer.timings.speed(spec), spec)
    nearness = None
    if step is None and _apart_from_run(asked) == _apart_from_run(scene.full.inputs):
        nearness = renderer.fidelities.get(scene.reference(spec), spec)
    lines = [
        progress,
        words.asked_line(spec),
        words.cost_line(spec, scene.info_of(spec).config),
        words.nearness(nearness, full=full),
        _precision_line(spec, renderer),
    ]
    return words.title(spec, scene.info_of(spec).config, full=full), [
        each for each in lines if each
    ]


def _apart_from_run(inputs: object) -> object:
    """What is drawn, whatever a variant makes of the run."""
    assert isinstance(inputs, DiffusionInputs)
    return replace(inputs, steps=None, guidance=None, scheduler="")


def _cost_lines(shown: RenderSpec, config: Any) -> list[str]:
    """The cost at the size of the picture; where that is free, both counts of MACs."""
    asked = shown.inputs
    if isinstance(asked, EncodedPicture) and asked.width is not None and asked.height is not None:
        size = (asked.width, asked.height)
        found = captions.subnet_cost(shown.subnet, config, size)
        return [captions.cost_line(found), captions.paper_line(found, size)]
    return [captions.cost_line(captions.subnet_cost(shown.subnet, config))]


def _fidelity(scene: Scene, shown: RenderSpec, renderer: Renderer) -> Fidelity | None:
    if shown.inputs != scene.full.inputs:
        return None
    return renderer.fidelities.get(scene.reference(shown), shown)


def _precision_line(shown: RenderSpec, renderer: Renderer) -> str:
    """What the precision of a side costs by itself; nothing for f32, or while it is not known."""
    if Target.parse(shown.target).precision == "f32":
        return ""
    found = renderer.fidelities.get(replace(shown, target=PYTORCH), shown)
    return "" if found is None else captions.precision_line(shown.target, found)


def show(view: CompareView, document: Document, renderer: Renderer) -> None:
    """Bring both captions up to date."""
    scene = renderer.scene
    for side in SIDES:
        if scene is None:
            view.set_caption(side, "", [])
        else:
            view.set_caption(side, *caption(scene, document, side, renderer))
