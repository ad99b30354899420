"""Which sizes of a picture a compiled network is made for. Imports no torch and no runtime.

A processor runs a small network up to a third faster when it knows all sizes; of a large one that
is nothing, and one network then serves every size and guidance. Other devices want them all.
"""

from __future__ import annotations

from studio.errors import BadChoice
from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.dimensions import baked, dimensions
from studio.families.diffusion.inputs import DiffusionInputs, settled
from studio.families.info import AnyConfig
from studio.runtimes.target import PYTORCH_CPU, Target

Sizes = tuple[tuple[str, int], ...]
"""Sizes of dynamic dimensions, as (name, size), sorted by name."""
LARGE = 2_000_000_000
"""MACs of a call from which on a processor gains nothing from knowing sizes."""


def sizes_of(config: AnyConfig, inputs: object) -> Sizes:
    """The sizes of a call of a pipeline's denoiser for a picture; none for other families, whose
    plans know their own, nor for inputs that the pipeline does not take."""
    if not (isinstance(config, DiffusionConfig) and isinstance(inputs, DiffusionInputs)):
        return ()
    try:
        wanted = settled(inputs, config)
    except BadChoice:  # drawing it says why
        return ()
    found = dimensions(config, wanted.batch(config), wanted.height, wanted.width)
    return tuple(sorted(found.items()))


def fixed(config: AnyConfig, target: Target, sizes: Sizes) -> Sizes:
    """Those of ``sizes`` that a network for ``target`` is made for; the others stay open. PyTorch
    runs one at any size."""
    if not isinstance(config, DiffusionConfig):
        return sizes
    if target.runtime == PYTORCH_CPU.runtime:
        return ()
    if target.device.lower() != "cpu":
        return sizes
    if sum(layer.macs for layer in config.layers) < LARGE:
        return sizes
    return written_for(config, sizes)


def written_for(config: AnyConfig, sizes: Sizes) -> Sizes:
    """Those of ``sizes`` that the files of a compiled pipeline hold: for others they are compiled
    anew, which is more than loading them again."""
    if not isinstance(config, DiffusionConfig):
        return sizes
    return tuple((name, size) for name, size in sizes if name in baked(config))
