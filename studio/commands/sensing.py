"""``maquette sensitivity``: what each convolution of a model loses by int8."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

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
from studio.commands.varying import RecipeOption, active_steps, stylegan_of, varied
from studio.commands.varying import found as found_recipe
from studio.errors import BadChoice
from studio.families.quantization import MOST_SAMPLES
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from studio.recipes.recipe import Recipe
    from studio.recipes.scan import Proposal, Sensitivity

MOST_SEEDS = 256


@sentence_on_failure
def sensitivity(
    model: ModelArgument,
    wanted: Annotated[
        float,
        typer.Option("--wanted", metavar="DB", help="PSNR to propose layers to keep for."),
    ] = 38.0,
    samples: Annotated[
        int, typer.Option("--samples", metavar="N", help="Latents to find ranges over.")
    ] = 32,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="Pictures to judge by.")] = 8,
    recipe: RecipeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what each convolution alone loses by int8, and which to leave in float.

    With a recipe, of the network that its steps before int8 make: all of them where it has none.
    """
    for name, value, most in (("samples", samples, MOST_SAMPLES), ("seeds", seeds, MOST_SEEDS)):
        if not 1 <= value <= most:
            raise BadChoice(f"--{name} {value} is not within 1 and {most}")
    read = None if recipe is None else found_recipe(recipe)
    opened = open_quietly(model)
    choice, earlier = SubnetChoice(), []
    if read is not None:
        before = before_plans(read)
        variant = varied(opened, before)
        opened, choice = stylegan_of(variant.model), variant.choice
        earlier = active_steps(before)
    from studio.families.quantization import QuantPlan
    from studio.recipes.sensitivity import Bench, proposed

    with status("looking at each layer") as progress:
        plan = QuantPlan(samples=samples)
        bench = Bench(opened, plan, seeds=seeds, choice=choice, progress=progress)
        found = bench.scan()
        # ToRGB stays in float whatever is wanted: hardly a multiply, and much of the damage.
        candidates = [name for name in bench.names if not name.startswith("rgb")]
        proposal = proposed(bench, candidates, wanted, found)
    if as_json:
        named = {} if read is None else {"recipe": {"name": read.name, "steps": earlier}}
        print_json({**as_record(opened.info.name, wanted, found, proposal), **named})
        return
    rows = [
        [
            layer.name,
            "-" if layer.psnr is None else f"{layer.psnr:.1f}",
            f"{layer.macs:.1%}",
            _where(layer.name, proposal),
        ]
        for layer in found.layers
    ]
    title = opened.info.name
    if read is not None and earlier:
        title += f" after {', '.join(str(step['technique']) for step in earlier)} of {read.name}"
    print_table(["layer", "dB alone in int8", "multiplies", "proposed"], rows, title=title)
    predicted = "no change" if proposal.psnr is None else f"{proposal.psnr:.1f} dB"
    typer.echo(f"Predicted: {predicted} with {proposal.share:.0%} of the multiplies in int8.")
    if not proposal.reached:
        typer.echo(f"{wanted:g} dB is not reached.")


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


def _where(name: str, proposal: Proposal) -> str:
    return "float" if name in proposal.keep or name.startswith("rgb") else "int8"


def as_record(
    name: str, wanted: float, found: Sensitivity, proposal: Proposal
) -> dict[str, object]:
    """The JSON object that the command line promises. ``psnr`` in dB to f32, null for no change;
    ``macs`` as shares of all multiplies."""
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
