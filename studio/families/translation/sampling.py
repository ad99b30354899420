"""Many inputs out of one picture, for measures that want several: mirror images and crops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from studio.errors import BadChoice
from studio.families.inputs import PictureInputs
from studio.families.translation.config import TranslationConfig
from studio.families.translation.reading import read_instances, read_picture

Pixels = npt.NDArray[np.generic]
SHARES = (0.875, 0.75, 0.625, 0.5)  # of height and width, of the crops
PLACES = ((0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0.5, 0.5))


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
