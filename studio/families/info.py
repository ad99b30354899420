"""What is known of an opened model. Crosses process boundaries; imports no torch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from studio.families.diffusion.config import DiffusionConfig
from studio.families.stylegan.config import StyleGanConfig
from studio.families.translation.config import TranslationConfig

AnyConfig = StyleGanConfig | TranslationConfig | DiffusionConfig


@dataclass(frozen=True)
class HistoryStep:
    """One thing that was done to a model's weights, oldest first."""

    step: str
    detail: str


@dataclass(frozen=True)
class BaseInfo:
    """A loaded model of any family without its weights.

    Args:
        key: names the weights; equal keys mean equal tensors.
        name: short name for captions. title: name for the window.
        path: the file that was opened.
        layout: how the file was laid out, e.g. ``anycost``, ``spade`` or ``maquette``.
        family: ``stylegan``, ``translation`` or ``diffusion``.
        config: all sizes of the network.
        parameters: number of trainable weights. size_bytes: size of the file.
        licence: SPDX name or "unknown".
        source_sha256: hash of the file the weights first came from.
        widths: uniform ratios the model was trained for, ascending; (1.0,) when it was not. Any
            other width can be chosen too.
        resolutions: resolutions in pixels the model was trained to stop at, ascending; none where
            it draws at the size of its input.
        sorted_channels: channels are in order of importance, so that a prefix is a good subnet.
        history: what was done to the weights.
        seed: a seed worth seeing first.
        quantised: it carries a plan for int8, which targets of that precision follow.
    """

    key: str
    name: str
    title: str
    path: str
    layout: str
    family: str
    config: AnyConfig
    parameters: int
    size_bytes: int
    licence: str
    source_sha256: str
    widths: tuple[float, ...] = (1.0,)
    resolutions: tuple[int, ...] = ()
    sorted_channels: bool = False
    history: tuple[HistoryStep, ...] = ()
    seed: int = 0
    quantised: bool = False


@dataclass(frozen=True)
class ModelInfo(BaseInfo):
    """A loaded StyleGAN without its weights.

    Args:
        directions: names of the edit directions that come with the model.
        noise: the stored noise maps change the picture; False where every strength is 0.
    """

    config: StyleGanConfig
    directions: tuple[str, ...] = ()
    noise: bool = True


def model_key(start: str, *steps: HistoryStep) -> str:
    """A key for weights made from those named ``start`` (a hash or another key) by ``steps``."""
    digest = hashlib.sha256(start.encode())
    for step in steps:
        digest.update(f"\0{step.step}\0{step.detail}".encode())
    return digest.hexdigest()[:32]
