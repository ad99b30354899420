"""Statistics of batch norms taken anew: what they are, and what they are worth to a subnet."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from studio.errors import BadChoice
from studio.families.translation.recalibrating import recalibrated
from studio.subnets.choice import SubnetChoice
from tests.families.translation.projects import RESNET, SPADE, UNET
from tests.families.translation.small import small_model


def _batches(inputs: int, side: int, count: int = 3) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(8)
    return [torch.rand(2, inputs, side, side, generator=generator) for _ in range(count)]


def test_the_statistics_are_those_that_pytorch_gathers() -> None:
    """Of the first norm of a U-Net, whose input nothing else changes, with a module of PyTorch."""
    model = small_model(UNET, "pix2pix")
    batches = _batches(3, 32)
    tensors = model.network.tensors()
    norm = nn.BatchNorm2d(6, momentum=None)
    for batch in batches:
        x = nn.functional.conv2d(batch, tensors["down.0.weight"], None, 2, 1)
        x = nn.functional.leaky_relu(x, 0.2)
        norm(nn.functional.conv2d(x, tensors["down.1.weight"], None, 2, 1))
    made = recalibrated(model, batches).network.tensors()
    assert torch.allclose(made["down.1.norm.mean"], norm.running_mean, atol=1e-6)
    assert torch.allclose(made["down.1.norm.var"], norm.running_var, atol=1e-6)
    for name, tensor in tensors.items():
        if not name.endswith((".mean", ".var")):
            assert torch.equal(made[name], tensor), name


def test_a_subnet_comes_nearer_to_even_values() -> None:
    """After every norm without weights, a channel has mean 0 and spread 1 over what it was made
    for; with the statistics of the whole network a subnet's have not."""
    model = small_model(SPADE, "spade").cut(SubnetChoice(width=0.5))
    batches = _batches(5, 128, 1)
    name = "blocks.3.norm1.free"  # behind seven norms, each of which adds a little

    def spread(of: object) -> tuple[float, float]:
        from studio.families.translation.run import run

        seen: list[torch.Tensor] = []
        network = of.network  # type: ignore[attr-defined]
        with torch.no_grad():
            run(network.steps, network.tensors(), batches[0], keep={name: seen.append})
        value = seen[0].transpose(0, 1).flatten(1)
        return float(value.mean(1).abs().max()), float((value.var(1) - 1).abs().max())

    before, after = spread(model), spread(recalibrated(model, batches))
    assert before[0] > 1
    assert after[0] < 0.2
    assert after[1] < before[1] / 2


def test_it_is_another_model_that_says_so() -> None:
    model = small_model(UNET, "pix2pix")
    told: list[float] = []
    made = recalibrated(model, _batches(3, 16), progress=lambda f, text: told.append(f))
    assert made.info.history[-1].step == "recalibrate"
    assert made.info.key != model.info.key
    assert recalibrated(model, _batches(3, 16)).info.key == made.info.key
    assert recalibrated(model, _batches(3, 32)).info.key != made.info.key
    assert told == pytest.approx([0, 1 / 3, 2 / 3])


def test_what_it_refuses() -> None:
    with pytest.raises(BadChoice, match="has no batch norms"):
        recalibrated(small_model(RESNET), _batches(3, 16))
    model = small_model(UNET, "pix2pix")
    with pytest.raises(BadChoice, match="no pictures"):
        recalibrated(model, [])
    with pytest.raises(BadChoice, match="takes 3 channels"):
        recalibrated(model, _batches(2, 16))
    with pytest.raises(BadChoice, match="multiples of 16"):
        recalibrated(model, _batches(3, 20))
