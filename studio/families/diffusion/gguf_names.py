"""Where the tensors of a diffusers denoiser lie in a GGUF file.

Such files have the names of the original projects (as ComfyUI reads them) or those of diffusers.
Where the original has several layers as one, each is a run of rows of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.checkpoints.causes import Cause, listed, shortened
from studio.errors import cause_of
from studio.families.diffusion.folder import ComponentFolder, Stored
from studio.families.diffusion.gguf_file import (
    FLOAT_KINDS,
    SUFFIX,
    GgufFile,
    GgufTensor,
    GgufWeights,
    Place,
    digest_gguf,
    read_gguf,
)

PREFIX = "model.diffusion_model."
_SIGNS = {
    "distilled_guidance_layer.layers.0.in_layer.weight": "a Chroma transformer",
    "double_blocks.0.img_attn.qkv.weight": "FluxTransformer2DModel",
    "joint_blocks.0.x_block.attn.qkv.weight": "SD3Transformer2DModel",
    "input_blocks.0.0.weight": "UNet2DConditionModel",
    "txt_in.individual_token_refiner.blocks.0.self_attn.qkv.weight": "a HunyuanVideo transformer",
    "token_embd.weight": "a language model or text encoder",
}
"""Names that only one kind of network has, the more special ones first."""


def places_of(file: GgufFile, runs: str, config: Mapping[str, Any]) -> dict[str, Place]:
    """The tensors of a denoiser by the names of diffusers.

    Args:
        runs: its class. config: its config.json.

    Raises:
        Cause: the file holds another kind of network.
    """
    # A whole checkpoint has its denoiser under a prefix, and the rest elsewhere.
    whole = any(name.startswith(PREFIX) for name in file.tensors)
    own = {
        name.removeprefix(PREFIX): name
        for name in file.tensors
        if name.startswith(PREFIX) or not whole
    }
    found = next((kind for sign, kind in _SIGNS.items() if sign in own), "")
    if found and found != runs:
        said = f" (it calls itself {shortened(file.architecture)})" if file.architecture else ""
        raise Cause(f"it holds {found}{said}, and this pipeline's denoiser is a {runs}")
    if not found:
        return {name: Place(source) for name, source in own.items()}
    try:
        if runs == "UNet2DConditionModel":
            return _unet(own, config)
        rows = {name: file.tensors[source].shape[0] for name, source in own.items()}
        made = _Names(own, rows)
        if runs == "FluxTransformer2DModel":
            _flux(made, config["num_attention_heads"] * config["attention_head_dim"])
        else:
            _sd3(made)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Cause(f"it is no whole {runs}: it lacks {error}") from error
    if made.left:
        raise Cause(f"{listed(sorted(made.left))} belongs nowhere in a {runs}")
    return made.places


def _unet(own: Mapping[str, str], config: Mapping[str, Any]) -> dict[str, Place]:
    from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint

    # It only gives new names, whatever they are names of.
    names = convert_ldm_unet_checkpoint({PREFIX + n: s for n, s in own.items()}, dict(config))
    return {name: Place(source) for name, source in names.items() if source is not None}


def gguf_component(component: ComponentFolder, path: Path, digest: Any) -> ComponentFolder:
    """A denoiser whose weights are those of a GGUF file; its content goes into ``digest``.

    Args:
        component: its name, class and config.

    Raises:
        Cause: the file is damaged, or holds another kind of network.
        OSError: it cannot be read.
    """
    if path.suffix.lower() != SUFFIX:
        raise Cause(f"{shortened(path.name)} is no GGUF file; accepted as a denoiser is one")
    try:
        file = read_gguf(path)
        places = places_of(file, component.runs, component.config)
        stored = {}
        for name, place in places.items():
            tensor = file.tensors[place.source]
            shape = shape_of(tensor, place)
            size = tensor.size * math.prod(shape) // math.prod(tensor.shape)
            plain = tensor.kind in FLOAT_KINDS
            stored[name] = Stored(tensor.dtype, shape, None if plain else size)
        digest_gguf(file, digest)
    except Cause as cause:
        raise Cause(f"of {shortened(path.name)}, {cause}") from cause
    except OSError as error:
        raise Cause(f"{shortened(path.name)} cannot be read: {cause_of(error)}") from error
    weights = GgufWeights(file, places)
    return replace(component, files=(path,), tensors=stored, read=None, gguf=weights)


def shape_of(tensor: GgufTensor, place: Place) -> tuple[int, ...]:
    """The shape of what a place holds.

    Raises:
        Cause: it does not lie in rows of the tensor.
    """
    if not place.rows:
        return tensor.shape
    if not tensor.rows or any(not 0 <= a < b <= tensor.shape[0] for a, b in place.rows):
        raise Cause(f"{shortened(place.source)}, several layers in one, has another number of rows")
    return sum(b - a for a, b in place.rows), *tensor.shape[1:]


class _Names:
    """Collects places, and what has found none yet."""

    def __init__(self, own: Mapping[str, str], rows: Mapping[str, int]) -> None:
        self.own, self.rows, self.left = own, rows, set(own)
        self.places: dict[str, Place] = {}

    def blocks(self, stem: str) -> list[str]:
        """``stem.0``, ``stem.1`` and so on, as many as there are."""
        found = {int(m[1]) for n in self.own if (m := re.match(rf"{stem}\.(\d+)\.", n))}
        return [f"{stem}.{number}" for number in sorted(found)]

    def whole(self, old: str, new: str) -> None:
        """The tensors of a layer under another name."""
        for name in self._layer(old):
            self._put(name, new + name.removeprefix(old), ())

    def one(self, old: str, new: str) -> None:
        """A single tensor, where the file has it."""
        if old in self.own:
            self._put(old, new, ())

    def parts(self, old: str, new: tuple[str, ...], size: int = 0) -> None:
        """A layer that is several: of ``size`` rows each and the last of what is left, or equal."""
        for name in self._layer(old):
            count = self.rows[name]
            each = size or count // len(new)
            ends = [each * place for place in range(len(new))] + [count]
            for part, begin, end in zip(new, ends, ends[1:], strict=False):
                self._put(name, part + name.removeprefix(old), ((begin, end),))

    def halves(self, old: str, new: str) -> None:
        """A layer whose shift and scale come the other way round."""
        for name in self._layer(old):
            count = self.rows[name]
            half = count // 2
            self._put(name, new + name.removeprefix(old), ((half, count), (0, half)))

    def _layer(self, old: str) -> list[str]:
        found = [name for name in (f"{old}.weight", f"{old}.bias") if name in self.own]
        if not found:
            raise KeyError(f"{old}.weight")
        return found

    def _put(self, name: str, new: str, rows: tuple[tuple[int, int], ...]) -> None:
        self.places[new] = Place(self.own[name], rows)
        self.left.discard(name)


_QKV = ("attn.to_q", "attn.to_k", "attn.to_v")
_ADDED = ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj")
_TIME = "time_text_embed.timestep_embedder.linear_"
_TEXT = "time_text_embed.text_embedder.linear_"
_GUIDANCE = "time_text_embed.guidance_embedder.linear_"


def _flux(names: _Names, inner: int) -> None:
    embedders = [("time_in", _TIME), ("vector_in", _TEXT)]
    if any(name.startswith("guidance_in.") for name in names.own):
        embedders.append(("guidance_in", _GUIDANCE))
    for old, new in embedders:
        names.whole(f"{old}.in_layer", f"{new}1")
        names.whole(f"{old}.out_layer", f"{new}2")
    names.whole("img_in", "x_embedder")
    names.whole("txt_in", "context_embedder")
    for number, block in enumerate(names.blocks("double_blocks")):
        new = f"transformer_blocks.{number}."
        for side, context, mlp, parts, out, norm in (
            ("img", "", "ff", _QKV, "to_out.0", "norm_"),
            ("txt", "_context", "ff_context", _ADDED, "to_add_out", "norm_added_"),
        ):
            names.whole(f"{block}.{side}_mod.lin", f"{new}norm1{context}.linear")
            names.parts(f"{block}.{side}_attn.qkv", tuple(new + each for each in parts))
            names.whole(f"{block}.{side}_attn.proj", f"{new}attn.{out}")
            names.whole(f"{block}.{side}_mlp.0", f"{new}{mlp}.net.0.proj")
            names.whole(f"{block}.{side}_mlp.2", f"{new}{mlp}.net.2")
            _scales(names, f"{block}.{side}_attn.norm", f"{new}attn.{norm}")
    for number, block in enumerate(names.blocks("single_blocks")):
        new = f"single_transformer_blocks.{number}."
        names.whole(f"{block}.modulation.lin", f"{new}norm.linear")
        into = tuple(new + each for each in (*_QKV, "proj_mlp"))
        names.parts(f"{block}.linear1", into, inner)
        names.whole(f"{block}.linear2", f"{new}proj_out")
        _scales(names, f"{block}.norm", f"{new}attn.norm_")
    names.whole("final_layer.linear", "proj_out")
    names.halves("final_layer.adaLN_modulation.1", "norm_out.linear")


def _scales(names: _Names, old: str, new: str) -> None:
    for word, letter in (("query", "q"), ("key", "k")):
        for ending in ("scale", "weight"):
            names.one(f"{old}.{word}_norm.{ending}", f"{new}{letter}.weight")


def _sd3(names: _Names) -> None:
    names.one("pos_embed", "pos_embed.pos_embed")
    names.whole("x_embedder.proj", "pos_embed.proj")
    names.whole("context_embedder", "context_embedder")
    for old, new in (("t_embedder", _TIME), ("y_embedder", _TEXT)):
        names.whole(f"{old}.mlp.0", f"{new}1")
        names.whole(f"{old}.mlp.2", f"{new}2")
    blocks = names.blocks("joint_blocks")
    for number, block in enumerate(blocks):
        new = f"transformer_blocks.{number}."
        own, context = f"{block}.x_block", f"{block}.context_block"
        for attention in ("attn", "attn2"):
            if f"{own}.{attention}.qkv.weight" not in names.own:
                continue
            into = tuple(new + each.replace("attn", attention) for each in _QKV)
            names.parts(f"{own}.{attention}.qkv", into)
            names.whole(f"{own}.{attention}.proj", f"{new}{attention}.to_out.0")
            for letter in "qk":
                old = f"{own}.{attention}.ln_{letter}.weight"
                names.one(old, f"{new}{attention}.norm_{letter}.weight")
        names.parts(f"{context}.attn.qkv", tuple(new + each for each in _ADDED))
        for letter in "qk":
            old = f"{context}.attn.ln_{letter}.weight"
            names.one(old, f"{new}attn.norm_added_{letter}.weight")
        names.whole(f"{own}.adaLN_modulation.1", f"{new}norm1.linear")
        names.whole(f"{own}.mlp.fc1", f"{new}ff.net.0.proj")
        names.whole(f"{own}.mlp.fc2", f"{new}ff.net.2")
        if number == len(blocks) - 1:  # nothing reads its texts any more
            names.halves(f"{context}.adaLN_modulation.1", f"{new}norm1_context.linear")
            continue
        names.whole(f"{context}.adaLN_modulation.1", f"{new}norm1_context.linear")
        names.whole(f"{context}.attn.proj", f"{new}attn.to_add_out")
        names.whole(f"{context}.mlp.fc1", f"{new}ff_context.net.0.proj")
        names.whole(f"{context}.mlp.fc2", f"{new}ff_context.net.2")
    names.whole("final_layer.linear", "proj_out")
    names.halves("final_layer.adaLN_modulation.1", "norm_out.linear")
