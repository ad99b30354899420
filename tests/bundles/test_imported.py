"""measurement.json of strange machines."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio.bundles.imported import imported
from studio.errors import RefusedFile
from studio.fidelity.measurement import Latency, Measurement
from studio.subnets.choice import SubnetChoice

Raw = dict[str, Any]
GOOD: Raw = {
    "format": "maquette-measurement",
    "version": 1,
    "model": {"name": "small", "key": "k", "source_sha256": "a" * 64},
    "host": "Snapdragon X Elite",
    "system": "Linux 6.1 aarch64",
    "python": "3.12.4",
    "measurements": [
        {
            "id": "width-0.5.onnx-f32",
            "title": "width 0.5, ONNX f32",
            "subnet": {"width": 0.5, "rule": "literal", "widths": None, "resolution": 64},
            "quality": {"seeds": [0, 1], "psnr": None, "ssim": 0.9, "flip": 0.1},
            "pixels": 64,
            "parameters": 10,
            "macs": 20,
            "paper_macs": 30,
            "size_bytes": 40,
            "target": "onnxruntime:qnn:f16",
            "runtime": "onnxruntime",
            "version": "1.31.1",
            "device": "qnn",
            "precision": "f16",
            "threads": 0,
            "first_ms": 90.0,
            "latency_ms": {"median": 2.0, "p10": 1.5, "p90": 3.0, "runs": 50},
        }
    ],
}


def written(path: Path, change: Callable[[Raw], object] = lambda raw: None) -> Path:
    raw = copy.deepcopy(GOOD)
    change(raw)
    file = path / "measurement.json"
    file.write_text(json.dumps(raw), "utf-8")
    return file


def test_it_stands_beside_those_of_this_host(tmp_path: Path) -> None:
    (found,) = imported(written(tmp_path), source_sha256="a" * 64)
    assert found == Measurement(
        name="width 0.5, ONNX f32",
        choice=SubnetChoice(width=0.5, resolution=64),
        psnr=None,
        ssim=0.9,
        flip=0.1,
        parameters=10,
        macs=20,
        paper_macs=30,
        size_bytes=40,
        latency_ms=Latency(2.0, 1.5, 3.0),
        target="onnxruntime:qnn:f16",
        threads=0,
        host="Snapdragon X Elite",
        version="1.31.1",
    )


def test_free_widths_come_along(tmp_path: Path) -> None:
    def change(raw: Raw) -> None:
        raw["measurements"][0]["subnet"] = {"widths": [8.0, 16.0]}

    (found,) = imported(written(tmp_path, change))
    assert found.choice == SubnetChoice(widths=(8.0, 16.0))


def first(**values: object) -> Callable[[Raw], object]:
    return lambda raw: raw["measurements"][0].update(values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw.update(format="other"), 'it lacks "format"'),
        (lambda raw: raw.update(version=2), "of version 2; this version of Maquette reads"),
        (lambda raw: raw.update(measurements=[]), "at least 1 item"),
        (lambda raw: raw.update(host="a\nb"), "host: "),
        (lambda raw: raw.update(host="\u001b[31m"), "host: "),
        (lambda raw: raw.update(extra=1), "extra: "),
        (first(quality=None), "says nothing of the fidelity of width-0.5.onnx-f32"),
        (first(target="abacus:cpu"), "names no runtime"),
        (first(target="openvino:CPU:f64"), "is no precision"),
        (first(macs=-1), "macs: "),
        (first(parameters="many"), "parameters: "),
        (first(subnet={"width": 2.0}), "width: "),
        (first(subnet={"width": 0}), "width: "),
        (first(quality={"seeds": [], "psnr": 1, "ssim": 1, "flip": 7}), "flip: "),
        (first(latency_ms={"median": 0, "p10": 0, "p90": 0, "runs": 1}), "median: "),
        (first(latency_ms={"median": 1, "p10": 2, "p90": 3, "runs": 1}), "not in order"),
        (first(id="../x"), "id: "),
    ],
)
def test_what_is_none(tmp_path: Path, change: Callable[[Raw], object], words: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        imported(written(tmp_path, change))
    said = str(caught.value)
    assert words in said
    assert said.startswith("measurement.json ")
    assert "\n" not in said


def test_of_another_model(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="is of the model small, and not of the one that is open"):
        imported(written(tmp_path), source_sha256="b" * 64)


@pytest.mark.parametrize("text", ["", "[" * 90_000, '{"a": NaN}', "\x00"])
def test_no_json(tmp_path: Path, text: str) -> None:
    file = tmp_path / "m.json"
    file.write_text(text)
    with pytest.raises(RefusedFile, match=r"^m\.json is not a measurement: "):
        imported(file)


def test_too_large_and_not_there(tmp_path: Path) -> None:
    file = tmp_path / "m.json"
    file.write_text(" " * 1_100_000)
    with pytest.raises(RefusedFile, match="larger than 1 MB"):
        imported(file)
    with pytest.raises(RefusedFile, match="cannot be read: no such file"):
        imported(tmp_path / "none.json")
