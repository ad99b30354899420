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

if TYPE_CHECKING:
    from studio.families.diffusion.inputs import DiffusionInputs
    from studio.families.diffusion.model import DiffusionModel
    from studio.subnets.denoisers.calls import Call

STEPS = 4  # of a run
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
            one in each line; None takes the model's own.
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
    if folder is not None and "prompt" in model.info.config.takes:
        prompts = prompts_in(Path(folder))
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
