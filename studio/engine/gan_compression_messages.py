"""The records of jobs of GAN Compression; part of ``studio.engine.job_messages``.

Everything here is a frozen dataclass of plain values. Imports no torch and no runtime.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.engine.messages import Picture
from studio.search.evolution import EvolutionOptions
from studio.search.orders import PipelineOrder, SearchOrder
from studio.training.gan_compression.options import DataOptions, TrainingOptions
from studio.training.gan_compression.orders import Order
from studio.training.gan_compression.report import Closeness, Losses


@dataclass(frozen=True)
class GanCompressionJob:
    """Do one stage, or the whole of GAN Compression, and write the result at ``out``; ``resume``
    goes on from what is beside it. Told JobStop, it ends early and writes the best so far."""

    order: Order | PipelineOrder
    out: str
    options: TrainingOptions
    evolution: EvolutionOptions
    resume: bool = False


@dataclass(frozen=True)
class SearchJob:
    """Find the subnet nearest to a teacher under a budget; write it at ``out``, unless that is
    empty. Told JobStop, it ends with the best found so far."""

    order: SearchOrder
    options: EvolutionOptions
    out: str = ""


@dataclass(frozen=True)
class TransferJob:
    """Write the strongest channels of the network at ``path`` as a narrow one at ``out``: of
    ``ngf`` base channels, unless ``config`` names its stages."""

    path: str
    out: str
    ngf: int = 48
    config: str = ""


@dataclass(frozen=True)
class SubnetJob:
    """Write the subnet ``config`` of the supernet at ``path`` as a model of its own at ``out``.
    Where it has batch norms, their statistics come from the pictures of ``data``."""

    path: str
    out: str
    config: str
    data: DataOptions | None = None


@dataclass(frozen=True)
class JobStage:
    """What a GanCompressionJob has reached: ``stage`` trains; ``fraction`` of it is done.

    Args:
        losses: of the stage so far, oldest first. close: subnets on held-out pictures.
        picture: rows of samples: the input, every subnet of ``close``, and what is wanted.
    """

    stage: str
    fraction: float
    step: int
    minutes: float
    losses: tuple[Losses, ...]
    close: tuple[Closeness, ...]
    picture: Picture
