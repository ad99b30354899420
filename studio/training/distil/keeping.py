"""The state of a run of distillation, in a file from which it can go on.

Weights, their average, the best, the optimiser's moments and the random numbers are kept. Lessons
are not: a run that goes on draws new ones, so it ends near to where it would have ended, not there.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from studio.errors import MaquetteError, RefusedFile
from studio.training.distil.trainer import Trainer
from studio.training.run_state import check_options, read_state, write_state

FORMAT = "maquette-distil-1"
FREE_OPTIONS = ("minutes", "steps", "cache")  # may change when a run goes on
_MUON = "momentum_buffer"
_ADAM = ("exp_avg", "exp_avg_sq", "step")


@dataclass(frozen=True)
class _Record:
    """What is beside the tensors; ``model`` is the key of the model that learns."""

    model: str
    options: dict[str, Any]
    elapsed: float
    score: float
    kept: int
    losses: list[float]


def save_run(path: Path, trainer: Trainer, model: str) -> None:
    """Write the state of ``trainer``, aside and then renamed.

    Args:
        model: key of the model that learns.

    Raises:
        MaquetteError: the file cannot be written; whatever stood there is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.detach().contiguous() for name, tensor in _tensors(trainer)}
    options, losses = asdict(trainer.options), trainer.losses
    record = _Record(model, options, trainer.seconds, trainer.score, trainer.kept, losses)
    write_state(path, secrets.token_hex(8), FORMAT, record, tensors)


def load_run(path: Path, trainer: Trainer, model: str) -> None:
    """Let ``trainer`` go on where :func:`save_run` left off.

    Raises:
        RefusedFile: there is no such file, it is none of ours or damaged, or it belongs to another
            model or was made with other options.
    """

    def check(found: dict[str, Any]) -> None:
        record = _Record(**found)
        if record.model != model:
            raise RefusedFile(f"{path} belongs to the training of another model")
        check_options(path, record.options, trainer.options, FREE_OPTIONS)

    def restore(found: dict[str, Any], stored: Mapping[str, Tensor]) -> None:
        _restore(trainer, _Record(**found), stored)

    read_state(path, FORMAT, "a distillation", check, restore)


def gone_on(path: Path | None, trainer: Trainer, model: str) -> str:
    """Go on from ``path`` where there is something to go on from; why that failed, empty where it
    did not."""
    if path is None or not path.is_file():
        return ""
    try:
        load_run(path, trainer, model)
    except MaquetteError as error:
        return str(error)
    return ""


def _tensors(trainer: Trainer) -> Iterator[tuple[str, Tensor]]:
    student = dict(trainer.student.named_parameters())
    average = dict(trainer.average.named_parameters())
    for name, tensor in trainer.best.items():
        yield f"student.{name}", student[name]
        yield f"best.{name}", tensor
        if trainer.average is not trainer.student:
            yield f"average.{name}", average[name]
    yield "random", trainer.random.get_state()
    for kind, name, state in _moments(trainer):
        for moment, value in state.items():
            if isinstance(value, Tensor):
                yield f"{kind}.{moment}.{name}", value


def _moments(trainer: Trainer) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What both optimisers remember of each parameter, by name."""
    names = {id(p): name for name, p in trainer.student.named_parameters()}
    optimiser = trainer.optimiser
    if optimiser.muon is not None:
        for each in optimiser.matrices:
            yield "muon", names[id(each.weight)], optimiser.muon.state[each.matrix]
    for group in optimiser.adam.param_groups:
        for parameter in group["params"]:
            yield "adam", names[id(parameter)], optimiser.adam.state[parameter]


@torch.no_grad()
def _restore(trainer: Trainer, record: _Record, stored: Mapping[str, Tensor]) -> None:
    student = dict(trainer.student.named_parameters())
    average = dict(trainer.average.named_parameters())
    taught = [name for name, parameter in student.items() if parameter.requires_grad]
    parts: tuple[str, ...] = ("student", "best")
    if trainer.average is not trainer.student:
        parts = (*parts, "average")
    for name in taught:  # all is looked for before anything is changed
        for part in parts:
            if stored[f"{part}.{name}"].shape != student[name].shape:
                raise ValueError(name)
    for name in taught:
        student[name].copy_(stored[f"student.{name}"])
        if "average" in parts:
            average[name].copy_(stored[f"average.{name}"])
    trainer.best = {name: stored[f"best.{name}"].clone() for name in taught}
    for kind, name, state in _moments(trainer):
        for moment in (_MUON,) if kind == "muon" else _ADAM:
            value = stored.get(f"{kind}.{moment}.{name}")
            if value is not None:
                state[moment] = value.clone()
    trainer.random.set_state(stored["random"])
    trainer.losses = list(record.losses)
    trainer.elapsed, trainer.score, trainer.kept = record.elapsed, record.score, record.kept
    trainer.resumed = len(record.losses)
