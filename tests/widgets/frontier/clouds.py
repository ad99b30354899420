"""Points to draw and to gather."""

from __future__ import annotations

import math

from widgets.frontier.points import Point, Spread

HERE, THERE = "openvino:CPU:bf16", "pytorch:cpu:f32"


def point(ref, latency, flip, *, target=HERE, measured=True, psnr=30.0):
    """One variant; what is not given does not matter."""
    return Point(
        ref, f"name {ref}", target, Spread(latency, 0.9 * latency, 1.2 * latency), latency * 1e6,
        latency * 1e9, latency * 1e5, flip, 1 - flip, psnr, measured,
    )  # fmt: skip


def few():
    """Three on the frontier (k1, k2, full), one beaten, one live, two of another target."""
    return (
        point("full", 8.0, 0.0, psnr=math.inf),
        point("k1", 2.0, 0.2, psnr=24.0),
        point("k2", 4.0, 0.1, psnr=28.0),
        point("k3", 6.0, 0.15, psnr=26.0),
        point("full", 16.0, 0.0, target=THERE, psnr=math.inf),
        point("k1", 5.0, 0.2, target=THERE, psnr=24.0),
        point("current", 3.0, 0.18, measured=False),
    )
