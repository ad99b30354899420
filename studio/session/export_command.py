"""An export as a command line, to be pasted into a POSIX shell. Imports no torch."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from studio.engine.bundle_messages import ExportJob
from studio.session.document import ModelRef
from studio.subnets.choice import SubnetChoice

PROGRAM = "maquette"
RECIPE_FILE = "recipe.yaml"


def export_command(model: ModelRef, job: ExportJob) -> str:
    """The ``maquette export`` line that makes the same bundle.

    A recipe, and a subnet of free widths or fewer blocks, which no option can say, stand before it
    as a file that the same lines write.
    """
    recipe, choices = job.recipe, job.choices
    if any(choice.widths is not None or choice.denoising is not None for choice in choices):
        recipe, choices = _with_subnet(recipe, choices[0]), ()
    words = [PROGRAM, "export", model.embedded or _word(model.path), "--output", _word(job.out)]
    for name, precision in job.formats:
        words += ["--format", f"{name}:{precision}"]
    words += _subnets(choices)
    if recipe:
        words += ["--recipe", RECIPE_FILE]
    if job.supernet:
        words.append("--supernet")
    for option, limit in (("--limit-flip", job.limit_flip), ("--limit-psnr", job.limit_psnr)):
        if limit is not None:
            words += [option, _number(limit)]
    if not job.measure:
        words.append("--no-measure")
    line = shlex.join(words)
    if not recipe:
        return line
    return f"cat > {RECIPE_FILE} <<'END'\n{recipe.rstrip()}\nEND\n{line}"


def _subnets(choices: Sequence[SubnetChoice]) -> list[str]:
    """Widths and the resolution, where they are not those of full; all share rule and stop."""
    if not choices or choices == (SubnetChoice(),):
        return []
    words: list[str] = []
    for choice in choices:
        words += ["--width", _number(choice.width)]
    if choices[0].rule != "literal":
        words += ["--width-rule", choices[0].rule]
    if choices[0].resolution is not None:
        words += ["--resolution", str(choices[0].resolution)]
    return words


def _with_subnet(recipe: str, choice: SubnetChoice) -> str:
    """A recipe's text with a step behind its own that selects a subnet."""
    from studio.recipes.recipe import Recipe, from_text, to_text
    from studio.session.recipes import subnet_step, with_denoising

    read = from_text(recipe) if recipe else Recipe("subnet", ())
    if choice.denoising is not None:
        return to_text(with_denoising(read, choice))
    return to_text(read.inserted(len(read.steps), subnet_step(choice)))


def _word(path: str) -> str:
    """A path that no parser takes for an option."""
    return f"./{path}" if path.startswith("-") else path


def _number(value: float) -> str:
    """The shortest text that reads back as this very number."""
    return repr(float(value)).removesuffix(".0")
