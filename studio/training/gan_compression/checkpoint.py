"""The state of a run on disk, from which it can go on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from studio.errors import RefusedFile
from studio.training.gan_compression.report import Closeness, Losses
from studio.training.gan_compression.trainer import Trainer
from studio.training.run_state import (
    check_options,
    moments,
    read_state,
    restore_moments,
    write_state,
)

FORMAT = "maquette-gan-compression-1"
FREE_OPTIONS = ("minutes", "steps")  # may change when a run goes on


@dataclass(frozen=True)
class _Record:
    """What is beside the tensors; ``models`` are the keys of student and teacher."""

    stage: str
    models: list[str]
    options: dict[str, Any]
    step: int
    looks: int
    elapsed: float
    best_score: float | None
    best: list[dict[str, Any]]
    first: list[dict[str, Any]]
    losses: list[dict[str, float]]


def save_checkpoint(path: Path, trainer: Trainer, models: list[str], token: str) -> None:
    """Write the state of ``trainer``, aside and then renamed.

    Args:
        models: keys of student and teacher. token: names the folder it is prepared in.

    Raises:
        MaquetteError: the file cannot be written; whatever stood there is untouched.
    """
    tensors = {name: t.detach().cpu().contiguous() for name, t in _tensors(trainer)}
    score = trainer.best_score
    record = _Record(
        trainer.stage,
        models,
        asdict(trainer.options),
        trainer.step,
        trainer.looks,
        trainer.elapsed,
        score if math.isfinite(score) else None,
        [asdict(each) for each in trainer.best_close],
        [asdict(each) for each in trainer.first_close],
        [asdict(each) for each in trainer.losses],
    )
    write_state(path, token, FORMAT, record, tensors)


def load_checkpoint(path: Path, trainer: Trainer, models: list[str]) -> None:
    """Let ``trainer`` go on where :func:`save_checkpoint` left off.

    Raises:
        RefusedFile: there is no such file, it is none of ours, or it belongs to other models or
            was made with other options.
    """

    def check(found: dict[str, Any]) -> None:
        _check(path, _Record(**found), trainer, models)

    def restore(found: dict[str, Any], stored: Mapping[str, Tensor]) -> None:
        _restore(trainer, _Record(**found), stored)

    read_state(path, FORMAT, "GAN Compression", check, restore)


def _check(path: Path, record: _Record, trainer: Trainer, models: list[str]) -> None:
    if record.models != models or record.stage != trainer.stage:
        raise RefusedFile(f"{path} belongs to another stage, or to the training of other models")
    check_options(path, record.options, trainer.options, FREE_OPTIONS)


def _tensors(trainer: Trainer) -> Iterator[tuple[str, Tensor]]:
    for name, parameter in trainer.taught.items():
        yield f"taught.{name}", parameter
    for name, statistics in trainer.student.named_buffers():
        yield f"buffer.{name}", statistics
    for name, tensor in trainer.best.items():
        yield f"best.{name}", tensor
    yield from moments("adam", trainer.taught, trainer.optimiser)
    yield "random", trainer.random.get_state()
    if trainer.critic_optimiser is not None:
        for name, weight in trainer.judging.items():
            yield f"critic.{name}", weight
        yield from moments("critic-adam", trainer.judging, trainer.critic_optimiser)


@torch.no_grad()
def _restore(trainer: Trainer, record: _Record, stored: Mapping[str, Tensor]) -> None:
    device = trainer.together.device
    for name, parameter in trainer.taught.items():
        parameter.copy_(stored[f"taught.{name}"])
    for name, buffer in trainer.student.named_buffers():
        buffer.copy_(stored[f"buffer.{name}"])
    trainer.best = {
        name.removeprefix("best."): tensor.to(device)
        for name, tensor in stored.items()
        if name.startswith("best.")
    }
    restore_moments("adam", trainer.taught, trainer.optimiser, stored)
    trainer.random.set_state(stored["random"])
    if trainer.critic_optimiser is not None:
        for name, weight in trainer.judging.items():
            weight.copy_(stored[f"critic.{name}"])
        restore_moments("critic-adam", trainer.judging, trainer.critic_optimiser, stored)
    trainer.step, trainer.looks, trainer.elapsed = record.step, record.looks, record.elapsed
    trainer.losses = [Losses(**each) for each in record.losses]
    trainer.best_score = math.inf if record.best_score is None else record.best_score
    trainer.best_close = tuple(Closeness(**each) for each in record.best)
    trainer.first_close = tuple(Closeness(**each) for each in record.first)
