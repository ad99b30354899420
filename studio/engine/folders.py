"""Draws a folder of pictures with a translation model, one after the other."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from studio.engine.job_messages import FolderJob, JobDone
from studio.engine.progress import ProgressReporter
from studio.errors import BadChoice, MaquetteError
from studio.families.inputs import PictureInputs
from studio.families.opening import open_model
from studio.families.picture_file import write_png
from studio.families.picture_kinds import SUFFIXES
from studio.families.translation.model import TranslationModel


def draw_folder(job: FolderJob, progress: ProgressReporter) -> JobDone:
    """Do a FolderJob. What cannot be drawn is left out, and told.

    Raises:
        MaquetteError: the model cannot be opened or is of another family, the folder holds no
            pictures, two of them would have one name, or none could be drawn.
    """
    progress(0.0, "reading the file")
    model = open_model(Path(job.path))
    if not isinstance(model, TranslationModel):
        raise BadChoice(f"{model.info.name} draws from seeds; a folder of pictures is of no use")
    source, out = Path(job.source), Path(job.out)
    pictures = sorted(p for p in source.iterdir() if p.suffix.lower() in SUFFIXES)
    if not pictures:
        raise BadChoice(f"{source} holds no pictures; accepted are {', '.join(SUFFIXES)}")
    if source.resolve() == out.resolve():
        raise BadChoice(f"{source} holds the pictures to draw from; name another folder for those")
    names = [path.stem for path in pictures]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadChoice(f"two pictures in {source} are called {twice}; each must have its own name")
    out.mkdir(parents=True, exist_ok=True)
    left_out = []
    for number, path in enumerate(pictures):
        progress(0.1 + 0.9 * number / len(pictures), path.name)
        try:
            height, width = model.info.config.suited(*_size(path))
            inputs = PictureInputs(str(path), height=height, width=width)
            write_png(out / f"{path.stem}.png", model.render(inputs, job.choice))
        except MaquetteError as error:
            left_out.append(f"{path.name} was not drawn: {error}")
    if len(left_out) == len(pictures):
        raise BadChoice(f"none of the {len(pictures)} pictures could be drawn; {left_out[0]}")
    return JobDone(
        path=str(out / f"{pictures[0].stem}.png"), info=model.info, left_out=tuple(left_out)
    )


def _size(path: Path) -> tuple[int, int]:
    """(height, width) of a picture as it is to be seen; of one that cannot be read, which drawing
    it says in a sentence, anything."""
    try:
        with Image.open(path) as image:
            turned = image.getexif().get(_ORIENTATION, 1) >= _SIDEWAYS
            return (image.width, image.height) if turned else (image.height, image.width)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return (256, 256)


_ORIENTATION, _SIDEWAYS = 274, 5  # a tag of EXIF, and the first of its values that lie
