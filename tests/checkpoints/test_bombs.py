"""Small files that claim to be large: refused within little memory and time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures_root import FIXTURES

_LIMIT = 300_000_000  # bytes above what the imports alone need
_SECONDS = 60

_SCRIPT = """
import resource, sys
from pathlib import Path
from studio.checkpoints import open_checkpoint
from studio.errors import RefusedFile

import torch
open_checkpoint(sys.argv[1])  # whatever is loaded late is loaded now
before = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
limit = before + int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for path in sys.argv[3:]:
    try:
        open_checkpoint(path)
    except RefusedFile as refused:
        assert "not enough memory" not in str(refused), refused
        print(refused)
    else:
        raise SystemExit(f"{path} was opened")
"""


def _bombs(folder: Path) -> list[Path]:
    """Bombs that need no file of their own in the repository."""
    sets = folder / "sets.pkl"
    sets.write_bytes(b"\x80\x04" + b"\x8f" * 2_000_000 + b".")
    huge = folder / "sparse.safetensors"
    with huge.open("wb") as file:
        file.write((15_000_000).to_bytes(8, "little") + b"{")
        file.truncate(1 << 40)
    zeros = folder / "sparse.pt"
    with zeros.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(1 << 40)
    text = folder / "text.pkl"
    with text.open("wb") as file:
        file.write(b"\x80\x04\x8d" + (1 << 39).to_bytes(8, "little"))
        file.truncate(1 << 40)
    brackets = folder / "brackets.safetensors"
    body = b'{"a":' + b"[" * 4_000_000
    brackets.write_bytes(len(body).to_bytes(8, "little") + body)
    string = folder / "string.safetensors"
    body = b'{"' + b"\\n" * 2_000_000
    string.write_bytes(len(body).to_bytes(8, "little") + body)
    return [sets, huge, zeros, text, brackets, string]


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is set as Linux does it")
def test_bombs_are_refused_within_bounded_memory(tmp_path: Path) -> None:
    names = ("stride_bomb.pt", "deflate_bomb.pt", "deep_nesting.pkl", "deep.json")
    named = ("header_2e60.safetensors", "shape_overflow.safetensors", "outside_storage.pt")
    files = [FIXTURES / "hostile" / name for name in names + named] + _bombs(tmp_path)
    good = FIXTURES / "anycost/odd/generator.pt"
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(good), str(_LIMIT), *map(str, files)],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    sentences = done.stdout.splitlines()
    assert len(sentences) == len(files), done.stdout
    for sentence, file in zip(sentences, files, strict=True):
        assert sentence.startswith(f"{file.name} cannot be opened: ")


def test_importing_the_package_imports_no_torch() -> None:
    script = (
        "import sys, studio.checkpoints as c; c.is_maquette('x'); "
        "assert not {'torch', 'numpy'} & sys.modules.keys(); c.open_checkpoint; "
        "assert 'torch' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
