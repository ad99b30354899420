"""What int8 quantisation takes. Imports pydantic alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studio.recipes.contract import Params

LayerName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./-]{1,100}$")]


class Int8Params(Params):
    """Which layers run in int8, and how ranges are found."""

    estimator: Literal["min-max", "percentile", "entropy"] = Field(
        default="min-max",
        title="Ranges",
        description="How the range of an activation is found: all values, a share of them, or the "
        "range that keeps most information, which OpenVINO's quantiser does not have.",
        json_schema_extra={"search": ["min-max", "percentile"]},
    )
    percentile: float = Field(
        default=99.99,
        ge=90,
        le=100,
        title="Percentile",
        description="Share of the values inside the range, where ranges are by percentile.",
        json_schema_extra={"unit": "%", "advanced": True},
    )
    activations: Literal["symmetric", "asymmetric"] = Field(
        default="symmetric",
        title="Activation ranges",
        description="Asymmetric ranges are finer, but OpenVINO then leaves transposed convolutions "
        "in float.",
        json_schema_extra={"advanced": True},
    )
    samples: int = Field(
        default=32,
        ge=1,
        le=1024,
        title="Calibration inputs",
        description="How many latents ranges are found over; a folder of them gives at most that "
        "many.",
        json_schema_extra={"search": [16, 128]},
    )
    smoothing: bool = Field(
        default=True,
        title="Smooth channels",
        description="Move the spread between input channels from activations into weights; the "
        "picture stays the same.",
    )
    alpha: float = Field(
        default=0.5,
        ge=0,
        le=1,
        title="Smoothing strength",
        description="1 makes activations even, 0 makes weights even, 0.5 shares it alike.",
        json_schema_extra={"search": [0.1, 0.75]},
    )
    bias_correction: bool = Field(
        default=True,
        title="Bias correction",
        description="Take the mean error of rounded weights off each layer's output.",
    )
    keep: Literal["auto"] | tuple[LayerName, ...] = Field(
        default="auto",
        title="Left in float",
        description="Layers that stay in float, such as layer9.convolved; auto leaves the worst "
        "ones until the wanted quality is predicted.",
        json_schema_extra={"scan": True},
    )
    wanted: float = Field(
        default=38.0,
        ge=10,
        le=80,
        title="Wanted quality",
        description="PSNR to the float picture that auto works towards.",
        json_schema_extra={"unit": "dB", "search": [34, 50]},
    )
    keep_last: int = Field(
        default=0,
        ge=0,
        le=64,
        title="Last layers in float",
        description="How many of the last convolutions stay in float in any case.",
        json_schema_extra={"search": [0, 4]},
    )
    to_rgb: bool = Field(
        default=False,
        title="ToRGB in int8 too",
        description="The layers that write the picture hold few multiplies and cost the most "
        "quality.",
        json_schema_extra={"advanced": True},
    )
