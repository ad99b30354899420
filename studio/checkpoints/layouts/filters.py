"""The low-pass filter that all supported networks share."""

from __future__ import annotations

import numpy as np

from studio.checkpoints.causes import NotSupported
from studio.checkpoints.stored import StoredTensor, load

_TAPS = np.array([1, 3, 3, 1], np.float32) / 8
_TOLERANCE = 1e-3  # 16-bit files round the kernel


def check_filter(name: str, tensor: StoredTensor, gain: float) -> None:
    """Make sure that a stored kernel (4, 4) is the outer product of [1, 3, 3, 1] with sum ``gain``.

    Raises:
        NotSupported: it is another filter, which the network here would not reproduce.
        Cause: it cannot be read.
    """
    if tensor.shape == (4, 4):
        difference = np.abs(load(name, tensor) / gain - np.outer(_TAPS, _TAPS)).max()
        if float(difference) < _TOLERANCE:
            return
    raise NotSupported(
        f"its filter {name} of shape {list(tensor.shape)} is not the usual [1, 3, 3, 1], which is "
        "the only one supported"
    )
