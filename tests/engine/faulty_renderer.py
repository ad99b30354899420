"""A render process with a make-believe network: it starts quickly, and misbehaves on request.

Run as a module by the tests. What a picture does is asked for by its seed; its label is the number
of steps of 10 ms that it takes.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from studio.engine.render_process import main
from studio.errors import RefusedFile
from studio.families.info import ModelInfo
from studio.families.stylegan.config import StyleGanConfig

DEADLY = 666
FAULTY = 13
LARGE = 2048  # pixels a side, sent in shared memory
CONFIG = StyleGanConfig("anycost", 8, 4, 4, 0, 1, (4, 4, 4, 4))


class PretendModel:
    def __init__(self, path: str) -> None:
        stem = Path(path).stem
        self.info = ModelInfo(
            f"key-{stem}", stem, stem, path, "maquette", "stylegan", CONFIG, 1, 1, "CC0-1.0", "00"
        )

    def render(self, inputs, subnet, *, between):
        if inputs.seed == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        if inputs.seed == FAULTY:
            raise ZeroDivisionError("division by the unlucky number\nand more")
        for _ in range(inputs.label or 1):
            between()
            time.sleep(0.01)
        side = LARGE if inputs.seed == LARGE else 8
        return np.full((side, side, 3), inputs.seed % 256, np.uint8)


def pretend_to_open(path: str) -> PretendModel:
    if "deadly" in path:
        print("about to die", flush=True)  # noqa: T201
        os.kill(os.getpid(), signal.SIGKILL)
    if "refused" in path:
        raise RefusedFile(f"{path} is not a model")
    return PretendModel(path)


if __name__ == "__main__":
    main(sys.argv[1:], opener=pretend_to_open)
