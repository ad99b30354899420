"""What a stage of GAN Compression makes of which files. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

from studio.training.gan_compression.options import DataOptions, Stage
from studio.training.gan_compression.space import RATIOS


@dataclass(frozen=True)
class Order:
    """What one stage makes of which files.

    Args:
        stage: ``teacher`` makes a residual network from pairs alone; ``student`` a MobileNet-style
            one of the teacher's widths; ``distil`` a narrow one; ``supernet`` once-for-all
            weights; ``finetune`` one subnet of a supernet.
        data: where pairs come from.
        model: of ``teacher`` what to go on from, None for random weights; of ``finetune`` the
            supernet; else the teacher.
        student: of ``distil`` and ``supernet`` what to begin with. None: the strongest channels of
            the model, and the model's own weights.
        teacher: of ``finetune``; None takes the supernet's full network.
        config: the subnet of ``finetune``, a configuration string.
        ngf, blocks: base channels of ``teacher`` and ``distil``, residual blocks of ``teacher``.
        inputs: channels that a new ``teacher`` takes, 3 for colours and 1 for grey.
        size: (height, width) of the pictures of a new ``teacher``.
        ratios: of the space of ``supernet``, shares of every stage.
    """

    stage: Stage
    data: DataOptions
    model: str | None = None
    student: str | None = None
    teacher: str | None = None
    config: str | None = None
    ngf: int = 64
    blocks: int = 9
    inputs: int = 3
    size: tuple[int, int] = (256, 256)
    ratios: tuple[float, ...] = RATIOS
