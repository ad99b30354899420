"""``python -m tests.bench [networks] [engine] [window] [--quick]`` prints the figures."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from tests.bench.figures import HEADER, Figure, machine

# As the app and its processes do; see studio.cli.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _figures(part: str, quick: bool) -> Iterator[Figure]:
    if part == "networks":
        from tests.bench import networks

        return networks.figures(10 if quick else 40)
    if part == "engine":
        from tests.bench import engine

        return engine.figures(1000 if quick else 10_000)
    from tests.bench import window

    return window.figures(2 if quick else 7)


def main() -> int:
    parts = ("networks", "engine", "window")
    asked = [a for a in sys.argv[1:] if not a.startswith("-")]
    unknown = [a for a in asked if a not in parts]
    if unknown:
        print(f"unknown part '{unknown[0]}'; there are: {', '.join(parts)}", file=sys.stderr)
        return 2
    print(machine())
    print(HEADER)
    for part in asked or parts:
        for figure in _figures(part, "--quick" in sys.argv):
            print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
