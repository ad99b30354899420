"""``maquette diagnostics``: a zip, and what is in it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile

from studio.places import CACHE_FOLDER
from studio.session import preferences
from studio.session.preferences import Preferences


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studio.cli", "diagnostics", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=170,
        env={n: v for n, v in {**os.environ, **environment}.items() if v},
    )


def test_it_writes_a_zip_and_says_where(tmp_path):
    out = tmp_path / "d.zip"
    done = run("-o", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"The diagnostics are {out}\n")
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
        assert names[:4] == ["system.txt", "versions.txt", "devices.json", "preferences.json"]
        for name in names:
            assert name in done.stdout
        assert archive.testzip() is None


def test_another_ending_is_refused_before_anything_is_gathered(tmp_path):
    done = run("-o", tmp_path / "d.txt")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("the name must end in .zip")
    assert list(tmp_path.iterdir()) == []


def test_commands_share_the_cache_that_is_preferred(tmp_path):
    preferences.save(Preferences(cache_folder=str(tmp_path / "cache")))
    done = run("-o", tmp_path / "d.zip", **{CACHE_FOLDER: ""})
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        assert f"{CACHE_FOLDER}={tmp_path / 'cache'}" in archive.read("system.txt").decode()
    (tmp_path / "file").touch()
    preferences.save(Preferences(cache_folder=str(tmp_path / "file" / "cache")))
    done = run("-o", tmp_path / "d.zip", **{CACHE_FOLDER: "", "XDG_CACHE_HOME": str(tmp_path)})
    assert done.returncode == 0
    assert "cannot be used (not a directory); the usual one is used." in done.stderr
