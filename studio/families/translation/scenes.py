"""Test pictures drawn by our own code, for who has no folder of pictures at hand.

Each is a scene of shaded balls before a gradient with a few strokes, or for label maps the regions
of such a scene. They hold edges, flat parts and slow changes, the same on every machine; they are
no pictures that a model was trained on, and who takes measures with them says so.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from studio.families.inputs import PictureInputs
from studio.families.translation.config import TranslationConfig

SAID = "drawn by Maquette"
_BALLS, _STROKES = 7, 5
_DITHER = 6.0  # grey values of grain, so that flat parts are not one value


def drawn_inputs(
    config: TranslationConfig, count: int, seed: int = 0, size: tuple[int, int] | None = None
) -> tuple[PictureInputs, ...]:
    """``count`` different inputs of ``size`` (height, width), by default that of training."""
    height, width = size or (config.settings.height, config.settings.width)
    made = []
    for number in range(count):
        random = np.random.default_rng((seed, number))
        if config.takes_labels:
            picture: npt.NDArray[np.generic] = _label_map(random, height, width, config.labels)
        else:
            picture = _scene(random, height, width, config.sizes.inputs)
        made.append(PictureInputs(picture, height=height, width=width))  # type: ignore[arg-type]
    return tuple(made)


def _grid(height: int, width: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Rows and columns of the pixels, -1 to 1 along each side."""
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    return y, x


def _scene(
    random: np.random.Generator, height: int, width: int, channels: int
) -> npt.NDArray[np.uint8]:
    y, x = _grid(height, width)
    angle = random.uniform(0, 2 * np.pi)
    slope = 0.5 + 0.35 * (np.cos(angle) * x + np.sin(angle) * y)
    picture = slope[..., None] * random.uniform(80, 255, channels)
    for _ in range(_BALLS):
        cy, cx = random.uniform(-0.9, 0.9, 2)
        radius = random.uniform(0.1, 0.5)
        distance = ((y - cy) ** 2 + (x - cx) ** 2) / radius**2
        inside = distance < 1
        lift = np.sqrt(np.clip(1 - distance, 0, None))  # of a ball towards who looks
        light = np.clip(0.5 * lift - 0.5 * ((x - cx) + (y - cy)) / radius + 0.2, 0.05, 1)
        ball = light[..., None] * random.uniform(60, 255, channels)
        picture = np.where(inside[..., None], ball, picture)
    for _ in range(_STROKES):
        angle, offset = random.uniform(0, np.pi), random.uniform(-0.8, 0.8)
        away = np.abs(np.cos(angle) * x + np.sin(angle) * y - offset)
        near = (away < random.uniform(0.01, 0.03))[..., None]
        picture = np.where(near, random.uniform(0, 255, channels), picture)
    picture = picture + random.normal(0, _DITHER, picture.shape)
    pixels: npt.NDArray[np.uint8] = np.rint(picture).clip(0, 255).astype(np.uint8)
    if channels == 1:
        pixels = pixels[..., 0]
    return pixels


def _label_map(
    random: np.random.Generator, height: int, width: int, labels: int
) -> npt.NDArray[np.uint8]:
    y, x = _grid(height, width)
    horizon = random.uniform(-0.5, 0.5)
    below, above = random.integers(0, labels, 2)
    found = np.where(y > horizon, below, above)
    for _ in range(2 * _BALLS):
        cy, cx = random.uniform(-1, 1, 2)
        tall, wide = random.uniform(0.08, 0.5, 2)
        label = random.integers(0, labels)
        if random.random() < 0.5:
            inside = ((y - cy) / tall) ** 2 + ((x - cx) / wide) ** 2 < 1
        else:
            inside = (np.abs(y - cy) < tall) & (np.abs(x - cx) < wide)
        found = np.where(inside, label, found)
    labelled: npt.NDArray[np.uint8] = found.astype(np.uint8)
    return labelled
