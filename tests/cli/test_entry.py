"""The entry point: window or command, exit codes, quiet failures, a quick start."""

from __future__ import annotations

import os
import runpy
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio import cli
from studio.errors import NoFolder
from tests.families.small import small_model


@pytest.fixture(autouse=True)
def untouched_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")


def maquette(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studio.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.mark.parametrize("arguments", [[], ["model.pt"]])
def test_nothing_or_a_path_opens_the_window(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, list[str]]] = []

    def run_module(name: str, **options: Any) -> None:
        opened.append((name, sys.argv[1:]))

    monkeypatch.setattr(runpy, "run_module", run_module)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 0
    assert opened == [("widgets", arguments)]


def test_the_window_takes_an_embedded_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runpy, "run_module", lambda name, **options: None)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with pytest.raises(SystemExit):
        cli.main(["clay-heads"])
    assert sys.argv[1].endswith("clay-heads.safetensors")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a window always opens")
def test_without_a_display_one_line_says_so_and_the_demo_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        cli.main(["no-such-model"])
    assert end.value.code == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "no display" in lines[0]
    assert "no-such-model" in lines[1]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere a window always opens")
def test_a_display_counts_only_when_it_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    assert not cli.has_display()
    for dead in (":9873", "unix:9873.0", "127.0.0.1:59999.0", "nonsense", ":"):
        monkeypatch.setenv("DISPLAY", dead)
        assert not cli.has_display()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert not cli.has_display()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert cli.has_display()
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.setenv("DISPLAY", ":9873")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0/tmp/.X11-unix/X9873")
        server.listen()
        assert cli.has_display()


def test_letters_that_the_terminal_lacks_harm_nothing(tmp_path: Path) -> None:
    file = tmp_path / "모델 하나.safetensors"
    small_model().save(file)
    for arguments in (["inspect", str(file)], ["inspect", str(file), "--json"]):
        done = maquette(*arguments, PYTHONIOENCODING="ascii")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.isascii()
    done = maquette("inspect", str(tmp_path / "없음"), PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_a_refusal_is_one_sentence_and_exit_1() -> None:
    done = maquette("render", "no-such-model", "-o", "a.png")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "no-such-model" in done.stderr


def test_debugging_shows_where() -> None:
    done = maquette("render", "no-such-model", "-o", "a.png", MAQUETTE_DEBUG="1")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_an_unforeseen_failure_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    cli._one_sentence(ZeroDivisionError, ZeroDivisionError("division\nby zero"), None)
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    assert "ZeroDivisionError: division by zero" in text
    cli._one_sentence(NoFolder, NoFolder("the folder x cannot be made"), None)
    assert capsys.readouterr().err == "the folder x cannot be made\n"


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["compare", "--help"]])
def test_help_loads_neither_torch_nor_qt(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from studio.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'torch', 'PySide6', 'torchmetrics', 'numpy', 'PIL'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "maquette" in done.stdout


def test_wrong_usage_is_exit_2() -> None:
    assert maquette("render").returncode == 2
