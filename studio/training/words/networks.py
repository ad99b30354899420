"""The three networks of the pipeline, in the library's own classes, and how large they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from torch import nn

SIZE = 64  # pixels
TRAINED_STEPS = 1000  # of the noise schedule
SPREAD = -6.0  # logarithm of the variance of an encoded latent


@dataclass(frozen=True)
class Sizes:
    """How large the networks are.

    Args:
        picture: pixels a side. autoencoder: channels per level, each after the first halves the
            picture. latent: channels of a latent. groups: groups of its normalisations.
        text: width of the text encoder. text_layers, text_heads: its depth and heads.
            text_limit: tokens of a prompt, the two that mark its ends included.
        denoiser: channels per level of the U-Net, attention on all but the first.
            denoiser_head: channels of an attention head. denoiser_groups: of its normalisations.
    """

    picture: int = SIZE
    autoencoder: tuple[int, ...] = (16, 32, 48, 64)
    latent: int = 16
    groups: int = 2
    text: int = 128
    text_layers: int = 2
    text_heads: int = 4
    text_limit: int = 40
    denoiser: tuple[int, ...] = (96, 160)
    denoiser_head: int = 32
    denoiser_groups: int = 16

    @property
    def latent_side(self) -> int:
        """Latent pixels a side."""
        return self.picture >> (len(self.autoencoder) - 1)


def new_autoencoder(sizes: Sizes) -> Any:
    """An ``AutoencoderKL`` with new weights, for latents that have unit size as they are.

    It begins almost linear, every residual adding nothing, so that colours and outlines are there
    after a few steps. What it encodes has a small spread that no training changes.
    """
    from diffusers import AutoencoderKL
    from diffusers.models.resnet import ResnetBlock2D

    levels = len(sizes.autoencoder)
    network = AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        block_out_channels=sizes.autoencoder,
        layers_per_block=1,
        latent_channels=sizes.latent,
        norm_num_groups=sizes.groups,
        sample_size=sizes.picture,
        scaling_factor=1.0,
        mid_block_add_attention=False,
        force_upcast=False,
    )
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, ResnetBlock2D):
                module.conv2.weight.zero_()
        # The quantising convolution is the last before mean and logarithm of the variance.
        network.quant_conv.weight[sizes.latent :].zero_()
        network.quant_conv.bias[sizes.latent :] = SPREAD
    return network


def new_text_encoder(sizes: Sizes, tokens: int, begin: int, end: int) -> nn.Module:
    """A ``CLIPTextModel`` with new weights for ``tokens`` words; ``end`` fills a prompt up."""
    from transformers import CLIPTextConfig, CLIPTextModel

    config = CLIPTextConfig(
        vocab_size=tokens,
        hidden_size=sizes.text,
        intermediate_size=sizes.text * 2,
        projection_dim=sizes.text,
        num_hidden_layers=sizes.text_layers,
        num_attention_heads=sizes.text_heads,
        max_position_embeddings=sizes.text_limit,
        bos_token_id=begin,
        eos_token_id=end,
        pad_token_id=end,
    )
    model: nn.Module = CLIPTextModel(config)
    return model


def new_denoiser(sizes: Sizes) -> Any:
    """A ``UNet2DConditionModel`` with new weights.

    Besides attention to the words, every residual block is told the whole prompt beside the time
    (Saharia et al. 2022): attention sits where the latent is coarsest. It begins without effect.
    """
    from diffusers import UNet2DConditionModel

    levels = len(sizes.denoiser)
    down = ("DownBlock2D",) + ("CrossAttnDownBlock2D",) * (levels - 1)
    up = ("CrossAttnUpBlock2D",) * (levels - 1) + ("UpBlock2D",)
    network = UNet2DConditionModel(
        sample_size=sizes.latent_side,
        in_channels=sizes.latent,
        out_channels=sizes.latent,
        down_block_types=down,
        up_block_types=up,
        block_out_channels=sizes.denoiser,
        layers_per_block=1,
        norm_num_groups=sizes.denoiser_groups,
        cross_attention_dim=sizes.text,
        # The class calls the count of heads so, for old models' sake.
        attention_head_dim=tuple(max(1, c // sizes.denoiser_head) for c in sizes.denoiser),
        addition_embed_type="text",
        addition_embed_type_num_heads=sizes.text_heads,
    )
    with torch.no_grad():
        network.add_embedding.norm2.weight.zero_()
    return network
