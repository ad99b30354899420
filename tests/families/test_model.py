"""What a model accepts, refuses and promises."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studio.errors import BadChoice, Overtaken
from studio.families.inputs import GanInputs
from studio.families.model import to_pixels
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model


def test_a_seed_always_gives_the_same_latent() -> None:
    model = small_model()
    expected = torch.randn(1, 16, generator=torch.Generator().manual_seed(42))
    torch.manual_seed(0)
    assert torch.equal(model.latent(42), expected)
    assert not torch.equal(model.latent(43), expected)


def test_a_render_is_8_bit_rgb_of_the_chosen_resolution() -> None:
    picture = small_model().render(GanInputs(seed=3), SubnetChoice(width=0.5, resolution=16))
    assert picture.shape == (16, 16, 3)
    assert picture.dtype == np.uint8
    assert picture.flags["C_CONTIGUOUS"]


def test_pixels_are_clamped_and_rounded() -> None:
    values = torch.tensor([-9.0, -1.0, -0.999, 0.0, 0.9999, 1.0, 9.0]).view(1, 1, 1, 7)
    pixels = to_pixels(values.expand(1, 3, 1, 7))
    assert pixels[0, 0, :, 0].tolist() == [0, 0, 0, 128, 255, 255, 255]


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (GanInputs(seed=-1), "seed -1"),
        (GanInputs(seed=2**32), "seed 4294967296"),
        (GanInputs(mix_seed=-5), "seed -5"),
        (GanInputs(truncation=2.5), "truncation 2.5"),
        (GanInputs(truncation=float("nan")), "truncation nan"),
        (GanInputs(truncation_cutoff=9), "truncation cutoff 9"),
        (GanInputs(noise=-0.1), "noise -0.1"),
        (GanInputs(mix_from=-1), "mix_from -1"),
        (GanInputs(label=0), "no classes"),
        (GanInputs(edits=(("smile", 1.0),)), "'smile'"),
        (GanInputs(edits=(("age", float("inf")),)), "inf"),
    ],
)
def test_bad_inputs_are_refused_with_a_sentence(inputs: GanInputs, words: str) -> None:
    model = small_model(directions=("age",))
    with pytest.raises(BadChoice) as refused:
        model.render(inputs)
    assert words in str(refused.value)


def test_classes() -> None:
    model = small_model(small_config(c_dim=3))
    with pytest.raises(BadChoice, match="class 3 is not within 0 and 2"):
        model.render(GanInputs(label=3))
    first, second = (model.styles(GanInputs(label=c)) for c in (0, 1))
    assert torch.equal(model.styles(GanInputs()), first)
    assert not torch.equal(first, second)
    soft = model.styles_of(model.latent(0), GanInputs(), labels=torch.tensor([[0.5, 0.5, 0.0]]))
    assert not torch.equal(soft, first)


def test_truncation_mixing_and_edits_act_in_that_order() -> None:
    model = small_model(directions=("age", "light"))
    w = model.network.map(model.latent(1))[:, None].expand(-1, 8, -1)
    v = model.network.map(model.latent(2))[:, None].expand(-1, 8, -1)
    average = model.network.w_avg
    inputs = GanInputs(
        seed=1,
        truncation=0.5,
        truncation_cutoff=6,
        mix_seed=2,
        mix_from=3,
        edits=(("light", 2.0), ("age", 0.0)),
    )
    expected = torch.cat([w[:, :3], v[:, 3:]], dim=1).clone()
    expected[:, :6] = average + 0.5 * (expected[:, :6] - average)
    expected += 2.0 * model.directions[1]
    assert torch.allclose(model.styles(inputs), expected, atol=1e-6)


def test_zero_truncation_is_the_average() -> None:
    model = small_model()
    rows = model.styles(GanInputs(truncation=0.0))
    assert torch.allclose(rows, model.network.w_avg.expand_as(rows), atol=1e-6)


def test_noise_goes_from_none_to_twice() -> None:
    model = small_model()
    styles = model.styles(GanInputs())
    none, half, one = (model.picture(styles, noise=n) for n in (0.0, 0.5, 1.0))
    assert not torch.equal(none, half)
    assert not torch.equal(half, one)
    nearly = model.picture(styles, noise=1e-7)
    assert torch.allclose(none, nearly, atol=1e-4)


def test_a_render_stops_between_layers() -> None:
    model = small_model()
    calls = []

    def between() -> None:
        calls.append(None)
        if len(calls) == 3:
            raise Overtaken

    with pytest.raises(Overtaken):
        model.render(GanInputs(), between=between)
    assert len(calls) == 3


def test_directions_must_fit() -> None:
    model = small_model(directions=("age",))
    with pytest.raises(ValueError, match="directions"):
        type(model)(model.info, model.network, torch.zeros(2, 18))
