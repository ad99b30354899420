"""A contact sheet: variants across, seeds down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Pixels = npt.NDArray[np.uint8]

GAP = 8
HEAD = 28  # room for the column names
SIDE = 72  # room for the seeds
PAPER, INK = (250, 250, 248), (60, 60, 60)


def contact_sheet(
    rows: Sequence[Sequence[Pixels]], columns: Sequence[str], seeds: Sequence[int], cell: int
) -> Pixels:
    """One picture of a grid of pictures.

    Args:
        rows: for each seed, the picture (h, w, 3) of each variant.
        columns: names of the variants. seeds: one per row.
        cell: height and width in pixels at which each picture is shown.
    """
    width = SIDE + len(columns) * (cell + GAP) + GAP
    height = HEAD + len(rows) * (cell + GAP) + GAP
    sheet = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    for x, name in enumerate(columns):
        middle = SIDE + x * (cell + GAP) + cell // 2
        draw.text((middle, HEAD // 2 + 2), name, INK, font, anchor="mm")
    for y, (seed, pictures) in enumerate(zip(seeds, rows, strict=True)):
        top = HEAD + y * (cell + GAP)
        draw.text((SIDE - GAP, top + cell // 2), f"seed {seed}", INK, font, anchor="rm")
        for x, picture in enumerate(pictures):
            image = Image.fromarray(picture).resize((cell, cell), Image.Resampling.BILINEAR)
            sheet.paste(image, (SIDE + x * (cell + GAP), top))
    return np.asarray(sheet)
