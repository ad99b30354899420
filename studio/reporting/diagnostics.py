"""What a report of a mistake needs, as one zip without private paths. Imports no runtime."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

from studio import __version__, places
from studio.errors import MaquetteError, cause_of
from studio.processes.aside import written_aside
from studio.reporting.host import cores, processor
from studio.reporting.log_lines import TAIL_BYTES
from studio.session import preferences

SUFFIX = ".zip"
DEVICES_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]
_VARIABLES = ("MAQUETTE_", "OMP_", "MKL_", "QT_", "CUDA_VISIBLE", "ORT_", "OV_", "LANG", "XDG_SESS")


@dataclass(frozen=True)
class Part:
    """One file of the zip."""

    name: str
    text: str

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.text.encode("utf-8", "replace"))


def default_name() -> str:
    """A file name that says what it is and when it was made."""
    return f"maquette-diagnostics-{time.strftime('%Y%m%d-%H%M')}{SUFFIX}"


def gather(*, devices: bool = True) -> list[Part]:
    """All parts. Takes some seconds, nearly all of them to find the devices.

    Args:
        devices: also say which devices each runtime finds, in a process of its own.
    """
    parts = [Part("system.txt", _system()), Part("versions.txt", _versions())]
    if devices:
        parts.append(Part("devices.json", _devices()))
    parts += [Part("preferences.json", _preferences()), *_logs()]
    hide = Hiding()
    return [Part(part.name, hide(part.text)) for part in parts]


def write(parts: Iterable[Part], path: Path) -> None:
    """Write a zip, whole or not at all.

    Raises:
        MaquetteError: it cannot be written there.
    """
    try:
        with (
            written_aside(path.absolute(), f"diagnostics-{os.getpid()}") as aside,
            zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for part in parts:
                archive.writestr(part.name, part.text.encode("utf-8", "replace"))
    except OSError as error:
        raise MaquetteError(f"cannot write {path}: {cause_of(error)}") from error


class Hiding:
    """Puts ``~`` for the home folder, however a text writes it.

    Args:
        home: the user's home folder; None takes this user's.
    """

    def __init__(self, home: Path | None = None) -> None:
        home = Path.home() if home is None else home
        names = {str(home), os.path.realpath(home)}
        names |= {name.replace("\\", "\\\\") for name in names} | {
            name.replace("\\", "/") for name in names
        }
        # A home at the root of the disk is nobody's, and would turn every path round.
        long = sorted((n for n in names if len(n.strip("/\\")) > 1), key=len, reverse=True)
        flags = re.IGNORECASE if os.name == "nt" else 0
        self._pattern = (
            re.compile("(?:" + "|".join(map(re.escape, long)) + r")(?![\w-])", flags)
            if long
            else None
        )

    def __call__(self, text: str) -> str:
        return text if self._pattern is None else self._pattern.sub("~", text)


def _system() -> str:
    import psutil

    memory, disk = psutil.virtual_memory(), _free(places.cache_dir())
    rows = {
        "Written": time.strftime("%Y-%m-%d %H:%M:%S %z"),
        "System": platform.platform(),
        "Machine": platform.machine(),
        "Processor": processor(),
        "Cores": f"{cores()} of {os.cpu_count()}",
        "Memory": f"{memory.total / 1e9:.1f} GB, {memory.available / 1e9:.1f} GB free",
        "Cache folder": f"{places.cache_dir()}, {disk}",
        "Data folder": str(places.data_dir()),
        "Log folder": str(places.log_dir()),
    }
    variables = [
        f"{name}={value}"
        for name, value in sorted(os.environ.items())
        if name.startswith(_VARIABLES)
    ]
    lines = [f"{name}: {value}" for name, value in rows.items()]
    return "\n".join([*lines, "", *variables]) + "\n"


def _free(folder: Path) -> str:
    import shutil

    try:
        return f"{shutil.disk_usage(folder).free / 1e9:.1f} GB free"
    except OSError as error:
        return cause_of(error)


def _versions() -> str:
    packages = {
        (each.metadata["Name"] or "?").lower().replace("_", "-"): each.version or "?"
        for each in distributions()
    }
    first = [
        f"maquette {__version__}",
        f"python {platform.python_version()} ({platform.python_implementation()})",
        f"qt {packages.get('pyside6-essentials', 'missing')}",
    ]
    return "\n".join([*first, "", *(f"{n} {v}" for n, v in sorted(packages.items()))]) + "\n"


def _devices() -> str:
    """The JSON of ``maquette devices``; a native loader that crashes or hangs costs only that."""
    if find_spec("studio.commands.devices") is None:
        return json.dumps({"problem": "this Maquette does not look for devices"}, indent=1)
    environment = dict(os.environ)
    if (_ROOT / "pyproject.toml").is_file():
        known = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), *([known] if known else [])])
    try:
        found = subprocess.run(
            [sys.executable, "-P", "-m", "studio.cli", "devices", "--json"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=DEVICES_SECONDS,
            env=environment,
            stdin=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        problem = f"looking for devices took more than {DEVICES_SECONDS} s"
    except OSError as error:
        problem = f"looking for devices could not be started: {cause_of(error)}"
    else:
        if found.returncode == 0:
            return found.stdout
        problem = f"looking for devices ended with {found.returncode}: {found.stderr[-2000:]}"
    return json.dumps({"problem": problem}, indent=1, ensure_ascii=False)


def _preferences() -> str:
    try:
        content: object = asdict(preferences.read())
    except MaquetteError as error:
        content = {"problem": str(error)}
    return json.dumps(content, indent=1, ensure_ascii=False)


def _logs() -> list[Part]:
    parts = []
    for path in sorted(places.log_dir().glob("*.log")):
        try:
            with path.open("rb") as stream:
                size = stream.seek(0, 2)
                stream.seek(max(0, size - TAIL_BYTES))
                text = stream.read().decode("utf-8", "replace")
        except OSError as error:
            text = cause_of(error)
        parts.append(Part(f"logs/{path.name}", text))
    return parts
