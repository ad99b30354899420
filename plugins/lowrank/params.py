"""What low-rank factorisation takes. Imports pydantic alone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue, model_validator

from studio.recipes.contract import Params

STYLEGAN, TRANSLATION, DIFFUSION = "stylegan", "translation", "diffusion"
GENERATORS: JsonValue = ["auto", "budget", "energy"]
DENOISERS: dict[str, JsonValue] = {"families": [DIFFUSION]}


class LowRankParams(Params):
    """Which layers become chains, of which form, and how their ranks are found."""

    method: Literal["svd", "tucker2", "cp"] = Field(
        default="svd",
        title="Method",
        description="What a 3x3 convolution becomes. svd: 1x1 then 3x3; tucker2: 1x1, 3x3, 1x1; "
        "cp: 1x1, 3x3 within each channel, 1x1. Fully connected layers and 1x1 convolutions are "
        "always split by SVD.",
        json_schema_extra={
            "search": ["svd", "tucker2", "cp"],
            "words": {
                DIFFUSION: {
                    "description": "What a 3x3 convolution becomes. svd: 3x3 then 1x1; tucker2: "
                    "1x1, 3x3, 1x1; cp: 1x1, 3x3 within each channel, 1x1. Linear layers and 1x1 "
                    "convolutions are always split by SVD."
                }
            },
        },
    )
    rank_by: Literal["auto", "budget", "energy", "multiplies"] = Field(
        default="auto",
        title="Rank by",
        description="Budget: the largest ranks that keep a share of a layer's weights; energy: the "
        "smallest ranks that keep a share of the squares of its weights. Auto is budget.",
        json_schema_extra={
            "words": {
                STYLEGAN: {"enum": GENERATORS},
                TRANSLATION: {"enum": GENERATORS},
                DIFFUSION: {
                    "description": "Multiplies: ranks go first where they matter least for what "
                    "they cost; budget: the largest ranks that keep a share of a layer's weights; "
                    "energy: the smallest ranks that keep a share of the squares of what a layer "
                    "gives. Auto is multiplies, with CP budget."
                },
            }
        },
    )
    budget: float = Field(
        default=0.5,
        gt=0,
        lt=1,
        title="Budget",
        description="Share of each layer's weights that its chain may have.",
        json_schema_extra={"search": [0.2, 0.8]},
    )
    left: float = Field(
        default=0.75,
        gt=0,
        lt=1,
        title="Multiplies left",
        description="Share of the whole denoiser's multiplies that may be left, where ranks are by "
        "multiplies.",
        json_schema_extra=DENOISERS,
    )
    energy: float = Field(
        default=0.9,
        gt=0,
        le=1,
        title="Energy",
        description="Share of the sum of squared weights that a chain must keep; 1 keeps all but "
        "rounding errors.",
        json_schema_extra={
            "search": [0.7, 0.99],
            "words": {
                DIFFUSION: {
                    "description": "Share of the squares of what a layer gives, or of its weights, "
                    "that a chain must keep; 1 keeps all but rounding errors."
                }
            },
        },
    )
    mapping: bool = Field(
        default=False,
        title="Mapping network too",
        description="Split the fully connected layers of the mapping network as well. They decide "
        "what a seed shows, so an error there is another picture.",
        json_schema_extra={"families": [STYLEGAN]},
    )
    attention: bool = Field(
        default=True,
        title="Attention",
        description="Projections of attention become chains.",
        json_schema_extra=DENOISERS,
    )
    feed_forward: bool = Field(
        default=True,
        title="Feed-forward",
        description="Feed-forward layers become chains.",
        json_schema_extra=DENOISERS,
    )
    convolutions: bool = Field(
        default=True,
        title="Convolutions",
        description="Convolutions inside of blocks become chains.",
        json_schema_extra=DENOISERS,
    )
    modulation: bool = Field(
        default=False,
        title="Time and modulation",
        description="Layers that tell blocks the time become chains: they hold weights and hardly "
        "any multiplies, and every step carries their error on.",
        json_schema_extra=DENOISERS,
    )
    activations: bool = Field(
        default=True,
        title="By activations",
        description="Keep what layers give along short runs of the pipeline, not their weights. CP "
        "goes by weights in any case.",
        json_schema_extra=DENOISERS,
    )
    samples: int = Field(
        default=32,
        ge=1,
        le=1024,
        title="Samples",
        description="How many steps of short runs, four of each, layers are looked at over.",
        json_schema_extra={**DENOISERS, "advanced": True},
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

    @model_validator(mode="after")
    def _fits(self) -> LowRankParams:
        if self.method == "cp" and self.rank_by == "multiplies":
            raise ValueError("rank_by multiplies goes with svd and tucker2; with cp, take budget")
        return self
