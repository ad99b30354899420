"""``maquette devices``: the table for people, the JSON for scripts, on a host made up here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from studio import cli
from studio.commands import app
from studio.errors import NoFolder
from studio.runtimes.detection import gathering
from studio.runtimes.device import Device

CPU = Device("openvino", "CPU", "Intel", "Intel(R) Xeon(R)", "", "CPU", ("f32", "bf16"))
NPU = Device(
    "openvino", "NPU", "Intel", "Intel(R) AI Boost", "1688", "NPU", ("f16",), static_only=True
)
GPU = Device(
    "pytorch",
    "GPU",
    "NVIDIA",
    "NVIDIA H200",
    status="unavailable",
    reason="this PyTorch (2.13.0+cpu) is built without CUDA; 'pip install torch' adds it",
)
NONE = Device("system", "NPU", status="unavailable", reason="this host has no NPU")
KEYS = [
    "runtime",
    "kind",
    "vendor",
    "name",
    "driver",
    "precisions",
    "static_only",
    "status",
    "reason",
    "id",
]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["devices", *arguments])


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "gather", lambda: (CPU, NPU, GPU, NONE))


@pytest.mark.usefixtures("host")
def test_json_is_a_list_of_objects_with_the_promised_keys() -> None:
    result = run("--json")
    assert result.exit_code == 0, result.output
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    assert [list(row) for row in rows] == [KEYS] * 4
    assert rows[1] == {
        "runtime": "openvino",
        "kind": "NPU",
        "vendor": "Intel",
        "name": "Intel(R) AI Boost",
        "driver": "1688",
        "precisions": ["f16"],
        "static_only": True,
        "status": "ready",
        "reason": "",
        "id": "NPU",
    }
    assert rows[2]["status"] == "unavailable"
    assert rows[2]["reason"] == GPU.reason


@pytest.mark.usefixtures("host")
def test_the_table_names_devices_targets_and_reasons() -> None:
    lines = run().stdout.splitlines()
    (npu,) = [line for line in lines if "AI Boost" in line]
    assert "driver 1688" in npu
    assert "openvino:NPU" in npu
    assert "ready, fixed shapes only" in npu
    assert "PyTorch" in " ".join(lines)
    assert "this host has no NPU" in " ".join(lines)
    assert "without CUDA" in " ".join(" ".join(lines).split())


def test_a_failure_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise NoFolder("the folder /nowhere cannot be made (read-only file system)")

    monkeypatch.setattr(gathering, "gather", refuse)
    result = run()
    assert result.exit_code == 1
    assert result.stderr.strip() == "the folder /nowhere cannot be made (read-only file system)"


def test_unknown_options_are_wrong_usage() -> None:
    assert run("--nonsense").exit_code == 2


def test_it_is_a_command_and_no_path() -> None:
    assert "devices" in cli.COMMANDS


def test_this_host_for_real() -> None:
    result = run("--json")
    assert result.exit_code == 0, result.output
    ready = [row for row in json.loads(result.stdout) if row["status"] == "ready"]
    assert {"pytorch", "onnxruntime", "openvino"} <= {row["runtime"] for row in ready}
