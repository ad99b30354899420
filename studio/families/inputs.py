"""What a generator is asked to draw. Imports no torch, so the window and the session can use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MAX_SEED = 2**32 - 1
MAX_STRENGTH = 100.0
"""Far beyond anything that still looks like a picture, and far from overflowing the network."""


@dataclass(frozen=True)
class GanInputs:
    """What a StyleGAN draws.

    Args:
        seed: 0 to 2**32 - 1; seed n gives ``torch.Generator().manual_seed(n)`` normal latents of
            shape (1, z_dim), the same on every machine.
        label: class index of a conditional model; None takes class 0 there.
        truncation: psi in w + psi * (w - w_avg), 0 to 2; 1 leaves w as it is (Karras et al. 2019,
            appendix B).
        truncation_cutoff: only the first so many style inputs are truncated; None means all.
        noise: strength of the stored noise maps, 0 to 2; 1 is as trained.
        edits: (name of a direction, strength) pairs added to w, strength -100 to 100; 0 does
            nothing. Directions found in the weights are named ``sefa1``, ``sefa2.coarse`` and so
            on (see ``studio.families.directions``).
        mix_seed: a second seed for style mixing (Karras et al. 2019, section 3.1), or None.
        mix_from: first style input that takes the second seed's style; not read when
            ``mix_stages`` is given.
        mix_stages: resolutions in pixels (4, 8, ...) of the stages that take the second seed's
            style, in any order; None leaves it to ``mix_from``.
    """

    seed: int = 0
    label: int | None = None
    truncation: float = 1.0
    truncation_cutoff: int | None = None
    noise: float = 1.0
    edits: tuple[tuple[str, float], ...] = ()
    mix_seed: int | None = None
    mix_from: int = 0
    mix_stages: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class PictureInputs:
    """What a translation model draws from.

    Args:
        picture: a file, or 8-bit pixels: (h, w, 3) or (h, w), or a label map (h, w) for models that
            take labels.
        instances: for label maps whose last channel holds edges: an object's number in every pixel,
            as a file or as whole numbers (h, w); None draws edges between labels.
        height, width: size to draw at in pixels, one that the model accepts; None keeps the
            picture's own, or the nearest that the model accepts.
    """

    picture: str | npt.NDArray[np.uint8]
    instances: str | npt.NDArray[np.int32] | None = None
    height: int | None = None
    width: int | None = None


@dataclass(frozen=True)
class EncodedPicture:
    """What a translation model draws from, as a value that travels and is compared.

    Args:
        data: the content of a picture file (PNG, JPEG and so on); for models that take labels a
            grey or palette PNG whose numbers are the labels.
        height, width: as of :class:`PictureInputs`.
    """

    data: bytes
    height: int | None = None
    width: int | None = None
