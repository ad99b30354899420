"""Reads the reference folders: a checkpoint, its inputs, and the outputs of the original code."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from studio.checkpoints import open_checkpoint
from studio.families.model import Model
from studio.families.opening import directions_beside, model_from
from tests.fixtures_root import FIXTURES


@dataclass(frozen=True)
class Reference:
    """One folder: arrays by name, and what ``io.json`` says of each."""

    folder: Path
    arrays: dict[str, Tensor]
    about: dict[str, dict[str, Any]]

    def names(self, *prefixes: str) -> list[str]:
        return [name for name in self.about if name.startswith(prefixes)]


@cache
def read(folder: Path) -> Reference:
    with np.load(folder / "io.npz") as stored:
        arrays = {name: torch.from_numpy(stored[name]) for name in stored.files}
    about = json.loads((folder / "io.json").read_text("utf-8"))["arrays"]
    return Reference(folder, arrays, about)


def folders(family: str) -> list[Path]:
    """Every folder of a family that is there."""
    return sorted(path.parent for path in (FIXTURES / family).rglob("io.json"))


def cases(family: str, *prefixes: str) -> list[tuple[Path, str]]:
    """Every (folder, array name) with one of the prefixes."""
    return [(folder, name) for folder in folders(family) for name in read(folder).names(*prefixes)]


def case_id(value: object) -> str:
    return value.name if isinstance(value, Path) else str(value)


@cache
def opened(path: Path) -> Model:
    """The model of a file; an Anycost one gets the mean style of its folder, as its outputs had."""
    checkpoint = open_checkpoint(path)
    arrays = read(path.parent).arrays
    if "mean_style" in arrays and not checkpoint.w_avg_known:
        tensors = {**checkpoint.tensors, "w_avg": arrays["mean_style"][0]}
        checkpoint = replace(checkpoint, tensors=tensors, w_avg_known=True)
    return model_from(checkpoint, directions_beside(path, checkpoint.tensors["w_avg"].numel()))


def largest_error(actual: Tensor, expected: Tensor) -> float:
    assert actual.shape == expected.shape
    return float((actual - expected).abs().max())


def assert_close(actual: Tensor, expected: Tensor) -> None:
    """1e-4 absolute, or 1e-5 of the largest value, whichever is more."""
    allowed = max(1e-4, 1e-5 * float(expected.abs().max()))
    error = largest_error(actual, expected)
    assert error <= allowed, f"largest error {error:.2e}, allowed {allowed:.2e}"
