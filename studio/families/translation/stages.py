"""Widths of translation networks, stage by stage: what a supernet can be cut to.

GAN Compression (Li et al. 2020, section 3.3) names a subnet by a *configuration string* such as
``16_16_32_16_32_32_16_16``: one number a stage, in units of which the stage has a fixed multiple.
Residual networks have eight stages: the first convolution, two of stride 2, the residual blocks in
three groups, two transposed convolutions, with multiples 1, 2, 4, 4, 4, 4, 2, 1; six numbers give
all blocks the same. SPADE has eight: the first convolution, three fixed blocks and four upsampling
ones, with multiples 16, 16, 16, 16, 8, 4, 2, 1. The first channels of every layer are kept. Imports
no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from studio.checkpoints.translation_sizes import (
    ResNetSizes,
    SpadeBlock,
    SpadeSizes,
    TranslationSizes,
    UNetSizes,
)
from studio.errors import BadChoice

_GROUPS = 3
_SPADE_FIXED = ("head", "middle 1", "middle 2")
_SPADE_MULTIPLES = (16, 16, 16, 16, 8, 4, 2, 1)


@dataclass(frozen=True)
class Stage:
    """A group of layers that share one width.

    Args:
        name: for labels. channels: how many it has, at most.
        multiple: channels per unit of a configuration string; 0 where there are no such strings.
    """

    name: str
    channels: int
    multiple: int


def stages(sizes: TranslationSizes) -> tuple[Stage, ...]:
    """The stages of a network, from input to output; widths are chosen in this order."""
    if isinstance(sizes, ResNetSizes):
        downs = len(sizes.down)
        multiples = (1, 2, 4) if downs == 2 else (0,) * (downs + 1)
        found = [Stage("first", sizes.stem, multiples[0])]
        found += [Stage(f"down {i + 1}", c, multiples[i + 1]) for i, c in enumerate(sizes.down)]
        trunk = multiples[-1]
        for group, blocks in enumerate(block_groups(len(sizes.blocks))):
            found.append(Stage(f"blocks {group + 1}", max(sizes.blocks[k] for k in blocks), trunk))
        ends = (2, 1) if downs == 2 else (0,) * downs
        found += [Stage(f"up {i + 1}", c, ends[i]) for i, c in enumerate(sizes.up)]
        return tuple(found)
    if isinstance(sizes, UNetSizes):
        found = [Stage(f"down {i + 1}", c, 0) for i, c in enumerate(sizes.down)]
        return (*found, *(Stage(f"up {i + 1}", c, 0) for i, c in enumerate(sizes.up)))
    names = ["first", *_SPADE_FIXED]
    names += [f"up {i + 1}" for i in range(len(sizes.blocks) - len(_SPADE_FIXED))]
    multiples = _SPADE_MULTIPLES if len(names) == len(_SPADE_MULTIPLES) else (0,) * len(names)
    widths = [sizes.first, *(block_width(block) for block in sizes.blocks)]
    return tuple(map(Stage, names, widths, multiples))


def block_width(block: SpadeBlock) -> int:
    """The width of a SPADE block that is chosen: blocks without shortcut keep their ends."""
    return block.outputs if block.shortcut else block.middle


def block_groups(count: int) -> tuple[range, ...]:
    """Residual blocks that share a width: three groups, the last takes what is left over."""
    third = count // _GROUPS
    cuts = [0, third, 2 * third, count]
    found = [range(a, b) for a, b in pairwise(cuts)]
    return tuple(group for group in found if group)


def with_widths(sizes: TranslationSizes, widths: Sequence[int]) -> TranslationSizes:
    """The sizes of a subnet.

    Args:
        widths: channels of every stage of ``stages(sizes)``.

    Raises:
        BadChoice: their number is wrong, or one is outside 1 and what the stage has.
    """
    offered = stages(sizes)
    if len(widths) != len(offered):
        raise BadChoice(
            f"{len(widths)} widths given; this model takes {len(offered)}, one for each of "
            + ", ".join(stage.name for stage in offered)
        )
    for stage, width in zip(offered, widths, strict=True):
        if not 1 <= width <= stage.channels:
            raise BadChoice(
                f"stage '{stage.name}' has {stage.channels} channels; {width} is not within 1 and "
                f"{stage.channels}"
            )
    if isinstance(sizes, ResNetSizes):
        return _resnet(sizes, widths)
    if isinstance(sizes, UNetSizes):
        depth = sizes.depth
        return replace(sizes, down=tuple(widths[:depth]), up=tuple(widths[depth:]))
    return _spade(sizes, widths)


def _resnet(sizes: ResNetSizes, widths: Sequence[int]) -> ResNetSizes:
    downs = len(sizes.down)
    groups = block_groups(len(sizes.blocks))
    hidden = widths[1 + downs : len(widths) - downs]
    blocks = [
        # Blocks of a cut network may differ inside a group: none gets more than it has.
        min(width, sizes.blocks[k])
        for width, group in zip(hidden, groups, strict=True)
        for k in group
    ]
    return replace(
        sizes,
        stem=widths[0],
        down=tuple(widths[1 : 1 + downs]),
        blocks=tuple(blocks),
        up=tuple(widths[len(widths) - downs :]),
    )


def _spade(sizes: SpadeSizes, widths: Sequence[int]) -> SpadeSizes:
    blocks: list[SpadeBlock] = []
    before = widths[0]
    for block, width in zip(sizes.blocks, widths[1:], strict=True):
        # The number of a block sets the width inside its norms too, in proportion.
        hidden = max(1, round(block.hidden * width / block_width(block)))
        if block.shortcut:
            middle = min(block.middle, max(1, round(block.middle * width / block.outputs)))
            blocks.append(replace(block, middle=middle, outputs=width, hidden=hidden))
            before = width
        else:
            blocks.append(replace(block, middle=width, outputs=before, hidden=hidden))
    return replace(sizes, first=widths[0], blocks=tuple(blocks))


def parse_config(text: str, sizes: TranslationSizes) -> tuple[int, ...]:
    """Channels of every stage from a configuration string.

    Raises:
        BadChoice: it is none, or the network has no such strings.
    """
    offered = stages(sizes)
    if not all(stage.multiple for stage in offered):
        raise BadChoice("this model has no configuration strings; give a width for every stage")
    parts = text.split("_")
    if not all(p.isascii() and p.isdecimal() and 0 < len(p) <= 5 for p in parts):
        raise BadChoice(f"'{text}' is no configuration string such as 16_16_32_16_32_32_16_16")
    numbers = [int(part) for part in parts]
    if isinstance(sizes, ResNetSizes) and len(numbers) == 6:
        groups = len(block_groups(len(sizes.blocks)))
        numbers = [*numbers[:3], *numbers[3:4] * groups, *numbers[4:]]
    if len(numbers) != len(offered):
        also = " or 6" if isinstance(sizes, ResNetSizes) else ""
        raise BadChoice(f"'{text}' has {len(parts)} numbers; this model takes {len(offered)}{also}")
    return tuple(n * stage.multiple for n, stage in zip(numbers, offered, strict=True))


def config_string(sizes: TranslationSizes) -> str | None:
    """The configuration string of a network, in its short form where all blocks agree.

    None where channels are no multiples, or blocks of one group differ: such a network was cut by
    other means.
    """
    offered = stages(sizes)
    if any(not s.multiple or s.channels % s.multiple for s in offered):
        return None
    if isinstance(sizes, ResNetSizes):
        groups = block_groups(len(sizes.blocks))
        if any(len({sizes.blocks[k] for k in group}) > 1 for group in groups):
            return None
    numbers = [s.channels // s.multiple for s in offered]
    if isinstance(sizes, ResNetSizes) and len(sizes.blocks):
        middle = numbers[3:-2]
        if len(list(groupby(middle))) == 1:
            numbers = [*numbers[:3], middle[0], *numbers[-2:]]
    return "_".join(map(str, numbers))


def is_uniform(sizes: TranslationSizes) -> bool:
    """Whether all stages have the same number of units, as networks do that were not cut."""
    text = config_string(sizes)
    return text is not None and len(set(text.split("_"))) == 1
