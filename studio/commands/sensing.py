"""``maquette sensitivity``: what each convolution of a model loses by int8."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.commands.common import (
    JsonOption,
    ModelArgument,
    open_quietly,
    print_json,
    print_table,
    sentence_on_failure,
    status,
)
from studio.commands.varying import RecipeOption, active_steps
from studio.commands.varying import found as found_recipe
from studio.errors import BadChoice
from studio.families.quantization import MOST_SAMPLES
from studio.recipes.scan import SCAN_SEEDS

if TYPE_CHECKING:
    from studio.recipes.recipe import Recipe
    from studio.recipes.scan import Proposal, Sensitivity

MOST_SEEDS = 256


@sentence_on_failure
def sensitivity(
    model: ModelArgument,
    wanted: Annotated[
        float | None,
        typer.Option(
            "--wanted", metavar="DB", help="PSNR to propose layers to keep for; else the recipe's."
        ),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            "--budget",
            metavar="PERCENT",
            help="Of a pipeline: error of the denoiser's output to propose layers to keep for.",
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            "--samples", metavar="N", help="Latents to find ranges over; else the recipe's."
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="Pictures to judge by.")
    ] = SCAN_SEEDS,
    recipe: RecipeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what each layer alone loses by int8, and which to leave in float: convolutions, and of
    a pipeline's denoiser also linear layers.

    As the recipe's int8 step says, or as int8 does by itself, on the network that the steps before
    it make: all of them where the recipe has none. The window finds a scan with the usual seeds.
    """
    if budget is not None and not 0.1 <= budget <= 50:
        raise BadChoice(f"--budget {budget:g} is not within 0.1 and 50 %")
    for name, value, most in (("samples", samples, MOST_SAMPLES), ("seeds", seeds, MOST_SEEDS)):
        if value is not None and not 1 <= value <= most:
            raise BadChoice(f"--{name} {value} is not within 1 and {most}")
    from studio.engine.scanning import scanned

    read = None if recipe is None else found_recipe(recipe)
    opened = open_quietly(model)
    before = None if read is None else before_plans(read)
    earlier = [] if before is None else active_steps(before)
    told = {"wanted": wanted, "samples": samples, "budget": budget}
    whole = _with_int8(read, before, {n: v for n, v in told.items() if v is not None})
    with status("looking at each layer") as progress:
        scan = scanned(opened, whole, progress, seeds)
    found, proposal, wanted = scan.found, scan.proposal, scan.wanted
    fixed = {name for name, _ in scan.fixed}
    if as_json:
        named = {} if read is None else {"recipe": {"name": read.name, "steps": earlier}}
        record = as_record(opened.info.name, wanted, found, proposal)
        print_json({**record, "by_output": scan.by_output, **named})
        return

    def said(value: float | None, none: str) -> str:
        if value is None:
            return none
        return f"{10 ** (-value / 20):.2%}" if scan.by_output else f"{value:.1f}"

    rows = [
        [
            layer.name,
            said(layer.psnr, "-"),
            f"{layer.macs:.1%}",
            _where(layer.name, proposal, fixed),
        ]
        for layer in found.layers
    ]
    title = opened.info.name
    if read is not None and earlier:
        title += f" after {', '.join(str(step['technique']) for step in earlier)} of {read.name}"
    alone = "output error alone in int8" if scan.by_output else "dB alone in int8"
    print_table(["layer", alone, "multiplies", "proposed"], rows, title=title)
    unit = "" if scan.by_output or proposal.psnr is None else " dB"
    predicted = f"{said(proposal.psnr, 'no change')}{unit}"
    typer.echo(f"Predicted: {predicted} with {proposal.share:.0%} of the multiplies in int8.")
    if not proposal.reached:
        typer.echo(f"{said(wanted, '')}{unit} is not reached.")


def before_plans(recipe: Recipe) -> Recipe:
    """The steps of a recipe before the first that says how the network is quantised.

    Raises:
        BadRecipe: a step is wrong; the sentence names it.
    """
    from studio.recipes.checking import checked
    from studio.recipes.registry import load_registry

    for step in checked(recipe, load_registry()):
        if "lower" in step.technique.verbs():
            return replace(recipe, steps=recipe.steps[: step.number - 1])
    return recipe


def _with_int8(read: Recipe | None, before: Recipe | None, told: dict[str, Any]) -> Recipe:
    """The steps ``before``, then the int8 step of ``read`` with what is ``told`` beside it."""
    from studio.recipes.recipe import Recipe, Step
    from studio.recipes.scan_store import SCANNED
    from studio.recipes.values import Values, thawed

    start = before or Recipe(SCANNED)
    steps = () if read is None else read.steps[len(start.steps) :]
    last = next((s for s in steps if s.on and s.technique == SCANNED), Step(SCANNED))
    params = {**thawed(last.params), **told}
    return replace(start, steps=(*start.steps, replace(last, params=Values(params))))


def _where(name: str, proposal: Proposal, fixed: Collection[str]) -> str:
    return "float" if name in proposal.keep or name in fixed else "int8"


def as_record(
    name: str, wanted: float, found: Sensitivity, proposal: Proposal
) -> dict[str, object]:
    """The JSON object that the command line promises. ``psnr`` in dB to f32, null for no change;
    with ``by_output`` it is signal to noise of the denoiser's output; ``macs`` as shares of all
    multiplies."""
    return {
        "model": name,
        "seeds": found.seeds,
        "layers": [
            {"name": each.name, "psnr": each.psnr, "error": each.error, "macs": each.macs}
            for each in found.layers
        ],
        "together": found.together,
        "wanted": wanted,
        "proposal": {
            "keep": list(proposal.keep),
            "psnr": proposal.psnr,
            "int8": proposal.share,
            "reached": proposal.reached,
        },
    }
