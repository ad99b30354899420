"""Translation networks as runtimes take them: one compiled network for every size it accepts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from studio.checkpoints.translation_sizes import TranslationSizes
from studio.families.portable import OPSET, Port
from studio.families.translation.program import program
from studio.families.translation.steps import Convolve, without_idle_biases
from studio.runtimes.all import runtime
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice
from tests.families.translation.projects import EVERY, MOBILE, RESNET, SPADE, UNET
from tests.families.translation.small import small_model

TARGETS = ("onnxruntime:CPU:f32", "openvino:CPU:f32", "pytorch:CPU:f32")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("sizes", EVERY)
def test_runtimes_draw_the_same_picture(
    tmp_path: Path, sizes: TranslationSizes, target: str
) -> None:
    """Several pictures at once, of two sizes that differ in height and width."""
    model = small_model(sizes)
    network = model.portable(SubnetChoice(width=0.75))
    where = Target.parse(target)
    plan = runtime(where.runtime).plan(network, where, threads=1)
    assert not plan.refusals
    runtime(where.runtime).compile(plan, tmp_path)
    loaded = runtime(where.runtime).load(plan, tmp_path)
    smallest = model.info.config.smallest
    for batch, height, width in ((1, smallest, 2 * smallest), (2, 2 * smallest, smallest)):
        x = torch.rand(batch, sizes.inputs, height, width) * 2 - 1
        expected = model.picture(x, SubnetChoice(width=0.75))
        drawn = loaded.run({"input": x.numpy()})["picture"]
        assert np.abs(drawn - expected.numpy()).max() < 1e-4
    loaded.close()


@pytest.mark.parametrize("sizes", EVERY)
def test_a_network_says_what_it_is(sizes: TranslationSizes) -> None:
    network = small_model(sizes).portable()
    assert network.inputs == (Port("input", ("batch", sizes.inputs, "height", "width")),)
    assert network.outputs == (Port("picture", ("batch", 3, "height", "width")),)
    graph = onnx.load_from_string(network.onnx())
    onnx.checker.check_model(graph, full_check=True)
    assert graph.opset_import[0].version == OPSET
    assert {node.op_type for node in graph.graph.node} <= set(network.operators)
    convolutions = {n.name for n in graph.graph.node if n.op_type in ("Conv", "ConvTranspose")}
    assert {layer.name for layer in network.layers} == convolutions
    assert network.parameters == sum(t.numel() for t in network.module().buffers())


def test_keys_tell_weights_widths_and_answers_apart() -> None:
    model = small_model(MOBILE)
    keys = [
        model.portable().key,
        model.portable(SubnetChoice(width=0.5)).key,
        model.answered({"clamp_input": "no"}).portable().key,
        small_model(RESNET).portable().key,
    ]
    assert len(set(keys)) == 4
    assert model.portable(SubnetChoice()).key == small_model(MOBILE).portable().key


def test_biases_that_an_instance_norm_removes_are_left_out() -> None:
    """A channel of one value stays one value: in float32 the rest would be blown up by the norm."""
    model = small_model(SPADE)
    steps = without_idle_biases(program(model.info.config))
    without = {s.name for s in steps if isinstance(s, Convolve) and s.bias is None}
    assert "blocks.0.norm0.gamma.depthwise" in without
    assert "blocks.0.norm0.gamma.pointwise" not in without
    assert "blocks.0.conv0" not in without
    unet = without_idle_biases(program(small_model(UNET).info.config))
    biased = {s.name for s in unet if isinstance(s, Convolve) and s.bias is not None}
    assert biased == set()  # batch norms stand in their place
    plain = without_idle_biases(program(small_model(RESNET).info.config))
    biased = {s.name for s in plain if isinstance(s, Convolve) and s.bias is not None}
    assert biased == {"head"}
