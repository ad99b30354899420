"""Compiled networks through the cache: jobs compile, the render process only takes over.

A third way, :func:`ready`, is for commands and measurements, which may wait for a compile.
"""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from studio.errors import BadChoice, RuntimeFailed
from studio.runtimes.all import runtime
from studio.runtimes.cache import Cache, key_of
from studio.runtimes.cache_entry import Entry
from studio.runtimes.cache_locks import Use
from studio.runtimes.contract import Arrays, LayerTime, Loaded, Plan


def compiled(plan: Plan, cache: Cache | None = None) -> Entry:
    """The plan's entry, compiled now if it is not there. For jobs.

    Args:
        cache: the user's when None.

    Raises:
        BadChoice: the plan has refusals.
        RuntimeFailed: the runtime raised, or the entry cannot be written.
    """
    if plan.refusals:
        raise BadChoice(f"'{plan.network.name}' cannot run on {plan.target}: {plan.refusals[0]}")
    title = f"{plan.network.name} {plan.target}"
    maker = runtime(plan.target.runtime)
    return (cache or Cache()).make(key_of(plan), title, lambda folder: maker.compile(plan, folder))


def loaded(plan: Plan, cache: Cache | None = None) -> Loaded | None:
    """The plan's network, or None while it is not in the cache. Never compiles. The entry stays in
    the cache until the network is closed or forgotten.

    Raises:
        RuntimeFailed: what was in the cache cannot be used; it has been removed.
    """
    if plan.refusals:
        return None
    cache = cache or Cache()
    used = cache.use(key_of(plan))
    if used is None:
        return None
    entry, use = used
    try:
        network = runtime(plan.target.runtime).load(plan, entry.folder)
    except RuntimeFailed as error:
        use.release()
        raise cache.removed(entry.key, str(error)) from error
    except BaseException:
        use.release()
        raise
    return _InUse(network, use)


def ready(plan: Plan, cache: Cache | None = None) -> Loaded:
    """The plan's network, compiled first if need be. An entry that cannot be loaded is compiled
    again once.

    Raises:
        BadChoice: the plan has refusals.
        RuntimeFailed: the runtime raised, or cannot load what it has just compiled.
    """
    cache = cache or Cache()
    for last in (False, True):
        compiled(plan, cache)
        try:
            network = loaded(plan, cache)
        except RuntimeFailed as error:
            if last:
                raise
            logging.getLogger(__name__).warning("%s", error)
        else:
            if network is not None:
                return network
    raise RuntimeFailed(
        f"'{plan.network.name}' was compiled for {plan.target} and is gone from {cache.root}"
    )


class _InUse:
    """A loaded network that keeps its entry in the cache until it is closed or forgotten."""

    def __init__(self, network: Loaded, use: Use) -> None:
        self._network = network
        self._release = weakref.finalize(self, use.release)
        self.target = network.target
        self.placement = network.placement

    def run(
        self, inputs: Arrays, between: Callable[[], None] | None = None
    ) -> dict[str, npt.NDArray[np.float32]]:
        return self._network.run(inputs, between)

    def layer_times(self, inputs: Arrays) -> tuple[LayerTime, ...]:
        return self._network.layer_times(inputs)

    def close(self) -> None:
        self._network.close()
        self._release()
