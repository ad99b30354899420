"""What is searched, and what the whole of GAN Compression makes of what. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

from studio.errors import BadChoice
from studio.runtimes.target import Target
from studio.search.budget import Budget
from studio.training.gan_compression.options import DataOptions
from studio.training.gan_compression.space import RATIOS

FINALISTS = 5


@dataclass(frozen=True)
class SearchOrder:
    """What is searched.

    Args:
        model: the supernet. teacher: who it should be near to; None takes the whole supernet.
        data: inputs; wanted pictures are not looked at.
        budget: what a subnet may cost. target: where latency is measured, also of finalists under
            a budget of multiplies; None measures nothing, which a budget in ms does not allow.
        pictures: on how many a subnet is scored. ratios: of the space. finalists: how many are
            measured.

    Raises:
        BadChoice: there is no such target, or a figure is out of range.
    """

    model: str
    data: DataOptions
    budget: Budget
    teacher: str | None = None
    target: str | None = None
    pictures: int = 8
    ratios: tuple[float, ...] = RATIOS
    finalists: int = FINALISTS

    def __post_init__(self) -> None:
        if self.target is not None:
            Target.parse(self.target)
        elif self.budget.unit == "ms":
            raise BadChoice("a budget in milliseconds needs a target on which they are measured")
        for name in ("pictures", "finalists"):
            if not 1 <= getattr(self, name) <= 1000:
                raise BadChoice(f"{name} {getattr(self, name)} is not within 1 and 1000")


@dataclass(frozen=True)
class PipelineOrder:
    """What is made of what.

    Args:
        data: where pairs come from. model: a trained teacher; None trains one from pairs.
        budget: what the subnet may cost. target: where latency is measured.
        fast: leave out MobileNet-style teacher and distillation.
        ngf: base channels of the distilled student, and so of the supernet; of the fast way those
            of the teacher stay. teacher_ngf, blocks, size: of a new teacher.
        ratios: of the space. pictures: on how many a subnet is scored.
    """

    data: DataOptions
    budget: Budget
    model: str | None = None
    target: str | None = None
    fast: bool = False
    ngf: int = 48
    teacher_ngf: int = 64
    blocks: int = 9
    size: tuple[int, int] = (256, 256)
    ratios: tuple[float, ...] = RATIOS
    pictures: int = 8
