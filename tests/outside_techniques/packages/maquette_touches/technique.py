"""A technique from outside that leaves its mark when it is imported."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Literal

from pydantic import Field

from studio.recipes.contract import Baked, Context, Params, Technique

with Path(os.environ["MAQUETTE_TEST_MARK"]).open("a", encoding="utf-8") as mark:
    mark.write(f"{os.getpid()}\n")


class Side(Enum):
    """Where to begin."""

    LEFT = "left"
    RIGHT = "right"


class TouchesParams(Params):
    """One field of every kind."""

    ratio: float = Field(default=0.5, gt=0, le=1, description="A share.")
    count: int = Field(default=2, ge=1, le=8)
    side: Side = Side.LEFT
    names: Literal["auto"] | tuple[str, ...] = "auto"
    limit: float | None = None
    on: bool = True


class Touches(Technique):
    """Fits models without noise alone."""

    name = "touches"
    title = "Touches"
    summary = "Leave a mark."
    version = 3
    params = TouchesParams
    after = ("prune",)

    def applies_to(self, info):
        return "it has noise" if info.noise else None

    def transform(self, model, params, context: Context) -> Baked:
        raise NotImplementedError


TECHNIQUE = Touches
