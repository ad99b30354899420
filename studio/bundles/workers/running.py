"""Running a worker: one conversion or one run, in a child of the converter's own interpreter.

Nothing of what comes back is trusted: the answer is small and flat, what was made lies in the
folder of the work under the name that was asked for, and is moved from there.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.bundles.workers.converters import Converter
from studio.bundles.workers.environments import folder_of, held, look, python_of
from studio.bundles.workers.exchange import write_graph
from studio.bundles.workers.scripts.arrays import read_arrays, write_arrays
from studio.bundles.workers.supervised import Ended, run_to_end, size_of
from studio.errors import RuntimeFailed, cause_of
from studio.places import cache_dir
from studio.processes.child import describe_exit, processor_count

PACKAGE = "maquette_worker"
PROGRESS = "maquette-progress "
CONVERT_SECONDS = 1800.0
RUN_SECONDS = 600.0
LARGEST_ANSWER = 1 << 20
ROOM = 512_000_000
"""Bytes that a worker may write beside a few copies of the weights."""
COPIES = 6
_KEPT = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TZ", "WINDIR")
_KEPT_PREFIXES = ("MKL_", "OMP_", "OPENBLAS_")

Arrays = Mapping[str, npt.NDArray[np.float32]]
Progress = Callable[[float, str], None]
Asked = Callable[[], bool]


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
    with _work(converter, target.parent, cancelled) as folder:
        size = write_graph(graph, sizes, folder)
        output = f"made{converter.suffix}"
        request = {"verb": "convert", "precision": precision, "output": output}
        answer = _ask(
            converter, folder, request, COPIES * size + ROOM, progress, cancelled, seconds
        )
        made = folder / output
        _check_made(converter, made)
        made.replace(target)
    return Converted(target, answer.tools, answer.notes)


def run(
    converter: Converter,
    model: Path,
    inputs: Arrays,
    input_names: Sequence[str],
    output_names: Sequence[str],
    *,
    cancelled: Asked | None = None,
    seconds: float = RUN_SECONDS,
) -> dict[str, npt.NDArray[np.float32]]:
    """Run what a converter made, in its environment.

    Args:
        model: the file. inputs: float32 arrays by name.
        input_names, output_names: in the order that the graph had.

    Raises:
        Cancelled: ``cancelled`` said so.
        RuntimeFailed: as for :func:`convert`, or such models do not run on this system.
    """
    if why := converter.runs_here():
        raise RuntimeFailed(why)
    with _work(converter, cache_dir(), cancelled) as folder:
        write_arrays(folder / "inputs.npz", dict(inputs))
        request = {
            "verb": "run",
            "model": str(model.resolve()),
            "inputs": "inputs.npz",
            "output": "outputs.npz",
            "names": list(input_names),
            "outputs": list(output_names),
        }
        most = COPIES * size_of(folder) + ROOM
        _ask(converter, folder, request, most, None, cancelled, seconds)
        try:
            made = read_arrays(folder / "outputs.npz")
            return {name: np.asarray(made[name], dtype=np.float32) for name in output_names}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RuntimeFailed(f"the worker for {converter.title} gave no outputs") from error


@dataclass(frozen=True)
class _Answer:
    tools: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


@contextmanager
def _work(converter: Converter, around: Path, cancelled: Asked | None) -> Iterator[Path]:
    """A folder for one piece of work, with the scripts in it, and the environment held."""
    with held(converter, cancelled):
        if why := unavailable(converter):
            raise RuntimeFailed(why)
        folder = around / f".maquette-worker-{secrets.token_hex(8)}"
        folder.mkdir()
        try:
            _copy_scripts(folder / PACKAGE)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _copy_scripts(folder: Path) -> None:
    """Under a name that no package of an environment has, and apart from the app's own source."""
    folder.mkdir()
    for script in (resources.files("studio.bundles.workers") / "scripts").iterdir():
        if script.name.endswith(".py"):
            (folder / script.name).write_bytes(script.read_bytes())


def _ask(
    converter: Converter,
    folder: Path,
    request: dict[str, Any],
    most_bytes: int,
    progress: Progress | None,
    cancelled: Asked | None,
    seconds: float,
) -> _Answer:
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    (folder / "tmp").mkdir()

    def line(text: str) -> None:
        if progress is not None and text.startswith(PROGRESS):
            fraction, _, words = text.removeprefix(PROGRESS).partition(" ")
            try:
                progress(min(1.0, max(0.0, float(fraction))), words[:200])
            except ValueError:
                return

    # -E -s: nothing of the user's Python comes in. -u: lines come as they are printed.
    command = [str(python_of(folder_of(converter))), "-E", "-s", "-u", "-X", "utf8", "-m"]
    command += [f"{PACKAGE}.begin", converter.module]
    who = f"the worker for {converter.title}"
    try:
        code = run_to_end(
            command,
            folder=folder,
            log=f"worker-{converter.name}",
            environment=_environment(folder),
            on_line=line,
            cancelled=cancelled,
            seconds=seconds,
            most_bytes=most_bytes,
        )
    except Ended as ended:
        raise RuntimeFailed(f"{who} {ended}") from ended
    except OSError as error:
        raise RuntimeFailed(f"{who} cannot be started: {cause_of(error)}") from error
    return _answer(converter, folder, who, code)


def _answer(converter: Converter, folder: Path, who: str, code: int) -> _Answer:
    try:
        with (folder / "answer.json").open("rb") as file:
            raw = json.loads(file.read(LARGEST_ANSWER))
        if raw["format"] != 1:
            raise ValueError
        if (error := raw.get("error")) is not None:
            raise RuntimeFailed(f"{converter.title}: {' '.join(str(error).split())[:300]}")
        tools = tuple((str(name), str(version)) for name, version in raw["tools"].items())
        notes = tuple(" ".join(str(each).split())[:1000] for each in raw["notes"][:32])
    except FileNotFoundError:
        said = "ended without an answer" if code == 0 else describe_exit(code)
        raise RuntimeFailed(f"{who} {said}") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RuntimeFailed(f"{who} gave an answer that cannot be read") from error
    return _Answer(tools, notes)


def _check_made(converter: Converter, made: Path) -> None:
    if not made.exists():
        raise RuntimeFailed(f"the worker for {converter.title} said it was done and wrote no file")
    inside = [made, *made.rglob("*")] if made.is_dir() and not made.is_symlink() else [made]
    for each in inside:
        if each.is_symlink() or not (each.is_file() or each.is_dir()):
            raise RuntimeFailed(f"the worker for {converter.title} wrote a link in place of a file")


def _environment(folder: Path) -> dict[str, str]:
    """Next to nothing: no tokens, no proxies, no settings of other libraries."""
    kept = {n: v for n, v in os.environ.items() if n in _KEPT or n.startswith(_KEPT_PREFIXES)}
    threads = str(max(1, processor_count() - 1))
    home, temporary = str(folder), str(folder / "tmp")
    return {
        **kept,
        "OMP_NUM_THREADS": threads,
        "HOME": home,
        "USERPROFILE": home,
        "USER": "maquette",  # libraries that name their caches after the user need not look it up
        "TMPDIR": temporary,
        "TEMP": temporary,
        "TMP": temporary,
        # Libraries that would otherwise look for graphics processors, or ask a hub.
        "CUDA_VISIBLE_DEVICES": "",
        "JAX_PLATFORMS": "cpu",
        "HF_HUB_OFFLINE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def unavailable(converter: Converter) -> str:
    """What is missing before :func:`convert` works, a sentence; empty when nothing is.

    Raises:
        MaquetteError: the data folder cannot be made.
    """
    status = look(converter)
    if status.ready:
        return ""
    if status.state == "unavailable":
        return status.why
    return f"{status.why}; maquette workers --make {converter.name} makes it"
