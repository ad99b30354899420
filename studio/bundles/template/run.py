#!/usr/bin/env python3
"""Pictures from the networks of this folder: needs numpy, Pillow and one runtime.

    python run.py --seed 7 --seed 8 --out pictures
    python run.py "a clay head"        of a bundle that draws from words (needs tokenizers too)
    python run.py --benchmark          writes measurement.json, which Maquette can import
    python run.py --verify             hashes, and every network against reference/
    python run.py --list               what is here

The packages and versions that were tried stand in requirements-*.txt. A seed gives the same picture
as in Maquette.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.dont_write_bytecode = True  # the folder stays as it was written
sys.path.insert(0, str(Path(__file__).resolve().parent))  # which an isolated Python leaves out

from runner.command import main  # type: ignore[import-not-found]  # noqa: E402  # beside this file

if __name__ == "__main__":
    sys.exit(main(__doc__ or ""))
