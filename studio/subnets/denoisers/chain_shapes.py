"""Layers of a denoiser that are kept as chains of smaller ones, as plain data. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from studio.errors import BadChoice

ChainForm = Literal["svd", "tucker2", "cp"]
CHAIN_FORMS: tuple[ChainForm, ...] = get_args(ChainForm)
MOST_RANK = 2**20
_RANKS = {"svd": 1, "tucker2": 2, "cp": 1}


@dataclass(frozen=True)
class ChainShape:
    """The form of a chain and its ranks, for a layer from i to o channels with a kernel of t taps
    (1 for linear layers).

    * ``svd`` (r): the kernel from i to r, then 1x1 from r to o. The singular value decomposition of
      the weight as a matrix (o, t i).
    * ``tucker2`` (r1, r2): 1x1 from i to r1, the kernel from r1 to r2, 1x1 from r2 to o (Kim et al.
      2016, "Compression of Deep Convolutional Neural Networks for Fast and Low Power Mobile
      Applications", section 3.1).
    * ``cp`` (r): 1x1 from i to r, the kernel for each channel by itself, 1x1 from r to o (Lebedev
      et al. 2015, "Speeding-up Convolutional Neural Networks Using Fine-tuned CP-Decomposition",
      with the taps as one axis).

    Ranks may exceed i and o: a narrow subnet keeps the ranks of the whole layer.

    Raises:
        BadChoice: the form is unknown, or the ranks are not as many as it takes, or out of bounds.
    """

    form: ChainForm
    ranks: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.form not in CHAIN_FORMS:
            raise BadChoice(f"the form {self.form} is not one of: {', '.join(CHAIN_FORMS)}")
        count = _RANKS[self.form]
        if len(self.ranks) != count or not all(1 <= rank <= MOST_RANK for rank in self.ranks):
            raise BadChoice(
                f"{self.form} takes {count} rank{'s' * (count > 1)} of at least 1, "
                f"not {list(self.ranks)}"
            )

    @property
    def links(self) -> tuple[str, ...]:
        """Names of the layers of the chain, in the order in which they run."""
        return ("core", "expand") if self.form == "svd" else ("reduce", "core", "expand")

    def weights(self, inputs: int, outputs: int, taps: int) -> int:
        """Number of its weights without bias, against ``taps * inputs * outputs`` of the layer."""
        into = inputs if self.form == "svd" else self.ranks[0]
        out = self.ranks[-1]
        middle = taps * out * (1 if self.form == "cp" else into)
        return middle + out * outputs + (0 if self.form == "svd" else into * inputs)
