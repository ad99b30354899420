"""What a measurement is. Imports no torch, so that the window can show one."""

from __future__ import annotations

from dataclasses import dataclass

from studio.subnets.choice import SubnetChoice


@dataclass(frozen=True)
class Latency:
    """Milliseconds a picture at batch 1; of a pipeline a whole picture with all its steps."""

    median: float
    p10: float
    p90: float


@dataclass(frozen=True)
class Quartiles:
    """The spread of fidelity over ``seeds`` pictures: of each measure the first and the third
    quartile, the lower number first. A PSNR of None is that of equal pictures, above all others.
    ``lpips`` is None where it was not asked for.
    """

    seeds: int
    psnr: tuple[float | None, float | None]
    ssim: tuple[float, float]
    flip: tuple[float, float]
    lpips: tuple[float, float] | None = None


@dataclass(frozen=True)
class Measurement:
    """A variant measured on a target. Fidelity is the median over seeds; psnr None means equal.

    ``host`` is the processor and ``version`` that of the runtime; both are empty where an older
    session did not keep them. Only measurements of one host, target and version are alike.

    Args:
        spread: quartiles of fidelity over the seeds; None where an older session kept none.
        channels: of the network that was run, as in its config; resolution: where it stopped, in
            pixels. Empty and 0 where an older session kept neither.
        made: names the recipe that made the variant (see ``studio.engine.baked_files``); empty for
            a subnet of the model itself.
        memory: bytes by which a fresh process grows, at most, while it loads and runs the variant.
        realism: feature distance of its pictures to the world that its model learnt; 0 is best.
        fid: Frechet Inception distance of its pictures to those of *full*.
        lpips: median learned perceptual distance to *full*. All four are None where not measured.
        steps: that the picture of the latency took, of a pipeline; 0 of all others.
        step_ms: median milliseconds of a step of its denoiser; None of all others.
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
    spread: Quartiles | None = None
    channels: tuple[int, ...] = ()
    resolution: int = 0
    made: str = ""
    memory: int | None = None
    realism: float | None = None
    fid: float | None = None
    lpips: float | None = None
    steps: int = 0
    step_ms: float | None = None
