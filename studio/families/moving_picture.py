"""Moving pictures on disk: animated GIF and WebP, or a folder of numbered PNG files.

A GIF has 256 colours at most. All frames share one palette, made of samples of every frame, so that
colours do not pulse; and they are dithered in a fixed pattern (Bayer's), because the usual error
diffusion crawls from frame to frame and makes files larger. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin

Pixels = npt.NDArray[np.uint8]
Format = Literal["gif", "webp", "png"]
COLOURS = 256
SAMPLES = 1 << 18  # pixels that a palette is made of
WEBP_QUALITY = 90
SHORTEST_GIF = 2  # hundredths of a second: viewers slow down anything shorter


def durations(count: int, seconds: float, unit: float) -> list[int]:
    """How many units of time each of ``count`` frames is shown; together ``seconds``, rounded.

    Args:
        unit: seconds of one unit: 0.01 in GIF, 0.001 in WebP.
    """
    ends = [round(seconds * (i + 1) / count / unit) for i in range(count)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def write_gif(path: Path, frames: Sequence[Pixels], seconds: float, comment: str) -> None:
    """Write frames (h, w, 3) as a GIF that repeats for ever.

    Raises:
        OSError: the file cannot be written.
    """
    palette = shared_palette(frames)
    pictures = [dithered(frame, palette) for frame in frames]
    pictures[0].save(
        path,
        format="GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=[10 * d for d in durations(len(frames), seconds, 0.01)],
        loop=0,
        optimize=False,
        palette=bytes(palette.getpalette() or []),  # one table for the file instead of one a frame
        comment=comment.encode("ascii", "backslashreplace"),
    )


def write_webp(path: Path, frames: Sequence[Pixels], seconds: float, comment: str) -> None:
    """Write frames (h, w, 3) as an animated WebP that repeats for ever.

    Raises:
        OSError: the file cannot be written.
    """
    pictures = [Image.fromarray(frame) for frame in frames]
    exif = Image.Exif()
    exif[0x010E] = comment.encode("ascii", "backslashreplace").decode("ascii")  # ImageDescription
    pictures[0].save(
        path,
        format="WEBP",
        save_all=True,
        append_images=pictures[1:],
        duration=durations(len(frames), seconds, 0.001),
        loop=0,
        quality=WEBP_QUALITY,
        exif=exif.tobytes(),
    )


def write_numbered(
    folder: Path,
    frames: Iterable[Pixels],
    count: int,
    text: Callable[[int], Sequence[tuple[str, str]]],
) -> None:
    """Write frames (h, w, 3) as ``0001.png`` and on into an existing folder.

    Args:
        count: how many frames there are; sets the number of digits, at least four.
        text: (key, value) pairs for the metadata of frame i, counted from 0.

    Raises:
        OSError: a file cannot be written.
    """
    digits = max(4, len(str(count)))
    for index, frame in enumerate(frames):
        info = PngImagePlugin.PngInfo()
        for key, value in text(index):
            info.add_text(key, value)
        name = f"{index + 1:0{digits}d}.png"
        Image.fromarray(frame).save(folder / name, format="PNG", pnginfo=info)


def shared_palette(frames: Sequence[Pixels]) -> Image.Image:
    """A palette of at most 256 colours for all frames (h, w, 3) together."""
    # The same number of pixels of each frame, spread by a stride that is no multiple of a row.
    each = max(1, SAMPLES // len(frames))
    parts = []
    for frame in frames:
        flat = frame.reshape(-1, 3)
        stride = max(1, len(flat) // each)
        parts.append(flat[:: stride | 1])
    samples = np.concatenate(parts)
    # Pillow wants a picture; its shape does not matter.
    strip = Image.fromarray(samples[None])
    return strip.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1)


def dithered(frame: Pixels, palette: Image.Image) -> Image.Image:
    """A frame (h, w, 3) in the colours of ``palette``, dithered in a pattern that stands still."""
    height, width, _ = frame.shape
    pattern = np.tile(_BAYER, (height // 8 + 1, width // 8 + 1))[:height, :width]
    moved = frame + (pattern * _spacing(palette))[:, :, None]
    near = np.clip(np.rint(moved), 0, 255).astype(np.uint8)
    return Image.fromarray(near).quantize(palette=palette, dither=Image.Dither.NONE)


def _spacing(palette: Image.Image) -> float:
    """How far apart the colours of a palette are, channel by channel: the median distance to the
    nearest other one. Dithering by more would be noise, by less would leave bands."""
    raw = np.array(palette.getpalette(), np.float32).reshape(-1, 3)
    colours = np.unique(raw, axis=0)
    if len(colours) < 2:
        return 0.0
    distances = np.sqrt(((colours[:, None] - colours[None]) ** 2).sum(axis=2))
    np.fill_diagonal(distances, np.inf)
    return float(np.median(distances.min(axis=1)) / np.sqrt(3))


def _bayer(size: int) -> npt.NDArray[np.float32]:
    """Bayer's threshold matrix (size, size), values spread evenly within -0.5 and 0.5."""
    matrix = np.zeros((1, 1))
    while len(matrix) < size:
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    return ((matrix + 0.5) / matrix.size - 0.5).astype(np.float32)


_BAYER = _bayer(8)
