"""What feature reuse takes. Imports pydantic alone."""

from __future__ import annotations

from pydantic import Field, model_validator

from studio.recipes.contract import Params


class ReuseParams(Params):
    """What of a denoiser is computed on some steps only."""

    interval: int = Field(
        default=3,
        ge=1,
        le=20,
        title="Interval",
        description="How many steps apart everything is computed; the steps between use its deep "
        "features again. 1 uses nothing again.",
        json_schema_extra={"unit": "steps", "search": [1, 2, 3, 5]},
    )
    branch: int = Field(
        default=0,
        ge=0,
        le=255,
        title="Branch",
        description="How much the steps between compute, 0 for the least: layers of the way down "
        "of a U-Net, or blocks of a transformer besides the first.",
    )
    threshold: float = Field(
        default=0.0,
        ge=0,
        le=1,
        title="Threshold",
        description="For FLUX, in place of the interval: how much the first block may change for "
        "the others to be used again, decided at every step; 0 for none.",
        json_schema_extra={"advanced": True},
    )
    guided_from: float = Field(
        default=0.0,
        ge=0,
        le=1,
        title="Guidance from",
        description="Where in a run guidance begins, as a share of its steps; before, a step "
        "computes the prompt alone.",
        json_schema_extra={"advanced": True},
    )
    guided_until: float = Field(
        default=1.0,
        ge=0,
        le=1,
        title="Guidance until",
        description="Where in a run guidance ends, as a share of its steps; behind, a step "
        "computes the prompt alone, in half the time.",
        json_schema_extra={"search": [0.6, 0.8, 1.0]},
    )

    @model_validator(mode="after")
    def _in_order(self) -> ReuseParams:
        if self.guided_from > self.guided_until:
            raise ValueError("guided_from must be at most guided_until")
        return self
