"""Ordering channels by importance, so that the first ones of every layer make a good subnet.

Method of Lin et al. 2021, "Anycost GANs", section 3.2 and its public code: a channel matters as
much as its consumer makes of it, that is the L1 norm of the consumer's weights for that input times
the mean absolute style that modulates it. The entries of the channel list are ordered by the layer
that reads them; the last entry by the last ToRGB. Every output of one layer and the inputs of all
its consumers are permuted alike, so the full picture stays the same up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.families.stylegan.cutting import keep_channels
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.styles import sample_latents
from studio.families.stylegan.synthesis import Layer, ToRgb

LATENTS = 10_000
LATENT_SEED = 20210616
CHUNK = 1024  # latents at a time: bounds the memory of the style activations


@dataclass(frozen=True)
class Sorted:
    """A sorted network, the order of each entry (``sorted[j] = original[order[j]]``), and how."""

    network: StyleGan2
    orders: tuple[Tensor, ...]
    detail: str


def channel_orders(
    network: StyleGan2,
    *,
    latents: Tensor | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> tuple[Tensor, ...]:
    """For each entry of the channel list, its channels by falling importance.

    Args:
        latents: (n, z_dim) over which the mean style is taken; None draws 10,000 of a fixed seed.
            For conditional networks the classes take turns.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
    """
    if latents is None:
        z, labels = sample_latents(network.config, LATENTS, LATENT_SEED)
    else:
        z, labels = latents, None
        if network.config.c_dim:
            labels = torch.eye(network.config.c_dim)[torch.arange(len(z)) % network.config.c_dim]
    view = network.view()
    consumers: tuple[Layer | ToRgb, ...] = (*view.layers, view.rgb[-1])
    with torch.no_grad():
        w = torch.cat(
            [
                network.map(z[i : i + CHUNK], None if labels is None else labels[i : i + CHUNK])
                for i in range(0, len(z), CHUNK)
            ]
        )
        orders = []
        for entry, consumer in enumerate(consumers):
            if progress is not None:
                progress(entry / len(consumers), f"ordering layer {entry + 1} of {len(consumers)}")
            total = torch.zeros(consumer.style_bias.shape[0])
            for part in torch.split(w, CHUNK):
                style = part @ consumer.style_weight.T + consumer.style_bias
                total += style.abs().sum(dim=0)
            kernel = consumer.kernel() if isinstance(consumer, Layer) else consumer.weight
            importance = kernel.abs().sum(dim=(0, 2, 3)) * (total / len(w))
            # stable: equal channels keep their place, so sorting twice changes nothing
            orders.append(torch.sort(importance, descending=True, stable=True).indices)
    return tuple(orders)


def permuted(network: StyleGan2, orders: tuple[Tensor, ...]) -> StyleGan2:
    """A new network with channels in the given orders; what does not move shares memory.

    Noise maps have one channel and the mapping network none, so both stay.
    """
    return keep_channels(network, orders)


def sort_channels(
    network: StyleGan2,
    *,
    latents: Tensor | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Sorted:
    """Order the channels of every layer by importance. The given network is not changed.

    See :func:`channel_orders` for the arguments.
    """
    orders = channel_orders(network, latents=latents, progress=progress)
    count = LATENTS if latents is None else len(latents)
    detail = f"L1 of weights x mean |style| over {count} latents"
    return Sorted(permuted(network, orders), orders, detail)
