"""A translation model on weights that were made of another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from torch import Tensor

from studio.families.info import HistoryStep, model_key
from studio.families.translation.config import TranslationConfig
from studio.families.translation.cost import cost
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import TranslationNetwork

BYTES = 4  # of a float32


def derived(
    model: TranslationModel,
    config: TranslationConfig,
    tensors: Mapping[str, Tensor],
    step: HistoryStep,
) -> TranslationModel:
    """A model on weights made from ``model``'s by ``step``; the step renames and is remembered.

    Sizes are counted anew. A plan for int8 is of the old network and does not come along.

    Args:
        step: its detail must tell all that decides the weights, since it names them.
    """
    price = cost(config, config.settings.height, config.settings.width)
    info = replace(
        model.info,
        key=model_key(model.info.key, step),
        config=config,
        parameters=price.parameters,
        size_bytes=price.size_bytes,
        history=(*model.info.history, step),
        quantised=False,
    )
    own = {name: tensor.detach().contiguous() for name, tensor in tensors.items()}
    return TranslationModel(info, TranslationNetwork.from_tensors(config, own))
