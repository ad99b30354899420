"""What a pipeline takes and draws, from the configurations of its components. Imports no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from studio.families.diffusion.classes import Kind
from studio.subnets.denoisers.scheduling import Ordered
from studio.subnets.denoisers.sites import Layout

Guidance = Literal["classifier-free", "embedded", "none"]
Taken = Literal["prompt", "negative", "label", "picture", "mask"]
MOST_SIDE = 8192
MOST_STEPS = 1000
MOST_GUIDANCE = 100.0
MOST_PROMPT = 20_000
"""Characters of a prompt; far beyond what any text encoder reads."""


@dataclass(frozen=True)
class LayerCount:
    """A layer of a denoiser by its name, how many weights it has, and its multiply-accumulates in
    one call at batch 1 and the default size."""

    name: str
    weights: int
    macs: int


@dataclass(frozen=True)
class DiffusionConfig:
    """A diffusion pipeline.

    Args:
        pipeline: the class of diffusers it is opened as.
        kind: of the denoiser.
        latent_channels: of what is denoised; for pipelines without a VAE those of the picture.
        latent_height, latent_width: of what is denoised at the default size.
        factor: pixels a latent, 1 without a VAE.
        multiple: width and height in pixels must be multiples of it.
        fixed: it draws at its default size only.
        takes: what it can be given. needs: what it must be given.
        classes: number of classes of a conditional model, 0 for others.
        prompt_tokens: how many tokens of a prompt are read, 0 without a prompt; with the tokens
            that begin and end it.
        guidance: ``classifier-free`` runs the denoiser on prompt and negative prompt; ``embedded``
            tells it the strength.
        flow: it was trained for flow matching, which other schedulers are for.
        steps, strength: taken when none are given. guidance_scale: likewise; 1 means none.
        scheduler: the usual name of the one that is taken when none is given.
        schedulers: usual names of those that suit it.
        layers: of the denoiser, in the order in which they run.
        layout: what can be narrowed and left out in the denoiser.
        ordered: what was measured when its insides were ordered by importance; None before.
        packed: the type of the denoiser's weights where several are packed together, e.g. ``Q4_K``
            of a GGUF file; empty for plain numbers. packed_bytes: of a weight, on average; 0 for
            plain numbers.
        own_scheduler: the usual name of the scheduler that came with the pipeline, where another
            suits it better; empty where ``scheduler`` is it.
        distilled: by what it was distilled to draw in a few steps, e.g. ``LCM``, which the defaults
            then follow; empty for others. distilled_why: what says so, as sentences.
    """

    pipeline: str
    kind: Kind
    latent_channels: int
    latent_height: int
    latent_width: int
    factor: int
    multiple: int
    fixed: bool = False
    takes: tuple[Taken, ...] = ()
    needs: tuple[Taken, ...] = ()
    classes: int = 0
    prompt_tokens: int = 0
    guidance: Guidance = "none"
    flow: bool = False
    steps: int = 25
    guidance_scale: float = 1.0
    strength: float = 0.8
    scheduler: str = ""
    schedulers: tuple[str, ...] = ()
    layers: tuple[LayerCount, ...] = field(default=(), repr=False)
    layout: Layout = field(default=Layout((), (), ()), repr=False)
    ordered: Ordered | None = field(default=None, repr=False)
    packed: str = ""
    packed_bytes: float = 0.0
    own_scheduler: str = ""
    distilled: str = ""
    distilled_why: str = ""

    @property
    def architecture(self) -> str:
        """The pipeline class, as other families name their networks."""
        return self.pipeline

    @property
    def height(self) -> int:
        """Of a picture at the default size, in pixels."""
        return self.latent_height * self.factor

    @property
    def width(self) -> int:
        """Of a picture at the default size, in pixels."""
        return self.latent_width * self.factor

    @property
    def resolution(self) -> int:
        """The longer side of a picture at the default size, in pixels."""
        return max(self.height, self.width)

    @property
    def resolutions(self) -> tuple[int, ...]:
        """Where it can stop: nowhere but at its end."""
        return (self.resolution,)

    def latents(self, height: int, width: int) -> tuple[int, int, int, int]:
        """Shape of what is denoised for a picture of ``height`` x ``width`` pixels."""
        return 1, self.latent_channels, height // self.factor, width // self.factor

    def refusal(self, height: int, width: int) -> str | None:
        """Why it cannot draw at a size in pixels, a sentence; None when it can."""
        if self.fixed and (height, width) != (self.height, self.width):
            return (
                f"this model draws at {self.width} x {self.height} px only, not {width} x {height}"
            )
        for name, side in (("width", width), ("height", height)):
            if not self.multiple <= side <= MOST_SIDE:
                return (
                    f"a {name} of {side} px cannot be drawn; this model draws from {self.multiple} "
                    f"to {MOST_SIDE} px"
                )
            if side % self.multiple:
                near = self.nearest(height, width)
                return (
                    f"a {name} of {side} px cannot be drawn: sides must be multiples of "
                    f"{self.multiple} px, such as {near[1]} x {near[0]}"
                )
        return None

    def nearest(self, height: int, width: int) -> tuple[int, int]:
        """The (height, width) nearest to a size at which it can draw."""
        if self.fixed:
            return self.height, self.width

        def one(side: int) -> int:
            whole = max(1, math.floor(side / self.multiple + 0.5)) * self.multiple
            return min(whole, MOST_SIDE // self.multiple * self.multiple)

        return one(height), one(width)
