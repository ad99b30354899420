"""Every pipeline and component class that is opened, by name. Imports no library.

A folder names classes; what is run is looked up here, and nothing that stands in a folder is ever
imported. Names of files and fields are those of diffusers 0.42.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["unet", "sd3", "flux", "pixart", "dit", "unconditional", "ldm"]
Part = Literal["network", "text", "tokenizer", "scheduler"]

_DIFFUSERS, _TRANSFORMERS = "diffusers", "transformers"


@dataclass(frozen=True)
class Component:
    """A component that a pipeline has.

    Args:
        part: ``network`` is a class of diffusers and ``text`` one of transformers (both have
            weights); a tokenizer and a scheduler have none.
        classes: names that a folder may give, each with the class that is run for it.
        needed: the pipeline cannot draw without it.
    """

    part: Part
    classes: Mapping[str, str]
    needed: bool = True


@dataclass(frozen=True)
class PipelineClass:
    """A pipeline class and its relatives that draw from a picture, or inside a mask.

    Args:
        kind: of the denoiser.
        components: by name. denoiser, vae: names among them; None without a VAE.
        picture, mask: class that draws from a picture, and inside a mask of it; None where
            diffusers has none.
    """

    name: str
    kind: Kind
    components: Mapping[str, Component]
    denoiser: str
    vae: str | None
    picture: str | None = None
    mask: str | None = None


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


SCHEDULERS = (
    "DDIMScheduler",
    "DDPMScheduler",
    "DEISMultistepScheduler",
    "DPMSolverMultistepScheduler",
    "DPMSolverSinglestepScheduler",
    "EulerAncestralDiscreteScheduler",
    "EulerDiscreteScheduler",
    "FlowMatchEulerDiscreteScheduler",
    "FlowMatchHeunDiscreteScheduler",
    "HeunDiscreteScheduler",
    "KDPM2AncestralDiscreteScheduler",
    "KDPM2DiscreteScheduler",
    "LCMScheduler",
    "LMSDiscreteScheduler",
    "PNDMScheduler",
    "TCDScheduler",
    "UniPCMultistepScheduler",
)

_SCHEDULER = Component("scheduler", _same(*SCHEDULERS))
_VAE = Component("network", _same("AutoencoderKL"))
_UNET = Component("network", _same("UNet2DConditionModel"))
_CLIP = Component("text", _same("CLIPTextModel"))
_PROJECTED = Component("text", _same("CLIPTextModelWithProjection"))
_T5 = Component("text", _same("T5EncoderModel"))
_CLIP_TOKENIZER = Component(
    "tokenizer", {"CLIPTokenizer": "CLIPTokenizer", "CLIPTokenizerFast": "CLIPTokenizer"}
)
_T5_TOKENIZER = Component(
    "tokenizer", {"T5Tokenizer": "T5TokenizerFast", "T5TokenizerFast": "T5TokenizerFast"}
)
_LDM_TOKENIZER = Component(
    "tokenizer",
    dict(_CLIP_TOKENIZER.classes)
    | {"BertTokenizer": "BertTokenizerFast", "BertTokenizerFast": "BertTokenizerFast"},
)


def _transformer(own: str) -> Component:
    return Component("network", {own: own, "Transformer2DModel": own})


def _optional(component: Component) -> Component:
    return Component(component.part, component.classes, needed=False)


PIPELINES: Mapping[str, PipelineClass] = {
    each.name: each
    for each in (
        PipelineClass(
            "StableDiffusionPipeline",
            "unet",
            {
                "vae": _VAE,
                "text_encoder": _CLIP,
                "tokenizer": _CLIP_TOKENIZER,
                "unet": _UNET,
                "scheduler": _SCHEDULER,
            },
            "unet",
            "vae",
            "StableDiffusionImg2ImgPipeline",
            "StableDiffusionInpaintPipeline",
        ),
        PipelineClass(
            "StableDiffusionXLPipeline",
            "unet",
            {
                "vae": _VAE,
                "text_encoder": _CLIP,
                "text_encoder_2": _PROJECTED,
                "tokenizer": _CLIP_TOKENIZER,
                "tokenizer_2": _CLIP_TOKENIZER,
                "unet": _UNET,
                "scheduler": _SCHEDULER,
            },
            "unet",
            "vae",
            "StableDiffusionXLImg2ImgPipeline",
            "StableDiffusionXLInpaintPipeline",
        ),
        PipelineClass(
            "StableDiffusion3Pipeline",
            "sd3",
            {
                "vae": _VAE,
                "text_encoder": _PROJECTED,
                "text_encoder_2": _PROJECTED,
                "text_encoder_3": _optional(_T5),
                "tokenizer": _CLIP_TOKENIZER,
                "tokenizer_2": _CLIP_TOKENIZER,
                "tokenizer_3": _optional(_T5_TOKENIZER),
                "transformer": Component("network", _same("SD3Transformer2DModel")),
                "scheduler": _SCHEDULER,
            },
            "transformer",
            "vae",
            "StableDiffusion3Img2ImgPipeline",
            "StableDiffusion3InpaintPipeline",
        ),
        PipelineClass(
            "FluxPipeline",
            "flux",
            {
                "vae": _VAE,
                "text_encoder": _CLIP,
                "text_encoder_2": _T5,
                "tokenizer": _CLIP_TOKENIZER,
                "tokenizer_2": _T5_TOKENIZER,
                "transformer": Component("network", _same("FluxTransformer2DModel")),
                "scheduler": _SCHEDULER,
            },
            "transformer",
            "vae",
            "FluxImg2ImgPipeline",
            "FluxInpaintPipeline",
        ),
        PipelineClass(
            "PixArtSigmaPipeline",
            "pixart",
            {
                "vae": _VAE,
                "text_encoder": _T5,
                "tokenizer": _T5_TOKENIZER,
                "transformer": _transformer("PixArtTransformer2DModel"),
                "scheduler": _SCHEDULER,
            },
            "transformer",
            "vae",
        ),
        PipelineClass(
            "DiTPipeline",
            "dit",
            {
                "vae": _VAE,
                "transformer": _transformer("DiTTransformer2DModel"),
                "scheduler": _SCHEDULER,
            },
            "transformer",
            "vae",
        ),
        PipelineClass(
            "DDPMPipeline",
            "unconditional",
            {"unet": Component("network", _same("UNet2DModel")), "scheduler": _SCHEDULER},
            "unet",
            None,
        ),
        PipelineClass(
            "LDMTextToImagePipeline",
            "ldm",
            {
                "vqvae": Component("network", _same("AutoencoderKL", "VQModel")),
                "bert": Component("text", _same("LDMBertModel", "CLIPTextModel")),
                "tokenizer": _LDM_TOKENIZER,
                "unet": _UNET,
                "scheduler": _SCHEDULER,
            },
            "unet",
            "vqvae",
        ),
    )
}

OTHER_NAMES: Mapping[str, str] = {
    "StableDiffusionImg2ImgPipeline": "StableDiffusionPipeline",
    "StableDiffusionInpaintPipeline": "StableDiffusionPipeline",
    "LatentConsistencyModelPipeline": "StableDiffusionPipeline",
    "StableDiffusionXLImg2ImgPipeline": "StableDiffusionXLPipeline",
    "StableDiffusionXLInpaintPipeline": "StableDiffusionXLPipeline",
    "StableDiffusion3Img2ImgPipeline": "StableDiffusion3Pipeline",
    "StableDiffusion3InpaintPipeline": "StableDiffusion3Pipeline",
    "FluxImg2ImgPipeline": "FluxPipeline",
    "FluxInpaintPipeline": "FluxPipeline",
    "DDIMPipeline": "DDPMPipeline",
}
"""Classes that have the components of another, which then stands for them."""

PASSED_OVER: Mapping[str, tuple[str, ...]] = {
    "safety_checker": ("StableDiffusionSafetyChecker",),
    "feature_extractor": (
        "CLIPImageProcessor",
        "CLIPFeatureExtractor",
        "SiglipImageProcessor",
    ),
    "image_encoder": ("CLIPVisionModelWithProjection", "SiglipVisionModel"),
}
"""Components that draw nothing and are not loaded."""

LIBRARIES: Mapping[str, frozenset[str]] = {
    "network": frozenset({_DIFFUSERS}),
    "text": frozenset({_TRANSFORMERS, "latent_diffusion"}),
    "tokenizer": frozenset({_TRANSFORMERS}),
    "scheduler": frozenset({_DIFFUSERS}),
    "": frozenset({_TRANSFORMERS, "stable_diffusion"}),
}
"""Libraries that a folder may name for a part; the empty one is what is passed over."""


@dataclass(frozen=True)
class Limits:
    """What no network of a picture pipeline exceeds; a config beyond it is refused unread."""

    number: int = 1 << 20
    depth: int = 512
    entries: int = 64
    grid: int = 1024
    depths: frozenset[str] = field(
        default_factory=lambda: frozenset(
            {
                "layers_per_block",
                "num_layers",
                "num_single_layers",
                "num_hidden_layers",
                "encoder_layers",
                "num_decoder_layers",
                "transformer_layers_per_block",
                "reverse_transformer_layers_per_block",
            }
        )
    )
    grids: frozenset[str] = field(
        default_factory=lambda: frozenset({"sample_size", "pos_embed_max_size"})
    )


LIMITS = Limits()
