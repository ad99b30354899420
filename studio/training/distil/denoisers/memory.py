"""What a run of distilling a denoiser takes in memory, found on tensors without content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from studio.families.diffusion.components import in_type
from studio.subnets.denoisers.calls import example
from studio.subnets.denoisers.cost import without_content

if TYPE_CHECKING:
    from studio.families.diffusion.config import DiffusionConfig
    from studio.training.distil.pupil import Held

COPIES = 6  # student, average, best, gradients and two moments
BYTES = 4
BASE = 350_000_000  # torch itself
BESIDE = 1.3  # what is worked with beside what is kept for gradients, measured
TEXT = 77  # tokens where a pipeline reads no prompt of its own length
MACS = 4e12  # of all held-out pictures together, within the bounds below
FEWEST, MOST = 4, 8


def held_runs(config: DiffusionConfig, calls: int, which: Held) -> int:
    """How many whole pictures are looked at; half as many where it is done often.

    Args:
        calls: rows that the denoiser answers for one picture.
    """
    one = max(1, sum(layer.macs for layer in config.layers)) * max(1, calls)
    count = int(max(FEWEST, min(MOST, MACS // one)))
    return count if which == "reported" else count // 2


def step_bytes(network: nn.Module, config: DiffusionConfig, rows: int) -> float:
    """Memory of a step over so many rows, beside the teacher."""
    weights = sum(p.numel() for p in network.parameters())
    return BASE + BYTES * COPIES * weights + BESIDE * rows * kept_bytes(network, config)


def kept_bytes(network: nn.Module, config: DiffusionConfig) -> int:
    """What a forward pass of one row keeps for gradients, in float32."""
    empty: Any = in_type(without_content(network), torch.float32).requires_grad_(True)
    call = example(
        empty,
        height=config.latent_height,
        width=config.latent_width,
        tokens=config.prompt_tokens or TEXT,
        device="meta",
    )
    weights = {each.untyped_storage()._cdata for each in empty.parameters()}
    seen: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in weights:
            seen[storage._cdata] = storage.nbytes()
            alive.append(tensor)
        return tensor

    alive: list[Tensor] = []  # so that no storage comes again at the place of another
    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        empty(*call.args, **call.kwargs)
    return sum(seen.values())
