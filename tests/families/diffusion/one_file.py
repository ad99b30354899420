"""A tiny pipeline as one file under the names of the original project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from tests.families.diffusion import tiny

RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
ENDS = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
}


def unet_name(name: str, layers: int, attends: tuple[bool, ...]) -> str:
    """A tensor of the U-Net under its original name; ``attends`` tells of every up block."""
    stem, _, ending = name.rpartition(".")
    if stem in ENDS:
        return f"{ENDS[stem]}.{ending}"
    side, rest = re.fullmatch(r"(down_blocks|mid_block|up_blocks)\.(.+)", name).groups()  # type: ignore[union-attr]
    block = 0
    if side != "mid_block":
        number, _, rest = rest.partition(".")
        block = int(number)
    kind, number, rest = re.fullmatch(r"(\w+)\.(\d+)\.(.+)", rest).groups()  # type: ignore[union-attr]
    layer = int(number)
    if kind == "resnets":
        inner, _, ending = rest.partition(".")
        rest = f"{RESNET[inner]}.{ending}"
    if side == "mid_block":
        return f"middle_block.{2 * layer if kind == 'resnets' else 1}.{rest}"
    if kind == "downsamplers":
        return f"input_blocks.{(block + 1) * (layers + 1)}.0.op.{rest.removeprefix('conv.')}"
    if kind == "upsamplers":
        place = 2 if attends[block] else 1
        return f"output_blocks.{block * (layers + 1) + layers}.{place}.{rest}"
    at = block * (layers + 1) + layer + (side == "down_blocks")
    put = "input" if side == "down_blocks" else "output"
    return f"{put}_blocks.{at}.{0 if kind == 'resnets' else 1}.{rest}"


def vae_name(name: str, levels: int) -> str:
    """A tensor of the VAE under its original name."""
    name = re.sub(r"down_blocks\.(\d+)\.resnets", r"down.\1.block", name)
    name = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", name)

    def up(match: re.Match[str]) -> str:
        part = {"resnets": "block", "upsamplers.0": "upsample"}[match[2]]
        return f"up.{levels - 1 - int(match[1])}.{part}"

    name = re.sub(r"up_blocks\.(\d+)\.(resnets|upsamplers\.0)", up, name)
    name = re.sub(r"mid_block\.resnets\.(\d)", lambda m: f"mid.block_{int(m[1]) + 1}", name)
    pairs = (("group_norm", "norm"), ("to_q", "q"), ("to_k", "k"), ("to_v", "v"))
    if "mid_block.attentions.0" in name:
        name = name.replace("mid_block.attentions.0", "mid.attn_1").replace("to_out.0", "proj_out")
        for new, old in pairs:
            name = name.replace(f".{new}.", f".{old}.")
    return name.replace("conv_norm_out", "norm_out").replace("conv_shortcut", "nin_shortcut")


def open_clip(text: Any, prefix: str, more: int = 0) -> dict[str, torch.Tensor]:
    """A text encoder of transformers in OpenCLIP's names, with ``more`` layers that are not run."""
    state = {name.removeprefix("text_model."): t for name, t in text.state_dict().items()}
    made = {
        f"{prefix}token_embedding.weight": state["embeddings.token_embedding.weight"],
        f"{prefix}positional_embedding": state["embeddings.position_embedding.weight"],
        f"{prefix}ln_final.weight": state["final_layer_norm.weight"],
        f"{prefix}ln_final.bias": state["final_layer_norm.bias"],
        f"{prefix}logit_scale": torch.ones(()),
    }
    projection = state.get("text_projection.weight")
    made[f"{prefix}text_projection"] = (
        torch.eye(text.config.hidden_size) if projection is None else projection.T.contiguous()
    )
    names = {"layer_norm1": "ln_1", "layer_norm2": "ln_2", "mlp.fc1": "mlp.c_fc"}
    names |= {"mlp.fc2": "mlp.c_proj", "self_attn.out_proj": "attn.out_proj"}
    count = text.config.num_hidden_layers
    for number in range(count + more):
        here = f"encoder.layers.{min(number, count - 1)}."
        there = f"{prefix}transformer.resblocks.{number}."
        for ending in ("weight", "bias"):
            for new, old in names.items():
                made[f"{there}{old}.{ending}"] = state[f"{here}{new}.{ending}"].clone()
            parts = [state[f"{here}self_attn.{p}_proj.{ending}"] for p in "qkv"]
            made[f"{there}attn.in_proj_{ending}"] = torch.cat(parts)
    return made


def pipeline_of(version: str) -> Any:
    """A pipeline of ``1``, ``2`` or ``xl`` with the sizes that the original project gives all of
    them: 32 groups a norm, 8 heads or heads of 64."""
    from diffusers import (
        DDIMScheduler,
        EulerDiscreteScheduler,
        StableDiffusionPipeline,
        StableDiffusionXLPipeline,
    )

    torch.manual_seed(1)
    schedule: dict[str, Any] = {
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "beta_schedule": "scaled_linear",
        "steps_offset": 1,
        "timestep_spacing": "leading",
    }
    context = {"1": 64, "2": 64, "xl": 96}[version]
    sizes: dict[str, Any] = {
        "sample_size": 8,
        "block_out_channels": (32, 64),
        "cross_attention_dim": context,
        "norm_num_groups": 32,
        "attention_head_dim": 8,
    }
    if version != "1":
        sizes |= {"use_linear_projection": True, "attention_head_dim": (1, 1)}
    vae = tiny.vae(block_out_channels=(32, 32), norm_num_groups=32)
    clip = {"hidden_size": 64, "intermediate_size": 64, "num_attention_heads": 1}
    if version != "xl":
        if version == "2":
            schedule["prediction_type"] = "v_prediction"
            clip |= {"hidden_act": "gelu"}
        return StableDiffusionPipeline(
            vae=vae,
            text_encoder=tiny.clip(**clip),
            tokenizer=tiny.clip_tokenizer(),
            unet=tiny.unet(**sizes),
            scheduler=DDIMScheduler(clip_sample=False, set_alpha_to_one=False, **schedule),
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
    vae.register_to_config(scaling_factor=0.13025)
    second = {"hidden_size": 32, "num_attention_heads": 1, "hidden_act": "gelu"}
    return StableDiffusionXLPipeline(
        vae=vae,
        text_encoder=tiny.clip(**clip),
        text_encoder_2=tiny.clip_projected(**second),
        tokenizer=tiny.clip_tokenizer(),
        tokenizer_2=tiny.clip_tokenizer(),
        unet=tiny.unet(
            addition_embed_type="text_time",
            addition_time_embed_dim=4,
            projection_class_embeddings_input_dim=6 * 4 + 16,
            transformer_layers_per_block=(1, 2),
            **sizes,
        ),
        scheduler=EulerDiscreteScheduler(**schedule),
        add_watermarker=False,
    )


def write_one_file(pipeline: Any, version: str, path: Path) -> None:
    """Write it as the original project would."""
    unet, vae = pipeline.unet, pipeline.vae
    attends = tuple("CrossAttn" in kind for kind in unet.config.up_block_types)
    layers = unet.config.layers_per_block
    tensors = {
        f"model.diffusion_model.{unet_name(name, layers, attends)}": tensor
        for name, tensor in unet.state_dict().items()
    }
    levels = len(vae.config.block_out_channels)
    for name, tensor in vae.state_dict().items():
        if ".attentions.0.to_" in name and name.endswith("weight"):
            tensor = tensor[:, :, None, None]
        tensors[f"first_stage_model.{vae_name(name, levels)}"] = tensor
    prefix = (
        "conditioner.embedders.0.transformer."
        if version == "xl"
        else "cond_stage_model.transformer."
    )
    if version == "2":
        tensors |= open_clip(pipeline.text_encoder, "cond_stage_model.model.", 1)
    else:
        for name, tensor in pipeline.text_encoder.state_dict().items():
            tensors[f"{prefix}text_model.{name.removeprefix('text_model.')}"] = tensor
        tensors[f"{prefix}text_model.embeddings.position_ids"] = torch.arange(77)[None]
    if version == "xl":
        tensors |= open_clip(pipeline.text_encoder_2, "conditioner.embedders.1.model.")
    tensors["betas"] = torch.zeros(1000)
    save_file({name: t.detach().clone().contiguous() for name, t in tensors.items()}, path)
