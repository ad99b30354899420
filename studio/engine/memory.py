"""How much memory a variant takes: a process of its own loads and runs it, and watches itself grow.

In the process that measures, one variant would stand on what another has left behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.errors import MaquetteError
from studio.processes.child import Child, describe_exit
from studio.subnets.choice import SubnetChoice

MODULE = "studio.engine.memory_process"


@dataclass(frozen=True)
class MemoryOrder:
    """What to load and run: a subnet of the model at ``path`` on a target, with CPU threads."""

    path: str
    choice: SubnetChoice
    target: str
    threads: int


def peak_memory(order: MemoryOrder) -> int:
    """Bytes by which a fresh process grows, at most, while it reads the model, loads the network
    and runs it three times. What Python and torch themselves take is not counted; what a
    runtime loads together with its first network is.

    Networks that are compiled come from the cache: let them be compiled before.

    Raises:
        MaquetteError: the process could not do it; the sentence says why.
    """
    from studio.places import log_dir

    child = Child(MODULE, log_dir() / "memory.log", own_group=False)
    try:
        child.connection.send(order)
        found = child.connection.recv()
    except (EOFError, OSError) as error:
        raise MaquetteError(
            f"the process that measures memory {describe_exit(child.end())}"
        ) from error
    finally:
        child.end()
        child.close()
    if not isinstance(found, int):
        raise MaquetteError(str(found))
    return found
