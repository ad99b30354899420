"""Making the environment of a converter, once the user has agreed to its packages.

Never by itself: who calls this shows :func:`studio.bundles.workers.environments.agreement` first,
and hands over that very agreement.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from studio.bundles.workers.converters import FULL_TORCH_DISK, TORCH, Converter, Package
from studio.bundles.workers.environments import (
    Agreement,
    Status,
    agreement,
    folder_of,
    held,
    home,
    installed_in,
    look,
    put_away,
    python_of,
    write_stamp,
)
from studio.bundles.workers.supervised import Ended, run_to_end
from studio.errors import MaquetteError, RuntimeFailed, cause_of
from studio.processes.aside import folder_written_aside, remove_aside

SECONDS = 3 * 3600.0
VENV_SECONDS = 300.0
MARGIN = 1.1

Progress = Callable[[float, str], None]


def make(
    converter: Converter,
    agreed: Agreement,
    *,
    wheels: Path | None = None,
    index: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Status:
    """Make the environment, or make it again when it is damaged or out of date.

    Args:
        agreed: what was shown to the user.
        wheels: folder that holds all packages; nothing is fetched then.
        index: address of a further package index, such as one of torch's builds for CPUs.
        progress: called with a fraction in [0, 1] and a line of text, on a thread of its own, where
            it must not raise.
        cancelled: asked many times a second; nothing is left then.

    Raises:
        Cancelled: ``cancelled`` said so.
        RuntimeFailed: a package could not be installed; the sentence has pip's words.
        MaquetteError: this host cannot have it, the disk is too full, or the agreement is about
            other packages.
    """
    tell = progress or (lambda _fraction, _text: None)
    if why := converter.refusal():
        raise MaquetteError(why)
    if agreed != agreement(converter):
        raise MaquetteError(f"the packages for {converter.title} are not those agreed to")
    if wheels is not None and not wheels.is_dir():
        raise MaquetteError(f"{wheels} is no folder with packages")
    with held(converter, cancelled):
        if (status := look(converter)).ready:
            return status
        try:
            _make(converter, wheels, index, tell, cancelled)
        except OSError as error:
            where = folder_of(converter)
            raise MaquetteError(f"cannot make {where}: {cause_of(error)}") from error
        return look(converter)


def _make(
    converter: Converter,
    wheels: Path | None,
    index: str | None,
    tell: Progress,
    cancelled: Callable[[], bool] | None,
) -> None:
    target = folder_of(converter)
    remove_aside(target, converter.name)  # what one left that was killed
    for left in home().glob(f".removed-{converter.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    _check_room(converter.title, converter.download + converter.disk)
    # An environment may be renamed: its python finds itself, and what has its path written inside
    # (activate, pip as a program) is not used.
    with folder_written_aside(target, converter.name) as folder:
        tell(0.0, "making an environment")
        _venv(converter, folder, cancelled)
        pip = _Pip(converter, folder, wheels, index, tell, cancelled)
        pip.install()
        found = dict(installed_in(folder))
        installed = [(name, version) for name, version in sorted(found.items()) if name != "pip"]
        write_stamp(converter, folder, installed)
        put_away(converter)
    tell(1.0, "done")


def _check_room(title: str, wanted: int) -> None:
    free = shutil.disk_usage(home()).free
    if free < wanted * MARGIN:
        raise MaquetteError(
            f"{home()} has {free / 1e9:.1f} GB free; the packages for {title} need about "
            f"{wanted * MARGIN / 1e9:.1f} GB while they are installed"
        )


def _venv(converter: Converter, folder: Path, cancelled: Callable[[], bool] | None) -> None:
    said: list[str] = []
    try:
        code = run_to_end(
            [sys.executable, "-I", "-m", "venv", str(folder)],
            folder=folder,
            log=f"worker-{converter.name}",
            on_line=said.append,
            cancelled=cancelled,
            seconds=VENV_SECONDS,
        )
    except Ended as ended:
        raise RuntimeFailed(f"making an environment for {converter.title} {ended}") from ended
    if code != 0 or not python_of(folder).exists():
        # Debian and Ubuntu keep the module that makes environments in a package of its own.
        hint = " (python3-venv is missing)" if any("ensurepip" in line for line in said) else ""
        raise RuntimeFailed(f"Python could not make an environment for {converter.title}{hint}")


class _Pip:
    """pip in a new environment, and how far it is."""

    def __init__(
        self,
        converter: Converter,
        folder: Path,
        wheels: Path | None,
        index: str | None,
        tell: Progress,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._converter, self._folder = converter, folder
        self._tell, self._cancelled = tell, cancelled
        self._count = 0
        self._errors: list[str] = []
        self._from: list[str] = []
        if wheels is not None:
            self._from += ["--no-index", "--find-links", str(wheels.resolve())]
        if index is not None:
            self._from += ["--extra-index-url", index]

    def install(self) -> None:
        """Install the packages of the converter, each in its version and no other."""
        packages = self._converter.packages
        torch = next((each for each in packages if each.name == TORCH), None)
        if torch is not None and sys.platform == "linux":
            self._install_torch(torch)
        # A file that was built on the spot would run code that nobody agreed to.
        self._needed(["--no-deps", *(f"{each.name}=={each.version}" for each in packages)])

    def _install_torch(self, torch: Package) -> None:
        """torch's usual build for Linux comes with gigabytes of NVIDIA's libraries, which a
        converter has no use for: only where no build for CPUs is to be had."""
        pinned = f"{torch.name}=={torch.version}"
        if self._run(["--no-deps", f"{pinned}+cpu"]):
            return
        self._count = 0
        _check_room(self._converter.title, self._converter.disk + FULL_TORCH_DISK)
        self._needed([pinned])

    def _needed(self, wanted: list[str]) -> None:
        if not self._run(wanted):
            words = self._errors[-1] if self._errors else "pip says nothing more"
            raise RuntimeFailed(f"the packages for {self._converter.title} do not install: {words}")

    def _run(self, wanted: list[str]) -> bool:
        command = [str(python_of(self._folder)), "-I", "-m", "pip", "install"]
        command += ["--disable-pip-version-check", "--no-input", "--no-cache-dir"]
        command += ["--progress-bar", "off", "--only-binary", ":all:", *self._from, *wanted]
        self._errors.clear()
        try:
            code = run_to_end(
                command,
                folder=self._folder,
                log=f"worker-{self._converter.name}",
                on_line=self._line,
                cancelled=self._cancelled,
                seconds=SECONDS,
            )
        except Ended as ended:
            raise RuntimeFailed(
                f"installing the packages for {self._converter.title} {ended}"
            ) from ended
        return code == 0

    def _line(self, line: str) -> None:
        if line.startswith("ERROR:"):
            self._errors.append(line.removeprefix("ERROR:").strip()[:300])
        elif named := re.match(r"Collecting ([\w.-]+)", line):
            self._count += 1
            share = min(1.0, self._count / len(self._converter.packages))
            self._tell(0.05 + 0.75 * share, f"fetching {named[1]}")
        elif line.startswith("Installing collected packages"):
            self._tell(0.85, "installing")
