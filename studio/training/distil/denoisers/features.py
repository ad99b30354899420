"""What lies between the blocks of a denoiser (Kim et al. 2023, "BK-SDM: A Lightweight, Fast, and
Cheap Version of Stable Diffusion", section 3.3: outputs of stages)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

STAGES = ("down_blocks", "up_blocks")
BLOCKS = ("transformer_blocks", "single_transformer_blocks")
MOST = 6  # blocks of a transformer that are compared, evenly spread, the last among them


def compared(network: nn.Module) -> tuple[str, ...]:
    """Paths of the modules whose outputs are compared: every stage of a U-Net, some blocks of a
    transformer. All lie on the residual trunk, which narrower networks share."""
    found: list[str] = []
    for name, child in network.named_children():
        if name == "mid_block":
            found.append(name)
        elif name in (*STAGES, *BLOCKS) and isinstance(child, nn.ModuleList):
            paths = [f"{name}.{number}" for number in range(len(child))]
            found += paths if name in STAGES else _spread(paths)
    return tuple(found)


def _spread(paths: Sequence[str]) -> list[str]:
    count = min(MOST, len(paths))
    return [paths[(number + 1) * len(paths) // count - 1] for number in range(count)]


@contextmanager
def kept(network: nn.Module, paths: Sequence[str]) -> Iterator[dict[str, Tensor]]:
    """Within it, the dict is filled with what the modules at ``paths`` put out."""
    made: dict[str, Tensor] = {}

    def into(path: str) -> Any:
        def keep(module: nn.Module, given: object, output: Any) -> None:
            tensor = _trunk(output)
            if tensor is not None:
                made[path] = tensor

        return keep

    handles = [network.get_submodule(p).register_forward_hook(into(p)) for p in paths]
    try:
        yield made
    finally:
        for handle in handles:
            handle.remove()


def _trunk(output: Any) -> Tensor | None:
    """The picture's part of what a block puts out: stages also give skips, joint blocks the text
    first."""
    if isinstance(output, Tensor):
        return output
    if not isinstance(output, tuple) or not output:
        return None
    if len(output) > 1 and isinstance(output[1], Tensor):
        return output[1]
    first = output[0]
    return first if isinstance(first, Tensor) else None
