"""What opening and drawing take, from the headers alone. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

import psutil

from studio.checkpoints.causes import size_text
from studio.errors import NotEnoughMemory
from studio.families.diffusion.folder import FLOATS, PipelineFolder

BESIDE = 600_000_000
"""Bytes that the libraries and the activations of a usual picture take beside the weights."""

_USUAL_CHANNELS = 256
"""Of a VAE at the size of the picture, where its configuration does not say."""


@dataclass(frozen=True)
class Estimate:
    """Bytes that drawing with a pipeline takes.

    Args:
        stored: weights in their own types. computed: weights in float32, where they are stored in
            less; 0 where they run as they are stored.
        unpacked: the largest layer in float32 while it runs, where weights are packed.
    """

    stored: int
    computed: int
    unpacked: int = 0

    @property
    def own(self) -> int:
        """Drawing in the types of the weights."""
        return self.stored + self.unpacked + BESIDE

    @property
    def float32(self) -> int:
        """Drawing in float32."""
        return self.own + self.computed


def estimate(folder: PipelineFolder) -> Estimate:
    """What drawing with ``folder`` takes, from the headers of its weights."""
    tensors = [t for each in folder.components.values() for t in dict(each.tensors).values()]
    computed = sum(4 * t.count for t in tensors if t.dtype in FLOATS and t.dtype != "float32")
    # Twice, for the type that it is computed in may be another than float32.
    unpacked = max((8 * t.count for t in tensors if t.size is not None), default=0)
    return Estimate(folder.bytes, computed, unpacked)


def computing_type(folder: PipelineFolder, memory_limit: int | None = None) -> str:
    """The type that PyTorch should compute in: ``float32``, or ``stored`` where memory does not
    suffice for it.

    Args:
        memory_limit: bytes that may be taken; None takes what is free.

    Raises:
        NotEnoughMemory: it does not suffice even for that.
    """
    needs = estimate(folder)
    free = psutil.virtual_memory().available if memory_limit is None else memory_limit
    if needs.own > free:
        most = max(folder.components.values(), key=lambda each: each.bytes)
        smaller = f"a GGUF file of its {folder.denoiser.name} with 4 to 8 bits a weight"
        if folder.packed:
            smaller = "one with fewer bits a weight"
        raise NotEnoughMemory(
            f"{folder.path} needs about {size_text(needs.own)} of memory to draw "
            f"({size_text(most.bytes)} of it for its {most.name} in {most.dtype}), and "
            f"{size_text(free)} may be taken; {smaller} would be smaller"
        )
    return "float32" if needs.float32 <= free else "stored"


def check_size(
    folder: PipelineFolder, height: int, width: int, memory_limit: int | None = None
) -> None:
    """Refuse a picture whose activations do not fit: a process that asks for them all the same is
    ended by the system, without a word.

    Args:
        height, width: of the picture in pixels. memory_limit: as for :func:`computing_type`.

    Raises:
        NotEnoughMemory: with the figures, and a size that would do.
    """
    free = psutil.virtual_memory().available if memory_limit is None else memory_limit
    each = _bytes_a_pixel(folder)
    needed = each * height * width
    if needed <= free:
        return
    smaller = (free / needed) ** 0.5
    fits = " x ".join(str(max(64, int(side * smaller) // 64 * 64)) for side in (width, height))
    raise NotEnoughMemory(
        f"drawing {width} x {height} px needs about {size_text(needed)} of memory, and "
        f"{size_text(free)} may be taken; about {fits} px would do"
    )


def _bytes_a_pixel(folder: PipelineFolder) -> int:
    """What the widest activations at the size of the picture take, in float32: what a block at that
    size is given, what it makes, and what a convolution needs meanwhile."""
    network = folder.denoiser if folder.vae is None else folder.vae
    widths = network.config.get("block_out_channels")
    known = [n for n in widths[:2] if isinstance(n, int)] if isinstance(widths, list) else []
    return 4 * 3 * max(known, default=_USUAL_CHANNELS)
