"""Several widths of one denoiser that learn on one memory (the sandwich rule of Yu & Huang 2019,
"Universally Slimmable Networks", section 3.1).

A view's tensors are leaves of their own on the memory of the whole. As soon as one has a gradient,
it is added to that of the whole at its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from studio.subnets.denoisers.choice import Elastic, resolve
from studio.subnets.denoisers.sites import Layout
from studio.subnets.denoisers.slicing import view


class Slices:
    """Views of a network in training.

    Args:
        network: whose parameters each have memory of their own. layout: of it.
    """

    def __init__(self, network: nn.Module, layout: Layout, skip_order: Sequence[str]) -> None:
        self._network, self._layout, self._order = network, layout, tuple(skip_order)
        self._whole = {p.untyped_storage().data_ptr(): p for p in network.parameters()}
        self._views: dict[tuple[tuple[str, int], ...], nn.Module] = {}

    def at(self, width: float) -> nn.Module:
        """The view at a width, with nothing set up for learning."""
        kept = resolve(Elastic(width=width), self._layout, self._order)
        key = tuple(sorted(kept.counts.items()))
        if key not in self._views:
            self._views[key] = view(self._network, self._layout, kept)
        return self._views[key]

    def learning(self, width: float) -> nn.Module:
        """The view at a width, whose backward pass adds to the gradients of the whole."""
        found = self.at(width)
        for part in found.parameters():
            whole = self._whole[part.untyped_storage().data_ptr()]
            if part is not whole and whole.requires_grad and not part.requires_grad:
                part.requires_grad_(True)
                part.register_post_accumulate_grad_hook(_into(whole))  # type: ignore[no-untyped-call]
        return found


def _into(whole: nn.Parameter) -> Callable[[Tensor], None]:
    """What hands the gradient of a part on to the whole that it is a view of."""

    def add(part: Tensor) -> None:
        assert part.grad is not None
        if whole.grad is None:
            whole.grad = torch.zeros_like(whole)
        offset = part.storage_offset() - whole.storage_offset()
        place = whole.grad.storage_offset() + offset
        whole.grad.as_strided(part.size(), part.stride(), place).add_(part.grad)
        part.grad = None

    return add
