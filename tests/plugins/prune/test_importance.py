"""Scores against their definitions, and choosing by them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from plugins.prune.importance import scores
from plugins.prune.params import PruneParams
from plugins.prune.selecting import kept_channels
from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.stylegan.cutting import keep_channels
from studio.families.stylegan.styles import sample_latents
from tests.families.small import factorised_config, small_config, small_model

CONFIG = small_config((6, 5, 4, 3))
KINDS = ("l1", "l2", "taylor", "activation")


def told(fraction: float, text: str) -> None:
    assert 0 <= fraction <= 1
    assert text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "model",
    [small_model(), small_model(small_config(c_dim=3)), small_model(factorised_config())],
    ids=["plain", "classes", "chains"],
)
def test_every_channel_gets_a_score_and_the_seed_decides(kind: str, model: Model) -> None:
    found = scores(model, kind, 3, 1, told)
    assert tuple(map(len, found)) == model.info.config.channels
    assert all(bool(s.isfinite().all()) and float(s.min()) > 0 for s in found)
    again, other = scores(model, kind, 3, 1, told), scores(model, kind, 3, 2, told)
    assert all(torch.equal(a, b) for a, b in zip(found, again, strict=True))
    assert not torch.equal(found[1], other[1])


def test_l1_is_weight_times_style_of_each_reader() -> None:
    model = small_model(CONFIG)
    z, _ = sample_latents(CONFIG, 4, 0)
    w = model.network.map(z)
    total = torch.zeros(5)
    view = model.view()
    for reader in (view.layers[1], view.rgb[0]):  # who reads entry 1
        style = (w @ reader.style_weight.T + reader.style_bias).abs().mean(dim=0)
        taken = reader.weight.abs().sum(dim=(0, 2, 3)) * style
        total += taken / taken.mean()
    assert torch.allclose(scores(model, "l1", 4, 0, told)[1], total / 2, rtol=1e-4)


def test_activation_counts_what_is_read() -> None:
    # The constant is what entry 0 holds: scaling a channel of it up scales its score alone.
    model = small_model(CONFIG)
    before = scores(model, "activation", 2, 0, told)[0]
    model.network.const[2] *= 10
    after = scores(model, "activation", 2, 0, told)[0]
    assert after[2] / after[0] == pytest.approx(10 * float(before[2] / before[0]), rel=1e-4)
    assert torch.allclose(after[3] / after[0], before[3] / before[0], rtol=1e-4)


def test_taylor_is_the_squared_change_of_the_picture_for_a_small_step() -> None:
    # |G(1) - G(1 - h)|^2 / h^2 tends to |dG/dg|^2, of which the score is an estimate.
    model = small_model(CONFIG)
    samples, step = 400, 1e-2
    found = scores(model, "taylor", samples, 0, told)
    z, _ = sample_latents(CONFIG, samples, 0)
    styles = model.styles_of(z, GanInputs())
    wanted = model.picture(styles)
    for channel in range(5):
        tensors = {k: v.clone() for k, v in model.network.state_dict().items()}
        for name in ("layers.1", "rgb.0"):
            for part in ("style_weight", "style_bias"):
                tensors[f"{name}.{part}"][channel] *= 1 - step
        moved = Model(model.info, type(model.network).from_tensors(CONFIG, tensors))
        change = (moved.picture(styles) - wanted).square().sum() / step**2 / samples
        assert float(found[1][channel]) == pytest.approx(float(change), rel=0.35)


def test_taylor_finds_what_hurts_least() -> None:
    model = small_model(CONFIG)
    found = scores(model, "taylor", 32, 0, told)[3]
    z, _ = sample_latents(CONFIG, 32, 0)
    styles, damage = model.styles_of(z, GanInputs()), []
    for channel in range(3):
        every = [torch.arange(c) for c in CONFIG.channels]
        every[3] = torch.tensor([c for c in range(3) if c != channel])
        network = keep_channels(model.network, every)
        picture = Model(replace(model.info, config=network.config), network).picture(styles)
        damage.append(float((picture - model.picture(styles)).square().mean()))
    assert int(found.argmin()) == damage.index(min(damage))


SCORES = [torch.tensor([5.0, 0.1, 4.0, 0.2, 9.0, 8.0]), torch.tensor([3.0, 0.3, 2.0, 1.0, 7.0]),
          torch.tensor([0.4, 6.0, 5.5, 5.0]), torch.tensor([9.0, 9.0, 0.5])]  # fmt: skip


def kept(**params: object) -> list[list[int]]:
    made = PruneParams.model_validate({"least_channels": 1, **params})
    return [index.tolist() for index in kept_channels(SCORES, made, CONFIG).indices]


def test_an_even_ratio_takes_the_worst_of_every_entry() -> None:
    assert kept(ratio=0.34) == [[0, 2, 4, 5], [0, 2, 4], [1, 2, 3], [0, 1]]
    assert kept(ratio=0) == [list(range(c)) for c in CONFIG.channels]


def test_a_global_ratio_takes_the_worst_of_all() -> None:
    assert kept(ratio=5 / 18, spread="global") == [[0, 2, 4, 5], [0, 2, 3, 4], [1, 2, 3], [0, 1]]


def test_free_ratios() -> None:
    assert kept(ratios=(0.5, 0, 0, 0.34))[0] == [0, 4, 5]
    assert kept(ratios=(0.5, 0, 0, 0.34))[1:] == [[0, 1, 2, 3, 4], [0, 1, 2, 3], [0, 1]]
    assert kept(ratios=(0, 0.5)) == [list(range(6)), list(range(5)), [1, 2], [0]]
    with pytest.raises(BadChoice, match=r"ratios has 3 numbers; accepted are 4 .* or 2"):
        kept(ratios=(0.1, 0.1, 0.1))


@pytest.mark.parametrize("spread", ["even", "global"])
def test_some_channels_always_stay(spread: str) -> None:
    assert [len(k) for k in kept(ratio=0.99, spread=spread)] == [1, 1, 1, 1]
    assert [len(k) for k in kept(ratio=0.99, spread=spread, least_channels=4)] == [4, 4, 4, 3]
    some = kept(ratio=0.6, spread=spread, keep_first=True)
    assert [len(k) for k in some[:2]] == [6, 5]
    assert len(some[2]) < 4
    some = kept(ratio=0.6, spread=spread, keep_last=True)
    assert [len(k) for k in some[2:]] == [4, 3]
    assert len(some[0]) < 6
