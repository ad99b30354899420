"""Making environments from local packages, with the real venv and pip, and without a network."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from studio.bundles.workers import making
from studio.bundles.workers.environments import (
    agreement,
    folder_of,
    home,
    look,
    python_of,
)
from studio.bundles.workers.making import make
from studio.bundles.workers.supervised import Cancelled
from studio.errors import MaquetteError, RuntimeFailed
from studio.processes.aside import aside_folder
from tests.bundles.workers.made import TINY, interpreter, wheel


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing in it but pip, to be copied: making one takes seconds."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-I", "-m", "venv", str(folder)], check=True, timeout=120)
    return folder


@pytest.fixture
def copied(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy(_converter: object, folder: Path, _cancelled: object) -> None:
        shutil.copytree(environment, folder, symlinks=True, dirs_exist_ok=True)

    monkeypatch.setattr(making, "_venv", copy)


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    wheel(folder, "tinyconv", "1.0", needs="nobody-agreed-to-this")
    wheel(folder, "tiny-helper", "2.5")
    wheel(folder, "tiny-helper", "3.0")
    wheel(folder, "nobody-agreed-to-this", "1.0")
    return folder


def nothing_left() -> bool:
    return {path.name for path in home().iterdir()} <= {"tiny.lock"}


def test_the_packages_agreed_to_come_and_no_others(wheels: Path) -> None:
    told: list[tuple[float, str]] = []
    status = make(TINY, agreement(TINY), wheels=wheels, progress=lambda *each: told.append(each))
    assert status.ready
    installed = dict(status.installed)
    assert (installed["tinyconv"], installed["tiny-helper"]) == ("1.0", "2.5")
    assert "nobody-agreed-to-this" not in installed
    program = "import tinyconv, tiny_helper as h; print(tinyconv.VERSION, h.VERSION)"
    command = [str(python_of(folder_of(TINY))), "-I", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["1.0", "2.5"]
    assert told[0] == (0.0, "making an environment")
    assert "installing" in {text for _, text in told}
    assert told[-1] == (1.0, "done")
    assert not aside_folder(folder_of(TINY), TINY.name).exists()
    assert make(TINY, agreement(TINY)) == status  # it is there: nothing is done


@pytest.mark.usefixtures("copied")
def test_a_damaged_one_is_made_again(wheels: Path) -> None:
    folder = interpreter(TINY, "raise SystemExit(3)")
    (folder / "rubbish").write_text("left")
    for info in folder.rglob("*.dist-info"):
        shutil.rmtree(info)
    aside = aside_folder(folder, TINY.name)
    aside.mkdir()
    (aside / "half").write_text("of one that was killed")
    assert look(TINY).state == "damaged"
    assert make(TINY, agreement(TINY), wheels=wheels).ready
    assert not (folder / "rubbish").exists()
    assert not aside.exists()


@pytest.mark.usefixtures("copied")
def test_a_version_that_is_not_to_be_had(wheels: Path) -> None:
    (wheels / "tiny_helper-2.5-py3-none-any.whl").unlink()
    with pytest.raises(RuntimeFailed) as caught:
        make(TINY, agreement(TINY), wheels=wheels)
    assert str(caught.value).startswith("the packages for Tiny do not install: ")
    assert "tiny_helper==2.5" in str(caught.value).replace("-", "_")
    assert nothing_left()


def test_cancel_leaves_nothing(wheels: Path) -> None:
    with pytest.raises(Cancelled):
        make(TINY, agreement(TINY), wheels=wheels, cancelled=lambda: True)
    assert nothing_left()


@pytest.mark.usefixtures("copied")
def test_source_is_never_built(wheels: Path, tmp_path: Path) -> None:
    """A source archive runs its own code when it is built."""
    (wheels / "tiny_helper-2.5-py3-none-any.whl").unlink()
    source = tmp_path / "tiny_helper-2.5"
    source.mkdir()
    trap = tmp_path / "trap"
    (source / "setup.py").write_text(f"open({str(trap)!r}, 'w').close()")
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: tiny_helper\nVersion: 2.5\n")
    shutil.make_archive(str(wheels / "tiny_helper-2.5"), "gztar", tmp_path, source.name)
    with pytest.raises(RuntimeFailed):
        make(TINY, agreement(TINY), wheels=wheels)
    assert not trap.exists()


def test_a_full_disk_is_seen_first(monkeypatch: pytest.MonkeyPatch, wheels: Path) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(making.shutil, "disk_usage", lambda _: usage(10**12, 10**12, 10**8))
    big = replace(TINY, disk=2_000_000_000, download=500_000_000)
    with pytest.raises(
        MaquetteError, match=r"has 0\.1 GB free; the packages for Tiny need about 2"
    ):
        make(big, agreement(big), wheels=wheels)
    assert nothing_left()


def test_an_agreement_to_something_else_is_none() -> None:
    other = replace(agreement(TINY), packages=("tinyconv 0.9",))
    with pytest.raises(MaquetteError, match="the packages for Tiny are not those agreed to"):
        make(TINY, other)
    assert not home().exists()


def test_no_folder_of_packages(tmp_path: Path) -> None:
    with pytest.raises(MaquetteError, match="is no folder with packages"):
        make(TINY, agreement(TINY), wheels=tmp_path / "none")


def test_a_host_that_cannot_have_it() -> None:
    nowhere = replace(TINY, places=(("linux", "pdp11"),))
    with pytest.raises(MaquetteError, match="it has for Linux on pdp11"):
        make(nowhere, agreement(nowhere))


@pytest.mark.usefixtures("copied")
def test_a_build_for_cpus_comes_before_the_usual_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On Linux the usual build of torch wants gigabytes of libraries of NVIDIA."""
    monkeypatch.setattr(making.sys, "platform", "linux")
    with_torch = replace(TINY, requirements="tinyconv==1.0\ntorch==0.0.7\n")
    wheel(tmp_path, "tinyconv", "1.0")
    wheel(tmp_path, "torch", "0.0.7", needs="nvidia-everything")
    wheel(tmp_path, "torch", "0.0.7+cpu")
    status = make(with_torch, agreement(with_torch), wheels=tmp_path)
    assert status.ready
    assert dict(status.installed)["torch"] == "0.0.7+cpu"
