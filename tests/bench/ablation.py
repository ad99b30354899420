"""What each part of the training of clay heads is worth: one short run without each."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.bench.figures import Figure

PARTS = (
    "",
    "mapping",
    "muon",
    "observer",
    "features",
    "edges",
    "agreement",
    "growth",
    "widths",
)
SIZE = 64  # pixels: the whole network at a size where a run takes minutes
WORK = "MAQUETTE_BENCH_WORK"  # a folder to keep the drawn busts in


def figures(steps: int) -> Iterator[Figure]:
    """Median FLIP to the renderer at four widths, and what the judge reads, without each part."""
    import torch

    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as made:
        work = Path(os.environ.get(WORK, made))
        for part in PARTS:
            yield from _without(part, steps, work)


def _without(part: str, steps: int, work: Path) -> Iterator[Figure]:
    import numpy as np

    from studio.fidelity.judge import clay_heads_judge
    from studio.training.clay_heads.data import latents
    from studio.training.clay_heads.figures import flips
    from studio.training.clay_heads.generator import config_for
    from studio.training.clay_heads.job import Request, settings_for
    from studio.training.clay_heads.judging import read_back
    from studio.training.clay_heads.preview import HELD_OUT_SEED, WIDTHS, drawn, generated
    from studio.training.clay_heads.train import Trainer

    folder = work / (part or "whole")
    folder.mkdir(parents=True, exist_ok=True)
    data, shared = folder / "data", work / "data"
    shared.mkdir(exist_ok=True)
    if not data.exists():
        data.symlink_to(shared, target_is_directory=True)
    asked = Request(folder / "out", folder, steps=steps, renders=4096, without=(part,), fuse=True)
    taught = 0 if part == "observer" else 600
    settings = replace(settings_for(asked), config=config_for(SIZE), observer_steps=taught)
    trainer = Trainer(settings)
    trainer.run()
    z = latents(200, HELD_OUT_SEED + 8)
    own, model = drawn(z, SIZE), trainer.finished()
    w = model.map(z).detach()
    name = f"without {part}" if part else "with every part"
    for ratio in WIDTHS:
        made = generated(model, w, ratio, SIZE)
        flip = float(np.median(flips(own, made)))
        yield Figure(f"{name}, width {ratio:g}, FLIP to the renderer", "", (flip,))
        back = read_back(clay_heads_judge().read(made), z)
        mean = sum(max(0.0, a.r2) for a in back.attributes) / len(back.attributes)
        yield Figure(f"{name}, width {ratio:g}, mean R2 of read-back", "", (mean,))
