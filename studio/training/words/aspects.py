"""What words can name of a bust, where a scene may be called so, and when a reading agrees.

A word is used of scenes that clearly deserve it and not of those at its border, as people do; a
picture agrees with a word when the judge's reading falls on the word's side of that border.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.fidelity.judge import Reading
from studio.training.clay_heads.captions import COLOURS
from studio.training.clay_heads.scene import (
    ATTRIBUTE_NAMES,
    ATTRIBUTES,
    KIND_NAMES,
    KINDS,
    Scenes,
    scene_from_z,
    shares_from_z,
)

OUTER = 0.4  # a share read beyond which, from the middle (-1 to 1), a side is named
INNER = 0.2  # a share up to which the middle is named
MIDDLE = 0.5  # a share up to which a reading counts as the middle
CLEAR = 0.98  # how much of a kind a scene must have to be called so
COLOUR_MARGIN = 0.012  # turns from the border of two colours within which neither is named

# The colours of captions, but blue where the ranges of hues begin: they hold little of it.
HUES = {english: 0.70 if english == "blue" else hue for hue, english, _ in COLOURS}
COLOUR_NAMES = tuple(HUES)
NOT_SAID = -1


@dataclass(frozen=True)
class Aspect:
    """One property that words name.

    Args:
        name: its own name. source: the attribute or kind it is read from. options: what it can be
            called; sides are ("low", "high") or ("low", "high", "middle") by position, colours the
            names of colours, kinds the options of the kind.
    """

    name: str
    source: str
    options: tuple[str, ...]

    @property
    def is_colour(self) -> bool:
        """Whether options are colours of a hue."""
        return self.options == COLOUR_NAMES

    @property
    def is_kind(self) -> bool:
        """Whether options are those of a kind."""
        return self.source in KIND_NAMES


ASPECTS: tuple[Aspect, ...] = (
    Aspect("clay", "clay_hue", COLOUR_NAMES),
    Aspect("tone", "clay_tone", ("dark", "pale")),
    Aspect("backdrop", "backdrop", COLOUR_NAMES),
    Aspect("hairstyle", "hairstyle", KINDS[0].options),
    Aspect("hair", "hair_hue", COLOUR_NAMES),
    Aspect("cloth", "cloth_hue", COLOUR_NAMES),
    Aspect("glasses", "glasses", KINDS[1].options),
    Aspect("beard", "beard", KINDS[2].options),
    Aspect("mood", "smile", ("frowning", "smiling")),
    Aspect("mouth", "mouth", ("closed", "open")),
    Aspect("turn", "turn", ("left", "right")),
    Aspect("gaze", "gaze", ("left", "right")),
    Aspect("lids", "lids", ("wide-eyed", "drowsy")),
    Aspect("light", "light", ("left", "right", "front")),
    Aspect("warmth", "warmth", ("cool", "warm")),
)
ASPECT_NAMES = tuple(a.name for a in ASPECTS)
Said = Mapping[str, str]
"""What a caption names: the name of an aspect and one of its options."""


def _by_name(name: str) -> Aspect:
    return ASPECTS[ASPECT_NAMES.index(name)]


def _colour_of(hue: Tensor) -> tuple[Tensor, Tensor]:
    """The nearest colour of hues (n,) in turns, and how far its border is, both (n,)."""
    centres = torch.tensor(tuple(HUES.values()), dtype=hue.dtype)
    apart = (hue[:, None] - centres).abs() % 1.0
    apart = torch.minimum(apart, 1.0 - apart)
    two = apart.topk(2, dim=1, largest=False)
    return two.indices[:, 0], (two.values[:, 1] - two.values[:, 0]) / 2.0


def _hue(source: str, share: Tensor) -> Tensor:
    """Hues in turns of shares (n,) from -1 to 1."""
    attribute = ATTRIBUTES[ATTRIBUTE_NAMES.index(source)]
    return attribute.low + (attribute.high - attribute.low) * (share + 1.0) / 2.0


def _side(aspect: Aspect, share: Tensor) -> Tensor:
    option = torch.full(share.shape, NOT_SAID)
    option[share < -OUTER] = 0
    option[share > OUTER] = 1
    if len(aspect.options) > 2:
        option[share.abs() < INNER] = 2
    return option


def _kind(scenes: Scenes, aspect: Aspect) -> Tensor:
    option = torch.full((len(scenes),), NOT_SAID)
    for index, name in enumerate(aspect.options):
        option[scenes.presence(aspect.source, name)[:, 0] > CLEAR] = index
    return option


def nameable(z: Tensor) -> Tensor:
    """Which option names each aspect of the busts of z (n, 128): (n, 15), -1 for none.

    A hue of hair is nameable where there is hair or a beard.
    """
    scenes, shares = scene_from_z(z), shares_from_z(z) * 2.0 - 1.0
    columns = []
    for aspect in ASPECTS:
        if aspect.is_kind:
            columns.append(_kind(scenes, aspect))
            continue
        share = shares[:, ATTRIBUTE_NAMES.index(aspect.source)]
        if not aspect.is_colour:
            columns.append(_side(aspect, share))
            continue
        colour, border = _colour_of(_hue(aspect.source, share))
        columns.append(torch.where(border > COLOUR_MARGIN, colour, NOT_SAID))
    return torch.stack(columns, dim=1)


def options_of(said: Sequence[Said]) -> Tensor:
    """The option of every aspect that captions name, (n, 15), -1 where they do not."""
    return torch.tensor(
        [[a.options.index(s[a.name]) if a.name in s else NOT_SAID for a in ASPECTS] for s in said]
    )


def agrees(reading: Reading, index: int, aspect: str, option: str) -> bool:
    """Whether the judge's reading of picture ``index`` falls on the side of the option named."""
    known = _by_name(aspect)
    wanted = known.options.index(option)
    if known.is_kind:
        return int(reading.options()[KIND_NAMES.index(known.source)][index]) == wanted
    share = reading.attributes[index : index + 1, ATTRIBUTE_NAMES.index(known.source)]
    if known.is_colour:
        return int(_colour_of(_hue(known.source, share))[0]) == wanted
    value = float(share)
    if wanted == 2:
        return abs(value) < MIDDLE
    return value > 0 if wanted == 1 else value < 0
