"""Modulated convolution with one weight per picture: the reference, as the papers' code has it.

Every picture's weights are scaled by its style and then by the norm of the result, and the batch
runs as groups of one convolution (Karras et al. 2020, section 2.2, figure 2c). Slower than the
constant-weight form and refused by exporters; kept as the yardstick that form is tested against.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.families.stylegan.synthesis import (
    BLUR_TAPS,
    EPSILON,
    GAIN,
    LEAK,
    Layer,
    SynthesisView,
    ToRgb,
    upsample_rgb,
)


def modulated_convolution(
    x: Tensor, weight: Tensor, style: Tensor, *, demodulate: bool = True, up: bool = False
) -> Tensor:
    """Convolve each picture with its own weights.

    Args:
        x: features (n, i, r, r). weight: (o, i, k, k). style: (n, i).
        demodulate: scale every output channel to unit expected variance.
        up: transposed with stride 2, then low-pass with the full 4x4 kernel.

    Returns:
        (n, o, r, r), or (n, o, 2r, 2r) with ``up``.
    """
    n, i, height, width = x.shape
    o, _, k, _ = weight.shape
    each = weight[None] * style[:, None, :, None, None]
    if demodulate:
        norm = each.square().sum(dim=(2, 3, 4), keepdim=True)
        each = each * torch.rsqrt(norm + EPSILON)
    grouped = x.reshape(1, n * i, height, width)
    if not up:
        y = F.conv2d(grouped, each.reshape(n * o, i, k, k), padding=k // 2, groups=n)
        return y.view(n, o, height, width)
    kernels = each.transpose(1, 2).reshape(n * i, o, k, k)
    y = F.conv_transpose2d(grouped, kernels, stride=2, groups=n)
    taps = torch.tensor(BLUR_TAPS, dtype=x.dtype, device=x.device)
    low_pass = torch.outer(taps, taps).expand(n * o, 1, 4, 4)
    return F.conv2d(y, low_pass, padding=1, groups=n * o).view(n, o, 2 * height, 2 * width)


def _layer(x: Tensor, w: Tensor, layer: Layer) -> Tensor:
    style = F.linear(w, layer.style_weight, layer.style_bias)
    x = modulated_convolution(x, layer.kernel(), style, up=layer.up) + layer.noise
    x = F.leaky_relu(x + layer.bias[:, None, None], LEAK) * GAIN
    return x if layer.clamp is None else x.clamp(-layer.clamp, layer.clamp)


def _rgb(x: Tensor, w: Tensor, rgb: ToRgb) -> Tensor:
    style = F.linear(w, rgb.style_weight, rgb.style_bias)
    y = modulated_convolution(x, rgb.weight, style, demodulate=False) + rgb.bias[:, None, None]
    return y if rgb.clamp is None else y.clamp(-rgb.clamp, rgb.clamp)


def synthesise_grouped(view: SynthesisView, styles: Tensor) -> Tensor:
    """The picture (n, 3, r, r) of w+ (n, rows, w_dim), every convolution in the grouped form."""
    taps = torch.tensor(BLUR_TAPS, dtype=view.const.dtype, device=view.const.device)
    x = view.const.expand(styles.shape[0], *view.const.shape)
    picture: Tensor | None = None
    for index, layer in enumerate(view.layers):
        x = _layer(x, styles[:, index], layer)
        if index % 2 == 0:
            rgb = _rgb(x, styles[:, index + 1], view.rgb[index // 2])
            picture = rgb if picture is None else upsample_rgb(picture, taps) + rgb
    assert picture is not None
    return picture
