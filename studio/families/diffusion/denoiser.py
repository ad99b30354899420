"""How a denoiser is called: named tensors in, one out, whatever class it is.

Pipelines call their network with positions, keywords and nested tables that differ from class to
class. Here every call becomes tensors by name, in one order for each kind, and back, so that a
subnet, a compiled form or an export is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from studio.families.diffusion.dimensions import BATCH, HEIGHT, TOKENS, WIDTH
from studio.families.portable import Port

if TYPE_CHECKING:
    from studio.families.diffusion.classes import Kind
    from studio.families.diffusion.config import DiffusionConfig

TIMESTEP, OUTPUT = "timestep", "output"
_UNET = ("sample", TIMESTEP, "encoder_hidden_states")
NAMES: Mapping[Kind, tuple[str, ...]] = {
    "unet": (*_UNET, "timestep_cond", "text_embeds", "time_ids"),
    "ldm": _UNET,
    "unconditional": ("sample", TIMESTEP),
    "sd3": ("hidden_states", "encoder_hidden_states", "pooled_projections", TIMESTEP),
    "flux": (
        "hidden_states",
        "encoder_hidden_states",
        "pooled_projections",
        TIMESTEP,
        "img_ids",
        "txt_ids",
        "guidance",
    ),
    "pixart": ("hidden_states", "encoder_hidden_states", TIMESTEP, "encoder_attention_mask"),
    "dit": ("hidden_states", TIMESTEP, "class_labels"),
}
"""What a denoiser of a kind may take, in order; which of them it does take, :func:`ports` says."""

_NESTED = {"text_embeds": "added_cond_kwargs", "time_ids": "added_cond_kwargs"}
_WHOLE = ("class_labels",)
_EXACT = (TIMESTEP, "class_labels", "time_ids", "img_ids", "txt_ids", "guidance")


def ports(config: DiffusionConfig, network: nn.Module) -> tuple[Port, ...]:
    """The inputs of a denoiser in the order of :class:`NamedDenoiser`; ``batch``, ``height`` and
    ``width`` (in latents) are dynamic, and for FLUX ``tokens`` of the picture.

    Args:
        network: the denoiser itself, for the sizes in its ``config``.
    """
    own: Any = network.config
    kind = config.kind
    channels = own.in_channels
    square: tuple[int | str, ...] = (BATCH, channels, HEIGHT, WIDTH)
    shapes: dict[str, tuple[int | str, ...]] = {TIMESTEP: (1,)}
    if kind in ("unet", "ldm"):
        shapes |= {
            "sample": square,
            "encoder_hidden_states": (BATCH, config.prompt_tokens, own.cross_attention_dim),
        }
        if own.time_cond_proj_dim:
            shapes["timestep_cond"] = (BATCH, own.time_cond_proj_dim)
        if own.addition_embed_type == "text_time":
            pooled = own.projection_class_embeddings_input_dim - 6 * own.addition_time_embed_dim
            shapes |= {"text_embeds": (BATCH, pooled), "time_ids": (BATCH, 6)}
    elif kind == "unconditional":
        shapes["sample"] = square
    elif kind == "dit":
        shapes |= {"hidden_states": square, "class_labels": (BATCH,)}
    elif kind == "pixart":
        shapes |= {
            "hidden_states": square,
            "encoder_hidden_states": (BATCH, config.prompt_tokens, own.caption_channels),
            "encoder_attention_mask": (BATCH, config.prompt_tokens),
        }
    elif kind == "sd3":
        shapes |= {
            "hidden_states": square,
            # The tokens of CLIP stand before those of T5, which are there in any case.
            "encoder_hidden_states": (BATCH, 77 + 256, own.joint_attention_dim),
            "pooled_projections": (BATCH, own.pooled_projection_dim),
        }
    else:
        shapes |= {
            "hidden_states": (BATCH, TOKENS, channels),
            "encoder_hidden_states": (BATCH, config.prompt_tokens, own.joint_attention_dim),
            "pooled_projections": (BATCH, own.pooled_projection_dim),
            "img_ids": (TOKENS, 3),
            "txt_ids": (config.prompt_tokens, 3),
        }
        if own.guidance_embeds:
            shapes["guidance"] = (BATCH,)
    return tuple(Port(name, shapes[name], name in _EXACT) for name in NAMES[kind] if name in shapes)


def output_port(config: DiffusionConfig, network: nn.Module) -> Port:
    """What a denoiser gives."""
    own: Any = network.config
    if config.kind == "flux":
        return Port(OUTPUT, (BATCH, TOKENS, own.out_channels or own.in_channels))
    return Port(OUTPUT, (BATCH, own.out_channels or own.in_channels, HEIGHT, WIDTH))


def called(kind: Kind, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Tensor]:
    """What a pipeline calls its denoiser with, as tensors by name; the timestep has the shape (1,).

    Every sample of a batch is at the same timestep in all of these pipelines.
    """
    given = dict(zip(_POSITIONS[kind], args, strict=False)) | dict(kwargs)
    found: dict[str, Tensor] = {}
    for name in NAMES[kind]:
        nest = _NESTED.get(name)
        value = given.get(name) if nest is None else (given.get(nest) or {}).get(name)
        if value is not None:
            found[name] = torch.as_tensor(value)
    found[TIMESTEP] = found[TIMESTEP].reshape(-1)[:1]
    return found


# The names of what these networks take by position.
_POSITIONS: Mapping[Kind, tuple[str, ...]] = {
    "unet": _UNET,
    "ldm": _UNET,
    "unconditional": ("sample", TIMESTEP),
    "sd3": ("hidden_states", "encoder_hidden_states", "pooled_projections", TIMESTEP),
    "flux": ("hidden_states", "encoder_hidden_states", "pooled_projections", TIMESTEP),
    "pixart": ("hidden_states", "encoder_hidden_states", TIMESTEP),
    "dit": ("hidden_states", TIMESTEP, "class_labels"),
}


def keywords(kind: Kind, tensors: Mapping[str, Tensor]) -> dict[str, Any]:
    """The other way: keywords for ``forward`` of the network. Raises KeyError without a sample."""
    first = tensors[NAMES[kind][0]]
    made: dict[str, Any] = {}
    for name, tensor in tensors.items():
        nest = _NESTED.get(name)
        if name in _WHOLE:
            tensor = tensor.to(torch.int64)
        if nest is None:
            made[name] = tensor
        else:
            made.setdefault(nest, {})[name] = tensor
    made[TIMESTEP] = tensors[TIMESTEP].expand(first.shape[0])
    if kind == "pixart":
        made["added_cond_kwargs"] = {"resolution": None, "aspect_ratio": None}
    return made


class NamedDenoiser(nn.Module):
    """A denoiser that takes its tensors in the order of :func:`ports` and gives one tensor."""

    def __init__(self, kind: Kind, names: tuple[str, ...], network: nn.Module) -> None:
        super().__init__()
        self.kind, self.names, self.network = kind, names, network

    def forward(self, *tensors: Tensor) -> Tensor:
        """The output of the denoiser; of what it predicts beside the picture, everything."""
        given = keywords(self.kind, dict(zip(self.names, tensors, strict=True)))
        made: Tensor = self.network(**given, return_dict=False)[0]
        return made


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
