"""What stands below the two pictures."""

from __future__ import annotations

from studio.session.document import Document
from widgets import captions
from widgets.compare.view import CompareView
from widgets.renderer import Renderer
from widgets.scene import SIDES, Scene
from widgets.variant_rows import EQUAL


def caption(
    scene: Scene, document: Document, side: str, renderer: Renderer
) -> tuple[str, list[str]]:
    """Title and lines for one side, about the picture that is really shown there."""
    wanted = scene.sides[side]
    shown = renderer.shown.get(side, wanted.spec)
    config = scene.info.config
    full = shown.subnet == scene.full.subnet
    title = captions.full_name(config) if full else captions.subnet_name(shown.subnet, config)
    fidelity = (
        EQUAL
        if full
        else renderer.fidelities.get(
            scene.full if shown.inputs == scene.full.inputs else shown, shown
        )
    )
    lines = [
        captions.cost_line(captions.subnet_cost(shown.subnet, config)),
        captions.speed_line(renderer.timings.speed(shown)),
        captions.fidelity_line(fidelity) if not full else "",
    ]
    return title, lines


def show(view: CompareView, document: Document, renderer: Renderer) -> None:
    """Bring both captions up to date."""
    scene = renderer.scene
    for side in SIDES:
        if scene is None:
            view.set_caption(side, "", [])
        else:
            view.set_caption(side, *caption(scene, document, side, renderer))
