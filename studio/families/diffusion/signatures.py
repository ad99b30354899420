"""How each component of a pipeline is called: its inputs and outputs by their usual names.

Names are those that exported diffusers pipelines have in ONNX Runtime and OpenVINO, so files made
of these networks fit programs that know them. Components are told apart by the names of their
classes and by their configs; nothing here imports diffusers or transformers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from studio.errors import BadChoice
from studio.families.diffusion.dimensions import BATCH, HEIGHT, PIXELS, WIDTH, WORDS
from studio.families.portable import Port, PortType
from studio.families.traced import Signature

Given = Mapping[str, Tensor]
TOKENS = 77  # of a prompt, where a text encoder does not say
TRACED = 2  # examples in a batch: a size of 1 may be taken for a constant
TIMESTEP = "timestep"
TIME_IDS = 6  # numbers by which SDXL is told sizes and crops
EXACT = frozenset({TIMESTEP, "class_labels", "time_ids", "img_ids", "txt_ids", "guidance"})
"""Inputs of denoisers that count or number something."""


def signature_of(module: nn.Module) -> Signature:
    """How a component is called. Of an autoencoder that is its decoder; :func:`encoder_of` is the
    other half.

    Raises:
        BadChoice: it is of no class that is known here.
    """
    name = type(module).__name__
    for known, make in _KNOWN.items():
        if name == known:
            return make(module)
    raise BadChoice(
        f"a component of the class {name[:60]} cannot be brought to other runtimes; there are "
        f"{', '.join(sorted(_KNOWN))}"
    )


def _square(size: Any) -> tuple[int, int]:
    if isinstance(size, list | tuple):
        return int(size[0]), int(size[1])
    return int(size or 64), int(size or 64)


def _port(name: str, shape: tuple[int | str, ...]) -> Port:
    """An input of a denoiser."""
    dtype: PortType = "int64" if name == "class_labels" else "float32"
    return Port(name, shape, name in EXACT, dtype)


def _unet(module: nn.Module) -> Signature:
    config: Any = module.config
    channels, text = config.in_channels, config.cross_attention_dim
    text = max(text) if isinstance(text, list | tuple) else text
    inputs = [
        _port("sample", (BATCH, channels, HEIGHT, WIDTH)),
        _port(TIMESTEP, (1,)),
        _port("encoder_hidden_states", (BATCH, WORDS, text)),
    ]
    added = config.addition_embed_type == "text_time"
    if config.time_cond_proj_dim:
        inputs.append(_port("timestep_cond", (BATCH, config.time_cond_proj_dim)))
    if added:
        pooled = config.projection_class_embeddings_input_dim
        pooled -= TIME_IDS * config.addition_time_embed_dim
        inputs += [
            _port("text_embeds", (BATCH, pooled)),
            _port("time_ids", (BATCH, TIME_IDS)),
        ]

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        more: dict[str, Any] = {}
        if added:
            more["added_cond_kwargs"] = {n: given[n] for n in ("text_embeds", "time_ids")}
        if "timestep_cond" in given:
            more["timestep_cond"] = given["timestep_cond"]
        made: tuple[Tensor] = network(
            given["sample"], given[TIMESTEP], given["encoder_hidden_states"],
            return_dict=False, **more,
        )  # fmt: skip
        return made

    out = Port("out_sample", (BATCH, config.out_channels, HEIGHT, WIDTH))
    return _grid(tuple(inputs), (out,), call, module)


def _unconditional(module: nn.Module) -> Signature:
    config: Any = module.config
    inputs = [
        _port("sample", (BATCH, config.in_channels, HEIGHT, WIDTH)),
        _port(TIMESTEP, (1,)),
    ]
    if config.num_class_embeds:
        inputs.append(_port("class_labels", (BATCH,)))

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        labels = given.get("class_labels")
        made: tuple[Tensor] = network(given["sample"], given[TIMESTEP], labels, return_dict=False)
        return made

    out = Port("out_sample", (BATCH, config.out_channels, HEIGHT, WIDTH))
    return _grid(tuple(inputs), (out,), call, module)


def _grid(
    inputs: tuple[Port, ...],
    outputs: tuple[Port, ...],
    call: Callable[[nn.Module, Given], Sequence[Tensor]],
    module: nn.Module,
) -> Signature:
    """Of a U-Net, which takes every size that it can halve often enough."""
    config: Any = module.config
    height, width = _square(config.sample_size)
    least = 2 * 2 ** (len(config.block_out_channels) - 1)
    tokens = {WORDS: TOKENS} if any(WORDS in port.shape for port in inputs) else {}
    few = dict.fromkeys(tokens, 5)
    return Signature(
        inputs,
        outputs,
        call,
        # Height and width differ, so that no graph can mistake one for the other.
        {BATCH: TRACED, HEIGHT: least, WIDTH: 2 * least, **few},
        {HEIGHT: height, WIDTH: width, **tokens},
    )


def _transformer(
    *more: str, width: str = "", conditions: bool = False
) -> Callable[[nn.Module], Signature]:
    """Of transformers on pictures, whose table of positions is cut to a size while it is traced.

    Args:
        more: names of the inputs beside the latents. width: the field of the config that says how
            wide the states of a prompt are. conditions: it asks for sizes, and takes None.
    """

    def make(module: nn.Module) -> Signature:
        config: Any = module.config
        height, wide = _square(config.sample_size)
        shapes: dict[str, tuple[int | str, ...]] = {
            TIMESTEP: (BATCH,),
            "class_labels": (BATCH,),
            "encoder_attention_mask": (BATCH, WORDS),
        }
        if width:
            shapes["encoder_hidden_states"] = (BATCH, WORDS, getattr(config, width))
        if "pooled_projections" in more:
            shapes["pooled_projections"] = (BATCH, config.pooled_projection_dim)
        inputs = [_port("hidden_states", (BATCH, config.in_channels, HEIGHT, WIDTH))]
        inputs += [_port(name, shapes[name]) for name in more]

        def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
            asked = {"resolution": None, "aspect_ratio": None}
            extra: dict[str, Any] = {"added_cond_kwargs": asked} if conditions else {}
            made: tuple[Tensor] = network(**given, **extra, return_dict=False)
            return made

        channels = config.out_channels or config.in_channels
        out = Port("out_hidden_states", (BATCH, channels, HEIGHT, WIDTH))
        tokens = {WORDS: TOKENS} if any(WORDS in p.shape for p in inputs) else {}
        sides = {HEIGHT: height, WIDTH: wide}
        few = {BATCH: TRACED, **sides, **dict.fromkeys(tokens, 5)}
        return Signature(
            tuple(inputs), (out,), call, few, {**sides, **tokens}, baked=(HEIGHT, WIDTH)
        )

    return make


def _flux(module: nn.Module) -> Signature:
    config: Any = module.config
    inputs = [
        _port("hidden_states", (BATCH, PIXELS, config.in_channels)),
        _port("encoder_hidden_states", (BATCH, WORDS, config.joint_attention_dim)),
        _port("pooled_projections", (BATCH, config.pooled_projection_dim)),
        _port(TIMESTEP, (BATCH,)),
        _port("img_ids", (PIXELS, 3)),
        _port("txt_ids", (WORDS, 3)),
    ]
    if config.guidance_embeds:
        inputs.append(_port("guidance", (BATCH,)))

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        made: tuple[Tensor] = network(**given, return_dict=False)
        return made

    out = Port("out_hidden_states", (BATCH, PIXELS, config.out_channels or config.in_channels))
    return Signature(
        tuple(inputs), (out,), call,
        {BATCH: 1, PIXELS: 6, WORDS: 5},
        {PIXELS: 64 * 64, WORDS: 512},  # of 1024 pixels
        (BATCH, PIXELS, WORDS),  # it takes all but the last for constants where it turns places
    )  # fmt: skip


def _decoder(module: nn.Module) -> Signature:
    config: Any = module.config

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        made: tuple[Tensor] = network.decode(given["latent_sample"], return_dict=False)  # type: ignore[operator]
        return made[:1]

    latent = Port("latent_sample", (BATCH, config.latent_channels, "latent_height", "latent_width"))
    out = Port("sample", (BATCH, config.out_channels, HEIGHT, WIDTH))
    return Signature(
        (latent,), (out,), call,
        {BATCH: TRACED, "latent_height": 4, "latent_width": 6},
        {"latent_height": 64, "latent_width": 64},
    )  # fmt: skip


def encoder_of(module: nn.Module) -> Signature:
    """How the encoder of an autoencoder is called: from a picture in [-1, 1] to the means and the
    logarithms of the variances of its latents, one behind the other.

    Args:
        module: an ``AutoencoderKL``.
    """
    config: Any = module.config

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        posterior: Any = network.encode(given["sample"], return_dict=False)[0]  # type: ignore[operator]
        return (posterior.parameters,)

    picture = Port("sample", (BATCH, config.in_channels, HEIGHT, WIDTH))
    latents = (BATCH, 2 * config.latent_channels, "latent_height", "latent_width")
    factor = 2 ** (len(config.block_out_channels) - 1)
    return Signature(
        (picture,), (Port("latent_parameters", latents),), call,
        {BATCH: TRACED, HEIGHT: 4 * factor, WIDTH: 6 * factor},
        {HEIGHT: 64 * factor, WIDTH: 64 * factor},
    )  # fmt: skip


def _clip(module: nn.Module) -> Signature:
    config: Any = module.config
    layers = config.num_hidden_layers
    projected = type(module).__name__ == "CLIPTextModelWithProjection"
    first = (
        Port("text_embeds", ("batch", config.projection_dim))
        if projected
        else Port("pooler_output", ("batch", config.hidden_size))
    )
    states = ("batch", "tokens", config.hidden_size)

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        made = network(given["input_ids"], output_hidden_states=True, return_dict=True)
        pooled = made.text_embeds if projected else made.pooler_output
        return made.last_hidden_state, pooled, made.hidden_states[-2]

    outputs = (
        Port("last_hidden_state", states),
        first,
        Port(f"hidden_states.{layers - 1}", states),
    )
    return _text(call, outputs, config.max_position_embeddings)


def _plain_text(module: nn.Module) -> Signature:
    config: Any = module.config

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        made: tuple[Tensor] = network(given["input_ids"], return_dict=False)
        return made[:1]

    return _text(call, (Port("last_hidden_state", ("batch", "tokens", config.d_model)),), TOKENS)


def _masked_text(module: nn.Module) -> Signature:
    config: Any = module.config

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        given_mask = given["attention_mask"]
        mask = None if given_mask.is_meta else given_mask  # one without numbers cannot be read
        made: tuple[Tensor] = network(given["input_ids"], attention_mask=mask, return_dict=False)
        return made[:1]

    out = Port("last_hidden_state", ("batch", "tokens", config.d_model))
    found = _text(call, (out,), TOKENS)
    mask = Port("attention_mask", ("batch", "tokens"), dtype="int64")
    return Signature((*found.inputs, mask), found.outputs, call, found.example, found.usual)


def _text(
    call: Callable[[nn.Module, Given], Sequence[Tensor]], outputs: tuple[Port, ...], tokens: int
) -> Signature:
    """Of text encoders: numbers of tokens in, (batch, tokens, dim) out."""
    ids = Port("input_ids", ("batch", "tokens"), dtype="int64")
    return Signature(
        (ids,), outputs, call, {"batch": TRACED, "tokens": min(7, tokens)}, {"tokens": tokens}
    )


_KNOWN: Mapping[str, Callable[[nn.Module], Signature]] = {
    "UNet2DConditionModel": _unet,
    "UNet2DModel": _unconditional,
    "SD3Transformer2DModel": _transformer(
        "encoder_hidden_states", "pooled_projections", TIMESTEP, width="joint_attention_dim"
    ),
    "PixArtTransformer2DModel": _transformer(
        "encoder_hidden_states", TIMESTEP, "encoder_attention_mask",
        width="caption_channels", conditions=True,
    ),
    "DiTTransformer2DModel": _transformer(TIMESTEP, "class_labels"),
    "FluxTransformer2DModel": _flux,
    "AutoencoderKL": _decoder,
    "AutoencoderTiny": _decoder,
    "VQModel": _decoder,
    "CLIPTextModel": _clip,
    "CLIPTextModelWithProjection": _clip,
    "T5EncoderModel": _masked_text,
    "LDMBertModel": _plain_text,
}  # fmt: skip
