"""PyTorch behind the contract of every runtime."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from studio.errors import BadChoice, Overtaken, RuntimeFailed
from studio.runtimes import pytorch
from studio.runtimes.contract import Loaded, NodePlace, Placement, Plan
from studio.runtimes.detection import pytorch as detection
from studio.runtimes.device import Device
from studio.runtimes.pytorch import PyTorchRuntime
from studio.runtimes.pytorch_loaded import PyTorchLoaded
from studio.runtimes.target import Target
from tests.runtimes.networks import assert_equal, decibels, expected, inputs_for, small_network

NETWORK = small_network()
RUNTIME = PyTorchRuntime()


def plan_for(target: str = "pytorch:cpu:f32", threads: int = 0) -> Plan:
    return RUNTIME.plan(NETWORK, Target.parse(target), threads=threads)


def brought(plan: Plan, folder: Path) -> Loaded:
    RUNTIME.compile(plan, folder)
    return RUNTIME.load(plan, folder)


def test_equals_the_module_at_any_batch(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    assert network.placement == Placement(("CPU",), "f32")
    for batch in (1, 4, 1):
        inputs = inputs_for(NETWORK, batch, seed=batch)
        assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))


def test_a_record_without_weights_is_all_that_compiling_leaves(tmp_path: Path) -> None:
    RUNTIME.compile(plan_for(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["record.json"]


def test_the_first_pictures_need_no_folder() -> None:
    network = RUNTIME.eager(plan_for())
    inputs = inputs_for(NETWORK)
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))


def test_bf16_is_near_or_refused() -> None:
    plan = plan_for("pytorch:cpu:bf16")
    if plan.refusals:  # a processor without it
        assert plan.refusals == ("cpu has no bf16 in PyTorch; it computes in f32",)
        with pytest.raises(BadChoice, match="cpu has no bf16"):
            RUNTIME.eager(plan)
        return
    network = RUNTIME.eager(plan)
    inputs = inputs_for(NETWORK, 2)
    wanted = expected(NETWORK, inputs)
    made = network.run(inputs)["y"]
    assert made.dtype == np.float32
    assert decibels(made, wanted) > 35
    assert np.abs(made - wanted).max() > 1e-5  # else it ran in f32
    assert network.placement == Placement(("CPU",), "bf16")


@pytest.mark.parametrize("precision", ["f16", "int8"])
def test_what_a_cpu_does_not_run_is_refused(precision: str) -> None:
    (refusal,) = plan_for(f"pytorch:cpu:{precision}").refusals
    assert precision in refusal


@pytest.mark.parametrize("device", ["cuda:99", "tpu", "cpu:1", "xpu:x", "cudaa"])
def test_a_device_that_is_not_there_is_refused(device: str) -> None:
    with pytest.raises(BadChoice, match=f"PyTorch has no device {device} on this host; it has cpu"):
        RUNTIME.plan(NETWORK, Target("pytorch", device, "f32"))


def test_stopping_before_any_operation(tmp_path: Path) -> None:
    network = brought(plan_for(), tmp_path)
    inputs = inputs_for(NETWORK)
    calls: list[None] = []
    network.run(inputs, lambda: calls.append(None))
    total = len(calls)
    assert total >= 8  # one an operation at least
    for last in (1, total):
        calls.clear()

        def between(last: int = last) -> None:
            calls.append(None)
            if len(calls) == last:
                raise Overtaken

        with pytest.raises(Overtaken):
            network.run(inputs, between)
        assert len(calls) == last
    assert_equal(network.run(inputs)["y"], expected(NETWORK, inputs))


def test_what_between_raises_is_not_taken_for_a_failure() -> None:
    def between() -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match=r"^mine$"):
        RUNTIME.eager(plan_for()).run(inputs_for(NETWORK), between)


def test_layer_times_name_submodules_operations_and_precisions() -> None:
    times = RUNTIME.eager(plan_for()).layer_times(inputs_for(NETWORK))
    assert [t.name for t in times if "conv" in t.operator] == [
        "body.conv2d",
        "body.conv_transpose2d",
        "conv2d",
    ]
    assert {t.precision for t in times} == {"f32"}
    assert sum(t.milliseconds for t in times) > 0


def test_threads_are_used_and_given_back() -> None:
    seen: list[int] = []
    network = RUNTIME.eager(plan_for(threads=2))
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        network.run(inputs_for(NETWORK), lambda: seen.append(torch.get_num_threads()))
        assert set(seen) == {2}
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def with_module(make: Callable[[], nn.Module]) -> Plan:
    return replace(plan_for(), network=replace(NETWORK, module=make))


class Raising(nn.Module):
    def forward(self, x: torch.Tensor, style: torch.Tensor, lift: torch.Tensor) -> torch.Tensor:
        return x @ style  # shapes that do not fit


def test_a_module_that_raises_is_one_sentence() -> None:
    with pytest.raises(RuntimeFailed, match=r"^running 'small' on pytorch:cpu:f32 failed: ") as it:
        RUNTIME.eager(with_module(Raising)).run(inputs_for(NETWORK))
    assert "\n" not in str(it.value)


def test_a_module_that_cannot_be_made_fails_when_it_is_compiled(tmp_path: Path) -> None:
    def make() -> nn.Module:
        raise RuntimeError("out of memory\nlong trace")

    with pytest.raises(RuntimeFailed, match="loading 'small' on pytorch:cpu:f32 failed: out of me"):
        RUNTIME.compile(with_module(make), tmp_path)
    assert not any(tmp_path.iterdir())


def test_wrong_inputs_are_refused() -> None:
    network = RUNTIME.eager(plan_for())
    good = inputs_for(NETWORK, 2)
    with pytest.raises(BadChoice, match="input style"):  # torch would broadcast it
        network.run({**good, "style": good["style"][:1]})
    with pytest.raises(BadChoice, match="takes the inputs"):
        network.run({})


def test_another_version_is_refused(tmp_path: Path) -> None:
    plan = plan_for()
    RUNTIME.compile(replace(plan, version="2.4.0"), tmp_path)
    with pytest.raises(RuntimeFailed, match=r"compiled by pytorch 2\.4\.0, and pytorch .* is here"):
        RUNTIME.load(plan, tmp_path)


def test_a_closed_network_says_so() -> None:
    network = RUNTIME.eager(plan_for())
    network.close()
    network.close()
    with pytest.raises(RuntimeFailed, match="'small' was closed"):
        network.run(inputs_for(NETWORK))


# --- GPUs, which need not be here ------------------------------------------------------------


def gpus() -> tuple[Device, ...]:
    row = Device("pytorch", "GPU", "NVIDIA", "H200", "13.0", "cuda:0", ("f32", "bf16", "f16"))
    return (
        Device("pytorch", "CPU", id="cpu", precisions=("f32",)),
        row,
        replace(row, id="cuda:1", name="T4", precisions=("f32", "f16")),
        replace(row, id="mps", name="M4"),
        replace(row, id="xpu:0", name="Arc"),
        Device("pytorch", "GPU", "AMD", status="unavailable", reason="no ROCm"),
    )


def test_gpus_are_planned_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "devices", gpus)
    monkeypatch.setattr(pytorch, "_free_memory", lambda name: 10**9)
    assert plan_for("pytorch:CUDA:f16").device == "H200 13.0"
    assert plan_for("pytorch:cuda:1:f16").device == "T4 13.0"
    assert plan_for("pytorch:mps").device == "M4 13.0"
    assert plan_for("pytorch:xpu:bf16").refusals == ()
    assert "it computes in f32, f16" in plan_for("pytorch:cuda:1:bf16").refusals[0]
    assert "are ignored" in plan_for("pytorch:cuda", threads=3).notes[0]
    with pytest.raises(BadChoice, match="it has cpu, cuda:0, cuda:1, mps, xpu:0"):
        plan_for("pytorch:cuda:2")


def test_a_gpu_refuses_what_its_memory_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "devices", gpus)
    asked: list[str] = []
    monkeypatch.setattr(pytorch, "_free_memory", lambda name: asked.append(name) or 1000)
    assert "GB are free" in plan_for("pytorch:cuda:1:f16").refusals[0]
    assert asked == ["cuda:1"]


class Moves(nn.Module):
    """Remembers where it was moved to, and stays."""

    def __init__(self) -> None:
        super().__init__()
        self.moves: list[dict[str, object]] = []
        self.register_buffer("weight", torch.zeros(3))

    def to(self, *args: object, **kwargs: object) -> Moves:
        assert not args
        self.moves.append(kwargs)
        return self


def test_a_module_is_moved_in_its_precision_and_channels_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    module = Moves()
    plan = replace(with_module(lambda: module), target=Target("pytorch", "cuda:1", "f16"))
    network = PyTorchLoaded(plan)
    assert module.moves == [
        {"device": torch.device("cuda:1"), "dtype": torch.float16},
        {"memory_format": torch.channels_last},
    ]
    assert not torch.backends.cudnn.allow_tf32  # f32 means f32
    # The module stayed on the CPU, and that is what is said.
    assert network.placement == Placement(("CPU",), "f32", (NodePlace("CPU", "constant", 1),))
