"""Tiny components of pipelines with random weights, one of each class, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn


def _unet() -> nn.Module:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=8, block_out_channels=(16, 32), layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=16, attention_head_dim=8, norm_num_groups=8,
    )  # fmt: skip


def _sdxl_unet() -> nn.Module:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=8, block_out_channels=(16, 32), layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=16, attention_head_dim=(2, 4), norm_num_groups=8,
        use_linear_projection=True, transformer_layers_per_block=(1, 1),
        addition_embed_type="text_time", addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=64, time_cond_proj_dim=8,
    )  # fmt: skip


def _ddpm() -> nn.Module:
    from diffusers import UNet2DModel

    return UNet2DModel(
        sample_size=8, block_out_channels=(16, 32), layers_per_block=1,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"), norm_num_groups=8, attention_head_dim=8,
        num_class_embeds=10,
    )  # fmt: skip


def _sd3() -> nn.Module:
    from diffusers import SD3Transformer2DModel

    return SD3Transformer2DModel(
        sample_size=8, patch_size=2, in_channels=4, num_layers=2, attention_head_dim=8,
        num_attention_heads=2, joint_attention_dim=16, caption_projection_dim=16,
        pooled_projection_dim=24, out_channels=4, pos_embed_max_size=8, qk_norm="rms_norm",
    )  # fmt: skip


def _flux() -> nn.Module:
    from diffusers import FluxTransformer2DModel

    return FluxTransformer2DModel(
        patch_size=1, in_channels=4, num_layers=1, num_single_layers=1, attention_head_dim=16,
        num_attention_heads=1, joint_attention_dim=16, pooled_projection_dim=16,
        axes_dims_rope=(4, 4, 8), guidance_embeds=True,
    )  # fmt: skip


def _pixart() -> nn.Module:
    from diffusers import PixArtTransformer2DModel

    return PixArtTransformer2DModel(
        sample_size=8, num_layers=1, patch_size=2, attention_head_dim=8, num_attention_heads=2,
        caption_channels=16, in_channels=4, cross_attention_dim=16, out_channels=8,
        use_additional_conditions=False, norm_type="ada_norm_single",
    )  # fmt: skip


def _dit() -> nn.Module:
    from diffusers import DiTTransformer2DModel

    return DiTTransformer2DModel(
        sample_size=8, num_layers=1, patch_size=4, attention_head_dim=8, num_attention_heads=2,
        in_channels=4, out_channels=8, num_embeds_ada_norm=10,
    )  # fmt: skip


def _vae() -> nn.Module:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(8, 16), down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2, latent_channels=4, norm_num_groups=8,
    )  # fmt: skip


def _tiny_vae() -> nn.Module:
    from diffusers import AutoencoderTiny

    return AutoencoderTiny(
        latent_channels=4, encoder_block_out_channels=(8, 8), decoder_block_out_channels=(8, 8),
        num_encoder_blocks=(1, 1), num_decoder_blocks=(1, 1),
    )  # fmt: skip


def _vq() -> nn.Module:
    from diffusers import VQModel

    return VQModel(
        block_out_channels=(8, 16), down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2, latent_channels=3, norm_num_groups=8,
    )  # fmt: skip


def _clip_config() -> Any:
    from transformers import CLIPTextConfig

    return CLIPTextConfig(
        hidden_size=16, intermediate_size=24, num_attention_heads=2, num_hidden_layers=2,
        vocab_size=100, projection_dim=12, bos_token_id=0, eos_token_id=2, pad_token_id=1,
    )  # fmt: skip


def _clip() -> nn.Module:
    from transformers import CLIPTextModel

    return CLIPTextModel(_clip_config())


def _clip_projected() -> nn.Module:
    from transformers import CLIPTextModelWithProjection

    return CLIPTextModelWithProjection(_clip_config())


def _t5() -> nn.Module:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(
        T5Config(vocab_size=100, d_model=16, d_kv=8, d_ff=24, num_layers=2, num_heads=2)
    )


def _bert() -> nn.Module:
    from diffusers.pipelines.latent_diffusion.pipeline_latent_diffusion import (
        LDMBertConfig,
        LDMBertModel,
    )

    return LDMBertModel(
        LDMBertConfig(
            vocab_size=100, d_model=16, encoder_layers=1, encoder_ffn_dim=24,
            encoder_attention_heads=2, head_dim=8,
        )
    )  # fmt: skip


COMPONENTS: Mapping[str, Callable[[], nn.Module]] = {
    "unet": _unet,
    "unet of SDXL": _sdxl_unet,
    "unconditional unet": _ddpm,
    "transformer of SD3": _sd3,
    "transformer of Flux": _flux,
    "transformer of PixArt": _pixart,
    "transformer of DiT": _dit,
    "vae": _vae,
    "tiny vae": _tiny_vae,
    "vq": _vq,
    "clip": _clip,
    "clip with projection": _clip_projected,
    "t5": _t5,
    "bert": _bert,
}


def component(name: str, seed: int = 0) -> nn.Module:
    """A component with random weights; equal arguments make equal ones."""
    torch.manual_seed(seed)
    made = COMPONENTS[name]().eval()
    with torch.no_grad():  # what begins at zero would hide what stands before it
        for parameter in made.parameters():
            if not parameter.any():
                parameter.normal_(std=0.02)
    return made.requires_grad_(False)
