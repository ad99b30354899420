"""Translation models in Maquette's own files: the sizes as JSON, tensors under Maquette's names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Literal, TypeVar, cast

from studio.checkpoints.causes import Cause, NotSupported, shortened
from studio.checkpoints.factor import FORMS, Factor
from studio.checkpoints.json_text import parse_json
from studio.checkpoints.layouts.translation.taking import MOST_CHANNELS, Found
from studio.checkpoints.translation_sizes import (
    FIXED_BLOCKS,
    MOST_HALVINGS,
    NORMS,
    PADDINGS,
    Chains,
    Norm,
    Padding,
    ResNetSizes,
    SpadeBlock,
    SpadeSizes,
    TranslationSizes,
    UNetSizes,
)

FAMILY: Literal["translation"] = "translation"
VERSION = "1"
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST_LAYERS = 200
_MOST_UPSAMPLING = 5
_Word = TypeVar("_Word", bound=str)
Fields = Mapping[str, object]


def to_json(sizes: TranslationSizes) -> str:
    """The sizes as a file has them under ``config``."""
    return json.dumps({"kind": sizes.kind} | asdict(sizes))


def describe(metadata: Mapping[str, str]) -> tuple[TranslationSizes, str]:
    """The sizes, and the hash of the file the weights first came from ("" when it names none).

    Raises:
        NotSupported: a format version or kind of network that this version does not know.
        Cause: something is missing, of the wrong type, or beyond any network.
    """
    version = metadata.get("format_version")
    if version != VERSION:
        raise NotSupported(
            f"it is a Maquette file of format version {shortened(str(version))}; this version of "
            f"Maquette reads translation models of version {VERSION}"
        )
    source = metadata.get("source_sha256", "")
    if source and not _HASH.fullmatch(source):
        raise Cause("its source_sha256 is no SHA-256 hash")
    if "config" not in metadata:
        raise Cause("its metadata has no “config”")
    config = parse_json(metadata["config"].encode("utf-8", "replace"), "its config")
    if not isinstance(config, dict):
        raise Cause("its config is no JSON object")
    makers = {"resnet": _resnet, "unet": _unet, "spade": _spade}
    kind = config.get("kind")
    if not isinstance(kind, str) or kind not in makers:
        raise NotSupported(f"its kind of network, {shortened(str(kind))}, is not known")
    return _checked(makers[kind](config)), source


def found(sizes: TranslationSizes) -> Found:
    """Every tensor is taken as it is."""
    return Found("maquette", sizes, {name: name for name in sizes.shapes()})


def _resnet(config: Fields) -> TranslationSizes:
    down, up = _counts(config, "down", most=MOST_HALVINGS), _counts(config, "up")
    if len(down) != len(up):
        raise Cause(f"its config has {len(down)} channel counts for down but {len(up)} for up")
    return ResNetSizes(
        inputs=_count(config, "inputs"),
        outputs=_count(config, "outputs"),
        stem=_count(config, "stem"),
        down=down,
        blocks=_counts(config, "blocks"),
        up=up,
        norm=_norm(config, "norm"),
        bias=_flag(config, "bias"),
        separable=_flag(config, "separable"),
        inner_norm=_norm(config, "inner_norm"),
        padding=cast(Padding, _word(config, "padding", PADDINGS)),
        chains=_chains(config),
    )


def _unet(config: Fields) -> TranslationSizes:
    down, up = _counts(config, "down", least=2, most=MOST_HALVINGS), _counts(config, "up")
    if len(up) != len(down) - 1:
        raise Cause(
            f"its config has {len(down)} channel counts for down, which ask for {len(down) - 1} "
            f"for up, but has {len(up)}"
        )
    return UNetSizes(
        inputs=_count(config, "inputs"),
        outputs=_count(config, "outputs"),
        down=down,
        up=up,
        norm=_norm(config, "norm"),
        bias=_flag(config, "bias"),
        chains=_chains(config),
    )


def _spade(config: Fields) -> TranslationSizes:
    blocks = config.get("blocks")
    least, most = FIXED_BLOCKS + 4, FIXED_BLOCKS + _MOST_UPSAMPLING
    if not isinstance(blocks, list) or not least <= len(blocks) <= most:
        raise Cause(f"its config has no list of {least} or {most} blocks")
    kernel = _count(config, "kernel")
    if kernel % 2 == 0 or kernel > 9:
        raise Cause(f"its config has the kernel size {kernel}; accepted are odd ones up to 9")
    made = SpadeSizes(
        inputs=_count(config, "inputs"),
        outputs=_count(config, "outputs"),
        first=_count(config, "first"),
        blocks=tuple(_block(each) for each in blocks),
        norm=_norm(config, "norm"),
        kernel=kernel,
        separable=_flag(config, "separable"),
        inner_norm=_norm(config, "inner_norm"),
        chains=_chains(config),
    )
    for k, block in enumerate(made.blocks):
        if not block.shortcut and block.outputs != made.block_inputs(k):
            raise Cause(f"its config has a block {k} that changes its width without a shortcut")
    return made


def _checked(sizes: TranslationSizes) -> TranslationSizes:
    """``sizes``, whose chains must be of convolutions with a kernel of their own."""
    names = [name for name, _ in sizes.chains]
    whole = replace(sizes, chains=()).shapes()
    for name in names:
        shape = whole.get(f"{name}.weight", ())
        # Depthwise ones have nothing to factorise; transposed ones lie the other way round.
        if len(shape) != 4 or name.startswith("up.") or name.endswith(".depthwise"):
            raise Cause(f"its config has a chain for {shortened(name)}, which cannot be one")
    if len(set(names)) != len(names):
        raise Cause("its config names a chain twice")
    return sizes


def _chains(config: Fields) -> Chains:
    values = config.get("chains", [])
    if not isinstance(values, list) or len(values) > _MOST_LAYERS:
        raise Cause("its config has no list of chains")
    found = []
    for value in values:
        pair = value if isinstance(value, list) and len(value) == 2 else (None, None)
        name, factor = pair
        if not isinstance(name, str) or not isinstance(factor, dict):
            raise Cause("its config has a chain that is no name with a form and ranks")
        ranks, form = factor.get("ranks"), factor.get("form")
        whole = isinstance(ranks, list) and all(
            type(rank) is int and rank <= MOST_CHANNELS for rank in ranks
        )
        try:
            if not whole or form not in FORMS:
                raise ValueError("its form or ranks are none that are known")
            found.append((name, Factor(form, tuple(ranks))))  # type: ignore[arg-type]
        except ValueError as error:
            raise Cause(f"its config has a wrong chain for {shortened(name)}: {error}") from error
    return tuple(found)


def _block(value: object) -> SpadeBlock:
    if not isinstance(value, dict):
        raise Cause("its config has a block that is no JSON object")
    return SpadeBlock(
        _count(value, "middle"),
        _count(value, "outputs"),
        _count(value, "hidden"),
        _flag(value, "shortcut"),
    )


def _count(config: Fields, name: str) -> int:
    value = config.get(name)
    if type(value) is not int or not 1 <= value <= MOST_CHANNELS:
        raise Cause(
            f"its config has {shortened(str(value))} for {name}; accepted is 1 to {MOST_CHANNELS}"
        )
    return value


def _counts(
    config: Fields, name: str, *, least: int = 1, most: int = _MOST_LAYERS
) -> tuple[int, ...]:
    values = config.get(name)
    if not isinstance(values, list) or not least <= len(values) <= most:
        raise Cause(f"its config has no list of {least} to {most} channel counts for {name}")
    return tuple(_count({name: value}, name) for value in values)


def _flag(config: Fields, name: str) -> bool:
    value = config.get(name)
    if not isinstance(value, bool):
        raise Cause(f"its config has {shortened(str(value))} for {name}; accepted is true or false")
    return value


def _norm(config: Fields, name: str) -> Norm:
    return cast(Norm, _word(config, name, NORMS))


def _word(config: Fields, name: str, known: tuple[_Word, ...]) -> str:
    value = config.get(name)
    if value not in known:
        raise Cause(
            f"its config has {shortened(str(value))} for {name}; accepted are {', '.join(known)}"
        )
    return str(value)
