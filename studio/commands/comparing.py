"""``maquette compare``: subnets against full, measured here."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.commands.common import (
    AnswerOption,
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
    open_answered,
    parse_edits,
    parse_widths,
    print_json,
    print_table,
    sentence_on_failure,
    status,
)
from studio.commands.diffusing import (
    DenoiserOption,
    DepthOption,
    DiffusionOptions,
    GuidanceOption,
    LoraOption,
    MaskOption,
    NegativeOption,
    PromptOption,
    ReuseOption,
    SchedulerOption,
    StepsOption,
    StrengthOption,
    denoised,
    with_loras,
)
from studio.commands.picturing import InputOption, SizeOption, compared
from studio.commands.varying import RecipesOption, SweepsOption, all_found, runs_on, varied
from studio.errors import MaquetteError
from studio.families.inputs import GanInputs
from studio.fidelity.in_words import decibels, ranged
from studio.runtimes.target import Target, reference_of
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import width_range

if TYPE_CHECKING:
    from studio.families.generative import AnyModel
    from studio.fidelity.measure import Subject
    from studio.fidelity.measurement import Measurement

Progress = Callable[[float, str], None]


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
        int,
        typer.Option("--seeds", metavar="N", help="Number of seeds or pictures compared over."),
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
    sweep: SweepsOption = None,
    memory: Annotated[
        bool, typer.Option("--memory", help="Also the memory that each takes, in its own process.")
    ] = False,
    realism: Annotated[
        bool,
        typer.Option("--realism", help="Also the distance to the world of clay heads."),
    ] = False,
    fid_weights: Annotated[
        Path | None,
        typer.Option(
            "--fid-weights",
            metavar="FILE",
            help="Also FID to full, with this file of the Inception network.",
            show_default="none; nothing is fetched",
        ),
    ] = None,
    lpips_weights: Annotated[
        Path | None,
        typer.Option(
            "--lpips-weights",
            metavar="FILE",
            help="Also LPIPS to full, with this file of AlexNet, VGG16 or LPIPS.",
            show_default="none; nothing is fetched",
        ),
    ] = None,
    picture: InputOption = None,
    size: SizeOption = None,
    answer: AnswerOption = None,
    prompt: PromptOption = None,
    negative: NegativeOption = None,
    steps: StepsOption = None,
    guidance: GuidanceOption = None,
    scheduler: SchedulerOption = None,
    mask: MaskOption = None,
    strength: StrengthOption = None,
    depth: DepthOption = None,
    reuse: ReuseOption = None,
    lora: LoraOption = None,
    denoiser: DenoiserOption = None,
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
    if memory and denoiser is not None:
        raise MaquetteError(
            "--memory opens the model anew in another process; with a GGUF file put it into the "
            "pipeline's folder instead of --denoiser"
        )
    recipes = all_found(recipe, sweep)
    free = parse_widths(widths)
    edits = parse_edits(edit)
    opened = with_loras(open_answered(model, answer, denoiser), lora)
    from studio.engine.drawing import drawer, made_here
    from studio.engine.judging import FID_SEEDS, REALISM_SEEDS, lpips_of, set_metrics
    from studio.fidelity.measure import Subject, measure
    from studio.subnets.ladder import ladder

    uniform = width or (() if recipes or free else ladder(opened.info))
    if not uniform and not free and (depth, reuse) != (None, None):
        uniform = (1.0,)
    choices = [SubnetChoice(width=w, rule=width_rule, resolution=resolution) for w in uniform]
    if free:
        choices.append(SubnetChoice(rule=width_rule, widths=free, resolution=resolution))
    choices = [denoised(each, depth, reuse) for each in choices]
    inputs = GanInputs(
        seed=seed,
        label=label,
        truncation=truncation,
        truncation_cutoff=cutoff,
        noise=noise,
        edits=edits,
        mix_seed=mix_seed,
        mix_from=mix_from,
    )
    said = DiffusionOptions(prompt, negative, steps, guidance, scheduler, mask, strength)
    over = compared(opened, inputs, mix_stages, seeds, picture, size, said)
    if over.every is not None and (realism or fid_weights is not None):
        raise MaquetteError(
            "--realism and --fid-weights judge sets of pictures of random seeds; "
            f"those of {opened.info.name} are not drawn from seeds alone"
        )
    folder = str(picture) if picture is not None and picture.is_dir() else None
    lpips = lpips_of(str(lpips_weights or ""))
    with status("preparing") as progress:
        sets = set_metrics(
            opened.info,
            realism=realism,
            fid_weights=str(fid_weights or ""),
            progress=progress,
        )
    # Only quantised variants run in int8; full and the others are drawn in float32 beside them.
    plain = str(reference_of(Target.parse(target)))
    draws = drawer(opened, plain)
    others = []
    for each in recipes:
        made = varied(opened, each, calibration=folder)
        on = runs_on(made, each.name, target)
        others.append(Subject(each.name, made.model, made.choice, drawer(made.model, on)))
    with status("measuring") as progress:
        results = measure(
            opened,
            choices,
            others=others,
            inputs=over.first,
            seeds=seeds,
            pictures=over.every,
            drawer=draws,
            sets=sets,
            lpips=lpips,
            progress=progress,
        )
    first = len(results) - len(others)
    results[first:] = [
        replace(one, made=each.model.info.key)
        for one, each in zip(results[first:], others, strict=True)
    ]
    if memory:
        with status("measuring memory") as progress:
            results = _with_memory(opened, others, results, progress)
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
            reported = Reported(
                here[:count], over.first, over.first, seeds, variants=variants,
                every=None if over.every is None else tuple(over.every), compared_over=over.said,
            )  # fmt: skip
            write_comparison(opened, reported, html, progress=progress)
        typer.echo(f"{html}: {len(results)} variants", err=as_json)
    if as_json:
        print_json([as_record(m) for m in results])
        return
    title = f"{opened.info.name}: median (quartiles) of {over.said} against full"
    title += f", {results[0].target}"
    for m in results:
        if m.target != results[0].target:
            title += f"; {m.name} on {m.target}"
    columns, rows = table(results)
    print_table(columns, rows, title=title)
    if realism:
        typer.echo(f"realism: feature distance of {REALISM_SEEDS} pictures to drawn heads, 0 best")
    if any(m.fid is not None for m in results):
        typer.echo(f"FID: of {FID_SEEDS} pictures to those of full, with the weights on disk")


def _with_memory(
    model: AnyModel, others: Sequence[Subject], results: Sequence[Measurement], progress: Progress
) -> list[Measurement]:
    """Results with the memory that each takes. Variants are written aside for the process that
    runs them."""
    from studio.engine.measuring import with_memory

    own = len(results) - len(others)
    found = with_memory(model.info.path, results[:own], progress)
    with tempfile.TemporaryDirectory(prefix="maquette-") as folder:
        for number, (subject, one) in enumerate(zip(others, results[own:], strict=True)):
            path = Path(folder) / f"{number}.safetensors"
            subject.model.save(path)
            found += with_memory(str(path), [one], progress)
    return found


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
        "spread": None if m.spread is None else asdict(m.spread),
        "channels": list(m.channels),
        "resolution": m.resolution,
        "memory_bytes": m.memory,
        "realism": m.realism,
        "fid": m.fid,
        "lpips": m.lpips,
        "steps": m.steps or None,
        "step_ms": m.step_ms,
    }


def table(results: Sequence[Measurement]) -> tuple[list[str], list[list[str]]]:
    """Names of columns and the rows below; of what was not asked for there is no column."""
    from studio.subnets.describe import in_words

    full = results[0].channels
    columns: list[tuple[str, Callable[[Measurement], str]]] = [
        ("variant", lambda m: m.name),
        ("width", lambda m: width_range(m.channels, full)),
        ("PSNR dB", decibels),
        ("SSIM", lambda m: _spread(m.ssim, m.spread.ssim if m.spread else None)),
        ("FLIP", lambda m: _spread(m.flip, m.spread.flip if m.spread else None)),
        ("LPIPS", lambda m: _spread(m.lpips, m.spread.lpips if m.spread else None)),
        ("FID", lambda m: _plain(m.fid)),
        ("realism", lambda m: _plain(m.realism)),
        ("parameters", lambda m: in_words(m.parameters)),
        ("MACs", lambda m: in_words(m.macs)),
        ("MB", lambda m: f"{m.size_bytes / 1e6:.1f}"),
        ("peak MB", lambda m: "-" if m.memory is None else f"{m.memory / 1e6:.0f}"),
        ("ms (p10-p90)", _latency),
        ("steps", lambda m: str(m.steps)),
        ("ms a denoiser step", lambda m: _plain(m.step_ms)),
    ]
    asked = {
        "LPIPS": any(m.lpips is not None for m in results),
        "FID": any(m.fid is not None for m in results),
        "realism": any(m.realism is not None for m in results),
        "peak MB": any(m.memory is not None for m in results),
        "steps": any(m.steps for m in results),
        "ms a denoiser step": any(m.step_ms is not None for m in results),
    }
    kept = [(name, tell) for name, tell in columns if asked.get(name, True)]
    return [name for name, _ in kept], [[tell(m) for _, tell in kept] for m in results]


def _latency(m: Measurement) -> str:
    latency = m.latency_ms
    return f"{latency.median:.1f} ({latency.p10:.1f}-{latency.p90:.1f})"


def _spread(value: float | None, quartiles: tuple[float, float] | None) -> str:
    return "-" if value is None else ranged(value, quartiles)


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
