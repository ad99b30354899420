"""What fewer steps take. Imports pydantic alone."""

from __future__ import annotations

from pydantic import Field

from studio.recipes.contract import Params


class FewerStepsParams(Params):
    """What a run has in place of what its inputs say."""

    steps: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        title="Steps",
        description="Steps of the sampler; empty leaves them to what is drawn.",
        json_schema_extra={"search": [4, 6, 8, 12, 20]},
    )
    guidance: float | None = Field(
        default=None,
        ge=0,
        le=100,
        title="Guidance",
        description="How strongly the prompt counts; 1 is not at all and twice as fast. Empty "
        "leaves it to what is drawn.",
        json_schema_extra={"search": [1.0, 2.0, 4.0, 7.5]},
    )
    scheduler: str = Field(
        default="",
        max_length=100,
        title="Scheduler",
        description="The usual name of the sampler, such as euler; empty leaves it to what is "
        "drawn.",
    )
