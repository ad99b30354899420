"""What stands beside compiled files, so that damaged ones and those of other versions are refused
before native code reads them. Imports no runtime."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from studio.errors import RuntimeFailed
from studio.runtimes.contract import NodePlace, Placement, Plan

NAME = "record.json"
_FORMAT = 1


@dataclass(frozen=True)
class Record:
    """Who compiled what.

    Args:
        runtime, version: as in the plan. target: as on the command line.
        placement: where it ran when it was compiled.
        files: length in bytes and sha256 of every file beside the record, by name.
    """

    runtime: str
    version: str
    target: str
    placement: Placement
    files: Mapping[str, tuple[int, str]]


def write_record(plan: Plan, placement: Placement, folder: Path, names: tuple[str, ...]) -> None:
    """Write the record of ``folder``, in which the files ``names`` are complete."""
    files = {}
    for name in names:
        with (folder / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            files[name] = (file.tell(), digest)
    record = Record(plan.target.runtime, plan.version, str(plan.target), placement, files)
    text = json.dumps({"format": _FORMAT, **asdict(record)}, indent=1)
    (folder / NAME).write_text(text, encoding="utf-8")


def read_record(plan: Plan, folder: Path) -> Record:
    """The record of ``folder``.

    Raises:
        RuntimeFailed: it is missing, damaged, or of another target or version than the plan's.
    """
    try:
        raw = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if raw["format"] != _FORMAT:
            raise ValueError
        files = {str(n): (int(size), str(digest)) for n, (size, digest) in raw["files"].items()}
        placement = placement_from(raw["placement"])
        record = Record(raw["runtime"], raw["version"], raw["target"], placement, files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RuntimeFailed(
            f"{folder / NAME} is no record of a compiled network; it must be compiled again"
        ) from error
    if (record.runtime, record.version) != (plan.target.runtime, plan.version):
        raise RuntimeFailed(
            f"{folder} was compiled by {record.runtime} {record.version}, and "
            f"{plan.target.runtime} {plan.version} is here; it must be compiled again"
        )
    if record.target != str(plan.target):
        raise RuntimeFailed(
            f"{folder} was compiled for {record.target}, not for {plan.target}; "
            "it must be compiled again"
        )
    return record


def read_file(record: Record, folder: Path, name: str) -> bytearray:
    """A file of the record, whole and unchanged. It is read once, so that what was checked is what
    is used whatever happens to the file meanwhile.

    Raises:
        RuntimeFailed: it cannot be read, was cut short or changed.
    """
    path = folder / name
    try:
        size, digest = record.files[name]
        data = bytearray(path.stat().st_size)
        with path.open("rb") as file:
            read = file.readinto(data)
    except (OSError, KeyError) as error:
        raise RuntimeFailed(f"{path} cannot be read; it must be compiled again") from error
    if read != size or len(data) != size:
        raise RuntimeFailed(
            f"{path} was cut short: {len(data)} of {size} bytes; it must be compiled again"
        )
    if hashlib.sha256(data).hexdigest() != digest:
        raise RuntimeFailed(f"{path} was changed after it was written; it must be compiled again")
    return data


def checked_path(record: Record, folder: Path, name: str) -> Path:
    """A file of the record that is too large to be held in memory: read through once and compared,
    for a runtime that then maps it. Whoever may write there meanwhile can still change it.

    Raises:
        RuntimeFailed: it cannot be read, was cut short or changed.
    """
    path = folder / name
    try:
        size, digest = record.files[name]
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            read = file.tell()
    except (OSError, KeyError) as error:
        raise RuntimeFailed(f"{path} cannot be read; it must be compiled again") from error
    if read != size:
        raise RuntimeFailed(
            f"{path} was cut short: {read} of {size} bytes; it must be compiled again"
        )
    if found != digest:
        raise RuntimeFailed(f"{path} was changed after it was written; it must be compiled again")
    return path


def placement_from(raw: Mapping[str, object]) -> Placement:
    """A placement as :func:`dataclasses.asdict` wrote it.

    Raises:
        ValueError, TypeError, KeyError: it is none.
    """
    devices, fallbacks = raw["devices"], raw["fallbacks"]
    share, left = raw.get("int8"), raw.get("left", ())
    if not all(isinstance(each, list | tuple) for each in (devices, fallbacks, left)):
        raise TypeError("lists expected")
    assert isinstance(devices, list | tuple)
    assert isinstance(fallbacks, list | tuple)
    assert isinstance(left, list | tuple)
    return Placement(
        tuple(str(d) for d in devices),
        str(raw["precision"]),
        tuple(NodePlace(str(f["device"]), str(f["operator"]), int(f["nodes"])) for f in fallbacks),
        None if share is None else float(str(share)),
        tuple(str(each) for each in left),
    )
