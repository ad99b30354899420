"""What the set-up says where it cannot go on, on machines made of stubs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OLD = "exit 1"
NEW = 'case "$2" in *ensurepip*) exit 1;; *version_info\\[*|*%d*) echo 3.12;; esac; exit 0'

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the set-up is for POSIX systems")


def _run(script: str, *arguments: str, folder: Path, **stubs: str) -> subprocess.CompletedProcess:
    folder.mkdir()
    for name, body in stubs.items():
        stub = folder / name.replace("_", "-").replace("python3-", "python3.")
        stub.write_text(f"#!/bin/sh\n{body}\n")
        stub.chmod(0o755)
    return subprocess.run(
        [shutil.which("sh") or "/bin/sh", str(ROOT / ".ci" / script), *arguments],
        cwd=folder,
        env={"PATH": str(folder), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_python_that_is_too_old_is_named_in_one_sentence(tmp_path: Path) -> None:
    done = _run("setup", "python3", "venv", folder=tmp_path / "a", python3=OLD)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "3.11 or newer" in done.stderr
    assert "make PYTHON=" in done.stderr
    done = _run("setup", "python2", "venv", folder=tmp_path / "b", python3_12=NEW)
    assert "'python2' is not" in done.stderr


def test_a_newer_python_beside_an_old_one_is_found(tmp_path: Path) -> None:
    # It gets as far as the venv module, which this one lacks.
    done = _run(
        "setup",
        "python3",
        "venv",
        folder=tmp_path / "a",
        python3=OLD,
        python3_12=NEW,
        id="echo 1000",
        sudo="exit 1",
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "Python's venv module is missing; install it with: sudo apt-get install -y python3.12-venv"
    ]


def test_without_rights_missing_packages_are_named_in_one_apt_line(tmp_path: Path) -> None:
    stubs = {"dpkg_query": "exit 1", "apt_get": "exit 1", "id": "echo 1000", "sudo": "exit 1"}
    stubs["grep"] = f'exec {shutil.which("grep")} "$@"'
    done = _run("system-packages", "run", folder=tmp_path / "a", **stubs)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    assert "sudo apt-get install -y libegl1" in line
    assert "xvfb" not in line
    done = _run("system-packages", "test", folder=tmp_path / "b", **stubs)
    assert "xvfb" in done.stdout


def test_without_apt_the_packages_are_nobodys_business(tmp_path: Path) -> None:
    done = _run("system-packages", "run", folder=tmp_path / "a")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
