"""``maquette sensitivity``."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.cli import COMMANDS
from tests.cli.test_commands import refused, run, strict_json
from tests.families.quantised import tame_model


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "tame.safetensors"
    tame_model().save(path)
    return str(path)


def test_as_json(file: str) -> None:
    assert "sensitivity" in COMMANDS
    result = run("sensitivity", file, "--json", "--samples", "4", "--seeds", "2", "--wanted", "80")
    assert result.exit_code == 0, result.output
    record = strict_json(result.stdout)
    names = [layer["name"] for layer in record["layers"]]
    assert names[:2] == ["layer0.convolved", "layer1.convolved"]
    assert names[-1] == "rgb3.convolved"
    assert sum(layer["macs"] for layer in record["layers"]) < 1
    assert all(layer["psnr"] > record["together"] for layer in record["layers"])
    assert (record["seeds"], record["wanted"]) == (2, 80)
    proposal = record["proposal"]
    assert len(proposal["keep"]) == 7  # nothing that is rounded comes within 80 dB
    assert (proposal["psnr"], proposal["int8"], proposal["reached"]) == (None, 0, True)


def test_for_people(file: str) -> None:
    result = run("sensitivity", file, "--samples", "4", "--seeds", "2", "--wanted", "10")
    assert result.exit_code == 0
    for text in ("layer6.convolved", "rgb0.convolved", "Predicted:", "of the multiplies in int8"):
        assert text in result.stdout


def test_what_is_refused(file: str) -> None:
    assert "--samples 0 is not within 1 and 1024" in refused("sensitivity", file, "--samples", "0")
    assert "--seeds 999 is not within 1 and 256" in refused("sensitivity", file, "--seeds", "999")
