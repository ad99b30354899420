"""What subnet slicing takes. Imports pydantic alone."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from studio.recipes.contract import Params


class SubnetParams(Params):
    """Which part of a generator to run."""

    width: float = Field(
        default=1.0,
        gt=0,
        le=1,
        title="Width",
        description="Share of the channels of every layer.",
        json_schema_extra={"search": [0.25, 0.5, 0.75, 1.0]},
    )
    rule: Literal["literal", "anycost"] = Field(
        default="literal",
        title="Width rule",
        description="Literal takes that share of every layer; anycost is that project's own rule, "
        "under which low resolutions often stay full.",
        json_schema_extra={"advanced": True},
    )
    widths: tuple[float, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        title="Free widths",
        description="In place of the width: ratios or channel counts, one per layer or per stage.",
        json_schema_extra={"advanced": True},
    )
    config_str: str = Field(
        default="",
        max_length=120,
        pattern=r"^(\d{1,5}(_\d{1,5})*)?$",
        title="Configuration string",
        description="In place of the width: GAN Compression's name of a subnet, such as "
        "16_16_32_16_32_32_16_16, for models that turn pictures into pictures.",
        json_schema_extra={"advanced": True},
    )
    resolution: int | None = Field(
        default=None,
        ge=4,
        le=16384,
        title="Resolution",
        description="Where to stop; empty for the full resolution.",
        json_schema_extra={"unit": "px"},
    )
    sort: bool = Field(
        default=False,
        title="Sort channels",
        description="Order channels by importance first, where the model's are not, so that narrow "
        "widths keep the ones that matter.",
    )
    recalibrate: bool = Field(
        default=False,
        title="Recalibrate norms",
        description="Take the statistics of batch norms anew for the subnet, over your folder or "
        "test pictures; networks without batch norms need none.",
    )
    batches: int = Field(
        default=8,
        ge=1,
        le=256,
        title="Batches",
        description="How many batches of four inputs the statistics are taken over.",
        json_schema_extra={"advanced": True},
    )
