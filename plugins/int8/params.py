"""What int8 quantisation takes. Imports pydantic alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studio.recipes.contract import Params

LayerName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./-]{1,100}$")]
Choice = Literal["none", "int8", "weights-int8", "weights-int4", "fp8"]
PIPELINES = ["diffusion"]  # what means something for them alone
PICTURES = ["stylegan", "translation"]


class Int8Params(Params):
    """Which layers run in int8, and how ranges are found."""

    denoiser: Choice = Field(
        default="int8",
        title="Denoiser",
        description="int8 is for speed. weights-int8, weights-int4 and fp8 store weights in fewer "
        "bits and compute in float: for memory, not speed; fp8 is for PyTorch alone.",
        json_schema_extra={"families": PIPELINES},
    )
    text_encoders: Choice = Field(
        default="none",
        title="Text encoders",
        description="Likewise for what reads the prompt; none leaves it as it is.",
        json_schema_extra={"families": PIPELINES},
    )
    vae_decoder: Choice = Field(
        default="none",
        title="VAE decoder",
        description="Likewise for what turns latents into the picture; none leaves it as it is.",
        json_schema_extra={"families": PIPELINES},
    )
    budget: float = Field(
        default=5.0,
        ge=0.1,
        le=50,
        title="Error budget",
        description="Largest relative error of a component's output that auto works towards; the "
        "worst layers stay in float until it holds.",
        json_schema_extra={"unit": "%", "search": [2, 10], "families": PIPELINES},
    )
    attention: float = Field(
        default=2.0,
        ge=0,
        le=50,
        title="Attention up to",
        description="The products inside of an attention run in int8 where the error of its own "
        "output stays within this; 0 leaves them in float. OpenVINO alone does it.",
        json_schema_extra={"unit": "%", "families": PIPELINES, "advanced": True},
    )

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
    activations: Literal["auto", "symmetric", "asymmetric"] = Field(
        default="auto",
        title="Activation ranges",
        description="Asymmetric ranges are finer, but OpenVINO then leaves transposed convolutions "
        "in float; auto takes them for pipelines alone, which have none.",
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
    alpha_attention: float | None = Field(
        default=0.0,
        ge=0,
        le=1,
        title="Attention",
        description="Smoothing strength of an attention's linear layers; empty for the common one.",
        json_schema_extra={"families": PIPELINES, "advanced": True},
    )
    alpha_feed_forward: float | None = Field(
        default=0.0,
        ge=0,
        le=1,
        title="Feed-forward",
        description="Smoothing strength of feed-forward layers; empty for the common one.",
        json_schema_extra={"families": PIPELINES, "advanced": True},
    )
    alpha_convolutions: float | None = Field(
        default=0.0,
        ge=0,
        le=1,
        title="Convolutions",
        description="Smoothing strength of a pipeline's convolutions, 0 for none; empty for the "
        "common one.",
        json_schema_extra={"families": PIPELINES, "advanced": True},
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
        json_schema_extra={"unit": "dB", "search": [34, 50], "families": PICTURES},
    )
    keep_last: int = Field(
        default=0,
        ge=0,
        le=64,
        title="Last layers in float",
        description="How many of the last convolutions stay in float in any case.",
        json_schema_extra={"search": [0, 4], "families": PICTURES},
    )
    to_rgb: bool = Field(
        default=False,
        title="ToRGB in int8 too",
        description="The layers that write the picture hold few multiplies and cost the most "
        "quality.",
        json_schema_extra={"advanced": True, "families": PICTURES},
    )
