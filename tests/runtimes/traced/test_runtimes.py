"""A tiny U-Net of diffusers in every runtime: in float, and rounded to int8."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import torch
from torch import nn

from studio.errors import RuntimeFailed
from studio.families.diffusion.signatures import signature_of
from studio.families.portable import Feeds, PortableNetwork, Quantisation, Storage
from studio.families.quantization import QuantPlan
from studio.families.traced import traced_network
from studio.runtimes.all import runtime
from studio.runtimes.contract import Arrays, Loaded, Plan
from studio.runtimes.openvino_core import core, quiet_openvino
from studio.runtimes.target import Target
from studio.runtimes.traced.early import in_two
from tests.families.diffusion.components import component

TARGETS = ("openvino:CPU:f32", "onnxruntime:cpu:f32", "pytorch:cpu:f32")
FLOAT = ("conv_in", "conv_out", "time_embedding.linear_1", "time_embedding.linear_2")


@pytest.fixture(scope="module")
def unet() -> nn.Module:
    return component("unet")


@pytest.fixture(scope="module")
def network(unet: nn.Module) -> PortableNetwork:
    return traced_network(unet, signature_of(unet), key="0", name="tiny unet")


@pytest.fixture(scope="module")
def quantised(network: PortableNetwork) -> PortableNetwork:
    layers = tuple(
        layer.name
        for layer in network.layers
        if layer.name not in FLOAT and "time_emb" not in layer.name
    )

    def feeds() -> Feeds:
        return tuple(fed(1, 8, 8, seed) for seed in range(4))

    return replace(network, key="1", quantisation=Quantisation(QuantPlan(layers=layers), feeds))


def fed(batch: int, height: int, width: int, seed: int = 9) -> dict[str, npt.NDArray[np.float32]]:
    draw = np.random.default_rng(seed)
    return {
        "sample": draw.standard_normal((batch, 4, height, width)).astype(np.float32),
        "timestep": np.array([901 - 200 * (seed % 5)], np.float32),
        "encoder_hidden_states": draw.standard_normal((batch, 7, 16)).astype(np.float32),
    }


def wanted(network: PortableNetwork, inputs: Arrays) -> npt.NDArray[np.float32]:
    with torch.no_grad():
        made = network.module()(*(torch.from_numpy(inputs[p.name]) for p in network.inputs))
    array: npt.NDArray[np.float32] = made[0].numpy()
    return array


def apart(got: npt.NDArray[np.float32], want: npt.NDArray[np.float32]) -> float:
    return float(np.linalg.norm(got - want) / np.linalg.norm(want))


def planned(network: PortableNetwork, target: str, sizes: dict[str, int] | None = None) -> Plan:
    parsed = Target.parse(target)
    made = runtime(parsed.runtime).plan(network, parsed, sizes=sizes, threads=1)
    assert not made.refusals
    return made


def loaded(
    network: PortableNetwork, target: str, folder: Path, sizes: dict[str, int] | None = None
) -> Loaded:
    plan = planned(network, target, sizes)
    runtime(plan.target.runtime).compile(plan, folder)
    return runtime(plan.target.runtime).load(plan, folder)


@pytest.mark.parametrize("target", TARGETS)
def test_every_size_agrees(network: PortableNetwork, target: str, tmp_path: Path) -> None:
    ready = loaded(network, target, tmp_path)
    for inputs in (fed(1, 8, 8), fed(2, 8, 16)):
        got, want = ready.run(inputs)["out_sample"], wanted(network, inputs)
        assert np.abs(got - want).max() <= max(1e-4, 1e-5 * np.abs(want).max())
    assert ready.placement.precision == "f32"


def test_the_weights_of_the_model_stay_as_they_are(
    unet: nn.Module, quantised: PortableNetwork, tmp_path: Path
) -> None:
    before = {name: (p.data_ptr(), p.clone()) for name, p in unet.named_parameters()}
    loaded(quantised, "pytorch:cpu:bf16", tmp_path)
    module = quantised.module()
    assert {p.data_ptr() for p in module.parameters()} == {at for at, _ in before.values()}
    for name, parameter in unet.named_parameters():
        assert torch.equal(parameter, before[name][1])


@pytest.fixture(scope="module", params=["openvino:CPU:int8", "onnxruntime:cpu:int8"])
def in_int8(
    request: pytest.FixtureRequest,
    quantised: PortableNetwork,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Loaded, Path]]:
    folder = tmp_path_factory.mktemp("int8")
    fixed = {"batch": 2, "height": 8, "width": 8, "tokens": 7}
    sizes = fixed if request.param.startswith("openvino") else None
    ready = loaded(quantised, request.param, folder, sizes)
    yield ready, folder
    ready.close()


def test_int8_is_near_and_told_from_the_graph(
    in_int8: tuple[Loaded, Path], quantised: PortableNetwork
) -> None:
    ready, folder = in_int8
    inputs = fed(2, 8, 8)
    assert apart(ready.run(inputs)["out_sample"], wanted(quantised, inputs)) < 0.1
    assert quantised.quantisation is not None
    planned_layers = set(quantised.quantisation.plan.layers)
    assert ready.placement.int8 is not None
    assert ready.placement.int8 > 0.7
    assert ready.placement.precision == "int8"
    # What the plan leaves in float runs so; a runtime may leave more.
    left = set(ready.placement.left)
    assert {layer.name for layer in quantised.layers} - planned_layers <= left
    weights = sum(layer.weights for layer in quantised.layers if layer.name not in left)
    (data,) = [p for p in folder.iterdir() if p.name in ("network.bin", "network.onnx_data")]
    assert data.stat().st_size < 4 * quantised.parameters - 2 * weights


def test_a_damaged_file_is_refused(quantised: PortableNetwork, tmp_path: Path) -> None:
    plan = planned(replace(quantised, quantisation=None), "onnxruntime:cpu:f32")
    runtime("onnxruntime").compile(plan, tmp_path)
    data = tmp_path / "network.onnx_data"
    content = bytearray(data.read_bytes())
    content[-1] ^= 1
    data.write_bytes(content)
    with pytest.raises(RuntimeFailed, match="was changed after it was written"):
        runtime("onnxruntime").load(plan, tmp_path)


def test_weights_of_onnx_lie_beside_the_graph(network: PortableNetwork, tmp_path: Path) -> None:
    plan = planned(network, "onnxruntime:cpu:f32")
    runtime("onnxruntime").compile(plan, tmp_path)
    model = onnx.load(tmp_path / "network.onnx", load_external_data=False)
    assert (tmp_path / "network.onnx_data").stat().st_size > 3.5 * network.parameters
    beside = [t for t in model.graph.initializer if t.external_data]
    assert len(beside) > 20
    onnx.checker.check_model(str(tmp_path / "network.onnx"))


def test_what_is_made_of_times_before_layers_stays_apart() -> None:
    from openvino import opset15

    package = quiet_openvino()
    steps = np.array([[1.0, 0.5, 0.01]], np.float32)
    turn = np.eye(6, dtype=np.float32)

    def read() -> object:
        time = opset15.parameter([1], np.float32, "timestep")
        values = opset15.parameter([-1, 6], np.float32, "sample")
        for each, name in ((time, "timestep"), (values, "sample")):
            each.output(0).get_tensor().set_names({name})
        angles = opset15.multiply(opset15.unsqueeze(time, np.int64(1)), steps)
        both = opset15.concat([opset15.cos(angles), opset15.sin(angles)], 1)
        made = opset15.add(opset15.matmul(both, turn, False, False), values)
        made.output(0).get_tensor().set_names({"out"})
        return package.Model([opset15.result(made)], [time, values], "small")

    parts = in_two(read)
    assert parts is not None
    head, body = (core().compile_model(m, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
                  for m in (parts.head, parts.body))  # fmt: skip
    angles = 901 * steps
    found = head({"timestep": np.array([901.0], np.float32)})[0]
    assert np.allclose(found, np.concatenate([np.cos(angles), np.sin(angles)], 1), atol=1e-4)
    sample = np.ones((2, 6), np.float32)
    whole = body({"early.0": found, "sample": sample})["out"]
    assert np.allclose(whole, found + sample, atol=1e-6)
    assert {name for port in body.inputs for name in port.names} == {"early.0", "sample"}


@pytest.mark.parametrize(
    ("target", "storage", "most"),
    [("openvino:CPU:f32", "int4", 0.3), ("onnxruntime:cpu:f32", "int8", 0.03)],
)
def test_small_weights_compute_in_float(
    network: PortableNetwork, target: str, storage: Storage, most: float, tmp_path: Path
) -> None:
    small = replace(network, key="2", storage=storage)
    ready = loaded(small, target, tmp_path)
    inputs = fed(1, 8, 8)
    assert 0 < apart(ready.run(inputs)["out_sample"], wanted(network, inputs)) < most
    assert ready.placement.precision == "f32"
    assert ready.placement.int8 is None
    (data,) = [p for p in tmp_path.iterdir() if p.name in ("network.bin", "network.onnx_data")]
    assert data.stat().st_size < 0.45 * 4 * network.parameters


def test_small_weights_are_refused_where_nobody_keeps_them(network: PortableNetwork) -> None:
    small = replace(network, storage="int4")
    for target, words in (
        ("pytorch:cpu:f32", "PyTorch keeps weights in float"),
        ("onnxruntime:cpu:f32", "int4 are for OpenVINO"),
    ):
        parsed = Target.parse(target)
        plan = runtime(parsed.runtime).plan(small, parsed)
        assert any(words in sentence for sentence in plan.refusals)
