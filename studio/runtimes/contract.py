"""What every runtime does: detect, plan, compile, load and run. Imports no runtime.

``plan`` costs nothing and refuses what cannot work; ``compile`` is work for a job and leaves files
in a folder; ``load`` brings those files back within moments, which is all that a process may do
that must not stutter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from studio.families.portable import PortableNetwork
from studio.runtimes.device import Device
from studio.runtimes.target import Target

Arrays = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Plan:
    """A network made ready for a target on paper.

    Args:
        network: what runs. target: where.
        sizes: a number for every dynamic dimension that the device wants fixed, as (name, size)
            pairs; the others stay dynamic.
        threads: CPU threads to use; 0 leaves that to the runtime.
        version: the runtime's version, part of the cache key.
        device: name and driver of the device, part of the cache key.
        memory: estimated bytes while running.
        refusals: why it cannot run, a sentence each; empty when it can.
        notes: what the user should know though it runs.
        rest: of a plan for int8, the precision of what stays in float; empty for others.
    """

    network: PortableNetwork
    target: Target
    sizes: tuple[tuple[str, int], ...] = ()
    threads: int = 0
    version: str = ""
    device: str = ""
    memory: int = 0
    refusals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rest: str = ""


@dataclass(frozen=True)
class NodePlace:
    """``nodes`` operators of one kind that ran on ``device``."""

    device: str
    operator: str
    nodes: int


@dataclass(frozen=True)
class Placement:
    """Where a compiled network really runs, as the runtime itself says after compiling.

    Args:
        devices: the executing devices, e.g. ("CPU",); never the one asked for unless it is so.
        precision: what the inside really runs in, most of the arithmetic; for a quantised network
            ``int8`` from 70% of its true multiplies on, else e.g. ``mixed (63% int8)``.
        fallbacks: nodes that run elsewhere than asked.
        int8: share of the true multiplies that run in int8; None where it was not asked for.
        left: convolutions of a quantised network that run in float, whoever decided so.
    """

    devices: tuple[str, ...]
    precision: str
    fallbacks: tuple[NodePlace, ...] = ()
    int8: float | None = None
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerTime:
    """Milliseconds that one executed node took, where the runtime tells."""

    name: str
    operator: str
    milliseconds: float
    precision: str = ""


class Loaded(Protocol):
    """A network that is ready to run. Not safe for several threads at once."""

    target: Target
    placement: Placement

    def run(
        self, inputs: Arrays, between: Callable[[], None] | None = None
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Outputs by name. ``between`` is called now and then where the runtime allows it, and may
        raise to stop: the run is then cancelled and the exception passed on.

        Raises:
            RuntimeFailed: the runtime raised, or the device is gone.
        """

    def layer_times(self, inputs: Arrays) -> tuple[LayerTime, ...]:
        """One timed run, layer by layer; empty where the runtime does not tell."""

    def close(self) -> None:
        """Free what it holds. Running it afterwards is an error."""


class Runtime(Protocol):
    """One runtime. Making one imports nothing heavy; every method may."""

    name: str

    def version(self) -> str | None:
        """Version of the installed package; None when it is missing. Imports nothing."""

    def detect(self) -> tuple[Device, ...]:
        """Every device it can use and those it cannot. Run in a process of its own: a native
        loader may crash or hang."""

    def plan(
        self,
        network: PortableNetwork,
        target: Target,
        *,
        sizes: Mapping[str, int] | None = None,
        threads: int = 0,
    ) -> Plan:
        """What compiling would do; checks all constraints and does no work.

        Raises:
            BadChoice: the target is of another runtime or its device is not on this host.
        """

    def compile(self, plan: Plan, folder: Path) -> Placement:
        """Compile into ``folder`` (exists, empty), for :meth:`load`.

        Raises:
            RuntimeFailed: the runtime raised. BadChoice: the plan has refusals.
        """

    def load(self, plan: Plan, folder: Path) -> Loaded:
        """Bring back what :meth:`compile` left in ``folder``.

        Raises:
            RuntimeFailed: the files are damaged or of another version.
        """
