"""Maquette's own files: safetensors with the network's tensors as they are used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from studio.checkpoints.canonical import MAX_MAPPING_LAYERS, MAX_STAGES, Sizes
from studio.checkpoints.causes import Cause, NotSupported, shortened
from studio.checkpoints.convert import Rule
from studio.checkpoints.factor import FORMS, Chains, Factor
from studio.checkpoints.json_text import parse_json

FORMAT = "maquette"
PLAIN, FACTORISED = "1", "2"  # format versions: the second may keep layers as chains
FAMILY = "stylegan"
ARCHITECTURES = ("anycost", "stylegan2", "stylegan2-ada")
DIRECTIONS = "directions"

_PARTS = re.compile(r"(mapping|rgb)\.(\d{1,6})\.")
_HASH = re.compile(r"[0-9a-f]{64}")
_MAX_SIZE = 1 << 16
_MAX_DIRECTIONS = 1000


@dataclass(frozen=True)
class Description:
    """The metadata that decide how a file is read."""

    architecture: str
    resolution: int
    sizes: Sizes
    conv_clamp: float | None
    directions: tuple[str, ...]
    source_sha256: str


def describe(metadata: Mapping[str, str]) -> Description:
    """Read and check the metadata.

    Raises:
        NotSupported: a format version or family that this version does not know.
        Cause: something is missing, of the wrong type, or beyond any network.
    """
    version = metadata.get("format_version")
    if version not in (PLAIN, FACTORISED):
        raise NotSupported(
            f"it is a Maquette file of format version {shortened(str(version))}; this version of "
            f"Maquette reads versions {PLAIN} and {FACTORISED}"
        )
    family = metadata.get("family")
    if family != FAMILY:
        raise NotSupported(f"it holds a model of the unknown family {shortened(str(family))}")
    if "config" not in metadata:
        raise Cause("its metadata has no “config”")
    config = parse_json(metadata["config"].encode("utf-8", "replace"), "its config")
    if not isinstance(config, dict):
        raise Cause("its config is no JSON object")
    architecture = config.get("architecture")
    if architecture not in ARCHITECTURES:
        raise NotSupported(f"its architecture {shortened(str(architecture))} is not known")
    source = metadata.get("source_sha256", "")
    if source and not _HASH.fullmatch(source):
        raise Cause("its source_sha256 is no SHA-256 hash")
    layers, channels = _size(config, "mapping_layers", most=MAX_MAPPING_LAYERS), _channels(config)
    chains = Chains(_factors(config, len(channels) - 1), _mapping_ranks(config, layers))
    if chains and version == PLAIN:
        raise Cause(f"its config has factorised layers, which format version {PLAIN} has not")
    sizes = Sizes(
        _size(config, "z_dim"),
        _size(config, "w_dim"),
        _size(config, "c_dim", least=0),
        layers,
        channels,
        chains,
    )
    resolution = _size(config, "resolution", most=4 << (MAX_STAGES - 1))
    if resolution != sizes.resolution:
        raise Cause(
            f"its config has {len(sizes.channels)} channel counts, which give "
            f"{sizes.resolution} px, but a resolution of {resolution}"
        )
    names = _directions(metadata)
    return Description(architecture, resolution, sizes, _clamp(config), names, source)


def rules(sizes: Sizes) -> list[Rule]:
    """Every tensor is taken as it is."""
    return [Rule(name, name) for name in sizes.shapes()]


def parts(names: Iterable[str]) -> tuple[int, int]:
    """Number of resolutions and of mapping layers, counted in canonical names."""
    last = {"mapping": -1, "rgb": -1}
    for name in names:
        if match := _PARTS.match(name):
            last[match[1]] = max(last[match[1]], int(match[2]))
    return last["rgb"] + 1, last["mapping"] + 1


def _size(config: Mapping[str, object], name: str, *, least: int = 1, most: int = _MAX_SIZE) -> int:
    value = config.get(name)
    if type(value) is not int or not least <= value <= most:
        raise Cause(
            f"its config has {shortened(str(value))} for {name}; accepted is {least} to {most}"
        )
    return value


def _channels(config: Mapping[str, object]) -> tuple[int, ...]:
    value = config.get("channels")
    if not isinstance(value, list) or len(value) % 2 or not 4 <= len(value) <= 2 * MAX_STAGES:
        raise Cause(f"its config has no even list of 4 to {2 * MAX_STAGES} channel counts")
    if any(type(item) is not int or not 1 <= item <= _MAX_SIZE for item in value):
        raise Cause(f"its config has a channel count outside 1 to {_MAX_SIZE}")
    return tuple(value)


def _factors(config: Mapping[str, object], layers: int) -> tuple[Factor | None, ...]:
    """The chains of the convolutions; empty when the config names none."""
    value = config.get("factors", [])
    if not isinstance(value, list) or len(value) not in (0, layers):
        raise Cause(f"its config has no list of {layers} factors, one for each convolution")
    factors = tuple(None if item is None else _factor(item) for item in value)
    return factors if any(factors) else ()


def _factor(value: object) -> Factor:
    form, ranks = (value.get("form"), value.get("ranks")) if isinstance(value, dict) else (0, 0)
    if form not in FORMS or not isinstance(ranks, list) or len(ranks) > 2:
        raise Cause(f"its config has a factor that is no form ({', '.join(FORMS)}) with its ranks")
    if any(type(rank) is not int or not 1 <= rank <= _MAX_SIZE for rank in ranks):
        raise Cause(f"its config has a rank outside 1 to {_MAX_SIZE}")
    try:
        return Factor(form, tuple(ranks))
    except ValueError as error:
        raise Cause(f"its config has a factor that does not fit: {error}") from error


def _mapping_ranks(config: Mapping[str, object], layers: int) -> tuple[int, ...]:
    """The ranks of the mapping network's layers; empty when the config names none."""
    value = config.get("mapping_ranks", [])
    if not isinstance(value, list) or len(value) not in (0, layers):
        raise Cause(f"its config has no list of {layers} ranks, one for each mapping layer")
    if any(type(rank) is not int or not 0 <= rank <= _MAX_SIZE for rank in value):
        raise Cause(f"its config has a rank of a mapping layer outside 0 to {_MAX_SIZE}")
    return tuple(value) if any(value) else ()


def _clamp(config: Mapping[str, object]) -> float | None:
    value = config.get("conv_clamp")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e30:
        raise Cause(f"its conv_clamp is {shortened(str(value))}, which is no positive number")
    return float(value)


def _directions(metadata: Mapping[str, str]) -> tuple[str, ...]:
    text = metadata.get("directions", "[]")
    names = parse_json(text.encode("utf-8", "replace"), "its list of directions")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Cause("its list of directions is no list of names")
    if len(names) > _MAX_DIRECTIONS:
        raise Cause(f"it names {len(names)} directions; accepted are up to {_MAX_DIRECTIONS}")
    if len(set(names)) != len(names):
        raise Cause("its list of directions has a name twice")
    return tuple(names)


def complete_metadata(metadata: Mapping[str, str], directions: Iterable[str]) -> dict[str, str]:
    """``metadata`` with what every file of this format must say.

    The version is the lowest that knows all of it, so that older programs read what they can.
    """
    return dict(metadata) | {
        "format": FORMAT,
        "format_version": FACTORISED if _has_chains(metadata.get("config", "")) else PLAIN,
        "family": metadata.get("family", FAMILY),
        DIRECTIONS: json.dumps(list(directions), ensure_ascii=False),
    }


def _has_chains(config: str) -> bool:
    try:
        sizes = json.loads(config)
    except ValueError:
        return False  # refused when it is checked
    return isinstance(sizes, dict) and bool(
        any(sizes.get("factors") or ()) or any(sizes.get("mapping_ranks") or ())
    )
