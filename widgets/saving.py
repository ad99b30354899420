"""Saving what is on show: one picture, both, the wiped one, or the difference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from studio.errors import MaquetteError
from studio.families.inputs import GanInputs
from studio.session.document import Document
from studio.subnets.describe import picture_metadata
from widgets.finishing import default_name, file_name
from widgets.renderer import Renderer

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Shown:
    """The pictures of a view, to be put together and written off the window's thread."""

    mode: str
    a: np.ndarray | None
    b: np.ndarray | None
    divider: float
    name: str
    text: tuple[tuple[str, str], ...]


def shown(renderer: Renderer, document: Document, divider: float) -> Shown | None:
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
    text = picture_metadata(
        scene.info,
        side.spec.inputs,
        side.spec.subnet,
        current=document.subnet,
        file=file_name(document),
    )
    return Shown(mode, a, b, divider, f"{stem}-{mode}.png", text)


def one(renderer: Renderer, document: Document, side: str) -> Shown | None:
    """The picture that a side shows now, or None while there is none."""
    scene, pixels, spec = renderer.scene, renderer.pixels(side), renderer.shown.get(side)
    if scene is None or pixels is None or spec is None or not isinstance(spec.inputs, GanInputs):
        return None
    text = picture_metadata(
        scene.info, spec.inputs, spec.subnet, current=document.subnet, file=file_name(document)
    )
    name = f"{Path(default_name(document)).stem}-{side}.png"
    return Shown("current", None, pixels, 0.5, name, text)


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
