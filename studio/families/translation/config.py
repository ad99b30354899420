"""All sizes of a translation network and what is known of its use. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.checkpoints.translation_sizes import (
    FIXED_BLOCKS,
    Norm,
    ResNetSizes,
    SpadeSizes,
    TranslationSizes,
    UNetSizes,
)

InnerNorm = Literal["instance", "none"]
Upsampling = Literal["normal", "more", "most"]
LastChannel = Literal["label", "edges"]
MOST_PIXELS = 64 << 20  # of one picture; what memory allows is less on most machines
MOST_SIDE = 16384
PICTURE_CHANNELS = (1, 3, 4)  # grey, RGB, RGB with transparency

__all__ = [
    "InnerNorm",
    "ResNetSizes",
    "Settings",
    "SpadeSizes",
    "TranslationConfig",
    "UNetSizes",
]


@dataclass(frozen=True)
class Settings:
    """What a file cannot tell; see ``studio.families.translation.questions``.

    Args:
        clamp_input: the input is limited to [-1, 1] first.
        inner_norm: between depthwise and pointwise convolutions of SPADE's separable layers.
        upsampling: how often a SPADE generator doubles its picture: 5, 6 or 7 times.
        last_channel: of a label map: one more label, or the edges between instances.
        height, width: of the pictures in training, in pixels.
    """

    clamp_input: bool = False
    inner_norm: InnerNorm = "instance"
    upsampling: Upsampling = "more"
    last_channel: LastChannel = "label"
    height: int = 256
    width: int = 256


def takes_labels(sizes: TranslationSizes) -> bool:
    """Whether a network takes label maps: SPADE, and those of more channels than pictures have."""
    return isinstance(sizes, SpadeSizes) or sizes.inputs not in PICTURE_CHANNELS


@dataclass(frozen=True)
class TranslationConfig:
    """A translation network: sizes from its tensors, settings from its user."""

    sizes: TranslationSizes
    settings: Settings = Settings()

    @property
    def architecture(self) -> str:
        """``resnet``, ``mobile_resnet``, ``unet``, ``spade`` or ``mobile_spade``."""
        mobile = not isinstance(self.sizes, UNetSizes) and self.sizes.separable
        return f"mobile_{self.sizes.kind}" if mobile else self.sizes.kind

    @property
    def resolution(self) -> int:
        """The longer side of the pictures of its training, in pixels."""
        return max(self.settings.height, self.settings.width)

    @property
    def resolutions(self) -> tuple[int, ...]:
        """Where it can stop: nowhere but at its end."""
        return (self.resolution,)

    @property
    def channels(self) -> tuple[int, ...]:
        """Channels of every stage (see ``studio.families.translation.stages``)."""
        from studio.families.translation.stages import stages

        return tuple(stage.channels for stage in stages(self.sizes))

    def entries_up_to(self, resolution: int) -> int:
        """How many of ``channels`` are used; all of them at every size."""
        return len(self.channels)

    @property
    def takes_labels(self) -> bool:
        """Its input is a label map, one channel a label, and no picture."""
        return takes_labels(self.sizes)

    @property
    def labels(self) -> int:
        """How many labels a label map has; 0 for networks that take pictures."""
        if not self.takes_labels:
            return 0
        return self.sizes.inputs - (self.settings.last_channel == "edges")

    @property
    def multiple(self) -> int:
        """Height and width are multiples of this many pixels."""
        sizes = self.sizes
        if isinstance(sizes, ResNetSizes):
            return 1 << len(sizes.down)
        if isinstance(sizes, UNetSizes):
            return 1 << sizes.depth
        return 1 << self.doublings

    @property
    def smallest(self) -> int:
        """Least height and width in pixels: what is left in the middle must still have a spread."""
        if isinstance(self.sizes, ResNetSizes):
            return max(2 * self.multiple, 8)
        return self.multiple if isinstance(self.sizes, UNetSizes) else 2 * self.multiple

    @property
    def doublings(self) -> int:
        """How often a SPADE generator doubles its picture; 0 for others."""
        if not isinstance(self.sizes, SpadeSizes):
            return 0
        return {"normal": 5, "more": 6, "most": 7}[self.settings.upsampling]

    @property
    def inner_norm(self) -> Norm:
        """The norm inside separable layers."""
        sizes = self.sizes
        if isinstance(sizes, UNetSizes) or not sizes.separable:
            return "none"
        if isinstance(sizes, SpadeSizes) and sizes.inner_norm == "none":
            return self.settings.inner_norm
        return sizes.inner_norm

    @property
    def upsampling_blocks(self) -> int:
        """How many blocks of a SPADE generator follow the middle; 0 for others."""
        return len(self.sizes.blocks) - FIXED_BLOCKS if isinstance(self.sizes, SpadeSizes) else 0

    def refusal(self, height: int, width: int) -> str | None:
        """Why a size in pixels is not accepted, or None."""
        step, least = self.multiple, self.smallest
        if height % step or width % step or min(height, width) < least:
            return (
                f"{width} x {height} px does not fit this model; accepted are multiples of {step} "
                f"from {least} px"
            )
        if max(height, width) > MOST_SIDE or height * width > MOST_PIXELS:
            return (
                f"{width} x {height} px is too large; accepted are up to {MOST_SIDE} px a side and "
                f"{MOST_PIXELS >> 20} megapixels"
            )
        return None

    def nearest(self, height: int, width: int) -> tuple[int, int]:
        """The accepted (height, width) nearest to a size; never beyond the largest."""
        shrink = min(1.0, (MOST_PIXELS / (height * width)) ** 0.5, MOST_SIDE / max(height, width))

        def fitting(length: int) -> int:
            step = self.multiple
            exact = length * shrink
            steps = int(exact / step) if shrink < 1 else int(exact / step + 0.5)
            return max(self.smallest, steps * step)

        return fitting(height), fitting(width)

    def suited(self, height: int, width: int) -> tuple[int, int]:
        """The (height, width) to draw a picture of that size at: its own, or as much smaller as
        brings the longer side to that of the pictures in training; the nearest that is accepted."""
        share = min(1.0, self.resolution / max(height, width))
        return self.nearest(max(1, round(height * share)), max(1, round(width * share)))
