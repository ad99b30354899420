"""Recording a walk: every frame drawn, then written as GIF, WebP or numbered PNG files."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from studio import __version__
from studio.errors import MaquetteError, cause_of
from studio.families.moving_picture import (
    SHORTEST_GIF,
    Format,
    write_gif,
    write_numbered,
    write_webp,
)
from studio.families.picture_file import checked_target
from studio.families.walk import Walk, WalkPoint, checked_walk
from studio.processes.aside import folder_written_aside, written_aside
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.describe import METADATA_KEY
from studio.subnets.threads import suited_threads

if TYPE_CHECKING:
    from studio.families.info import ModelInfo
    from studio.families.model import Model

Pixels = npt.NDArray[np.uint8]
Progress = Callable[[float, str], None]
MOST_PIXELS = 250_000_000  # of all frames of one file, which are held in memory: 750 MB
DRAWING = 0.85  # share of the work


@dataclass(frozen=True)
class WalkMade:
    """A walk on disk.

    path: the file, or the folder of numbered files. frames: pictures in time; drawn: those of them
    that the network had to draw. width, height: pixels.
    """

    path: str
    format: Format
    frames: int
    drawn: int
    width: int
    height: int
    seconds: float


def format_of(out: Path) -> Format:
    """What a name asks for: ``.gif``, ``.webp``, or, without a suffix, a folder of PNG files.

    Raises:
        MaquetteError: it ends in something else.
    """
    suffix = out.suffix.lower()
    if suffix in (".gif", ".webp"):
        return "gif" if suffix == ".gif" else "webp"
    if suffix == "":
        return "png"
    raise MaquetteError(
        f"cannot write {out}: the name must end in .gif or .webp, "
        "or have no ending for a folder of numbered PNG pictures"
    )


def check_recording(walk: Walk, choice: SubnetChoice, out: Path, info: ModelInfo) -> Format:
    """Refuse what cannot be recorded before anything is drawn.

    Raises:
        MaquetteError: the walk, the subnet or the target will not do; one sentence.
    """
    checked_walk(walk)
    size = resolve(choice, info.config).resolution
    kind = format_of(out)
    if kind == "gif" and walk.seconds / walk.frames * 100 < SHORTEST_GIF:
        most = int(walk.seconds * 100 / SHORTEST_GIF)
        raise MaquetteError(
            f"a GIF shows at most 50 frames a second: {walk.seconds:g} seconds hold "
            f"{most} frames, not {walk.frames}; WebP and PNG take more"
        )
    if kind != "png" and walk.frames * size * size > MOST_PIXELS:
        raise MaquetteError(
            f"{walk.frames} frames of {size} px are too many for one file; up to "
            f"{MOST_PIXELS // size**2} go in, or record numbered PNG pictures instead"
        )
    if kind != "png":
        checked_target(out)
    elif out.is_dir() and not any(out.iterdir()):
        pass  # an empty folder is as good as none
    elif out.exists():
        raise MaquetteError(f"cannot write {out}: it exists already; name a new folder")
    elif not out.absolute().parent.is_dir():
        raise MaquetteError(f"cannot write {out}: the folder {out.parent} does not exist")
    return kind


def record_walk(
    model: Model,
    walk: Walk,
    choice: SubnetChoice,
    out: Path,
    token: str,
    progress: Progress = lambda fraction, text: None,
    *,
    recipe: Sequence[Mapping[str, Any]] = (),
) -> WalkMade:
    """Draw a walk and write it, whole or not at all.

    Args:
        choice: the subnet that draws.
        out: a file ending in ``.gif`` or ``.webp``, or a folder to be made.
        token: names the hidden folder beside ``out`` in which it is prepared.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
        recipe: the steps that made ``model``, as plain values; none for a model itself.

    Raises:
        MaquetteError: the walk, the subnet or the target will not do, or the disk refused.
    """
    kind = check_recording(walk, choice, out, model.info)
    points = walk.points()
    frames = _drawn(model, points, choice, progress)
    size = resolve(choice, model.info.config).resolution
    about = walk_metadata(model.info, walk, choice, recipe)
    try:
        if kind == "png":
            with folder_written_aside(out, token) as folder:
                write_numbered(folder, frames, len(points), lambda i: _frame_text(about, points[i]))
        else:
            pictures = list(frames)
            with written_aside(out, token) as path:
                progress(DRAWING, "writing the file")
                write = write_gif if kind == "gif" else write_webp
                write(path, pictures, walk.seconds, about)
    except OSError as error:
        raise MaquetteError(f"cannot write {out}: {cause_of(error)}") from error
    progress(1.0, "done")
    drawn = len({point.at for point in points})
    return WalkMade(str(out), kind, len(points), drawn, size, size, walk.seconds)


def _drawn(
    model: Model, points: tuple[WalkPoint, ...], choice: SubnetChoice, progress: Progress
) -> Iterator[Pixels]:
    """The pictures in order. What comes again on the way back is drawn once."""
    again = {at for at, times in Counter(p.at for p in points).items() if times > 1}
    kept: dict[float, Pixels] = {}
    with suited_threads(model.info.config, choice):
        for index, point in enumerate(points):
            progress(DRAWING * index / len(points), f"frame {index + 1} of {len(points)}")
            found = kept.get(point.at)
            if found is None:
                found = model.render(point, choice)
                if point.at in again:
                    kept[point.at] = found
            yield found


def walk_metadata(
    info: ModelInfo, walk: Walk, choice: SubnetChoice, recipe: Sequence[Mapping[str, Any]] = ()
) -> str:
    """What a recorded walk says of itself, as JSON: model, pins, recipe, subnet, times, app."""
    record = {
        "model": info.name,
        "source_sha256": info.source_sha256,
        "licence": info.licence,
        "walk": asdict(walk),
        "recipe": list(recipe),
        "subnet": asdict(choice),
        "history": [asdict(step) for step in info.history],
        "app": f"Maquette {__version__}",
    }
    return json.dumps(record, sort_keys=True)


def _frame_text(about: str, point: WalkPoint) -> tuple[tuple[str, str], ...]:
    app = f"Maquette {__version__}"
    return (("Software", app), (METADATA_KEY, about), ("maquette-at", f"{point.at:.6g}"))
