"""Denoisers of diffusers with a few thousand random weights, one of each kind."""

from __future__ import annotations

import functools
from typing import Any

import torch

KINDS = ("sd", "sdxl", "ddpm", "ldm", "dit", "pixart", "sd3", "flux")


def denoiser(kind: str) -> Any:
    """A denoiser that no other test has; every tensor is random, also what starts at zero."""
    made = _builders()[kind]()
    made.eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(5)
    for name, tensor in sorted(made.named_parameters()):
        noise = torch.randn(tensor.shape, generator=generator)
        fan = tensor[0].numel() if tensor.dim() > 1 else 16
        centre = 1.0 if "norm" in name and name.endswith("weight") and tensor.dim() == 1 else 0.0
        tensor.data.copy_(centre + noise * fan**-0.5)
    return made


@functools.cache
def shared(kind: str) -> Any:
    """The same, shared by tests that leave it as it is."""
    return denoiser(kind)


def size(kind: str) -> dict[str, int]:
    """Arguments of ``example`` that suit it."""
    return {"batch": 2, "height": 8, "width": 8, "tokens": 5}


def _builders() -> dict[str, Any]:
    from diffusers import (
        DiTTransformer2DModel,
        FluxTransformer2DModel,
        PixArtTransformer2DModel,
        SD3Transformer2DModel,
        UNet2DConditionModel,
        UNet2DModel,
    )

    sd = {
        "sample_size": 8,
        "layers_per_block": 1,
        "block_out_channels": (8, 16),
        "norm_num_groups": 4,
        "cross_attention_dim": 12,
        "attention_head_dim": 4,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
    }
    xl = sd | {
        "attention_head_dim": (2, 4),
        "use_linear_projection": True,
        "transformer_layers_per_block": (1, 2),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 6 * 8 + 10,
    }
    ddpm = {
        "sample_size": 8,
        "in_channels": 3,
        "out_channels": 3,
        "layers_per_block": 1,
        "block_out_channels": (8, 16),
        "norm_num_groups": 4,
        "attention_head_dim": 8,
        "down_block_types": ("DownBlock2D", "AttnDownBlock2D"),
        "up_block_types": ("AttnUpBlock2D", "UpBlock2D"),
    }
    dit = {
        "num_attention_heads": 4,
        "attention_head_dim": 4,
        "in_channels": 4,
        "out_channels": 8,
        "num_layers": 3,
        "norm_num_groups": 4,
        "sample_size": 8,
        "num_embeds_ada_norm": 10,
    }
    return {
        "sd": lambda: UNet2DConditionModel(**sd),
        "sdxl": lambda: UNet2DConditionModel(**xl),
        "ddpm": lambda: UNet2DModel(**ddpm),
        "ldm": lambda: UNet2DModel(**ddpm | {"resnet_time_scale_shift": "scale_shift"}),
        "dit": lambda: DiTTransformer2DModel(**dit),
        "pixart": lambda: PixArtTransformer2DModel(
            **dit
            | {
                "num_embeds_ada_norm": 1000,
                "cross_attention_dim": 16,
                "caption_channels": 12,
                "norm_type": "ada_norm_single",
            }
        ),
        "sd3": lambda: SD3Transformer2DModel(
            sample_size=8,
            in_channels=4,
            out_channels=4,
            num_layers=3,
            attention_head_dim=4,
            num_attention_heads=4,
            joint_attention_dim=12,
            caption_projection_dim=16,
            pooled_projection_dim=10,
            pos_embed_max_size=8,
            dual_attention_layers=(0,),
            qk_norm="rms_norm",
        ),
        "flux": lambda: FluxTransformer2DModel(
            in_channels=16,
            num_layers=2,
            num_single_layers=2,
            attention_head_dim=8,
            num_attention_heads=3,
            joint_attention_dim=12,
            pooled_projection_dim=10,
            axes_dims_rope=(2, 2, 4),
        ),
    }
