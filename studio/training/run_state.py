"""What every checkpoint of a training is: a safetensors file of tensors and plain numbers, no code.

Numbers are kept to the last bit, so a run that goes on ends where it would have ended without the
break.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from studio.errors import MaquetteError, RefusedFile, cause_of
from studio.processes.aside import written_aside

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_MOMENTS = ("exp_avg", "exp_avg_sq", "step")


def write_state(
    path: Path, token: str, format_: str, record: DataclassInstance, tensors: Mapping[str, Tensor]
) -> None:
    """Write the state of a run, aside and then renamed.

    Args:
        token: names the folder it is prepared in. format_: names whose state it is.
        record: what is beside the tensors, of plain numbers and texts.

    Raises:
        MaquetteError: the file cannot be written; whatever stood there is untouched.
    """
    metadata = {"format": format_, "run": json.dumps(asdict(record))}
    try:
        with written_aside(path, token) as aside:
            save_file(dict(tensors), aside, metadata)
    except (OSError, SafetensorError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else str(error)
        raise MaquetteError(f"cannot write the checkpoint {path}: {cause}") from error


def read_state(
    path: Path,
    format_: str,
    of: str,
    check: Callable[[dict[str, Any]], None],
    restore: Callable[[dict[str, Any], Mapping[str, Tensor]], None],
) -> None:
    """Read what :func:`write_state` wrote, and hand it to ``restore``.

    Args:
        of: whose checkpoint it should be, in words. check: refuses a record before tensors are
            read. restore: takes the record and the tensors.

    Raises:
        RefusedFile: there is no such file, it is none of ours or damaged, or ``check`` refuses it.
    """
    if not path.is_file():
        raise RefusedFile(f"there is no checkpoint {path} to go on from")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != format_:
                raise RefusedFile(f"{path} is no checkpoint of {of}")
            record = json.loads(metadata["run"])
            check(record)
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        restore(record, stored)
    except OSError as error:
        raise RefusedFile(f"cannot read {path}: {cause_of(error)}") from error
    except (SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise RefusedFile(f"{path} is damaged and cannot be gone on from") from error


def check_options(
    path: Path,
    recorded: Mapping[str, Any],
    options: DataclassInstance,
    free: Collection[str],
) -> None:
    """Refuse to go on with options other than those a run began with.

    Args:
        free: names of the options that may change.

    Raises:
        RefusedFile: one of the others differs.
    """
    asked = json.loads(json.dumps(asdict(options)))
    for name, value in asked.items():
        if name not in free and recorded.get(name) != value:
            raise RefusedFile(
                f"{path} was made with {name} {recorded.get(name)}, not {value}; "
                "a run goes on with the options it began with"
            )


def moments(
    prefix: str, parameters: Mapping[str, Tensor], optimiser: torch.optim.Optimizer
) -> Iterator[tuple[str, Tensor]]:
    """What Adam remembers of parameters, named for :func:`restore_moments`."""
    for name, parameter in parameters.items():
        for moment in _MOMENTS:
            if moment in optimiser.state[parameter]:
                yield f"{prefix}.{moment}.{name}", optimiser.state[parameter][moment]


def restore_moments(
    prefix: str,
    parameters: Mapping[str, Tensor],
    optimiser: torch.optim.Optimizer,
    stored: Mapping[str, Tensor],
) -> None:
    """Let Adam remember what :func:`moments` gave."""
    for name, parameter in parameters.items():
        found = {m: stored.get(f"{prefix}.{m}.{name}") for m in _MOMENTS}
        optimiser.state.pop(parameter, None)
        if all(value is not None for value in found.values()):
            # The count of steps stays on the CPU, where Adam looks for it.
            optimiser.state[parameter] = {
                m: value if m == "step" or value is None else value.to(parameter.device)
                for m, value in found.items()
            }
