"""What a grid can show: variants as columns, seeds or pictures as rows. Pure; no Qt but its
translations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Literal

from PySide6.QtCore import QCoreApplication

from studio.errors import MaquetteError
from studio.families.diffusion.config import DiffusionConfig
from studio.families.info import ModelInfo
from studio.families.inputs import MAX_SEED
from studio.families.translation.info import TranslationInfo
from studio.session.document import CURRENT, FULL, NO_STEPS, STRIP_LENGTH, Document
from studio.session.samples import source_of
from studio.session.source import Source, StoredPicture
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.rungs import rungs
from widgets.captions import full_name, side_name, stepped, subnet_name, with_steps
from widgets.scene import DIFFUSION, drafts, normal, wanted_inputs

translate = QCoreApplication.translate
Seeds = Literal["one", "four", "eight", "strip", "pins", "samples", "recent"]
AT_FIRST = 4
MOST_CELLS = 120
MOST_BYTES = 256 * 1024 * 1024
ROW_WIDTH, ROW_LINES = 18, 4  # characters and lines of a prompt beside a row


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


@dataclass(frozen=True, eq=False)
class GridRow:
    """What is drawn in one row: what ``document`` draws, whatever the family of its model. Each row
    is one of its own."""

    name: str
    document: Document


def columns_of(document: Document, info: ModelInfo) -> tuple[GridColumn, ...]:
    """Every variant there is: full, current, the kept ones, then the rungs of the model's ladder,
    costliest first. None stands there twice."""
    found: dict[tuple[SubnetChoice, Steps, bool], GridColumn] = {}
    drafted, worded = drafts(document, info), info.family == DIFFUSION
    whole = (True, False) if worded else ()
    asked_of = {full: wanted_inputs(document, info, draft=not full) for full in whole}
    for ref in (FULL, CURRENT, *(variant.id for variant in document.kept)):
        recipe = document.recipe_of(ref)
        try:
            choice = normal(document.choice_of(ref), info)
        except MaquetteError:
            continue  # of another model
        name = stepped(_name(document, ref, choice, info), asked_of.get(ref == FULL), choice)
        # As the document spells it: what was baked of it is found under that.
        column = GridColumn(ref, name, document.choice_of(ref), recipe)
        # The whole network is another variant where it draws in fewer steps.
        found.setdefault((choice, recipe, drafted and ref != FULL), column)
    ladder = [normal(choice, info) for choice in rungs(info, SubnetChoice())]
    config = info.config
    for choice in sorted(ladder, key=lambda c: -cost(config, resolve(c, config)).macs):
        pixels = resolve(choice, config).resolution
        ref = f"rung {choice.width:g} {pixels}"
        name = stepped(subnet_name(choice, config), asked_of.get(False), choice)
        found.setdefault((choice, NO_STEPS, drafted), GridColumn(ref, name, choice))
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


def rows_of(seeds: Seeds, document: Document, prompts: Sequence[str] = ()) -> tuple[GridRow, ...]:
    """The rows: what is drawn now with one or several seeds, or what is pinned.

    Args:
        prompts: of a pipeline, other prompts that every seed is drawn with too, each once.
    """
    if seeds == "pins":
        pinned = [document.at_pin(pin) for pin in document.pins]
        many = len({each.words.prompt for each in pinned}) > 1
        return tuple(_row(each, prompted=many) for each in pinned)
    if seeds == "strip":
        first, count = document.strip_offset, STRIP_LENGTH
    else:
        first, count = document.inputs.seed, {"one": 1, "four": 4, "eight": 8}[seeds]
    last = min(first + count, MAX_SEED + 1)
    every = dict.fromkeys((document.words.prompt, *prompts))
    return tuple(
        _row(
            replace(
                document,
                inputs=replace(document.inputs, seed=seed),
                words=replace(document.words, prompt=prompt),
            ),
            prompted=len(every) > 1,
        )
        for prompt in every
        for seed in range(first, last)
    )


def prompts_of(text: str) -> tuple[str, ...]:
    """One prompt a line; empty lines are none."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def picture_rows(
    document: Document, info: TranslationInfo, pictures: Sequence[StoredPicture]
) -> tuple[GridRow, ...]:
    """The rows of a model that draws from pictures: what it draws from now, then ``pictures`` at
    the sizes that suit them, each once."""
    found: dict[object, GridRow] = {}
    sources = [(_source_name(document.source), document.source)]
    sources += [(each.name, source_of(each, info.config, document.source)) for each in pictures]
    for name, source in sources:
        drawn = replace(document, source=source)
        found.setdefault(wanted_inputs(drawn, info), GridRow(name, drawn))
    return tuple(found.values())


def _source_name(source: Source) -> str:
    if source.kind == "picture" and source.picture is not None:
        return source.picture.name
    return translate("GridPlan", "drawing")


def _row(document: Document, *, prompted: bool) -> GridRow:
    name = translate("GridPlan", "seed {seed}").format(seed=document.inputs.seed)
    if prompted:
        lines = wrap(document.words.prompt, ROW_WIDTH, max_lines=ROW_LINES, placeholder="\u2026")
        name = "\n".join([name, *lines])
    return GridRow(name, document)


def too_many(columns: int, rows: int, info: ModelInfo, pixels: int = 0) -> int | None:
    """How many pictures a grid may have where ``columns`` times ``rows`` are too many, else None:
    all of them are kept in memory, four bytes a pixel.

    Args:
        pixels: of the largest picture; 0 where all have the resolution of the model.
    """
    most = min(MOST_CELLS, max(1, MOST_BYTES // (4 * (pixels or info.config.resolution**2))))
    return most if columns * rows > most else None


def largest(rows: Sequence[GridRow], info: ModelInfo) -> int:
    """Pixels of the largest picture of rows whose size is free; 0 for others."""
    if isinstance(info, TranslationInfo):
        sizes = [(r.document.source.width or 1, r.document.source.height or 1) for r in rows]
    elif isinstance(info.config, DiffusionConfig):
        sizes = [row.document.words.size(info.config) for row in rows]
    else:
        sizes = []
    return max((wide * high for wide, high in sizes), default=0)


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
    return replace(document, view=view).drawing_as(row.document)


def _is(document: Document, ref: str, wanted: tuple[SubnetChoice, Steps]) -> bool:
    try:
        return (document.choice_of(ref), document.recipe_of(ref)) == wanted
    except MaquetteError:
        return False
