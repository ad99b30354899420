"""``maquette sensitivity``: what each convolution of a model loses by int8."""

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
    status,
)
from studio.errors import BadChoice
from studio.families.quantization import MOST_SAMPLES

if TYPE_CHECKING:
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
    as_json: JsonOption = False,
) -> None:
    """List what each convolution alone loses by int8, and which to leave in float."""
    for name, value, most in (("samples", samples, MOST_SAMPLES), ("seeds", seeds, MOST_SEEDS)):
        if not 1 <= value <= most:
            raise BadChoice(f"--{name} {value} is not within 1 and {most}")
    opened = open_quietly(model)
    from studio.families.quantization import QuantPlan
    from studio.recipes.sensitivity import Bench, proposed

    with status("looking at each layer") as progress:
        bench = Bench(opened, QuantPlan(samples=samples), seeds=seeds, progress=progress)
        found = bench.scan()
        # ToRGB stays in float whatever is wanted: hardly a multiply, and much of the damage.
        candidates = [name for name in bench.names if not name.startswith("rgb")]
        proposal = proposed(bench, candidates, wanted, found)
    if as_json:
        print_json(as_record(opened.info.name, wanted, found, proposal))
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
    print_table(
        ["layer", "dB alone in int8", "multiplies", "proposed"], rows, title=opened.info.name
    )
    predicted = "no change" if proposal.psnr is None else f"{proposal.psnr:.1f} dB"
    typer.echo(f"Predicted: {predicted} with {proposal.share:.0%} of the multiplies in int8.")
    if not proposal.reached:
        typer.echo(f"{wanted:g} dB is not reached.")


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
