"""Sizes of the networks that GAN Compression makes of others. Imports no torch."""

from __future__ import annotations

from dataclasses import replace

from studio.checkpoints.translation_sizes import (
    ResNetSizes,
    SpadeSizes,
    TranslationSizes,
    UNetSizes,
)
from studio.errors import BadChoice
from studio.families.translation.stages import parse_config, stages, with_widths

BLOCKS = 9  # of a new teacher: resnet_9blocks


def is_mobile(sizes: TranslationSizes) -> bool:
    """Whether a network has depthwise and pointwise convolutions already."""
    return not isinstance(sizes, UNetSizes) and sizes.separable


def mobile_sizes(sizes: TranslationSizes) -> TranslationSizes:
    """The same network with depthwise and pointwise convolutions where the paper has them: in
    residual blocks (section 3.3), and in what makes SPADE's scale and shift. Its stride, stem and
    transposed convolutions stay whole, which hardly gain and lose much.

    Raises:
        BadChoice: a U-Net, which has no such form.
    """
    if isinstance(sizes, ResNetSizes):
        return replace(sizes, separable=True, inner_norm=sizes.norm)
    if isinstance(sizes, SpadeSizes):
        return replace(sizes, separable=True)
    raise BadChoice("a U-Net has no MobileNet-style form; cut its widths, or distil a narrower one")


def resnet_sizes(inputs: int, outputs: int, ngf: int, blocks: int = BLOCKS) -> ResNetSizes:
    """A plain residual generator of ``ngf`` base channels, as the paper's teachers are."""
    return ResNetSizes(
        inputs=inputs,
        outputs=outputs,
        stem=ngf,
        down=(2 * ngf, 4 * ngf),
        blocks=(4 * ngf,) * blocks,
        up=(2 * ngf, ngf),
    )


def scaled_sizes(sizes: TranslationSizes, base: int) -> TranslationSizes:
    """The network with ``base`` units in every stage of its configuration string.

    Raises:
        BadChoice: it has no such strings, or fewer units somewhere.
    """
    widths = parse_config("_".join([str(base)] * len(stages(sizes))), sizes)
    return with_widths(sizes, widths)
