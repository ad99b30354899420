"""A cut denoiser in the sizes of the whole one: what was cut is zeros, so the answers stay.

A group of channels that is zero stays zero through its normalisation without weights; a head whose
values are zero adds nothing; neither does a unit, nor a block that writes nothing onto its trunk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.subnets.denoisers.choice import Kept
from studio.subnets.denoisers.clones import replaced
from studio.subnets.denoisers.layers import Run
from studio.subnets.denoisers.sites import Layout
from studio.subnets.denoisers.slicing import Sides, kept_sides


@dataclass(frozen=True, eq=False)
class Padded:
    """Tensors of the whole denoiser by name. ``zeros`` is how many numbers in them stand for what
    was cut."""

    tensors: dict[str, Tensor]
    zeros: int


def dense(network: nn.Module) -> nn.Module:
    """A denoiser whose layers are plain again where something else runs in their place that knows
    the layer it stands for (a method ``merged``)."""
    changes = {}
    for name, module in network.named_modules():
        merged: Any = getattr(module, "merged", None)
        if callable(merged):
            changes[name] = merged()
    made: nn.Module = replaced(network, changes)
    return made


def padded(
    narrow: nn.Module, whole: nn.Module, layout: Layout, kept: Kept, gone: Collection[str] = ()
) -> Padded:
    """The tensors of ``narrow`` in the places that they have in ``whole``.

    Args:
        narrow: a cut of ``whole`` (:func:`studio.subnets.denoisers.slicing.cut`).
        whole: may be without content (device ``meta``). layout: of it.
        kept: what of it ``narrow`` is.
        gone: blocks of ``kept.skipped`` whose tensors are left out.

    Raises:
        BadChoice: ``narrow`` is no such cut of ``whole``.
    """
    held = dense(narrow).state_dict()
    sites = [site for site in layout.sites if site.block not in kept.skipped]
    sides = kept_sides(dict(whole.named_modules()), sites, kept.counts)
    made: dict[str, Tensor] = {}
    zeros = 0
    dtype = _usual_type(held)
    for name, wanted in whole.state_dict().items():
        if _within(name, gone):
            continue
        if name not in held:
            if not _within(name, kept.skipped):
                raise BadChoice(f"the denoiser has no tensor {name}, which its config asks for")
            made[name] = torch.zeros(wanted.shape, dtype=dtype)
        else:
            layer = name.rpartition(".")[0]
            made[name] = _placed(name, held[name].detach(), wanted.shape, sides.get(layer))
        zeros += wanted.numel() - (held[name].numel() if name in held else 0)
    return Padded(made, zeros)


def _placed(name: str, tensor: Tensor, shape: torch.Size, sides: Sides | None) -> Tensor:
    """A tensor within zeros."""
    if tensor.shape == shape:
        return tensor
    made = torch.zeros(shape, dtype=tensor.dtype)
    rows = _runs(None if sides is None else sides.outputs, shape[0])
    columns: tuple[Run, ...] = ((0, 1),)
    if len(shape) > 1:
        columns = _runs(None if sides is None else sides.inputs, shape[1])
    try:
        at = 0
        for start, stop in rows:
            part = tensor[at : at + stop - start]
            at += stop - start
            if len(shape) == 1:
                made[start:stop] = part
                continue
            across = 0
            for left, right in columns:
                made[start:stop, left:right] = part[:, across : across + right - left]
                across += right - left
    except RuntimeError as error:
        raise BadChoice(
            f"the tensor {name} is {list(tensor.shape)}, which is no cut of {list(shape)}"
        ) from error
    return made


def _runs(runs: tuple[Run, ...] | None, size: int) -> tuple[Run, ...]:
    return ((0, size),) if runs is None else runs


def _within(name: str, blocks: Collection[str]) -> bool:
    return any(name.startswith(f"{block}.") for block in blocks)


def _usual_type(tensors: Mapping[str, Tensor]) -> torch.dtype:
    counts: dict[torch.dtype, int] = {}
    for tensor in tensors.values():
        counts[tensor.dtype] = counts.get(tensor.dtype, 0) + tensor.numel()
    return max(counts, key=lambda dtype: counts[dtype])
