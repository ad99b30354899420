"""A 3x3 convolution kept as a chain of smaller ones. Imports no torch.

It stands in this folder, the first that has to know the shapes, and is shared by all that follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Form = Literal["svd", "tucker2", "cp"]
FORMS: tuple[Form, ...] = get_args(Form)
KERNEL = 3
TAPS = KERNEL * KERNEL
_RANKS = {"svd": 1, "tucker2": 2, "cp": 1}


@dataclass(frozen=True)
class Factor:
    """The form of a chain and its ranks; ``i`` inputs, ``o`` outputs.

    * ``svd`` (r): 1x1 from i to r, 3x3 from r to o. The singular value decomposition of the kernel
      as a matrix (i, 9 o).
    * ``tucker2`` (r1, r2): 1x1 from i to r1, 3x3 from r1 to r2, 1x1 from r2 to o (Kim et al. 2016,
      "Compression of Deep Convolutional Neural Networks for Fast and Low Power Mobile
      Applications", section 3.1).
    * ``cp`` (r): 1x1 from i to r, 3x3 for each channel by itself, 1x1 from r to o. The canonical
      polyadic decomposition of the kernel as (o, i, 9): Lebedev et al. 2015 with the nine taps as
      one axis, as Astrid & Lee 2017 have them. One pass of nine taps is quicker than two of three
      in every runtime, and fits no worse.

    Ranks may exceed i and o: a narrow subnet keeps the ranks of the full layer.

    Raises:
        ValueError: the form is unknown, or the ranks are not as many as it takes, or below 1.
    """

    form: Form
    ranks: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise ValueError(f"the form {self.form} is not one of: {', '.join(FORMS)}")
        if len(self.ranks) != _RANKS[self.form] or min(self.ranks) < 1:
            raise ValueError(
                f"{self.form} takes {_RANKS[self.form]} ranks of at least 1, not {list(self.ranks)}"
            )

    def inside(self, outputs: int) -> tuple[int, int]:
        """Channels into and out of the 3x3 convolution in the middle."""
        return self.ranks[0], outputs if self.form == "svd" else self.ranks[-1]

    def shapes(self, inputs: int, outputs: int) -> dict[str, tuple[int, ...]]:
        """The tensors of a layer's chain: ``reduce``, ``weight`` and, unless svd, ``expand``."""
        into, out = self.inside(outputs)
        middle = 1 if self.form == "cp" else into
        shapes: dict[str, tuple[int, ...]] = {
            "reduce": (into, inputs),
            "weight": (out, middle, KERNEL, KERNEL),
        }
        return shapes if self.form == "svd" else shapes | {"expand": (outputs, out)}

    def weights(self, inputs: int, outputs: int) -> int:
        """Number of weights of the chain, against ``9 * inputs * outputs`` of the whole kernel."""
        into, out = self.inside(outputs)
        middle = TAPS * out * (1 if self.form == "cp" else into)
        return into * inputs + middle + (0 if self.form == "svd" else out * outputs)


@dataclass(frozen=True)
class Chains:
    """Which layers of a network are kept as chains; none by default.

    Args:
        factors: one for each 3x3 convolution, None for a whole kernel; empty when all are whole.
        mapping_ranks: for each layer of the mapping network the rank of its two matrices, 0 for a
            whole one; empty when all are whole.
    """

    factors: tuple[Factor | None, ...] = ()
    mapping_ranks: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return any(self.factors) or any(self.mapping_ranks)

    def factor(self, layer: int) -> Factor | None:
        """The chain of a 3x3 convolution, None for a whole kernel."""
        return self.factors[layer] if self.factors else None

    def mapping_rank(self, layer: int) -> int:
        """The rank of a layer of the mapping network, 0 for a whole matrix."""
        return self.mapping_ranks[layer] if self.mapping_ranks else 0


NO_CHAINS = Chains()
