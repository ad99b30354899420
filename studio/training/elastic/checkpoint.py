"""The state of a run on disk, from which it can go on: tensors and plain numbers, no code.

A safetensors file beside the result. Numbers are kept to the last bit, so a run that goes on ends
where it would have ended without the break.
"""

from __future__ import annotations

import json
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
from studio.training.elastic.options import ElasticOptions
from studio.training.elastic.trainer import Trainer

FORMAT = "maquette-elastic-1"
FREE_OPTIONS = ("minutes", "steps", "threads")  # may change when a run goes on
_MOMENTS = ("exp_avg", "exp_avg_sq", "step")


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
    metadata = {"format": FORMAT, "run": json.dumps(asdict(record))}
    try:
        with written_aside(path, token) as aside:
            save_file(tensors, aside, metadata)
    except (OSError, SafetensorError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else str(error)
        raise MaquetteError(f"cannot write the checkpoint {path}: {cause}") from error


def load_checkpoint(path: Path, trainer: Trainer, model: str) -> None:
    """Let ``trainer`` go on where :func:`save_checkpoint` left off.

    Raises:
        RefusedFile: there is no such file, it is none of ours, or it belongs to another model or
            was made with other options.
    """
    if not path.is_file():
        raise RefusedFile(f"there is no checkpoint {path} to go on from")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT:
                raise RefusedFile(f"{path} is no checkpoint of elastic training")
            record = _Record(**json.loads(metadata["run"]))
            _check(path, record, trainer.options, model)
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        _restore(trainer, record, stored)
    except OSError as error:
        raise RefusedFile(f"cannot read {path}: {cause_of(error)}") from error
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise RefusedFile(f"{path} is damaged and cannot be gone on from") from error


def _check(path: Path, record: _Record, options: ElasticOptions, model: str) -> None:
    if record.model != model:
        raise RefusedFile(f"{path} belongs to the training of another model")
    asked = json.loads(json.dumps(asdict(options)))
    for name, value in asked.items():
        if name not in FREE_OPTIONS and record.options.get(name) != value:
            raise RefusedFile(
                f"{path} was made with {name} {record.options.get(name)}, not {value}; "
                "a run goes on with the options it began with"
            )


def _tensors(trainer: Trainer) -> Iterator[tuple[str, Tensor]]:
    for name, parameter in trainer.taught.items():
        yield f"student.{name}", parameter
    for name, tensor in trainer.named_averages():
        yield f"average.{name}", tensor
        yield f"best.{name}", trainer.best[name]
    yield from _moments("adam", trainer.taught, trainer.optimiser)
    yield "random", trainer.random.get_state()
    if trainer.adversary is not None:
        critic = dict(trainer.adversary.critic.named_parameters())
        for name, parameter in critic.items():
            yield f"critic.{name}", parameter
        yield from _moments("critic-adam", critic, trainer.adversary.optimiser)


def _moments(
    prefix: str, parameters: Mapping[str, Tensor], optimiser: torch.optim.Optimizer
) -> Iterator[tuple[str, Tensor]]:
    for name, parameter in parameters.items():
        for moment in _MOMENTS:
            if moment in optimiser.state[parameter]:
                yield f"{prefix}.{moment}.{name}", optimiser.state[parameter][moment]


@torch.no_grad()
def _restore(trainer: Trainer, record: _Record, stored: Mapping[str, Tensor]) -> None:
    for name, parameter in trainer.taught.items():
        parameter.copy_(stored[f"student.{name}"])
    trainer.best = {n: t.clone() for n, t in trainer.average.state_dict().items()}
    for name, tensor in trainer.named_averages():
        tensor.copy_(stored[f"average.{name}"])
        trainer.best[name] = stored[f"best.{name}"]
    _restore_moments("adam", trainer.taught, trainer.optimiser, stored)
    trainer.random.set_state(stored["random"])
    if trainer.adversary is not None:
        critic = dict(trainer.adversary.critic.named_parameters())
        for name, parameter in critic.items():
            parameter.copy_(stored[f"critic.{name}"])
        _restore_moments("critic-adam", critic, trainer.adversary.optimiser, stored)
    trainer.step, trainer.looks = record.step, record.looks
    trainer.elapsed, trainer.losses = record.elapsed, list(record.losses)
    trainer.best_score = record.best_score


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
            optimiser.state[parameter] = found
