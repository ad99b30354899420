"""What commands share that take a model of any family: the inputs that it is compared over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.commands.diffusing import DiffusionOptions, refuse_pipelines, refuse_styles
from studio.commands.translating import DrawnVariant, PictureOptions, parse_size
from studio.errors import MaquetteError
from studio.families.inputs import GanInputs

if TYPE_CHECKING:
    from studio.families.opening import OpenedModel
    from studio.families.translation.model import TranslationModel
    from studio.recipes.recipe import Recipe

LEAST = 8  # different inputs that fidelity is taken over

InputOption = Annotated[
    Path | None,
    typer.Option(
        "--input",
        metavar="PICTURE",
        help="What is compared over: a picture, or for translation models a folder of them.",
        show_default="test pictures that Maquette draws",
    ),
]
SizeOption = Annotated[
    str | None,
    typer.Option(
        "--size",
        metavar="WxH",
        help="Size of the pictures of translation models and pipelines.",
        show_default="that of its training, or of the one picture",
    ),
]


@dataclass(frozen=True)
class Compared:
    """Over which inputs models are compared.

    Args:
        first: what measures begin with; where ``every`` is None, seeds follow it.
        every: all the inputs, of models that turn pictures into pictures.
        said: in words, e.g. "8 seeds".
    """

    first: Any
    every: Sequence[Any] | None
    said: str


def refuse_seeds(model: OpenedModel, inputs: GanInputs, mix_stages: str | None) -> None:
    """Refuse what only generators that draw from seeds can be asked.

    Raises:
        MaquetteError: something of it was given.
    """
    if inputs != GanInputs() or mix_stages is not None:
        raise MaquetteError(
            f"{model.info.name} turns pictures into pictures; seeds, classes, truncation, noise, "
            "edits and mixing are not for it"
        )


def compared(
    model: OpenedModel,
    inputs: GanInputs,
    mix_stages: str | None,
    count: int,
    picture: Path | None,
    size: str | None,
    said: DiffusionOptions,
) -> Compared:
    """The inputs that the options name.

    Args:
        count: of seeds or pictures. said: what the options say for diffusion pipelines.

    Raises:
        MaquetteError: they are for models of another family, or a picture cannot be read.
    """
    from dataclasses import replace

    from studio.commands.common import mixed_stages
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.translation.model import TranslationModel

    if isinstance(model, DiffusionModel):
        refuse_styles(model, inputs, mix_stages)
        options = PictureOptions(picture, None, parse_size(size), None)
        drawn = said.inputs(inputs.seed, inputs.label, options)
        if "prompt" in model.info.config.takes and not drawn.prompt:
            drawn = replace(drawn, prompt=model.own_inputs(1)[0].prompt)
        return Compared(drawn, model.several(drawn, count), f"{count} seeds")
    refuse_pipelines(model, said)
    if not isinstance(model, TranslationModel):
        if picture is not None or size is not None:
            raise MaquetteError(
                f"{model.info.name} draws from seeds; --input and --size are for models that turn "
                "pictures into pictures"
            )
        inputs = replace(inputs, mix_stages=mixed_stages(mix_stages, model.info.config))
        return Compared(inputs, None, f"{count} seeds")
    refuse_seeds(model, inputs, mix_stages)
    if count < LEAST:
        raise MaquetteError(f"{count} pictures are too few to compare over; at least {LEAST} are")
    from studio.families.translation.sampling import gathered

    wide = parse_size(size)
    found = gathered(
        None if picture is None else str(picture),
        count,
        model.info.config,
        size=None if wide is None else (wide[1], wide[0]),
    )
    return Compared(found.inputs[0], found.inputs, found.said)


def variant_of(model: TranslationModel, recipe: Recipe, picture: Path | None) -> DrawnVariant:
    """What a recipe makes of a model; a folder that is drawn from also calibrates.

    Raises:
        MaquetteError: a step is wrong, does not fit, or fails.
    """
    from studio.commands.varying import active_steps, varied
    from studio.families.translation.model import TranslationModel

    folder = str(picture) if picture is not None and picture.is_dir() else None
    made = varied(model, recipe, calibration=folder)
    assert isinstance(made.model, TranslationModel)
    return DrawnVariant(made.model, made.choice, tuple(active_steps(recipe)))
