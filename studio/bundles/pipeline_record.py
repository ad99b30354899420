"""What a manifest says of a pipeline: which networks draw together, and how. Imports no torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studio.bundles.records import Count, Few, Id, Line, Part, Pixels, RelativePath, Runnable, Text
from studio.families.fills import Name


class Tokenizer(Part):
    """How words become numbers.

    Args:
        file: of the package ``tokenizers``. length: all texts are cut or padded to it.
        pad, pad_id: what stands behind the text. lower: in small letters, without space around.
        masked: the encoder is told which numbers are of the text.
    """

    file: RelativePath
    length: Annotated[int, Field(ge=1, le=4096)]
    pad: Line
    pad_id: Count
    lower: bool = False
    masked: bool = False


Setting = bool | int | float | Line | None


class Sampler(Part):
    """A sampler that ``run.py`` has, and its settings by diffusers' names."""

    kind: Literal["ddim", "ddpm", "dpm", "euler", "flow"]
    settings: Annotated[dict[Name, Setting], Field(max_length=128)]


class Drawing(Part):
    """What a pipeline's reference draws; its seeds and latents are in the reference."""

    prompt: Text = ""
    negative: Text = ""
    label: Count = 0
    steps: Annotated[int, Field(ge=1, le=1000)]
    guidance: Annotated[float, Field(ge=0, le=100)]
    scheduler: Line
    height: Pixels
    width: Pixels


class Pipeline(Runnable):
    """Networks of the bundle that draw together. Its reference has the input ``latents`` and the
    output ``picture`` (n, h, w, 3), from 0 to 1.

    Args:
        class_name: of diffusers. kind: of its denoiser. denoiser: the component that it is.
        components: id of the network by what it is for: ``text_encoder``, ``unet``, ...
        tokenizers: by text encoder. samplers: by usual name; ``scheduler`` is the usual one.
        takes: what may be given. classes: how many there are; 0 for none.
        guidance_kind: see ``studio.families.diffusion.config``. guidance, steps, height, width:
            what is drawn where nothing else is said; a ``fixed`` size is the only one.
        multiple: of pixels that sides must be. factor: pixels a latent. channels: of latents.
        scaling, shift: latents divided by one, plus the other, are what ``vae_decoder`` takes.
        empty_is_zero: without a negative prompt its states are zero. text_width: of the states of
            Stable Diffusion 3. text_tokens: of its third encoder, zeros where that is not there.
        drawn: what the reference draws.
    """

    class_name: Line
    kind: Literal["unet", "sd3", "flux", "pixart", "dit", "unconditional", "ldm"]
    denoiser: Name
    components: Annotated[dict[Name, Id], Field(min_length=1, max_length=16)]
    tokenizers: Annotated[dict[Name, Tokenizer], Few]
    samplers: Annotated[dict[Line, Sampler], Field(min_length=1, max_length=16)]
    scheduler: Line
    takes: Annotated[tuple[Literal["prompt", "negative", "label"], ...], Few] = ()
    classes: Count = 0
    guidance_kind: Literal["classifier-free", "embedded", "none"]
    guidance: Annotated[float, Field(ge=0, le=100)]
    steps: Annotated[int, Field(ge=1, le=1000)]
    height: Pixels
    width: Pixels
    fixed: bool = False
    multiple: Annotated[int, Field(ge=1, le=1024)]
    factor: Annotated[int, Field(ge=1, le=1024)]
    channels: Annotated[int, Field(ge=1, le=1024)]
    scaling: Annotated[float, Field(gt=0, le=1e6)] = 1.0
    shift: Annotated[float, Field(ge=-1e6, le=1e6)] = 0.0
    empty_is_zero: bool = False
    text_width: Annotated[int, Field(ge=0, le=1 << 16)] = 0
    text_tokens: Annotated[int, Field(ge=0, le=4096)] = 0
    drawn: Drawing
