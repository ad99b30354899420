"""What a saved picture says of its making, read back with suspicion.

The writer is ``studio.subnets.describe.picture_metadata``. Imports no torch.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio import places
from studio.errors import RefusedFile
from studio.families.info import HistoryStep, ModelInfo
from studio.families.inputs import GanInputs
from studio.families.png_text import png_text
from studio.session import recents
from studio.session.checks import check_choice, check_inputs
from studio.session.document import FULL_SUBNET, ModelRef
from studio.session.source import MOST_BYTES
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.describe import METADATA_KEY, METADATA_VERSION

if TYPE_CHECKING:
    from studio.recipes.recipe import Recipe

MOST_ITEMS = 1000
TRANSLATION = "translation"
LARGEST_SIDE = 16384  # px
MOST_BESIDE = 200  # pictures that are looked through for the one that was drawn from


@dataclass(frozen=True)
class TakenPicture:
    """The picture that a translation model drew from: the hash of its file, the size it was drawn
    at, and where the record carries it along its content as base64."""

    sha256: str
    width: int | None = None
    height: int | None = None
    content: str = ""

    def data(self) -> bytes | None:
        """The file itself, where it came along and is what the hash says."""
        try:
            found = base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError):
            return None
        return found if self.is_of(found) else None

    def is_of(self, data: bytes) -> bool:
        """Whether these are the bytes of the file."""
        return bool(data) and hashlib.sha256(data).hexdigest() == self.sha256


@dataclass(frozen=True)
class PictureRecord:
    """What made a picture; see ``picture_metadata`` for the fields.

    Pictures of version 1 lack ``key``, ``file``, ``embedded`` and ``current``, and some of version
    2 ``current_recipe``. ``recipe`` and ``current_recipe`` are steps as they were found, which
    :func:`read_record` has checked; :meth:`cards` makes a recipe of them. ``picture`` is what a
    translation model drew from, whose ``inputs`` say nothing.
    """

    model: str
    source_sha256: str
    inputs: GanInputs
    subnet: SubnetChoice
    version: int = 1
    key: str = ""
    file: str = ""
    embedded: str | None = None
    current: SubnetChoice | None = None
    recipe: tuple[Any, ...] = ()
    current_recipe: tuple[Any, ...] | None = None
    history: tuple[HistoryStep, ...] = field(default=())
    family: str = "stylegan"
    picture: TakenPicture | None = None

    def sliders(self) -> SubnetChoice | None:
        """The subnet that was on the sliders; None where the picture does not tell (a full picture
        of version 1)."""
        if self.current is not None:
            return self.current
        return None if self.subnet == FULL_SUBNET else self.subnet

    def cards(self) -> Recipe:
        """The recipe to bring back: what was on the cards, else what made the picture.

        Raises:
            BadRecipe: it is none; the sentence names the step and the field.
        """
        from studio.recipes.recipe import from_steps

        steps = self.recipe if self.current_recipe is None else self.current_recipe
        return from_steps(steps, self.model)

    def is_of(self, info: ModelInfo) -> bool:
        """Whether a model has the weights that drew the picture. A converted file has another key
        than its source, but the same first file and the same history."""
        if self.key and self.key == info.key:
            return True
        same = self.source_sha256 != "" and self.source_sha256 == info.source_sha256
        return same and self.history == info.history

    def check_fit(self, info: ModelInfo) -> None:
        """Refuse what this model cannot draw.

        Raises:
            BadChoice: the subnet does not fit.
            ValueError: a row or a class does not fit.
        """
        if self.family != info.family:
            raise ValueError(f"it is of the family {self.family}, and the model of {info.family}")
        if not self.recipe:  # else it is a subnet of the variant
            resolve(self.subnet, info.config)
        resolve(self.sliders() or FULL_SUBNET, info.config)
        if self.family == TRANSLATION:
            return
        inputs, rows, classes = self.inputs, 2 * len(info.config.resolutions), info.config.c_dim
        for row in (inputs.mix_from, inputs.truncation_cutoff or 0):
            if not 0 <= row <= rows:
                raise ValueError(f"style input {row} is not within 0 and {rows}")
        if inputs.label is not None and not 0 <= inputs.label < max(1, classes):
            raise ValueError(f"class {inputs.label} is not one of the model's {classes}")


def read_record(path: Path) -> PictureRecord:
    """What the PNG at ``path`` says of its making.

    Raises:
        RefusedFile: it is no PNG, not one of Maquette's, a frame of a walk, of a newer version, or
            its text is damaged or out of range; one sentence.
    """
    text = png_text(path, METADATA_KEY)
    name = path.name
    if text is None:
        raise RefusedFile(
            f"{name} was not made by Maquette, or has lost what it said of its making; "
            "there is nothing to bring back"
        )
    # pydantic takes a tenth of a second to import, which the start of the window cannot spare.
    from pydantic import TypeAdapter, ValidationError

    try:
        envelope = TypeAdapter(dict[str, Any]).validate_json(text, strict=True)
        version = envelope.get("version", 1)
        if type(version) is int and version > METADATA_VERSION:
            raise RefusedFile(
                f"{name} was made by a newer Maquette (picture version {version}; "
                f"this one reads up to {METADATA_VERSION})"
            )
        if envelope.get("family") == "diffusion":
            raise RefusedFile(
                f"{name} was drawn by a diffusion pipeline, and those do not come back here yet"
            )
        if envelope.get("family") == TRANSLATION:
            envelope["inputs"] = asdict(GanInputs())  # it has none
            if isinstance(envelope.get("picture"), str):
                envelope["picture"] = {"sha256": ""}  # commands once wrote a name alone
            text = json.dumps(envelope)
        elif envelope.get("family", "stylegan") != "stylegan":
            raise RefusedFile(f"{name} was drawn by a model of a family that is not known here")
        if "walk" in envelope and "inputs" not in envelope:
            raise RefusedFile(f"{name} is a frame of a walk, between seeds; drop a single picture")
        record = TypeAdapter(PictureRecord).validate_json(text, strict=True)
        _check(record)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        why = f"{place}: {first['msg']}" if place else str(first["msg"])
        raise RefusedFile(f"{name} does not say soundly what made it: {why[:200]}") from error
    except ValueError as error:
        raise RefusedFile(f"{name} does not say soundly what made it: {error}") from error
    return record


def drawn_from_picture(path: Path) -> bool:
    """Whether a file says that a translation model of Maquette drew it, without believing more."""
    try:
        found = json.loads(png_text(path, METADATA_KEY) or "null")
    except (RefusedFile, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("family") == TRANSLATION


def _check(record: PictureRecord) -> None:
    if record.version < 1:
        raise ValueError("its version is not a number from 1 up")
    check_inputs(record.inputs)
    taken = record.picture
    if (taken is None) != (record.family != TRANSLATION):
        raise ValueError("it does not say what it was drawn from")
    if taken is not None and any(
        side is not None and not 1 <= side <= LARGEST_SIDE for side in (taken.width, taken.height)
    ):
        raise ValueError(f"the size of its picture is not within 1 and {LARGEST_SIDE} px")
    for choice in (record.subnet, record.current or FULL_SUBNET):
        check_choice(choice)
        if len(choice.widths or ()) > MOST_ITEMS:
            raise ValueError(f"more than {MOST_ITEMS} widths")
        if any(not 0 < width < 1 << 20 for width in choice.widths or ()):
            raise ValueError("widths must be above 0")
    for many in (record.inputs.edits, record.inputs.mix_stages or ()):
        if len(many) > MOST_ITEMS:
            raise ValueError(f"a list has more than {MOST_ITEMS} entries")
    for name, steps in (("recipe", record.recipe), ("current_recipe", record.current_recipe)):
        if steps:
            _check_recipe(name, steps)


def _check_recipe(name: str, steps: tuple[Any, ...]) -> None:
    """Hold the steps in a picture to what a recipe's file is held to."""
    from studio.errors import BadRecipe
    from studio.recipes.recipe import LARGEST, from_steps, to_json

    try:
        length = len(to_json(from_steps(steps)))
    except BadRecipe as error:
        raise ValueError(f"{name}: {error}") from error
    if length > LARGEST:
        raise ValueError(f"{name}: its {length} characters are more than {LARGEST}")


def model_files(record: PictureRecord, picture: Path, present: ModelRef | None) -> tuple[Path, ...]:
    """Files that may hold the model of a picture, likeliest first; none when it is nowhere.

    Looked for by name: among the embedded models, where the present model is, beside the picture,
    among the files opened last, and among those that Maquette made itself.
    """
    found: list[Path] = []
    if record.embedded and (own := places.embedded_model(record.embedded)) is not None:
        found.append(own)
    name = record.file
    if name and name == Path(name).name:
        near = [] if present is None else [Path(present.path).parent / name]
        near.append(picture.absolute().parent / name)
        near += [Path(each) for each in recents.load() if Path(each).name == name]
        near.append(places.data_dir() / "models" / name)
        found += near
    unique = dict.fromkeys(path for path in found if _is_file(path))
    return tuple(unique)


def drawn_from(taken: TakenPicture, files: Iterable[Path]) -> tuple[str, bytes] | None:
    """The picture that was drawn from, as a name and the bytes of its file: what came along, else
    the one of ``files`` that has its hash; None where it is nowhere."""
    if (data := taken.data()) is not None:
        return "drawing.png", data
    for path in islice(files, MOST_BESIDE):
        try:
            if not path.is_file() or path.stat().st_size > MOST_BYTES:
                continue
            data = path.read_bytes()
        except OSError:
            continue
        if taken.is_of(data):
            return path.name, data
    return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
