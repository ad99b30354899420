"""The network alone, in this process: choosing a subnet, rendering it, two forms in turn."""

from __future__ import annotations

from collections.abc import Iterator

import torch

import studio
from studio.families.stylegan.grouped import synthesise_grouped
from studio.families.stylegan.synthesis import synthesise
from studio.subnets.choice import resolve
from studio.subnets.threads import suited_threads
from tests.bench.figures import Figure, timed


def figures(repeats: int) -> Iterator[Figure]:
    model = studio.open_model("clay-heads")
    config = model.info.config
    quarter = studio.SubnetChoice(width=0.25)

    def choose() -> object:
        subnet = resolve(quarter, config)
        return model.network.view(subnet.channels, subnet.resolution)

    yield Figure("choosing a subnet", "ms", timed(choose, repeats * 10), "under 1")

    styles = model.styles(studio.GanInputs(seed=1))
    for width in (1.0, 0.5, 0.25):
        subnet = resolve(studio.SubnetChoice(width=width), config)
        view = model.network.view(subnet.channels, subnet.resolution)
        with torch.inference_mode(), suited_threads(config, studio.SubnetChoice(width=width)):
            # In turn, so that a drift of the machine's speed touches both forms alike.
            pairs = [
                (
                    timed(lambda v=view: synthesise(v, styles), 1, warm_up=int(turn == 0))[0],
                    timed(lambda v=view: synthesise_grouped(v, styles), 1, warm_up=0)[0],
                )
                for turn in range(repeats)
            ]
        constant, grouped = zip(*pairs[1:], strict=True)
        yield Figure(f"clay-heads, width {width:g}, constant weights, eager", "ms", constant)
        yield Figure(f"clay-heads, width {width:g}, grouped convolution, eager", "ms", grouped)
