"""Which subnets are worth compiling, nearest to the sliders first. Imports no torch."""

from __future__ import annotations

import math
from itertools import product

from studio.families.diffusion.config import DiffusionConfig
from studio.families.info import BaseInfo
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.denoisers.single import pytorch_alone
from studio.subnets.ladder import ladder

BYTES = 1_000_000_000  # of weights that a ladder may hold together
MOST = 24


def rungs(
    info: BaseInfo, near: SubnetChoice, shown: tuple[SubnetChoice, ...] = (), limit: int = BYTES
) -> tuple[SubnetChoice, ...]:
    """The ladder of a model: what is on the sliders and what else is shown, then every trained (or
    usual) width at every trained resolution, nearest to ``near`` first.

    Distance is the ratio of costs, since a drag passes subnets of similar cost one after another.
    Choices of a pipeline that PyTorch alone runs are none of them.

    Args:
        near: the subnet on the sliders. shown: other subnets in sight, such as *full*.
        limit: bytes of weights that all of them may have together; the rest is left out, but of a
            pipeline nothing that is in sight.

    Raises:
        BadChoice: ``near`` or one of ``shown`` is not of this model.
    """
    config = info.config
    full = resolve(SubnetChoice(), config).resolution
    resolutions = info.resolutions or (full,)
    grid = [
        SubnetChoice(width=width, resolution=None if r == full else r)
        for width, r in product((1.0, *ladder(info)), resolutions)
    ]
    here = cost(config, resolve(near, config)).macs

    def distance(choice: SubnetChoice) -> float:
        return abs(math.log(cost(config, resolve(choice, config)).macs / here))

    wanted = [near, *shown, *sorted(grid, key=distance)]
    pipeline, in_sight = isinstance(config, DiffusionConfig), {near, *shown}
    if isinstance(config, DiffusionConfig):
        wanted = [choice for choice in wanted if pytorch_alone(choice, config) is None]
    chosen: dict[object, SubnetChoice] = {}
    left = limit
    for choice in wanted:
        subnet = resolve(choice, config)
        size = cost(config, subnet).size_bytes
        kept = not chosen or (pipeline and choice in in_sight)
        if subnet in chosen or (size > left and not kept):
            continue
        chosen[subnet] = choice
        left -= size
        if len(chosen) == MOST:
            break
    return tuple(chosen.values())
