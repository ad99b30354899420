"""``python -m tests.bench.pictures`` draws the README's sheet.

The renderer's own pictures come first, so that a blurry full cannot hide; then widths and
resolutions across, latents down.
"""

from __future__ import annotations

import sys
from pathlib import Path

SHEET = Path(__file__).resolve().parents[2] / "assets" / "pictures" / "sheet.png"
SEEDS = (39, 18, 0, 17, 33, 26)
CELL = 128
SMALLER = (64, 32)


def main() -> int:
    """Write the sheet."""
    import torch

    from studio.families.opening import open_model
    from studio.families.picture_file import write_png
    from studio.reporting.sheet import contact_sheet
    from studio.training.clay_heads.figures import to_bytes
    from studio.training.clay_heads.preview import WIDTHS, drawn, generated

    model = open_model("clay-heads")
    network = model.network.requires_grad_(False)
    size = network.config.resolution
    z = torch.cat([model.latent(seed) for seed in SEEDS])
    w = network.map(z)
    columns = [to_bytes(drawn(z, size))]
    columns += [to_bytes(generated(network, w, ratio, size)) for ratio in WIDTHS]
    columns += [to_bytes(generated(network, w, 1.0, smaller)) for smaller in SMALLER]
    names = ["renderer", *(f"width {r:g}" for r in WIDTHS), *(f"{s} px" for s in SMALLER)]
    rows = [[column[k] for column in columns] for k in range(len(SEEDS))]
    write_png(SHEET, contact_sheet(rows, names, SEEDS, CELL))
    print(SHEET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
