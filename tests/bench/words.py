"""The embedded pipeline: does it follow its prompts, in every preset, and how fast is a picture."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, timed

FOLDER = "MAQUETTE_BENCH_WORDS"  # another folder than the embedded one, say a run under way
TARGET = ">= 0.85"


def figures(count: int) -> Iterator[Figure]:
    """Prompt following over ``count`` prompts a preset, and seconds of one picture alone."""
    import torch

    from studio.fidelity.judge import clay_heads_judge
    from studio.places import assets_dir
    from studio.training.words.card import SAMPLES
    from studio.training.words.following import (
        FULL,
        PRESETS,
        PROMPTS_SEED,
        followed,
        open_pipeline,
        pictures_of,
        prompts,
    )

    torch.set_num_threads(2)
    folder = Path(os.environ.get(FOLDER, assets_dir() / "models" / "clay-words"))
    pipeline, judge = open_pipeline(folder), clay_heads_judge()

    def tell(text: str) -> None:
        print(f"  {text}", file=sys.stderr)

    for in_korean in (False, True):
        asked = prompts(count, PROMPTS_SEED, in_korean=in_korean)
        for preset in (FULL,) if in_korean else PRESETS:
            found = followed(pipeline, judge, asked, preset, tell=tell)
            name = f"words: {preset.name}{', Korean' if in_korean else ''}"
            yield Figure(f"{name}, named aspects read back", "", (found.share,), TARGET)
            worst = min(found.aspects, key=lambda a: a[1])
            yield Figure(f"{name}, worst aspect ({worst[0]})", "", (worst[1],))
    targets = {PRESETS[0].name: "< 2 s", PRESETS[-1].name: "< 0.5 s"}
    for preset in PRESETS:
        taken = timed(lambda p=preset: pictures_of(pipeline, SAMPLES[:1], p, 0), 5, warm_up=1)
        seconds = tuple(t / 1000.0 for t in taken)
        target = targets.get(preset.name, "")
        yield Figure(f"words: {preset.name}, one picture", "s", seconds, target)
