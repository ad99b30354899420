"""Saving what is on show: one picture, both, the wiped one, or the difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QImage

from studio.engine.messages import RenderSpec
from studio.errors import MaquetteError
from studio.families.walk import WalkPoint
from studio.session.document import CURRENT, FULL, Document
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import picture_metadata
from widgets.finishing import cards, default_name, file_name
from widgets.renderer import Renderer
from widgets.scene import Scene

if TYPE_CHECKING:
    import numpy as np


MadeBy = Callable[[str], tuple[Steps, SubnetChoice] | None]
"""The baked steps and the subnet that made the variant of that key; None for the model itself."""


@dataclass(frozen=True)
class Shown:
    """The pictures of a view, to be put together and written off the window's thread."""

    mode: str
    a: np.ndarray | None
    b: np.ndarray | None
    divider: float
    name: str
    text: tuple[tuple[str, str], ...]


def shown(renderer: Renderer, document: Document, divider: float, made_by: MadeBy) -> Shown | None:
    """What is on show now, or None while there is nothing."""
    scene, mode = renderer.scene, document.view.mode
    if scene is None:
        return None
    a, b = renderer.pixels("A"), renderer.pixels("B")
    if mode == "difference":
        a, b = renderer.map_pixels(), None
    elif mode == "full":
        b = None
    elif mode == "current":
        a = None
    if a is None and b is None:
        return None
    side = scene.sides["B" if a is None else "A"]
    stem = Path(default_name(document)).stem
    # Where both sides are in the picture, what comes back is what was being worked on.
    alone = a is None or (b is None and mode != "difference")
    text = _text(scene, side.spec, document, side.ref if alone else CURRENT, made_by)
    return Shown(mode, a, b, divider, f"{stem}-{mode}.png", text)


def one(renderer: Renderer, document: Document, side: str, made_by: MadeBy) -> Shown | None:
    """The picture that a side shows now, or None while there is none."""
    scene, pixels, spec = renderer.scene, renderer.pixels(side), renderer.shown.get(side)
    if scene is None or pixels is None or spec is None or isinstance(spec.inputs, WalkPoint):
        return None
    text = _text(scene, spec, document, scene.sides[side].ref, made_by)
    name = f"{Path(default_name(document)).stem}-{side}.png"
    return Shown("current", None, pixels, 0.5, name, text)


def _text(
    scene: Scene, spec: RenderSpec, document: Document, ref: str, made_by: MadeBy
) -> tuple[tuple[str, str], ...]:
    """What a picture of ``spec`` says of itself; dropped on the window it brings back ``ref``, and
    a picture of full what was being worked on."""
    inputs = spec.inputs
    assert not isinstance(inputs, WalkPoint)
    made = made_by(spec.model)
    recipe: list[dict[str, Any]] = []
    if made is not None:
        from studio.session.recipes import made_steps

        recipe = made_steps(*made)
    of = CURRENT if ref == FULL else ref
    return picture_metadata(
        scene.info,
        inputs,
        spec.subnet,
        recipe,
        current=document.choice_of(of),
        current_recipe=cards(document, of),
        file=file_name(document),
    )


def write(what: Shown, path: Path) -> None:
    """Write a PNG, aside and renamed.

    Raises:
        MaquetteError: it cannot be written there.
    """
    import numpy as np

    pixels = np.ascontiguousarray(_joined(what))
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    for key, value in what.text:
        image.setText(key, value)
    aside = path.with_name(f"{path.name}.part")
    if not image.save(str(aside), "PNG"):
        aside.unlink(missing_ok=True)
        raise MaquetteError(f"{path.name} cannot be saved in {path.parent}")
    aside.replace(path)


def _joined(what: Shown) -> np.ndarray:
    import numpy as np

    pictures = [p for p in (what.a, what.b) if p is not None]
    if len(pictures) == 1:
        return pictures[0]
    size = max(p.shape[0] for p in pictures)
    # Pictures of all resolutions are powers of two: whole pixels repeat, nothing is blurred.
    a, b = (np.repeat(np.repeat(p, size // p.shape[0], 0), size // p.shape[0], 1) for p in pictures)
    if what.mode == "wipe":
        at = round(what.divider * a.shape[1])
        return np.concatenate([a[:, :at], b[:, at:]], axis=1)
    if what.mode == "blink":
        return a
    return np.concatenate([a, b], axis=1)
