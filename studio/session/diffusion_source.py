"""What a diffusion pipeline draws from, as the document holds it. Its seed is that of the document.

Everything is an immutable value, so that undo and the session file need nothing of their own.
Imports neither torch nor Qt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from studio.families.diffusion.config import (
    MOST_GUIDANCE,
    MOST_PROMPT,
    MOST_SIDE,
    MOST_STEPS,
    DiffusionConfig,
)
from studio.families.diffusion.inputs import DiffusionInputs, plain_picture
from studio.families.diffusion.shipped import Shipped
from studio.session.source import MOST_SIDE as MOST_SHEET
from studio.session.source import Drawing, StoredPicture, check_drawing, check_picture
from studio.subnets.denoisers.choice import LONGEST_NAME

DRAFT_SHARE = 3
"""A draft has a third of the steps unless the user says otherwise."""
KEPT, ANEW = 0, 255  # values of a mask


@dataclass(frozen=True)
class DiffusionSource:
    """What is drawn from, of pipelines. What is None or empty is left to the model; what the model
    does not take stays, for one that does.

    Args:
        prompt, negative: texts.
        steps: of the finished picture. draft_steps: of the draft; None for a third of them.
        guidance, scheduler, label, strength: as of ``DiffusionInputs``.
        width, height: of the picture in pixels, both or neither.
        picture: what is drawn from; None draws from noise alone.
        mask: what of it is drawn anew: a sheet of the size of the picture that is drawn, paper
            ``KEPT``, strokes ``ANEW``; None or an empty sheet draws everything anew.
    """

    prompt: str = ""
    negative: str = ""
    steps: int | None = None
    draft_steps: int | None = None
    guidance: float | None = None
    scheduler: str = ""
    width: int | None = None
    height: int | None = None
    label: int | None = None
    picture: StoredPicture | None = None
    mask: Drawing | None = None
    strength: float | None = None

    def size(self, config: DiffusionConfig) -> tuple[int, int]:
        """(width, height) at which a model draws: what is wanted where it can, else its own."""
        if self.width is None or self.height is None:
            return config.width, config.height
        height, width = config.nearest(self.height, self.width)
        return width, height

    def full_steps(self, config: DiffusionConfig) -> int:
        """Steps of the finished picture."""
        return config.steps if self.steps is None else self.steps

    def full_guidance(self, config: DiffusionConfig) -> float:
        """Guidance of the finished picture."""
        return config.guidance_scale if self.guidance is None else self.guidance

    def drafted(self, config: DiffusionConfig) -> int:
        """Steps of the draft; never more than those of the finished picture."""
        full = self.full_steps(config)
        wanted = -(-full // DRAFT_SHARE) if self.draft_steps is None else self.draft_steps
        return min(full, wanted)

    def with_size(self, width: int, height: int) -> DiffusionSource:
        """This source at another size; the mask is stretched with it."""
        mask = None if self.mask is None else self.mask.resized(*_sheet(width, height))
        return replace(self, width=width, height=height, mask=mask)

    def sheet(self, config: DiffusionConfig) -> Drawing:
        """The mask, or an empty one of the size that is drawn."""
        size = _sheet(*self.size(config))
        if self.mask is None:
            return Drawing(*size, paper=KEPT)
        return self.mask.resized(*size)


def _sheet(width: int, height: int) -> tuple[int, int]:
    return min(width, MOST_SHEET), min(height, MOST_SHEET)


def inputs_of(
    source: DiffusionSource, seed: int, config: DiffusionConfig, *, draft: bool = False
) -> DiffusionInputs:
    """What a model is asked to draw. What it does not take is left out and what is left to it is
    filled in, so that equal pictures have equal inputs.

    Args:
        draft: with the steps of the draft.
    """
    takes = config.takes
    width, height = source.size(config)
    steps = source.drafted(config) if draft else source.full_steps(config)
    guidance = source.full_guidance(config)
    offered = source.scheduler in (config.own_scheduler, *config.schedulers) and source.scheduler
    known = offered or config.scheduler
    made = DiffusionInputs(
        prompt=source.prompt if "prompt" in takes else "",
        negative=source.negative if "negative" in takes else "",
        seed=seed,
        steps=steps,
        guidance=None if config.guidance == "none" else guidance,
        scheduler=known,
        height=height,
        width=width,
        label=min(source.label or 0, config.classes - 1) if "label" in takes else None,
    )
    needed = "picture" in config.needs
    if "picture" not in takes or (source.picture is None and not needed):
        return made
    # An inpainting model without a picture paints over plain grey.
    data = plain_picture(height, width, 128) if source.picture is None else source.picture.data
    strength = config.strength if source.strength is None else source.strength
    # At least one step must be left of the draft.
    enough = max(steps, math.ceil(1 / strength)) if strength > 0 else steps
    made = replace(made, picture=data, strength=strength, steps=enough)
    sheet = source.sheet(config)
    if "mask" in takes and source.picture is not None and not sheet.empty:
        from studio.session.raster import png

        return replace(made, mask=png(sheet))
    if "mask" in config.needs:
        return replace(made, mask=plain_picture(height, width, ANEW))
    return made


def first_words(
    config: DiffusionConfig, before: DiffusionSource, known: Shipped | None = None
) -> DiffusionSource:
    """What a newly opened pipeline draws from: the words and the picture that were there; what is
    better left to the model is. An embedded pipeline, which ``known`` tells of, begins with a
    prompt where there are no words yet, and drafts in as many steps as it was measured with."""
    mask = before.mask if "mask" in config.takes else None
    made = DiffusionSource(before.prompt, before.negative, picture=before.picture, mask=mask)
    if known is not None:
        prompt = made.prompt or known.prompts[0]
        made = replace(made, prompt=prompt, draft_steps=known.draft_steps)
    return made if "picture" in config.takes else replace(made, picture=None, mask=None)


def check_diffusion(source: DiffusionSource) -> None:
    """Refuse what no model can draw from.

    Raises:
        ValueError: names the value and what would be accepted.
    """
    for name, text in (("prompt", source.prompt), ("negative prompt", source.negative)):
        if len(text) > MOST_PROMPT:
            raise ValueError(f"a {name} has at most {MOST_PROMPT} characters")
    for steps in (source.steps, source.draft_steps):
        if steps is not None and not 1 <= steps <= MOST_STEPS:
            raise ValueError(f"{steps} steps are not within 1 and {MOST_STEPS}")
    if source.guidance is not None and not 0 <= source.guidance <= MOST_GUIDANCE:
        raise ValueError(f"a guidance of {source.guidance:g} is not within 0 and {MOST_GUIDANCE:g}")
    if source.strength is not None and not 0 < source.strength <= 1:
        raise ValueError(f"a strength of {source.strength:g} is not above 0 and at most 1")
    if len(source.scheduler) > LONGEST_NAME:
        raise ValueError("the name of a scheduler is far too long")
    if (source.width is None) != (source.height is None):
        raise ValueError("a size has a width and a height")
    for side in (source.width, source.height):
        if side is not None and not 1 <= side <= MOST_SIDE:
            raise ValueError(f"a size of {side} px is not within 1 and {MOST_SIDE}")
    if source.label is not None and not 0 <= source.label < 1_000_000:
        raise ValueError(f"class {source.label} is not one of any model")
    if source.picture is not None:
        check_picture(source.picture)
    if source.mask is not None:
        check_drawing(source.mask)
