"""Arrays by name in a file, whatever their names are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Names may hold what no member of an archive may be called, so they are listed apart."""
    numbered: dict[str, Any] = {f"a{index}": array for index, array in enumerate(arrays.values())}
    with path.open("wb") as file:
        numbered["names"] = np.frombuffer(json.dumps(list(arrays)).encode(), np.uint8)
        np.savez(file, allow_pickle=False, **numbered)


def read_arrays(path: Path) -> Arrays:
    """What :func:`write_arrays` wrote; no pickled objects."""
    with np.load(path, allow_pickle=False) as file:
        names = json.loads(file["names"].tobytes())
        return {name: file[f"a{index}"] for index, name in enumerate(names)}
