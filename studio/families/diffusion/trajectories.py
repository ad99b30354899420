"""What a pipeline calls its denoiser with along short runs of its own sampler: no data is needed.

What a denoiser reads changes from noise to picture, so whoever judges its insides looks at whole
runs of a few steps each, and not at noise alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import BadChoice, cause_of
from studio.families.diffusion.elastic import recording
from studio.families.diffusion.shipped import prompts_of

if TYPE_CHECKING:
    from studio.families.diffusion.inputs import DiffusionInputs
    from studio.families.diffusion.model import DiffusionModel
    from studio.subnets.denoisers.calls import Call

STEPS = 4  # of a run
PROMPTS = (
    "a photo of a red bicycle leaning on a white wall",
    "a portrait of an old man with a grey beard and glasses, soft light",
    "an oil painting of a stormy green sea at night",
    "a blue ceramic bowl of lemons on a wooden table, seen from above",
    "a fox in the snow, side view",
    "a rainy city street with yellow taxis and neon signs",
    "a pencil sketch of a sleeping cat",
    "a smiling girl with a purple hat in a field of flowers, warm light",
    "a bronze statue of a horse in a museum",
    "a bowl of noodle soup, close-up",
    "an old castle on a cliff, misty morning, watercolour",
    "a small robot on an orange sofa, three-dimensional render",
    "a black and white photograph of two dancers",
    "a bookshelf in a dark library",
    "a frowning teal clay figure before a pink background",
    "a snowy mountain under a starry sky",
)
"""Different things in different manners, for pipelines of which nothing else is known: layers that
read texts cannot be judged by one prompt."""
MOST_TEXT = 1_000_000  # bytes of a file with prompts


def short_runs(
    model: DiffusionModel,
    calls: int,
    seed: int = 0,
    folder: str | None = None,
    progress: Callable[[float, str], None] = lambda fraction, text: None,
) -> list[Call]:
    """``calls`` calls of the denoiser along runs of a few steps, of as many seeds as it takes.
    Where guidance runs it with and without the prompt at once, both are in a call.

    Args:
        seed: moves the seeds; the same gives the same calls. folder: with .txt files of prompts,
            one in each line; None takes those of an embedded pipeline, or :data:`PROMPTS`.
        progress: told a fraction and a line of text; may raise to stop.

    Raises:
        MaquetteError: the folder has no prompts, or a picture cannot be drawn.
    """
    runs = -(-calls // STEPS)
    found: list[Call] = []
    for number, inputs in enumerate(_inputs(model, runs, seed, folder)):
        if len(found) >= calls:  # of samplers that run it more than once a step
            break
        progress(number / runs, f"short run {number + 1} of {runs}")
        with recording(model.running_network, most=calls - len(found)) as own:
            model.render(replace(inputs, steps=STEPS))
        if not own:  # a sampler that runs it no more
            break
        found += own
    return found


def _inputs(
    model: DiffusionModel, runs: int, seed: int, folder: str | None
) -> tuple[DiffusionInputs, ...]:
    own = model.own_inputs(runs)
    if "prompt" in model.info.config.takes:
        prompts = prompts_of(model.info) or PROMPTS
        if folder is not None:
            prompts = tuple(prompts_in(Path(folder)))
        own = tuple(
            replace(each, prompt=prompts[place % len(prompts)]) for place, each in enumerate(own)
        )
    return tuple(replace(each, seed=(each.seed + seed) % 2**32) for each in own)


def prompts_in(folder: Path) -> list[str]:
    """The lines of all text files of a folder.

    Raises:
        BadChoice: there are none, or one cannot be read.
    """
    found: list[str] = []
    try:
        for file in sorted(folder.glob("*.txt")):
            if file.stat().st_size <= MOST_TEXT:
                found += [line.strip() for line in file.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else "it is no text"
        raise BadChoice(f"prompts of {folder} cannot be read: {cause}") from error
    found = [line for line in found if line]
    if not found:
        raise BadChoice(f"{folder} has no prompts; accepted are .txt files with one in each line")
    return found
