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
from studio.families.portable import Port, PortType
from studio.families.traced import Signature

Given = Mapping[str, Tensor]
TOKENS = 77  # of a prompt, where a text encoder does not say
TRACED = 2  # examples in a batch: a size of 1 may be taken for a constant
_OF_CONFIG = "config."
TIME_IDS = 6  # numbers by which SDXL is told sizes and crops


def signature_of(module: nn.Module, *, side: tuple[int, int] | None = None) -> Signature:
    """How a component is called.

    Args:
        side: height and width of latents that a transformer with positions of its own is fixed to;
            its own ``sample_size`` when None. Other components take any size.

    Raises:
        BadChoice: it is of no class that is known here.
    """
    name = type(module).__name__
    for known, make in _KNOWN.items():
        if name == known:
            return make(module, side)
    raise BadChoice(
        f"a component of the class {name[:60]} cannot be brought to other runtimes; there are "
        f"{', '.join(sorted(_KNOWN))}"
    )


def _square(size: Any, side: tuple[int, int] | None) -> tuple[int, int]:
    if side is not None:
        return side
    if isinstance(size, list | tuple):
        return int(size[0]), int(size[1])
    return int(size or 64), int(size or 64)


def _unet(module: nn.Module, side: tuple[int, int] | None) -> Signature:
    config: Any = module.config
    channels, text = config.in_channels, config.cross_attention_dim
    text = max(text) if isinstance(text, list | tuple) else text
    inputs = [
        Port("sample", ("batch", channels, "height", "width")),
        Port("timestep", (1,)),
        Port("encoder_hidden_states", ("batch", "tokens", text)),
    ]
    added = config.addition_embed_type == "text_time"
    if added:
        pooled = config.projection_class_embeddings_input_dim
        pooled -= TIME_IDS * config.addition_time_embed_dim
        inputs += [
            Port("text_embeds", ("batch", pooled)),
            Port("time_ids", ("batch", TIME_IDS)),
        ]
    if config.time_cond_proj_dim:
        inputs.append(Port("timestep_cond", ("batch", config.time_cond_proj_dim)))

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        more: dict[str, Any] = {}
        if added:
            more["added_cond_kwargs"] = {n: given[n] for n in ("text_embeds", "time_ids")}
        if "timestep_cond" in given:
            more["timestep_cond"] = given["timestep_cond"]
        made: tuple[Tensor] = network(
            given["sample"], given["timestep"], given["encoder_hidden_states"],
            return_dict=False, **more,
        )  # fmt: skip
        return made

    out = Port("out_sample", ("batch", config.out_channels, "height", "width"))
    return _grid(tuple(inputs), (out,), call, module, side)


def _unconditional(module: nn.Module, side: tuple[int, int] | None) -> Signature:
    config: Any = module.config
    inputs = [
        Port("sample", ("batch", config.in_channels, "height", "width")),
        Port("timestep", (1,)),
    ]
    if config.num_class_embeds:
        inputs.append(Port("class_labels", ("batch",), dtype="int64"))

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        labels = given.get("class_labels")
        made: tuple[Tensor] = network(given["sample"], given["timestep"], labels, return_dict=False)
        return made

    out = Port("out_sample", ("batch", config.out_channels, "height", "width"))
    return _grid(tuple(inputs), (out,), call, module, side)


def _grid(
    inputs: tuple[Port, ...],
    outputs: tuple[Port, ...],
    call: Callable[[nn.Module, Given], Sequence[Tensor]],
    module: nn.Module,
    side: tuple[int, int] | None,
) -> Signature:
    """Of a U-Net, which takes every size that it can halve often enough."""
    config: Any = module.config
    height, width = _square(config.sample_size, side)
    least = 2 * 2 ** (len(config.block_out_channels) - 1)
    tokens = {"tokens": TOKENS} if any("tokens" in port.shape for port in inputs) else {}
    few = dict.fromkeys(tokens, 5)
    return Signature(
        inputs,
        outputs,
        call,
        # Height and width differ, so that no graph can mistake one for the other.
        {"batch": TRACED, "height": least, "width": 2 * least, **few},
        {"height": height, "width": width, **tokens},
    )


def _transformer(
    names: Sequence[tuple[str, tuple[int | str, ...]]], pooled: str = ""
) -> Callable[[nn.Module, tuple[int, int] | None], Signature]:
    """Of transformers on pictures, whose table of positions fixes the size."""

    def make(module: nn.Module, side: tuple[int, int] | None) -> Signature:
        config: Any = module.config
        height, width = _square(config.sample_size, side)
        inputs = [Port("hidden_states", ("batch", config.in_channels, height, width))]
        for name, shape in names:
            known = (_side(config, each) for each in shape)
            dtype: PortType = "int64" if name == "class_labels" else "float32"
            inputs.append(Port(name, tuple(known), dtype=dtype))
        if getattr(config, "use_additional_conditions", False):
            inputs += [Port("resolution", ("batch", 2)), Port("aspect_ratio", ("batch", 1))]

        def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
            plain = {n: t for n, t in given.items() if n not in ("resolution", "aspect_ratio")}
            more: dict[str, Any] = {}
            if "encoder_hidden_states" in given and pooled == "":
                conditions = {n: given.get(n) for n in ("resolution", "aspect_ratio")}
                more["added_cond_kwargs"] = conditions
            made: tuple[Tensor] = network(**plain, **more, return_dict=False)
            return made

        channels = config.out_channels or config.in_channels
        out = Port("out_hidden_states", ("batch", channels, height, width))
        tokens = {"tokens": TOKENS} if any("tokens" in p.shape for p in inputs) else {}
        return Signature(
            tuple(inputs), (out,), call, {"batch": TRACED, **dict.fromkeys(tokens, 5)}, tokens
        )

    return make


def _side(config: Any, side: int | str) -> int | str:
    """A number that the config holds, where a name begins with that word."""
    if isinstance(side, str) and side.startswith(_OF_CONFIG):
        return int(getattr(config, side.removeprefix(_OF_CONFIG)))
    return side


def _flux(module: nn.Module, side: tuple[int, int] | None) -> Signature:
    config: Any = module.config
    inputs = [
        Port("hidden_states", ("batch", "pixels", config.in_channels)),
        Port("encoder_hidden_states", ("batch", "tokens", config.joint_attention_dim)),
        Port("pooled_projections", ("batch", config.pooled_projection_dim)),
        Port("timestep", ("batch",)),
        Port("img_ids", ("pixels", 3)),
        Port("txt_ids", ("tokens", 3)),
    ]
    if config.guidance_embeds:
        inputs.append(Port("guidance", ("batch",)))

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        made: tuple[Tensor] = network(**given, return_dict=False)
        return made

    height, width = side or (128, 128)  # latents of 1024 pixels
    out = Port("out_hidden_states", ("batch", "pixels", config.out_channels or config.in_channels))
    return Signature(
        tuple(inputs), (out,), call,
        {"batch": TRACED, "pixels": 6, "tokens": 5},
        {"pixels": height * width // 4, "tokens": 512},
    )  # fmt: skip


def _decoder(module: nn.Module, side: tuple[int, int] | None) -> Signature:
    config: Any = module.config
    height, width = side or (64, 64)

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        made: tuple[Tensor] = network.decode(given["latent_sample"], return_dict=False)  # type: ignore[operator]
        return made[:1]

    latent = Port(
        "latent_sample", ("batch", config.latent_channels, "latent_height", "latent_width")
    )
    out = Port("sample", ("batch", config.out_channels, "height", "width"))
    return Signature(
        (latent,), (out,), call,
        {"batch": TRACED, "latent_height": 4, "latent_width": 6},
        {"latent_height": height, "latent_width": width},
    )  # fmt: skip


def _clip(module: nn.Module, side: tuple[int, int] | None) -> Signature:
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


def _plain_text(module: nn.Module, side: tuple[int, int] | None) -> Signature:
    config: Any = module.config

    def call(network: nn.Module, given: Given) -> Sequence[Tensor]:
        made: tuple[Tensor] = network(given["input_ids"], return_dict=False)
        return made[:1]

    return _text(call, (Port("last_hidden_state", ("batch", "tokens", config.d_model)),), TOKENS)


def _masked_text(module: nn.Module, side: tuple[int, int] | None) -> Signature:
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


_KNOWN: Mapping[str, Callable[[nn.Module, tuple[int, int] | None], Signature]] = {
    "UNet2DConditionModel": _unet,
    "UNet2DModel": _unconditional,
    "SD3Transformer2DModel": _transformer(
        (
            ("encoder_hidden_states", ("batch", "tokens", "config.joint_attention_dim")),
            ("pooled_projections", ("batch", "config.pooled_projection_dim")),
            ("timestep", ("batch",)),
        ),
        pooled="pooled_projections",
    ),
    "PixArtTransformer2DModel": _transformer(
        (
            ("encoder_hidden_states", ("batch", "tokens", "config.caption_channels")),
            ("timestep", ("batch",)),
            ("encoder_attention_mask", ("batch", "tokens")),
        )
    ),
    "DiTTransformer2DModel": _transformer((("timestep", ("batch",)), ("class_labels", ("batch",)))),
    "FluxTransformer2DModel": _flux,
    "AutoencoderKL": _decoder,
    "AutoencoderTiny": _decoder,
    "VQModel": _decoder,
    "CLIPTextModel": _clip,
    "CLIPTextModelWithProjection": _clip,
    "T5EncoderModel": _masked_text,
    "LDMBertModel": _plain_text,
}
