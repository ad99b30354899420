"""What a measurement is. Imports no torch, so that the window can show one."""

from __future__ import annotations

from dataclasses import dataclass

from studio.subnets.choice import SubnetChoice


@dataclass(frozen=True)
class Latency:
    """Milliseconds a picture at batch 1."""

    median: float
    p10: float
    p90: float


@dataclass(frozen=True)
class Measurement:
    """A variant measured on a target. Fidelity is the median over seeds; psnr None means equal.

    ``host`` is the processor and ``version`` that of the runtime; both are empty where an older
    session did not keep them. Only measurements of one host, target and version are alike.
    """

    name: str
    choice: SubnetChoice
    psnr: float | None
    ssim: float
    flip: float
    parameters: int
    macs: int
    paper_macs: int
    size_bytes: int
    latency_ms: Latency
    target: str
    threads: int
    host: str = ""
    version: str = ""
