"""Elastic training: FLIP to the original at narrow widths, after sorting alone and after training.

``python -m tests.bench elastic`` takes 20 minutes, with ``--quick`` one; ``--model=FILE`` names
another generator than the plain one that was trained for this.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from studio.training.elastic.job import ElasticRun
from studio.training.elastic.options import ElasticOptions
from studio.training.elastic.report import flip_at
from studio.training.elastic.trainer import Look
from tests.bench.figures import Figure

MODEL = Path(__file__).parent / "models" / "plain-clay-heads.safetensors"
WIDTHS = (0.5, 0.25)


def _seen(look: Look) -> None:
    flips = ", ".join(f"{each.width:g}: {each.flip:.3f}" for each in look.widths)
    print(f"  step {look.step}, {look.minutes:.1f} min, FLIP {flips}", file=sys.stderr, flush=True)


def figures(minutes: float, model: Path = MODEL) -> Iterator[Figure]:
    """FLIP before and after ``minutes`` of training, at each narrow width and at full."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "elastic.safetensors"
        run = ElasticRun(model, out, ElasticOptions(minutes=minutes))
        report = run.run(lambda fraction, text: None, _seen).report
    for width in WIDTHS:
        before, after = flip_at(report.before, width), flip_at(report.after, width)
        yield Figure(f"{model.stem}, width {width:g}, FLIP of sorting alone", "", (before,))
        target = "at most half" if width == 0.5 else ""
        name = f"{model.stem}, width {width:g}, FLIP after {minutes:g} minutes"
        yield Figure(name, "", (after,), target)
    full = report.after[-1]
    yield Figure(f"{model.stem}, full against the original, FLIP", "", (full.flip,))
    if full.psnr is not None:
        yield Figure(f"{model.stem}, full against the original, PSNR", "dB", (full.psnr,))
    yield Figure(f"{model.stem}, steps", "", (float(report.steps),))
