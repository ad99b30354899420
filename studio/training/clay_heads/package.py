"""Writes a trained generator as Maquette's own model file."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from studio.families.stylegan.network import StyleGan2
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.directions import effects, selective
from studio.training.clay_heads.observer import Observer
from studio.training.clay_heads.scene import NAMES, normalised

WIDTHS = (0.25, 0.5, 0.75, 1.0)
FIRST_SEED = 39  # a friendly face to begin with


@dataclass(frozen=True)
class HistoryStep:
    """One thing that was done to make the model."""

    step: str
    detail: str


@torch.no_grad()
def mean_w(model: StyleGan2, count: int = 10_000, seed: int = 17) -> Tensor:
    """The mean of w over ``count`` normal latents, (w_dim,)."""
    return model.map(latents(count, seed)).mean(dim=0)


@torch.no_grad()
def edit_directions(model: StyleGan2, count: int = 20_000, seed: int = 18) -> Tensor:
    """The change in w for +1 standard deviation of each named coordinate, (28, w_dim).

    Linear regression of w on the named coordinates of ``count`` normal latents.
    """
    z = latents(count, seed)
    known = normalised(z)[:, : len(NAMES)]
    known = torch.cat([known, torch.ones(count, 1)], dim=1)
    fit: Tensor = torch.linalg.lstsq(known, model.map(z)).solution
    return fit[:-1]


def write_model(
    model: StyleGan2,
    history: Sequence[HistoryStep],
    file: Path,
    observer: Observer | None = None,
) -> None:
    """Write weights, edit directions and metadata in fp16 to ``file``, replacing it whole.

    With an ``observer`` each direction is made to move its own attribute alone.

    Layout: the state of :class:`StyleGan2` under its own names, one more tensor ``directions``
    (attributes, w_dim), and metadata strings, those with structure in JSON.
    """
    model = copy.deepcopy(model).cpu()
    model.w_avg.copy_(mean_w(model))
    tensors = {name: t.detach().half().contiguous() for name, t in model.state_dict().items()}
    directions = edit_directions(model)
    if observer is not None:
        directions = selective(directions, effects(model, observer.cpu(), directions))
    tensors["directions"] = directions.half().contiguous()
    metadata = {
        "format": "maquette",
        "format_version": "1",
        "family": "stylegan",
        "config": json.dumps(dataclasses.asdict(model.config)),
        "name": "clay-heads",
        "title": "Clay heads",
        "licence": "Apache-2.0",
        "source_sha256": "",
        "history": json.dumps([dataclasses.asdict(h) for h in history]),
        "seed": str(FIRST_SEED),
        "widths": json.dumps(WIDTHS),
        "resolutions": json.dumps(model.config.resolutions[-4:]),
        "directions": json.dumps(NAMES),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_suffix(".part")
    save_file(tensors, aside, metadata=metadata)
    aside.chmod(0o644)  # safetensors writes files that only their owner can read
    aside.replace(file)
