"""What a diffusion pipeline is asked to draw. Imports no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from studio.errors import BadChoice
from studio.families.diffusion.config import (
    MOST_GUIDANCE,
    MOST_PROMPT,
    MOST_STEPS,
    DiffusionConfig,
)
from studio.families.inputs import MAX_SEED


@dataclass(frozen=True)
class DiffusionInputs:
    """What a pipeline draws. What is None or empty is left to the model.

    Args:
        prompt, negative: texts. A prompt longer than the model reads is cut, as diffusers does.
        seed: 0 to 2**32 - 1; seed n gives ``torch.Generator().manual_seed(n)`` normal latents on
            the CPU in float32, the same on every machine and at every precision.
        steps: of the sampler, 1 to 1000.
        guidance: strength of the prompt; 1 is none (Ho and Salimans 2022, where it is 1 + w).
        scheduler: usual name, such as ``euler`` or ``dpm++ 2m karras``; empty is the model's own.
        height, width: in pixels.
        label: class of a conditional model.
        picture, mask: contents of picture files. White parts of the mask are drawn anew.
        strength: how much of the picture is drawn anew, above 0 and at most 1.
    """

    prompt: str = ""
    negative: str = ""
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    scheduler: str = ""
    height: int | None = None
    width: int | None = None
    label: int | None = None
    picture: bytes | None = None
    mask: bytes | None = None
    strength: float | None = None


@dataclass(frozen=True)
class Settled:
    """Inputs with nothing left open, all checked; fields as of :class:`DiffusionInputs`.

    Args:
        guidance: 1 where the model takes none.
        label: 0 where the model has no classes.
        strength: 1 without a picture.
    """

    prompt: str
    negative: str
    seed: int
    steps: int
    guidance: float
    scheduler: str
    height: int
    width: int
    label: int
    picture: bytes | None
    mask: bytes | None
    strength: float

    @property
    def steps_run(self) -> int:
        """How many steps are run: those before a picture's ``strength`` are left out."""
        return max(1, int(self.steps * self.strength))

    def batch(self, config: DiffusionConfig) -> int:
        """How many samples the denoiser gets at once: 2 where guidance wants both."""
        if config.guidance != "classifier-free":
            return 1
        # diffusers' own rule; LDM's pipeline also guides below 1.
        guided = self.guidance != 1 if config.kind == "ldm" else self.guidance > 1
        return 2 if guided else 1


_NAMES = {"label": "a class", "picture": "a picture to draw from", "mask": "a mask"}


def settled(inputs: DiffusionInputs, config: DiffusionConfig) -> Settled:
    """``inputs`` as ``config`` takes them.

    Raises:
        BadChoice: a value is outside what the model takes; the sentence says what it takes.
    """
    _given(inputs, config)
    if not 0 <= inputs.seed <= MAX_SEED:
        raise BadChoice(f"seed {inputs.seed} is not within 0 and {MAX_SEED}")
    steps = config.steps if inputs.steps is None else inputs.steps
    if not 1 <= steps <= MOST_STEPS:
        raise BadChoice(f"{steps} steps cannot be run; accepted are 1 to {MOST_STEPS}")
    height, width = inputs.height, inputs.width
    if (height is None) != (width is None):
        raise BadChoice("give both height and width, or neither")
    height = config.height if height is None else height
    width = config.width if width is None else width
    if why := config.refusal(height, width):
        raise BadChoice(why)
    scheduler = inputs.scheduler.strip().lower() or config.scheduler
    if scheduler not in (config.scheduler, config.own_scheduler, *config.schedulers):
        raise BadChoice(
            f"the scheduler '{inputs.scheduler}' is not one for this model; it takes "
            f"{', '.join(config.schedulers)}"
        )
    return Settled(
        prompt=inputs.prompt,
        negative=inputs.negative,
        seed=inputs.seed,
        steps=steps,
        guidance=_guidance(inputs, config),
        scheduler=scheduler,
        height=height,
        width=width,
        label=_label(inputs, config),
        picture=inputs.picture,
        mask=inputs.mask,
        strength=_strength(inputs, config, steps),
    )


def _given(inputs: DiffusionInputs, config: DiffusionConfig) -> None:
    """Everything given is taken, everything needed is given."""
    given = {
        "prompt": bool(inputs.prompt),
        "negative": bool(inputs.negative),
        "label": inputs.label is not None,
        "picture": inputs.picture is not None,
        "mask": inputs.mask is not None,
    }
    words = {"prompt": "a prompt", "negative": "a negative prompt", **_NAMES}
    for name, there in given.items():
        if there and name not in config.takes:
            takes = ", ".join(words[each] for each in config.takes) or "nothing but a seed"
            raise BadChoice(f"this model does not take {words[name]}; it takes {takes}")
    for name in config.needs:
        if not given[name]:
            raise BadChoice(f"this model needs {words[name]}")
    if inputs.mask is not None and inputs.picture is None:
        raise BadChoice("a mask goes with a picture; give one to draw from")
    if inputs.strength is not None and inputs.picture is None:
        raise BadChoice("a strength goes with a picture; give one to draw from")
    for name, text in (("prompt", inputs.prompt), ("negative prompt", inputs.negative)):
        if len(text) > MOST_PROMPT:
            raise BadChoice(
                f"the {name} has {len(text)} characters; accepted are up to {MOST_PROMPT}"
            )


def _guidance(inputs: DiffusionInputs, config: DiffusionConfig) -> float:
    if inputs.guidance is None:
        return config.guidance_scale
    if config.guidance == "none":
        if inputs.guidance == 1:
            return 1.0
        raise BadChoice("this model takes no guidance; leave it out")
    if not math.isfinite(inputs.guidance) or not 0 <= inputs.guidance <= MOST_GUIDANCE:
        raise BadChoice(f"a guidance of {inputs.guidance:g} is not within 0 and {MOST_GUIDANCE:g}")
    return inputs.guidance


def _label(inputs: DiffusionInputs, config: DiffusionConfig) -> int:
    if inputs.label is None:
        return 0
    if not 0 <= inputs.label < config.classes:
        raise BadChoice(
            f"class {inputs.label} is not one of this model; it has 0 to {config.classes - 1}"
        )
    return inputs.label


def _strength(inputs: DiffusionInputs, config: DiffusionConfig, steps: int) -> float:
    if inputs.picture is None:
        return 1.0
    strength = config.strength if inputs.strength is None else inputs.strength
    if not 0 < strength <= 1:
        raise BadChoice(f"a strength of {strength:g} is not above 0 and at most 1")
    if int(steps * strength) < 1:
        raise BadChoice(
            f"a strength of {strength:g} leaves none of {steps} steps; more of either would do"
        )
    return strength


def several(first: DiffusionInputs, count: int) -> tuple[DiffusionInputs, ...]:
    """``count`` inputs of which ``first`` is the first: the seeds that follow."""
    return tuple(
        replace(first, seed=(first.seed + index) % (MAX_SEED + 1)) for index in range(count)
    )


def plain_picture(height: int, width: int, value: int) -> bytes:
    """A PNG of one grey."""
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (width, height), (value,) * 3).save(stream, "PNG")
    return stream.getvalue()
