"""What the window shows and does as command lines, to be pasted into a shell. Imports no torch.

``maquette`` parses each back into the same model, inputs, subnet, recipe and target; tests hold
both sides together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.inputs import GanInputs
from studio.runtimes.target import PYTORCH_CPU
from studio.session.document import FULL_SUBNET, ModelRef
from studio.session.shell import shell_line
from studio.subnets.choice import SubnetChoice, WidthRule
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse

if TYPE_CHECKING:
    from studio.families.stylegan.stages import StageRange
    from studio.families.walk import Walk
    from studio.training.elastic.options import ElasticOptions

PLAIN = GanInputs()
PROGRAM = "maquette"


@dataclass(frozen=True)
class Drawn:
    """A variant and the target (``runtime:device:precision``) that draws it.

    Args:
        choice: a subnet of the model itself; not read where there is a recipe.
        recipe: all that is done to the model, the subnet among it, as one line of YAML
            (``studio.recipes.recipe.to_line``); empty for the model itself.
    """

    choice: SubnetChoice
    target: str = str(PYTORCH_CPU)
    recipe: str = ""


def render_command(
    model: ModelRef, inputs: GanInputs | DiffusionInputs, drawn: Drawn, output: str
) -> str:
    """The ``maquette render`` line that draws this picture and writes it at ``output``. Of a
    pipeline's inputs the picture and the mask are left out: they are no files."""
    told = _words(inputs) if isinstance(inputs, DiffusionInputs) else _inputs(inputs)
    words = ["render", _named(model), "--output", _word(output), *told]
    if drawn.recipe:
        return _line([*words, "--recipe", drawn.recipe, *_target(drawn.target)])
    return _line([*words, *_subnet(drawn.choice), *_target(drawn.target)])


def in_options(choice: SubnetChoice) -> bool:
    """Whether options say a whole subnet; else it needs a recipe."""
    return choice.denoising in (None, _plainly(choice))


def _plainly(choice: SubnetChoice) -> Denoising:
    """What of a denoiser's choice has options of its own: the depth and the interval."""
    given = choice.denoising or Denoising()
    return Denoising(Elastic(depth=given.elastic.depth), Reuse(interval=given.reuse.interval))


def compare_commands(
    model: ModelRef,
    inputs: GanInputs | DiffusionInputs,
    variants: Sequence[Drawn],
    html: str = "",
    seeds: int | None = None,
) -> tuple[str, ...]:
    """The ``maquette compare`` lines that measure these variants against full.

    One line takes any number of recipes, and of uniform widths at one rule, resolution, depth,
    reuse and target; what differs in these, or has free widths, comes in a line of its own.

    Args:
        variants: subnets that :func:`in_options` holds for, and recipes.
        html: where the first line writes a report too, empty for none; the others count on.
        seeds: over how many seeds; None for as many as the command takes by itself.
    """
    told = _words(inputs) if isinstance(inputs, DiffusionInputs) else _inputs(inputs)
    told += [] if seeds is None else ["--seeds", str(seeds)]
    lines: dict[tuple[WidthRule, int | None, str, str, Denoising], list[str]] = {}
    every = dict.fromkeys(variants)
    for each in every:
        choice = each.choice
        if each.recipe:
            continue
        free = "" if choice.widths is None else _listed(choice.widths)
        of = (choice.rule, choice.resolution, each.target, free, _plainly(choice))
        widths = lines.setdefault(of, [])
        widths += ["--widths", free] if free else ["--width", _number(choice.width)]
    for each in every:
        if not each.recipe:
            continue
        plain: tuple[WidthRule, int | None, str, str, Denoising]
        plain = ("literal", None, each.target, "", Denoising())
        of = next((of for of in lines if of[2] == each.target), plain)
        lines.setdefault(of, []).extend(["--recipe", each.recipe])
    return tuple(
        _line(
            [
                *("compare", _named(model), *own, *told),
                *_rule(of[0], of[1]),
                *_denoising(of[4]),
                *_target(of[2]),
                *(["--html", _word(_counted(html, number))] if html else []),
            ]
        )
        for number, (of, own) in enumerate(lines.items())
    )


def walk_command(model: ModelRef, walk: Walk, drawn: Drawn, output: str) -> str:
    """The ``maquette walk`` line that records this walk at ``output``."""
    first, *others = walk.route.pins
    words = ["walk", _named(model), "--output", _word(output)]
    # What pins may differ in beside their seeds has no option of its own.
    alike = first.truncation_cutoff is None and not first.mix_from
    if alike and all(replace(pin, seed=first.seed) == first for pin in others):
        words += ["--from-seed", str(first.seed)]
        for pin in others[:-1]:
            words += ["--through-seed", str(pin.seed)]
        words += ["--to-seed", str(others[-1].seed), *_inputs(first)[2:]]
    else:
        from studio.session.pin_text import pin_text

        for pin in walk.route.pins:
            words += ["--pin", pin_text(pin)]
    words += ["--frames", str(walk.frames), "--seconds", _number(walk.seconds)]
    flags = (
        ("--loop", walk.route.closed),
        ("--there-and-back", walk.back),
        ("--ease", walk.route.eased),
    )
    words += [name for name, on in flags if on]
    words += ["--recipe", drawn.recipe] if drawn.recipe else _subnet(drawn.choice)
    return _line(words)


def compress_command(model: ModelRef, recipe: str, output: str) -> str:
    """The ``maquette compress`` line that applies a recipe and writes the variant at ``output``."""
    return _line(["compress", _named(model), "--recipe", recipe, "--output", _word(output)])


def sensitivity_command(
    model: ModelRef, recipe: str = "", *, wanted: float | None = None, samples: int | None = None
) -> str:
    """The ``maquette sensitivity`` line that scans what a recipe's steps before int8 leave."""
    words = ["sensitivity", _named(model)]
    if recipe:
        words += ["--recipe", recipe]
    if wanted is not None:
        words += ["--wanted", _number(wanted)]
    if samples is not None:
        words += ["--samples", str(samples)]
    return _line(words)


def elastic_command(
    model: ModelRef, options: ElasticOptions, output: str, *, resume: bool = False
) -> str:
    """The ``maquette train elastic`` line of a training."""
    from studio.training.elastic.options import ElasticOptions

    plain = ElasticOptions()
    words = ["train", "elastic", _named(model), "--output", _word(output)]
    words += ["--minutes", _number(options.minutes)]
    if options.steps is not None:
        words += ["--steps", str(options.steps)]
    if options.widths != plain.widths:
        for width in options.widths:
            words += ["--width", _number(width)]
    for name in ("seed", "batch", "threads"):
        value = getattr(options, name)
        if value is not None and value != getattr(plain, name):
            words += [f"--{name}", str(value)]
    if options.keep_full != plain.keep_full:
        words.append("--keep-full" if options.keep_full else "--free-full")
    if options.data is not None:
        words += ["--data", _word(options.data)]
    return _line([*words, *(["--resume"] if resume else [])])


def inspect_command(model: ModelRef) -> str:
    """The ``maquette inspect`` line of a model."""
    return _line(["inspect", _named(model)])


def convert_command(model: ModelRef, output: str, *, sort: bool = False) -> str:
    """The ``maquette convert`` line that writes a model in Maquette's own layout."""
    words = ["convert", _named(model), "--output", _word(output)]
    return _line([*words, *(["--sort"] if sort else [])])


def directions_command(model: ModelRef, count: int, stages: StageRange) -> str:
    """The ``maquette directions`` line that lists what the window has sliders for."""
    return _line(["directions", _named(model), "--count", str(count), "--stages", stages])


def plain_command(*words: str) -> str:
    """The line of a command that takes nothing of the document."""
    return _line(words)


def _line(words: Iterable[str]) -> str:
    return shell_line([PROGRAM, *words])


def _named(model: ModelRef) -> str:
    return model.embedded or _word(model.path)


def _word(path: str) -> str:
    """A path that no parser takes for an option."""
    return f"./{path}" if path.startswith("-") else path


def _counted(path: str, number: int) -> str:
    """``path``, with a number from the second on."""
    file = Path(path)
    return path if not number else str(file.with_name(f"{file.stem}-{number + 1}{file.suffix}"))


def _inputs(inputs: GanInputs) -> list[str]:
    """The options of what differs from the defaults; the seed is always named, and first."""
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


def _words(inputs: DiffusionInputs) -> list[str]:
    """The options of what a pipeline is asked; the seed is always named, and first."""
    words = ["--seed", str(inputs.seed)]
    # With a sign of equality, so that a prompt that begins with a dash is no option.
    for name, text in (("prompt", inputs.prompt), ("negative", inputs.negative)):
        if text:
            words.append(f"--{name}={text}")
    if inputs.label is not None:
        words += ["--class", str(inputs.label)]
    if inputs.steps is not None:
        words += ["--steps", str(inputs.steps)]
    if inputs.guidance is not None:
        words += ["--guidance", _number(inputs.guidance)]
    if inputs.scheduler:
        words += ["--scheduler", inputs.scheduler]
    if inputs.width is not None and inputs.height is not None:
        words += ["--size", f"{inputs.width}x{inputs.height}"]
    return words


def _subnet(choice: SubnetChoice) -> list[str]:
    words: list[str] = []
    if choice.widths is not None:
        words = ["--widths", _listed(choice.widths)]
    elif choice.width != FULL_SUBNET.width:
        words = ["--width", _number(choice.width)]
    return words + _rule(choice.rule, choice.resolution) + _denoising(_plainly(choice))


def _denoising(chosen: Denoising) -> list[str]:
    depth, interval = chosen.elastic.depth, chosen.reuse.interval
    words = [] if depth == 1 else ["--depth", _number(depth)]
    return words if interval == 1 else [*words, "--reuse", str(interval)]


def _rule(rule: WidthRule, resolution: int | None) -> list[str]:
    words = [] if rule == "literal" else ["--width-rule", rule]
    return words if resolution is None else [*words, "--resolution", str(resolution)]


def _target(target: str) -> list[str]:
    return [] if target == str(PYTORCH_CPU) else ["--target", target]


def _listed(widths: Sequence[float]) -> str:
    return ",".join(_number(width) for width in widths)


def _number(value: float) -> str:
    """The shortest text that reads back as this very number."""
    return repr(float(value)).removesuffix(".0")
