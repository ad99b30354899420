"""``maquette train gan-compression``: GAN Compression stage by stage, or all of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from studio.commands.common import (
    JsonOption,
    checked_output,
    print_json,
    print_table,
    sentence_on_failure,
    status,
    stopped_by_ctrl_c,
)
from studio.commands.translating import parse_size
from studio.errors import BadChoice
from studio.search.budget import Budget
from studio.search.evolution import EvolutionOptions
from studio.search.evolution import about as about_evolution
from studio.training.gan_compression.options import (
    DataOptions,
    GanMode,
    Pairing,
    Sampling,
    TrainingOptions,
    about,
)
from studio.training.gan_compression.space import RATIOS

if TYPE_CHECKING:
    from studio.families.translation.info import TranslationInfo
    from studio.search.report import SearchReport
    from studio.training.gan_compression.job import StageResult
    from studio.training.gan_compression.report import Look, TrainingReport

StageName = Literal[
    "teacher", "student", "transfer", "distil", "supernet", "search", "finetune", "export", "all"
]
NEW = "new"
Progress = Callable[[float, str], None]

DataOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        help=(
            "Pairs: one folder of pictures side by side, or two folders (give it twice), inputs "
            "first. One folder of inputs: the teacher makes the pairs."
        ),
    ),
]
PairingOption = Annotated[
    Pairing, typer.Option("--pairing", help="How the folders are to be read; auto looks at them.")
]
BackwardsOption = Annotated[
    bool, typer.Option("--backwards", help="The wanted picture comes first (BtoA).")
]
InstancesOption = Annotated[
    Path | None,
    typer.Option("--instances", metavar="FOLDER", help="Instance maps beside label maps."),
]
TeacherOption = Annotated[
    str | None,
    typer.Option(
        "--teacher", metavar="FILE", help="Who teaches.", show_default="the supernet's full"
    ),
]
BudgetOption = Annotated[
    str | None,
    typer.Option("--budget", metavar="B", help="20ms on the target, 5GMAC true, 5GMAC-paper."),
]
SearchTargetOption = Annotated[
    str | None,
    typer.Option(
        "--target",
        metavar="T",
        help="runtime[:device[:precision]] on which latency is measured.",
        show_default="pytorch for budgets in ms",
    ),
]
RatioOption = Annotated[
    list[float] | None,
    typer.Option(
        "--ratio",
        metavar="R",
        help="Shares of every stage that a subnet may have (repeatable).",
        show_default=" ".join(f"{r:g}" for r in RATIOS),
    ),
]
PopulationOption = Annotated[
    int, typer.Option("--population", metavar="N", help=about_evolution("population").text)
]
GenerationsOption = Annotated[
    int, typer.Option("--generations", metavar="N", help=about_evolution("generations").text)
]
PicturesOption = Annotated[
    int, typer.Option("--pictures", metavar="N", help="Pictures on which a subnet is scored.")
]


@sentence_on_failure
def train_gan_compression(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help=(
                "The teacher; for search, finetune and export the supernet; for transfer the wide "
                f"network; '{NEW}' trains a teacher from pairs."
            ),
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE.safetensors", help="Where to write."),
    ],
    stage: Annotated[StageName, typer.Option("--stage", help="What to do.")] = "all",
    data: DataOption = None,
    pairing: PairingOption = "auto",
    backwards: BackwardsOption = False,
    instances: InstancesOption = None,
    teacher: TeacherOption = None,
    student: Annotated[
        str | None,
        typer.Option(
            "--student",
            metavar="FILE",
            help="What distil and supernet begin with.",
            show_default="the model's strongest channels, its own weights",
        ),
    ] = None,
    config_str: Annotated[
        str | None,
        typer.Option("--config-str", metavar="a_b_...", help="The subnet to finetune or export."),
    ] = None,
    fast: Annotated[
        bool,
        typer.Option(
            "--fast/--thorough",
            help="all: leave out the MobileNet-style teacher and its distillation.",
        ),
    ] = False,
    ngf: Annotated[
        int, typer.Option("--ngf", metavar="N", help="Base channels of a transfer or distilled.")
    ] = 48,
    teacher_ngf: Annotated[
        int, typer.Option("--teacher-ngf", metavar="N", help="Base channels of a new teacher.")
    ] = 64,
    blocks: Annotated[
        int, typer.Option("--blocks", metavar="N", help="Residual blocks of a new teacher.")
    ] = 9,
    size: Annotated[
        str, typer.Option("--size", metavar="WxH", help="Pictures of a new teacher, in px.")
    ] = "256x256",
    ratio: RatioOption = None,
    minutes: Annotated[
        float, typer.Option("--minutes", metavar="M", help=about("minutes").text)
    ] = TrainingOptions.minutes,
    steps: Annotated[
        int | None,
        typer.Option("--steps", metavar="N", help=about("steps").text, show_default="by minutes"),
    ] = None,
    batch: Annotated[int, typer.Option("--batch", metavar="N", help=about("batch").text)] = (
        TrainingOptions.batch
    ),
    rate: Annotated[float, typer.Option("--rate", metavar="R", help=about("rate").text)] = (
        TrainingOptions.rate
    ),
    decay: Annotated[float, typer.Option("--decay", metavar="S", help=about("decay").text)] = (
        TrainingOptions.decay
    ),
    recon: Annotated[float, typer.Option("--recon", metavar="W", help=about("recon").text)] = (
        TrainingOptions.recon
    ),
    distil: Annotated[float, typer.Option("--distil", metavar="W", help=about("distil").text)] = (
        TrainingOptions.distil
    ),
    gan: Annotated[float, typer.Option("--gan", metavar="W", help=about("gan").text)] = (
        TrainingOptions.gan
    ),
    gan_mode: Annotated[GanMode, typer.Option("--gan-mode", help=about("gan_mode").text)] = (
        "hinge"
    ),
    ndf: Annotated[int, typer.Option("--ndf", metavar="N", help=about("ndf").text)] = (
        TrainingOptions.ndf
    ),
    crop: Annotated[float, typer.Option("--crop", metavar="F", help=about("crop").text)] = (
        TrainingOptions.crop
    ),
    flip: Annotated[bool, typer.Option("--flip/--no-flip", help=about("flip").text)] = True,
    sampling: Annotated[Sampling, typer.Option("--sampling", help=about("sampling").text)] = (
        "uniform"
    ),
    held: Annotated[int, typer.Option("--held", metavar="N", help=about("held").text)] = (
        TrainingOptions.held
    ),
    seed: Annotated[int, typer.Option("--seed", metavar="N", help=about("seed").text)] = 0,
    budget: BudgetOption = None,
    target: SearchTargetOption = None,
    population: PopulationOption = EvolutionOptions.population,
    generations: GenerationsOption = EvolutionOptions.generations,
    pictures: PicturesOption = 8,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from what an ended run left beside the output.")
    ] = False,
    strip: Annotated[
        Path | None,
        typer.Option("--strip", metavar="FILE.png", help="Keep the newest pictures there."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a picture-to-picture generator small by GAN Compression (Li et al. 2020).

    Ctrl-C ends the training early and writes the best so far. Under accelerate launch several
    processes share every step.
    """
    checked_output(output, ".safetensors")
    if strip is not None:
        checked_output(strip, ".png")
    folders = None if not data else _data(data, pairing, backwards, instances)
    if folders is None and stage not in ("transfer", "export"):
        raise BadChoice(f"stage '{stage}' needs pictures; name a folder with --data")
    width, height = parse_size(size) or (256, 256)
    options = TrainingOptions(
        minutes=minutes, steps=steps, batch=batch, rate=rate, decay=decay, seed=seed, recon=recon,
        distil=distil, gan=gan, gan_mode=gan_mode, ndf=ndf, crop=crop, flip=flip,
        sampling=sampling, held=held,
    )  # fmt: skip
    evolution = EvolutionOptions(population=population, generations=generations, seed=seed)
    ratios = tuple(ratio or RATIOS)
    spoken = os.environ.get("RANK", "0") == "0"  # others of accelerate launch stay silent
    watch = _watcher(strip) if spoken else _silent
    if stage == "search":
        from studio.commands.searching import searched

        assert folders is not None
        searched(
            model, folders, budget, target, teacher, pictures, ratios, evolution, output, as_json
        )
        return
    if stage == "transfer":
        _transfer(model, ngf, config_str, output, as_json)
        return
    if stage == "export":
        _export(model, config_str, folders, output, as_json)
        return
    assert folders is not None
    with _status(spoken, f"opening {model}") as progress, stopped_by_ctrl_c() as stopped:
        if stage == "all":
            from studio.search.orders import PipelineOrder
            from studio.search.pipeline import PipelineRun

            asked = _budget(budget)
            whole = PipelineOrder(
                data=folders,
                budget=asked,
                model=None if model == NEW else model,
                target=target or ("pytorch" if asked.unit == "ms" else None),
                fast=fast,
                ngf=ngf,
                teacher_ngf=teacher_ngf,
                blocks=blocks,
                size=(height, width),
                ratios=ratios,
                pictures=pictures,
            )
            run = PipelineRun(whole, output, options, evolution, resume=resume)
            done = run.run(progress, watch, stopped)
            if spoken:
                _tell(done.info, done.training, done.search, as_json, done.stopped)
            return
        from studio.training.gan_compression.job import StageRun
        from studio.training.gan_compression.orders import Order

        order = Order(
            stage=stage,
            data=folders,
            model=None if model == NEW else model,
            student=student,
            teacher=teacher,
            config=config_str,
            ngf=teacher_ngf if stage == "teacher" else ngf,
            blocks=blocks,
            size=(height, width),
            ratios=ratios,
        )
        result: StageResult = StageRun(order, output, options, resume=resume).run(
            progress, watch, stopped
        )
    if spoken:
        _tell(result.info, (result.report,), None, as_json, result.report.stopped)


def _status(spoken: bool, text: str) -> AbstractContextManager[Progress]:
    return status(text) if spoken else nullcontext(lambda fraction, text: None)


def _data(
    data: list[Path], pairing: Pairing, backwards: bool, instances: Path | None
) -> DataOptions:
    return DataOptions(
        tuple(str(folder) for folder in data),
        pairing,
        backwards,
        None if instances is None else str(instances),
    )


def _budget(text: str | None) -> Budget:
    if text is None:
        raise BadChoice("a search needs a budget, such as --budget 20ms or --budget 5GMAC")
    return Budget.parse(text)


def _transfer(model: str, ngf: int, config_str: str | None, output: Path, as_json: bool) -> None:
    with status(f"opening {model}") as progress:
        import secrets

        from studio.training.gan_compression.cutting import transfer

        info = transfer(model, ngf, config_str, output, secrets.token_hex(8), progress)
    _tell(info, (), None, as_json, False)


def _export(
    model: str, config_str: str | None, folders: DataOptions | None, output: Path, as_json: bool
) -> None:
    if config_str is None:
        raise BadChoice("name the subnet to export with --config-str")
    with status(f"opening {model}") as progress:
        import secrets

        from studio.training.gan_compression.cutting import export_subnet

        token = secrets.token_hex(8)
        info = export_subnet(model, config_str, folders, output, token, progress)
    _tell(info, (), None, as_json, False)


def _silent(look: Look) -> None:
    """Another process tells it."""


def _watcher(strip: Path | None) -> Callable[[Look], None]:
    """Tells what every look has found on standard error; keeps the newest strip as a picture."""

    def seen(look: Look) -> None:
        close = ", ".join(f"{each.name}: {each.error:.4f}" for each in look.close)
        typer.echo(
            f"{look.stage}, step {look.step}, {look.minutes:.1f} min, error {close}", err=True
        )
        if strip is not None:
            from studio.families.picture_file import write_png

            write_png(strip, look.strip)

    return seen


def _tell(
    info: TranslationInfo,
    training: tuple[TrainingReport, ...],
    search: SearchReport | None,
    as_json: bool,
    stopped: bool,
) -> None:
    from dataclasses import asdict

    if as_json:
        print_json(
            {
                "path": info.path,
                "config_str": info.config_string,
                "parameters": info.parameters,
                "stages": [asdict(report) for report in training],
                "search": None if search is None else asdict(search),
                "stopped": stopped,
            }
        )
        _fail_if_broken(training)
        return
    rows = [
        [f"{r.stage}: {b.name}", f"{b.error:.4f}", f"{a.error:.4f}"]
        for r in training
        for b, a in zip(r.before, r.after, strict=True)
    ]
    if rows:
        print_table(["stage", "error before", "error after"], rows, title="on held-out pictures")
    for report in training:
        for skipped in report.skipped[:3]:
            typer.echo(f"not used: {skipped.name}, for {skipped.why}", err=True)
        if len(report.skipped) > 3:
            typer.echo(f"and {len(report.skipped) - 3} more pictures are not used", err=True)
        if report.skipped:
            break
    ended = "stopped" if stopped else "done"
    typer.echo(
        f"{info.path}: {ended}; {info.config_string or 'no configuration string'}, "
        f"{info.parameters} parameters"
    )
    _fail_if_broken(training)


def _fail_if_broken(training: tuple[TrainingReport, ...]) -> None:
    """A run that broke off has written its best, and is no success."""
    for report in training:
        if report.broken:
            typer.echo(
                f"{report.stage} broke off: {report.broken}; the best up to then was written",
                err=True,
            )
            raise typer.Exit(1)
