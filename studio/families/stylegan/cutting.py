"""Physically smaller generators: chosen channels and stages on their own memory.

Entry ``k`` of the channel list couples the outputs of what computes it (the constant for entry 0,
else layer ``k - 1``), the inputs and styles of layer ``k`` and, at every odd entry, the inputs and
styles of a ToRGB. :func:`keep_channels` moves them together, so that no caller has to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from studio.errors import BadChoice
from studio.families.info import HistoryStep, model_key
from studio.families.model import Model
from studio.families.stylegan.network import StyleGan2

if TYPE_CHECKING:
    from studio.subnets.choice import SubnetChoice

BYTES = 4  # of a float32


def keep_channels(network: StyleGan2, kept: Sequence[Tensor]) -> StyleGan2:
    """A new network that has only some channels, in the given order.

    Args:
        network: is not changed; what has no channels (mapping network, noise) shares its memory.
        kept: for each entry of the channel list the indices (n,) of the channels to keep, n at
            least 1. Fewer entries than the network has, an even number from 4 up, drop the
            stages that follow.

    Raises:
        ValueError: the number of entries or an index does not fit the network.
    """
    config = network.config
    if len(kept) % 2 or not 4 <= len(kept) <= len(config.channels):
        raise ValueError(f"an even number of 4 to {len(config.channels)} entries is needed")
    for entry, (index, full) in enumerate(zip(kept, config.channels, strict=False)):
        if not len(index) or int(index.min()) < 0 or int(index.max()) >= full:
            raise ValueError(f"entry {entry} keeps none, or channels outside 0 to {full - 1}")
    stages = len(kept) // 2
    tensors = {
        name: tensor
        for name, tensor in network.state_dict().items()
        if not _is_beyond(name, stages)
    }
    tensors["const"] = tensors["const"][kept[0]]
    for k in range(len(kept) - 1):
        name = f"layers.{k}"
        # A chain changes at its ends: the inputs of its first link, the outputs of its last.
        first = "reduce" if f"{name}.reduce" in tensors else "weight"
        last = "expand" if f"{name}.expand" in tensors else "weight"
        tensors[f"{name}.{last}"] = tensors[f"{name}.{last}"][kept[k + 1]]
        tensors[f"{name}.{first}"] = tensors[f"{name}.{first}"][:, kept[k]]
        tensors[f"{name}.bias"] = tensors[f"{name}.bias"][kept[k + 1]]
        _keep_styles(tensors, name, kept[k])
    for stage in range(stages):
        name, index = f"rgb.{stage}", kept[2 * stage + 1]
        tensors[f"{name}.weight"] = tensors[f"{name}.weight"][:, index]
        _keep_styles(tensors, name, index)
    smaller = replace(
        config,
        resolution=config.resolutions[stages - 1],
        channels=tuple(len(index) for index in kept),
        factors=config.factors[: len(kept) - 1],
    )
    return StyleGan2.from_tensors(smaller, tensors)


def _is_beyond(name: str, stages: int) -> bool:
    """Whether a tensor belongs to a stage after the first ``stages``."""
    kind, _, rest = name.partition(".")
    limits = {"layers": 2 * stages - 1, "rgb": stages}
    return kind in limits and int(rest.partition(".")[0]) >= limits[kind]


def _keep_styles(tensors: dict[str, Tensor], name: str, index: Tensor) -> None:
    for part in ("style_weight", "style_bias"):
        tensors[f"{name}.{part}"] = tensors[f"{name}.{part}"][index]


def derived(
    model: Model,
    network: StyleGan2,
    step: HistoryStep,
    *,
    widths: tuple[float, ...] = (1.0,),
) -> Model:
    """A model on weights made from ``model``'s by ``step``; the step renames and is remembered.

    Sizes are counted anew.

    Args:
        step: its detail must tell all that decides the weights, since it names them.
        widths: the trained ones. Full width alone unless the channel list is the same: ratios of
            the list before mean nothing in another.
    """
    tensors = network.state_dict()
    info = replace(
        model.info,
        key=model_key(model.info.key, step),
        config=network.config,
        parameters=sum(tensor.numel() for tensor in network.parameters()),
        size_bytes=BYTES * sum(tensor.numel() for tensor in tensors.values()),
        widths=widths,
        resolutions=tuple(r for r in model.info.resolutions if r <= network.config.resolution),
        history=(*model.info.history, step),
    )
    return Model(info, network, model.directions)


def cut(model: Model, choice: SubnetChoice) -> Model:
    """The subnet ``choice`` as a model of its own: it draws what the view drew.

    The model itself when nothing is cut off.

    Raises:
        BadChoice: the choice does not fit the model, or stops at 4 px, where a subnet can be drawn
            but has too few layers to be a model.
    """
    view, config = model.view(choice), model.info.config
    if view.resolution == config.resolution and view.channels == config.channels:
        return model
    if view.resolution < config.resolutions[1]:
        raise BadChoice(
            f"a subnet of {view.resolution} px cannot be a model of its own; "
            f"accepted are {config.resolutions[1]} px and more"
        )
    network = keep_channels(model.network, [torch.arange(count) for count in view.channels])
    counts = "/".join(map(str, view.channels))
    return derived(model, network, HistoryStep("cut", f"{view.resolution} px, channels {counts}"))
