"""What the commands share: their options, how they fail, how they print."""

from __future__ import annotations

import functools
import json
import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

import typer

from studio.errors import MaquetteError
from studio.subnets.choice import SubnetChoice, WidthRule

if TYPE_CHECKING:
    from rich.console import Console

    from studio.families.model import Model
    from studio.families.opening import OpenedModel
    from studio.families.stylegan.config import StyleGanConfig

P = ParamSpec("P")
R = TypeVar("R")

ModelArgument = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="A model file, or the name of an embedded model."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
RuleOption = Annotated[
    WidthRule,
    typer.Option(
        "--width-rule",
        help="literal takes that share of every layer; anycost is that project's own rule.",
    ),
]
ResolutionOption = Annotated[
    int | None,
    typer.Option("--resolution", metavar="P", help="Stop at P pixels.", show_default="full"),
]
TruncationOption = Annotated[
    float,
    typer.Option("--truncation", metavar="T", help="0 is the average picture, 1 as trained."),
]
ClassOption = Annotated[
    int | None,
    typer.Option("--class", metavar="C", help="Class of a conditional model.", show_default="0"),
]
TargetOption = Annotated[
    str,
    typer.Option(
        "--target",
        metavar="T",
        help="runtime[:device[:precision]], e.g. openvino:CPU:bf16 (see maquette devices).",
    ),
]
CutoffOption = Annotated[
    int | None,
    typer.Option("--cutoff", metavar="K", help="Truncate the first K style inputs only."),
]
WidthsOption = Annotated[
    str | None,
    typer.Option(
        "--widths", metavar="a,b,...", help="Ratios or channel counts, per layer or stage."
    ),
]
NoiseOption = Annotated[
    float, typer.Option("--noise", metavar="N", help="Strength of the noise, 1 as trained.")
]
EditOption = Annotated[
    list[str] | None,
    typer.Option(
        "--edit",
        metavar="NAME=VALUE",
        help="Move along a direction, -100 to 100 (repeatable; see maquette directions).",
    ),
]
AnswerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--answer",
        metavar="NAME=VALUE",
        help="What the file of a translation model cannot tell (repeatable; see maquette inspect).",
    ),
]
MixSeedOption = Annotated[
    int | None,
    typer.Option("--mix-seed", "--mix", metavar="N", help="A second seed for its style."),
]
MixFromOption = Annotated[
    int, typer.Option("--mix-from", metavar="K", help="First style input of the second seed.")
]
MixStagesOption = Annotated[
    str | None,
    typer.Option(
        "--mix-stages",
        metavar="4,8,...",
        help="Stages of the second seed: pixels, or coarse, middle, fine.",
        show_default="what --mix-from says",
    ),
]


def sentence_on_failure(command: Callable[P, R]) -> Callable[P, R]:
    """A command that turns a Maquette error into its sentence on standard error and exit code 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except MaquetteError as error:
            if os.environ.get("MAQUETTE_DEBUG"):
                raise
            typer.echo(" ".join(str(error).split()), err=True)
            raise typer.Exit(1) from error

    return run


@contextmanager
def status(text: str) -> Iterator[Callable[[float, str], None]]:
    """A progress line on standard error, only where that is a terminal."""
    console = _console(stderr=True)
    with console.status(text) as line:
        yield lambda fraction, text: line.update(f"{text} ({fraction:.0%})")


@contextmanager
def stopped_by_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed since; a second one ends the program as usual."""
    asked = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def once(_number: int, _frame: FrameType | None) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, once)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def open_quietly(model: str) -> Model:
    """Open a StyleGAN model with a progress line."""
    with status(f"opening {model}") as progress:
        from studio.families.opening import open_stylegan

        return open_stylegan(model, progress=progress)


def open_any(
    model: str, denoiser: Path | None = None, preview_decoder: Path | None = None
) -> OpenedModel:
    """Open a model of any family with a progress line.

    Args:
        denoiser: a GGUF file with the denoiser of a pipeline, instead of its own.
        preview_decoder: a tiny decoder for what its steps look like.
    """
    with status(f"opening {model}") as progress:
        from studio.families.opening import open_model

        return open_model(
            model, progress=progress, denoiser=denoiser, preview_decoder=preview_decoder
        )


def open_answered(
    model: str, answers: list[str] | None, denoiser: Path | None = None
) -> OpenedModel:
    """Open a model of any family; of a translation model, say what its file cannot tell.

    Raises:
        MaquetteError: answers are given for a model that has no questions.
    """
    from studio.families.translation.model import TranslationModel

    opened = open_any(model, denoiser)
    if isinstance(opened, TranslationModel):
        from studio.commands.translating import tell_assumed

        opened = opened.answered(parse_answers(answers))
        tell_assumed(opened)
    elif answers:
        raise MaquetteError(
            f"{opened.info.name} leaves no question open, so --answer is not for it"
        )
    return opened


WIDE = 160  # columns where standard output is no terminal, so that no cell is cut


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=WIDE)


def print_json(value: object) -> None:
    """Print valid JSON: what JSON has no number for (NaN, infinities) becomes null."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    typer.echo(json.dumps(_finite(value), indent=2, allow_nan=False, ensure_ascii=plain))


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return value


def print_table(
    columns: list[str], rows: list[list[str]], *, title: str | None = None, numbers: bool = True
) -> None:
    """Print a table on standard output; columns after the first are set as numbers, or as text."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for index, column in enumerate(columns):
        right = numbers and index > 0
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    _console().print(table)


def parse_widths(text: str | None) -> tuple[float, ...] | None:
    """``1,0.5,0.25`` as numbers."""
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is not a list of numbers such as 1,0.5,0.25", param_hint="--widths"
        ) from None


def parse_edits(texts: list[str] | None) -> tuple[tuple[str, float], ...]:
    """``NAME=VALUE`` options as (name, strength) pairs."""
    pairs = []
    for text in texts or []:
        name, equals, value = text.rpartition("=")
        try:
            pairs.append((name, float(value)))
        except ValueError:
            equals = ""
        if not equals or not name:
            raise typer.BadParameter(
                f"'{text}' is not NAME=VALUE with a number", param_hint="--edit"
            )
    return tuple(pairs)


def parse_answers(texts: list[str] | None) -> dict[str, str]:
    """``NAME=VALUE`` options by name."""
    found = {}
    for text in texts or []:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise typer.BadParameter(f"'{text}' is not NAME=VALUE", param_hint="--answer")
        found[name] = value
    return found


def mixed_stages(text: str | None, config: StyleGanConfig) -> tuple[int, ...] | None:
    """``4,8`` or ``coarse,64`` as the resolutions of stages.

    Raises:
        BadChoice: a part is neither a stage of the model nor a range of them.
    """
    if text is None:
        return None
    from studio.families.stylegan.stages import RANGES, rows_of, stages_in

    found: set[int] = set()
    for part in (each.strip() for each in text.split(",")):
        if part in RANGES:
            found.update(stages_in(part, config))
        elif part.isdecimal():
            rows_of((int(part),), config)
            found.add(int(part))
        else:
            raise typer.BadParameter(
                f"'{text}' is not a list of pixels such as 4,8, or of {', '.join(RANGES)}",
                param_hint="--mix-stages",
            )
    return tuple(sorted(found))


def one_choice(
    width: float | None, widths: str | None, rule: WidthRule, resolution: int | None
) -> SubnetChoice:
    """The subnet that the options name; ``--width`` and ``--widths`` exclude each other."""
    if width is not None and widths is not None:
        raise typer.BadParameter("give --width or --widths, not both", param_hint="--widths")
    return SubnetChoice(
        width=1.0 if width is None else width,
        rule=rule,
        widths=parse_widths(widths),
        resolution=resolution,
    )


def checked_output(path: Path, suffix: str) -> Path:
    """Refuse a file name that would lie about its content.

    Raises:
        MaquetteError: the name does not end in ``suffix``.
    """
    if path.suffix.lower() != suffix:
        raise MaquetteError(f"cannot write {path}: the name must end in {suffix}")
    return path
