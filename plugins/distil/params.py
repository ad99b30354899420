"""What distillation takes. Imports pydantic alone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from studio.recipes.contract import Params

PIPELINES = ["diffusion"]
OTHERS = ["stylegan", "translation"]


class DistilParams(Params):
    """How long the smaller network learns, and from what."""

    minutes: float = Field(
        default=5.0,
        ge=0.1,
        title="Minutes",
        description="How long it learns. More brings it nearer to full, less and less so.",
        json_schema_extra={"unit": "min", "search": [2, 5, 20]},
    )
    steps: int | None = Field(
        default=None,
        ge=0,
        title="Steps",
        description="In place of the minutes: how many steps it learns, which can be repeated; "
        "0 leaves the network as it is.",
        json_schema_extra={"unit": "steps", "search": [1000, 5000], "advanced": True},
    )
    rate: float = Field(
        default=0.01,
        gt=0,
        title="Learning rate",
        description="How far a step goes at most. It rises over the first 20 steps and falls to 0 "
        "at the end.",
        json_schema_extra={"search": [0.003, 0.03], "advanced": True},
    )
    batch: int = Field(
        default=8,
        ge=1,
        le=256,
        title="Batch",
        description="Pictures of a step; of a pipeline, steps of full's runs.",
        json_schema_extra={"unit": "pictures", "advanced": True},
    )
    output: float = Field(
        default=1.0,
        ge=0,
        le=10,
        title="Output loss",
        description="Weight of the difference from what full draws, in pixels and edges; of a "
        "pipeline, from what its denoiser answers; 0 leaves it out.",
    )
    feature: float = Field(
        default=0.0,
        ge=0,
        le=10,
        title="Feature loss",
        description="Weight of the difference between layers, through a learnt 1x1 convolution "
        "where widths differ; 0 leaves it out.",
        json_schema_extra={"search": [0, 0.1, 0.5]},
    )
    adversarial: float = Field(
        default=0.0,
        ge=0,
        le=1,
        title="Adversarial loss",
        description="Weight of a discriminator that tells full's pictures from the others: sharper "
        "textures, in longer runs; 0 leaves it out.",
        json_schema_extra={"search": [0, 0.01, 0.1], "families": OTHERS},
    )
    prompts: str = Field(
        default="",
        max_length=2000,
        title="Prompts",
        description="What full draws while it teaches: a prompt, of which the parts between commas "
        "are changed, or the path of a text file with one in each line; empty takes prompts that "
        "suit the model.",
        json_schema_extra={"families": PIPELINES},
    )
    narrowest: float = Field(
        default=1.0,
        gt=0,
        le=1,
        title="Narrowest width",
        description="Below 1, all widths from there to full learn at once, so that the slices of "
        "an elastic denoiser get better; 1 teaches the network as it is.",
        json_schema_extra={"families": PIPELINES},
    )
    gamma: float = Field(
        default=5.0,
        gt=0,
        le=1000,
        title="Min-SNR gamma",
        description="From which ratio of signal to noise on a timestep counts less, since an error "
        "changes little in a picture that is nearly done.",
        json_schema_extra={"families": PIPELINES, "advanced": True},
    )
    cache: float = Field(
        default=256,
        ge=8,
        le=65536,
        title="Cache",
        description="Memory that runs of full may fill, of which it learns.",
        json_schema_extra={"unit": "MB", "families": PIPELINES, "advanced": True},
    )
    precision: Literal["auto", "f32", "bf16"] = Field(
        default="auto",
        title="Precision",
        description="What training computes in. Auto measures whether bf16 is faster here, and "
        "takes f32 where steps are given, so that they can be repeated.",
        json_schema_extra={"families": PIPELINES, "advanced": True},
    )
    average: bool = Field(
        default=True,
        title="Average the weights",
        description="Take a moving average of the weights, which is calmer than the last step.",
        json_schema_extra={"advanced": True},
    )
    seed: int = Field(
        default=0,
        ge=0,
        title="Seed",
        description="Of the pictures that it learns from; another seed gives another run.",
        json_schema_extra={"advanced": True},
    )
