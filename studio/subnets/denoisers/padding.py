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
from studio.subnets.denoisers.layers import Run
from studio.subnets.denoisers.sites import Layout
from studio.subnets.denoisers.slicing import Sides, kept_sides


@dataclass(frozen=True, eq=False)
class Padded:
    """Tensors of the whole denoiser by name.

    Args:
        zeros: how many numbers in them stand for what was cut. multiplied: layers that were chains
            of smaller ones, and are their product here.
    """

    tensors: dict[str, Tensor]
    zeros: int
    multiplied: int = 0


def dense(network: nn.Module) -> tuple[dict[str, Tensor], int]:
    """The tensors of a denoiser by name, and how many of its layers were chains. A chain, a module
    that tells the weight it stands for (``whole``) and has the bias in ``expand``, counts as the
    layer whose place it takes."""
    held = {name: tensor.detach() for name, tensor in network.state_dict().items()}
    chains = 0
    for name, module in network.named_modules():
        whole: Any = getattr(module, "whole", None)
        if not callable(whole):
            continue
        own = [each for each in held if each.startswith(f"{name}.")]
        dtype = held[f"{name}.expand.weight"].dtype
        bias = held.get(f"{name}.expand.bias")
        for each in own:
            del held[each]
        held[f"{name}.weight"] = whole().to(dtype)
        if bias is not None:
            held[f"{name}.bias"] = bias
        chains += 1
    return held, chains


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
    held, chains = dense(narrow)
    sites = [site for site in layout.sites if site.block not in kept.skipped]
    sides = kept_sides(whole, sites, kept.counts)
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
            made[name] = _placed(name, held[name], wanted.shape, sides.get(layer))
        zeros += wanted.numel() - (held[name].numel() if name in held else 0)
    return Padded(made, zeros, chains)


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
