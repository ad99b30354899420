"""What low-rank factorisation takes. Imports pydantic alone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from studio.recipes.contract import Params


class LowRankParams(Params):
    """Which layers become chains, of which form, and how their ranks are found."""

    method: Literal["svd", "tucker2", "cp"] = Field(
        default="svd",
        title="Method",
        description="What a 3x3 convolution becomes. svd: 1x1 then 3x3; tucker2: 1x1, 3x3, 1x1; "
        "cp: 1x1, 3x3 within each channel, 1x1. Fully connected layers and 1x1 convolutions are "
        "always split by SVD.",
        json_schema_extra={"search": ["svd", "tucker2", "cp"]},
    )
    rank_by: Literal["budget", "energy"] = Field(
        default="budget",
        title="Rank by",
        description="Budget: the largest ranks that keep a share of a layer's weights; energy: the "
        "smallest ranks that keep a share of the squares of its weights.",
    )
    budget: float = Field(
        default=0.5,
        gt=0,
        lt=1,
        title="Budget",
        description="Share of each layer's weights that its chain may have.",
        json_schema_extra={"search": [0.2, 0.8]},
    )
    energy: float = Field(
        default=0.9,
        gt=0,
        le=1,
        title="Energy",
        description="Share of the sum of squared weights that a chain must keep; 1 keeps all but "
        "rounding errors.",
        json_schema_extra={"search": [0.7, 0.99]},
    )
    mapping: bool = Field(
        default=False,
        title="Mapping network too",
        description="Split the fully connected layers of the mapping network as well. They decide "
        "what a seed shows, so an error there is another picture.",
    )
    least_weights: int = Field(
        default=10_000,
        ge=0,
        le=1_000_000_000,
        title="Smallest layer",
        description="Layers with fewer weights are left alone: there is little to gain in them.",
        json_schema_extra={"unit": "weights", "advanced": True},
    )
    exact: bool = Field(
        default=False,
        title="Exact SVD",
        description="Compute whole singular value decompositions instead of randomised ones, which "
        "is slower and finds nearly the same.",
        json_schema_extra={"advanced": True},
    )
    sweeps: int = Field(
        default=30,
        ge=1,
        le=1000,
        title="Sweeps",
        description="Most rounds of the alternating refinement of Tucker-2 and CP; it ends sooner "
        "when nothing improves.",
        json_schema_extra={"advanced": True},
    )
