"""Many inputs for measures and calibration: out of one picture, out of a folder, or drawn by us.

Out of a picture come its mirror image and crops. A folder gives its pictures, and where they are
too few their mirror images and crops too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from studio.errors import BadChoice, RefusedFile, cause_of
from studio.families.inputs import PictureInputs
from studio.families.picture_kinds import SUFFIXES
from studio.families.translation.config import TranslationConfig
from studio.families.translation.reading import read_instances, read_picture
from studio.families.translation.scenes import SAID, drawn_inputs

Pixels = npt.NDArray[np.generic]
SHARES = (0.875, 0.75, 0.625, 0.5)  # of height and width, of the crops
PLACES = ((0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0.5, 0.5))


@dataclass(frozen=True)
class Gathered:
    """Different inputs, and where they come from in words."""

    inputs: tuple[PictureInputs, ...]
    said: str


def gathered(
    source: str | None,
    count: int,
    config: TranslationConfig,
    *,
    size: tuple[int, int] | None = None,
    seed: int = 0,
) -> Gathered:
    """``count`` different inputs.

    Args:
        source: a picture, or a folder of them; None for test pictures that Maquette draws.
        size: (height, width) to draw at. None: of a folder and of test pictures that of training,
            of one picture its own.
        seed: of the test pictures.

    Raises:
        RefusedFile: the source or a picture in it cannot be read, or a folder holds none.
        BadChoice: it gives fewer inputs than are wanted, or they do not suit the model.
    """
    height, width = size or (config.settings.height, config.settings.width)
    if why := config.refusal(height, width):
        raise BadChoice(why)
    if source is None:
        made = drawn_inputs(config, count, seed, size)
        what = "label maps" if config.takes_labels else "pictures"
        return Gathered(made, f"{count} test {what} {SAID}")
    if not Path(source).is_dir():
        first = PictureInputs(source, None, *(size or (None, None)))
        found = several(first, count, config)
        more = "" if count == 1 else ", its mirror image and crops of it"
        return Gathered(found, f"{Path(source).name}{more}")
    pictures = [
        PictureInputs(str(path), height=height, width=width) for path in pictures_in(Path(source))
    ]
    name = Path(source).name
    if len(pictures) >= count:
        return Gathered(tuple(pictures[:count]), f"{count} pictures of the folder {name}")
    share = -(-count // len(pictures))
    each = [several(picture, share, config) for picture in pictures]
    rounds = [own[turn] for turn in range(share) for own in each]
    said = f"the {len(pictures)} pictures of the folder {name}, their mirror images and crops"
    return Gathered(tuple(rounds[:count]), said)


def pictures_in(folder: Path) -> list[Path]:
    """The pictures of a folder by name.

    Raises:
        RefusedFile: it cannot be read, or holds none.
    """
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    except OSError as error:
        raise RefusedFile(f"cannot read the folder {folder}: {cause_of(error)}") from error
    if not found:
        raise RefusedFile(f"{folder} holds no pictures; accepted are {', '.join(SUFFIXES)}")
    return found


def several(
    first: PictureInputs, count: int, config: TranslationConfig
) -> tuple[PictureInputs, ...]:
    """``count`` different inputs: ``first``, its mirror image, then crops and their mirror images,
    from large to small. All are drawn at the size of the first.

    Raises:
        RefusedFile: the picture cannot be read.
        BadChoice: the picture is so plain or so small that no more can be made of it.
    """
    if count <= 1:
        return (first,)[:count]
    picture = read_picture(first.picture, config)
    instances = None if first.instances is None else read_instances(first.instances)
    height, width = picture.shape[:2]
    size = (first.height, first.width)
    if None in size:
        size = config.nearest(height, width)
    base = replace(first, height=size[0], width=size[1])
    found, seen = [first], {picture.tobytes()}
    boxes = [(0, 0, height, width)]
    for share in SHARES:
        h, w = max(1, round(height * share)), max(1, round(width * share))
        boxes += [(round((height - h) * y), round((width - w) * x), h, w) for y, x in PLACES]
    for top, left, h, w in boxes:
        for step in (1, -1):
            part = picture[top : top + h, left : left + w][:, ::step]
            # A crop is another input only when it holds something else.
            if len(found) == count or (said := part.tobytes()) in seen:
                continue
            seen.add(said)
            cut = (
                None if instances is None else instances[top : top + h, left : left + w][:, ::step]
            )
            found.append(replace(base, picture=part, instances=cut))
    if len(found) < count:
        raise BadChoice(
            f"{count} different inputs are wanted and this picture of {width} x {height} px gives "
            f"{len(found)}; accepted are larger pictures, or a folder of several"
        )
    return tuple(found)
