"""The reference of a subnet: inputs of some seeds, and what PyTorch in float32 makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from studio.bundles import manifest as said
from studio.bundles.folder import Floats, array_bytes
from studio.bundles.formats.contract import Subject
from studio.families.fills import ClassVector, Constant, Labels, Latent, Picture
from studio.families.portable import Port

FOLDER = "reference"
PICTURED = (Picture, Labels)  # what no seed fills


@dataclass(frozen=True)
class Drawn:
    """Feeds at batch 1 and PyTorch's outputs for them, one of each a seed; ``per_seed`` names the
    inputs that differ between them."""

    seeds: tuple[int, ...]
    feeds: tuple[dict[str, Floats], ...]
    outputs: tuple[dict[str, Floats], ...]
    per_seed: tuple[str, ...]


def drawn(
    subject: Subject,
    seeds: tuple[int, ...],
    between: Callable[[], None] = lambda: None,
    inputs: Sequence[Any] = (),
) -> Drawn:
    """Run a subnet in PyTorch, in float32, as its module is exported.

    Args:
        inputs: of a model that takes pictures, one for each seed.
        between: called before every run; may raise to stop.
    """
    network = subject.parts.network
    fills = dict(subject.parts.fills)
    module = network.module()
    feeds, outputs = [], []
    with torch.no_grad():
        for number, seed in enumerate(seeds):
            between()
            shown = [p.name for p in network.inputs if isinstance(fills[p.name], PICTURED)]
            feed = {
                p.name: filled(p, fills[p.name], seed)
                for p in network.inputs
                if p.name not in shown
            }
            if shown:
                feed |= subject.model.fed(shown, inputs[number])
            made = module(*(torch.from_numpy(feed[p.name]) for p in network.inputs))
            several = made if isinstance(made, tuple) else (made,)
            feeds.append(feed)
            outputs.append(
                {p.name: t.numpy() for p, t in zip(network.outputs, several, strict=True)}
            )
    differing = (Latent, *PICTURED)
    per_seed = tuple(p.name for p in network.inputs if isinstance(fills[p.name], differing))
    return Drawn(seeds, tuple(feeds), tuple(outputs), per_seed)


def filled(port: Port, fill: object, seed: int) -> Floats:
    """An input at batch 1, as its fill says; of a class the first, and in place of a picture, which
    no seed gives, numbers within what it may hold.

    Raises:
        ValueError: somebody has to bring it.
    """
    shape = tuple(1 if isinstance(side, str) else side for side in port.shape)
    if isinstance(fill, Latent):
        noise = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
        values: Floats = noise.numpy()
        return values
    if isinstance(fill, Constant):
        return np.full(shape, fill.value, np.float32)
    if isinstance(fill, ClassVector):
        vector = np.zeros(shape, np.float32)
        vector[..., 0] = 1
        return vector
    if isinstance(fill, PICTURED):
        random = torch.rand(*shape, generator=torch.Generator().manual_seed(seed))
        grey: Floats = (random * 2 - 1).numpy()
        return grey
    raise ValueError(f"the input {port.name} fills itself from nothing")


def write_reference(drawn: Drawn, subject: Subject, folder: Path) -> said.Reference:
    """Write arrays and pictures of a subnet into the bundle at ``folder``.

    Raises:
        OSError: they cannot be written.
    """
    place = f"{FOLDER}/{subject.id}"
    (folder / place).mkdir(parents=True)
    inputs, outputs, pictures = {}, {}, []
    for name in drawn.feeds[0]:
        first = drawn.feeds[0][name]
        several = name in drawn.per_seed
        array = np.concatenate([each[name] for each in drawn.feeds]) if several else first
        inputs[name] = f"{place}/input-{name}.npy"
        (folder / inputs[name]).write_bytes(array_bytes(array))
    for name in drawn.outputs[0]:
        outputs[name] = f"{place}/output-{name}.npy"
        array = np.concatenate([each[name] for each in drawn.outputs])
        (folder / outputs[name]).write_bytes(array_bytes(array))
    for name, (least, most) in subject.parts.pictures:
        for seed, each in zip(drawn.seeds, drawn.outputs, strict=True):
            path = f"{place}/{name}-seed{seed}.png"
            Image.fromarray(pixels(each[name], least, most)).save(folder / path)
            pictures.append(path)
    return said.Reference(
        id=subject.id,
        seeds=drawn.seeds,
        inputs=inputs,
        per_seed=drawn.per_seed,
        outputs=outputs,
        pictures=tuple(pictures),
    )


def pixels(
    values: Floats, least: float, most: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A picture (1, 3 or 1, h, w) as 8-bit (h, w, 3), as ``run.py`` makes it."""
    scaled = (np.clip(values, least, most) - least) * (255 / (most - least)) + 0.5
    made = scaled.astype(np.uint8)[0].transpose(1, 2, 0)
    return np.ascontiguousarray(np.repeat(made, 3, axis=2) if made.shape[2] == 1 else made)
