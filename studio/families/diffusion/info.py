"""What is known of an opened pipeline. Crosses process boundaries; imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

from studio.families.diffusion.config import DiffusionConfig
from studio.families.info import BaseInfo


@dataclass(frozen=True)
class PipelineComponent:
    """A component with weights.

    Args:
        name: as the pipeline calls it, e.g. ``unet``. runs: its class.
        dtype: what most of its weights are stored in, e.g. ``float16``.
        parameters: number of weights. size_bytes: what they take in that type.
    """

    name: str
    runs: str
    dtype: str
    parameters: int
    size_bytes: int


@dataclass(frozen=True)
class DiffusionInfo(BaseInfo):
    """A loaded pipeline without its weights.

    Args:
        layout: ``diffusers`` for a folder, ``maquette`` for one that Maquette wrote,
            ``single file`` for a Stable Diffusion in one file.
        parameters: of all components; ``denoiser`` names the one that is called at every step.
        computes: type that PyTorch computes in: ``float32``, or that of the weights where memory
            does not suffice for float32.
        passed_over: components of the folder that are not used (they draw nothing).
    """

    config: DiffusionConfig
    components: tuple[PipelineComponent, ...] = ()
    denoiser: str = ""
    computes: str = "float32"
    passed_over: tuple[str, ...] = ()
