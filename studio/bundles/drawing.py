"""Drawing with the networks of a pipeline, by the very code that bundles carry.

Called in the process that opens strange files: the code is Maquette's own copy of it, never the
bundle's, and everything it reads was checked before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from studio.bundles.formats.all import format_named
from studio.bundles.formats.contract import Opened
from studio.bundles.manifest import Network, Pipeline
from studio.bundles.template.runner.common import Refused
from studio.bundles.template.runner.components import one_by_one, reference_of
from studio.bundles.template.runner.drawing import Wanted, drawn
from studio.bundles.wire import Floats
from studio.errors import RefusedFile


def pictured(
    pipeline: Pipeline,
    run: Callable[[str, dict[str, Any]], dict[str, Any]],
    folder: Path,
    wanted: Wanted,
    latents: Floats | None,
    between: Callable[[], None] = lambda: None,
) -> Floats:
    """A picture (1, h, w, 3) from 0 to 1.

    Args:
        run: runs a network of the pipeline by its name. folder: where the tokenizers' files are.

    Raises:
        RefusedFile: the pipeline does not draw this, or its record does not hold together.
    """
    try:
        made = drawn(pipeline.model_dump(mode="json"), run, folder, wanted, latents, between)
    except Refused as error:
        raise RefusedFile(f"{pipeline.id} does not draw: {error}") from error
    except (KeyError, IndexError, TypeError, ValueError) as error:
        why = " ".join(str(error).split())[:200]
        raise RefusedFile(f"{pipeline.id} does not draw: its parts do not fit ({why})") from error
    picture: Floats = np.ascontiguousarray(made[None], np.float32)
    return picture


class Drawer:
    """The networks of a pipeline, opened when they are first needed.

    Args:
        networks: records by component. files: contents of everything that is read, by path.
        place: an empty folder for the tokenizers' files.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        networks: Mapping[str, Network],
        files: Mapping[str, bytes],
        place: Path,
    ) -> None:
        self._pipeline, self._networks, self._files = pipeline, networks, files
        self._plain = {name: each.model_dump(mode="json") for name, each in networks.items()}
        self._opened: dict[str, Opened] = {}
        self._place = place
        self.spent: list[float] = []
        for told in pipeline.tokenizers.values():
            file = place / told.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(files[told.file])

    @property
    def denoiser(self) -> Opened:
        """What takes most of the time."""
        return self._ready(self._pipeline.denoiser)

    def reference(self, seed: int, latents: Floats) -> Floats:
        """What the reference draws."""
        wanted = reference_of(self._pipeline.model_dump(mode="json"), seed)
        return pictured(self._pipeline, self._run, self._place, wanted, latents)

    def usual(self) -> Floats:
        """A picture of as many steps as is usual."""
        plain = self._pipeline
        known = plain.drawn.model_dump(mode="json") | {
            name: getattr(plain, name)
            for name in ("steps", "guidance", "scheduler", "height", "width")
        }
        return pictured(plain, self._run, self._place, Wanted(**known, seed=0), None)

    def _ready(self, name: str) -> Opened:
        if name not in self._opened:
            network = self._networks[name]
            paths = (network.main, *network.parts)
            own = {path: self._files[path] for path in paths}
            self._opened[name] = format_named(network.format).open(network, own)
        return self._opened[name]

    def _run(self, name: str, feed: dict[str, Any]) -> dict[str, Any]:
        ready = self._ready(name)
        began = time.perf_counter()
        made = one_by_one(self._plain[name], ready.run, feed)
        if name == self._pipeline.denoiser:
            self.spent.append(1000 * (time.perf_counter() - began))
        return made
