"""The state of a run on disk, from which it can go on: tensors and plain numbers, no code."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from studio.errors import MaquetteError, RefusedFile, cause_of
from studio.processes.aside import written_aside
from studio.training.gan_compression.report import Closeness, Losses
from studio.training.gan_compression.trainer import Trainer

FORMAT = "maquette-gan-compression-1"
FREE_OPTIONS = ("minutes", "steps")  # may change when a run goes on
_MOMENTS = ("exp_avg", "exp_avg_sq", "step")


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
    metadata = {"format": FORMAT, "run": json.dumps(asdict(record))}
    try:
        with written_aside(path, token) as aside:
            save_file(tensors, aside, metadata)
    except (OSError, SafetensorError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else str(error)
        raise MaquetteError(f"cannot write the checkpoint {path}: {cause}") from error


def load_checkpoint(path: Path, trainer: Trainer, models: list[str]) -> None:
    """Let ``trainer`` go on where :func:`save_checkpoint` left off.

    Raises:
        RefusedFile: there is no such file, it is none of ours, or it belongs to other models or
            was made with other options.
    """
    if not path.is_file():
        raise RefusedFile(f"there is no checkpoint {path} to go on from")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT:
                raise RefusedFile(f"{path} is no checkpoint of GAN Compression")
            record = _Record(**json.loads(metadata["run"]))
            _check(path, record, trainer, models)
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        _restore(trainer, record, stored)
    except OSError as error:
        raise RefusedFile(f"cannot read {path}: {cause_of(error)}") from error
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise RefusedFile(f"{path} is damaged and cannot be gone on from") from error


def _check(path: Path, record: _Record, trainer: Trainer, models: list[str]) -> None:
    if record.models != models or record.stage != trainer.stage:
        raise RefusedFile(f"{path} belongs to another stage, or to the training of other models")
    asked = json.loads(json.dumps(asdict(trainer.options)))
    for name, value in asked.items():
        if name not in FREE_OPTIONS and record.options.get(name) != value:
            raise RefusedFile(
                f"{path} was made with {name} {record.options.get(name)}, not {value}; "
                "a run goes on with the options it began with"
            )


def _tensors(trainer: Trainer) -> Iterator[tuple[str, Tensor]]:
    for name, parameter in trainer.taught.items():
        yield f"taught.{name}", parameter
    for name, statistics in trainer.student.named_buffers():
        yield f"buffer.{name}", statistics
    for name, tensor in trainer.best.items():
        yield f"best.{name}", tensor
    yield from _moments("adam", trainer.taught, trainer.optimiser)
    yield "random", trainer.random.get_state()
    if trainer.critic_optimiser is not None:
        for name, weight in trainer.judging.items():
            yield f"critic.{name}", weight
        yield from _moments("critic-adam", trainer.judging, trainer.critic_optimiser)


def _moments(
    prefix: str, parameters: Mapping[str, Tensor], optimiser: torch.optim.Optimizer
) -> Iterator[tuple[str, Tensor]]:
    for name, parameter in parameters.items():
        for moment in _MOMENTS:
            if moment in optimiser.state[parameter]:
                yield f"{prefix}.{moment}.{name}", optimiser.state[parameter][moment]


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
    _restore_moments("adam", trainer.taught, trainer.optimiser, stored)
    trainer.random.set_state(stored["random"])
    if trainer.critic_optimiser is not None:
        for name, weight in trainer.judging.items():
            weight.copy_(stored[f"critic.{name}"])
        _restore_moments("critic-adam", trainer.judging, trainer.critic_optimiser, stored)
    trainer.step, trainer.looks, trainer.elapsed = record.step, record.looks, record.elapsed
    trainer.losses = [Losses(**each) for each in record.losses]
    trainer.best_score = math.inf if record.best_score is None else record.best_score
    trainer.best_close = tuple(Closeness(**each) for each in record.best)
    trainer.first_close = tuple(Closeness(**each) for each in record.first)


def _restore_moments(
    prefix: str,
    parameters: Mapping[str, Tensor],
    optimiser: torch.optim.Optimizer,
    stored: Mapping[str, Tensor],
) -> None:
    for name, parameter in parameters.items():
        found = {m: stored.get(f"{prefix}.{m}.{name}") for m in _MOMENTS}
        optimiser.state.pop(parameter, None)
        if all(value is not None for value in found.values()):
            # The count of steps stays on the CPU, where Adam looks for it.
            optimiser.state[parameter] = {
                m: value if m == "step" or value is None else value.to(parameter.device)
                for m, value in found.items()
            }
