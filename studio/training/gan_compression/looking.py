"""What a network in training draws of held-out pairs: figures, and a strip to look at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from studio.families.translation.config import TranslationConfig
from studio.fidelity.metrics import Pixels

ROWS = 4  # of a strip
SIDE = 128  # px; larger pictures are shown smaller
_TURN = 0.618033988749895  # golden ratio: labels beside each other differ most in hue


def error_of(pictures: Tensor, wanted: Tensor) -> float:
    """Mean absolute difference in [0, 1] of pictures in [-1, 1]."""
    return float((pictures - wanted).abs().mean()) / 2


def strip(config: TranslationConfig, inputs: Tensor, columns: Sequence[Tensor]) -> Pixels:
    """One row a picture: its input, then every column.

    Args:
        inputs: (n, inputs, h, w). columns: pictures (n, outputs, h, w) in [-1, 1] each.
    """
    every = [shown_input(config, inputs[:ROWS]), *(_coloured(c[:ROWS]) for c in columns)]
    rows = torch.cat([_small(each) for each in every], dim=3)
    pixels = ((rows.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    stacked = pixels.permute(0, 2, 3, 1).reshape(-1, rows.shape[3], 3)
    return np.ascontiguousarray(stacked.cpu().numpy())


def shown_input(config: TranslationConfig, inputs: Tensor) -> Tensor:
    """Inputs as colours (n, 3, h, w) in [-1, 1]; every label has a hue."""
    if not config.takes_labels:
        return _coloured(inputs[:, :3])
    hues = (inputs[:, : config.labels].argmax(1, keepdim=True).float() * _TURN) % 1.0
    shift = torch.tensor([0.0, 1 / 3, 2 / 3], device=inputs.device).view(1, 3, 1, 1)
    return torch.cos(2 * torch.pi * (hues + shift))


def _coloured(pictures: Tensor) -> Tensor:
    return pictures[:, :1].expand(-1, 3, -1, -1) if pictures.shape[1] < 3 else pictures[:, :3]


def _small(pictures: Tensor) -> Tensor:
    factor = max(1, min(pictures.shape[2:]) // SIDE)
    return pictures if factor == 1 else F.avg_pool2d(pictures, factor)
