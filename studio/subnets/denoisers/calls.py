"""Calls of a denoiser: recorded along a run of a pipeline, or made up at a given size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils import _pytree as pytree


@dataclass(frozen=True)
class Call:
    """One call of a denoiser.

    Args:
        args, kwargs: as it takes them. step: which different timestep of the run it was, from 0.
    """

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    step: int = 0


def outcome(denoiser: nn.Module, call: Call) -> Tensor:
    """What a denoiser answers to a call: its prediction, (batch, ...)."""
    with torch.no_grad():
        made = denoiser(*call.args, **call.kwargs)
    return first_tensor(made)


def first_tensor(made: Any) -> Tensor:
    """The prediction of a denoiser's answer, whether it came as a tuple or as a record."""
    tensor = made if isinstance(made, Tensor) else made[0]
    assert isinstance(tensor, Tensor)
    return tensor


def timestep_of(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> float:
    """The timestep of a call as a number; the first one where a batch has several.

    U-Nets take it second, transformers by name.
    """
    given = kwargs["timestep"] if "timestep" in kwargs else args[1]
    return float(given.flatten()[0]) if isinstance(given, Tensor) else float(given)


@contextmanager
def recording(denoiser: nn.Module, every: int = 1, most: int = 64) -> Iterator[list[Call]]:
    """Within it, the list grows by the calls that ``denoiser`` gets, with copies of their tensors.

    Args:
        every: keeps calls of each so many steps. most: calls are kept, later ones are not.
    """
    calls: list[Call] = []
    seen: list[float] = []

    def note(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        time = timestep_of(args, kwargs)
        if not seen or seen[-1] != time:
            seen.append(time)
        step = len(seen) - 1
        if step % every == 0 and len(calls) < most:
            copied = pytree.tree_map_only(Tensor, lambda t: t.detach().clone(), (args, kwargs))
            calls.append(Call(copied[0], copied[1], step))

    handle = denoiser.register_forward_pre_hook(note, with_kwargs=True)
    try:
        yield calls
    finally:
        handle.remove()


def example(
    denoiser: nn.Module,
    batch: int = 1,
    height: int = 64,
    width: int = 64,
    tokens: int = 77,
    *,
    timestep: float = 500.0,
    device: str = "cpu",
    seed: int = 0,
) -> Call:
    """A call of a denoiser on random latents of ``height`` x ``width``, with ``tokens`` of text.

    Raises:
        TypeError: the class of the denoiser is not one of those known.
    """
    config: Any = denoiser.config
    make = _Maker(batch, next(denoiser.parameters()).dtype, device, seed)
    kind = type(denoiser).__name__
    wanted: dict[str, Any]
    if kind == "FluxTransformer2DModel":
        spots = (height // 2) * (width // 2)
        wanted = {
            "hidden_states": make(spots, config.in_channels),
            "encoder_hidden_states": make(tokens, config.joint_attention_dim),
            "pooled_projections": make(config.pooled_projection_dim),
            "timestep": make.times(timestep / 1000),
            "img_ids": _ids(height // 2, width // 2, device),
            "txt_ids": torch.zeros(tokens, 3, device=device),
            "guidance": make.times(3.5) if config.guidance_embeds else None,
        }
        return Call(kwargs=wanted)
    latents = make(config.in_channels, height, width)
    if kind == "UNet2DModel":
        classes = make.labels() if config.class_embed_type or config.num_class_embeds else None
        return Call((latents, make.times(timestep)), {"class_labels": classes})
    if kind == "UNet2DConditionModel":
        text = make(tokens, config.cross_attention_dim)
        return Call((latents, make.times(timestep), text), _unet_extras(config, make))
    if kind == "DiTTransformer2DModel":
        wanted = {"timestep": make.times(timestep), "class_labels": make.labels()}
        return Call((latents,), wanted)
    if kind == "PixArtTransformer2DModel":
        sizes: dict[str, Any] = {"resolution": None, "aspect_ratio": None}
        if denoiser.use_additional_conditions:
            sizes = {"resolution": make(2), "aspect_ratio": make(1)}
        text = make(tokens, config.caption_channels)
        wanted = {
            "encoder_hidden_states": text,
            "timestep": make.times(timestep),
            "added_cond_kwargs": sizes,
        }
        return Call((latents,), wanted)
    if kind == "SD3Transformer2DModel":
        wanted = {
            "encoder_hidden_states": make(tokens, config.joint_attention_dim),
            "pooled_projections": make(config.pooled_projection_dim),
            "timestep": make.times(timestep),
        }
        return Call((latents,), wanted)
    raise TypeError(f"no call is known for a denoiser of class {kind}")


class _Maker:
    """Random tensors of one batch size, the same for the same seed."""

    def __init__(self, batch: int, dtype: torch.dtype, device: str, seed: int) -> None:
        self.batch, self.dtype, self.device = batch, dtype, device
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, *shape: int) -> Tensor:
        shape = (self.batch, *shape)
        if self.device == "meta":
            return torch.empty(shape, dtype=self.dtype, device="meta")
        made = torch.randn(shape, generator=self.generator)
        return made.to(dtype=self.dtype, device=self.device)

    def times(self, value: float) -> Tensor:
        return torch.full((self.batch,), value, device=self.device)

    def labels(self) -> Tensor:
        return torch.zeros(self.batch, dtype=torch.long, device=self.device)


def _unet_extras(config: Any, make: _Maker) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if config.addition_embed_type == "text_time":
        # SDXL: six numbers of sizes and crops beside the pooled text.
        pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
        extras["added_cond_kwargs"] = {"text_embeds": make(pooled), "time_ids": make(6)}
    if config.num_class_embeds:
        extras["class_labels"] = make.labels()
    return extras


def _ids(height: int, width: int, device: str) -> Tensor:
    rows = torch.arange(height, device=device)[:, None].expand(height, width)
    columns = torch.arange(width, device=device)[None].expand(height, width)
    zeros = torch.zeros(height, width, device=device)
    return torch.stack([zeros, rows, columns], dim=-1).reshape(-1, 3)
