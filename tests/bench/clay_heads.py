"""The embedded model against the world it was trained on, on latents it has never seen."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from tests.bench.figures import Figure

MODEL = "MAQUETTE_BENCH_MODEL"  # another file than the embedded one, say a run under way


def figures(count: int) -> Iterator[Figure]:
    """All figures of clay heads over ``count`` held-out latents."""
    import torch

    from studio.families.opening import open_model
    from studio.fidelity.judge import clay_heads_judge
    from studio.training.clay_heads.figures import measure
    from studio.training.clay_heads.preview import WIDTHS

    torch.set_num_threads(2)
    model = open_model(os.environ.get(MODEL, "clay-heads"))
    network = model.network.requires_grad_(False)
    judge = clay_heads_judge()
    found = measure(
        network,
        model.directions,
        judge,
        count,
        lambda text: print(f"  {text}", file=sys.stderr),
    )

    def one(name: str, value: float, target: str = "", unit: str = "") -> Figure:
        return Figure(f"clay-heads: {name}", unit, (value,), target)

    least = {1.0: (0.8, 0.9), 0.25: (0.6, 0.75)}
    to_full = {0.5: "<= 0.08", 0.25: "<= 0.12"}
    for each in found.widths:
        at = f"width {each.ratio:g}"
        wanted = "<= 0.10" if each.ratio == 1.0 else ""
        yield one(f"{at}, FLIP to the renderer, median", each.flip_to_renderer, wanted)
        if each.ratio < 1.0:
            hoped = to_full.get(each.ratio, "")
            yield one(f"{at}, FLIP to full, median", each.flip_to_full, hoped)
        r2, kinds = least.get(each.ratio, (0.8, 0.9))
        share = each.reading.share_above(r2)
        yield one(f"{at}, attributes read back at R2 {r2:g}", share, ">= 0.75")
        worst = min(each.reading.attributes, key=lambda a: a.r2)
        yield one(f"{at}, worst attribute ({worst.name}), R2", worst.r2)
        yield one(f"{at}, worst kind read right", min(each.reading.kinds), f">= {kinds:g}")
        yield one(f"{at}, feature distance to renders", each.distance)
    yield one("feature distance between two sets of renders", found.between_renders)
    yield one("feature distance of resampling by 2", found.resampling)
    for stage in found.stages:
        for ratio, value in zip(WIDTHS, stage.flips, strict=True):
            yield one(f"{stage.resolution} px, width {ratio:g}, FLIP to the renderer", value)
    selective = sorted(found.directions, key=lambda d: d.ratio)
    yield one(f"least selective direction ({selective[0].name})", selective[0].ratio, ">= 3", "x")
    share = sum(d.ratio >= 3 for d in selective) / len(selective)
    yield one("directions at least 3 times as strong on their own", share, "1")
    for ratio, value in zip(WIDTHS, found.walk, strict=True):
        yield one(f"walk at width {ratio:g}, largest step over the median", value, "<= 3", "x")
    yield one("one slider at +-2, FLIP to the renderer, median", found.ends)
