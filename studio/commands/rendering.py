"""``maquette render``: one picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from studio.commands.common import (
    AnswerOption,
    ClassOption,
    CutoffOption,
    EditOption,
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
    one_choice,
    open_any,
    parse_answers,
    parse_edits,
    sentence_on_failure,
)
from studio.commands.diffusing import (
    DenoiserOption,
    DepthOption,
    DiffusionOptions,
    FramesOption,
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
    draw_diffusion,
    refuse_pipelines,
    refuse_styles,
    with_loras,
)
from studio.commands.picturing import refuse_seeds, variant_of
from studio.commands.translating import PictureOptions, draw, parse_size
from studio.commands.varying import RecipeOption, active_steps, exclusive, found, varied
from studio.errors import MaquetteError
from studio.families.inputs import GanInputs


@sentence_on_failure
def render(
    model: ModelArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PNG", help="Where to write the picture.")
    ],
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="0 to 4294967295.")] = 0,
    label: ClassOption = None,
    width: Annotated[
        float | None,
        typer.Option("--width", metavar="R", help="Uniform ratio, above 0 and at most 1."),
    ] = None,
    widths: WidthsOption = None,
    width_rule: RuleOption = "literal",
    resolution: ResolutionOption = None,
    truncation: TruncationOption = 1.0,
    cutoff: CutoffOption = None,
    noise: NoiseOption = 1.0,
    edit: EditOption = None,
    mix_seed: MixSeedOption = None,
    mix_from: MixFromOption = 0,
    mix_stages: MixStagesOption = None,
    target: TargetOption = "pytorch",
    recipe: RecipeOption = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            "--input",
            metavar="PICTURE",
            help="What is drawn from: a picture, and for translation models a label map or folder.",
        ),
    ] = None,
    instances: Annotated[
        Path | None,
        typer.Option("--instances", metavar="PICTURE", help="Objects of a label map, for edges."),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            "--size",
            metavar="WxH",
            help="Size of the picture, for translation models and pipelines.",
            show_default="that of the input, or the pipeline's own",
        ),
    ] = None,
    config_str: Annotated[
        str | None,
        typer.Option(
            "--config-str", metavar="a_b_...", help="Subnet of a GAN Compression supernet."
        ),
    ] = None,
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
    frames: FramesOption = None,
    lora: LoraOption = None,
    denoiser: DenoiserOption = None,
) -> None:
    """Draw one picture and write it as PNG; how it was made is in its metadata.

    Models that turn pictures into pictures take --input; a folder of pictures becomes a folder.
    Diffusion pipelines take --prompt and what follows it, and pictures to draw from.
    """
    said = DiffusionOptions(prompt, negative, steps, guidance, scheduler, mask, strength, frames)
    from_picture = PictureOptions(picture, instances, parse_size(size), config_str)
    exclusive(recipe, width=width, widths=widths, resolution=resolution, depth=depth, reuse=reuse)
    if config_str is not None and (width, widths) != (None, None):
        raise typer.BadParameter(
            "give --config-str, --width or --widths, not several", param_hint="--config-str"
        )
    choice = denoised(one_choice(width, widths, width_rule, resolution), depth, reuse)
    inputs = GanInputs(
        seed=seed,
        label=label,
        truncation=truncation,
        truncation_cutoff=cutoff,
        noise=noise,
        edits=parse_edits(edit),
        mix_seed=mix_seed,
        mix_from=mix_from,
    )
    if picture is None:
        checked_output(output, ".png")
    read = None if recipe is None else found(recipe)
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.translation.model import TranslationModel

    given = answer is not None or from_picture != PictureOptions(None, None, None, None)
    opened = with_loras(open_any(model, denoiser), lora)
    if isinstance(opened, DiffusionModel):
        if (widths, resolution, config_str) != (None,) * 3:
            raise MaquetteError(
                f"{opened.info.name} is a diffusion pipeline; free widths and resolutions are not "
                "for it"
            )
        if answer is not None or instances is not None:
            raise MaquetteError(
                f"{opened.info.name} is a diffusion pipeline; --answer and --instances are not for "
                "it"
            )
        refuse_styles(opened, inputs, mix_stages)
        checked_output(output, ".png")
        wanted = said.inputs(seed, label, from_picture)
        draw_diffusion(opened, wanted, output, frames, choice=choice, recipe=read, target=target)
        return
    refuse_pipelines(opened, said)
    if isinstance(opened, TranslationModel):
        if recipe is not None and config_str is not None:
            raise typer.BadParameter(
                "give --recipe or --config-str, not both; a recipe says what to run",
                param_hint="--config-str",
            )
        refuse_seeds(opened, inputs, mix_stages)
        answered = opened.answered(parse_answers(answer))
        by_recipe = None if read is None else variant_of(answered, read, picture)
        draw(answered, from_picture, choice, output, target, by_recipe)
        return
    if given:
        raise MaquetteError(
            f"{opened.info.name} draws from seeds; --input, --instances, --size, --config-str and "
            "--answer are for models that turn pictures into pictures"
        )
    inputs = replace(inputs, mix_stages=mixed_stages(mix_stages, opened.info.config))
    from studio.engine.drawing import drawer
    from studio.families.generative import AnyModel
    from studio.families.picture_file import write_png
    from studio.subnets.describe import picture_metadata, variant_name

    drawn: AnyModel = opened
    made_by: list[dict[str, Any]] = []
    variant = variant_name(choice)
    if read is not None:
        made = varied(opened, read)
        drawn, choice, variant = made.model, made.choice, read.name
        made_by = active_steps(read)
    pixels = drawer(drawn, target).draw(inputs, choice)
    write_png(output, pixels, dict(picture_metadata(opened.info, inputs, choice, made_by)))
    height, wide = pixels.shape[:2]
    name = f"{opened.info.name}, {variant}, seed {seed}"
    typer.echo(f"{output}: {name}, {wide} x {height}")
