"""A process of its own that applies one step to a model and tells how much memory that took.

``python -m tests.bench.memory_child MODEL TECHNIQUE PARAMS`` prints one line of JSON, in bytes:
``model`` (its tensors in float32), ``bare`` (this process before it opened anything, with all that
it needs imported and used once), ``opened``, and ``peak`` while the step was applied.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
from pathlib import Path

from studio.families.opening import open_model
from studio.recipes.applying import apply, cut_to
from studio.recipes.recipe import Recipe, Step
from studio.recipes.variant_cache import VariantCache
from studio.runtimes.memory import PeakMemory, resident
from studio.subnets.footprint import stored_bytes
from tests.families.small import small_model


def main(path: str, technique: str, params: str) -> None:
    """See the module."""
    recipe = Recipe("memory", (Step(technique, params=json.loads(params)),))
    with tempfile.TemporaryDirectory() as folder:
        cache = VariantCache(Path(folder) / "cache")
        small = Path(folder) / "small.safetensors"
        small_model().save(small)
        cut_to(apply(open_model(small), recipe, cache=cache))
        gc.collect()
        bare = resident()
        model = open_model(Path(path))
        size, opened = stored_bytes(model.network), resident()
        with PeakMemory() as peak:
            made = cut_to(apply(model, recipe, cache=cache))
        touched = sum(report.report.touched for report in made.reports)
    told = {"model": size, "bare": bare, "opened": opened, "peak": peak.bytes, "touched": touched}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
