"""ONNX Runtime on the CPU: equal to PyTorch, fast to load, and never brought down by a bad file."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from onnx import helper, numpy_helper

from studio.errors import BadChoice, Overtaken, RuntimeFailed
from studio.families.portable import Port, PortableNetwork
from studio.runtimes.cache import Cache
from studio.runtimes.compiling import compiled, loaded
from studio.runtimes.contract import Loaded, Placement, Plan
from studio.runtimes.onnxruntime import OnnxRuntime
from studio.runtimes.onnxruntime_loaded import GRAPH
from studio.runtimes.record import NAME
from studio.runtimes.target import Target
from tests.families.small import small_model
from tests.runtimes.networks import (
    assert_equal,
    expected,
    inputs_for,
    serialised,
    small_network,
)

NETWORK = small_network()
RUNTIME = OnnxRuntime()
CPU = Target.parse("onnxruntime:cpu:f32")


def plan_for(target: str = "onnxruntime:cpu:f32", **more: object) -> Plan:
    return RUNTIME.plan(NETWORK, Target.parse(target), threads=1, **more)  # type: ignore[arg-type]


def brought(plan: Plan, folder: Path) -> Loaded:
    RUNTIME.compile(plan, folder)
    return RUNTIME.load(plan, folder)


# --- running -----------------------------------------------------------------------------------


def test_equals_pytorch_at_any_batch_of_one_compiled_network(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    for batch in (1, 4, 1, 3):
        inputs = inputs_for(NETWORK, batch, seed=batch)
        assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))
    network.close()


def test_draws_what_a_generator_draws(tmp_path: Path) -> None:
    network = small_model().portable()
    ready = brought(RUNTIME.plan(network, CPU, sizes={"batch": 2}, threads=2), tmp_path)
    inputs = inputs_for(network, 2)
    assert_equal(ready.run(inputs)["picture"], expected(network, inputs))


def test_sizes_are_fixed_where_they_are_named(tmp_path: Path) -> None:
    plan = plan_for(sizes={"batch": 2})
    assert plan.sizes == (("batch", 2),)
    network = brought(plan, tmp_path)
    inputs = inputs_for(NETWORK, 2)
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))
    with pytest.raises(BadChoice, match=r"input x of 'small' has the shape \(4, 4, 16, 16\)"):
        network.run(inputs_for(NETWORK, 4))
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))


def test_a_later_run_leaves_earlier_outputs_alone(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    first = network.run(inputs_for(NETWORK, seed=1))["y"]
    kept = first.copy()
    network.run(inputs_for(NETWORK, seed=2))
    np.testing.assert_array_equal(first, kept)


def test_outputs_of_shapes_that_no_input_tells_are_returned_too(tmp_path: Path) -> None:
    unsure = replace(NETWORK, outputs=(Port("y", ("batch", 3, "height", "width")),))
    network = brought(RUNTIME.plan(unsure, CPU), tmp_path)
    inputs = inputs_for(NETWORK, 2)
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))


def test_an_output_of_another_shape_than_promised_is_one_sentence(tmp_path: Path) -> None:
    lying = replace(NETWORK, outputs=(Port("y", ("batch", 3, 8, 8)),))
    network = brought(RUNTIME.plan(lying, CPU), tmp_path)
    with pytest.raises(RuntimeFailed, match="running 'small' on onnxruntime:cpu:f32 failed") as bad:
        network.run(inputs_for(NETWORK))
    assert "\n" not in str(bad.value)


def test_wrong_inputs_are_refused_before_native_code_sees_them(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    good = inputs_for(NETWORK, 2)
    with pytest.raises(BadChoice, match="takes the inputs x, style, lift; x came"):
        network.run({"x": good["x"]})
    with pytest.raises(BadChoice, match="input x"):
        network.run({**good, "x": good["x"][:, :, :8]})
    assert_equal(network.run(good)["y"], expected(NETWORK, good))


def test_stopping_in_the_middle_passes_the_exception_on_and_does_no_harm(tmp_path: Path) -> None:
    large = small_network(channels=64, side=128)
    network = brought(RUNTIME.plan(large, CPU, threads=1), tmp_path)
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


def test_a_failure_in_a_watched_run_is_one_sentence(tmp_path: Path) -> None:
    lying = replace(NETWORK, outputs=(Port("y", ("batch", 3, 8, 8)),))
    network = brought(RUNTIME.plan(lying, CPU), tmp_path)
    with pytest.raises(RuntimeFailed, match="running 'small'"):
        network.run(inputs_for(NETWORK), lambda: None)


def test_where_it_ran_is_asked_of_the_session(tmp_path: Path) -> None:
    plan = plan_for()
    assert RUNTIME.compile(plan, tmp_path) == Placement(("CPU",), "f32")
    assert RUNTIME.load(plan, tmp_path).placement == Placement(("CPU",), "f32")


def test_layer_times_name_nodes_operators_and_precisions(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    times = network.layer_times(inputs_for(NETWORK))
    operators = [t.operator for t in times]
    assert operators.count("ConvTranspose") == 1  # of one run, not of all
    assert {"Conv", "MatMul", "Add"} <= set(operators)
    assert any(t.name.startswith("up conv") for t in times)
    assert {t.precision for t in times} == {"f32"}
    assert sum(t.milliseconds for t in times) > 0


def test_a_closed_network_says_so(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    network.close()
    network.close()
    with pytest.raises(RuntimeFailed, match="'small' was closed"):
        network.run(inputs_for(NETWORK))


def test_making_and_asking_imports_no_runtime() -> None:
    code = (
        "import sys; from studio.runtimes.onnxruntime import OnnxRuntime as R; R().version(); "
        "import studio.runtimes.providers, studio.runtimes.timing_record; "
        "print([n for n in ('onnxruntime', 'onnx', 'torch') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- files -------------------------------------------------------------------------------------


def cut(folder: Path) -> None:
    data = (folder / GRAPH).read_bytes()
    (folder / GRAPH).write_bytes(data[: len(data) // 2])


def changed(folder: Path) -> None:
    data = bytearray((folder / GRAPH).read_bytes())
    data[len(data) // 2] ^= 255
    (folder / GRAPH).write_bytes(data)


def without_graph(folder: Path) -> None:
    (folder / GRAPH).unlink()


def without_record(folder: Path) -> None:
    (folder / NAME).unlink()


def nonsense(folder: Path) -> None:
    (folder / NAME).write_text('{"format": 1, "files": [3]}')


def naming_nothing(folder: Path) -> None:
    raw = json.loads((folder / NAME).read_text())
    (folder / NAME).write_text(json.dumps({**raw, "files": {}}))


def older(folder: Path) -> None:
    text = (folder / NAME).read_text()
    (folder / NAME).write_text(text.replace(str(RUNTIME.version()), "1.2.3"))


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (cut, "optimised.onnx was cut short"),
        (changed, "optimised.onnx was changed after it was written"),
        (without_graph, "optimised.onnx cannot be read"),
        (without_record, "is no record of a compiled network"),
        (nonsense, "is no record of a compiled network"),
        (naming_nothing, "source.onnx cannot be read"),
        (older, "was compiled by onnxruntime 1.2.3, and onnxruntime .* is here"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bad_file_is_refused_in_a_sentence(
    harm: Callable[[Path], None], sentence: str, tmp_path: Path
) -> None:
    plan = plan_for()
    RUNTIME.compile(plan, tmp_path)
    harm(tmp_path)
    with pytest.raises(RuntimeFailed, match=sentence) as refused:
        RUNTIME.load(plan, tmp_path)
    assert "must be compiled again" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_for_another_target_is_refused(tmp_path: Path) -> None:
    plan = plan_for()
    RUNTIME.compile(plan, tmp_path)
    other = replace(plan, target=Target("onnxruntime", "cpu", "int8"))
    with pytest.raises(RuntimeFailed, match="compiled for onnxruntime:cpu:f32, not for onnxr"):
        RUNTIME.load(other, tmp_path)


def test_a_file_that_onnx_runtime_does_not_take_is_one_sentence(tmp_path: Path) -> None:
    from studio.runtimes.record import write_record

    plan = plan_for()
    (tmp_path / GRAPH).write_bytes(bytes(5000))
    write_record(plan, Placement(("CPU",), "f32"), tmp_path, (GRAPH,))
    with pytest.raises(RuntimeFailed, match="opening 'small' on onnxruntime:cpu:f32 failed") as bad:
        RUNTIME.load(plan, tmp_path)
    assert "\n" not in str(bad.value)


def test_a_graph_that_cannot_be_read_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    plan = replace(plan_for(), network=replace(NETWORK, onnx=lambda: b"no graph at all"))
    with pytest.raises(RuntimeFailed, match="opening 'small' on onnxruntime:cpu:f32 failed") as bad:
        RUNTIME.compile(plan, tmp_path)
    assert "\n" not in str(bad.value)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_folder_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RuntimeFailed, match="'small'"):
        RUNTIME.compile(plan_for(), tmp_path / "gone")


def test_it_goes_through_the_cache_like_any_other(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "compiled")
    plan = plan_for(sizes={"batch": 1})
    assert loaded(plan, cache) is None
    compiled(plan, cache)
    network = loaded(plan, cache)
    assert network is not None
    inputs = inputs_for(NETWORK)
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))
    assert [t.operator for t in network.layer_times(inputs)].count("ConvTranspose") == 1
    network.close()
    assert loaded(replace(plan, threads=2), cache) is None  # another key


# --- plans -------------------------------------------------------------------------------------


def test_a_plan_names_what_the_cache_needs_to_know() -> None:
    plan = plan_for("ONNXRuntime:CPU")
    assert str(plan.target) == "onnxruntime:cpu:f32"
    assert plan.version == RUNTIME.version()
    assert plan.device.startswith("CPUExecutionProvider")
    assert plan.threads == 1
    assert plan.memory > NETWORK.parameters * 4
    assert plan.refusals == ()
    assert plan.notes == ()


def test_the_full_name_of_a_provider_is_one_target_with_the_short_one() -> None:
    assert plan_for("onnxruntime:cpuexecutionprovider").target == CPU


@pytest.mark.parametrize(
    ("device", "sentence"),
    [
        ("cuda", "has no GPU 0 of CUDA here; 'pip install onnxruntime-gpu' may add it"),
        ("qnn", "has no NPU 0 of QNN here"),
        ("openvino-gpu:2", "has no GPU 2 of OpenVINO here"),
        ("cpu:1", "there is one CPU"),
        ("nothing", "names no execution provider of ONNX Runtime; there are cpu, cuda"),
        ("cuda-npu", "CUDA runs on no NPU; it runs on GPU"),
        ("cuda:x", "'x' in 'cuda:x' is no number of a device"),
    ],
)
def test_a_device_that_is_not_there_is_refused(device: str, sentence: str) -> None:
    with pytest.raises(BadChoice, match=sentence) as refused:
        RUNTIME.plan(NETWORK, Target("onnxruntime", device, "f32"))
    assert "\n" not in str(refused.value)


def test_without_the_package_a_plan_says_how_to_add_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from studio.runtimes import onnxruntime as module

    def missing(name: str) -> str:
        raise module.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(module.metadata, "version", missing)
    monkeypatch.setattr(module, "_installed", module._installed.__wrapped__)
    assert RUNTIME.version() is None
    with pytest.raises(RuntimeFailed, match="not installed; 'pip install onnxruntime' adds it"):
        plan_for()


def test_another_build_of_the_package_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from studio.runtimes import onnxruntime as module

    def only_for_gpus(name: str) -> str:
        if name != "onnxruntime-gpu":
            raise module.metadata.PackageNotFoundError(name)
        return "1.30"

    monkeypatch.setattr(module.metadata, "version", only_for_gpus)
    monkeypatch.setattr(module, "_installed", module._installed.__wrapped__)
    assert RUNTIME.version() == "1.30"


def test_plans_that_make_no_sense_are_refused() -> None:
    with pytest.raises(BadChoice, match="no target of ONNX Runtime"):
        RUNTIME.plan(NETWORK, Target("pytorch", "cpu", "f32"))
    with pytest.raises(BadChoice, match="'small' has no dimension named bach; it has batch"):
        plan_for(sizes={"bach": 1})
    with pytest.raises(BadChoice, match="-1 threads"):
        RUNTIME.plan(NETWORK, CPU, threads=-1)


@pytest.mark.parametrize("precision", ["bf16", "f16"])
def test_halves_are_refused_where_the_build_has_no_kernels(
    precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.runtimes import onnxruntime_core

    monkeypatch.setattr(onnxruntime_core, "cpu_precisions", lambda: ("f32", "int8"))
    plan = plan_for(f"onnxruntime:cpu:{precision}")
    assert plan.refusals == (f"cpu has no {precision} in ONNX Runtime; it computes in f32, int8",)
    with pytest.raises(BadChoice, match=f"cpu has no {precision}"):
        RUNTIME.compile(plan, tmp_path)


def test_what_the_cpu_computes_in_is_read_from_its_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    from studio.runtimes.onnxruntime_core import cpu_precisions
    from studio.runtimes.provider_operators import HEAVY

    class Kernel:
        provider = "CPUExecutionProvider"

        def __init__(self, op_name: str, *types: str) -> None:
            self.op_name = op_name
            self.type_constraints = {"T": list(types)}

    halves = [Kernel(name, "tensor(float)", "tensor(float16)") for name in HEAVY]
    monkeypatch.setattr(state, "get_all_opkernel_def", lambda: halves)
    assert cpu_precisions.__wrapped__() == ("f32", "f16", "int8")
    monkeypatch.setattr(state, "get_all_opkernel_def", lambda: halves[:1])
    assert cpu_precisions.__wrapped__() == ("f32", "int8")


def test_what_cannot_run_is_said_before_any_work() -> None:
    def never() -> bytes:
        raise AssertionError("a plan does no work")

    huge = replace(NETWORK, onnx=never, parameters=10**15, operators=("Conv", "NoSuchOperator"))
    refusals = RUNTIME.plan(huge, Target.parse("onnxruntime:cpu:int8")).refusals
    assert refusals[0].startswith("int8 needs a quantised network, which 'small' is not")
    assert any("has no NoSuchOperator, which 'small' uses" in r for r in refusals)
    assert any("an ONNX model in one piece holds less than 2 GB" in r for r in refusals)
    assert any("needs about" in r and "GB are free" in r for r in refusals)


def quantised_network() -> PortableNetwork:
    """One convolution between quantisers, as ONNX writes int8 networks."""
    draw = np.random.default_rng(0)
    weight = draw.integers(-100, 100, (16, 16, 3, 3)).astype(np.int8)
    node = helper.make_node
    nodes = [
        node("QuantizeLinear", ["x", "scale", "zero"], ["q"]),
        node("DequantizeLinear", ["q", "scale", "zero"], ["d"]),
        node("DequantizeLinear", ["weight", "fine", "zero"], ["w"]),
        node("Conv", ["d", "w"], ["c"], pads=[1] * 4),
        node("QuantizeLinear", ["c", "coarse", "zero"], ["r"]),
        node("DequantizeLinear", ["r", "coarse", "zero"], ["y"]),
    ]
    constants = [
        numpy_helper.from_array(np.array(0.03, np.float32), "scale"),
        numpy_helper.from_array(np.array(0.001, np.float32), "fine"),
        numpy_helper.from_array(np.array(0.05, np.float32), "coarse"),
        numpy_helper.from_array(np.array(0, np.int8), "zero"),
        numpy_helper.from_array(weight, "weight"),
    ]
    x, y = Port("x", ("batch", 16, 32, 32)), Port("y", ("batch", 16, 32, 32))
    return replace(
        NETWORK,
        name="quantised",
        inputs=(x,),
        outputs=(y,),
        operators=("Conv", "DequantizeLinear", "QuantizeLinear"),
        onnx=lambda: serialised("quantised", nodes, (x,), (y,), constants),
    )


def test_a_quantised_network_runs_in_int8_and_says_so(tmp_path: Path) -> None:
    quantised = quantised_network()
    plan = RUNTIME.plan(quantised, Target.parse("onnxruntime:cpu:int8"))
    assert plan.refusals == ()
    network = brought(plan, tmp_path)
    assert network.placement == Placement(("CPU",), "int8")
    times = network.layer_times(inputs_for(quantised))
    assert [t.precision for t in times if t.operator == "QLinearConv"] == ["int8"]
