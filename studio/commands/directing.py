"""``maquette directions``: what a picture of a model can be moved along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from studio.commands.common import (
    JsonOption,
    ModelArgument,
    open_quietly,
    print_json,
    print_table,
    sentence_on_failure,
)
from studio.errors import BadChoice
from studio.families.directions import FOUND_COUNT, FoundDirection
from studio.families.inputs import MAX_STRENGTH
from studio.families.stylegan.stages import StageRange, stages_in

if TYPE_CHECKING:
    from studio.families.model import Model


@sentence_on_failure
def directions(
    model: ModelArgument,
    count: Annotated[
        int, typer.Option("--count", metavar="N", help="How many found directions to list.")
    ] = FOUND_COUNT,
    stages: Annotated[
        StageRange, typer.Option("--stages", help="The stages they are found for and act on.")
    ] = "all",
    as_json: JsonOption = False,
) -> None:
    """List the directions a model comes with and those found in its weights (SeFa)."""
    opened = open_quietly(model)
    record = as_record(opened, count, stages)
    if as_json:
        print_json(record)
        return
    rows = [[name, "the model", "", ""] for name in opened.info.directions]
    found = opened.found_directions(stages)
    pixels = ", ".join(str(each) for each in stages_in(stages, opened.info.config))
    for index in range(count):
        share, length = float(found.shares[index]), float(found.deviations[index])
        name = FoundDirection(index + 1, stages).name
        rows.append([name, f"SeFa, {pixels} px", f"{share:.1%}", f"{length:.3g}"])
    columns = ["name", "from", "share", "one unit"]
    print_table(columns, rows, title=opened.info.name, numbers=False)


def as_record(model: Model, count: int, stages: StageRange) -> dict[str, object]:
    """The JSON object that the command line promises.

    ``found`` gives for each direction its ``share`` of what all of them change, and the length of
    one unit of it in w, which is one standard deviation of w along it.

    Raises:
        BadChoice: the model has fewer directions, or no such stages.
    """
    config = model.info.config
    if not 1 <= count <= config.w_dim:
        raise BadChoice(f"{count} directions were asked for; this model has 1 to {config.w_dim}")
    found = model.found_directions(stages)
    return {
        "model": model.info.name,
        "named": list(model.info.directions),
        "stages": stages,
        "pixels": list(stages_in(stages, config)),
        "found": [
            {
                "name": FoundDirection(index + 1, stages).name,
                "share": float(found.shares[index]),
                "unit": float(found.deviations[index]),
            }
            for index in range(count)
        ],
        "least": -MAX_STRENGTH,
        "most": MAX_STRENGTH,
    }
