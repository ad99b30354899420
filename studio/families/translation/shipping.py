"""A translation model as somebody without this app runs it: from a picture to a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.families.exportable import Exportable
from studio.families.fills import Fill, Given, Picture
from studio.families.translation.config import TranslationConfig
from studio.families.translation.steps import INPUT, PICTURE

if TYPE_CHECKING:
    from studio.families.translation.model import TranslationModel
    from studio.subnets.choice import SubnetChoice


def exportable(model: TranslationModel, choice: SubnetChoice) -> Exportable:
    """A subnet with what fills its input.

    Raises:
        BadChoice: the choice does not fit the model.
    """
    body = model.portable(choice)
    outputs = model.info.config.sizes.outputs
    shown = ((PICTURE, (-1.0, 1.0)),) if outputs in (1, 3) else ()
    weights = tuple((layer.name, layer.weights) for layer in body.layers)
    return Exportable(body, ((INPUT, _fill(model.info.config)),), None, shown, weights)


def _fill(config: TranslationConfig) -> Fill:
    if config.takes_labels:
        return Given(title=f"a label map, one channel for each of {config.labels} labels")
    return Picture()
