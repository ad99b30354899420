"""Bundles of the embedded model: how long they take to make and verify, and how large they are."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure

MODEL = "clay-heads"
FORMATS = (
    "onnx:f32", "onnx:f16", "onnx:int8", "openvino:f32", "openvino:f16", "openvino:int8",
    "onnx-npu:f16", "onnx-npu:int8", "openvino-npu:f16", "openvino-npu:int8", "pt2:f32",
    "safetensors:f16",
)  # fmt: skip
COLD = {"onnx:f32": "onnxruntime", "openvino:f32": "openvino"}
BARE = Path(sys.prefix) / "bare"


def figures(starts: int) -> Iterator[Figure]:
    """Seconds and megabytes of a bundle a format; milliseconds of ``run.py --seed 7``."""
    with tempfile.TemporaryDirectory(prefix="maquette-bench-") as made:
        base = Path(made)
        env = dict(os.environ)
        for name in ("CACHE", "DATA", "LOG"):
            env[f"MAQUETTE_{name}_DIR"] = str(base / name.lower())
        for format_ in FORMATS:
            folder = base / format_.replace(":", "-")
            recipe = ["--recipe", "int8"] if format_.endswith(":int8") else []
            command = ["maquette", "export", MODEL, *recipe, "--format", format_]
            seconds = _seconds([*command, "-o", str(folder)], env)
            yield Figure(f"export and verify {MODEL}, {format_}", "s", (seconds,))
            files = [p for p in folder.rglob("*") if p.is_file()]
            total = sum(p.stat().st_size for p in files) / 1e6
            yield Figure(f"bundle of {MODEL}, {format_}", "MB", (total,))
            again = _seconds(["maquette", "verify", str(folder)], env)
            yield Figure(f"verify alone, {format_}", "s", (again,))
            if format_ in COLD:
                python = BARE / COLD[format_] / "bin" / "python"
                cold = [str(python), str(folder / "run.py"), "--seed", "7", "--out"]
                samples = tuple(
                    1e3 * _seconds([*cold, str(base / f"{n}")], env) for n in range(starts)
                )
                yield Figure(f"run.py to its first picture, {format_}", "ms", samples)


def _seconds(command: list[str], env: dict[str, str]) -> float:
    if command[0] == "maquette":
        command = [str(Path(sys.executable).with_name("maquette")), *command[1:]]
    start = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return time.perf_counter() - start
