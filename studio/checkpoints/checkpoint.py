"""What opening a file gives. Imports no torch by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.checkpoints.factor import NO_CHAINS, Chains
from studio.checkpoints.translation_sizes import TranslationSizes

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Checkpoint:
    """A generator's weights, whatever layout they came in.

    Args:
        path: the file that was opened.
        layout: ``anycost``, ``rosinality``, ``stylegan2-ada``, ``gan-compression``, ``cyclegan``,
            ``pix2pix``, ``spade`` or ``maquette``.
        family: ``stylegan`` or ``translation``.
        architecture: ``anycost``, ``stylegan2`` or ``stylegan2-ada``; of a translation model
            ``resnet``, ``unet`` or ``spade``.
        tensors: float32, with exactly the names and shapes of
            ``studio.families.stylegan.network.StyleGan2``; learning-rate factors are folded
            in. Of a translation model those of its ``sizes``; spectral norms are folded in.
        w_avg_known: False when the file has no average style; ``w_avg`` is then zero.
        conv_clamp: absolute limit on activations, or None.
        directions: edit directions in w by name, each (w_dim,).
        metadata: the texts of a Maquette file; empty for other layouts.
        source_sha256: hash of the file the weights first came from.
        file_sha256: hash of this file. size_bytes: its size.
        chains: the layers that are kept as chains of smaller ones.
        sizes: of a translation model; None for StyleGAN.
        unused: how many stored statistics were passed over, because instance norms read none.
    """

    path: Path
    layout: str
    family: str
    architecture: str
    tensors: dict[str, torch.Tensor]
    w_avg_known: bool
    conv_clamp: float | None
    directions: dict[str, torch.Tensor]
    metadata: dict[str, str]
    source_sha256: str
    file_sha256: str
    size_bytes: int
    chains: Chains = NO_CHAINS
    sizes: TranslationSizes | None = None
    unused: int = 0
