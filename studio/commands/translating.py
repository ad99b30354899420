"""``maquette render`` for models that turn pictures into pictures: one picture, or a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from studio.commands.common import checked_output, status
from studio.errors import MaquetteError

if TYPE_CHECKING:
    from studio.engine.drawing_pictures import PictureDrawer
    from studio.families.translation.model import TranslationModel
    from studio.subnets.choice import SubnetChoice


@dataclass(frozen=True)
class PictureOptions:
    """What the options say of pictures to draw from; None where one was not given."""

    picture: Path | None
    instances: Path | None
    size: tuple[int, int] | None
    config_str: str | None


@dataclass(frozen=True)
class DrawnVariant:
    """What a recipe made of a model, what of it to run, and the steps as plain values."""

    model: TranslationModel
    choice: SubnetChoice
    steps: tuple[Mapping[str, Any], ...]


def parse_size(text: str | None) -> tuple[int, int] | None:
    """``512x256`` as (width, height)."""
    if text is None:
        return None
    parts = text.lower().split("x")
    if len(parts) != 2 or not all(p.isascii() and p.isdecimal() and len(p) < 7 for p in parts):
        raise typer.BadParameter(
            f"'{text}' is not WIDTHxHEIGHT such as 512x256", param_hint="--size"
        )
    return int(parts[0]), int(parts[1])


def draw(
    model: TranslationModel,
    options: PictureOptions,
    choice: SubnetChoice,
    output: Path,
    target: str,
    variant: DrawnVariant | None = None,
) -> None:
    """Draw from one picture, or from every one of a folder, and write PNG files.

    Args:
        variant: what a recipe has made of the model, to be drawn in its place.

    Raises:
        MaquetteError: nothing to draw from, or drawing or writing fails. Of a folder, pictures that
            fail are told one by one and the others are drawn.
    """
    from studio.engine.drawing_pictures import PictureDrawer
    from studio.subnets.stages import configuration

    if options.picture is None:
        raise MaquetteError(
            f"{model.info.name} turns pictures into pictures; give one, or a folder, with --input"
        )
    if options.config_str is not None:
        choice = configuration(options.config_str, model.info.config)
    tell_assumed(model)
    drawn = model
    steps: tuple[Mapping[str, Any], ...] = ()
    if variant is not None:
        drawn, choice, steps = variant.model, variant.choice, variant.steps
    many = options.picture.is_dir()
    if many and options.instances is not None:
        raise MaquetteError("--instances goes with a single label map, not with a folder")
    if not many:
        checked_output(output, ".png")
    drawer = PictureDrawer(drawn, target, choice)
    subject = _Subject(drawer, model, options, choice, steps)
    try:
        if many:
            _folder(subject, output)
        else:
            _one(subject, options.picture, output)
    finally:
        drawer.close()


def tell_assumed(model: TranslationModel) -> None:
    """Say on standard error which answers that change the picture were taken for likely."""
    shown = {question.name for question in model.info.questions if question.shows}
    taken = [f"{n}={v}" for n, v in model.info.answers if n in shown and n in model.info.assumed]
    if taken:
        typer.echo(
            f"taken for granted: {', '.join(taken)} (maquette inspect says why; --answer changes "
            "it)",
            err=True,
        )


@dataclass(frozen=True)
class _Subject:
    """What is drawn: ``model`` as opened, ``choice`` of it or of what ``steps`` made of it."""

    drawer: PictureDrawer
    model: TranslationModel
    options: PictureOptions
    choice: SubnetChoice
    steps: tuple[Mapping[str, Any], ...]


def _one(subject: _Subject, picture: Path, output: Path, *, told: bool = True) -> None:
    from studio.families.inputs import PictureInputs
    from studio.families.picture_file import write_png

    model, options = subject.model, subject.options
    width, height = options.size or (None, None)
    instances = None if options.instances is None else str(options.instances)
    made = subject.drawer.draw(PictureInputs(str(picture), instances, height, width))
    write_png(output, made, _said(subject, picture))
    if told:
        typer.echo(f"{output}: {model.info.name}, {made.shape[1]} x {made.shape[0]}")


def _folder(subject: _Subject, output: Path) -> None:
    from studio.families.translation.sampling import pictures_in

    assert subject.options.picture is not None
    pictures = pictures_in(subject.options.picture)
    targets = _targets(pictures, output)
    failed = 0
    with status(f"drawing {len(pictures)} pictures") as progress:
        for done, (picture, place) in enumerate(zip(pictures, targets, strict=True)):
            progress(done / len(pictures), picture.name)
            try:
                _one(subject, picture, place, told=False)
            except MaquetteError as error:
                failed += 1
                typer.echo(f"{picture.name} was not drawn: {' '.join(str(error).split())}")
    typer.echo(f"{output}: {len(pictures) - failed} of {len(pictures)} pictures drawn")
    if failed:
        raise MaquetteError(f"{failed} of {len(pictures)} pictures could not be drawn")


def _targets(pictures: list[Path], output: Path) -> list[Path]:
    """Where each goes; the folder is made.

    Raises:
        MaquetteError: it cannot be made, is no folder, or two pictures would share a name.
    """
    from studio.families.picture_kinds import SUFFIXES

    if output.suffix.lower() in SUFFIXES or output.is_file():
        raise MaquetteError(f"cannot write {output}: many pictures go into a folder")
    targets = [output / f"{picture.stem}.png" for picture in pictures]
    taken: dict[str, Path] = {}
    for picture, target in zip(pictures, targets, strict=True):
        other = taken.setdefault(os.path.normcase(target.name), picture)
        if other != picture:
            raise MaquetteError(f"{other.name} and {picture.name} would both become {target.name}")
        if target.exists() and target.samefile(picture):
            raise MaquetteError(f"{target} would be written over itself; name another folder")
    try:
        output.mkdir(exist_ok=True)
    except OSError as error:
        raise MaquetteError(f"cannot make the folder {output}: {error.strerror}") from error
    return targets


def _said(subject: _Subject, picture: Path) -> dict[str, str]:
    """What the picture says of its making, as other pictures of Maquette do."""
    from studio.families.inputs import EncodedPicture
    from studio.subnets.describe import METADATA_KEY, picture_metadata

    info = subject.model.info
    width, height = subject.options.size or (None, None)
    try:
        inputs = EncodedPicture(picture.read_bytes(), height, width)
    except OSError as error:
        raise MaquetteError(f"cannot read {picture}: {error.strerror}") from error
    said = dict(picture_metadata(info, inputs, subject.choice, subject.steps))
    record = json.loads(said[METADATA_KEY])
    record |= {"answers": dict(info.answers), "picture_name": picture.name}
    return said | {METADATA_KEY: json.dumps(record, sort_keys=True)}
