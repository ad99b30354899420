"""The app's main job without a window: cut subnets, compare them with full, write it down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from studio.errors import MaquetteError, cause_of
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.picture_file import replacing, write_png
from studio.fidelity.compare import compare_pictures
from studio.fidelity.measure import measure
from studio.reporting.page import Example, Grid, Pixels, html_page
from studio.reporting.sheet import contact_sheet
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import picture_metadata, variant_name
from studio.subnets.ladder import ladder

ROWS = 4  # seeds on the contact sheet
CELL = 128  # pixels across of one picture there
LARGEST = 512  # pixels across of a picture inside the page


def run_demo(
    model: Model,
    folder: str | Path,
    *,
    seeds: int = 8,
    inputs: GanInputs = GanInputs(),
    progress: Callable[[float, str], None] | None = None,
) -> Path:
    """Write ``full.png``, ``subnet.png``, ``difference.png``, ``sheet.png`` and ``index.html``.

    Args:
        folder: made when missing.
        seeds: over how many seeds fidelity is taken.
        inputs: seed, truncation and class of the pictures at the head.
        progress: called with a fraction in [0, 1] and a line of text.

    Returns:
        The path of ``index.html``.

    Raises:
        MaquetteError: the folder cannot be written.
    """
    folder = _made(Path(folder))
    report = progress or (lambda fraction, text: None)
    full = SubnetChoice()
    choices = [full, *_choices(model)]
    measurements = measure(
        model,
        choices,
        inputs=inputs,
        seeds=seeds,
        progress=lambda fraction, text: report(0.8 * fraction, text),
    )
    report(0.8, "drawing the contact sheet")
    rows = []
    numbers = tuple(inputs.seed + i for i in range(ROWS))
    for number in numbers:
        each = replace(inputs, seed=number)
        rows.append(tuple(model.render(each, choice) for choice in choices))
    names = tuple(variant_name(choice) for choice in choices)
    chosen = measurements[-2]  # the narrowest at full resolution
    reference, candidate = model.render(inputs), model.render(inputs, chosen.choice)
    difference = compare_pictures(reference, candidate, with_map=True).map
    assert difference is not None
    report(0.9, "writing the report")
    for name, picture, choice in (
        ("full.png", reference, full),
        ("subnet.png", candidate, chosen.choice),
    ):
        write_png(folder / name, picture, dict(picture_metadata(model.info, inputs, choice)))
    write_png(folder / "difference.png", difference)
    write_png(folder / "sheet.png", contact_sheet(rows, names, numbers, CELL))
    example = Example(
        _at_most(reference), _at_most(candidate), _at_most(difference), chosen, inputs.seed
    )
    grid = Grid(names, numbers, tuple(tuple(_at_most(p, CELL * 2) for p in row) for row in rows))
    page = folder / "index.html"
    with replacing(page) as aside:
        aside.write_text(html_page(model.info, measurements, example, grid, seeds), "utf-8")
    report(1.0, "done")
    return page


def _choices(model: Model) -> list[SubnetChoice]:
    """A ladder of widths, and the narrowest once more at half the resolution."""
    widths = ladder(model.info)
    config = model.info.config
    lower = max(config.resolution // 2, config.resolutions[0])
    return [
        *(SubnetChoice(width=width) for width in widths),
        SubnetChoice(width=widths[-1], resolution=lower),
    ]


def _at_most(picture: Pixels, limit: int = LARGEST) -> Pixels:
    """A picture for the page, scaled down when it is larger than ``limit`` pixels across."""
    if picture.shape[0] <= limit:
        return picture
    image = Image.fromarray(picture).resize((limit, limit), Image.Resampling.BOX)
    return np.asarray(image)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MaquetteError(f"cannot write to {folder}: {cause_of(error)}") from error
    return folder
