"""Targets as they are named on the command line."""

from __future__ import annotations

import pytest

from studio.errors import BadChoice
from studio.runtimes.target import PYTORCH_CPU, Target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("pytorch", PYTORCH_CPU),
        ("PyTorch:CPU", PYTORCH_CPU),
        ("openvino", Target("openvino", "CPU")),
        ("openvino:cpu:BF16", Target("openvino", "CPU", "bf16")),
        ("openvino:bf16", Target("openvino", "CPU", "bf16")),
        ("openvino:gpu.1:f16", Target("openvino", "GPU.1", "f16")),
        ("pytorch:cuda:1", Target("pytorch", "cuda:1")),
        ("pytorch:cuda:0:bf16", Target("pytorch", "cuda:0", "bf16")),
        (" onnxruntime:dml:f16 ", Target("onnxruntime", "dml", "f16")),
    ],
)
def test_a_target_is_read_and_written(text: str, target: Target) -> None:
    assert Target.parse(text) == target
    assert Target.parse(str(target)) == target


@pytest.mark.parametrize(
    "text",
    ["", ":", "tensorrt", "pytorch:", "pytorch:cpu:", "pytorch:cpu:f32:x", "openvino:CPU:f64"],
)
def test_what_is_no_target_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(BadChoice, match=r"target is|use f32"):
        Target.parse(text)


def test_a_target_in_words() -> None:
    assert Target.parse("openvino:CPU:bf16").title == "OpenVINO bf16 CPU"
    assert PYTORCH_CPU.title == "PyTorch f32 CPU"
