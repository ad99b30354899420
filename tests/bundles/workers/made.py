"""Converters made up for tests: environments whose interpreter is a script, and tiny packages."""

from __future__ import annotations

import json
import platform
import stat
import sys
import zipfile
from pathlib import Path

from studio.bundles.workers.converters import Converter
from studio.bundles.workers.environments import folder_of, python_of, write_stamp

MACHINE = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())

TINY = Converter(
    name="tiny",
    title="Tiny",
    suffix=".tiny",
    module="to_tiny",
    precisions=("f32",),
    places=((sys.platform, MACHINE),),
    pythons=((3, 11), (3, 99)),
    runs_on=(sys.platform,),
    download=1000,
    disk=1000,
    requirements="tinyconv==1.0  # makes nothing\ntiny_helper==2.5\n",
)


def interpreter(converter: Converter, program: str) -> Path:
    """An environment that looks whole; its interpreter runs ``program`` whatever it is told."""
    folder = folder_of(converter)
    python = python_of(folder)
    python.parent.mkdir(parents=True)
    python.write_text(f"#!{sys.executable} -I\n{program}\n")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    site = folder / "lib" / "python3.11" / "site-packages"
    for package in converter.packages:
        info = site / f"{package.name}-{package.version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Name: {package.name}\nVersion: {package.version}\n")
    write_stamp(converter, folder, [(each.name, each.version) for each in converter.packages])
    return folder


def answering(text: str = "", **fields: object) -> str:
    """A program that does ``text`` and answers."""
    answer = {"format": 1, "tools": {"tinyconv": "1.0"}, "notes": [], **fields}
    return f"""
import json, pathlib
request = json.loads(pathlib.Path("request.json").read_text())
{text}
pathlib.Path("answer.json").write_text({json.dumps(answer)!r})
"""


def wheel(folder: Path, name: str, version: str, needs: str = "") -> Path:
    """A package with nothing in it but its version, as a wheel that pip takes."""
    folder.mkdir(exist_ok=True)
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    needs = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{module}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{each},,\n" for each in (*files, f"{info}/RECORD"))
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(each, text)
    return path
