"""The process that loads and runs one variant to tell how much memory that takes.

Run as ``python -m studio.engine.memory_process`` by :func:`studio.engine.memory.peak_memory`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from studio.engine.memory import MemoryOrder
from studio.errors import MaquetteError
from studio.families.diffusion.inputs import DiffusionInputs
from studio.processes.child import parent_connection, watch_parent

RUNS = 3
STEPS = 2


def main(arguments: Sequence[str]) -> None:
    """Answer one MemoryOrder with bytes, or with the words of an error."""
    connection = parent_connection(arguments)
    order = connection.recv()
    assert isinstance(order, MemoryOrder)
    watch_parent(connection, lambda message: None)
    try:
        answer: object = _grown(order)
    except (MaquetteError, OSError, MemoryError) as error:
        answer = str(error) or "there was not enough memory to run it"
    connection.send(answer)


def _grown(order: MemoryOrder) -> int:
    import gc

    import torch

    from studio.engine.drawing import drawer
    from studio.families.opening import open_model
    from studio.runtimes.memory import PeakMemory, resident

    torch.set_num_threads(max(1, order.threads))
    gc.collect()
    before = resident()
    with PeakMemory() as peak:
        model = open_model(Path(order.path))
        hand = drawer(model, order.target)
        (inputs,) = model.own_inputs(1)
        if isinstance(inputs, DiffusionInputs):
            inputs = replace(inputs, steps=STEPS)  # of more it takes no more memory
        with hand.running(inputs, order.choice) as (run, _):
            for _ in range(RUNS):
                run()
    return max(0, peak.bytes - before)


if __name__ == "__main__":
    main(sys.argv[1:])
