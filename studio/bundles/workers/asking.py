"""One request to a worker: a child of the converter's own interpreter, and its answer in a file.

Nothing of what comes back is trusted: the answer is small and flat.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from studio.bundles.workers.converters import Converter
from studio.bundles.workers.environments import folder_of, held, look, python_of
from studio.bundles.workers.supervised import Ended, run_to_end
from studio.errors import RuntimeFailed, cause_of
from studio.processes.child import describe_exit, processor_count

PACKAGE = "maquette_worker"
PROGRESS = "maquette-progress "
LARGEST_ANSWER = 1 << 20
_KEPT = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TZ", "WINDIR")
_KEPT_PREFIXES = ("MKL_", "OMP_", "OPENBLAS_")

Progress = Callable[[float, str], None]
Asked = Callable[[], bool]


@dataclass(frozen=True)
class Answer:
    tools: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    milliseconds: tuple[float, ...]


@contextmanager
def work_folder(converter: Converter, around: Path, cancelled: Asked | None) -> Iterator[Path]:
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


def ask(
    converter: Converter,
    folder: Path,
    request: dict[str, Any],
    most_bytes: int,
    progress: Progress | None,
    cancelled: Asked | None,
    seconds: float,
) -> Answer:
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


def _answer(converter: Converter, folder: Path, who: str, code: int) -> Answer:
    try:
        with (folder / "answer.json").open("rb") as file:
            raw = json.loads(file.read(LARGEST_ANSWER))
        if raw["format"] != 1:
            raise ValueError
        if (error := raw.get("error")) is not None:
            raise RuntimeFailed(f"{converter.title}: {' '.join(str(error).split())[:300]}")
        tools = tuple((str(name), str(version)) for name, version in raw["tools"].items())
        notes = tuple(" ".join(str(each).split())[:1000] for each in raw["notes"][:32])
        times = tuple(float(each) for each in raw.get("milliseconds", ())[:1000])
    except FileNotFoundError:
        said = "ended without an answer" if code == 0 else describe_exit(code)
        raise RuntimeFailed(f"{who} {said}") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise RuntimeFailed(f"{who} gave an answer that cannot be read") from error
    return Answer(tools, notes, times)


def _environment(folder: Path) -> dict[str, str]:
    """Next to nothing of ours: no tokens, no proxies, no settings of other libraries."""
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
