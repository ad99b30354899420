"""SPADE generators of NVlabs/SPADE and of GAN Compression: whole, mobile, supernets and subnets."""

from __future__ import annotations

from collections.abc import Collection

from studio.checkpoints.causes import Cause, NotSupported
from studio.checkpoints.layouts.translation.taking import (
    Found,
    Stored,
    axis,
    norm_of,
    norm_sources,
    weight,
)
from studio.checkpoints.translation_sizes import Norm, SpadeBlock, SpadeSizes

_BLOCKS = ("head_0", "G_middle_0", "G_middle_1", "up_0", "up_1", "up_2", "up_3")
_FIFTH = "up_4"
_MOST_KERNEL = 9


def recognises(names: Collection[str]) -> bool:
    """Whether a state dict has SPADE's blocks under these names."""
    return any(name.startswith(("head_0.", "up_3.norm_", "up_0.norm_")) for name in names)


def find(stored: Stored) -> Found:
    """Every size from shapes, and where each tensor is.

    Raises:
        Cause: parts are missing or fit no generator. NotSupported: a form that is not run here.
    """
    if "fc.weight" in stored and len(stored["fc.weight"].shape) == 2:
        raise NotSupported(
            "it is a SPADE generator that starts from a random vector (with an image encoder); "
            "accepted are those that start from the label map"
        )
    fifth = any(name.startswith(f"{_FIFTH}.") for name in stored)
    names = (*_BLOCKS, _FIFTH) if fifth else _BLOCKS
    gamma = "head_0.norm_0.mlp_gamma"
    separable = f"{gamma}.conv.0.weight" in stored
    inner: Norm = norm_of(stored, f"{gamma}.conv.1", "none") if separable else "none"
    statistics = "head_0.norm_0.param_free_norm.running_mean"
    if "head_0.norm_0.param_free_norm.weight" in stored:
        raise NotSupported(
            "the norms that its labels modulate have weights of their own; accepted are norms "
            "without"
        )
    kernel = axis(stored, "head_0.norm_0.mlp_shared.0.weight", 2)
    if kernel % 2 == 0 or kernel > _MOST_KERNEL:
        raise NotSupported(
            f"its modulation has convolutions of {kernel}x{kernel}; accepted are odd ones up to "
            f"{_MOST_KERNEL}x{_MOST_KERNEL}"
        )
    first = weight(stored, "fc")
    last = weight(stored, "conv_img")
    sizes = SpadeSizes(
        inputs=axis(stored, first, 1),
        outputs=axis(stored, last, 0),
        first=axis(stored, first, 0),
        blocks=tuple(_block(stored, name) for name in names),
        norm="batch" if statistics in stored else "instance",
        kernel=kernel,
        separable=separable,
        inner_norm=inner,
    )
    for k, (name, block) in enumerate(zip(names, sizes.blocks, strict=True)):
        if not block.shortcut and block.outputs != sizes.block_inputs(k):
            raise Cause(
                f"its block {name} goes from {sizes.block_inputs(k)} to {block.outputs} channels, "
                "for which it lacks a shortcut (conv_s)"
            )
    return _found(stored, names, sizes, {"first": first, "last": last})


def _block(stored: Stored, name: str) -> SpadeBlock:
    return SpadeBlock(
        middle=axis(stored, weight(stored, f"{name}.conv_0"), 0),
        outputs=axis(stored, weight(stored, f"{name}.conv_1"), 0),
        hidden=axis(stored, f"{name}.norm_0.mlp_shared.0.weight", 0),
        shortcut=any(each.startswith(f"{name}.conv_s.") for each in stored),
    )


def _found(
    stored: Stored, names: Collection[str], sizes: SpadeSizes, ends: dict[str, str]
) -> Found:
    sources, wider = {}, set()
    for target, source in (("first", "fc"), ("last", "conv_img")):
        sources[f"{target}.weight"] = ends[target]
        sources[f"{target}.bias"] = f"{source}.bias"
    for k, name in enumerate(names):
        parts = [("conv0", "conv_0", True), ("conv1", "conv_1", True)]
        norms = [("norm0", "norm_0"), ("norm1", "norm_1")]
        if sizes.blocks[k].shortcut:
            parts.append(("shortcut", "conv_s", False))
            norms.append(("norm_shortcut", "norm_s"))
        for target, source, biased in parts:
            sources[f"blocks.{k}.{target}.weight"] = weight(stored, f"{name}.{source}")
            if biased:
                sources[f"blocks.{k}.{target}.bias"] = f"{name}.{source}.bias"
        for target, source in norms:
            sources |= _modulation(f"blocks.{k}.{target}", f"{name}.{source}", sizes)
            free = f"{name}.{source}.param_free_norm"
            # Exported subnets keep the statistics of the whole supernet.
            wider |= {f"{free}.running_mean", f"{free}.running_var"}
    return Found("spade", sizes, sources, frozenset(wider))


def _modulation(target: str, source: str, sizes: SpadeSizes) -> dict[str, str]:
    sources = {
        f"{target}.mean": f"{source}.param_free_norm.running_mean",
        f"{target}.var": f"{source}.param_free_norm.running_var",
    }
    for part in ("weight", "bias"):
        sources[f"{target}.shared.{part}"] = f"{source}.mlp_shared.0.{part}"
        for half in ("gamma", "beta"):
            convolution = f"{source}.mlp_{half}"
            if sizes.separable:
                sources[f"{target}.{half}.depthwise.{part}"] = f"{convolution}.conv.0.{part}"
                sources[f"{target}.{half}.pointwise.{part}"] = f"{convolution}.conv.2.{part}"
            else:
                sources[f"{target}.{half}.{part}"] = f"{convolution}.{part}"
    for half in ("gamma", "beta"):
        inner = f"{source}.mlp_{half}.conv.1"
        sources |= norm_sources(f"{target}.{half}.inner_norm", inner, sizes.inner_norm)
    return sources
