"""Converting and running through a worker.

What was made lies in the folder of the work under the name that was asked for, and is moved from
there once it is seen to be files and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from studio.bundles.workers.asking import Asked, Progress, ask, work_folder
from studio.bundles.workers.converters import Converter
from studio.bundles.workers.exchange import write_graph
from studio.bundles.workers.scripts.arrays import read_arrays, write_arrays
from studio.bundles.workers.supervised import size_of
from studio.errors import RuntimeFailed
from studio.places import cache_dir

CONVERT_SECONDS = 1800.0
RUN_SECONDS = 600.0
ROOM = 512_000_000
"""Bytes that a worker may write beside a few copies of the weights."""
COPIES = 6

Arrays = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Converted:
    """What a conversion left.

    Args:
        path: the file, or the folder of a format that is one.
        tools: (package, version) pairs that made it. notes: what the user should know.
    """

    path: Path
    tools: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


def convert(
    converter: Converter,
    graph: bytes,
    target: Path,
    *,
    sizes: Mapping[str, int],
    precision: str,
    progress: Progress | None = None,
    cancelled: Asked | None = None,
    seconds: float = CONVERT_SECONDS,
) -> Converted:
    """Convert a portable graph.

    Args:
        graph: a serialised ONNX model, float32. sizes: of its dynamic dimensions.
        target: a path that does not exist, in a folder that does; the work is done beside it.
        precision: one of the converter's.
        progress: called with a fraction in [0, 1] and a line of text, on a thread of its own, where
            it must not raise.
        cancelled: asked many times a second; nothing is left then.

    Raises:
        Cancelled: ``cancelled`` said so.
        RuntimeFailed: the environment is missing, or the converter failed, crashed, hung or gave
            nothing. BadChoice: the graph has an operator that it does not know.
        OSError: the disk did.
    """
    with work_folder(converter, target.parent, cancelled) as folder:
        size = write_graph(graph, sizes, folder)
        output = f"made{converter.suffix}"
        request = {"verb": "convert", "precision": precision, "output": output}
        answer = ask(converter, folder, request, COPIES * size + ROOM, progress, cancelled, seconds)
        made = folder / output
        _check_made(converter, made)
        made.replace(target)
    return Converted(target, answer.tools, answer.notes)


@dataclass(frozen=True)
class Ran:
    """What came of running.

    Args:
        outputs: by name, one for every feed. version: of the runtime.
        milliseconds: of single runs after warm-up, of the first feed; empty if not asked for.
    """

    outputs: tuple[dict[str, npt.NDArray[np.float32]], ...]
    version: str
    milliseconds: tuple[float, ...] = ()


def run(
    converter: Converter,
    files: Mapping[str, bytes],
    feeds: Sequence[Arrays],
    input_names: Sequence[str],
    output_names: Sequence[str],
    *,
    timed: bool = False,
    cancelled: Asked | None = None,
    seconds: float = RUN_SECONDS,
) -> Ran:
    """Run what a converter made, in its environment.

    Args:
        files: what it made, by paths that begin with its name.
        feeds: float32 arrays by name.
        input_names, output_names: in the order that the graph had.
        timed: time it too; who asks holds the timing lock.

    Raises:
        Cancelled: ``cancelled`` said so.
        RuntimeFailed: as for :func:`convert`, or such models do not run on this system.
    """
    if why := converter.runs_here():
        raise RuntimeFailed(why)
    with work_folder(converter, cache_dir(), cancelled) as folder:
        request = {
            "verb": "run",
            "model": _place(files, folder, converter.suffix),
            "feeds": len(feeds),
            "names": list(input_names),
            "outputs": list(output_names),
            "time": timed,
        }
        for index, feed in enumerate(feeds):
            write_arrays(folder / f"feed{index}.npz", dict(feed))
        most = COPIES * size_of(folder) + ROOM
        answer = ask(converter, folder, request, most, None, cancelled, seconds)
        try:
            made = tuple(
                _outputs(folder / f"made{index}.npz", output_names) for index in range(len(feeds))
            )
        except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
            raise RuntimeFailed(f"the worker for {converter.title} gave no outputs") from error
    return Ran(made, answer.tools[0][1] if answer.tools else "", answer.milliseconds)


def _place(files: Mapping[str, bytes], folder: Path, suffix: str) -> str:
    """Write ``files`` under ``model`` and return the path of what bears the suffix."""
    found = ""
    for name, data in files.items():
        parts = PurePosixPath(name).parts
        if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
            raise RuntimeFailed(f"'{name[:80]}' is no path of a model's file")
        path = folder.joinpath("model", *parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        for count, part in enumerate(parts, start=1):
            if part.endswith(suffix):
                found = "/".join(("model", *parts[:count]))
                break
    if not found:
        raise RuntimeFailed(f"there is no {suffix} among the model's files")
    return found


def _outputs(path: Path, names: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
    made = read_arrays(path)
    return {name: np.asarray(made[name], dtype=np.float32) for name in names}


def _check_made(converter: Converter, made: Path) -> None:
    if not made.exists():
        raise RuntimeFailed(f"the worker for {converter.title} said it was done and wrote no file")
    inside = [made, *made.rglob("*")] if made.is_dir() and not made.is_symlink() else [made]
    for each in inside:
        if each.is_symlink() or not (each.is_file() or each.is_dir()):
            raise RuntimeFailed(f"the worker for {converter.title} wrote a link in place of a file")
