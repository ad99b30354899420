"""What is on show as command lines, to be pasted into a shell. Imports no torch.

The lines are quoted for a POSIX shell. ``maquette`` parses each back into the same inputs, subnet
and target; a test holds both sides together.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from studio.families.inputs import GanInputs
from studio.runtimes.target import PYTORCH_CPU
from studio.session.document import ModelRef
from studio.subnets.choice import SubnetChoice, WidthRule

PLAIN = GanInputs()
PROGRAM = "maquette"


@dataclass(frozen=True)
class Drawn:
    """A subnet and the target (``runtime:device:precision``) that draws it."""

    choice: SubnetChoice
    target: str = str(PYTORCH_CPU)


def render_command(model: ModelRef, inputs: GanInputs, drawn: Drawn, output: str) -> str:
    """The ``maquette render`` line that draws this picture and writes it at ``output``."""
    choice = drawn.choice
    words = [PROGRAM, "render", _named(model), "--output", _word(output)]
    words += _inputs(inputs)
    if choice.widths is not None:
        words += ["--widths", _listed(choice.widths)]
    elif choice.width != 1:
        words += ["--width", _number(choice.width)]
    words += _common(choice.rule, choice.resolution, drawn.target)
    return shlex.join(words)


def compare_commands(
    model: ModelRef, inputs: GanInputs, subnets: Sequence[Drawn]
) -> tuple[str, ...]:
    """The ``maquette compare`` lines that measure these subnets against full.

    One line takes any number of uniform widths at one rule, resolution and target; what differs in
    these, or has free widths, comes in a line of its own.
    """
    lines: dict[tuple[WidthRule, int | None, str, str], list[str]] = {}
    for each in dict.fromkeys(subnets):
        choice = each.choice
        free = "" if choice.widths is None else _listed(choice.widths)
        of = (choice.rule, choice.resolution, each.target, free)
        widths = lines.setdefault(of, [])
        widths += ["--widths", free] if free else ["--width", _number(choice.width)]
    return tuple(
        shlex.join(
            [PROGRAM, "compare", _named(model), *widths, *_inputs(inputs), *_common(*of[:3])]
        )
        for of, widths in lines.items()
    )


def _named(model: ModelRef) -> str:
    return model.embedded or _word(model.path)


def _word(path: str) -> str:
    """A path that no parser takes for an option."""
    return f"./{path}" if path.startswith("-") else path


def _inputs(inputs: GanInputs) -> list[str]:
    """The options of what differs from the defaults; the seed is always named."""
    words = ["--seed", str(inputs.seed)]
    if inputs.label is not None:
        words += ["--class", str(inputs.label)]
    if inputs.truncation != PLAIN.truncation:
        words += ["--truncation", _number(inputs.truncation)]
    if inputs.truncation_cutoff is not None:
        words += ["--cutoff", str(inputs.truncation_cutoff)]
    if inputs.noise != PLAIN.noise:
        words += ["--noise", _number(inputs.noise)]
    for name, strength in inputs.edits:
        words += ["--edit", f"{name}={_number(strength)}"]
    if inputs.mix_seed is not None:
        words += ["--mix-seed", str(inputs.mix_seed)]
        if inputs.mix_from:
            words += ["--mix-from", str(inputs.mix_from)]
        if inputs.mix_stages is not None:
            words += ["--mix-stages", ",".join(str(s) for s in sorted(inputs.mix_stages))]
    return words


def _common(rule: WidthRule, resolution: int | None, target: str) -> list[str]:
    words = [] if rule == "literal" else ["--width-rule", rule]
    if resolution is not None:
        words += ["--resolution", str(resolution)]
    if target != str(PYTORCH_CPU):
        words += ["--target", target]
    return words


def _listed(widths: Sequence[float]) -> str:
    return ",".join(_number(width) for width in widths)


def _number(value: float) -> str:
    """The shortest text that reads back as this very number."""
    return repr(float(value)).removesuffix(".0")
