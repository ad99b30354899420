"""Int8 in both runtimes: planned, refused, executed, and told as it is."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.errors import BadChoice, RuntimeFailed
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.runtimes.all import runtime
from studio.runtimes.benchmark import Bounds, benchmark
from studio.runtimes.cache import Cache, key_of
from studio.runtimes.compiling import ready
from studio.runtimes.contract import Loaded, Plan
from studio.runtimes.quantised_graph import Source, rounded
from studio.runtimes.quantization import Share
from studio.runtimes.target import Target
from studio.runtimes.timing_record import TimingRecord
from tests.families.quantised import convolutions, plan_of, tame_model, with_tensors

MODEL = tame_model()
OPENVINO, ONNXRUNTIME = "openvino:CPU:int8", "onnxruntime:cpu:int8"
ROOT = Path(__file__).parents[2]
BOTH = (OPENVINO, ONNXRUNTIME)
SEEDS = (11, 12, 13)
PLAIN = tuple(name for name in convolutions(MODEL) if int(name[5]) % 2 == 0)  # not transposed


def planned(model: Model, target: str) -> Plan:
    parsed = Target.parse(target)
    return runtime(parsed.runtime).plan(model.portable(), parsed, sizes={"batch": 1}, threads=1)


def network_of(model: Model, target: str, folder: Path) -> Loaded:
    return ready(planned(model, target), Cache(folder / "cache"))


def decibels(network: Loaded, model: Model) -> float:
    """PSNR to the f32 pictures of PyTorch."""
    errors = []
    for seed in SEEDS:
        inputs = GanInputs(seed=seed)
        given = network.run(model.fed(["styles", "noise"], inputs))["picture"]
        wanted = model.picture(model.styles(inputs)).numpy()
        errors.append(float(np.square(given - wanted).mean()))
    return 10 * math.log10(4 / np.mean(errors))


@pytest.mark.parametrize("target", [*BOTH, "pytorch:cpu:int8"])
def test_int8_needs_a_plan(target: str) -> None:
    assert planned(MODEL, target).refusals[0].startswith("int8 needs a quantised network")


def test_pytorch_runs_no_int8() -> None:
    refusals = planned(MODEL.quantised(plan_of(MODEL)), "pytorch:cpu:int8").refusals
    assert refusals == ("PyTorch runs no int8 here; openvino:CPU:int8 and onnxruntime:cpu:int8 do",)


def test_what_an_estimator_means_where() -> None:
    made = MODEL.quantised(plan_of(MODEL, estimator="entropy"))
    assert planned(made, OPENVINO).refusals == (
        "the quantiser of OpenVINO has no entropy ranges; it has min-max and percentile",
    )
    assert not planned(made, ONNXRUNTIME).refusals


@pytest.mark.parametrize("target", BOTH)
def test_a_plan_that_keeps_everything_is_refused_as_int8(target: str) -> None:
    made = MODEL.quantised(replace(plan_of(MODEL), layers=()))
    refusals = planned(made, target).refusals
    assert len(refusals) == 1
    assert refusals[0].endswith("leaves every layer in float")


@pytest.mark.parametrize("target", BOTH)
def test_it_runs_as_int8_close_to_float(target: str, tmp_path: Path) -> None:
    made = MODEL.quantised(plan_of(MODEL))
    network = network_of(made, target, tmp_path)
    assert decibels(network, made) >= 30
    assert not np.array_equal(
        network.run(made.fed(["styles", "noise"], GanInputs()))["picture"],
        made.picture(made.styles(GanInputs())).numpy(),
    )
    done = set(convolutions(MODEL)) if target == OPENVINO else set(PLAIN)
    layers = MODEL.portable().layers
    share = sum(layer.macs for layer in layers if layer.name in done) / MODEL.portable().macs
    assert network.placement.int8 == pytest.approx(share)
    assert set(network.placement.left) == {layer.name for layer in layers} - done
    assert network.placement.precision == (
        "int8" if share >= 0.7 else f"mixed ({int(100 * share)}% int8)"
    )
    network.close()


def test_openvino_leaves_transposed_ones_with_zero_points_in_float(tmp_path: Path) -> None:
    made = MODEL.quantised(plan_of(MODEL, activations="asymmetric"))
    network = network_of(made, OPENVINO, tmp_path)
    assert set(PLAIN).isdisjoint(network.placement.left)
    assert set(convolutions(MODEL)) - set(PLAIN) <= set(network.placement.left)
    layers = MODEL.portable().layers
    macs = sum(layer.macs for layer in layers if layer.name in PLAIN)
    assert network.placement.int8 == pytest.approx(macs / MODEL.portable().macs)
    network.close()


@pytest.mark.parametrize("target", BOTH)
def test_one_small_layer_is_not_called_int8(target: str, tmp_path: Path) -> None:
    made = MODEL.quantised(replace(plan_of(MODEL), layers=("layer0.convolved",)))
    network = network_of(made, target, tmp_path)
    share = network.placement.int8
    assert share is not None
    assert 0 < share < 0.1
    assert network.placement.precision == f"mixed ({int(100 * share)}% int8)"
    assert "layer6.convolved" in network.placement.left
    network.close()


def test_a_measurement_says_what_was_left_in_float() -> None:
    network = MODEL.quantised(plan_of(MODEL)).portable()
    inputs = MODEL.fed(["styles", "noise"], GanInputs())
    record = benchmark(
        runtime("onnxruntime"),
        network,
        Target.parse(ONNXRUNTIME),
        lambda batch: inputs,
        batches=(1,),
        threads=1,
        layers=False,
        bounds=Bounds(warm_up=1, least=1, most=1, seconds=0.0),
    )
    assert record.precision == "int8"
    assert record.int8 is not None
    assert 0.7 <= record.int8 < 0.8
    assert "layer1.convolved" in record.left
    assert TimingRecord.from_json(json.loads(json.dumps(record.as_json()))) == record


def test_what_a_share_is_called() -> None:
    network = MODEL.portable()
    assert Share(network, (), "bf16").precision == "bf16"
    assert Share(network, ("no such",), "f32").value == 0
    assert Share(network, [layer.name for layer in network.layers], "f32").precision == "int8"
    assert Share(network, ("layer6.convolved",), "f32").precision.startswith("mixed (")


@pytest.mark.parametrize("target", BOTH)
def test_compiling_twice_gives_equal_pictures_and_leaves_no_files(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    elsewhere, home = tmp_path / "temporary", tmp_path / "home"
    elsewhere.mkdir()
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    pictures = []
    for number in range(2):
        folder = tmp_path / str(number)
        network = network_of(MODEL.quantised(plan_of(MODEL)), target, folder)
        pictures.append(network.run(MODEL.fed(["styles", "noise"], GanInputs()))["picture"])
        network.close()
        files = {path.name for path in folder.rglob("*") if path.is_file()}
        assert not {name for name in files if "quantis" in name}
    assert np.array_equal(*pictures)
    assert not list(elsewhere.iterdir())
    assert not list(home.iterdir())
    assert capfd.readouterr().out == ""


def test_cache_keys_differ() -> None:
    one, other = plan_of(MODEL), plan_of(MODEL, samples=9)
    plans = [planned(MODEL.quantised(p), t) for p in (one, other) for t in BOTH]
    float_plan = planned(MODEL.quantised(one), "openvino:CPU:f32")
    here = plans[0]
    rest = replace(here, rest="f32" if here.rest == "bf16" else "bf16")
    assert len({key_of(plan) for plan in (*plans, float_plan, rest)}) == 6


def test_other_precisions_draw_as_without_a_plan(tmp_path: Path) -> None:
    network = network_of(MODEL.quantised(plan_of(MODEL)), "openvino:CPU:f32", tmp_path)
    assert network.placement.precision == "f32"
    assert network.placement.int8 is None
    assert decibels(network, MODEL) > 90
    network.close()


@pytest.mark.parametrize("estimator", ["percentile", "entropy"])
def test_onnxruntime_finds_other_ranges(estimator: str, tmp_path: Path) -> None:
    plan = plan_of(MODEL, estimator=estimator, percentile=95.0, samples=3)
    usual = network_of(MODEL.quantised(plan_of(MODEL, samples=3)), ONNXRUNTIME, tmp_path)
    network = network_of(MODEL.quantised(plan), ONNXRUNTIME, tmp_path)
    assert decibels(network, MODEL) < decibels(usual, MODEL)
    network.close()
    usual.close()


def test_openvino_cuts_by_percentile(tmp_path: Path) -> None:
    plan = plan_of(MODEL, estimator="percentile", percentile=90.0)
    usual = network_of(MODEL.quantised(plan_of(MODEL)), OPENVINO, tmp_path)
    network = network_of(MODEL.quantised(plan), OPENVINO, tmp_path)
    assert decibels(network, MODEL) < decibels(usual, MODEL) - 3
    network.close()
    usual.close()


def test_rounding_and_its_shift_by_hand() -> None:
    weight = np.array([[[[127.0]], [[0.4]], [[0.4]]]], np.float32)  # both round to 0
    assert np.array_equal(rounded(weight), np.array([[[[127.0]], [[0.0]], [[0.0]]]], np.float32))
    name = "layer0.convolved"
    base = MODEL.network.state_dict()["layers.0.weight"]
    wanted = torch.full_like(base, 0.4)
    wanted[:, 0, 0, 0] = 127.0
    model = with_tensors(MODEL, layers__0__weight=wanted)
    source = Source(model.portable().onnx(), (name,))
    source.correct({name: np.ones(16, np.float32)})
    import onnx

    graph = onnx.load_from_string(source.data).graph
    bias = next(each for each in graph.initializer if each.name == f"{name}.correction")
    # All weights but one a channel were 0.4 and became 0: 16 * 9 - 1 times 0.4 is missing.
    assert np.allclose(onnx.numpy_helper.to_array(bias), 143 * 0.4, rtol=1e-4)


@pytest.mark.parametrize("target", BOTH)
def test_bias_correction_undoes_a_planted_shift(target: str, tmp_path: Path) -> None:
    """Weights of 0.4 steps all vanish; the correction brings their mean back."""
    base = MODEL.network.state_dict()["layers.6.weight"]
    step = float(base.abs().max()) / 127
    weight = torch.full_like(base, 0.4 * step)
    weight[:, 0, 1, 1] = 127 * step
    style = torch.zeros_like(MODEL.network.state_dict()["layers.6.style_weight"])
    model = with_tensors(MODEL, layers__6__weight=weight, layers__6__style_weight=style)
    found = []
    for correct in (True, False):
        plan = plan_of(model, layers=("layer6.convolved",), bias_correction=correct)
        network = network_of(model.quantised(plan), target, tmp_path)
        found.append(decibels(network, model))
        network.close()
    assert found[0] > found[1] + 1


QUIET = """
import socket, sys
from pathlib import Path

def refuse(*_):
    raise AssertionError("a socket was asked for")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from studio.runtimes.all import runtime
from studio.runtimes.cache import Cache
from studio.runtimes.compiling import ready
from studio.runtimes.target import Target
from tests.families.quantised import plan_of, tame_model

model = tame_model()
made = model.quantised(plan_of(model, samples=2))
for name in ("openvino:CPU:int8", "onnxruntime:cpu:int8"):
    target = Target.parse(name)
    plan = runtime(target.runtime).plan(made.portable(), target, sizes={"batch": 1}, threads=1)
    ready(plan, Cache(Path(sys.argv[1]))).close()
from nncf.telemetry import telemetry
assert sys.modules["openvino_telemetry"] is None
assert type(telemetry).__name__ == "MagicMock", type(telemetry)
"""


def test_quantising_reports_to_nobody(tmp_path: Path) -> None:
    """In a process of its own: NNCF keeps quiet by itself under pytest."""
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", QUIET, str(tmp_path / "cache")],
        env={**os.environ, "HOME": str(home), "USERPROFILE": str(home)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert not list(home.iterdir())


def test_without_nncf_openvino_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    version = metadata.version

    def missing(name: str) -> str:
        if name == "nncf":
            raise metadata.PackageNotFoundError(name)
        return version(name)

    assert "nncf" in planned(MODEL.quantised(plan_of(MODEL)), OPENVINO).version
    monkeypatch.setattr(metadata, "version", missing)
    refusals = planned(MODEL.quantised(plan_of(MODEL)), OPENVINO).refusals
    assert refusals[0].startswith("NNCF, which quantises for OpenVINO, is not installed")


def test_an_nncf_that_does_not_load_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "nncf", None)
    with pytest.raises(
        RuntimeFailed, match=r"NNCF, which quantises for OpenVINO, cannot be loaded"
    ):
        network_of(MODEL.quantised(plan_of(MODEL)), OPENVINO, tmp_path)


def test_a_refused_plan_does_not_compile(tmp_path: Path) -> None:
    with pytest.raises(BadChoice, match="int8 needs a quantised network"):
        network_of(MODEL, OPENVINO, tmp_path)
