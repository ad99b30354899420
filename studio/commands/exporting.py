"""``maquette export``: a model, or subnets of it, into a folder that runs without Maquette."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.commands.common import (
    AnswerOption,
    JsonOption,
    ModelArgument,
    RuleOption,
    open_answered,
    print_json,
    print_table,
    sentence_on_failure,
    status,
)
from studio.commands.exporting_plain import export_folder, plain_storage
from studio.commands.picturing import InputOption
from studio.commands.varying import RecipeOption, found, varied
from studio.errors import BadChoice, MaquetteError
from studio.families.diffusion.info import DiffusionInfo
from studio.subnets.choice import SubnetChoice, WidthRule

if TYPE_CHECKING:
    from studio.bundles.report import Report
    from studio.families.generative import AnyModel
    from studio.families.opening import OpenedModel
    from studio.recipes.applying import Variant


@sentence_on_failure
def export(
    model: ModelArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to make.")
    ],
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="F[:PRECISION]",
            help="onnx, onnx:f16, onnx:int8, openvino, pt2, safetensors, onnx-npu (repeatable), "
            "and of a pipeline diffusers, with :f16, :bf16, :f8 or :q8_0, for diffusers alone",
            show_default="onnx",
        ),
    ] = None,
    width: Annotated[
        list[float] | None,
        typer.Option(
            "--width",
            metavar="R",
            help="Uniform ratio; several make a ladder (repeatable).",
            show_default="1",
        ),
    ] = None,
    width_rule: RuleOption = "literal",
    resolution: Annotated[
        list[int] | None,
        typer.Option(
            "--resolution",
            metavar="P",
            help="Stop at P pixels (repeatable).",
            show_default="full",
        ),
    ] = None,
    recipe: RecipeOption = None,
    supernet: Annotated[
        bool, typer.Option("--supernet", help="Also the whole model, as safetensors.")
    ] = False,
    limit_flip: Annotated[
        float | None, typer.Option("--limit-flip", metavar="X", help="Refuse a higher FLIP.")
    ] = None,
    limit_psnr: Annotated[
        float | None, typer.Option("--limit-psnr", metavar="X", help="Refuse a lower PSNR in dB.")
    ] = None,
    limit_ssim: Annotated[
        float | None, typer.Option("--limit-ssim", metavar="X", help="Refuse a lower SSIM.")
    ] = None,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", min=8, help="Pictures to compare with full.")
    ] = 8,
    measure: Annotated[
        bool, typer.Option("--measure/--no-measure", help="Time every file.")
    ] = True,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what would be written, and write nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Export what is beyond a limit as well.")
    ] = False,
    picture: InputOption = None,
    answer: AnswerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a bundle, run every file in it, and keep it only if all agree with the original."""
    from studio.bundles.formats.all import parse_format
    from studio.bundles.request import Limits, Request, planned

    # Refuse what cannot be meant before a model is opened.
    storage = plain_storage(form)
    if storage is not None:
        unsuited: dict[str, object] = {
            "--resolution": resolution, "--supernet": supernet, "--plan": plan, "--force": force,
            "--limit-flip": limit_flip is not None, "--limit-psnr": limit_psnr is not None,
            "--limit-ssim": limit_ssim is not None, "--input": picture,
        }  # fmt: skip
        others = [name for name, value in unsuited.items() if value]
        opened = open_answered(model, answer)
        export_folder(opened, output, storage, width, recipe, others, as_json)
        return
    formats = [parse_format(text) for text in form or ["onnx"]]
    limits = Limits(flip=limit_flip, psnr=limit_psnr, ssim=limit_ssim)
    read = None if recipe is None else found(recipe)
    if not plan:
        from studio.bundles.placing import check_place

        check_place(output)
    opened = open_answered(model, answer)
    if isinstance(opened.info, DiffusionInfo):
        given = {"--resolution": resolution, "--supernet": supernet, "--input": picture}
        if others := [name for name, value in given.items() if value]:
            raise BadChoice(f"a pipeline takes no {', '.join(others)}; leave it out")
    shown = _pictures(opened, picture, seeds)
    folder = str(picture) if picture is not None and picture.is_dir() else None
    variant = None if read is None else varied(opened, read, calibration=folder)
    request = Request(
        full=opened,
        model=opened if variant is None else variant.model,
        choices=_choices(variant, width, width_rule, resolution),
        formats=tuple((each.name, precision) for each, precision in formats),
        recipe=read,
        supernet=supernet,
        limits=limits,
        force=force,
        seeds=seeds,
        measure=measure,
        pictures=shown,
    )
    if plan:
        _show_plan(opened, planned(request), as_json)
        return
    from studio.bundles.exporting import export as make

    with status(f"exporting {opened.info.name}") as progress:
        report = make(request, output, progress)
    if as_json:
        print_json(_record(report))
        return
    _show(report)


def _pictures(model: OpenedModel, source: Path | None, count: int) -> tuple[Any, ...]:
    """What a translation model is compared over, at the size that it is exported for."""
    from studio.families.translation.model import TranslationModel

    if isinstance(model.info, DiffusionInfo):
        return ()
    if not isinstance(model, TranslationModel):
        if source is not None:
            raise MaquetteError(f"{model.info.name} draws from seeds, so --input is not for it")
        return ()
    from studio.families.translation.sampling import gathered

    settings = model.info.config.settings
    size = (settings.height, settings.width)
    return gathered(
        None if source is None else str(source), count, model.info.config, size=size
    ).inputs


def _choices(
    variant: Variant | None,
    widths: list[float] | None,
    rule: WidthRule,
    resolutions: list[int] | None,
) -> tuple[SubnetChoice, ...]:
    """The subnets that the options name, every width at every resolution.

    Raises:
        BadChoice: the recipe has chosen one already.
    """
    if variant is not None and variant.choice != SubnetChoice():
        if widths or resolutions:
            raise BadChoice(
                "the recipe chooses a subnet by itself; leave --width and --resolution out"
            )
        return (variant.choice,)
    stops: list[int | None] = [*resolutions] if resolutions else [None]
    return tuple(
        SubnetChoice(width=w, rule=rule, resolution=r) for w in widths or [1.0] for r in stops
    )


def _show_plan(model: AnyModel, items: object, as_json: bool) -> None:
    from studio.bundles.request import Planned

    assert isinstance(items, tuple)
    rows: list[Planned] = list(items)
    if as_json:
        print_json(
            [
                {
                    "id": each.id,
                    "format": each.format.name,
                    "precision": each.precision,
                    "good_for": each.format.good_for,
                    "bytes": each.plan.bytes,
                    "runs_here": list(each.plan.runs_here),
                    "refusals": list(each.plan.refusals),
                    "notes": list(each.plan.notes),
                }
                for each in rows
            ]
        )
        return
    print_table(
        ["network", "about MB", "here", "good for"],
        [
            [
                each.id,
                f"{each.plan.bytes / 1e6:.1f}",
                _here(each.plan.refusals, each.plan.runs_here),
                each.format.good_for,
            ]
            for each in rows
        ],
        title=model.info.name,
        numbers=False,
    )
    said = {
        f"{each.format.name}:{each.precision}: {line}": None
        for each in rows
        for line in (*each.plan.refusals, *each.plan.notes)
    }
    for text in said:
        typer.echo(text)


def _here(refusals: tuple[str, ...], targets: tuple[str, ...]) -> str:
    if refusals:
        return "cannot be made"
    return "runs here" if targets else "made here, not run here"


def _record(report: Report) -> dict[str, object]:
    return {
        "output": str(report.folder),
        "bytes": report.bytes,
        "seconds": report.seconds,
        "networks": [
            {"bytes": report.size_of(each), **each.model_dump(mode="json")}
            for each in report.manifest.networks
        ],
        "pipelines": [
            {"bytes": report.size_of(each), **each.model_dump(mode="json")}
            for each in report.manifest.pipelines
        ],
    }


def _show(report: Report) -> None:
    rows = []
    for each in report.manifest.shown:
        close, timed = each.quality, each.measurements
        psnr = "-"
        if close is not None:
            psnr = "equal" if close.psnr is None else f"{close.psnr:.1f}"
        rows.append(
            [
                each.id,
                f"{report.size_of(each) / 1e6:.1f}",
                "-" if each.parity is None else f"{each.parity.max_abs:.2g}",
                "-" if close is None else f"{close.flip:.4f}",
                "-" if close is None else f"{close.ssim:.4f}",
                psnr,
                f"{timed[0].latency_ms.median:.1f}" if timed else "-",
                ", ".join(f"{v.runtime} {v.version}" for v in each.verified_on) or "not run here",
            ]
        )
    columns = ["network", "MB", "to f32", "FLIP", "SSIM", "PSNR", "ms", "verified on"]
    print_table(columns, rows, title=f"{report.manifest.model.name}, compared with full")
    said = {
        f"{each.format}:{each.precision}: {note}": None
        for each in report.manifest.shown
        for note in each.notes
    }
    for line in said:
        typer.echo(line)
    typer.echo(
        f"{report.folder}: {len(report.manifest.networks)} networks, {report.bytes / 1e6:.1f} MB, "
        f"exported and verified in {report.seconds:.1f} s"
    )
