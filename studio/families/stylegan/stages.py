"""Stages of a generator: which style inputs belong to a resolution. Imports no torch.

Every resolution from 4 px up owns two rows of w+, as in Karras et al. 2019, section 3: stage ``s``
(4 << s pixels) owns rows ``2 * s`` and ``2 * s + 1``. A picture that stops at a resolution reads
exactly the rows of its stages, so what is chosen for later stages does not touch it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.families.stylegan.config import StyleGanConfig

StageRange = Literal["all", "coarse", "middle", "fine"]
RANGES: tuple[StageRange, ...] = get_args(StageRange)
COARSE_UNTIL, MIDDLE_UNTIL = 8, 32  # pixels: Karras et al. 2019, section 3.1


def stages_in(name: StageRange, config: StyleGanConfig) -> tuple[int, ...]:
    """The resolutions in pixels of a range of stages, ascending.

    Coarse is 4 to 8 px, middle 16 to 32, fine 64 and up (Karras et al. 2019, section 3.1). Below
    64 px there would be nothing fine, so a smaller generator's stages are split into thirds; one of
    8 px has no middle.

    Raises:
        BadChoice: there is no such range.
    """
    every = config.resolutions
    if name == "all":
        return every
    if name not in RANGES:
        raise BadChoice(f"stages '{name}' are not one of: {', '.join(RANGES)}")
    if config.resolution > MIDDLE_UNTIL:
        first = sum(pixels <= COARSE_UNTIL for pixels in every)
        second = sum(pixels <= MIDDLE_UNTIL for pixels in every)
    else:
        first, second = round(len(every) / 3), round(2 * len(every) / 3)
    parts = {"coarse": every[:first], "middle": every[first:second], "fine": every[second:]}
    return parts[name]


def rows_of(pixels: Sequence[int], config: StyleGanConfig) -> tuple[int, ...]:
    """The rows of w+ that belong to stages, ascending.

    Args:
        pixels: resolutions of the stages.

    Raises:
        BadChoice: the generator has no stage of that resolution.
    """
    for each in pixels:
        if each not in config.resolutions:
            known = ", ".join(str(r) for r in config.resolutions)
            raise BadChoice(f"there is no stage of {each} px; this model has {known}")
    starts = sorted(2 * config.resolutions.index(each) for each in set(pixels))
    return tuple(row for start in starts for row in (start, start + 1))


def mixed_rows(inputs: GanInputs, config: StyleGanConfig) -> tuple[int, ...]:
    """The rows of w+ that come from the second seed of ``inputs``, ascending.

    Raises:
        BadChoice: a stage is not one of this generator.
    """
    return () if inputs.mix_seed is None else second_rows(inputs, config)


def second_rows(inputs: GanInputs, config: StyleGanConfig) -> tuple[int, ...]:
    """The rows of w+ that a second style feeds, whichever latent it comes from, ascending.

    Raises:
        BadChoice: a stage is not one of this generator.
    """
    if inputs.mix_stages is not None:
        return rows_of(inputs.mix_stages, config)
    return tuple(range(inputs.mix_from, config.style_count))


def mixed_stages(inputs: GanInputs, config: StyleGanConfig) -> tuple[int, ...]:
    """The resolutions in pixels whose styles come wholly from the second seed, ascending."""
    rows = set(mixed_rows(inputs, config))
    return tuple(r for r in config.resolutions if rows.issuperset(rows_of((r,), config)))
