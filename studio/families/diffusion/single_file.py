"""Stable Diffusion 1.x, 2.x and XL in one safetensors file, as authors and trainers share them.

Such a file has the weights of a pipeline under the names of the original project and nothing else.
Sizes follow from the shapes of its tensors; what no shape tells (the noise schedule) is that of the
original releases; the tokenizer, which all of them share, is looked for on this computer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from studio.checkpoints.causes import Cause, NotSupported
from studio.errors import RefusedFile, UnsupportedModel, cause_of
from studio.families.diffusion.classes import PIPELINES
from studio.families.diffusion.components import UNBUILDABLE, quiet
from studio.families.diffusion.folder import ComponentFolder, PipelineFolder, Stored, tensors_of
from studio.families.diffusion.tokenizers import find_tokenizer

UNET = "model.diffusion_model."
_VAE = "first_stage_model."
_CLIP, _OPEN_CLIP = "cond_stage_model.transformer.", "cond_stage_model.model."
_XL_CLIP, _XL_OPEN = "conditioner.embedders.0.transformer.", "conditioner.embedders.1.model."
_DTYPES = {
    "float32": torch.float32,
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
    "float64": torch.float64,
}
Tensors = Mapping[str, Tensor]
Shapes = Mapping[str, tuple[int, ...]]
_SCHEDULE = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": 1000,
    "steps_offset": 1,
    "timestep_spacing": "leading",
}


@dataclass(frozen=True)
class _Part:
    """A component in the file: its class and config, and how its tensors become diffusers'."""

    runs: str
    config: Mapping[str, Any]
    prefix: str
    convert: Callable[[dict[str, Tensor]], dict[str, Tensor]]


def is_single_file(names: Iterable[str]) -> bool:
    """Whether tensors of these names are those of a whole Stable Diffusion in one file."""
    return any(name.startswith(UNET) for name in names)


def read_single_file(path: str | Path) -> PipelineFolder:
    """What a file holds, as if it were a pipeline folder.

    Raises:
        UnsupportedModel: it is another kind of network.
        RefusedFile: anything else that is wrong, or no tokenizer is on this computer.
    """
    path = Path(path)
    digest = hashlib.sha256()
    try:
        return _read(path, tensors_of(path, path.name, digest), digest.hexdigest())
    except NotSupported as cause:
        raise UnsupportedModel(f"{path} cannot be opened: {cause}") from cause
    except Cause as cause:
        raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    except OSError as error:
        raise RefusedFile(f"{path} cannot be read: {cause_of(error)}") from error


def _read(path: Path, held: Mapping[str, Stored], digest: str) -> PipelineFolder:
    shapes = {name: each.shape for name, each in held.items()}
    if not is_single_file(shapes):
        raise NotSupported("it is no Stable Diffusion in one file")
    large = any(name.startswith("conditioner.") for name in shapes)
    second = any(name.startswith(_OPEN_CLIP) for name in shapes)
    try:
        parts = _parts(shapes, large, second)
    except (LookupError, ValueError) as error:
        raise Cause(f"it is no whole Stable Diffusion: it lacks {error}") from error
    name = "StableDiffusionXLPipeline" if large else "StableDiffusionPipeline"
    pipeline = PIPELINES[name]
    components: dict[str, ComponentFolder] = {}
    for component, part in parts.items():
        components[component] = _component(path, component, part, held)
    vocabulary = parts["text_encoder"].config["vocab_size"]
    place = find_tokenizer(vocabulary, path.parent)
    if place is None:
        raise Cause(
            "it has no tokenizer of its own, and none for its text encoder is on this computer; "
            "put the folder “tokenizer” of any Stable Diffusion pipeline beside the file"
        )
    for component, each in pipeline.components.items():
        if each.part == "tokenizer":
            components[component] = ComponentFolder(
                component, "tokenizer", "CLIPTokenizer", place, {}, (), {}
            )
    velocity = "v_pred" in shapes or (second and not large)
    runs = "EulerDiscreteScheduler" if large else "DDIMScheduler"
    schedule = dict(_SCHEDULE) | {
        "_class_name": runs,
        "prediction_type": "v_prediction" if velocity else "epsilon",
    }
    if not large:
        schedule |= {"clip_sample": False, "set_alpha_to_one": False}
    components["scheduler"] = ComponentFolder(
        "scheduler", "scheduler", runs, path, schedule, (), {}
    )
    options = {"force_zeros_for_empty_prompt": True} if large else {}
    return PipelineFolder(path, name, pipeline, components, options, (), digest)


def _component(path: Path, name: str, part: _Part, held: Mapping[str, Stored]) -> ComponentFolder:
    """A component whose tensors are read from the file and converted when it is loaded."""
    own = [each for each in held if each.startswith(part.prefix)]

    def converted(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        try:
            with quiet():
                return part.convert(tensors)
        except UNBUILDABLE as error:
            raise Cause(f"its {name} is not that of a Stable Diffusion: {error}") from error

    def read() -> dict[str, Tensor]:
        from safetensors import safe_open

        with safe_open(str(path), framework="pt", device="cpu") as file:
            return converted({each: file.get_tensor(each) for each in own})

    types = {each: _DTYPES.get(held[each].dtype, torch.int64) for each in own}
    empty = {each: torch.empty(held[each].shape, dtype=types[each], device="meta") for each in own}
    names = {dtype: word for word, dtype in _DTYPES.items()}
    stored = {
        each: Stored(names.get(tensor.dtype, "int64"), tuple(tensor.shape))
        for each, tensor in converted(empty).items()
    }
    kind = "text" if part.runs.startswith("CLIP") else "network"
    return ComponentFolder(name, kind, part.runs, path, part.config, (path,), stored, read)


def _parts(shapes: Shapes, large: bool, second: bool) -> dict[str, _Part]:
    """The components with weights, by name.

    Raises:
        KeyError: naming a tensor that is missing.
    """
    texts: dict[str, _Part] = {}
    if large:
        texts["text_encoder"] = _clip(shapes, _XL_CLIP)
        texts["text_encoder_2"] = _open_clip(shapes, _XL_OPEN, "CLIPTextModelWithProjection", 0)
    elif second:
        # Its pipeline reads the layer before the last, so the last is left out.
        texts["text_encoder"] = _open_clip(shapes, _OPEN_CLIP, "CLIPTextModel", 1)
    else:
        texts["text_encoder"] = _clip(shapes, _CLIP)
    pooled = texts["text_encoder_2"].config["projection_dim"] if large else 0
    unet, vae = _unet_config(shapes, pooled), _vae_config(shapes, large)

    def as_unet(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint

        return dict(convert_ldm_unet_checkpoint(tensors, dict(unet)))

    def as_vae(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        from diffusers.loaders.single_file_utils import convert_ldm_vae_checkpoint

        return dict(convert_ldm_vae_checkpoint(tensors, dict(vae)))

    return {
        **texts,
        "unet": _Part("UNet2DConditionModel", unet, UNET, as_unet),
        "vae": _Part("AutoencoderKL", vae, _VAE, as_vae),
    }


def _count(shapes: Shapes, prefix: str) -> int:
    """How many numbers follow ``prefix`` in names, from 0 on."""
    found = re.compile(re.escape(prefix) + r"(\d+)\.")
    numbers = {int(match[1]) for name in shapes if (match := found.match(name))}
    return next(n for n in range(len(numbers) + 1) if n not in numbers)


def _unet_config(shapes: Shapes, pooled: int) -> dict[str, Any]:
    blocks = UNET + "input_blocks."
    channels: list[int] = []
    depths: list[int] = []
    context, linear, layers, run = 0, False, 0, 0
    first = shapes[f"{blocks}0.0.weight"]
    count = _count(shapes, blocks)
    for index in range(1, count):
        here = f"{blocks}{index}."
        if f"{here}0.op.weight" in shapes:
            run = 0
            continue
        run += 1
        layers = max(layers, run)
        depth = _count(shapes, f"{here}1.transformer_blocks.")
        if run == 1:
            channels.append(shapes[f"{here}0.in_layers.2.weight"][0])
            depths.append(depth)
        if depth:
            context = shapes[f"{here}1.transformer_blocks.0.attn2.to_k.weight"][1]
            linear = len(shapes[f"{here}1.proj_in.weight"]) == 2
    middle = f"{UNET}middle_block.1."
    context = context or shapes[f"{middle}transformer_blocks.0.attn2.to_k.weight"][1]
    heads: Any = [max(1, each // 64) for each in channels] if linear else 8
    config: dict[str, Any] = {
        "_class_name": "UNet2DConditionModel",
        "in_channels": first[1],
        "out_channels": shapes[f"{UNET}out.2.weight"][0],
        "sample_size": 64,
        "block_out_channels": channels,
        "layers_per_block": layers,
        "down_block_types": ["CrossAttnDownBlock2D" if d else "DownBlock2D" for d in depths],
        "up_block_types": ["CrossAttnUpBlock2D" if d else "UpBlock2D" for d in depths[::-1]],
        "cross_attention_dim": context,
        "transformer_layers_per_block": [max(1, d) for d in depths],
        "attention_head_dim": heads,
        "use_linear_projection": linear,
    }
    label = shapes.get(f"{UNET}label_emb.0.0.weight")
    if label is not None:
        config |= {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": (label[1] - pooled) // 6,
            "projection_class_embeddings_input_dim": label[1],
            "sample_size": 128,
        }
    elif linear:
        config["sample_size"] = 96
    return config


def _vae_config(shapes: Shapes, large: bool) -> dict[str, Any]:
    down = f"{_VAE}encoder.down."
    levels = _count(shapes, down)
    channels = [shapes[f"{down}{n}.block.0.conv1.weight"][0] for n in range(levels)]
    return {
        "_class_name": "AutoencoderKL",
        "block_out_channels": channels,
        "down_block_types": ["DownEncoderBlock2D"] * levels,
        "up_block_types": ["UpDecoderBlock2D"] * levels,
        "layers_per_block": _count(shapes, f"{down}0.block."),
        "latent_channels": shapes[f"{_VAE}post_quant_conv.weight"][0],
        "scaling_factor": 0.13025 if large else 0.18215,
        "sample_size": 1024 if large else 512,
    }


def _clip(shapes: Shapes, prefix: str) -> _Part:
    """CLIP's text encoder under the names of transformers."""
    inner = f"{prefix}text_model."
    vocabulary, width = shapes[f"{inner}embeddings.token_embedding.weight"]
    config = {
        "architectures": ["CLIPTextModel"],
        "vocab_size": vocabulary,
        "hidden_size": width,
        "intermediate_size": shapes[f"{inner}encoder.layers.0.mlp.fc1.weight"][0],
        "num_hidden_layers": _count(shapes, f"{inner}encoder.layers."),
        "num_attention_heads": max(1, width // 64),
        "max_position_embeddings": shapes[f"{inner}embeddings.position_embedding.weight"][0],
        "hidden_act": "quick_gelu",
        "projection_dim": width,
        **_ends(vocabulary),
    }

    def convert(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        return {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}

    return _Part("CLIPTextModel", config, prefix, convert)


def _open_clip(shapes: Shapes, prefix: str, runs: str, left_out: int) -> _Part:
    """OpenCLIP's text encoder, whose last ``left_out`` layers are not run."""
    vocabulary, width = shapes[f"{prefix}token_embedding.weight"]
    layers = _count(shapes, f"{prefix}transformer.resblocks.") - left_out
    projected = runs == "CLIPTextModelWithProjection"
    config = {
        "architectures": [runs],
        "vocab_size": vocabulary,
        "hidden_size": width,
        "intermediate_size": shapes[f"{prefix}transformer.resblocks.0.mlp.c_fc.weight"][0],
        "num_hidden_layers": layers,
        "num_attention_heads": max(1, width // 64),
        "max_position_embeddings": shapes[f"{prefix}positional_embedding"][0],
        "hidden_act": "gelu",
        "projection_dim": shapes[f"{prefix}text_projection"][1] if projected else width,
        **_ends(vocabulary),
    }

    def convert(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        made: dict[str, Tensor] = {}
        for name, tensor in tensors.items():
            inner = name.removeprefix(prefix)
            if (known := _OPEN_NAMES.get(inner)) is not None:
                made[known] = tensor
            elif inner == "text_projection" and projected:
                made["text_projection.weight"] = tensor.T
            elif (match := _RESBLOCK.fullmatch(inner)) and int(match[1]) < layers:
                made.update(_layer(int(match[1]), match[2], tensor))
        return made

    return _Part(runs, config, prefix, convert)


_RESBLOCK = re.compile(r"transformer\.resblocks\.(\d+)\.(.+)")
_OPEN_NAMES = {
    "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "ln_final.weight": "text_model.final_layer_norm.weight",
    "ln_final.bias": "text_model.final_layer_norm.bias",
}
_LAYER_NAMES = {
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
    "attn.out_proj": "self_attn.out_proj",
}


def _layer(number: int, name: str, tensor: Tensor) -> dict[str, Tensor]:
    """A tensor of an OpenCLIP layer under the names of transformers; three where they are one."""
    base = f"text_model.encoder.layers.{number}."
    if name.startswith("attn.in_proj_"):
        ending = name.removeprefix("attn.in_proj_")
        thirds = zip(("q_proj", "k_proj", "v_proj"), tensor.chunk(3), strict=True)
        return {f"{base}self_attn.{each}.{ending}": third for each, third in thirds}
    stem, _, ending = name.rpartition(".")
    return {f"{base}{_LAYER_NAMES[stem]}.{ending}": tensor}


def _ends(vocabulary: int) -> dict[str, int]:
    """The tokens that begin and end a text, which are the last two of CLIP's vocabulary."""
    return {
        "bos_token_id": vocabulary - 2,
        "eos_token_id": vocabulary - 1,
        "pad_token_id": vocabulary - 1,
    }
