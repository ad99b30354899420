"""``python -m tests.bench [PART ...] [--quick]`` prints the figures.

Parts: ``networks``, ``engine``, ``window``, ``runtimes`` and ``ladder``, all five unless some are
named; the last two take less than ten minutes together.
``int8`` (5 minutes), ``memory`` (2 minutes), ``bundles`` (5 minutes), ``clay-heads`` (3 minutes),
``sketch`` (4 minutes), ``ablation`` (an hour), ``distil`` (11 minutes), ``elastic`` (20 minutes)
and ``diffusion`` (10 minutes, and 7 GB of memory) are measured only when they are named;
``--model=FILE`` is for ``elastic``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import HEADER, Figure, machine

# As the app and its processes do; see studio.cli.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

MODEL = "--model="


def _figures(part: str, quick: bool) -> Iterator[Figure]:
    if part == "networks":
        from tests.bench import networks

        return networks.figures(10 if quick else 40)
    if part == "engine":
        from tests.bench import engine

        return engine.figures(1000 if quick else 10_000)
    if part == "runtimes":
        from tests.bench import runtimes

        return runtimes.figures(runtimes.settings(quick))
    if part == "ladder":
        from tests.bench import ladder

        return ladder.figures(ladder.settings(quick))
    if part == "int8":
        from tests.bench import int8

        return int8.figures(int8.settings(quick))
    if part == "diffusion":
        from tests.bench import diffusion

        return diffusion.figures(quick)
    if part == "memory":
        from tests.bench import memory

        return memory.figures(quick)
    if part == "bundles":
        from tests.bench import bundles

        return bundles.figures(2 if quick else 7)
    if part == "clay-heads":
        from tests.bench import clay_heads

        return clay_heads.figures(150 if quick else 500)
    if part == "sketch":
        from tests.bench import sketch

        return sketch.figures(sketch.settings(quick))
    if part == "ablation":
        from tests.bench import ablation

        return ablation.figures(100 if quick else 700)
    if part == "distil":
        from tests.bench import distil

        return distil.figures(distil.settings(quick))
    if part == "elastic":
        from tests.bench import elastic

        named = [a.removeprefix(MODEL) for a in sys.argv[1:] if a.startswith(MODEL)]
        model = Path(named[0]) if named else elastic.MODEL
        return elastic.figures(1.0 if quick else 20.0, model)
    from tests.bench import window

    return window.figures(2 if quick else 7)


def main() -> int:
    usual = ("networks", "engine", "window", "runtimes", "ladder")
    named = ("int8", "memory", "bundles", "clay-heads", "sketch", "ablation", "distil", "elastic")
    parts = (*usual, *named, "diffusion")
    asked = [a for a in sys.argv[1:] if not a.startswith("-")]
    unknown = [a for a in asked if a not in parts]
    if unknown:
        print(f"unknown part '{unknown[0]}'; there are: {', '.join(parts)}", file=sys.stderr)
        return 2
    print(machine())
    print(HEADER)
    for part in asked or usual:
        for figure in _figures(part, "--quick" in sys.argv):
            print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
