"""Seeing what the convolutions of a view read, and changing what they compute with."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

from studio.families.stylegan.portable import parts_of
from studio.families.stylegan.synthesis import SynthesisView


class Watched(TorchFunctionMode):
    """Sees the convolutions of a view as they run, and knows them by their weights.

    The names are those of the graph (see ``stylegan.portable.parts_of``).
    """

    def __init__(self, view: SynthesisView) -> None:
        super().__init__()
        self._names = {part.weight.data_ptr(): part.name for part in parts_of(view)}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func in (F.conv2d, F.conv_transpose2d):
            name = self._names.get(args[1].data_ptr())
            if name is not None:
                alone = (kwargs or {}).get("groups", 1) > 1
                axis = 1 if func is F.conv_transpose2d and not alone else 0
                x, weight = self.seen(name, args[0], args[1], axis)
                args = (x, weight, *args[2:])
        return func(*args, **(kwargs or {}))

    def seen(self, name: str, x: Tensor, weight: Tensor, axis: int) -> tuple[Tensor, Tensor]:
        """What the convolution is to compute with; ``axis`` of the weight counts its outputs."""
        raise NotImplementedError


class ChannelRanges(Watched):
    """Records for every convolution the largest absolute value of each channel that it reads."""

    def __init__(self, view: SynthesisView) -> None:
        super().__init__(view)
        self.largest: dict[str, Tensor] = {}

    def seen(self, name: str, x: Tensor, weight: Tensor, axis: int) -> tuple[Tensor, Tensor]:
        found = x.detach().abs().amax((0, 2, 3))
        before = self.largest.get(name)
        self.largest[name] = found if before is None else torch.maximum(found, before)
        return x, weight
