"""From what a file holds to the tensors of one network: choose the layout, apply its rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from studio.checkpoints.causes import Cause, NotSupported, shortened
from studio.checkpoints.convert import Progress, Rule, Tensors, convert
from studio.checkpoints.factor import NO_CHAINS, Chains
from studio.checkpoints.layouts import maquette, rosinality, stylegan2_ada
from studio.checkpoints.layouts.translation import own, resnet, spade, unet
from studio.checkpoints.layouts.translation.taking import Found, taken
from studio.checkpoints.networks import FoundNetwork, find_network, refuse_other_family
from studio.checkpoints.safetensors_file import SafetensorsContent
from studio.checkpoints.stored import StoredTensor, check_window, load
from studio.checkpoints.translation_sizes import TranslationSizes

_IMAGE_CHANNELS = 3


@dataclass(frozen=True)
class Assembled:
    """A network's tensors as NumPy arrays; fields as in ``Checkpoint``."""

    layout: str
    architecture: str
    tensors: Tensors
    w_avg_known: bool = True
    conv_clamp: float | None = None
    chains: Chains = NO_CHAINS
    directions: Tensors = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    source_sha256: str = ""
    sizes: TranslationSizes | None = None
    unused: int = 0


def assemble(content: object, limit: int, progress: Progress) -> Assembled:
    """Find the network in ``content`` and convert it.

    Args:
        content: what one of the readers made of a file.
        limit: bytes of memory that may be used. progress: told a fraction and what happens.

    Raises:
        Cause, NotSupported, TooLarge: see :mod:`studio.checkpoints.causes`.
    """
    if not isinstance(content, SafetensorsContent):
        return _assemble_network(find_network(content), limit, progress)
    if content.metadata.get("format") == maquette.FORMAT:
        if content.metadata.get("family") == own.FAMILY:
            return _assemble_own_translation(content, limit, progress)
        return _assemble_maquette(content, limit, progress)
    return _assemble_network(FoundNetwork(dict(content.tensors)), limit, progress)


def _assemble_network(found: FoundNetwork, limit: int, progress: Progress) -> Assembled:
    for name, tensor in found.tensors.items():
        check_window(shortened(name), tensor)
    if rosinality.recognises(found.tensors):
        return _assemble_rosinality(found, limit, progress)
    if stylegan2_ada.recognises(found.tensors):
        return _assemble_ada(found, limit, progress)
    for layout in (resnet, spade, unet):
        if layout.recognises(found.tensors):
            return _translation(found.tensors, layout.find(found.tensors), limit, progress)
    refuse_other_family(found.tensors)


def _translation(
    stored: Mapping[str, StoredTensor], found: Found, limit: int, progress: Progress
) -> Assembled:
    tensors, unused = taken(stored, found, limit, progress)
    return Assembled(found.layout, found.sizes.kind, tensors, sizes=found.sizes, unused=unused)


def _assemble_own_translation(
    content: SafetensorsContent, limit: int, progress: Progress
) -> Assembled:
    sizes, source = own.describe(content.metadata)
    made = _translation(dict(content.tensors), own.found(sizes), limit, progress)
    return replace(made, metadata=content.metadata, source_sha256=source)


def _assemble_rosinality(found: FoundNetwork, limit: int, progress: Progress) -> Assembled:
    stored = found.tensors
    stages, layers = rosinality.parts(stored)
    rules = rosinality.rules(stages, layers)
    known = found.average is not None
    if found.average is not None:
        # The average stands beside the state dict; a name without a dot cannot be one of its own.
        stored = {**stored, "latent_avg": found.average}
        rules.append(Rule("latent_avg", "w_avg"))
    _require_pictures(stored, "to_rgb1.conv.weight", 1)
    sizes, tensors = convert(
        stored,
        rules,
        stages=stages,
        mapping_layers=layers,
        tolerated=rosinality.is_blur,
        others=[tensor for name, tensor in stored.items() if rosinality.is_blur(name)],
        memory_limit=limit,
        progress=progress,
    )
    rosinality.check_blurs(stored)
    if not known:
        tensors["w_avg"] = np.zeros(sizes.w_dim, np.float32)
    layout, architecture = ("rosinality", "stylegan2") if known else ("anycost", "anycost")
    return Assembled(layout, architecture, tensors, w_avg_known=known)


def _assemble_ada(found: FoundNetwork, limit: int, progress: Progress) -> Assembled:
    stages, layers = stylegan2_ada.parts(found.tensors)
    stylegan2_ada.check_architecture(found.attributes)
    clamp = stylegan2_ada.conv_clamp(found.attributes)
    _require_pictures(found.tensors, "synthesis.b4.torgb.weight", 0)
    _, tensors = convert(
        found.tensors,
        stylegan2_ada.rules(
            stages,
            layers,
            "mapping.embed.weight" in found.tensors,
            stylegan2_ada.mapping_rate(found.attributes),
        ),
        stages=stages,
        mapping_layers=layers,
        tolerated=stylegan2_ada.is_filter,
        others=[t for name, t in found.tensors.items() if stylegan2_ada.is_filter(name)],
        memory_limit=limit,
        progress=progress,
    )
    stylegan2_ada.check_filters(found.tensors)
    return Assembled("stylegan2-ada", "stylegan2-ada", tensors, conv_clamp=clamp)


def _assemble_maquette(content: SafetensorsContent, limit: int, progress: Progress) -> Assembled:
    described = maquette.describe(content.metadata)
    stored = dict(content.tensors)
    listed = _directions(stored, described)
    sizes, tensors = convert(
        stored,
        maquette.rules(described.sizes),
        stages=described.sizes.stages,
        mapping_layers=described.sizes.mapping_layers,
        tolerated=lambda name: False,
        others=[] if listed is None else [listed],
        chains=described.sizes.chains,
        memory_limit=limit,
        progress=progress,
    )
    if sizes != described.sizes:
        raise Cause(
            f"its config ({described.sizes}) does not fit the sizes of its tensors ({sizes})"
        )
    return Assembled(
        "maquette",
        described.architecture,
        tensors,
        conv_clamp=described.conv_clamp,
        chains=described.sizes.chains,
        directions=_loaded(listed, described.directions),
        metadata=content.metadata,
        source_sha256=described.source_sha256,
    )


def _directions(
    stored: dict[str, StoredTensor], described: maquette.Description
) -> StoredTensor | None:
    """Take the directions out of ``stored``; raises Cause when names and rows do not agree."""
    tensor = stored.pop(maquette.DIRECTIONS, None)
    names = described.directions
    if tensor is None:
        if names:
            raise Cause(f"it names {len(names)} directions but holds none")
        return None
    wanted = (len(names), described.sizes.w_dim)
    if tensor.shape != wanted:
        raise Cause(
            f"the tensor {maquette.DIRECTIONS} has the shape {list(tensor.shape)} where its "
            f"metadata ask for {list(wanted)}"
        )
    return tensor


def _loaded(tensor: StoredTensor | None, names: Sequence[str]) -> Tensors:
    if tensor is None:
        return {}
    rows = load(maquette.DIRECTIONS, tensor)
    return {name: rows[i].copy() for i, name in enumerate(names)}


def _require_pictures(stored: Mapping[str, StoredTensor], name: str, axis: int) -> None:
    tensor = stored.get(name)
    if tensor is not None and len(tensor.shape) > axis and tensor.shape[axis] != _IMAGE_CHANNELS:
        raise NotSupported(
            f"the number of colour channels of its pictures is {tensor.shape[axis]}; accepted is "
            f"{_IMAGE_CHANNELS} (RGB)"
        )
