"""How a pipeline calls its denoiser: tensors by name, and back.

Pipelines call their network with positions, keywords and nested tables that differ from class to
class. Here every call becomes tensors by the names of ``signatures``, so that a subnet, a compiled
form or an export is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from studio.families.diffusion.signatures import TIMESTEP, signature_of
from studio.families.traced import Traced

if TYPE_CHECKING:
    from studio.families.diffusion.classes import Kind
    from studio.families.diffusion.config import DiffusionConfig

SIZES = "added_cond_kwargs"
"""What networks are told beside the prompt, as a table of its own."""

# The names of what these networks take by position.
_UNET = ("sample", TIMESTEP, "encoder_hidden_states")
_POSITIONS: Mapping[Kind, tuple[str, ...]] = {
    "unet": _UNET,
    "ldm": _UNET,
    "unconditional": ("sample", TIMESTEP),
    "sd3": ("hidden_states", "encoder_hidden_states", "pooled_projections", TIMESTEP),
    "flux": ("hidden_states", "encoder_hidden_states", "pooled_projections", TIMESTEP),
    "pixart": ("hidden_states", "encoder_hidden_states", TIMESTEP),
    "dit": ("hidden_states", TIMESTEP, "class_labels"),
}


def output_of(kind: Kind) -> str:
    """The name of what a denoiser gives."""
    return "out_sample" if _POSITIONS[kind][0] == "sample" else "out_hidden_states"


def prompt_states(config: DiffusionConfig) -> int:
    """How many states of a prompt its denoiser reads; 0 for none."""
    # The tokens of CLIP stand before those of T5, which are there in any case.
    return 77 + 256 if config.kind == "sd3" else config.prompt_tokens


def called(kind: Kind, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Tensor]:
    """What a pipeline calls its denoiser with, as tensors by the names of its signature.

    Every sample of a batch is at the same timestep in all of these pipelines.
    """
    given = dict(zip(_POSITIONS[kind], args, strict=False)) | dict(kwargs)
    given |= given.pop(SIZES, None) or {}
    found = {
        name: torch.as_tensor(value)
        for name, value in given.items()
        if isinstance(value, Tensor | float | int) and not isinstance(value, bool)
    }
    first, time = found[_POSITIONS[kind][0]], found[TIMESTEP].reshape(-1)[:1]
    found[TIMESTEP] = time if first is found.get("sample") else time.expand(first.shape[0])
    return found


def named(network: nn.Module, names: Mapping[str, object] | tuple[str, ...]) -> Traced:
    """A denoiser that takes the tensors of those names by position, in order.

    Args:
        names: all that its signature has.
    """
    return Traced(network, tuple(names), signature_of(network).call)


class StandIn:
    """What a pipeline can call in place of its denoiser, made of a function of tensors by name. The
    weights of the denoiser itself are not read then."""

    def __init__(self, kind: Kind, run: Callable[[dict[str, Tensor]], Tensor]) -> None:
        self._kind, self._run = kind, run

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from diffusers.models.modeling_outputs import Transformer2DModelOutput

        return Transformer2DModelOutput(sample=self._run(called(self._kind, args, kwargs)))


def standing_in(kind: Kind, run: Callable[[dict[str, Tensor]], Tensor]) -> StandIn:
    """A function of tensors by name as the denoiser of a pipeline."""
    return StandIn(kind, run)


class Taken(Exception):
    """The first call of a denoiser was taken down; the run ends here. Never shown."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        super().__init__("taken")
        self.tensors = tensors


def take(tensors: dict[str, Tensor]) -> Tensor:
    """Ends a run with what the denoiser was called with."""
    raise Taken({name: tensor.detach().clone() for name, tensor in tensors.items()})


def arrays(tensors: Mapping[str, Tensor], names: Any) -> dict[str, Any]:
    """Tensors as the arrays that runtimes take: numbers of classes whole, everything else in
    float32."""
    made = {}
    for name in names:
        tensor = tensors[name]
        whole = not tensor.is_floating_point() and name == "class_labels"
        made[name] = tensor.to(torch.int64 if whole else torch.float32).numpy()
    return made
