"""What a student's values between layers differ from its teacher's (Li et al. 2020, section 3.1).

Widths differ, so a learnt 1x1 convolution brings the student's values to the teacher's channels;
of a subnet, it reads the first channels of its weight, as the subnet's own layers do.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.checkpoints.translation_sizes import ResNetSizes, TranslationSizes, UNetSizes
from studio.families.translation.config import TranslationConfig
from studio.families.translation.cost import value_sizes
from studio.families.translation.program import program
from studio.families.translation.stages import block_groups

SPADE_BLOCKS = ("blocks.0", "blocks.2", "blocks.4")  # head, second middle, second upsampling


def mapped_values(sizes: TranslationSizes) -> tuple[str, ...]:
    """Names of the values that are compared: of a residual network what goes into the blocks and
    what comes out of each third of them, as published; of a U-Net (not in the paper) what the
    upper half puts out."""
    if isinstance(sizes, ResNetSizes):
        ends = [group[-1] for group in block_groups(len(sizes.blocks))]
        return (f"down.{len(sizes.down) - 1}.active", *(f"blocks.{k}" for k in ends))
    if isinstance(sizes, UNetSizes):
        picked = sorted({0, (sizes.depth - 1) // 2, sizes.depth - 2})
        return tuple(f"up.{i}" for i in picked)
    return SPADE_BLOCKS


class Adaptors(nn.Module):
    """One 1x1 convolution, with bias, for every compared value."""

    def __init__(self, student: TranslationConfig, teacher: TranslationConfig, seed: int) -> None:
        super().__init__()
        self.names = mapped_values(student.sizes)
        mine, theirs = _channels(student), _channels(teacher)
        draw = torch.Generator().manual_seed(seed)
        self.weights = nn.ParameterList()
        self.biases = nn.ParameterList()
        for name in self.names:
            shape = (theirs[name], mine[name], 1, 1)
            self.weights.append(nn.Parameter(torch.randn(shape, generator=draw) * 0.02))
            self.biases.append(nn.Parameter(torch.zeros(theirs[name])))

    def forward(self, student: dict[str, Tensor], teacher: dict[str, Tensor]) -> Tensor:
        """The sum over the compared values of their mean squared differences."""
        total = next(iter(student.values())).new_zeros(())
        for name, weight, bias in zip(self.names, self.weights, self.biases, strict=True):
            x = student[name]
            adapted = F.conv2d(x, weight[:, : x.shape[1]], bias)
            total = total + F.mse_loss(adapted, teacher[name])
        return total


def comparable(student: TranslationConfig, teacher: TranslationConfig) -> bool:
    """Whether every compared value of the student is there, and as large, in the teacher."""
    names = mapped_values(student.sizes)
    if names != mapped_values(teacher.sizes):
        return False
    mine, theirs = _sizes(student), _sizes(teacher)
    return all(mine[name][1:] == theirs[name][1:] for name in names)


def _channels(config: TranslationConfig) -> dict[str, int]:
    return {name: size[0] for name, size in _sizes(config).items()}


def _sizes(config: TranslationConfig) -> dict[str, tuple[int, int, int]]:
    height, width = config.settings.height, config.settings.width
    sizes = config.sizes
    return value_sizes(program(config), sizes.shapes(), sizes.inputs, height, width)
