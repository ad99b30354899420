"""Pipeline folders of every class with a few thousand random weights, as diffusers writes them."""

from __future__ import annotations

import atexit
import functools
import shutil
import string
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

CLASSES = (
    "StableDiffusionPipeline",
    "StableDiffusionXLPipeline",
    "StableDiffusion3Pipeline",
    "FluxPipeline",
    "PixArtSigmaPipeline",
    "DiTPipeline",
    "DDPMPipeline",
    "LDMTextToImagePipeline",
)
START, END = "<|startoftext|>", "<|endoftext|>"
LETTERS = string.ascii_lowercase + string.digits + ",.' "
PIECES = ["<pad>", "</s>", "<unk>", "▁", *LETTERS.strip()]


def clip_tokenizer() -> Any:
    """One token a letter."""
    from transformers import CLIPTokenizer

    letters = LETTERS.strip()
    words = [*letters, *(f"{letter}</w>" for letter in letters), START, END]
    vocab = {word: index for index, word in enumerate(words)}
    return CLIPTokenizer(vocab=vocab, merges=[], model_max_length=77)


def clip_config(**changes: Any) -> Any:
    from transformers import CLIPTextConfig

    vocab = 2 * len(LETTERS.strip()) + 2
    return CLIPTextConfig(
        **{
            "vocab_size": vocab,
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "max_position_embeddings": 77,
            "projection_dim": 16,
            "bos_token_id": vocab - 2,
            "eos_token_id": vocab - 1,
            "pad_token_id": vocab - 1,
            **changes,
        }
    )


def clip(**changes: Any) -> Any:
    from transformers import CLIPTextModel

    return CLIPTextModel(clip_config(**changes)).eval()


def clip_projected(**changes: Any) -> Any:
    from transformers import CLIPTextModelWithProjection

    return CLIPTextModelWithProjection(clip_config(**changes)).eval()


def t5_tokenizer() -> Any:
    from transformers import T5TokenizerFast

    return T5TokenizerFast(
        vocab=[(piece, -1.0) for piece in PIECES], extra_ids=0, model_max_length=512
    )


def t5(width: int = 16) -> Any:
    from transformers import T5Config, T5EncoderModel

    config = T5Config(
        vocab_size=len(PIECES), d_model=width, d_kv=8, d_ff=32, num_layers=1, num_heads=2
    )
    return T5EncoderModel(config).eval()


def vae(latents: int = 4, levels: int = 2, **changes: Any) -> Any:
    """A VAE whose factor is ``2 ** (levels - 1)``."""
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        **{
            "block_out_channels": (8,) * levels,
            "down_block_types": ("DownEncoderBlock2D",) * levels,
            "up_block_types": ("UpDecoderBlock2D",) * levels,
            "latent_channels": latents,
            "norm_num_groups": 4,
            "sample_size": 16,
            **changes,
        }
    ).eval()


def unet(**changes: Any) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        **{
            "sample_size": 8,
            "block_out_channels": (8, 16),
            "layers_per_block": 1,
            "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
            "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
            "cross_attention_dim": 16,
            "attention_head_dim": 2,
            "norm_num_groups": 4,
            **changes,
        }
    ).eval()


def stable_diffusion(**changes: Any) -> Any:
    from diffusers import PNDMScheduler, StableDiffusionPipeline

    return StableDiffusionPipeline(
        vae=vae(),
        text_encoder=clip(),
        tokenizer=clip_tokenizer(),
        unet=unet(**changes),
        scheduler=PNDMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            skip_prk_steps=True,
            set_alpha_to_one=False,
            steps_offset=1,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def stable_diffusion_xl() -> Any:
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline

    return StableDiffusionXLPipeline(
        vae=vae(),
        text_encoder=clip(),
        text_encoder_2=clip_projected(),
        tokenizer=clip_tokenizer(),
        tokenizer_2=clip_tokenizer(),
        unet=unet(
            cross_attention_dim=32,
            addition_embed_type="text_time",
            addition_time_embed_dim=4,
            projection_class_embeddings_input_dim=6 * 4 + 16,
        ),
        scheduler=EulerDiscreteScheduler(
            beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1
        ),
        add_watermarker=False,
    )


def stable_diffusion_3() -> Any:
    from diffusers import (
        FlowMatchEulerDiscreteScheduler,
        SD3Transformer2DModel,
        StableDiffusion3Pipeline,
    )

    return StableDiffusion3Pipeline(
        transformer=SD3Transformer2DModel(
            sample_size=8,
            patch_size=2,
            in_channels=16,
            out_channels=16,
            num_layers=2,
            attention_head_dim=8,
            num_attention_heads=2,
            caption_projection_dim=16,
            joint_attention_dim=32,
            pooled_projection_dim=32,
            pos_embed_max_size=16,
        ).eval(),
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=vae(16, shift_factor=0.06, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=clip_projected(),
        tokenizer=clip_tokenizer(),
        text_encoder_2=clip_projected(),
        tokenizer_2=clip_tokenizer(),
        text_encoder_3=t5(32),
        tokenizer_3=t5_tokenizer(),
    )


def flux() -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel

    return FluxPipeline(
        transformer=FluxTransformer2DModel(
            patch_size=1,
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=16,
            pooled_projection_dim=16,
            axes_dims_rope=(4, 4, 8),
            guidance_embeds=True,
        ).eval(),
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift=3.0),
        vae=vae(shift_factor=0.1, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=clip(),
        tokenizer=clip_tokenizer(),
        text_encoder_2=t5(),
        tokenizer_2=t5_tokenizer(),
    )


def pixart_sigma() -> Any:
    from diffusers import (
        DPMSolverMultistepScheduler,
        PixArtSigmaPipeline,
        PixArtTransformer2DModel,
    )

    return PixArtSigmaPipeline(
        transformer=PixArtTransformer2DModel(
            sample_size=8,
            num_layers=2,
            patch_size=2,
            attention_head_dim=8,
            num_attention_heads=2,
            caption_channels=16,
            in_channels=4,
            cross_attention_dim=16,
            out_channels=8,
            use_additional_conditions=False,
        ).eval(),
        scheduler=DPMSolverMultistepScheduler(),
        vae=vae(),
        text_encoder=t5(),
        tokenizer=t5_tokenizer(),
    )


def dit() -> Any:
    from diffusers import DDIMScheduler, DiTPipeline, DiTTransformer2DModel

    return DiTPipeline(
        transformer=DiTTransformer2DModel(
            sample_size=8,
            num_layers=2,
            patch_size=2,
            attention_head_dim=8,
            num_attention_heads=2,
            in_channels=4,
            out_channels=8,
            num_embeds_ada_norm=1000,
        ).eval(),
        vae=vae(),
        scheduler=DDIMScheduler(),
    )


def ddpm() -> Any:
    from diffusers import DDPMPipeline, DDPMScheduler

    return DDPMPipeline(unet=unconditional(), scheduler=DDPMScheduler(num_train_timesteps=50))


def unconditional() -> Any:
    """The network of the public hostile folders."""
    from diffusers import UNet2DModel

    return UNet2DModel(
        sample_size=16,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=4,
    ).eval()


def ldm() -> Any:
    from diffusers import DDIMScheduler, LDMTextToImagePipeline
    from diffusers.pipelines.latent_diffusion.pipeline_latent_diffusion import (
        LDMBertConfig,
        LDMBertModel,
    )

    config = LDMBertConfig(
        vocab_size=2 * len(LETTERS.strip()) + 2,
        max_position_embeddings=77,
        encoder_layers=1,
        encoder_ffn_dim=32,
        encoder_attention_heads=2,
        head_dim=8,
        d_model=16,
        pad_token_id=0,
    )
    return LDMTextToImagePipeline(
        vqvae=vae(levels=4),
        bert=LDMBertModel(config).eval(),
        tokenizer=clip_tokenizer(),
        unet=unet(),
        scheduler=DDIMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"),
    )


BUILDERS: dict[str, Callable[[], Any]] = {
    "StableDiffusionPipeline": stable_diffusion,
    "StableDiffusionXLPipeline": stable_diffusion_xl,
    "StableDiffusion3Pipeline": stable_diffusion_3,
    "FluxPipeline": flux,
    "PixArtSigmaPipeline": pixart_sigma,
    "DiTPipeline": dit,
    "DDPMPipeline": ddpm,
    "LDMTextToImagePipeline": ldm,
}


def tiny_pipeline(name: str) -> Any:
    """A pipeline of that class with the same random weights every time, none of them 0."""
    torch.manual_seed(CLASSES.index(name))
    pipeline = BUILDERS[name]()
    pipeline.set_progress_bar_config(disable=True)
    with torch.no_grad():
        for part in pipeline.components.values():
            if isinstance(part, torch.nn.Module):
                for parameter in part.parameters():
                    if not parameter.any():  # a shift or an output layer that begins at nothing
                        parameter.normal_(std=0.02)
    return pipeline


def tiny_folder(name: str, folder: Path) -> Path:
    """Such a pipeline as the folder that diffusers writes."""
    tiny_pipeline(name).save_pretrained(folder, safe_serialization=True)
    return folder


@functools.cache
def _home() -> Path:
    """A folder that goes with the process."""
    home = Path(tempfile.mkdtemp(prefix="maquette-tiny-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


@functools.cache
def shared_folder(name: str) -> Path:
    """The folder of that class, written once a process; nobody may change it."""
    return tiny_folder(name, _home() / name)


@functools.cache
def shared_model(name: str) -> Any:
    """That folder opened, once a process."""
    from studio.families.diffusion.opening import open_pipeline

    return open_pipeline(shared_folder(name))


def small_inputs(name: str, **changes: Any) -> Any:
    """Two steps at a size of a few latents."""
    from studio.families.diffusion.inputs import DiffusionInputs

    given: dict[str, Any] = {"steps": 2, "seed": 3}
    if name == "DiTPipeline":
        given |= {"label": 7}
    elif name != "DDPMPipeline":
        given |= {"prompt": "a green head", "height": 32, "width": 16}
    return DiffusionInputs(**{**given, **changes})
