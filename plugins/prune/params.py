"""What structured pruning takes. Imports pydantic alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from studio.recipes.contract import Params

DENOISERS: dict[str, JsonValue] = {"families": ["diffusion"]}
Ratio = Annotated[float, Field(ge=0, lt=1)]


class PruneParams(Params):
    """Which channels go."""

    importance: Literal["l1", "l2", "taylor", "activation"] = Field(
        default="taylor",
        title="Importance",
        description="What makes a channel worth keeping. l1, l2: the weights that read it, at its "
        "usual style; activation: those weights times what they read; taylor: how much the picture "
        "would change without it, to first order.",
        json_schema_extra={"search": ["l1", "l2", "taylor", "activation"]},
    )
    ratio: float = Field(
        default=0.25,
        ge=0,
        lt=1,
        title="Ratio",
        description="Share of the channels to remove; of a denoiser, of its multiplies or weights.",
        json_schema_extra={"search": [0.1, 0.6]},
    )
    spread: Literal["auto", "even", "global"] = Field(
        default="auto",
        title="Spread",
        description="Even: every layer loses the same share; global: the least important channels "
        "of the whole network go, wherever they are; of a denoiser, those that matter least for "
        "what they cost. Auto: global for denoisers, else even.",
        json_schema_extra={"search": ["even", "global"]},
    )
    counted: Literal["multiplies", "weights"] = Field(
        default="multiplies",
        title="Ratio of",
        description="What of a whole denoiser the ratio is a share of.",
        json_schema_extra=DENOISERS,
    )
    channels: bool = Field(
        default=True,
        title="Channels",
        description="Groups of channels between two convolutions may go.",
        json_schema_extra=DENOISERS,
    )
    heads: bool = Field(
        default=True,
        title="Heads",
        description="Attention heads may go.",
        json_schema_extra=DENOISERS,
    )
    units: bool = Field(
        default=True,
        title="Units",
        description="Units of feed-forward layers may go.",
        json_schema_extra=DENOISERS,
    )
    ratios: tuple[Ratio, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=1024,
        title="Free ratios",
        description="In place of ratio and spread: a share to remove for every entry of the "
        "channel list, or one for every resolution; of models that turn pictures into pictures one "
        "for every group of layers that share channels; of denoisers one each for channels, heads "
        "and units, as far as it has them, or one for every place.",
        json_schema_extra={"advanced": True},
    )
    least_channels: int = Field(
        default=4,
        ge=1,
        le=65536,
        title="Fewest channels",
        description="No layer is left with fewer, unless it has fewer already.",
        json_schema_extra={"unit": "channels"},
    )
    keep_first: bool = Field(
        default=False,
        title="Keep the first resolution",
        description="Leave the channels at 4 px, of the first convolution, or of a denoiser's "
        "first block, alone.",
    )
    keep_last: bool = Field(
        default=False,
        title="Keep the last resolution",
        description="Leave the channels at the full resolution, of the last layers, or of a "
        "denoiser's last block, alone.",
    )
    samples: int = Field(
        default=16,
        ge=1,
        le=4096,
        title="Samples",
        description="The pictures over which importance is averaged: the model's own, or those of "
        "your folder; of denoisers steps of short runs, four of each.",
        json_schema_extra={"advanced": True},
    )
