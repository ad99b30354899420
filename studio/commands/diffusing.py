"""``maquette render`` and ``inspect`` for diffusion pipelines."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.commands.common import status
from studio.commands.translating import PictureOptions
from studio.commands.varying import active_steps, varied
from studio.errors import MaquetteError, RefusedFile, cause_of
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.inputs import GanInputs
from studio.runtimes.target import PYTORCH_CPU, Target
from studio.subnets.choice import SubnetChoice, asked, resolve
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse

if TYPE_CHECKING:
    from studio.families.diffusion.info import DiffusionInfo
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.diffusion.sampling import Step
    from studio.families.generative import AnyModel
    from studio.families.opening import OpenedModel
    from studio.recipes.recipe import Recipe

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
LoraOption = Annotated[
    list[str] | None,
    typer.Option(
        "--lora",
        metavar="FILE[=S]",
        help="Fuse a LoRA into a pipeline first, at strength S (repeatable).",
    ),
]
DenoiserOption = Annotated[
    Path | None,
    typer.Option(
        "--denoiser",
        metavar="FILE.gguf",
        help="Take a pipeline's denoiser from a GGUF file: less memory, computed in floats.",
    ),
]
DepthOption = Annotated[
    float | None,
    typer.Option(
        "--depth",
        metavar="D",
        help="Share of a denoiser's blocks that run, of those that can be left out; 0 to 1.",
        show_default="all",
    ),
]
ReuseOption = Annotated[
    int | None,
    typer.Option(
        "--reuse",
        metavar="N",
        help="Compute the deep part of a denoiser at every N-th step only, and use it again.",
        show_default="every step",
    ),
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


def denoised(choice: SubnetChoice, depth: float | None, reuse: int | None) -> SubnetChoice:
    """``choice`` with what ``--depth`` and ``--reuse`` say of a denoiser."""
    elastic = Elastic() if depth is None else Elastic(depth=depth)
    again = Reuse() if reuse is None else Reuse(interval=reuse)
    return replace(choice, denoising=Denoising(elastic, again).normal())


def refuse_styles(model: DiffusionModel, inputs: GanInputs, mix_stages: str | None) -> None:
    """Refuse what only a StyleGAN can be asked.

    Raises:
        MaquetteError: something of it was given.
    """
    if replace(inputs, seed=0, label=None) != GanInputs() or mix_stages is not None:
        raise MaquetteError(
            f"{model.info.name} is a diffusion pipeline; truncation, noise, edits and mixing are "
            "not for it"
        )


def refuse_pipelines(model: AnyModel, said: DiffusionOptions) -> None:
    """Refuse what only a diffusion pipeline can be asked.

    Raises:
        MaquetteError: something of it was given.
    """
    if said != DiffusionOptions():
        raise MaquetteError(
            f"{model.info.name} is no diffusion pipeline; --prompt, --negative, --steps, "
            "--guidance, --scheduler, --mask, --strength and --frames are not for it"
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


def with_loras(model: OpenedModel, loras: list[str] | None) -> OpenedModel:
    """``model`` with the LoRA files of the options fused into it, in their order.

    Raises:
        MaquetteError: a file is no LoRA for this model, or the model is no pipeline.
    """
    from studio.families.diffusion.lora import with_lora
    from studio.families.diffusion.model import DiffusionModel

    for text in loras or ():
        if not isinstance(model, DiffusionModel):
            raise MaquetteError(f"{model.info.name} is no diffusion pipeline; --lora is not for it")
        path, strength = parse_lora(text)
        with status(f"fusing {path}"):
            model = with_lora(model, path, strength)
    return model


def parse_lora(text: str) -> tuple[str, float]:
    """``FILE`` or ``FILE=0.8``; a name that has an equals sign itself is taken as it is."""
    path, equals, strength = text.rpartition("=")
    if not equals or Path(text).exists():
        return text, 1.0
    try:
        return path, float(strength)
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is not FILE=STRENGTH with a number", param_hint="--lora"
        ) from None


def draw_diffusion(
    model: DiffusionModel,
    inputs: DiffusionInputs,
    output: Path,
    frames: Path | None,
    *,
    choice: SubnetChoice = SubnetChoice(),
    recipe: Recipe | None = None,
    target: str = str(PYTORCH_CPU),
) -> None:
    """Draw one picture and write it; tell on standard error how far it is.

    Args:
        choice: what of the denoiser to run. recipe: makes a variant, which says that instead.
        target: what runs the denoiser; it is compiled first where that was not done yet.

    Raises:
        MaquetteError: the inputs do not fit the model, or a file cannot be read or written.
    """
    from studio.families.picture_file import write_png
    from studio.subnets.describe import picture_metadata, variant_name

    model.settled(inputs)  # refuse before there is work
    drawn, steps, name = model, [], variant_name(choice)
    if recipe is None:
        resolve(choice, model.info.config)
    else:
        made = varied(model, recipe)
        drawn, choice, steps = pipeline_of(made.model), made.choice, active_steps(recipe)
        name = recipe.name
    wanted = model.settled(asked(inputs, choice))
    tell_cut_prompt(model, inputs)
    if frames is not None:
        _folder(frames)
    denoiser = compiled_denoiser(drawn, target, inputs, choice)
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

        pixels = drawn.render(inputs, choice, denoiser=denoiser, on_step=told)
    write_png(output, pixels, dict(picture_metadata(model.info, inputs, choice, steps)))
    high, wide = pixels.shape[:2]
    typer.echo(
        f"{output}: {model.info.name}, {'' if name == 'full' else name + ', '}"
        f"seed {wanted.seed}, {wanted.steps} steps of "
        f"{wanted.scheduler}, {wide} x {high}"
    )


def compiled_denoiser(
    model: DiffusionModel, target: str, inputs: DiffusionInputs, choice: SubnetChoice
) -> Callable[..., Any] | None:
    """What runs the denoiser on a target; None for PyTorch itself.

    Raises:
        MaquetteError: there is no such target, or it cannot run this.
    """
    from studio.engine.drawing import CompiledDrawer

    named = Target.parse(target)
    if named == PYTORCH_CPU:
        return None
    with status(f"preparing {named.title}"):
        return CompiledDrawer(model, named).instead(inputs, choice)


def pipeline_of(made: object) -> DiffusionModel:
    """What a recipe made of a pipeline, as the pipeline that it still is."""
    from studio.families.diffusion.model import DiffusionModel

    if not isinstance(made, DiffusionModel):
        raise MaquetteError("the recipe made no pipeline of the pipeline; this command needs one")
    return made


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
    """The JSON object that the command line promises for a pipeline; multiplies are those of one
    call of the denoiser at batch 1 and the default size."""
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
        "denoiser_parameters": sum(each.weights for each in config.layers),
        "macs": sum(each.macs for each in config.layers),
        "history": [asdict(step) for step in info.history],
    }
