"""Which converters there are, what each needs, and where it works.

A requirements file names every package of an environment with its version, and nothing else is
installed: what the user agrees to is all that comes. The versions are those that were tried
together; ``make test-online`` tries them again.
"""

from __future__ import annotations

import hashlib
import platform
import re
import sys
from dataclasses import dataclass
from importlib import resources

from studio.errors import BadChoice

TORCH = "torch"
FULL_TORCH_DISK = 8_000_000_000
"""Bytes that torch's usual build for Linux takes with NVIDIA's libraries, on the safe side."""
SYSTEMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}


@dataclass(frozen=True)
class Package:
    """A package in the one version that was tried."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Converter:
    """One converter.

    Args:
        name: of its environment, of its format on the command line, and of its requirements file.
        title: for people. suffix: of what it makes. module: of ``scripts`` that does the work.
        precisions: what it writes, the usual one first.
        places: (system, machine) pairs for which all its packages exist.
        pythons: first and last version of Python for which they do.
        runs_on: systems on which its environment can run what it made, as ``sys.platform``.
        download, disk: bytes, as measured on Linux with torch's build for CPUs.
        requirements: text in place of that of the requirements file.
    """

    name: str
    title: str
    suffix: str
    module: str
    precisions: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    pythons: tuple[tuple[int, int], tuple[int, int]]
    runs_on: tuple[str, ...]
    download: int
    disk: int
    requirements: str = ""

    @property
    def text(self) -> str:
        """The requirements."""
        if self.requirements:
            return self.requirements
        file = resources.files("studio.bundles.workers") / "requirements" / f"{self.name}.txt"
        return file.read_text(encoding="utf-8")

    @property
    def packages(self) -> tuple[Package, ...]:
        """Every package that is installed, the converter first."""
        lines = (line.partition("#")[0].strip() for line in self.text.splitlines())
        parts = (line.partition("==") for line in lines if line)
        return tuple(Package(name.strip(), version.strip()) for name, _, version in parts)

    @property
    def digest(self) -> str:
        """Names the packages: of another digest, an environment is out of date."""
        wanted = "\n".join(map(str, self.packages))
        return hashlib.sha256(wanted.encode()).hexdigest()

    def refusal(self) -> str:
        """Why its environment cannot be made on this host, a sentence; empty when it can."""
        first = self.packages[0]
        machine = _machine()
        if (sys.platform, machine) not in self.places:
            here = f"{SYSTEMS.get(sys.platform, sys.platform)} on {machine}"
            return f"{first} has no package for {here}; it has for {self._places()}"
        lowest, highest = self.pythons
        if not lowest <= sys.version_info[:2] <= highest:
            return (
                f"{first} was not made for Python {sys.version_info[0]}.{sys.version_info[1]}; "
                f"it was for {lowest[0]}.{lowest[1]} to {highest[0]}.{highest[1]}"
            )
        return ""

    def _places(self) -> str:
        return " and ".join(f"{SYSTEMS[system]} on {machine}" for system, machine in self.places)

    def runs_here(self) -> str:
        """Why what it makes cannot be run on this host, a sentence; empty when it can."""
        if sys.platform in self.runs_on:
            return ""
        where = " and ".join(SYSTEMS[system] for system in self.runs_on)
        here = SYSTEMS.get(sys.platform, sys.platform)
        name = self.packages[0].name
        return f"{name} converts on {here}, but {self.title} models run on {where} only"


_X86, _ARM = ("linux", "x86_64"), ("darwin", "arm64")

CONVERTERS = (
    Converter(
        name="coreml",
        title="Core ML",
        suffix=".mlpackage",
        module="to_coreml",
        precisions=("f16", "f32"),
        places=(_X86, _ARM),
        pythons=((3, 11), (3, 13)),
        runs_on=("darwin",),
        download=30_000_000,
        disk=230_000_000,
    ),
    Converter(
        name="litert",
        title="LiteRT",
        suffix=".tflite",
        module="to_litert",
        precisions=("f32",),
        places=(_X86, _ARM),
        pythons=((3, 11), (3, 14)),
        runs_on=("linux", "darwin"),
        download=450_000_000,
        disk=2_000_000_000,
    ),
    Converter(
        name="executorch",
        title="ExecuTorch",
        suffix=".pte",
        module="to_executorch",
        precisions=("f32",),
        places=(_X86, ("linux", "aarch64"), _ARM, ("win32", "x86_64")),
        pythons=((3, 11), (3, 14)),
        runs_on=("linux", "darwin", "win32"),
        download=250_000_000,
        disk=1_200_000_000,
    ),
)


def converter_named(name: str) -> Converter:
    """The converter of that name.

    Raises:
        BadChoice: there is none.
    """
    for each in CONVERTERS:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in CONVERTERS)
    raise BadChoice(f"'{name[:40]}' is no converter; there are {known}")


def normal_name(package: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()


def _machine() -> str:
    machine = platform.machine().lower()
    return {"amd64": "x86_64"}.get(machine, machine)
