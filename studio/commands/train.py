"""``maquette train``: what teaches a model something, one command each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.commands.common import (
    JsonOption,
    ModelArgument,
    checked_output,
    print_json,
    print_table,
    sentence_on_failure,
    status,
    stopped_by_ctrl_c,
)
from studio.training.elastic.options import DEFAULT_WIDTHS, ElasticOptions, about

if TYPE_CHECKING:
    from studio.training.elastic.job import ElasticResult
    from studio.training.elastic.report import WidthFidelity
    from studio.training.elastic.trainer import Look

train = typer.Typer(
    name="train", help="Train: make a model elastic.", no_args_is_help=True, add_completion=False
)


@train.command()
@sentence_on_failure
def elastic(
    model: ModelArgument,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE.safetensors", help="Where to write."),
    ],
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FOLDER", help=about("data").text)
    ] = None,
    minutes: Annotated[
        float, typer.Option("--minutes", metavar="M", help=about("minutes").text)
    ] = ElasticOptions.minutes,
    steps: Annotated[
        int | None,
        typer.Option("--steps", metavar="N", help=about("steps").text, show_default="by minutes"),
    ] = None,
    width: Annotated[
        list[float] | None,
        typer.Option(
            "--width",
            metavar="R",
            help=f"{about('widths').text} (repeatable)",
            show_default=" ".join(f"{w:g}" for w in DEFAULT_WIDTHS),
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help=about("seed").text)] = (
        ElasticOptions.seed
    ),
    batch: Annotated[int, typer.Option("--batch", metavar="N", help=about("batch").text)] = (
        ElasticOptions.batch
    ),
    threads: Annotated[
        int | None,
        typer.Option("--threads", metavar="N", help=about("threads").text, show_default="all"),
    ] = None,
    keep_full: Annotated[
        bool, typer.Option("--keep-full/--free-full", help=about("keep_full").text)
    ] = ElasticOptions.keep_full,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the checkpoint beside the output.")
    ] = False,
    strip: Annotated[
        Path | None,
        typer.Option("--strip", metavar="FILE.png", help="Keep a picture of every width there."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Teach narrow subnets of any StyleGAN2 to draw what the full network draws.

    Ctrl-C ends the training early and writes the best so far.
    """
    checked_output(output, ".safetensors")
    if strip is not None:
        checked_output(strip, ".png")
    options = ElasticOptions(
        minutes=minutes,
        steps=steps,
        widths=tuple(width or DEFAULT_WIDTHS),
        seed=seed,
        batch=batch,
        threads=threads,
        keep_full=keep_full,
        data=None if data is None else str(data),
    )
    with status(f"opening {model}") as progress, stopped_by_ctrl_c() as stopped:
        from studio.training.elastic.job import ElasticRun

        run = ElasticRun(model, output, options, resume=resume)
        result = run.run(progress, _watcher(strip), stopped)
    if as_json:
        left = str(run.checkpoint) if result.report.stopped else None
        print_json(as_record(result) | {"checkpoint": left})
        return
    _print(result)


def _watcher(strip: Path | None) -> Callable[[Look], None]:
    """Tells what every look has found on standard error; keeps the newest strip as a picture."""

    def seen(look: Look) -> None:
        flips = ", ".join(f"{each.width:g}: {each.flip:.3f}" for each in look.widths)
        typer.echo(f"step {look.step}, {look.minutes:.1f} min, FLIP {flips}", err=True)
        if strip is not None:
            from studio.families.picture_file import write_png

            write_png(strip, look.strip)

    return seen


def as_record(result: ElasticResult) -> dict[str, object]:
    """The JSON object that the command line promises."""
    info, report = result.info, result.report
    return {
        "path": info.path,
        "name": info.name,
        "widths": list(info.widths),
        "resolutions": list(info.resolutions),
        "before": [_fidelity(each) for each in report.before],
        "after": [_fidelity(each) for each in report.after],
        "steps": report.steps,
        "minutes": report.minutes,
        "stopped": report.stopped,
        "discriminator": report.critic,
        "pictures": report.pictures,
        "unread": list(report.unread),
    }


def _fidelity(each: WidthFidelity) -> dict[str, object]:
    return {"width": each.width, "psnr": each.psnr, "flip": each.flip}


def _print(result: ElasticResult) -> None:
    report = result.report
    rows = [
        [f"{b.width:g}", f"{b.flip:.3f}", f"{a.flip:.3f}", _decibels(b), _decibels(a)]
        for b, a in zip(report.before, report.after, strict=True)
    ]
    columns = ["width", "FLIP before", "FLIP after", "PSNR before", "PSNR after"]
    print_table(columns, rows, title="against the original full, on held-out latents")
    unread = len(report.unread)
    if unread:
        names = ", ".join(report.unread[:3]) + (", ..." if unread > 3 else "")
        typer.echo(f"{unread} of {report.pictures + unread} pictures cannot be read: {names}")
    ended = "stopped" if report.stopped else "complete"
    typer.echo(
        f"{result.info.path}: {ended} after {report.steps} steps, {report.minutes:.1f} minutes; "
        f"{report.critic}"
    )


def _decibels(each: WidthFidelity) -> str:
    return "equal" if each.psnr is None else f"{each.psnr:.1f}"
