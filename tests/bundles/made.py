"""Bundles of small models, made once a module, and their broken twins."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from studio.bundles.exporting import export
from studio.bundles.manifest import Manifest, Precision
from studio.bundles.report import Report
from studio.bundles.request import Request
from studio.families.model import Model
from studio.subnets.choice import SubnetChoice
from tests.families.quantised import plan_of, tame_model

Formats = tuple[tuple[str, Precision], ...]
LADDER = (SubnetChoice(width=0.5), SubnetChoice())
EVERY: Formats = (
    ("onnx", "f32"),
    ("onnx", "f16"),
    ("onnx", "int8"),
    ("openvino", "f32"),
    ("openvino", "f16"),
    ("openvino", "int8"),
    ("pt2", "f32"),
    ("safetensors", "f32"),
    ("safetensors", "f16"),
    ("onnx-npu", "f16"),
    ("onnx-npu", "int8"),
    ("openvino-npu", "f16"),
    ("openvino-npu", "int8"),
)


def quantised_model() -> Model:
    model = tame_model()
    return model.quantised(plan_of(model))


def requested(model: Model, formats: Formats = (("onnx", "f32"),), **changes: Any) -> Request:
    values: dict[str, Any] = {"choices": (SubnetChoice(),), "measure": False}
    return Request(model, model, formats=formats, **{**values, **changes})


@contextmanager
def folders(base: Path) -> Iterator[None]:
    """Caches and logs within ``base``, for what is made before a test has its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CACHE", "DATA", "LOG"):
            patch.setenv(f"MAQUETTE_{name}_DIR", str(base / name.lower()))
        yield


def bundle(base: Path, request: Request) -> Report:
    with folders(base):
        return export(request, base / "bundle")


def copied(folder: Path, place: Path) -> Path:
    shutil.copytree(folder, place)
    return place


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest of a bundle, as who wants to deceive would."""
    path = folder / "manifest.json"
    raw = json.loads(path.read_text("utf-8"))
    change(raw)
    path.write_text(json.dumps(raw), "utf-8")


def rehash(folder: Path, name: str) -> None:
    """Make the manifest's record of a file true again."""
    data = (folder / name).read_bytes()

    def change(raw: dict[str, Any]) -> None:
        for each in raw["files"]:
            if each["path"] == name:
                each["bytes"], each["sha256"] = len(data), hashlib.sha256(data).hexdigest()

    rewrite(folder, change)


def hashes(folder: Path) -> dict[str, str]:
    """Every file of a folder and its hash."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def main_of(manifest: Manifest, ident: str) -> str:
    return next(each.main for each in manifest.networks if each.id == ident)
