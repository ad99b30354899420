"""What an elastic denoiser takes. Imports pydantic alone."""

from __future__ import annotations

from pydantic import Field

from studio.recipes.contract import Params


class ElasticDenoiserParams(Params):
    """Which part of a denoiser to run, and how it is ordered before."""

    width: float = Field(
        default=1.0,
        gt=0,
        le=1,
        title="Width",
        description="Share of what lies inside every block: groups of channels, attention heads "
        "and feed-forward units.",
        json_schema_extra={"search": [0.5, 0.75, 1.0]},
    )
    depth: float = Field(
        default=1.0,
        ge=0,
        le=1,
        title="Depth",
        description="Share of the blocks that run, of those that can be left out; those go first "
        "that cost least.",
        json_schema_extra={"search": [0.8, 0.9, 1.0]},
    )
    by_timestep: float = Field(
        default=0.0,
        ge=0,
        le=1,
        title="Width by timestep",
        description="Spread the multiplies of that width over the steps of a run, so that steps "
        "that suffer more from narrow widths get more: 0 is the same width at every step, 1 goes "
        "all the way by what was measured.",
        json_schema_extra={"search": [0.0, 1.0]},
    )
    channels: float | None = Field(
        default=None,
        gt=0,
        le=1,
        title="Channels",
        description="In place of the width, for groups of channels between two convolutions.",
        json_schema_extra={"advanced": True},
    )
    heads: float | None = Field(
        default=None,
        gt=0,
        le=1,
        title="Heads",
        description="In place of the width, for attention heads.",
        json_schema_extra={"advanced": True},
    )
    units: float | None = Field(
        default=None,
        gt=0,
        le=1,
        title="Units",
        description="In place of the width, for feed-forward units.",
        json_schema_extra={"advanced": True},
    )
    order: bool = Field(
        default=True,
        title="Order by importance",
        description="Order what lies inside blocks, and the blocks themselves, by what they do "
        "along real runs first, where that was not done yet.",
    )
    runs: int = Field(
        default=2,
        ge=1,
        le=32,
        title="Runs",
        description="How many runs importance is measured along.",
        json_schema_extra={"advanced": True},
    )
    calls: int = Field(
        default=8,
        ge=1,
        le=64,
        title="Steps of a run",
        description="How many steps of each run are looked at, spread over it.",
        json_schema_extra={"advanced": True},
    )
