"""A technique from outside whose model is of the wrong shape."""

from __future__ import annotations

from studio.recipes.contract import Baked, Context, Params, Report, Technique


class Bends(Technique):
    """Gives a model that draws smaller pictures than it says."""

    name = "bends"
    title = "Bends"
    summary = "Return the wrong shape."
    params = Params

    def transform(self, model, params, context: Context) -> Baked:
        import torch

        from studio.families.model import Model
        from studio.families.stylegan.network import StyleGan2

        network = StyleGan2.from_tensors(model.info.config, model.network.state_dict())
        network.layers[-1].weight = torch.nn.Parameter(network.layers[-1].weight[:, :2])
        return Baked(Model(model.info, network), Report("bent", (), 1, 1, 1, 1))


TECHNIQUE = Bends
