"""The networks of a pipeline as they are exported, under the names that programs expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from studio.bundles.formats.contract import Subject
from studio.errors import BadChoice
from studio.families.diffusion.dimensions import BATCH, HEIGHT, PIXELS, WIDTH, WORDS
from studio.families.diffusion.portable import portable
from studio.families.diffusion.signatures import encoder_of, signature_of
from studio.families.exportable import Exportable
from studio.families.fills import Given
from studio.families.portable import PortableNetwork
from studio.families.traced import traced_network

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel
    from studio.subnets.choice import SubnetChoice

TEXTS = ("text_encoder", "text_encoder_2", "text_encoder_3")
DECODER, ENCODER = "vae_decoder", "vae_encoder"
_HALVES = {
    DECODER: ("decoder.", "post_quant_conv.", "quantize."),
    ENCODER: ("encoder.", "quant_conv."),
}
"""What of an autoencoder is in each of the two networks that are made of it."""
_TITLES = {
    "input_ids": "numbers of the prompt's tokens",
    "attention_mask": "1 for tokens of the prompt, 0 behind it",
    "sample": "latents of the step, or a picture from -1 to 1",
    "hidden_states": "latents of the step",
    "timestep": "the time of the step",
    "encoder_hidden_states": "states of the prompt",
    "encoder_attention_mask": "1 for states of the prompt, 0 behind it",
    "text_embeds": "what the second encoder makes of the whole prompt",
    "pooled_projections": "what the encoders make of the whole prompt",
    "time_ids": "sizes and places of the picture that was cut out, in pixels",
    "img_ids": "places of the latents",
    "txt_ids": "places of the prompt's states",
    "guidance": "strength of the prompt",
    "class_labels": "number of the class",
    "latent_sample": "finished latents",
}


def sources(model: DiffusionModel) -> dict[str, str]:
    """The pipeline's components that are exported, by the folder that each goes to."""
    folder = model.components.folder
    texts = sorted(n for n, each in folder.components.items() if each.part == "text")
    names = {"bert": "text_encoder"}
    found = {names.get(name, name): name for name in texts}
    found[model.info.denoiser] = model.info.denoiser
    if folder.pipeline.vae is not None:
        found[DECODER] = folder.pipeline.vae
        kind = folder.components[folder.pipeline.vae].runs
        if "picture" in model.info.config.takes and kind == "AutoencoderKL":
            found[ENCODER] = folder.pipeline.vae
    return found


def subjects(model: DiffusionModel, choice: SubnetChoice) -> tuple[Subject, ...]:
    """Every network of a pipeline, in the order in which they run; the denoiser is of ``choice``.

    Raises:
        BadChoice: the choice does not fit the model, or is no single network; or a network is of
            a class that is not exported.
    """
    if model.info.config.packed:
        raise BadChoice(
            f"{model.info.name} cannot be exported: its denoiser's weights are those of a GGUF "
            f"file in {model.info.config.packed}; open its safetensors instead"
        )
    found = []
    for place, name in sources(model).items():
        network = _network(model, place, name, choice)
        fills = tuple((port.name, Given(title=_TITLES[port.name])) for port in network.inputs)
        weights = tuple((layer.name, layer.weights) for layer in network.layers)
        parts = Exportable(network, fills, weights=weights)
        sizes = still_sizes(model, network)
        baked = {each: sizes[each] for each in network.baked}
        found.append(Subject(place, place, model, choice, parts, baked=baked, still=sizes))
    return tuple(found)


def _network(model: DiffusionModel, place: str, name: str, choice: SubnetChoice) -> PortableNetwork:
    if name == model.info.denoiser:
        return replace(portable(model, choice, any_prompt=True), name=place)
    module = model.components.running(name)
    signature = encoder_of(module) if place == ENCODER else signature_of(module)
    network = traced_network(module, signature, key=f"{model.info.key}.{place}", name=place)
    if place not in _HALVES:
        return network
    own = (p.numel() for n, p in module.named_parameters() if n.startswith(_HALVES[place]))
    return replace(network, parameters=sum(own))


def still_sizes(model: DiffusionModel, network: PortableNetwork) -> Mapping[str, int]:
    """Sizes of a network's dimensions for one picture at the model's own size."""
    config = model.info.config
    _, _, high, wide = config.latents(config.height, config.width)
    latent = network.name == model.info.denoiser
    text = network.name in TEXTS
    sizes = {
        BATCH: 1,
        HEIGHT: high if latent else config.height,
        WIDTH: wide if latent else config.width,
        "latent_height": high,
        "latent_width": wide,
        PIXELS: high * wide // 4,
        WORDS: text_length(model, network.name) if text else denoiser_states(model),
    }
    sides = {side for port in (*network.inputs, *network.outputs) for side in port.shape}
    return {name: size for name, size in sizes.items() if name in sides}


def denoiser_states(model: DiffusionModel) -> int:
    """How many states of a prompt the denoiser reads."""
    from studio.families.diffusion.denoiser import prompt_states

    return prompt_states(model.info.config)


def text_length(model: DiffusionModel, place: str) -> int:
    """How many tokens a text encoder reads: those of T5 as many as the pipeline says, others what
    they were made for."""
    config = model.info.config
    name = sources(model)[place]
    folder = model.components.folder.components[name]
    if folder.runs == "T5EncoderModel":
        return config.prompt_tokens
    own: Any = folder.config.get("max_position_embeddings", 77)
    return min(77, own if isinstance(own, int) else 77)
