"""Writes drawn busts as a data set: pictures, line drawings, label maps, attributes, captions.

The folder follows the Hugging Face "imagefolder" convention, one line of ``metadata.jsonl`` a
picture, so that ``datasets.load_dataset("imagefolder", data_dir=...)`` reads it as it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from studio.errors import BadChoice, NoFolder, cause_of
from studio.processes.aside import folder_written_aside
from studio.training.clay_heads.captions import caption
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.render import Renders, render
from studio.training.clay_heads.scene import ATTRIBUTES, KINDS, Scenes, scene_from_z
from studio.training.clay_heads.shading import Label

BLOCK = 8
SIZES = (16, 1024)
# One colour a label, for people who look at the maps: the palette of the label PNG files.
PALETTE: dict[Label, tuple[int, int, int]] = {
    Label.BACKDROP: (46, 52, 64),
    Label.CLAY: (214, 160, 120),
    Label.SHIRT: (94, 129, 172),
    Label.HAIR: (121, 85, 61),
    Label.BEARD: (158, 118, 84),
    Label.HAT: (191, 97, 106),
    Label.BROW: (70, 50, 40),
    Label.EYE: (236, 239, 244),
    Label.PUPIL: (20, 24, 32),
    Label.LID: (180, 142, 173),
    Label.MOUTH: (140, 30, 45),
    Label.GLASSES: (235, 203, 139),
}
FOLDERS = ("images", "lines", "labels")


def label_picture(labels: Tensor) -> Image.Image:
    """A label map (h, w) uint8 as a palette picture."""
    picture = Image.fromarray(labels.numpy(), mode="P")
    picture.putpalette([part for label in Label for part in PALETTE[label]])
    return picture


def _picture(plane: Tensor) -> Image.Image:
    """A plane (1 or 3, h, w) in [0, 1] as an 8-bit picture."""
    pixels = (plane.permute(1, 2, 0) * 255.0).round().byte().numpy()
    return Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)


def _record(scenes: Scenes, name: str, seed: int, index: int) -> str:
    """One line of metadata for the first of ``scenes``."""
    words = caption(scenes)
    line: dict[str, object] = {
        "file_name": f"images/{name}",
        "lines": f"lines/{name}",
        "labels": f"labels/{name}",
        "text": words.english,
        "text_ko": words.korean,
        "seed": seed,
        "index": index,
    }
    for attribute in ATTRIBUTES:
        line[attribute.name] = round(float(scenes.column(attribute.name)[0]), 5)
    for kind in KINDS:
        line[kind.name] = kind.options[int(scenes.option(kind.name)[0])]
    return json.dumps(line, ensure_ascii=False)


def _readme(count: int, size: int, seed: int) -> str:
    labels = "\n".join(f"- {int(label)}: {label.name.lower()}" for label in Label)
    ranges = "\n".join(f"- `{a.name}` {a.low:g} to {a.high:g}: {a.meaning}" for a in ATTRIBUTES)
    kinds = "\n".join(f"- `{k.name}`: {', '.join(k.options)}" for k in KINDS)
    return (
        f"# Clay heads\n\n{count} busts at {size} x {size} pixels, drawn by Maquette (seed {seed})."
        " No photographs, no people.\n\n"
        "`metadata.jsonl` holds a line per bust: files, captions in English and Korean, attributes "
        "and kinds.\n\n"
        f"## Attributes\n{ranges}\n\n## Kinds\n{kinds}\n\n## Labels\n{labels}\n"
    )


def write_world(
    folder: Path,
    count: int,
    size: int,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Write ``count`` busts at ``size`` px into ``folder``, which must not exist or be empty.

    The same arguments write the same files. Everything is written aside and renamed, so a stopped
    run leaves nothing behind; ``progress(done, count)`` may raise to stop.

    Raises:
        BadChoice: count or size out of range. NoFolder: the folder cannot be written.
    """
    if count < 1:
        raise BadChoice(f"{count} busts were asked for; at least 1 can be drawn")
    if size % 2 or not SIZES[0] <= size <= SIZES[1]:
        raise BadChoice(f"size {size} is not an even number of pixels from 16 to 1024")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NoFolder(f"{folder} is not an empty folder; name a new one")
    try:
        with folder_written_aside(folder, f"world-{os.getpid()}") as aside:
            for name in FOLDERS:
                (aside / name).mkdir()
            _fill(aside, count, size, seed, progress)
            (aside / "README.md").write_text(_readme(count, size, seed), encoding="utf-8")
    except OSError as error:
        raise NoFolder(f"{folder} cannot be written: {cause_of(error)}") from error


def _fill(
    aside: Path, count: int, size: int, seed: int, progress: Callable[[int, int], None]
) -> None:
    z = latents(count, seed)
    digits = max(5, len(str(count - 1)))
    with (aside / "metadata.jsonl").open("w", encoding="utf-8") as metadata, torch.no_grad():
        for start in range(0, count, BLOCK):
            scenes = scene_from_z(z[start : start + BLOCK])
            drawn = render(scenes, size)
            names = [f"{start + k:0{digits}d}.png" for k in range(len(scenes))]
            _save(aside, drawn, names)
            for k, name in enumerate(names):
                metadata.write(_record(scenes.part(k, k + 1), name, seed, start + k) + "\n")
            progress(start + len(scenes), count)


def _save(aside: Path, drawn: Renders, names: Sequence[str]) -> None:
    for k, name in enumerate(names):
        _picture(drawn.pictures[k]).save(aside / "images" / name)
        _picture(drawn.lines[k]).save(aside / "lines" / name)
        label_picture(drawn.labels[k]).save(aside / "labels" / name)
