"""What is known of an opened model. Crosses process boundaries; imports no torch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from studio.families.stylegan.config import StyleGanConfig


@dataclass(frozen=True)
class HistoryStep:
    """One thing that was done to a model's weights, oldest first."""

    step: str
    detail: str


@dataclass(frozen=True)
class ModelInfo:
    """A loaded model without its weights.

    Args:
        key: names the weights; equal keys mean equal tensors.
        name: short name for captions. title: name for the window.
        path: the file that was opened.
        layout: ``anycost``, ``rosinality``, ``stylegan2-ada`` or ``maquette``.
        family: ``stylegan``.
        config: all sizes of the network.
        parameters: number of trainable weights. size_bytes: size of the file.
        licence: SPDX name or "unknown".
        source_sha256: hash of the file the weights first came from.
        directions: names of the edit directions that come with the model.
        widths: uniform ratios the model was trained for, ascending; (1.0,) when it was not. Any
            other width can be chosen too.
        resolutions: resolutions in pixels the model was trained to stop at, ascending.
        sorted_channels: channels are in order of importance, so that a prefix is a good subnet.
        history: what was done to the weights.
        seed: a seed worth seeing first.
        noise: the stored noise maps change the picture; False where every strength is 0.
        quantised: it carries a plan for int8, which targets of that precision follow.
    """

    key: str
    name: str
    title: str
    path: str
    layout: str
    family: str
    config: StyleGanConfig
    parameters: int
    size_bytes: int
    licence: str
    source_sha256: str
    directions: tuple[str, ...] = ()
    widths: tuple[float, ...] = (1.0,)
    resolutions: tuple[int, ...] = ()
    sorted_channels: bool = False
    history: tuple[HistoryStep, ...] = ()
    noise: bool = True
    seed: int = 0
    quantised: bool = False


def model_key(start: str, *steps: HistoryStep) -> str:
    """A key for weights made from those named ``start`` (a hash or another key) by ``steps``."""
    digest = hashlib.sha256(start.encode())
    for step in steps:
        digest.update(f"\0{step.step}\0{step.detail}".encode())
    return digest.hexdigest()[:32]
