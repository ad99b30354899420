"""What the teacher draws while it teaches: prompts, classes and seeds.

Prompts come, in this order, from the user's own, from the wordings that the embedded pipeline was
made with, or from a small table of subjects and manners.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.places import embedded_name
from studio.training.words.prompts import worded
from studio.training.words.wordings import anything

if TYPE_CHECKING:
    from studio.families.diffusion.inputs import DiffusionInputs
    from studio.families.diffusion.model import DiffusionModel

HELD_EVERY = 4  # of the user's prompts, one is kept apart
FEWEST_APART = 8  # prompts; of fewer, none is kept apart
PLAIN = 0.5  # share of drawings of a prompt as it is written, the others with its parts changed
MOST_NAMED = 7  # aspects in a wording of clay heads
SEEDS = 2**32
THINGS = (
    "a portrait of a woman",
    "an old man with a beard",
    "a cat on a chair",
    "a red house by a lake",
    "a bowl of fruit",
    "a mountain at dusk",
    "a street in the rain",
    "a ship at sea",
    "a bunch of flowers",
    "a glass robot",
    "a dog in the snow",
    "a forest path",
)
MANNERS = (
    "photograph",
    "oil painting",
    "watercolour",
    "pencil drawing",
    "soft light",
    "bright colours",
    "close up",
    "from far away",
)


@dataclass(frozen=True)
class Subjects:
    """What to draw.

    Args:
        base: what is the same in all, such as the size and a picture to draw from.
        taught, held: make a prompt; empty for models that take none.
        classes: of a conditional model, 0 for others.
        said: where they come from, in words.
    """

    base: DiffusionInputs
    taught: Callable[[random.Random], str]
    held: Callable[[random.Random], str]
    classes: int
    said: str

    def inputs(self, seed: int, number: int, *, held: bool = False) -> DiffusionInputs:
        """The ``number``-th of a ``seed``; the same every time."""
        rng = random.Random(f"{seed} {number} {held}")
        text = (self.held if held else self.taught)(rng)
        label = rng.randrange(self.classes) if self.classes else None
        return replace(self.base, prompt=text, seed=rng.randrange(SEEDS), label=label)


def subjects_of(model: DiffusionModel, prompts: Sequence[str]) -> Subjects:
    """What ``model`` is to draw.

    Args:
        prompts: the user's own; without any, what suits the model.
    """
    base = model.own_inputs(1)[0]
    config = model.info.config

    def none(rng: random.Random) -> str:
        return ""

    if "prompt" not in config.takes:
        said = f"its {config.classes} classes" if config.classes else "seeds of its own"
        return Subjects(base, none, none, config.classes, said)
    if prompts:
        apart = len(prompts) >= FEWEST_APART
        held = tuple(prompts[::HELD_EVERY]) if apart else tuple(prompts)
        taught = tuple(p for p in prompts if p not in held) if apart else tuple(prompts)
        said = f"{len(taught)} prompts and changes of them"
        if not apart:
            said += "; the held-out pictures have other seeds, too few prompts are there"
        return Subjects(
            base, lambda rng: varied(rng.choice(taught), rng), lambda rng: rng.choice(held), 0, said
        )
    if embedded_name(Path(model.info.path)) == "clay-words":

        def wording(rng: random.Random) -> str:
            return worded(anything(rng, 1, MOST_NAMED), rng)

        return Subjects(base, wording, wording, 0, "the wordings that it was made with")

    def usual(rng: random.Random) -> str:
        manners = rng.sample(MANNERS, rng.randint(0, 2))
        return ", ".join([rng.choice(THINGS), *manners])

    return Subjects(base, usual, usual, 0, "a table of usual prompts")


def varied(prompt: str, rng: random.Random) -> str:
    """A prompt as it is, or with some of the parts between its commas left out and the others in
    another order; the first, which mostly names the subject, stays."""
    first, *others = [part.strip() for part in prompt.split(",")]
    if not others or rng.random() < PLAIN:
        return prompt
    kept = rng.sample(others, rng.randint(0, len(others)))
    return ", ".join([first, *kept])
