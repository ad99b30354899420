"""How many threads a subnet is worth. Imports torch only when asked to set them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from studio.families.info import AnyConfig
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost

SMALL = 1_000_000_000  # MACs


def threads_for(config: AnyConfig, choice: SubnetChoice, available: int) -> int:
    """Threads for one picture at batch 1, from 1 to ``available``.

    A small subnet has so little to do in each layer that threads wait for each other longer than
    they work: on two cores one thread is twice as fast as two at 40 M MACs, and no slower up to
    about 1 G, and it leaves the other core to the window.
    """
    return 1 if cost(config, resolve(choice, config)).macs < SMALL else available


@contextmanager
def suited_threads(config: AnyConfig, choice: SubnetChoice) -> Iterator[int]:
    """Let torch use as many threads as the subnet is worth while the block runs; yields them."""
    import torch

    available = torch.get_num_threads()
    threads = threads_for(config, choice, available)
    torch.set_num_threads(threads)
    try:
        yield threads
    finally:
        torch.set_num_threads(available)
