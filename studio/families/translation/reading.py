"""From a picture or a label map to what goes into a translation network."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from studio.errors import BadChoice, RefusedFile, cause_of
from studio.families.inputs import EncodedPicture, PictureInputs
from studio.families.translation.config import MOST_PIXELS, TranslationConfig

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
_INDEXED = ("P", "L", "1", "I", "I;16")
Numbers = npt.NDArray[np.generic]


def prepared(inputs: PictureInputs | EncodedPicture, config: TranslationConfig) -> Tensor:
    """What goes into the network, (1, inputs, h, w): a picture in [-1, 1], or one channel a label.

    Raises:
        RefusedFile: a file cannot be read or is no picture.
        BadChoice: the picture, its labels or the size do not suit the model.
    """
    if isinstance(inputs, EncodedPicture):
        inputs = decoded(inputs, config)
    return _labels(inputs, config) if config.takes_labels else _picture(inputs, config)


def decoded(inputs: EncodedPicture, config: TranslationConfig) -> PictureInputs:
    """The pixels, or the labels, of a picture that came as the content of a file.

    Raises:
        RefusedFile: it is no picture that can be read. BadChoice: it has colours where labels are
            wanted.
    """
    labels = config.takes_labels
    image = opened_picture(BytesIO(inputs.data), "the picture")
    if not labels:
        image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    elif image.mode not in _INDEXED:
        raise BadChoice(
            "this model takes a label map, one number a pixel (grey values or palette indices), "
            "and this is a picture in colours"
        )
    return PictureInputs(np.asarray(image), height=inputs.height, width=inputs.width)


def read_picture(source: str | Numbers, config: TranslationConfig) -> npt.NDArray[Any]:
    """The pixels (h, w, channels) of a picture, or the labels (h, w) of a label map, at its size.

    Raises:
        RefusedFile: a file cannot be read or is no picture.
        BadChoice: the numbers are none that a model takes.
    """
    if config.takes_labels:
        return _numbers(source, "label map")
    image = opened_picture(source) if isinstance(source, str) else _as_image(np.asarray(source))
    mode = _mode(config)
    return np.asarray(image.convert(mode))


def read_instances(source: str | Numbers) -> npt.NDArray[Any]:
    """The objects (h, w) of an instance map. Raises as :func:`read_picture`."""
    return _numbers(source, "instance map")


def _mode(config: TranslationConfig) -> str:
    mode = _MODES.get(config.sizes.inputs)
    if mode is None:
        raise BadChoice(
            f"this model takes pictures of {config.sizes.inputs} channels, which no picture file "
            "has; accepted are models of 1, 3 or 4"
        )
    return mode


def _size(
    inputs: PictureInputs, config: TranslationConfig, own: tuple[int, int]
) -> tuple[int, int]:
    """(height, width) to draw at."""
    if inputs.height is None and inputs.width is None:
        return config.nearest(*own)
    if inputs.height is None or inputs.width is None:
        raise BadChoice("give both height and width, or neither")
    if why := config.refusal(inputs.height, inputs.width):
        raise BadChoice(why)
    return inputs.height, inputs.width


def _picture(inputs: PictureInputs, config: TranslationConfig) -> Tensor:
    if inputs.instances is not None:
        raise BadChoice("this model takes pictures, not label maps; instances mean nothing to it")
    channels = config.sizes.inputs
    mode = _mode(config)
    image = (
        opened_picture(inputs.picture)
        if isinstance(inputs.picture, str)
        else _as_image(inputs.picture)
    )
    image = image.convert(mode)
    height, width = _size(inputs, config, (image.height, image.width))
    if (image.height, image.width) != (height, width):
        image = image.resize((width, height), Image.Resampling.BICUBIC)
    pixels = np.asarray(image, dtype=np.float32).reshape(height, width, channels)
    return torch.from_numpy(pixels / 127.5 - 1).permute(2, 0, 1)[None].contiguous()


def _labels(inputs: PictureInputs, config: TranslationConfig) -> Tensor:
    labels = _numbers(inputs.picture, "label map")
    height, width = _size(inputs, config, (labels.shape[0], labels.shape[1]))
    labels = _nearest(labels, height, width).astype(np.int64)
    most = int(labels.max())
    if int(labels.min()) < 0 or most >= config.labels:
        odd = most if most >= config.labels else int(labels.min())
        raise BadChoice(
            f"the label map has the label {odd}; this model has the labels 0 to {config.labels - 1}"
        )
    index = torch.from_numpy(labels)[None]
    hot = torch.zeros(config.sizes.inputs, height, width).scatter_(0, index, 1.0)
    if config.settings.last_channel == "edges":
        objects = labels
        if inputs.instances is not None:
            objects = _nearest(_numbers(inputs.instances, "instance map"), height, width)
        hot[-1] = torch.from_numpy(edges(objects))
    elif inputs.instances is not None:
        raise BadChoice("the last channel of this model's label map is a label, not edges")
    return hot[None]


def edges(objects: Numbers) -> npt.NDArray[np.float32]:
    """1 where a pixel (h, w) differs from its left, right, upper or lower neighbour."""
    found = np.zeros(objects.shape, dtype=np.float32)
    across, down = objects[:, 1:] != objects[:, :-1], objects[1:] != objects[:-1]
    for part, differs in (
        (found[:, 1:], across),
        (found[:, :-1], across),
        (found[1:], down),
        (found[:-1], down),
    ):
        part[differs] = 1
    return found


def _numbers(source: str | Numbers, what: str) -> Numbers:
    """Whole numbers (h, w) of a file, by palette index or grey value, or as given."""
    if isinstance(source, str):
        image = opened_picture(source)
        if image.mode not in _INDEXED:
            raise BadChoice(
                f"{source} is a picture in colours; a {what} holds one number a pixel (grey values "
                "or palette indices)"
            )
        source = np.asarray(image)
        if source.dtype == np.bool_:
            source = source.astype(np.uint8)
    if source.ndim != 2 or 0 in source.shape or not np.issubdtype(source.dtype, np.integer):
        raise BadChoice(
            f"a {what} holds whole numbers (height, width); these are {source.dtype} of shape "
            f"{source.shape}"
        )
    return source


def _nearest(numbers: Numbers, height: int, width: int) -> Numbers:
    rows = np.arange(height) * numbers.shape[0] // height
    columns = np.arange(width) * numbers.shape[1] // width
    taken: Numbers = numbers[rows[:, None], columns[None]]
    return taken


def _as_image(pixels: npt.NDArray[Any]) -> Image.Image:
    fits = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] in _MODES)
    if pixels.dtype != np.uint8 or not fits or 0 in pixels.shape:
        raise BadChoice(
            "a picture holds 8-bit numbers (height, width, 3) or (height, width); these are "
            f"{pixels.dtype} of shape {pixels.shape}"
        )
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    return Image.fromarray(np.ascontiguousarray(pixels))


def opened_picture(file: str | BytesIO, path: str = "") -> Image.Image:
    """The picture of a file, turned as its camera says; ``path`` is what sentences call it.

    Raises:
        RefusedFile: it cannot be read, is no picture, or is far too large.
    """
    if isinstance(file, str):
        path = file
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise RefusedFile(
                        f"{path} has {image.width} x {image.height} px; accepted are up to "
                        f"{MOST_PIXELS >> 20} megapixels"
                    )
                image.load()
                turned: Any = ImageOps.exif_transpose(image)
                found: Image.Image = turned.copy()
                return found
    except Image.DecompressionBombError as error:
        most = f"{MOST_PIXELS >> 20} megapixels"
        raise RefusedFile(f"{path} is far too large; accepted are up to {most}") from error
    except (UnidentifiedImageError, SyntaxError, ValueError) as error:
        raise RefusedFile(f"{path} is no picture that can be read") from error
    except OSError as error:
        why = cause_of(error) if error.errno else "its content is damaged or cut short"
        raise RefusedFile(f"cannot read {path}: {why}") from error
