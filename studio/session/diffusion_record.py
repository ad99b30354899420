"""What a saved picture of a pipeline says that it was drawn from. Imports no torch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.inputs import DiffusionInputs
from studio.session.diffusion_source import DiffusionSource, check_diffusion
from studio.session.source import StoredPicture


@dataclass(frozen=True)
class DrawnWords:
    """Fields as of ``DiffusionInputs``; ``picture`` and ``mask`` are SHA-256 of their files."""

    prompt: str = ""
    negative: str = ""
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    scheduler: str = ""
    height: int | None = None
    width: int | None = None
    label: int | None = None
    picture: str | None = None
    mask: str | None = None
    strength: float | None = None

    def asked(self) -> DiffusionInputs:
        """What was asked, without picture and mask, which only their hashes are left of."""
        return DiffusionInputs(
            self.prompt, self.negative, self.seed, self.steps, self.guidance, self.scheduler,
            self.height, self.width, self.label,
        )  # fmt: skip

    def into(self, before: DiffusionSource, config: DiffusionConfig) -> DiffusionSource:
        """``before`` with what the picture was drawn from. Its picture and mask stay where the
        document holds that very picture, else there are none.

        A picture of a draft brings its steps back as those of the whole.
        """
        kept = before.picture if self.drew_from(before.picture) else None
        return replace(
            before,
            prompt=self.prompt,
            negative=self.negative,
            steps=self.steps,
            draft_steps=None,
            guidance=self.guidance,
            scheduler="" if self.scheduler == config.scheduler else self.scheduler,
            width=self.width,
            height=self.height,
            label=self.label,
            picture=kept,
            mask=before.mask if kept is not None and self.mask is not None else None,
            strength=self.strength,
        )

    def drew_from(self, picture: StoredPicture | None) -> bool:
        """Whether a picture is the one that was drawn from."""
        if picture is None or self.picture is None:
            return False
        return hashlib.sha256(picture.data).hexdigest() == self.picture


def read_words(found: Any) -> DrawnWords:
    """The ``inputs`` of a picture's record.

    Raises:
        ValueError: they are none, or a value is out of range.
    """
    # pydantic takes a tenth of a second to import, which the start of the window cannot spare.
    from pydantic import TypeAdapter

    words = TypeAdapter(DrawnWords).validate_json(json.dumps(found), strict=True)
    check_diffusion(
        DiffusionSource(
            words.prompt, words.negative, words.steps, None, words.guidance, words.scheduler,
            words.width, words.height, words.label, strength=words.strength,
        )
    )  # fmt: skip
    return words
