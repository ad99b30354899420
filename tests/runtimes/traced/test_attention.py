"""Products inside of attention in int8: what is seen, what is chosen, what OpenVINO computes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from studio.families.portable import Port, PortableNetwork
from studio.families.traced import Traced
from studio.runtimes.openvino_core import core
from studio.runtimes.traced.attention import Attended, Rounded, Watch, emit
from studio.runtimes.traced.openvino_model import converted

HEADS, SIZE, TOKENS = 2, 8, 16


class Attention(nn.Module):
    """Self-attention of what it is given, sharpened."""

    def __init__(self, sharp: float = 1.0) -> None:
        super().__init__()
        self.sharp = sharp
        self.kept = nn.Identity()  # a module with parts is what a name is taken from

    def forward(self, x: Tensor) -> Tensor:
        x = x.unflatten(-1, (HEADS, SIZE)).transpose(1, 2)
        made = functional.scaled_dot_product_attention(self.sharp * x, x, x)
        return self.kept(made.transpose(1, 2).flatten(2))


class Outer(nn.Module):
    def __init__(self, sharp: float = 1.0) -> None:
        super().__init__()
        self.attn = Attention(sharp)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.attn(x)
        return made


def network(sharp: float = 1.0) -> PortableNetwork:
    module = Traced(Outer(sharp), ["x"], lambda inner, given: (inner(given["x"]),)).eval()
    ports = Port("x", ("batch", TOKENS, HEADS * SIZE))
    return PortableNetwork(
        "k", "n", (ports,), (Port("y", ports.shape),), (), 0, 1, 1, bytes, lambda: module,
        traced=True, example=(("batch", 2),),
    )  # fmt: skip


def values(seed: int = 0) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(2, TOKENS, HEADS * SIZE, generator=draw)


def watched(module: nn.Module, x: Tensor, least: int = 1) -> dict[str, Attended]:
    with torch.inference_mode(), Watch(module, least) as watch:
        module(x)
    return watch.found()


def test_what_an_attention_reads_is_seen() -> None:
    x, module = values(), network(2.0).module()
    seen = watched(module, x)["attn"]
    assert seen.queries == pytest.approx(2 * float(x.abs().max()))
    assert seen.keys == seen.values == pytest.approx(float(x.abs().max()))
    heads = x.unflatten(-1, (HEADS, SIZE)).transpose(1, 2)
    weights = (2 * heads @ heads.mT / math.sqrt(SIZE)).softmax(-1)
    assert seen.weights == pytest.approx(float(weights.max()))
    assert 0 < seen.scores < 0.05
    assert watched(module, x, least=TOKENS + 1) == {}


def test_small_errors_alone_are_accepted() -> None:
    seen = Attended(1, 1, 1, 1, scores=0.01, both=0.03)
    assert [seen.products(limit) for limit in (0.05, 0.02, 0.001)] == ["both", "scores", ""]


def test_one_large_weight_among_many_small_ones_is_found_out() -> None:
    """A row with all its weight in one place makes the range in which even rows get no levels."""
    x = torch.zeros(1, TOKENS, HEADS * SIZE)
    x[0, 0] = 40.0  # attends to itself alone
    x[0, 1:] = values()[0, 1:] * 0.01 - 1.0  # these look away from it, and share their weight
    even = watched(network().module(), values() * 0.1)["attn"]
    assert even.both < 0.02
    sharp = watched(network(8.0).module(), values())["attn"]
    assert sharp.both > 2 * even.both


@pytest.mark.parametrize("limit", [0.5, 1e-9])
def test_openvino_computes_what_pytorch_predicts(limit: float) -> None:
    made, x = network(), values()
    module = made.module()
    seen = watched(module, x)
    model = converted(made, module)
    done = emit(model, seen, limit)
    assert done == ({"attn": "both"} if limit == 0.5 else {})
    model.validate_nodes_and_infer_types()
    compiled = core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    given = next(iter(compiled([x.numpy()]).values()))
    with torch.inference_mode():
        wanted = module(x)[0].numpy()
        with Rounded(module, seen, limit):
            predicted = module(x)[0].numpy()
    apart = np.linalg.norm(given - wanted) / np.linalg.norm(wanted)
    if limit < 0.5:
        assert apart < 1e-5
        assert np.array_equal(predicted, wanted)
        return
    assert 1e-4 < apart < 0.05
    assert np.linalg.norm(given - predicted) < 0.5 * np.linalg.norm(given - wanted)
