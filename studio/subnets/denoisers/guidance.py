"""Guidance on a part of the steps: outside it, only the half of a batch with the prompt runs.

Pipelines of diffusers compute guidance by a batch of two halves, without the prompt and with it.
Where both halves are given the same answer, that for the prompt, guidance of any scale leaves it as
it is, so nothing in a pipeline has to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils import _pytree as pytree

SHARED = ("img_ids", "txt_ids", "joint_attention_kwargs", "cross_attention_kwargs")
"""Arguments without a batch."""


def batch_of(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> int:
    """How many pictures a call is about."""
    for name in ("sample", "hidden_states"):
        if isinstance(kwargs.get(name), Tensor):
            return int(kwargs[name].shape[0])
    return int(args[0].shape[0])


def half(
    args: tuple[Any, ...], kwargs: Mapping[str, Any], first: bool
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """One half of a call.

    Args:
        first: whether it is the first half of the batch; else the second.
    """
    batch = batch_of(args, kwargs)
    start = 0 if first else batch // 2

    def taken(tensor: Tensor) -> Tensor:
        has_batch = tensor.dim() > 0 and tensor.shape[0] == batch
        return tensor[start : start + batch // 2] if has_batch else tensor

    made = {
        name: value if name in SHARED else pytree.tree_map_only(Tensor, taken, value)
        for name, value in kwargs.items()
    }
    return tuple(pytree.tree_map_only(Tensor, taken, list(args))), made


def doubled(answer: Any) -> Any:
    """The answer to a half, for both halves, in the same form."""
    if isinstance(answer, tuple):
        return (torch.cat([answer[0]] * 2), *answer[1:])
    return type(answer)(sample=torch.cat([answer.sample] * 2))
