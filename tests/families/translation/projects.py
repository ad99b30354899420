"""Small networks of every form, and their tensors under the names that public projects give them.

The names are written out from the projects' module lists, apart from what reads them.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from hypothesis import strategies as st
from torch import Tensor

from studio.checkpoints.translation_sizes import (
    Norm,
    ResNetSizes,
    SpadeBlock,
    SpadeSizes,
    TranslationSizes,
    UNetSizes,
)

RESNET = ResNetSizes(3, 3, 4, (8, 16), (16,) * 6, (8, 4))
MOBILE = ResNetSizes(3, 3, 4, (8, 16), (12, 12, 16, 16, 8, 8), (8, 4), separable=True)
UNET = UNetSizes(3, 3, (4, 6, 8, 8), (8, 6, 4))
SPADE = SpadeSizes(
    5,
    3,
    32,
    (*(SpadeBlock(32, 32, 4, False),) * 3, *(SpadeBlock(w, w, 4, True) for w in (16, 8, 4, 2))),
    separable=True,
)
EVERY: tuple[TranslationSizes, ...] = (RESNET, MOBILE, UNET, SPADE)

_widths = st.integers(1, 9)


@st.composite
def resnets(draw: st.DrawFn) -> ResNetSizes:
    norm: Norm = draw(st.sampled_from(("instance", "affine", "batch", "none")))
    bias = {"instance": True, "none": False}.get(norm, draw(st.booleans()))
    separable = draw(st.booleans())
    inner: Norm = (
        draw(st.sampled_from(("instance", "affine", "batch"))) if separable else "instance"
    )
    downs = draw(st.integers(1, 9))
    return ResNetSizes(
        inputs=draw(st.integers(1, 7)),
        outputs=draw(st.integers(1, 4)),
        stem=draw(_widths),
        down=tuple(draw(st.lists(_widths, min_size=downs, max_size=downs))),
        blocks=tuple(draw(st.lists(_widths, min_size=1, max_size=8))),
        up=tuple(draw(st.lists(_widths, min_size=downs, max_size=downs))),
        norm=norm,
        bias=bias,
        separable=separable,
        inner_norm=inner,
        padding=draw(st.sampled_from(("reflect", "zero"))),
    )


@st.composite
def unets(draw: st.DrawFn) -> UNetSizes:
    norm: Norm = draw(st.sampled_from(("instance", "affine", "batch", "none")))
    depth = draw(st.integers(2, 6))
    return UNetSizes(
        inputs=draw(st.integers(1, 7)),
        outputs=draw(st.integers(1, 4)),
        down=tuple(draw(st.lists(_widths, min_size=depth, max_size=depth))),
        up=tuple(draw(st.lists(_widths, min_size=depth - 1, max_size=depth - 1))),
        norm=norm,
        bias={"instance": True, "none": False}.get(norm, draw(st.booleans())),
    )


@st.composite
def spades(draw: st.DrawFn) -> SpadeSizes:
    separable = draw(st.booleans())
    first = draw(_widths)
    ups = draw(st.sampled_from((4, 5)))
    return SpadeSizes(
        inputs=draw(st.integers(1, 9)),
        outputs=draw(st.integers(1, 4)),
        first=first,
        blocks=(
            *(SpadeBlock(draw(_widths), first, draw(_widths), False) for _ in range(3)),
            *(SpadeBlock(draw(_widths), draw(_widths), draw(_widths), True) for _ in range(ups)),
        ),
        norm=draw(st.sampled_from(("batch", "instance"))),
        kernel=draw(st.sampled_from((1, 3, 5))),
        separable=separable,
        inner_norm=draw(st.sampled_from(("none", "affine", "batch"))) if separable else "none",
    )


def random_tensors(sizes: TranslationSizes, seed: int = 3) -> dict[str, Tensor]:
    """Random in every tensor, statistics too: a wrong slice or a forgotten term shows at once."""
    generator = torch.Generator().manual_seed(seed)
    found = {}
    for name, shape in sizes.shapes().items():
        values = torch.randn(shape, generator=generator)
        last = name.rpartition(".")[2]
        if last == "var":
            values = values.abs() + 0.5
        elif len(shape) == 4:
            values /= max(1, values[0].numel()) ** 0.5
            if ".gamma." in name or ".beta." in name:
                values /= 4  # seven blocks of wild gains would blow rounding up to what is seen
        found[name] = values
    return found


def project_state(
    sizes: TranslationSizes, tensors: Mapping[str, Tensor], *, dropout: bool = False
) -> dict[str, Tensor]:
    """What the public project would write. ``dropout``: blocks have a place for it."""
    if isinstance(sizes, ResNetSizes):
        names = _resnet(sizes, dropout)
    elif isinstance(sizes, UNetSizes):
        names = _unet(sizes)
    else:
        names = _spade(sizes)
    state = {}
    for ours, theirs in names.items():
        for part in ("weight", "bias", "mean", "var"):
            if f"{ours}.{part}" in tensors:
                name = {"mean": "running_mean", "var": "running_var"}.get(part, part)
                state[f"{theirs}.{name}"] = tensors[f"{ours}.{part}"]
                if part == "var":
                    state[f"{theirs}.num_batches_tracked"] = torch.tensor(7)
    assert sum(not n.endswith("tracked") for n in state) == len(tensors)
    return state


def _separable(ours: str, theirs: str) -> dict[str, str]:
    return {
        f"{ours}.depthwise": f"{theirs}.conv.0",
        f"{ours}.inner_norm": f"{theirs}.conv.1",
        f"{ours}.pointwise": f"{theirs}.conv.2",
    }


def _resnet(sizes: ResNetSizes, dropout: bool) -> dict[str, str]:
    """Pad, conv, norm, relu; conv, norm, relu each; blocks; conv, norm, relu each; pad, conv."""
    names, at = {"stem": "model.1", "stem.norm": "model.2"}, 4
    for i in range(len(sizes.down)):
        names |= {f"down.{i}": f"model.{at}", f"down.{i}.norm": f"model.{at + 1}"}
        at += 3
    for k in range(len(sizes.blocks)):
        slot = 0
        for part in (0, 1):
            slot += sizes.padding == "reflect"
            block = f"model.{at}.conv_block"
            if sizes.separable:
                names |= _separable(f"blocks.{k}.{part}", f"{block}.{slot}")
            else:
                names[f"blocks.{k}.{part}"] = f"{block}.{slot}"
            names[f"blocks.{k}.{part}.norm"] = f"{block}.{slot + 1}"
            slot += 3 + dropout
        at += 1
    for i in range(len(sizes.up)):
        names |= {f"up.{i}": f"model.{at}", f"up.{i}.norm": f"model.{at + 1}"}
        at += 3
    return names | {"head": f"model.{at + 1}"}


def _unet(sizes: UNetSizes) -> dict[str, str]:
    names = {"down.0": "model.model.0", f"up.{sizes.depth - 1}": "model.model.3"}
    block = "model.model.1"
    for level in range(1, sizes.depth):
        innermost = level == sizes.depth - 1
        up = sizes.depth - 1 - level
        at = 3 if innermost else 5
        names |= {f"down.{level}": f"{block}.model.1", f"down.{level}.norm": f"{block}.model.2"}
        names |= {f"up.{up}": f"{block}.model.{at}", f"up.{up}.norm": f"{block}.model.{at + 1}"}
        block += ".model.3"
    return names


def _spade(sizes: SpadeSizes) -> dict[str, str]:
    names = {"first": "fc", "last": "conv_img"}
    blocks = ["head_0", "G_middle_0", "G_middle_1", "up_0", "up_1", "up_2", "up_3", "up_4"]
    for k, block in enumerate(blocks[: len(sizes.blocks)]):
        names |= {f"blocks.{k}.conv0": f"{block}.conv_0", f"blocks.{k}.conv1": f"{block}.conv_1"}
        names[f"blocks.{k}.shortcut"] = f"{block}.conv_s"
        for ours, theirs in (("norm0", "norm_0"), ("norm1", "norm_1"), ("norm_shortcut", "norm_s")):
            ours, theirs = f"blocks.{k}.{ours}", f"{block}.{theirs}"
            names |= {ours: f"{theirs}.param_free_norm", f"{ours}.shared": f"{theirs}.mlp_shared.0"}
            for half in ("gamma", "beta"):
                if sizes.separable:
                    names |= _separable(f"{ours}.{half}", f"{theirs}.mlp_{half}")
                else:
                    names[f"{ours}.{half}"] = f"{theirs}.mlp_{half}"
    return names
