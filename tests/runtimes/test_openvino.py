"""OpenVINO on the CPU: equal to PyTorch, fast to load, and never brought down by a bad file."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from onnx import helper, numpy_helper

from studio.errors import BadChoice, Overtaken, RuntimeFailed
from studio.families.portable import Port, PortableNetwork
from studio.runtimes.contract import Loaded, Placement, Plan
from studio.runtimes.openvino import BLOB, OpenVinoRuntime
from studio.runtimes.record import NAME
from studio.runtimes.target import Target
from tests.runtimes.networks import (
    assert_equal,
    decibels,
    expected,
    inputs_for,
    serialised,
    small_network,
)

NETWORK = small_network()
RUNTIME = OpenVinoRuntime()


def plan_for(target: str = "openvino:CPU:f32", **more: object) -> Plan:
    return RUNTIME.plan(NETWORK, Target.parse(target), threads=1, **more)  # type: ignore[arg-type]


def brought(plan: Plan, folder: Path) -> Loaded:
    RUNTIME.compile(plan, folder)
    return RUNTIME.load(plan, folder)


def test_equals_pytorch_at_any_batch_of_one_compiled_network(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    for batch in (1, 4, 1, 3):
        inputs = inputs_for(NETWORK, batch, seed=batch)
        assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))
    network.close()


@pytest.mark.parametrize("precision", ["bf16", "f16"])
def test_a_coarser_precision_is_near_or_refused(precision: str, tmp_path: Path) -> None:
    plan = plan_for(f"openvino:CPU:{precision}")
    if plan.refusals:  # a processor without it
        assert f"CPU has no {precision} in OpenVINO; it computes in f32" in plan.refusals[0]
        with pytest.raises(BadChoice):
            RUNTIME.compile(plan, tmp_path)
        return
    network = brought(plan, tmp_path)
    inputs = inputs_for(NETWORK, 2)
    wanted = expected(NETWORK, inputs)
    made = network.run(inputs)["y"]
    assert decibels(made, wanted) > 40
    assert np.abs(made - wanted).max() > 1e-5  # else it ran in f32
    assert network.placement == Placement(("CPU",), precision)


def test_f32_stays_f32_when_loaded(tmp_path: Path) -> None:
    # A compiled file forgets its precision, and the CPU's own choice would be bf16.
    plan = plan_for()
    assert RUNTIME.compile(plan, tmp_path) == Placement(("CPU",), "f32")
    network = RUNTIME.load(plan, tmp_path)
    assert network.placement == Placement(("CPU",), "f32")
    assert {t.precision for t in network.layer_times(inputs_for(NETWORK))} == {"f32"}


def test_sizes_are_fixed_where_they_are_named(tmp_path: Path) -> None:
    plan = plan_for(sizes={"batch": 2})
    assert plan.sizes == (("batch", 2),)
    network = brought(plan, tmp_path)
    inputs = inputs_for(NETWORK, 2)
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))
    with pytest.raises(BadChoice, match=r"input x of 'small' has the shape \(4, 4, 16, 16\)"):
        network.run(inputs_for(NETWORK, 4))
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))


def test_inputs_of_any_layout_are_taken(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    inputs = inputs_for(NETWORK, 2)
    wanted = expected(NETWORK, inputs)
    frozen = {name: array.copy() for name, array in inputs.items()}
    for array in frozen.values():
        array.flags.writeable = False
    assert_equal(network.run(frozen)["y"], wanted)
    turned = {n: np.asfortranarray(a.astype(np.float64)) for n, a in inputs.items()}
    assert_equal(network.run(turned)["y"], wanted)  # type: ignore[arg-type]


def test_a_later_run_leaves_earlier_outputs_alone(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    first = network.run(inputs_for(NETWORK, seed=1))["y"]
    kept = first.copy()
    network.run(inputs_for(NETWORK, seed=2))
    np.testing.assert_array_equal(first, kept)


def test_wrong_inputs_are_refused_before_native_code_sees_them(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    good = inputs_for(NETWORK, 2)
    with pytest.raises(BadChoice, match="takes the inputs x, style, lift; x came"):
        network.run({"x": good["x"]})
    with pytest.raises(BadChoice, match=r"input style of 'small' has the shape \(1, 8\); \(batch"):
        network.run({**good, "style": good["style"][:1]})
    with pytest.raises(BadChoice, match="input x"):
        network.run({**good, "x": good["x"][:, :, :8]})
    with pytest.raises(BadChoice, match="input x"):
        network.run({**good, "x": good["x"][:0], "style": good["style"][:0]})
    assert_equal(network.run(good)["y"], expected(NETWORK, good))


def test_stopping_in_the_middle_passes_the_exception_on_and_does_no_harm(tmp_path: Path) -> None:
    large = small_network(channels=64, side=128)
    plan = RUNTIME.plan(large, Target.parse("openvino:CPU:f32"), threads=1)
    network = brought(plan, tmp_path)
    inputs = inputs_for(large)
    calls = 0

    def between() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:  # the first comes before the start
            raise Overtaken

    with pytest.raises(Overtaken):
        network.run(inputs, between)
    assert calls == 2
    assert_equal(network.run(inputs, lambda: None)["y"], expected(large, inputs))


def test_what_between_raises_is_not_taken_for_a_failure(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)

    def between() -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match=r"^mine$"):
        network.run(inputs_for(NETWORK), between)


def test_layer_times_name_nodes_operators_and_precisions(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    times = network.layer_times(inputs_for(NETWORK))
    assert {"Convolution", "ConvolutionBackpropData"} <= {t.operator for t in times}
    assert any(t.name.startswith("up conv") for t in times)
    assert all(t.milliseconds >= 0 for t in times)
    assert sum(t.milliseconds for t in times) > 0


def test_a_closed_network_says_so(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    network.close()
    network.close()
    with pytest.raises(RuntimeFailed, match="'small' was closed"):
        network.run(inputs_for(NETWORK))


# --- files -------------------------------------------------------------------------------------


def cut(folder: Path) -> None:
    data = (folder / BLOB).read_bytes()
    (folder / BLOB).write_bytes(data[: len(data) // 2])


def changed(folder: Path) -> None:
    data = bytearray((folder / BLOB).read_bytes())
    data[len(data) // 2] ^= 255
    (folder / BLOB).write_bytes(data)


def longer(folder: Path) -> None:
    with (folder / BLOB).open("ab") as file:
        file.write(b"more")


def without_blob(folder: Path) -> None:
    (folder / BLOB).unlink()


def without_record(folder: Path) -> None:
    (folder / NAME).unlink()


def nonsense(folder: Path) -> None:
    (folder / NAME).write_text('{"format": 1, "files": [3]}')


def older(folder: Path) -> None:
    text = (folder / NAME).read_text()
    (folder / NAME).write_text(text.replace(str(RUNTIME.version()), "2023.1.0"))


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (cut, "network.blob was cut short"),
        (changed, "network.blob was changed after it was written"),
        (longer, "network.blob was cut short|network.blob has"),
        (without_blob, "network.blob cannot be read"),
        (without_record, "is no record of a compiled network"),
        (nonsense, "is no record of a compiled network"),
        (older, "was compiled by openvino 2023.1.0, and openvino .* is here"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bad_file_is_refused_in_a_sentence(harm: object, sentence: str, tmp_path: Path) -> None:
    plan = plan_for()
    RUNTIME.compile(plan, tmp_path)
    assert callable(harm)
    harm(tmp_path)
    with pytest.raises(RuntimeFailed, match=sentence) as refused:
        RUNTIME.load(plan, tmp_path)
    assert "must be compiled again" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_for_another_target_is_refused(tmp_path: Path) -> None:
    plan = plan_for()
    RUNTIME.compile(plan, tmp_path)
    other = replace(plan, target=Target("openvino", "NPU", "f32"))
    with pytest.raises(RuntimeFailed, match="compiled for openvino:CPU:f32, not for openvino:NPU"):
        RUNTIME.load(other, tmp_path)


def test_a_file_openvino_does_not_take_is_one_sentence(tmp_path: Path) -> None:
    # Whole by its record, but from a plugin that writes something else.
    from studio.runtimes.record import write_record

    plan = plan_for()
    (tmp_path / BLOB).write_bytes(bytes(5000))
    write_record(plan, Placement(("CPU",), "f32"), tmp_path, (BLOB,))
    with pytest.raises(RuntimeFailed, match="loading the compiled 'small' on openvino:CPU:f32 fai"):
        RUNTIME.load(plan, tmp_path)


def test_a_graph_openvino_cannot_read_is_one_sentence(tmp_path: Path) -> None:
    plan = replace(plan_for(), network=replace(NETWORK, onnx=lambda: b"no graph at all"))
    with pytest.raises(RuntimeFailed, match="reading 'small' into OpenVINO failed") as failed:
        RUNTIME.compile(plan, tmp_path)
    assert "\n" not in str(failed.value)
    assert not any(tmp_path.iterdir())


# --- plans -------------------------------------------------------------------------------------


def test_a_plan_names_what_the_cache_needs_to_know() -> None:
    plan = plan_for("openvino:cpu:f32")
    assert str(plan.target) == "openvino:CPU:f32"
    assert plan.version == RUNTIME.version()
    assert plan.device
    assert plan.threads == 1
    assert plan.memory > NETWORK.parameters * 4
    assert plan.refusals == ()


@pytest.mark.parametrize("device", ["GPU.7", "NPUU", "no such", "CPU.x"])
def test_a_device_that_is_not_there_is_refused(device: str) -> None:
    with pytest.raises(BadChoice, match=f"has no device {device.upper()} on this host") as refused:
        RUNTIME.plan(NETWORK, Target("openvino", device, "f32"))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("device", ["AUTO", "HETERO:NPU,CPU", "MULTI"])
def test_a_device_that_hides_where_it_runs_is_refused(device: str) -> None:
    with pytest.raises(BadChoice, match="chooses a device by itself"):
        RUNTIME.plan(NETWORK, Target("openvino", device, "f32"))


def test_plans_that_make_no_sense_are_refused() -> None:
    with pytest.raises(BadChoice, match="no target of OpenVINO"):
        RUNTIME.plan(NETWORK, Target("pytorch", "cpu", "f32"))
    with pytest.raises(BadChoice, match="'small' has no dimension named bach; it has batch"):
        plan_for(sizes={"bach": 1})
    with pytest.raises(BadChoice, match="batch 0 is no size"):
        plan_for(sizes={"batch": 0})
    with pytest.raises(BadChoice, match="-1 threads"):
        RUNTIME.plan(NETWORK, Target.parse("openvino"), threads=-1)


def test_what_cannot_run_is_said_before_any_work() -> None:
    def never() -> bytes:
        raise AssertionError("a plan does no work")

    huge = replace(NETWORK, onnx=never, parameters=10**15, operators=("Conv", "TfIdfVectorizer"))
    refusals = RUNTIME.plan(huge, Target.parse("openvino:CPU:int8")).refusals
    assert refusals[0].startswith("int8 needs a quantised network, which 'small' is not")
    assert any("has no TfIdfVectorizer, which 'small' uses" in r for r in refusals)
    assert any("needs about" in r and "GB are free" in r for r in refusals)


def quantised_network() -> PortableNetwork:
    """One convolution between quantisers, as ONNX writes int8 networks."""
    draw = np.random.default_rng(0)
    weight = draw.integers(-100, 100, (32, 32, 3, 3)).astype(np.int8)
    node = helper.make_node
    nodes = [
        node("QuantizeLinear", ["x", "scale", "zero"], ["q"]),
        node("DequantizeLinear", ["q", "scale", "zero"], ["d"]),
        node("DequantizeLinear", ["weight", "fine", "zero"], ["w"]),
        node("Conv", ["d", "w"], ["y"], pads=[1] * 4),
    ]
    constants = [
        numpy_helper.from_array(np.array(0.03, np.float32), "scale"),
        numpy_helper.from_array(np.array(0.001, np.float32), "fine"),
        numpy_helper.from_array(np.array(0, np.int8), "zero"),
        numpy_helper.from_array(weight, "weight"),
    ]
    x, y = Port("x", ("batch", 32, 32, 32)), Port("y", ("batch", 32, 32, 32))
    return replace(
        NETWORK,
        name="quantised",
        inputs=(x,),
        outputs=(y,),
        operators=("Conv", "DequantizeLinear", "QuantizeLinear"),
        onnx=lambda: serialised("quantised", nodes, (x,), (y,), constants),
    )


def test_a_quantised_network_runs_in_int8_and_says_so(tmp_path: Path) -> None:
    network = quantised_network()
    plan = RUNTIME.plan(network, Target.parse("openvino:CPU:int8"), threads=1)
    assert plan.refusals == ()
    loaded = brought(plan, tmp_path)
    assert loaded.placement == Placement(("CPU",), "int8")
    assert loaded.run(inputs_for(network))["y"].std() > 0


def test_importing_openvino_sends_and_writes_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from studio.runtimes.openvino_core import core; core();"
        "print(sorted(m for m in sys.modules if m.startswith('openvino_telemetry.')))"
    )
    home = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=home, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert not any(tmp_path.iterdir())
