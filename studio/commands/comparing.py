"""``maquette compare``: subnets against full, measured here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.commands.common import (
    ClassOption,
    CutoffOption,
    EditOption,
    JsonOption,
    MixFromOption,
    MixSeedOption,
    MixStagesOption,
    ModelArgument,
    NoiseOption,
    ResolutionOption,
    RuleOption,
    TargetOption,
    TruncationOption,
    WidthsOption,
    checked_output,
    mixed_stages,
    open_quietly,
    parse_edits,
    parse_widths,
    print_json,
    print_table,
    sentence_on_failure,
    status,
)
from studio.commands.varying import RecipesOption, found, varied
from studio.families.inputs import GanInputs
from studio.runtimes.target import Target, reference_of
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from studio.fidelity.measurement import Measurement


@sentence_on_failure
def compare(
    model: ModelArgument,
    width: Annotated[
        list[float] | None,
        typer.Option(
            "--width",
            metavar="R",
            help="Uniform ratio (repeatable).",
            show_default="those the model was trained for; none beside recipes",
        ),
    ] = None,
    widths: WidthsOption = None,
    width_rule: RuleOption = "literal",
    resolution: ResolutionOption = None,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="Number of seeds; medians are given.")
    ] = 8,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The first seed.")] = 0,
    label: ClassOption = None,
    truncation: TruncationOption = 1.0,
    cutoff: CutoffOption = None,
    noise: NoiseOption = 1.0,
    edit: EditOption = None,
    mix_seed: MixSeedOption = None,
    mix_from: MixFromOption = 0,
    mix_stages: MixStagesOption = None,
    target: TargetOption = "pytorch",
    recipe: RecipesOption = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a report with plot and pictures too."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure subnets and variants against full: fidelity, size, multiplies, latency here."""
    if html is not None:
        from studio.families.picture_file import checked_target

        checked_target(checked_output(html, ".html"))
    recipes = [found(each) for each in recipe or ()]
    free = parse_widths(widths)
    edits = parse_edits(edit)
    opened = open_quietly(model)
    from studio.engine.drawing import drawer, made_here
    from studio.fidelity.measure import Subject, measure
    from studio.subnets.ladder import ladder

    uniform = width or (() if recipes or free else ladder(opened.info))
    choices = [SubnetChoice(width=w, rule=width_rule, resolution=resolution) for w in uniform]
    if free:
        choices.append(SubnetChoice(rule=width_rule, widths=free, resolution=resolution))
    inputs = GanInputs(
        seed=seed,
        label=label,
        truncation=truncation,
        truncation_cutoff=cutoff,
        noise=noise,
        edits=edits,
        mix_seed=mix_seed,
        mix_from=mix_from,
        mix_stages=mixed_stages(mix_stages, opened.info.config),
    )
    # Only quantised variants run in int8; full and the others are drawn in float32 beside them.
    plain = str(reference_of(Target.parse(target)))
    draws = drawer(opened, plain)
    others = []
    for each in recipes:
        made = varied(opened, each)
        on = target if made.model.info.quantised else plain
        others.append(Subject(each.name, made.model, made.choice, drawer(made.model, on)))
    with status("measuring") as progress:
        results = measure(
            opened,
            choices,
            others=others,
            inputs=inputs,
            seeds=seeds,
            drawer=draws,
            progress=progress,
        )
    if html is not None:
        from studio.recipes.recipe import to_text
        from studio.reporting.comparison import ReportedVariant, write_comparison
        from studio.reporting.comparison import Subject as Reported

        with status("writing the report") as progress:
            here = made_here(results)
            count = len(here) - len(others)
            variants = tuple(
                ReportedVariant(each.name, each.model, each.choice, to_text(recipe), (measured,))
                for each, recipe, measured in zip(others, recipes, here[count:], strict=True)
            )
            reported = Reported(here[:count], inputs, inputs, seeds, variants=variants)
            write_comparison(opened, reported, html, progress=progress)
        typer.echo(f"{html}: {len(results)} variants", err=as_json)
    if as_json:
        print_json([as_record(m) for m in results])
        return
    columns = ["variant", "PSNR dB", "SSIM", "FLIP", "parameters", "MACs", "MB", "ms (p10-p90)"]
    title = f"{opened.info.name}: median of {seeds} seeds against full, {results[0].target}"
    for m in results:
        if m.target != results[0].target:
            title += f"; {m.name} on {m.target}"
    print_table(columns, [_row(m) for m in results], title=title)


def as_record(m: Measurement) -> dict[str, object]:
    """A measurement as the JSON object that the command line promises."""
    return {
        "name": m.name,
        "psnr": m.psnr,
        "ssim": m.ssim,
        "flip": m.flip,
        "parameters": m.parameters,
        "macs": m.macs,
        "paper_macs": m.paper_macs,
        "size_bytes": m.size_bytes,
        "latency_ms": {
            "median": m.latency_ms.median,
            "p10": m.latency_ms.p10,
            "p90": m.latency_ms.p90,
        },
        "target": m.target,
        "threads": m.threads,
    }


def _row(m: Measurement) -> list[str]:
    from studio.subnets.describe import in_words

    latency = m.latency_ms
    return [
        m.name,
        "equal" if m.psnr is None else f"{m.psnr:.1f}",
        f"{m.ssim:.3f}",
        f"{m.flip:.3f}",
        in_words(m.parameters),
        in_words(m.macs),
        f"{m.size_bytes / 1e6:.1f}",
        f"{latency.median:.1f} ({latency.p10:.1f}-{latency.p90:.1f})",
    ]
