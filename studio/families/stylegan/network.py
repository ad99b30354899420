"""The generator: tensors under Maquette's own names, the mapping network, and subnet views.

Equalised learning-rate factors (Karras et al. 2018, section 4.1) are folded into the weights when a
file is opened. A slice therefore keeps the scale of the full layer by itself, which recomputing
the factor from the sliced width would get wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.checkpoints.factor import Factor
from studio.families.stylegan.config import FIRST_RESOLUTION, IMAGE_CHANNELS, StyleGanConfig
from studio.families.stylegan.factors import whole_kernel
from studio.families.stylegan.synthesis import EPSILON, GAIN, LEAK, Layer, SynthesisView, ToRgb


def _normal(*shape: int, std: float = 1.0) -> Tensor:
    """Normal numbers. On the meta device none are drawn: there torch would load its compiler."""
    tensor = torch.empty(*shape)
    return tensor if tensor.is_meta else tensor.normal_(std=std)


class _Modulated(nn.Module):
    """Tensors of one modulated convolution. See :class:`Layer` for the shapes."""

    def __init__(self, w_dim: int, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        fan_in = inputs * kernel * kernel
        self.weight = nn.Parameter(_normal(outputs, inputs, kernel, kernel, std=fan_in**-0.5))
        self.style_weight = nn.Parameter(_normal(inputs, w_dim, std=w_dim**-0.5))
        self.style_bias = nn.Parameter(torch.ones(inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))


class _Styled(_Modulated):
    """A modulated 3x3 convolution with its noise map; a chain of smaller ones with ``factor``."""

    def __init__(
        self, w_dim: int, inputs: int, outputs: int, resolution: int, factor: Factor | None
    ) -> None:
        super().__init__(w_dim, inputs, outputs, kernel=3)
        self.reduce: nn.Parameter | None = None
        self.expand: nn.Parameter | None = None
        if factor is not None:
            for name, shape in factor.shapes(inputs, outputs).items():
                fan_in = math.prod(shape[1:])
                setattr(self, name, nn.Parameter(_normal(*shape, std=fan_in**-0.5)))
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.noise: Tensor
        self.register_buffer("noise", _normal(resolution, resolution))


class _Linear(nn.Module):
    """A fully connected layer whose learning-rate factor is already folded in.

    With a ``rank`` it is two: ``reduce`` (rank, inputs), then ``weight`` (outputs, rank).
    """

    def __init__(self, inputs: int, outputs: int, rank: int = 0) -> None:
        super().__init__()
        self.reduce: nn.Parameter | None = None
        if rank:
            self.reduce = nn.Parameter(_normal(rank, inputs, std=inputs**-0.5))
            inputs = rank
        self.weight = nn.Parameter(_normal(outputs, inputs, std=inputs**-0.5))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x: Tensor) -> Tensor:
        if self.reduce is not None:
            x = F.linear(x, self.reduce)
        return F.linear(x, self.weight, self.bias)


def _normalised(x: Tensor) -> Tensor:
    """Divide each row by its root mean square."""
    return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + EPSILON)


class StyleGan2(nn.Module):
    """A StyleGAN2 / Anycost generator with the skip architecture.

    Source: Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN"; Lin et al.
    2021, "Anycost GANs for Interactive Image Synthesis and Editing".

    Tensor names are Maquette's own (``mapping.0.weight``, ``const``, ``layers.3.style_bias``,
    ``rgb.2.weight``, ``w_avg``); ``studio.checkpoints`` translates the layouts of other projects.
    """

    def __init__(self, config: StyleGanConfig) -> None:
        super().__init__()
        self.config = config
        w, channels = config.w_dim, config.channels
        label = w if config.c_dim else 0
        self.label_embed = _Linear(config.c_dim, w) if config.c_dim else None
        self.mapping = nn.ModuleList(
            _Linear(config.z_dim + label if i == 0 else w, w, config.mapping_rank(i))
            for i in range(config.mapping_layers)
        )
        self.const = nn.Parameter(_normal(channels[0], FIRST_RESOLUTION, FIRST_RESOLUTION))
        self.layers = nn.ModuleList(
            _Styled(
                w, channels[k], channels[k + 1], config.layer_resolution(k + 1), config.factor(k)
            )
            for k in range(len(channels) - 1)
        )
        self.rgb = nn.ModuleList(
            _Modulated(w, channels[2 * s + 1], IMAGE_CHANNELS, kernel=1)
            for s in range(len(config.resolutions))
        )
        self.w_avg: Tensor
        self.register_buffer("w_avg", torch.zeros(w))
        self._full: SynthesisView | None = None

    @classmethod
    def from_tensors(cls, config: StyleGanConfig, tensors: Mapping[str, Tensor]) -> StyleGan2:
        """A frozen network on the given tensors (names of ``state_dict``), without copying them.

        Raises:
            ValueError: a tensor is missing, unknown or of another shape than ``config`` says.
        """
        with torch.device("meta"):  # no memory and no random numbers for weights to be replaced
            network = cls(config)
        try:
            network.load_state_dict(dict(tensors), strict=True, assign=True)
        except RuntimeError as error:
            raise ValueError(f"tensors do not fit the generator: {error}") from error
        return network.freeze()

    def freeze(self) -> StyleGan2:
        """Switch to inference: no gradients; what depends on weights alone is computed once."""
        self.requires_grad_(False)
        self.eval()
        self._full = None
        self._full = self.view()
        return self

    def train(self, mode: bool = True) -> StyleGan2:
        if mode:
            self._full = None
        super().train(mode)
        return self

    def _styled(self) -> list[_Styled]:
        return [m for m in self.layers if isinstance(m, _Styled)]

    def _heads(self) -> list[_Modulated]:
        return [m for m in self.rgb if isinstance(m, _Modulated)]

    def map(self, z: Tensor, label: Tensor | None = None) -> Tensor:
        """Latents z (n, z_dim) and, for conditional models, labels (n, c_dim) to w (n, w_dim)."""
        x = _normalised(z)
        if self.label_embed is not None:
            if label is None:
                raise ValueError("a conditional model needs a label")
            x = torch.cat([x, _normalised(self.label_embed(label))], dim=1)
        for layer in self.mapping:
            x = F.leaky_relu(layer(x), LEAK) * GAIN
        return x

    def view(
        self, channels: Sequence[int] | None = None, resolution: int | None = None
    ) -> SynthesisView:
        """A subnet as views of these weights: no copy is made and the model is never changed.

        Args:
            channels: the channel list, each between 1 and the full count; None means full width.
            resolution: where to stop, one of ``config.resolutions``; None means the full one.
        """
        config = self.config
        resolution = config.resolution if resolution is None else resolution
        if resolution not in config.resolutions:
            raise ValueError(f"resolution {resolution} is not one of {config.resolutions}")
        list_ = config.channels if channels is None else tuple(channels)
        if len(list_) != len(config.channels):
            raise ValueError(f"expected {len(config.channels)} channel counts, got {len(list_)}")
        if any(not 1 <= c <= full for c, full in zip(list_, config.channels, strict=True)):
            raise ValueError(f"channel counts {list_} are not within 1 and {config.channels}")
        # Plain tensors of a frozen network are quicker to reach than attributes of its modules.
        full = self._full
        sources: Sequence[_Styled | Layer] = self._styled() if full is None else full.layers
        heads: Sequence[_Modulated | ToRgb] = self._heads() if full is None else full.rgb
        stages = config.entries_up_to(resolution) // 2
        layers = tuple(
            _cut_layer(source, list_[k], list_[k + 1], up=k % 2 == 1, clamp=config.conv_clamp)
            for k, source in enumerate(sources[: 2 * stages - 1])
        )
        rgb = tuple(
            _cut_rgb(head, list_[2 * stage + 1], clamp=config.conv_clamp)
            for stage, head in enumerate(heads[:stages])
        )
        return SynthesisView(self.const[: list_[0]], layers, rgb)


def _cut_layer(m: _Styled | Layer, i: int, o: int, *, up: bool, clamp: float | None) -> Layer:
    """The first ``i`` inputs and ``o`` outputs of a layer, as views.

    A chain is cut at its ends: the inputs of its first link, the outputs of its last.
    """
    reduce = None if m.reduce is None else m.reduce[:, :i]
    expand = None if m.expand is None else m.expand[:o]
    weight = m.weight
    if expand is None:
        weight = weight[:o]
    if reduce is None:
        weight = weight[:, :i]
    if isinstance(m, Layer):
        energy, noise = m.energy[:o, :i], m.noise
    else:
        energy = whole_kernel(weight, reduce, expand).square().sum(dim=(2, 3))
        noise = m.noise * m.noise_strength
    style_weight, style_bias = m.style_weight[:i], m.style_bias[:i]
    return Layer(
        weight, energy, style_weight, style_bias, m.bias[:o], noise, up, clamp, reduce, expand
    )


def _cut_rgb(m: _Modulated | ToRgb, i: int, *, clamp: float | None) -> ToRgb:
    """The first ``i`` inputs of a ToRGB, as views."""
    return ToRgb(m.weight[:, :i], m.style_weight[:i], m.style_bias[:i], m.bias, clamp)
