"""The bench of int8 on a network so small that it takes seconds; no time is judged."""

from __future__ import annotations

import math

import pytest

from plugins.int8.params import Int8Params
from studio.subnets.choice import SubnetChoice
from tests.bench import int8
from tests.families.quantised import tame_model


def test_everybody_is_timed_and_told_apart() -> None:
    asked = int8.Settings(
        (SubnetChoice(),), turns=1, runs=1, seeds=(1, 2), params=Int8Params(samples=4)
    )
    found = {figure.name: figure for figure in int8.figures(asked, tame_model())}
    for name in ("openvino f32", "openvino int8", "onnxruntime f32", "onnxruntime int8"):
        assert len(found[f"full, {name}"].samples) == 1
    for name in ("openvino int8", "onnxruntime int8"):
        assert min(found[f"full, {name}: PSNR to f32"].samples) > 30
        assert 70 < found[f"full, {name}: share in int8"].samples[0] < 100
    (over,) = found["full, openvino int8 over openvino f32"].samples
    slow, fast = (found[f"full, openvino {p}"].samples[0] for p in ("f32", "int8"))
    assert over == pytest.approx(slow / fast)
    if "full, openvino bf16" in found:
        assert found["full, openvino int8 over openvino bf16"].target == ">= 1.2"
        assert found["full, openvino int8, bf16 off over openvino f32"].target == ">= 1.5"
    assert all(math.isfinite(s) for figure in found.values() for s in figure.samples)
