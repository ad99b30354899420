"""A portable quantisation plan: what is to run in int8, and how its ranges are found.

A plan names layers by the nodes of the ONNX graph that a family writes. Each runtime emits it its
own way (NNCF for OpenVINO, quantise/dequantise pairs for ONNX Runtime) and reports what it left
out. Imports no torch and no runtime.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Estimator = Literal["min-max", "percentile", "entropy"]


@dataclass(frozen=True)
class QuantPlan:
    """Weights symmetric per output channel, activations per tensor, 8 bits.

    Args:
        layers: names of graph nodes (convolutions) to run in int8; everything else stays in float.
        keep: of the convolutions, those left in float, each with the reason, as (name, reason).
        estimator: how the range of an activation is found from calibration inputs.
        percentile: share of values inside the range, for ``percentile``.
        samples: calibration inputs; ``calibration``: a folder of them, empty for the model's own.
        bias_correction: add the mean error of each layer's output to its bias.
        seed: of the calibration inputs.
    """

    layers: tuple[str, ...] = ()
    keep: tuple[tuple[str, str], ...] = ()
    estimator: Estimator = "min-max"
    percentile: float = 99.99
    samples: int = 64
    calibration: str = ""
    bias_correction: bool = True
    seed: int = 0
