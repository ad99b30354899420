"""Diagnostics: complete, without private paths, written whole."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from studio import places
from studio.errors import MaquetteError
from studio.reporting import diagnostics
from studio.reporting.diagnostics import Hiding, Part, gather, write
from studio.session import preferences
from studio.session.preferences import Preferences


def parts() -> dict[str, str]:
    return {part.name: part.text for part in gather(devices=False)}


def test_it_says_what_a_report_needs(monkeypatch, tmp_path):
    home = tmp_path / "home" / "ann"
    home.mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    preferences.save(Preferences(cache_folder=str(home / "캐시"), theme="dark"))
    (places.log_dir() / "render.log").write_text(f"2026-01-02 10:00:00 opened {home}/a.pt\n")
    found = parts()
    assert set(found) == {"system.txt", "versions.txt", "preferences.json", "logs/render.log"}
    for words in ("System: ", "Processor: ", "Memory: ", "Cores: ", "OMP_NUM_THREADS=1"):
        assert words in found["system.txt"]
    assert found["versions.txt"].startswith("maquette ")
    for words in ("python 3.", "qt 6.", "\npydantic "):
        assert words in found["versions.txt"]
    assert json.loads(found["preferences.json"])["cache_folder"] == "~/캐시"
    assert found["logs/render.log"] == "2026-01-02 10:00:00 opened ~/a.pt\n"
    everything = "\n".join(found.values())
    assert str(home) not in everything
    assert "hunter2" not in everything


def test_damaged_preferences_are_a_line_and_stay_where_they_are():
    preferences.path().write_text("{")
    assert "is not JSON" in json.loads(parts()["preferences.json"])["problem"]
    assert preferences.path().read_text() == "{"


@pytest.mark.parametrize(
    ("home", "text", "hidden"),
    [
        ("/home/ann", "/home/ann/x and /home/anna/x", "~/x and /home/anna/x"),
        ("/home/ann", "/home/ann", "~"),
        ("/home/ann", "/home/ann-old /home/ann.", "/home/ann-old ~."),
        ("/", "/etc/passwd", "/etc/passwd"),
        ("C:\\Users\\Ann", "C:\\Users\\Ann\\m.pt", "~\\m.pt"),
        ("C:\\Users\\Ann", '"C:\\\\Users\\\\Ann\\\\m.pt"', '"~\\\\m.pt"'),
        ("C:\\Users\\Ann", "C:/Users/Ann/m.pt", "~/m.pt"),
    ],
)
def test_the_home_folder_is_hidden_however_it_is_written(home, text, hidden):
    assert Hiding(Path(home))(text) == hidden


def test_a_home_behind_a_link_is_hidden_too(tmp_path):
    real = tmp_path / "disk" / "ann"
    real.mkdir(parents=True)
    link = tmp_path / "ann"
    link.symlink_to(real)
    assert Hiding(link)(f"{real}/x {link}/y") == "~/x ~/y"


def test_the_devices_come_from_a_process_of_their_own(monkeypatch):
    """What it prints is taken over; its end, its silence and its absence cost one line."""

    class Gone:
        returncode, stdout, stderr = -11, "", "Segmentation fault"

    asked = []

    def run(command, **options):
        asked.append((command, options["timeout"]))
        return Gone

    monkeypatch.setattr(subprocess, "run", run)
    (found,) = [part for part in gather() if part.name == "devices.json"]
    assert "ended with -11: Segmentation fault" in json.loads(found.text)["problem"]
    assert asked[0][0] == [sys.executable, "-P", "-m", "studio.cli", "devices", "--json"]

    def slow(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(subprocess, "run", slow)
    (found,) = [part for part in gather() if part.name == "devices.json"]
    assert "took more than 60 s" in json.loads(found.text)["problem"]
    monkeypatch.setattr(diagnostics, "find_spec", lambda _: None)
    (found,) = [part for part in gather() if part.name == "devices.json"]
    assert "does not look for devices" in json.loads(found.text)["problem"]


def test_a_zip_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "d.zip"
    write([Part("a.txt", "하나"), Part("logs/b.log", "two\ud800")], target)
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["a.txt", "logs/b.log"]
        assert archive.read("a.txt").decode() == "하나"
        assert archive.read("logs/b.log") == b"two?"
    assert [path.name for path in tmp_path.iterdir()] == ["d.zip"]
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "folder.zip" / "x").touch()
    with pytest.raises(MaquetteError, match="cannot write"):
        write([Part("a", "b")], tmp_path / "folder.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.zip", "folder.zip"]


def test_no_runtime_is_imported():
    code = (
        "import sys; from studio.reporting.diagnostics import gather; gather(devices=False); "
        "print([n for n in ('torch', 'onnxruntime', 'openvino', 'pydantic') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
