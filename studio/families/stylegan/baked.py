"""A subnet as a module of its own: constant weights, no conditions, ready to trace or export.

Everything that depends on weights alone (energies of the demodulation, scaled noise maps, blur
taps) is a buffer, so that a tracer sees convolutions with constant weights; the equal form with one
weight per picture (:mod:`studio.families.stylegan.grouped`) is refused by exporters.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from studio.families.stylegan.synthesis import (
    BLUR_TAPS,
    Layer,
    SynthesisView,
    ToRgb,
    run_layer,
    run_rgb,
    upsample_rgb,
)


class _Buffers(nn.Module):
    """The tensors of one layer as contiguous buffers."""

    weight: Tensor
    style_weight: Tensor
    style_bias: Tensor
    bias: Tensor

    def __init__(self, source: Layer | ToRgb) -> None:
        super().__init__()
        self.limit = source.clamp
        for name in ("weight", "style_weight", "style_bias", "bias"):
            self.register_buffer(name, getattr(source, name))


class _BakedLayer(_Buffers):
    energy: Tensor
    noise: Tensor
    reduce: Tensor | None
    expand: Tensor | None

    def __init__(self, source: Layer) -> None:
        super().__init__(source)
        self.up = source.up
        self.register_buffer("energy", source.energy)
        self.register_buffer("noise", source.noise)
        self.register_buffer("reduce", source.reduce)
        self.register_buffer("expand", source.expand)

    def forward(self, x: Tensor, w: Tensor, noise: Tensor | None, taps: Tensor) -> Tensor:
        layer = Layer(
            self.weight,
            self.energy,
            self.style_weight,
            self.style_bias,
            self.bias,
            self.noise,
            self.up,
            self.limit,
            self.reduce,
            self.expand,
        )
        return run_layer(x, w, layer, self.noise if noise is None else self.noise * noise, taps)


class _BakedRgb(_Buffers):
    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        rgb = ToRgb(self.weight, self.style_weight, self.style_bias, self.bias, self.limit)
        return run_rgb(x, w, rgb)


class BakedSynthesis(nn.Module):
    """The synthesis network of one subnet on its own memory.

    ``forward(styles, noise)``: styles (n, at least 2 * stages, w_dim) to a picture (n, 3, r, r),
    nominal range [-1, 1], not clamped. ``noise`` (1,) is the strength of the stored maps, 1 as
    trained, which is also what None means.
    """

    const: Tensor
    taps: Tensor

    def __init__(self, view: SynthesisView) -> None:
        super().__init__()
        own = view.contiguous()
        self.channels = own.channels
        self.resolution = own.resolution
        self.register_buffer("const", own.const)
        self.register_buffer("taps", torch.tensor(BLUR_TAPS, dtype=own.const.dtype))
        self.layers = nn.ModuleList(_BakedLayer(layer) for layer in own.layers)
        self.rgb = nn.ModuleList(_BakedRgb(rgb) for rgb in own.rgb)
        self.eval()

    def forward(self, styles: Tensor, noise: Tensor | None = None) -> Tensor:
        x = self.const.expand(styles.shape[0], *self.const.shape)
        picture: Tensor | None = None
        for index, layer in enumerate(self.layers):
            x = layer(x, styles[:, index], noise, self.taps)
            if index % 2 == 0:
                rgb = self.rgb[index // 2](x, styles[:, index + 1])
                picture = rgb if picture is None else upsample_rgb(picture, self.taps) + rgb
        assert picture is not None
        return picture


def bake(view: SynthesisView) -> BakedSynthesis:
    """The constant-weight form of a subnet, independent of the model it was cut from."""
    return BakedSynthesis(view)
