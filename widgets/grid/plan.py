"""What a grid can show: variants as columns, seeds or pictures as rows. Pure; no Qt but its
translations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QCoreApplication

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.families.inputs import MAX_SEED, EncodedPicture, GanInputs
from studio.families.translation.info import TranslationInfo
from studio.session.document import CURRENT, FULL, NO_STEPS, STRIP_LENGTH, Document
from studio.session.samples import source_of
from studio.session.source import Source, StoredPicture
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.rungs import rungs
from widgets.captions import full_name, side_name, subnet_name, with_steps
from widgets.scene import normal, wanted_inputs

translate = QCoreApplication.translate
Seeds = Literal["one", "four", "eight", "strip", "pins", "samples", "recent"]
AT_FIRST = 4
MOST_CELLS = 120
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class GridColumn:
    """One variant.

    Args:
        id: ``full``, ``current``, the id of a kept variant, or ``rung`` with its width and pixels.
        name: for people. choice: its subnet. recipe: its baked steps.
    """

    id: str
    name: str
    choice: SubnetChoice
    recipe: Steps = NO_STEPS


@dataclass(frozen=True)
class GridRow:
    """What is drawn in one row.

    Args:
        inputs: what the model is asked. source: where they stand in the document, for models that
            draw from pictures.
    """

    name: str
    inputs: GanInputs | EncodedPicture
    source: Source | None = None


def columns_of(document: Document, info: ModelInfo) -> tuple[GridColumn, ...]:
    """Every variant there is: full, current, the kept ones, then the rungs of the model's ladder,
    costliest first. None stands there twice."""
    found: dict[tuple[SubnetChoice, Steps], GridColumn] = {}
    for ref in (FULL, CURRENT, *(variant.id for variant in document.kept)):
        recipe = document.recipe_of(ref)
        try:
            choice = normal(document.choice_of(ref), info)
        except MaquetteError:
            continue  # of another model
        name = _name(document, ref, choice, info)
        # As the document spells it: what was baked of it is found under that.
        column = GridColumn(ref, name, document.choice_of(ref), recipe)
        found.setdefault((choice, recipe), column)
    ladder = [normal(choice, info) for choice in rungs(info, SubnetChoice())]
    config = info.config
    for choice in sorted(ladder, key=lambda c: -cost(config, resolve(c, config)).macs):
        pixels = resolve(choice, config).resolution
        column = GridColumn(f"rung {choice.width:g} {pixels}", subnet_name(choice, config), choice)
        found.setdefault((choice, NO_STEPS), column)
    return tuple(found.values())


def _name(document: Document, ref: str, choice: SubnetChoice, info: ModelInfo) -> str:
    if ref == FULL:
        return full_name(info.config)
    if ref != CURRENT:
        return side_name(document, ref)
    name = subnet_name(choice, info.config)
    if document.recipe.active:
        name = with_steps(name, document.recipe)
    return translate("GridPlan", "current: {name}").format(name=name)


def first_columns(every: tuple[GridColumn, ...], chosen: list[str]) -> set[str]:
    """The ids that a grid begins with: full, current and what is ``chosen``; without a choice the
    first of the others, so that there is something to compare."""
    known = {column.id for column in every}
    wanted = {id_ for id_ in (FULL, CURRENT, *chosen) if id_ in known}
    if set(chosen) <= {FULL, CURRENT}:
        for column in every:
            if len(wanted) < AT_FIRST:
                wanted.add(column.id)
    return wanted


def rows_of(seeds: Seeds, document: Document) -> tuple[GridRow, ...]:
    """The rows: the present inputs with one or several seeds, or what is pinned."""
    if seeds == "pins":
        return tuple(_row(pin.inputs) for pin in document.pins)
    if seeds == "strip":
        first, count = document.strip_offset, STRIP_LENGTH
    else:
        first, count = document.inputs.seed, {"one": 1, "four": 4, "eight": 8}[seeds]
    last = min(first + count, MAX_SEED + 1)
    return tuple(_row(replace(document.inputs, seed=seed)) for seed in range(first, last))


def picture_rows(
    document: Document, info: TranslationInfo, pictures: Sequence[StoredPicture]
) -> tuple[GridRow, ...]:
    """The rows of a model that draws from pictures: what it draws from now, then ``pictures`` at
    the sizes that suit them, each once."""
    here = document.source
    now = wanted_inputs(document, info)
    assert isinstance(now, EncodedPicture)
    found = {now: GridRow(_source_name(here), now, here)}
    for picture in pictures:
        source = source_of(picture, info.config, here)
        inputs = EncodedPicture(picture.data, source.height, source.width)
        found.setdefault(inputs, GridRow(picture.name, inputs, source))
    return tuple(found.values())


def _source_name(source: Source) -> str:
    if source.kind == "picture" and source.picture is not None:
        return source.picture.name
    return translate("GridPlan", "drawing")


def _row(inputs: GanInputs) -> GridRow:
    return GridRow(translate("GridPlan", "seed {seed}").format(seed=inputs.seed), inputs)


def too_many(columns: int, rows: int, info: ModelInfo, pixels: int = 0) -> int | None:
    """How many pictures a grid may have where ``columns`` times ``rows`` are too many, else None:
    all of them are kept in memory, four bytes a pixel.

    Args:
        pixels: of the largest picture; 0 where all have the resolution of the model.
    """
    most = min(MOST_CELLS, max(1, MOST_BYTES // (4 * (pixels or info.config.resolution**2))))
    return most if columns * rows > most else None


def largest(rows: Sequence[GridRow]) -> int:
    """Pixels of the largest picture of rows that draw from pictures; 0 for others."""
    sizes = (row.source for row in rows if row.source is not None)
    return max(((s.width or 1) * (s.height or 1) for s in sizes), default=0)


def showing(document: Document, column: GridColumn, row: GridRow) -> Document:
    """The document with a cell on side B: its variant, which is kept where it is not yet, and its
    inputs."""
    here = (column.choice, column.recipe)
    refs = dict.fromkeys((column.id, FULL, CURRENT, *(variant.id for variant in document.kept)))
    ref = next((ref for ref in refs if _is(document, ref, here)), None)
    if ref is None:
        ref = f"k{document.next_id}"
        now = replace(document, subnet=column.choice, recipe=column.recipe).keeping(column.name)
        document = replace(now, subnet=document.subnet, recipe=document.recipe)
    view = replace(document.view, side_b=ref)
    if view.mode == "full":
        view = replace(view, mode="side")  # side B is not seen in that mode
    if row.source is not None:
        return replace(document, source=row.source, view=view)
    assert isinstance(row.inputs, GanInputs)
    return replace(document, inputs=row.inputs, view=view)


def _is(document: Document, ref: str, wanted: tuple[SubnetChoice, Steps]) -> bool:
    try:
        return (document.choice_of(ref), document.recipe_of(ref)) == wanted
    except MaquetteError:
        return False
