"""A step of GAN Compression as the line of the command line that does the same."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from studio.engine.gan_compression_messages import (
    GanCompressionJob,
    SearchJob,
    SubnetJob,
    TransferJob,
)
from studio.errors import BadChoice
from studio.search.budget import Budget
from studio.search.evolution import EvolutionOptions
from studio.search.orders import FINALISTS, PipelineOrder, SearchOrder
from studio.session.gan_plan import GanPlan, Step, job
from studio.session.shell import shell_line
from studio.training.gan_compression.options import DataOptions, TrainingOptions
from studio.training.gan_compression.space import RATIOS

PROGRAM = "maquette"
NEW = "new"
_FLAGS = {"flip": ("--flip", "--no-flip")}


def gan_command(plan: GanPlan, folder: Path, step: Step, *, resume: bool = False) -> str:
    """The ``maquette train gan-compression`` or ``maquette search`` line of a step.

    Raises:
        BadChoice: something that it needs is not filled in.
    """
    made = job(plan, folder, step, resume=resume)
    if isinstance(made, SearchJob):
        words = ["search", _word(made.order.model), *_search(made.order), "--output"]
        return _line([*words, _word(made.out), *_evolution(made.options, search=True)])
    words = ["train", "gan-compression"]
    if isinstance(made, TransferJob):
        words += [_word(made.path), "--stage", "transfer", "--ngf", str(made.ngf)]
        return _line([*words, "--output", _word(made.out)])
    if isinstance(made, SubnetJob):
        words += [_word(made.path), "--stage", "export", "--config-str", made.config]
        words += [] if made.data is None else _data(made.data)
        return _line([*words, "--output", _word(made.out)])
    words += [_word(made.order.model or NEW), "--stage", step, *_data(made.order.data)]
    words += _pipeline(made) if isinstance(made.order, PipelineOrder) else _stage(made)
    words += ["--output", _word(made.out), *_training(made.options)]
    return _line([*words, *(["--resume"] if made.resume else [])])


def _search(order: SearchOrder) -> list[str]:
    if order.finalists != FINALISTS:
        raise BadChoice(f"the command line measures {FINALISTS} finalists; here are others")
    words = [*_data(order.data), "--budget", _budget(order.budget)]
    if order.teacher is not None:
        words += ["--teacher", _word(order.teacher)]
    if order.target is not None:
        words += ["--target", order.target]
    return [*words, "--pictures", str(order.pictures), *_ratios(order.ratios)]


def _pipeline(made: GanCompressionJob) -> list[str]:
    order = made.order
    assert isinstance(order, PipelineOrder)
    words = ["--budget", _budget(order.budget), "--fast" if order.fast else "--thorough"]
    if order.target is not None:
        words += ["--target", order.target]
    words += ["--ngf", str(order.ngf), "--pictures", str(order.pictures), *_ratios(order.ratios)]
    if order.model is None:
        words += _new(order.teacher_ngf, order.blocks, order.size)
    return words + _evolution(made.evolution, search=False)


def _stage(made: GanCompressionJob) -> list[str]:
    order = made.order
    assert not isinstance(order, PipelineOrder)
    if order.stage == "teacher":
        return _new(order.ngf, order.blocks, order.size)
    words: list[str] = []
    for option, value in (
        ("--student", order.student),
        ("--teacher", order.teacher),
        ("--config-str", order.config),
    ):
        if value is not None:
            words += [option, value if option == "--config-str" else _word(value)]
    if order.stage == "distil":
        words += ["--ngf", str(order.ngf)]
    return words + (_ratios(order.ratios) if order.stage == "supernet" else [])


def _new(ngf: int, blocks: int, size: tuple[int, int]) -> list[str]:
    words = ["--teacher-ngf", str(ngf), "--blocks", str(blocks)]
    return [*words, "--size", f"{size[1]}x{size[0]}"]


def _data(data: DataOptions) -> list[str]:
    words = [word for folder in data.folders for word in ("--data", _word(folder))]
    if data.pairing != "auto":
        words += ["--pairing", data.pairing]
    if data.backwards:
        words.append("--backwards")
    return words if data.instances is None else [*words, "--instances", _word(data.instances)]


def _training(options: TrainingOptions) -> list[str]:
    """What differs from the defaults; the time is always named."""
    plain = TrainingOptions()
    words = ["--minutes", _number(options.minutes)]
    for each in fields(options):
        value = getattr(options, each.name)
        if each.name == "minutes" or value == getattr(plain, each.name):
            continue
        if each.name in _FLAGS:
            words.append(_FLAGS[each.name][0 if value else 1])
        else:
            words += [f"--{each.name.replace('_', '-')}", _text(value)]
    return words


def _evolution(options: EvolutionOptions, *, search: bool) -> list[str]:
    """What differs from the defaults; the whole takes its seed from the training."""
    plain = EvolutionOptions()
    names = ["population", "generations"]
    shares = ["parents", "mutations", "mutation"]
    if search:
        names += [*shares, "seed"]
    elif any(getattr(options, name) != getattr(plain, name) for name in shares):
        raise BadChoice("the command line of all steps has the paper's parents and mutations")
    words: list[str] = []
    for name in names:
        if getattr(options, name) != getattr(plain, name):
            words += [f"--{name}", _text(getattr(options, name))]
    return words


def _ratios(ratios: tuple[float, ...]) -> list[str]:
    if ratios == RATIOS:
        return []
    return [word for ratio in ratios for word in ("--ratio", _number(ratio))]


def _budget(budget: Budget) -> str:
    """A text that reads back as this very budget."""
    if budget.unit == "ms":
        return f"{budget.limit:f}".rstrip("0").rstrip(".") + "ms"
    scale, unit = (1e9, "GMAC") if budget.limit >= 1e9 else (1e6, "MMAC")
    number = f"{budget.limit / scale:.6f}".rstrip("0").rstrip(".")
    return f"{number}{unit}{'-paper' if budget.unit == 'paper_macs' else ''}"


def _text(value: object) -> str:
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """The shortest text that reads back as this very number."""
    return repr(float(value)).removesuffix(".0")


def _line(words: list[str]) -> str:
    return shell_line([PROGRAM, *words])


def _word(path: str) -> str:
    """A path that no parser takes for an option."""
    return f"./{path}" if path.startswith("-") else path
