"""A technique from outside that works: weaker noise maps."""

from __future__ import annotations

from pydantic import Field

from studio.recipes.contract import Baked, Context, LayerReport, Params, Report, Technique


class CalmParams(Params):
    """How much noise is left."""

    strength: float = Field(default=0.5, ge=0, le=1, description="Share of the noise that stays.")


class Calm(Technique):
    """Scales the noise."""

    name = "calm"
    title = "Calm"
    summary = "Weaken the noise of every layer."
    params = CalmParams
    after = ("subnet",)

    def transform(self, model, params, context: Context) -> Baked:
        from studio.families.model import Model
        from studio.families.stylegan.network import StyleGan2

        tensors = dict(model.network.state_dict())
        names = [name for name in tensors if name.endswith("noise_strength")]
        for index, name in enumerate(names):
            context.progress(index / len(names), f"calming {name}")
            tensors[name] = tensors[name] * params.strength
        size = 4 * sum(tensor.numel() for tensor in tensors.values())
        layers = tuple(LayerReport(name, bytes_before=4, bytes_after=4) for name in names)
        made = Model(
            model.info, StyleGan2.from_tensors(model.info.config, tensors), model.directions
        )
        return Baked(made, Report(f"{len(names)} layers calmed", layers, size, size, size, size))


TECHNIQUE = Calm
