"""A StyleGAN as somebody without this app runs it: from a seed to a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.families.exportable import Exportable
from studio.families.stylegan.mapping import fills_of, mapping_network
from studio.families.stylegan.portable import PICTURE, convolution, rgb_convolution

if TYPE_CHECKING:
    from studio.families.model import Model
    from studio.subnets.choice import SubnetChoice


def exportable(model: Model, choice: SubnetChoice) -> Exportable:
    """A subnet with its mapping network and truncation before it.

    Raises:
        BadChoice: the choice does not fit the model.
    """
    body, view = model.portable(choice), model.view(choice)
    head = mapping_network(model.network, model.info.key, model.info.config.style_count)
    weights = [(convolution(n), layer.weight.numel()) for n, layer in enumerate(view.layers)]
    weights += [(rgb_convolution(n), rgb.weight.numel()) for n, rgb in enumerate(view.rgb)]
    return Exportable(body, fills_of(head, body), head, ((PICTURE, (-1.0, 1.0)),), tuple(weights))
