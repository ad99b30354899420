"""Techniques for tests: they count their calls, and each does one thing that can be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import Field

from studio.families.model import Model
from studio.families.stylegan.network import StyleGan2
from studio.recipes.contract import Baked, Context, Lowered, Params, Report, Technique
from studio.recipes.registry import Entry, Registry
from studio.runtimes.quantization import QuantPlan

CALLS: list[tuple[str, Any]] = []  # (technique and verb, what it saw)


class ScaleParams(Params):
    """A factor."""

    factor: float = Field(default=1.0, gt=0, le=2, description="Of every ToRGB bias.")


def scaled(model: Model, factor: float) -> Model:
    tensors = dict(model.network.state_dict())
    for name in tensors:
        if name.startswith("rgb.") and name.endswith(".bias"):
            tensors[name] = tensors[name] * factor
    network = StyleGan2.from_tensors(model.info.config, tensors)
    return Model(model.info, network, model.directions)


def report(model: Model, text: str) -> Report:
    size = 4 * sum(tensor.numel() for tensor in model.network.state_dict().values())
    return Report(text, (), size, size, size, size)


class Scale(Technique):
    """A transform."""

    name = "scale"
    title = "Scale"
    summary = "Scale the biases of ToRGB."
    params = ScaleParams

    def transform(self, model: Model, params: ScaleParams, context: Context) -> Baked:
        CALLS.append((f"{self.name} transform", model.info.config.channels))
        context.progress(0.5, "scaling")
        return Baked(scaled(model, params.factor), report(model, f"scaled by {params.factor:g}"))


class Twice(Scale):
    """A second transform, which must follow the first."""

    name = "twice"
    after = ("scale",)


class Every(Technique):
    """All four verbs."""

    name = "every"
    title = "Every"
    summary = "Use every verb."
    params = ScaleParams

    def prepare(self, model: Model, params: ScaleParams, context: Context) -> Baked:
        CALLS.append(("every prepare", context.seed))
        return Baked(scaled(model, 1.0), report(model, "prepared"))

    def select(self, info: Any, params: ScaleParams, choice: Any) -> Any:
        CALLS.append(("every select", choice))
        return replace(choice, resolution=16)

    def transform(self, model: Model, params: ScaleParams, context: Context) -> Baked:
        CALLS.append(("every transform", model.info.config.resolution))
        return Baked(scaled(model, params.factor), report(model, "transformed"))

    def lower(
        self, plan: QuantPlan, model: Model, params: ScaleParams, context: Context
    ) -> Lowered:
        CALLS.append(("every lower", model.info.config.resolution))
        return Lowered(replace(plan, layers=(*plan.layers, "a")), report(model, "planned"))


def registry(*kinds: type[Technique]) -> Registry:
    return Registry([Entry(kind.name, "", "ready", kind()) for kind in kinds])
