"""SeFa: directions of w that change a picture most, from the weights alone.

Shen & Zhou 2021, "Closed-Form Factorization of Latent Semantics in GANs", section 3: a style affine
turns w into the scales of a layer, s = A w + b, so a step d along a unit direction v changes them
by d * A v whatever w is. The directions that maximise |A v|^2 over several layers are the
eigenvectors of the sum of A^T A with the largest eigenvalues.

Scale: one unit of a direction is one standard deviation of w along it, over latents of a fixed
seed. An eigenvector of unit length would be a huge step in one model and nothing in another; this
way a slider from -3 to 3 spans what the mapping network really produces, in every model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.styles import latent_pieces
from studio.families.stylegan.synthesis import SynthesisView

LATENTS = 2048
LATENT_SEED = 20210625
PIECE = 256  # latents at a time


@dataclass(frozen=True)
class Factors:
    """Directions in order of what they change.

    directions (count, w_dim): orthogonal, unit length, the largest component of each above 0;
    energies (count,): |A v|^2 summed over the layers, falling.
    """

    directions: Tensor
    energies: Tensor


@dataclass(frozen=True)
class Found:
    """Directions ready to be added to w, the strongest first.

    steps (count, w_dim): one unit of each, one standard deviation of w long; shares (count,): what
    part of |A|^2 summed over the layers each accounts for, together 1; deviations (count,): the
    standard deviation of w along each.
    """

    steps: Tensor
    shares: Tensor
    deviations: Tensor


def factorise(weights: Sequence[Tensor]) -> Factors:
    """All directions of style affines (inputs, w_dim) each, the strongest first.

    Raises:
        ValueError: there is no affine.
    """
    if not weights:
        raise ValueError("there is no style affine to factorise")
    w_dim = weights[0].shape[1]
    gram = torch.zeros(w_dim, w_dim, dtype=torch.float64)
    for weight in weights:
        a = weight.detach().double().cpu()
        gram += a.T @ a
    energies, columns = torch.linalg.eigh(gram)
    directions = columns.T.flip(0)
    # An eigenvector has no sign of its own; a slider must point the same way at every start.
    largest = directions.gather(1, directions.abs().argmax(dim=1, keepdim=True))
    directions = directions * torch.where(largest < 0, -1.0, 1.0)
    return Factors(directions.float(), energies.flip(0).clamp(min=0).float())


def affines(view: SynthesisView, rows: Sequence[int]) -> tuple[Tensor, ...]:
    """The style affines (inputs, w_dim) that the given rows of w+ feed: convolutions and ToRGBs."""
    wanted = set(rows)
    layers = [layer.style_weight for k, layer in enumerate(view.layers) if k in wanted]
    heads = [head.style_weight for s, head in enumerate(view.rgb) if 2 * s + 1 in wanted]
    return (*layers, *heads)


def covariance(network: StyleGan2) -> Tensor:
    """The covariance (w_dim, w_dim) of w over 2048 latents of a fixed seed, classes in turn."""
    total = torch.zeros(network.config.w_dim, dtype=torch.float64)
    squares = torch.zeros(network.config.w_dim, network.config.w_dim, dtype=torch.float64)
    with torch.no_grad():
        for z, labels in latent_pieces(network.config, LATENTS, LATENT_SEED, PIECE):
            w = network.map(z, labels).double()
            total += w.sum(dim=0)
            squares += w.T @ w
    mean = total / LATENTS
    return squares / LATENTS - torch.outer(mean, mean)


def scaled(factors: Factors, spread: Tensor) -> Found:
    """Directions with the length of one standard deviation of w along them.

    Args:
        spread: the covariance (w_dim, w_dim) of w.
    """
    v = factors.directions.double()
    deviations = ((v @ spread.double()) * v).sum(dim=1).clamp(min=0).sqrt()
    shares = factors.energies / factors.energies.sum().clamp(min=1e-30)
    return Found((v * deviations[:, None]).float(), shares, deviations.float())
