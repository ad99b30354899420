"""``maquette render`` and ``inspect`` for diffusion pipelines."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.commands.common import status
from studio.commands.translating import PictureOptions
from studio.errors import RefusedFile, cause_of
from studio.families.diffusion.inputs import DiffusionInputs

if TYPE_CHECKING:
    from studio.families.diffusion.info import DiffusionInfo
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.diffusion.sampling import Step

LARGEST_PICTURE = 256_000_000  # bytes of a file

PromptOption = Annotated[
    str | None, typer.Option("--prompt", metavar="TEXT", help="What a pipeline is to draw.")
]
NegativeOption = Annotated[
    str | None, typer.Option("--negative", metavar="TEXT", help="What it is to keep away from.")
]
StepsOption = Annotated[
    int | None,
    typer.Option("--steps", metavar="N", help="Steps of the sampler.", show_default="its own"),
]
GuidanceOption = Annotated[
    float | None,
    typer.Option("--guidance", metavar="G", help="Strength of the prompt; 1 is none."),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="NAME",
        help="Such as euler or 'dpm++ 2m karras' (see maquette inspect).",
        show_default="its own",
    ),
]
MaskOption = Annotated[
    Path | None,
    typer.Option("--mask", metavar="PICTURE", help="White is drawn anew, black of --input stays."),
]
StrengthOption = Annotated[
    float | None,
    typer.Option("--strength", metavar="S", help="How much of --input is drawn anew, up to 1."),
]
FramesOption = Annotated[
    Path | None,
    typer.Option("--frames", metavar="FOLDER", help="Also write a small picture of every step."),
]


@dataclass(frozen=True)
class DiffusionOptions:
    """What the options say of a pipeline's drawing; None where one was not given."""

    prompt: str | None = None
    negative: str | None = None
    steps: int | None = None
    guidance: float | None = None
    scheduler: str | None = None
    mask: Path | None = None
    strength: float | None = None
    frames: Path | None = None

    def inputs(self, seed: int, label: int | None, picture: PictureOptions) -> DiffusionInputs:
        """All options as a model takes them.

        Raises:
            RefusedFile: a picture cannot be read.
        """
        width, height = picture.size or (None, None)
        return DiffusionInputs(
            prompt=self.prompt or "",
            negative=self.negative or "",
            seed=seed,
            steps=self.steps,
            guidance=self.guidance,
            scheduler=self.scheduler or "",
            height=height,
            width=width,
            label=label,
            picture=_content(picture.picture),
            mask=_content(self.mask),
            strength=self.strength,
        )


def _content(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        if path.stat().st_size > LARGEST_PICTURE:
            raise RefusedFile(f"{path} is far too large for a picture")
        return path.read_bytes()
    except OSError as error:
        raise RefusedFile(f"cannot read {path}: {cause_of(error)}") from error


def draw_diffusion(
    model: DiffusionModel, inputs: DiffusionInputs, output: Path, frames: Path | None
) -> None:
    """Draw one picture and write it; tell on standard error how far it is.

    Raises:
        MaquetteError: the inputs do not fit the model, or a file cannot be read or written.
    """
    from studio.families.picture_file import write_png
    from studio.subnets.choice import SubnetChoice
    from studio.subnets.describe import picture_metadata

    wanted = model.settled(inputs)
    tell_cut_prompt(model, inputs)
    if frames is not None:
        _folder(frames)
    begun = time.monotonic()
    with status(f"drawing {wanted.steps} steps") as progress:

        def told(step: Step) -> None:
            done, spent = step.index + 1, time.monotonic() - begun
            left = spent / done * (step.count - done)
            progress(
                done / step.count,
                f"step {done} of {step.count}, {done / spent:.2f} it/s, {left:.0f} s left",
            )
            if frames is not None:
                latents = step.latents if step.expected is None else step.expected
                write_png(frames / f"step{done:04d}.png", model.preview(latents))

        pixels = model.render(inputs, on_step=told)
    write_png(output, pixels, dict(picture_metadata(model.info, inputs, SubnetChoice())))
    high, wide = pixels.shape[:2]
    typer.echo(
        f"{output}: {model.info.name}, seed {wanted.seed}, {wanted.steps} steps of "
        f"{wanted.scheduler}, {wide} x {high}"
    )


def tell_cut_prompt(model: DiffusionModel, inputs: DiffusionInputs) -> None:
    """Say on standard error when a prompt is longer than the model reads."""
    limit = model.info.config.prompt_tokens
    for name, text in (("prompt", inputs.prompt), ("negative prompt", inputs.negative)):
        if text and (count := model.prompt_tokens(text)) > limit:
            typer.echo(
                f"the {name} has {count} tokens and this model reads {limit}; the end is cut off",
                err=True,
            )


def _folder(path: Path) -> None:
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise RefusedFile(f"cannot make the folder {path}: {cause_of(error)}") from error


def pipeline_record(info: DiffusionInfo) -> dict[str, object]:
    """The JSON object that the command line promises for a pipeline."""
    config = info.config
    return {
        "name": info.name,
        "family": info.family,
        "architecture": config.pipeline,
        "layout": info.layout,
        "parameters": info.parameters,
        "size_bytes": info.size_bytes,
        "licence": info.licence,
        "source_sha256": info.source_sha256,
        "components": [asdict(each) for each in info.components],
        "denoiser": info.denoiser,
        "not_used": list(info.passed_over),
        "computes_in": info.computes,
        "size": [config.width, config.height],
        "multiple_of": config.multiple,
        "latents": [config.latent_channels, config.latent_height, config.latent_width],
        "takes": list(config.takes),
        "classes": config.classes,
        "prompt_tokens": config.prompt_tokens,
        "guidance": config.guidance,
        "steps": config.steps,
        "guidance_scale": config.guidance_scale,
        "scheduler": config.scheduler,
        "schedulers": list(config.schedulers),
        "history": [asdict(step) for step in info.history],
    }
