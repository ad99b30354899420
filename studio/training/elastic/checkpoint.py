"""The state of a run, in a file beside the result, from which it can go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from studio.errors import RefusedFile
from studio.training.elastic.trainer import Trainer
from studio.training.run_state import (
    check_options,
    moments,
    read_state,
    restore_moments,
    write_state,
)

FORMAT = "maquette-elastic-1"
FREE_OPTIONS = ("minutes", "steps", "threads")  # may change when a run goes on


@dataclass(frozen=True)
class _Record:
    """What is beside the tensors; ``model`` is the key of the model that is trained."""

    model: str
    options: dict[str, Any]
    step: int
    looks: int
    elapsed: float
    best_score: float
    losses: list[float]


def save_checkpoint(path: Path, trainer: Trainer, model: str, token: str) -> None:
    """Write the state of ``trainer``, aside and then renamed.

    Args:
        model: key of the model that is trained. token: names the folder it is prepared in.

    Raises:
        MaquetteError: the file cannot be written; whatever stood there is untouched.
    """
    tensors = {name: t.detach().contiguous() for name, t in _tensors(trainer)}
    record = _Record(
        model,
        asdict(trainer.options),
        trainer.step,
        trainer.looks,
        trainer.elapsed,
        trainer.best_score,
        trainer.losses,
    )
    write_state(path, token, FORMAT, record, tensors)


def load_checkpoint(path: Path, trainer: Trainer, model: str) -> None:
    """Let ``trainer`` go on where :func:`save_checkpoint` left off.

    Raises:
        RefusedFile: there is no such file, it is none of ours, or it belongs to another model or
            was made with other options.
    """

    def check(found: dict[str, Any]) -> None:
        _check(path, _Record(**found), trainer, model)

    def restore(found: dict[str, Any], stored: Mapping[str, Tensor]) -> None:
        _restore(trainer, _Record(**found), stored)

    read_state(path, FORMAT, "elastic training", check, restore)


def _check(path: Path, record: _Record, trainer: Trainer, model: str) -> None:
    if record.model != model:
        raise RefusedFile(f"{path} belongs to the training of another model")
    check_options(path, record.options, trainer.options, FREE_OPTIONS)


def _tensors(trainer: Trainer) -> Iterator[tuple[str, Tensor]]:
    for name, parameter in trainer.taught.items():
        yield f"student.{name}", parameter
    for name, tensor in trainer.named_averages():
        yield f"average.{name}", tensor
        yield f"best.{name}", trainer.best[name]
    yield from moments("adam", trainer.taught, trainer.optimiser)
    yield "random", trainer.random.get_state()
    if trainer.adversary is not None:
        critic = dict(trainer.adversary.critic.named_parameters())
        for name, parameter in critic.items():
            yield f"critic.{name}", parameter
        yield from moments("critic-adam", critic, trainer.adversary.optimiser)


@torch.no_grad()
def _restore(trainer: Trainer, record: _Record, stored: Mapping[str, Tensor]) -> None:
    for name, parameter in trainer.taught.items():
        parameter.copy_(stored[f"student.{name}"])
    trainer.best = {n: t.clone() for n, t in trainer.average.state_dict().items()}
    for name, tensor in trainer.named_averages():
        tensor.copy_(stored[f"average.{name}"])
        trainer.best[name] = stored[f"best.{name}"]
    restore_moments("adam", trainer.taught, trainer.optimiser, stored)
    trainer.random.set_state(stored["random"])
    if trainer.adversary is not None:
        critic = dict(trainer.adversary.critic.named_parameters())
        for name, parameter in critic.items():
            parameter.copy_(stored[f"critic.{name}"])
        restore_moments("critic-adam", critic, trainer.adversary.optimiser, stored)
    trainer.step, trainer.looks = record.step, record.looks
    trainer.elapsed, trainer.losses = record.elapsed, list(record.losses)
    trainer.best_score = record.best_score
