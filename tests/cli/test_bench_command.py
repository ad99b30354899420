"""``maquette bench``: what it times, prints and refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from studio.cli import COMMANDS
from studio.commands import app, benching
from studio.errors import RuntimeFailed
from studio.families.portable import PortableNetwork
from studio.runtimes import all as every
from studio.runtimes import benchmark
from studio.runtimes.benchmark import Bounds
from studio.runtimes.contract import NodePlace, Plan
from studio.runtimes.onnxruntime import OnnxRuntime
from studio.runtimes.target import Target
from studio.runtimes.timing_record import Accuracy, BatchTiming, Spread, TimingRecord
from tests.families.small import small_model

KEYS = {
    "variant",
    "width",
    "resolution",
    "network",
    "key",
    "parameters",
    "macs",
    "target",
    "title",
    "version",
    "device",
    "system",
    "threads",
    "devices",
    "precision",
    "int8",
    "left",
    "fallbacks",
    "compile_ms",
    "load_ms",
    "memory_before",
    "batches",
    "accuracy",
    "layers",
    "refusals",
    "notes",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "BOUNDS", Bounds(1, 2, 2, 0))


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "small.safetensors"
    small_model().save(path)
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["bench", *arguments])


def refused(*arguments: str, code: int = 1) -> str:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    if code == 1:
        assert len(result.stderr.strip().splitlines()) == 1
        assert "Traceback" not in result.stderr
    return " ".join(result.stderr.split())


def records(*arguments: str) -> list[dict[str, Any]]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output

    def never(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    found: list[dict[str, Any]] = json.loads(result.stdout, parse_constant=never)
    return found


def test_it_is_a_command() -> None:
    assert "bench" in COMMANDS


def test_json_of_several_widths_and_targets(file: str) -> None:
    targets = ("--target", "onnxruntime", "--target", "pytorch:cpu")
    rows = records(file, "--width", "1", "--width", "0.5", *targets, "--batch", "1", "--batch", "3")
    assert [(r["variant"], r["target"]) for r in rows] == [
        ("full", "onnxruntime:cpu:f32"),
        ("full", "pytorch:cpu:f32"),
        ("width 0.5", "onnxruntime:cpu:f32"),
        ("width 0.5", "pytorch:cpu:f32"),
    ]
    assert rows[2]["parameters"] < rows[0]["parameters"]
    for row in rows:
        assert set(row) == KEYS
        assert (row["devices"], row["precision"], row["threads"]) == (["CPU"], "f32", 1)
        assert [b["batch"] for b in row["batches"]] == [1, 3]
        for timing in row["batches"]:
            spread = timing["spread"]
            assert spread["p10"] <= spread["median"] <= spread["p90"]
            assert timing["per_second"] == pytest.approx(1000 * timing["batch"] / spread["median"])
            assert timing["memory"] > 0
            assert timing["refusal"] == ""
        assert row["compile_ms"] > 0
        assert row["load_ms"] > 0
        assert row["accuracy"]["passes"] is True
        assert (row["refusals"], row["fallbacks"]) == ([], [])
    assert {"ConvTranspose"} <= {layer["operator"] for layer in rows[0]["layers"]}


def test_without_targets_every_runtime_is_timed_on_its_cpu(file: str) -> None:
    rows = records(file, "--width", "0.5", "--batch", "1")
    targets = [row["target"] for row in rows]
    f32 = ["pytorch:cpu:f32", "onnxruntime:cpu:f32", "openvino:CPU:f32"]
    assert [t for t in targets if t.endswith("f32")] == f32
    assert all(row["refusals"] == [] for row in rows)
    assert all(row["accuracy"]["passes"] for row in rows if row["precision"] == "f32")


def test_the_table_says_what_ran_where(file: str) -> None:
    result = run(
        file,
        "--width",
        "0.5",
        "--target",
        "onnxruntime",
        "--batch",
        "1",
        "--batch",
        "2",
        "--layers",
    )
    assert result.exit_code == 0, result.output
    text = result.stdout
    for word in ("small, ", "width 0.5", "onnxruntime:cpu:f32", "CPU, f32", "per s at 2", " dB"):
        assert word in text
    assert "layer by layer" in text
    for word in ("layer1", "rgb0", "mapping", "other"):
        assert word in text


def test_layers_as_json_add_up(file: str) -> None:
    (row,) = records(file, "--target", "onnxruntime", "--batch", "1", "--layers")
    assert sum(each["macs"] for each in row["by_layer"]) == row["macs"]
    assert sum(each["ms"] or 0 for each in row["by_layer"]) == pytest.approx(
        sum(each["milliseconds"] for each in row["layers"])
    )
    assert {each["precision"] for each in row["by_layer"]} == {"", "f32"}
    assert all(each["sensitivity_db"] is None for each in row["by_layer"])


def test_threads_are_those_of_rendering_or_as_asked(file: str) -> None:
    (row,) = records(file, "--target", "onnxruntime", "--batch", "1", "--threads", "2")
    assert row["threads"] == 2


def test_resolution_and_rule_reach_the_subnet(file: str) -> None:
    asked = ("--width", "0.5", "--width-rule", "anycost", "--resolution", "16")
    (row,) = records(file, *asked, "--target", "onnxruntime", "--batch", "1")
    assert row["variant"] == "width 0.5 (anycost rule), 16 px"
    assert row["resolution"] == 16


def test_what_is_asked_for_twice_is_timed_once(file: str) -> None:
    same = ("--target", "onnxruntime", "--target", "ONNXRuntime:CPUExecutionProvider:f32")
    rows = records(file, "--width", "1", "--width", "1.0", *same, "--batch", "1", "--batch", "1")
    assert [[b["batch"] for b in row["batches"]] for row in rows] == [[1]]


# --- refusals ----------------------------------------------------------------------------------


def test_a_refusal_of_one_target_is_part_of_the_result(file: str) -> None:
    asked = ("--target", "onnxruntime", "--target", "onnxruntime:cpu:int8", "--batch", "1")
    good, bad = records(file, *asked)
    assert good["refusals"] == []
    assert bad["refusals"][0].startswith("int8 needs a quantised network")
    assert (bad["compile_ms"], bad["accuracy"], bad["devices"]) == (None, None, [])
    assert bad["batches"][0]["spread"] is None
    table = run(file, *asked)
    assert table.exit_code == 0
    assert "nothing" in table.stdout
    assert "full on onnxruntime:cpu:int8: int8 needs a quantised network" in table.stdout


def test_when_nothing_could_run_that_is_a_failure(file: str) -> None:
    said = refused(file, "--target", "onnxruntime:cpu:int8")
    assert said.startswith("int8 needs a quantised network")
    refused(file, "--target", "onnxruntime:cpu:int8", "--json")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--target", "tensorflow"), "'tensorflow' names no runtime"),
        (("--target", "openvino:CPU:f33"), "'f33' in 'openvino:CPU:f33' is no precision"),
        (("--target", "onnxruntime:cuda"), "'cuda' is not on this host"),
        (("--target", "onnxruntime:abacus"), "'abacus' names no execution provider"),
        (("--target", "openvino:NPU.7"), "NPU.7"),
        (("--width", "7"), "7"),
        (("--resolution", "17"), "17"),
    ],
)
def test_bad_choices_are_one_sentence(arguments: tuple[str, ...], sentence: str, file: str) -> None:
    assert sentence in refused(file, *arguments)


def test_an_unknown_target_is_refused_before_the_model_is_opened() -> None:
    assert "names no runtime" in refused("no such file", "--target", "tensorflow")
    assert "no such file" in refused("no such file", "--target", "onnxruntime")


@pytest.mark.parametrize("option", ["--batch", "--threads"])
def test_numbers_below_one_are_wrong_usage(option: str, file: str) -> None:
    assert option in refused(file, option, "0", code=2)


def test_a_runtime_that_raises_is_named_and_the_rest_goes_on(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: OnnxRuntime, plan: Plan, folder: Path) -> None:
        raise RuntimeFailed("opening 'it' failed: the driver is gone")

    monkeypatch.setattr(OnnxRuntime, "compile", broken)
    rows = records(file, "--target", "onnxruntime", "--target", "pytorch", "--batch", "1")
    assert rows[0]["refusals"] == ["opening 'it' failed: the driver is gone"]
    assert rows[1]["refusals"] == []


def test_a_runtime_that_does_not_load_is_left_out_when_nothing_was_asked(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(OnnxRuntime):
        def plan(
            self,
            network: PortableNetwork,
            target: Target,
            *,
            sizes: Mapping[str, int] | None = None,
            threads: int = 0,
        ) -> Plan:
            raise RuntimeFailed("ONNX Runtime cannot be loaded")

    usual = every.runtime
    monkeypatch.setattr(every, "runtimes", lambda: (usual("pytorch"), Broken()))
    assert {row["target"].split(":")[0] for row in records(file, "--batch", "1")} == {"pytorch"}


# --- the table ---------------------------------------------------------------------------------


def shown(record: TimingRecord, capsys: pytest.CaptureFixture[str]) -> str:
    model = small_model()
    case = benching.Case(
        "full",
        model,
        benching.SubnetChoice(),
        model.portable(),
        Target.parse("onnxruntime"),
        threads=2,
    )
    benching._show("net", [case], [record], layers=True)
    return capsys.readouterr().out


def test_the_table_says_what_fell_back_and_what_is_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record = TimingRecord(
        "net",
        "key",
        1,
        2,
        "onnxruntime:qnn:f16",
        "title",
        devices=("NPU (QNN)", "CPU"),
        precision="f16",
        fallbacks=(NodePlace("CPU", "Resize", 2),),
        batches=(
            BatchTiming(1, Spread(3.0, 2.0, 4.0, 9), 333.3, None),
            BatchTiming(4, refusal="no memory"),
        ),
        accuracy=Accuracy(None, float("inf"), False, False),
        notes=("a note",),
    )
    text = shown(record, capsys)
    for words in (
        "NPU (QNN), CPU, f16",
        "3.0 (2.0-4.0)",
        "no numbers",
        "full on onnxruntime:qnn:f16: 2 Resize ran on CPU",
        "full on onnxruntime:qnn:f16: batch 4 was not run: no memory",
        "full on onnxruntime:qnn:f16: a note",
        "the runtime tells no times of layers",
    ):
        assert words in text


def test_a_difference_beyond_the_gate_of_f32_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    far = TimingRecord(
        "net",
        "key",
        1,
        2,
        "onnxruntime:cuda:f32",
        "title",
        devices=("GPU (CUDA)",),
        precision="f32",
        batches=(BatchTiming(1, Spread(3.0, 2.0, 4.0, 9), 333.3, 10),),
        accuracy=Accuracy(55.0, 0.02, True, False),
    )
    assert "differs from PyTorch's f32 by up to 0.02, beyond the gate" in shown(far, capsys)


def test_the_reference_is_what_the_model_draws() -> None:
    model = small_model()
    network = model.portable()
    inputs = benching._inputs(model, network, 2)
    assert {name: array.shape[0] for name, array in inputs.items()} == {"styles": 2, "noise": 1}
    from studio.families.inputs import GanInputs

    picture = model.picture(model.styles(GanInputs(seed=1))).numpy()
    made = benching._reference(network, inputs)["picture"][1:]
    np.testing.assert_allclose(made, picture, atol=1e-5)
