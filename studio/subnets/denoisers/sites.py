"""What can be narrowed and left out in a denoiser, as plain data. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["channels", "heads", "units"]
KINDS: tuple[Kind, ...] = ("channels", "heads", "units")
IN_WORDS: dict[Kind, str] = {"channels": "groups of channels", "heads": "heads", "units": "units"}
BlockKind = Literal["resnet", "attention", "transformer2d", "basic", "joint"]


@dataclass(frozen=True)
class Part:
    """Where the elements of a site lie in one layer.

    Args:
        layer: path of the layer in the denoiser.
        inputs: whether they are inputs of the layer; else its outputs (and its bias).
        offset: first of its outputs or inputs.
        runs: how many runs of all elements follow each other there: a gated feed-forward has its
            values first and its gates behind.
    """

    layer: str
    inputs: bool = False
    offset: int = 0
    runs: int = 1


@dataclass(frozen=True)
class Site:
    """Elements inside a block that nothing outside sees: whole GroupNorm groups of the channels
    between two convolutions, attention heads, or units of a feed-forward.

    Args:
        name: path of the module that has them; with the kind unique in a denoiser.
        count: of elements. size: channels of one element.
        block: the skippable block that it is in; empty for none.
    """

    name: str
    kind: Kind
    count: int
    size: int
    parts: tuple[Part, ...]
    block: str = ""

    @property
    def key(self) -> str:
        """Its unique name, e.g. ``mid_block.resnets.0:channels``."""
        return f"{self.name}:{self.kind}"


@dataclass(frozen=True)
class Block:
    """A block that can be left out, because it adds to a trunk of the same shape."""

    name: str
    kind: BlockKind


@dataclass(frozen=True)
class Left:
    """What stays as it is, and why (a clause)."""

    name: str
    reason: str


@dataclass(frozen=True)
class Layout:
    """Everything that can be chosen inside one denoiser, in the order of its modules."""

    sites: tuple[Site, ...]
    blocks: tuple[Block, ...]
    left: tuple[Left, ...]

    def has(self, kind: Kind) -> bool:
        """Whether it has sites of a kind."""
        return any(site.kind == kind for site in self.sites)
