"""The synthesis network as a plain function of weight slices.

One forward pass serves three uses: the live subnet (slices are views of the full weights), the
baked subnet (the same slices made contiguous, for export and compiled runtimes) and training.
Modulated convolution is written with constant weights,

    y = conv(x * s, W) * rsqrt((s * s) @ sum_k(W^2) + eps)

which equals the grouped form of StyleGAN2 (Karras et al. 2020, section 2.2) without building a
weight per picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.families.stylegan.factors import groups_of, whole_kernel

EPSILON = 1e-8
LEAK = 0.2
GAIN = math.sqrt(2.0)
BLUR_TAPS = (0.25, 0.75, 0.75, 0.25)  # [1, 3, 3, 1] / 8, times 2 for the zeros of upsampling


@dataclass(frozen=True)
class Layer:
    """One modulated 3x3 convolution, sliced to ``o`` outputs and ``i`` inputs.

    weight (o, i, 3, 3); energy (o, i), the sum of squared weights over the kernel; style_weight
    (i, w_dim); style_bias (i,); bias (o,); noise (r, r) already scaled by its strength; up: the
    layer doubles the resolution; clamp: absolute limit on its output, or None.

    A factorised layer (:class:`studio.checkpoints.factor.Factor`) runs a chain instead: ``reduce``
    (r1, i), then ``weight`` between the ranks alone, then ``expand`` (o, r2) where there is one.
    Its energy is that of the kernel that the chain stands for, so demodulation stays the same.
    """

    weight: Tensor
    energy: Tensor
    style_weight: Tensor
    style_bias: Tensor
    bias: Tensor
    noise: Tensor
    up: bool
    clamp: float | None
    reduce: Tensor | None = None
    expand: Tensor | None = None

    @property
    def inputs(self) -> int:
        """Channels that it reads."""
        return self.style_bias.shape[0]

    @property
    def outputs(self) -> int:
        """Channels that it makes."""
        return self.bias.shape[0]

    @property
    def weights(self) -> int:
        """Number of weights of the convolution, or of the chain in its place."""
        chain = (self.reduce, self.weight, self.expand)
        return sum(each.numel() for each in chain if each is not None)

    def kernel(self) -> Tensor:
        """The whole kernel (o, i, 3, 3), put together from the chain where there is one."""
        return whole_kernel(self.weight, self.reduce, self.expand)


@dataclass(frozen=True)
class ToRgb:
    """The 1x1 modulated convolution to RGB of one stage, without demodulation."""

    weight: Tensor
    style_weight: Tensor
    style_bias: Tensor
    bias: Tensor
    clamp: float | None


@dataclass(frozen=True)
class SynthesisView:
    """What a forward pass reads: const (c0, 4, 4), layers (conv1, convs.0, ...), rgb per stage."""

    const: Tensor
    layers: tuple[Layer, ...]
    rgb: tuple[ToRgb, ...]

    @property
    def channels(self) -> tuple[int, ...]:
        """The channel list in force."""
        return (self.const.shape[0], *(layer.outputs for layer in self.layers))

    @property
    def resolution(self) -> int:
        """Height and width of the picture in pixels."""
        return 4 << (len(self.rgb) - 1)

    def contiguous(self) -> SynthesisView:
        """The same subnet on its own memory, independent of the full model."""

        def own(t: Tensor) -> Tensor:
            return t.detach().clone(memory_format=torch.contiguous_format)

        layers = tuple(
            Layer(
                own(a.weight),
                own(a.energy),
                own(a.style_weight),
                own(a.style_bias),
                own(a.bias),
                own(a.noise),
                a.up,
                a.clamp,
                None if a.reduce is None else own(a.reduce),
                None if a.expand is None else own(a.expand),
            )
            for a in self.layers
        )
        rgb = tuple(
            ToRgb(own(a.weight), own(a.style_weight), own(a.style_bias), own(a.bias), a.clamp)
            for a in self.rgb
        )
        return SynthesisView(own(self.const), layers, rgb)


def blur(x: Tensor, taps: Tensor) -> Tensor:
    """Low-pass after a transposed convolution: (n, c, 2r+1, 2r+1) to (n, c, 2r, 2r).

    The filter is separable, yet one grouped 4x4 convolution is what PyTorch runs fastest: ten to
    twenty times sooner than folding channels into the batch, twice as soon as two grouped passes.
    """
    c = x.shape[1]
    return F.conv2d(x, torch.outer(taps, taps).expand(c, 1, 4, 4), padding=1, groups=c)


def upsample_rgb(rgb: Tensor, taps: Tensor) -> Tensor:
    """Double an RGB picture (n, 3, r, r) with the [1, 3, 3, 1] filter."""
    kernel = torch.outer(taps, taps).expand(rgb.shape[1], 1, 4, 4)
    return F.conv_transpose2d(rgb, kernel, stride=2, padding=1, groups=rgb.shape[1])


def _clamped(x: Tensor, limit: float | None) -> Tensor:
    return x if limit is None else x.clamp(-limit, limit)


def run_layer(x: Tensor, w: Tensor, layer: Layer, noise: Tensor | None, taps: Tensor) -> Tensor:
    """One styled convolution: (n, i, r, r) and w (n, w_dim) to (n, o, r or 2r, r or 2r)."""
    style = F.linear(w, layer.style_weight, layer.style_bias)
    scale = torch.rsqrt(F.linear(style * style, layer.energy) + EPSILON)
    x = x * style[:, :, None, None]
    if layer.reduce is not None:
        x = run_chain(x, layer, layer.reduce, taps)
    elif layer.up:
        x = blur(F.conv_transpose2d(x, layer.weight.transpose(0, 1), stride=2), taps)
    else:
        x = F.conv2d(x, layer.weight, padding=1)
    x = x * scale[:, :, None, None]
    if noise is not None:
        x = x + noise
    x = F.leaky_relu(x + layer.bias[:, None, None], LEAK) * GAIN
    return _clamped(x, layer.clamp)


def run_chain(x: Tensor, layer: Layer, reduce: Tensor, taps: Tensor) -> Tensor:
    """A factorised convolution: (n, i, r, r) to (n, o, r or 2r, r or 2r).

    The middle convolution doubles the resolution, and the blur follows it at once: it goes channel
    by channel, so it may come before ``expand``, where there are fewer channels to blur.
    """
    x = F.conv2d(x, reduce[:, :, None, None])
    groups = groups_of(layer.weight, reduce)
    if layer.up:
        turned = layer.weight if groups > 1 else layer.weight.transpose(0, 1)
        x = blur(F.conv_transpose2d(x, turned, stride=2, groups=groups), taps)
    else:
        x = F.conv2d(x, layer.weight, padding=1, groups=groups)
    return x if layer.expand is None else F.conv2d(x, layer.expand[:, :, None, None])


def run_rgb(x: Tensor, w: Tensor, rgb: ToRgb) -> Tensor:
    """Features (n, i, r, r) and w (n, w_dim) to a picture (n, 3, r, r)."""
    style = F.linear(w, rgb.style_weight, rgb.style_bias)
    picture = F.conv2d(x * style[:, :, None, None], rgb.weight, bias=rgb.bias)
    return _clamped(picture, rgb.clamp)


def synthesise(
    view: SynthesisView,
    styles: Tensor,
    *,
    noise: Sequence[Tensor] | None = None,
    use_noise: bool = True,
    every_stage: bool = False,
    between: Callable[[], None] | None = None,
    keep: Callable[[int, Tensor], None] | None = None,
) -> list[Tensor]:
    """Run the network.

    Args:
        view: the subnet.
        styles: w+, (n, at least 2 * stages, w_dim); row k feeds layer k, row k + 1 its ToRGB.
        noise: one (r, r) or (n, 1, r, r) map per layer in place of the stored ones, already scaled.
        use_noise: False leaves noise out.
        every_stage: return the picture of every stage instead of the last one only.
        between: called before every layer; may raise to stop the render.
        keep: is given the number of every layer and what it makes, for losses on such values.

    Returns:
        Pictures (n, 3, r, r), unclamped, nominal range [-1, 1]; the last has ``view.resolution``.
    """
    taps = torch.tensor(BLUR_TAPS, dtype=view.const.dtype, device=view.const.device)
    x = view.const.expand(styles.shape[0], *view.const.shape)
    picture: Tensor | None = None
    pictures: list[Tensor] = []
    for index, layer in enumerate(view.layers):
        if between is not None:
            between()
        maps = (layer.noise if noise is None else noise[index]) if use_noise else None
        x = run_layer(x, styles[:, index], layer, maps, taps)
        if keep is not None:
            keep(index, x)
        if index % 2 == 0:
            rgb = run_rgb(x, styles[:, index + 1], view.rgb[index // 2])
            picture = rgb if picture is None else upsample_rgb(picture, taps) + rgb
            if every_stage:
                pictures.append(picture)
    assert picture is not None
    return pictures if every_stage else [picture]
