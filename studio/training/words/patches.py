"""What latents are: the principal components of a picture's patches, given before any training.

A learned encoder would need most of the time there is to find out that colours and edges matter.
So the latents are fixed by the pictures, the U-Net can be taught at once, and what is left to learn
is their decoder, which knows the world well enough to restore what the components leave out, and
an encoder that gives them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.words.pictures import Pictures

SAMPLED = 4096  # pictures
AT_ONCE = 256  # pictures
FEATURES = 6.0  # how much more patches with eyes, mouth or glasses count
EVENED = 0.5  # power of a component's size by which it is divided; 1 would make all equal


@dataclass(frozen=True)
class Basis:
    """Scaled components of patches of p pixels: ``mean`` (3pp,), ``directions`` (c, 3pp)."""

    mean: Tensor
    directions: Tensor
    patch: int

    def latents(self, pictures: Tensor) -> Tensor:
        """Latents (b, c, s/p, s/p) of about unit size of pictures (b, 3, s, s) in [-1, 1]."""
        side = pictures.shape[-1] // self.patch
        patches = F.unfold(pictures, self.patch, stride=self.patch) - self.mean[:, None]
        return (self.directions @ patches).view(len(pictures), -1, side, side)


@torch.no_grad()
def basis_of(pictures: Pictures, patch: int, channels: int) -> Basis:
    """The first components of patches ``patch`` x ``patch``, patches with features counting more.

    Scaled so that latents have unit size over all channels, each divided by the root of its own.
    """
    width = 3 * patch * patch
    total, outer, weight = torch.zeros(width), torch.zeros(width, width), 0.0
    count = min(SAMPLED, pictures.z.shape[0])
    for start in range(0, count, AT_ONCE):
        shown, features = pictures.batch(torch.arange(start, min(start + AT_ONCE, count)))
        rows = F.unfold(shown, patch, stride=patch).transpose(1, 2).reshape(-1, width)
        share = 1.0 + FEATURES * F.avg_pool2d(features, patch).reshape(-1)
        total += (rows * share[:, None]).sum(dim=0)
        outer += (rows * share[:, None]).T @ rows
        weight += float(share.sum())
    mean = total / weight
    values, vectors = torch.linalg.eigh((outer / weight - torch.outer(mean, mean)).double())
    values, vectors = values.flip(0)[:channels], vectors.flip(1)[:, :channels]
    # A component and its opposite are the same; take the one whose largest entry is positive.
    largest = vectors.gather(0, vectors.abs().argmax(dim=0, keepdim=True))
    sizes = values.clamp_min(1e-9).sqrt()
    directions = (vectors * largest.sign()) / sizes.pow(EVENED)
    unit = sizes.pow(2.0 - 2.0 * EVENED).mean().sqrt()
    return Basis(mean, (directions / unit).T.float().contiguous(), patch)


@torch.no_grad()
def latents_of(pictures: Pictures, basis: Basis) -> Tensor:
    """Latents of all pictures, mirrored ones too, (2n, c, h, w) in f16."""
    starts = range(0, len(pictures), AT_ONCE)
    index = (torch.arange(s, min(s + AT_ONCE, len(pictures))) for s in starts)
    return torch.cat([basis.latents(pictures.batch(i)[0]).half() for i in index])
