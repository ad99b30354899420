"""The first channels of every layer: the weights of a subnet as views on those of the whole."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from studio.checkpoints.translation_sizes import TranslationSizes, UNetSizes


def sliced(
    tensors: Mapping[str, Tensor], full: TranslationSizes, sub: TranslationSizes
) -> dict[str, Tensor]:
    """The tensors of ``sub``, a narrower form of ``full``; they share memory with ``tensors``.

    Only transposed convolutions of a narrowed U-Net are copies: their inputs are the first channels
    of the skip connection and the first of what comes from inside.
    """
    found = {
        name: tensors[name][tuple(slice(0, n) for n in shape)]
        for name, shape in sub.shapes().items()
    }
    if isinstance(full, UNetSizes) and isinstance(sub, UNetSizes) and full != sub:
        for i in range(1, full.depth):
            name = f"up.{i}.weight"
            (skip, _), (kept, inside) = full.up_inputs(i), sub.up_inputs(i)
            whole = tensors[name]
            rows = torch.cat((whole[:kept], whole[skip : skip + inside]))
            found[name] = rows[:, : found[name].shape[1]]
    return found
