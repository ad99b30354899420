"""The networks of a pipeline, opened when they are first needed."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from .common import HERE
from .drawing import Wanted, drawn
from .runtimes import opened

Feed = dict[str, Any]


class Components:
    """The networks of one pipeline by what they are for.

    ``spent`` holds the milliseconds of every call of the denoiser.
    """

    def __init__(
        self, manifest: dict[str, Any], pipeline: dict[str, Any], options: argparse.Namespace
    ) -> None:
        networks = {each["id"]: each for each in manifest["networks"]}
        self._networks = {n: networks[i] for n, i in pipeline["components"].items()}
        self._pipeline, self._options = pipeline, options
        self._opened: dict[str, Any] = {}
        self.spent: list[float] = []

    def ready(self, name: str) -> Any:
        """A network, opened."""
        if name not in self._opened:
            self._opened[name] = opened(self._networks[name], self._options)
        return self._opened[name]

    def run(self, name: str, feed: Feed) -> Feed:
        """What a network makes of its inputs."""
        ready = self.ready(name)
        began = time.perf_counter()
        made = one_by_one(self._networks[name], ready.run, feed)
        if name == self._pipeline["denoiser"]:
            self.spent.append(1000 * (time.perf_counter() - began))
        return made

    def picture(self, wanted: Wanted, latents: Any = None) -> Any:
        """A picture (h, w, 3) from 0 to 1."""
        return drawn(self._pipeline, self.run, HERE, wanted, latents)

    def step_ms(self) -> float:
        """Milliseconds of a call of the denoiser, the median."""
        return statistics.median(self.spent)


def one_by_one(network: dict[str, Any], run: Callable[[Feed], Feed], feed: Feed) -> Feed:
    """Run a network; one whose files are made for one sample at a time runs them one after the
    other."""
    feed = {name: np.ascontiguousarray(array) for name, array in feed.items()}
    ports = {port["name"]: port["shape"] for port in network["inputs"]}
    first = network["inputs"][0]["name"]
    count = len(feed[first])
    if count == 1 or isinstance(ports[first][0], dict):
        return run(feed)
    several = [name for name, array in feed.items() if len(array) == count and ports[name][0] == 1]
    made = [
        run({n: a[i : i + 1] if n in several else a for n, a in feed.items()}) for i in range(count)
    ]
    return {name: np.concatenate([each[name] for each in made]) for name in made[0]}


def wanted_of(pipeline: dict[str, Any], options: argparse.Namespace, seed: int) -> Wanted:
    """What the options ask for; where they say nothing, what the pipeline usually draws."""

    def usual(name: str) -> Any:
        given = getattr(options, name)
        return pipeline[name] if given is None else given

    return Wanted(
        prompt=options.prompt,
        negative=options.negative,
        label=options.label,
        seed=seed,
        steps=usual("steps"),
        guidance=usual("guidance"),
        scheduler=usual("scheduler"),
        height=usual("height"),
        width=usual("width"),
    )


def reference_of(pipeline: dict[str, Any], seed: int) -> Wanted:
    """What the reference of a pipeline draws."""
    return Wanted(**pipeline["drawn"], seed=seed)
