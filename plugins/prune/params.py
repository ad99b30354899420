"""What structured pruning takes. Imports pydantic alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from studio.recipes.contract import Params

DIFFUSION = "diffusion"
DENOISERS: dict[str, JsonValue] = {"families": [DIFFUSION]}
Ratio = Annotated[float, Field(ge=0, lt=1)]


def _denoiser(description: str, title: str = "") -> dict[str, JsonValue]:
    """Words for the panel of a diffusion pipeline."""
    said: dict[str, JsonValue] = {"description": description}
    return {DIFFUSION: {**said, "title": title} if title else said}


class PruneParams(Params):
    """What goes: channels, and of denoisers groups of channels, attention heads and units."""

    importance: Literal["l1", "l2", "taylor", "activation"] = Field(
        default="taylor",
        title="Importance",
        description="What makes a channel worth keeping. l1, l2: the weights that read it, at its "
        "usual style; activation: those weights times what they read; taylor: how much the picture "
        "would change without it, to first order.",
        json_schema_extra={
            "search": ["l1", "l2", "taylor", "activation"],
            "words": _denoiser(
                "What makes a group of channels, a head or a unit worth keeping. l1, l2: the "
                "weights that read it; activation: what it adds to its block along short runs; "
                "taylor: how much the denoiser's answers would change without it."
            ),
        },
    )
    ratio: float = Field(
        default=0.25,
        ge=0,
        lt=1,
        title="Ratio",
        description="Share of the channels to remove.",
        json_schema_extra={
            "search": [0.1, 0.6],
            "words": _denoiser("Share to remove of the whole denoiser's multiplies, or weights."),
        },
    )
    counted: Literal["multiplies", "weights"] = Field(
        default="multiplies",
        title="Ratio of",
        description="What of a whole denoiser the ratio is a share of.",
        json_schema_extra=DENOISERS,
    )
    spread: Literal["auto", "even", "global"] = Field(
        default="auto",
        title="Spread",
        description="Even: every layer loses the same share; global: the least important channels "
        "of the whole network go, wherever they are. Auto is even.",
        json_schema_extra={
            "search": ["even", "global"],
            "words": _denoiser(
                "Even: every place loses the same share; global: what matters least for what it "
                "costs goes, wherever it is. Auto is global."
            ),
        },
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
        "for every group of layers that share channels.",
        json_schema_extra={
            "advanced": True,
            "words": _denoiser(
                "In place of ratio and spread: a share to remove for each of channels, heads and "
                "units, as far as there are any, or one for every place."
            ),
        },
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
        description="Leave the channels at 4 px, or of the first convolution, alone.",
        json_schema_extra={
            "words": _denoiser("Leave the denoiser's first block alone.", "Keep the first block")
        },
    )
    keep_last: bool = Field(
        default=False,
        title="Keep the last resolution",
        description="Leave the channels at the full resolution, or of the last layers, alone.",
        json_schema_extra={
            "words": _denoiser("Leave the denoiser's last block alone.", "Keep the last block")
        },
    )
    samples: int = Field(
        default=16,
        ge=1,
        le=4096,
        title="Samples",
        description="The pictures over which importance is averaged: the model's own, or those of "
        "your folder.",
        json_schema_extra={
            "advanced": True,
            "words": _denoiser(
                "Steps over which importance is averaged, four of each short run; its prompts are "
                "those of your folder's text files, or different ones of Maquette's."
            ),
        },
    )
