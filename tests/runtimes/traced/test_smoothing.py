"""Even ranges of what layers read, within the rounding that runtimes do anyway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from studio.families.portable import LayerMacs, Port, PortableNetwork, Quantisation
from studio.families.quantization import QuantPlan
from studio.families.traced import Traced, layer_modules
from studio.runtimes.all import runtime
from studio.runtimes.target import Target
from studio.runtimes.traced.ranges import Seen, seen_by_layers
from studio.runtimes.traced.rounding import rounded
from studio.runtimes.traced.smoothing import even, factors_of, kind_of, smoothing_factors

CHANNELS = 8
NAMES = ("to_q", "to_k", "conv", "other")
EVERY = tuple((kind, 0.5) for kind in ("attention", "convolution", "other"))


class Layers(nn.Module):
    """Two linear layers that read one tensor, a convolution, and one more; channel 0 of every input
    is a hundred times as large as the others, and hardly read."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.to_q, self.to_k = nn.Linear(CHANNELS, 4), nn.Linear(CHANNELS, 4)
        self.conv = nn.Conv2d(CHANNELS, 4, 3, padding=1)
        self.other = nn.Linear(CHANNELS, 4, bias=False)
        for layer in (self.to_q, self.to_k, self.conv, self.other):
            layer.weight.data[:, 0] /= 100

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        tokens = x.flatten(2).transpose(1, 2).contiguous()
        made = self.to_q(tokens) + self.to_k(tokens) + self.other(tokens * 1.5)
        return made, self.conv(x)


def network(smoothing: tuple[tuple[str, float], ...]) -> PortableNetwork:
    module = Traced(Layers(), ["x"], lambda inner, given: inner(given["x"])).eval()
    plan = QuantPlan(layers=NAMES, activations="asymmetric", smoothing=smoothing)
    return PortableNetwork(
        "k",
        "n",
        (Port("x", ("batch", CHANNELS, 4, 4)),),
        (Port("tokens", ("batch", 16, 4)), Port("map", ("batch", 4, 4, 4))),
        ("Conv", "MatMul"),
        1000,
        1000,
        1000,
        bytes,
        lambda: module,
        layers=tuple(LayerMacs(name, 250) for name in NAMES),
        quantisation=Quantisation(plan, lambda: (feed(),)),
        traced=True,
        example=(("batch", 2),),
    )


def feed() -> dict[str, np.ndarray]:
    draw = torch.Generator().manual_seed(1)
    x = torch.randn(2, CHANNELS, 4, 4, generator=draw)
    x[:, 0] *= 100
    return {"x": x.numpy()}


def test_factors_share_the_spread() -> None:
    inputs = np.array([100.0, 1.0, 0.0], np.float32)
    weights = np.array([0.01, 1.0, 1.0], np.float32)
    found = smoothing_factors(inputs, weights, 0.5)
    # sqrt(x / w) is 100 and 1; the geometric mean of those that are alive is taken out.
    assert found == pytest.approx([10.0, 0.1, 1.0])
    assert smoothing_factors(inputs, weights, 1.0)[:2] == pytest.approx([10.0, 0.1])
    seen = Seen(-100, 100, -inputs, inputs, inputs / 2)
    after = even(seen, found)
    assert (after.low, after.high) == pytest.approx((-10.0, 10.0))
    assert after.means == pytest.approx([5.0, 5.0, 0.0])
    made = rounded(np.ones((2, 3, 2, 2), np.float32), found)
    assert (made.numbers * made.scale)[1, :, 1, 0] == pytest.approx([10.0, 0.1, 1.0], abs=0.04)


def test_layers_are_of_kinds() -> None:
    linear, conv = nn.Linear(1, 1), nn.Conv2d(1, 1, 1)
    names = {
        "blocks.0.attn1.to_q": "attention",
        "blocks.0.attn1.to_out.0": "attention",
        "blocks.0.attn1.to_out.0.expand": "attention",  # a link of a factorised layer
        "blocks.0.attn.add_k_proj": "attention",
        "encoder.layers.0.self_attn.q_proj": "attention",
        "encoder.block.0.layer.0.SelfAttention.q": "attention",
        "blocks.0.ff.net.0.proj": "feed-forward",
        "encoder.layers.0.mlp.fc1": "feed-forward",
        "encoder.block.0.layer.1.DenseReluDense.wi_0": "feed-forward",
        "proj_in": "other",
    }
    assert {name: kind_of(name, linear) for name in names} == names
    assert kind_of("blocks.0.attn1.to_q", conv) == "convolution"


def test_layers_that_read_one_tensor_share_their_factors() -> None:
    made = network(EVERY)
    assert made.quantisation is not None
    module, plan = made.module(), made.quantisation.plan
    seen = seen_by_layers(made, module, NAMES, (feed(),), plan)
    assert [seen[name].reads for name in NAMES] == ["to_q", "to_q", "conv", "other"]
    factors = factors_of(seen, layer_modules(module, NAMES), plan)
    assert np.array_equal(factors["to_q"], factors["to_k"])
    assert factors["conv"][0] > 20 * factors["conv"][1]
    assert factors_of(seen, layer_modules(module, NAMES), QuantPlan()) == {}
    only = replace(plan, smoothing=(("convolution", 0.5),))
    assert set(factors_of(seen, layer_modules(module, NAMES), only)) == {"conv"}


@pytest.mark.parametrize("target", ["openvino:CPU:int8", "onnxruntime:cpu:int8"])
def test_the_error_falls_in_every_runtime(target: str, tmp_path: Path) -> None:
    wanted = network(()).module()(torch.from_numpy(feed()["x"]))

    def errors(smoothing: tuple[tuple[str, float], ...], folder: Path) -> Sequence[float]:
        made, where = network(smoothing), Target.parse(target)
        folder.mkdir()
        plan = runtime(where.runtime).plan(made, where, sizes={"batch": 2}, threads=1)
        assert not plan.refusals
        placed = runtime(where.runtime).compile(plan, folder)
        assert placed.int8 == 1.0
        given = runtime(where.runtime).load(plan, folder).run(feed())
        found = []
        for port, right in zip(made.outputs, wanted, strict=True):
            right = right.detach().numpy()
            found.append(np.linalg.norm(given[port.name] - right) / np.linalg.norm(right))
        return found

    plain, smooth = errors((), tmp_path / "plain"), errors(EVERY, tmp_path / "smooth")
    assert all(each > 0.03 for each in plain)
    assert all(after < before / 3 for before, after in zip(plain, smooth, strict=True))
