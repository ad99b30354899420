"""Measuring subnets: what is promised of the numbers."""

from __future__ import annotations

import pytest

from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.fidelity import measure as measuring
from studio.fidelity.drawing import EagerDrawer
from studio.fidelity.measure import (
    Cancelled,
    Subject,
    measure,
    median_psnr,
    quartiles,
    quartiles_of_psnr,
)
from studio.fidelity.sets import SetMetric
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_model


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)


def test_full_comes_first_and_equals_itself() -> None:
    model = small_model()
    half = SubnetChoice(width=0.5)
    results = measure(model, [half, SubnetChoice()], seeds=2)
    assert [m.name for m in results] == ["full", "width 0.5"]
    full, cut = results
    assert (full.psnr, full.ssim, full.flip) == (None, 1.0, 0.0)
    assert cut.psnr is not None
    assert cut.choice == half
    assert cut.parameters < full.parameters
    assert cut.macs < full.macs < full.paper_macs
    assert 4 * cut.parameters < cut.size_bytes < full.size_bytes
    for m in results:
        latency = m.latency_ms
        assert 0 < latency.p10 <= latency.median <= latency.p90
        assert m.target == "pytorch:cpu:f32"
        assert m.threads >= 1


def test_fidelity_is_the_median_over_seeds() -> None:
    model = small_model()
    choice = SubnetChoice(width=0.5)
    alone = [measure(model, [choice], inputs=GanInputs(seed=s), seeds=1)[1] for s in (4, 5, 6)]
    together = measure(model, [choice], inputs=GanInputs(seed=4), seeds=3)[1]
    assert together.flip == sorted(m.flip for m in alone)[1]
    assert together.psnr == sorted(m.psnr or 0.0 for m in alone)[1]


def test_the_spread_is_that_of_the_seeds() -> None:
    model = small_model()
    choice = SubnetChoice(width=0.5)
    alone = [measure(model, [choice], inputs=GanInputs(seed=s), seeds=1)[1] for s in range(5)]
    full, together = measure(model, [choice], seeds=5)
    assert together.spread is not None
    assert together.spread.seeds == 5
    # Of five ordered values the quartiles are the second and the fourth.
    for low, high, values in (
        (*together.spread.flip, [m.flip for m in alone]),
        (*together.spread.ssim, [m.ssim for m in alone]),
        (*together.spread.psnr, [m.psnr or 0.0 for m in alone]),
    ):
        assert (low, high) == pytest.approx((sorted(values)[1], sorted(values)[3]))
    assert full.spread is not None
    assert (full.spread.flip, full.spread.ssim) == ((0.0, 0.0), (1.0, 1.0))
    assert full.spread.psnr == (None, None)


class Recording(EagerDrawer):
    """Notes what it is asked to draw."""

    def __init__(self, model) -> None:
        super().__init__(model)
        self.asked: list[GanInputs] = []

    def draw(self, inputs, choice, between=None):
        self.asked.append(inputs)
        return super().draw(inputs, choice, between)


def test_variant_and_full_draw_the_same_seeds_with_the_same_noise() -> None:
    model, other = small_model(), small_model()
    full, variant = Recording(model), Recording(other)
    inputs = GanInputs(seed=2**32 - 2, noise=0.5, truncation=0.7)
    measure(
        model,
        [],
        others=[Subject("other", other, SubnetChoice(width=0.5), variant)],
        inputs=inputs,
        seeds=3,
        drawer=full,
    )
    assert full.asked[:3] == full.asked[3:6] == variant.asked
    assert len({i.seed for i in variant.asked}) == 3
    assert {(i.noise, i.truncation) for i in variant.asked} == {(0.5, 0.7)}


def test_a_measurement_says_what_was_run() -> None:
    model = small_model()
    full, cut = measure(model, [SubnetChoice(width=0.5, resolution=8)], seeds=1)
    config = model.info.config
    assert (full.channels, full.resolution) == (config.channels, config.resolution)
    assert cut.resolution == 8
    assert cut.channels == tuple(c // 2 for c in config.channels[: len(cut.channels)])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0], (1.0, 1.0)),
        ([4.0, 1.0, 3.0, 2.0, 5.0], (2.0, 4.0)),
        ([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], (1.75, 5.25)),
    ],
)
def test_quartiles(values: list[float], expected: tuple[float, float]) -> None:
    assert quartiles(values) == expected
    assert quartiles_of_psnr(values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([None, None, None], (None, None)),
        ([30.0, None, 20.0, 40.0, 50.0], (30.0, 50.0)),
        ([30.0, None, 20.0, None, None], (30.0, None)),
        ([30.0, None], (30.0, 30.0)),
    ],
)
def test_quartiles_where_some_pictures_are_equal(values, expected) -> None:
    assert quartiles_of_psnr(values) == expected


def test_sets_are_held_against_a_reference_or_against_full() -> None:
    model = small_model()

    def brightness(pictures):
        return pictures.mean(dim=(2, 3))

    plain = SetMetric("fid", brightness, None, 6)
    full, half = measure(model, [SubnetChoice(width=0.5)], seeds=1, sets=[plain])
    assert full.fid == 0.0
    assert half.fid is not None
    assert half.fid > 0
    of_half = plain.seen(lambda inputs: model.render(inputs, SubnetChoice(width=0.5)))
    of_full = plain.seen(lambda inputs: model.render(inputs, SubnetChoice()))
    assert of_half.shape == (6, 3)
    assert half.fid == plain.apart(of_half, of_full)
    known = SetMetric("realism", brightness, of_half, 6)
    full, half = measure(model, [SubnetChoice(width=0.5)], seeds=1, sets=[known])
    assert half.realism == pytest.approx(0.0, abs=1e-9)
    assert full.realism == pytest.approx(plain.apart(of_full, of_half))
    assert full.fid is None


def test_another_distance_of_pictures_has_its_median_and_quartiles() -> None:
    results = measure(
        small_model(),
        [SubnetChoice(width=0.5)],
        seeds=3,
        lpips=lambda a, b: float(abs(a.mean() - b.mean())),
    )
    full, half = results
    assert full.lpips == 0.0
    assert half.lpips is not None
    assert half.spread is not None
    assert half.spread.lpips is not None
    low, high = half.spread.lpips
    assert 0 < low <= half.lpips <= high


def test_a_lower_resolution_is_measured_against_full() -> None:
    result = measure(small_model(), [SubnetChoice(resolution=8)], seeds=1)[1]
    assert result.name == "full width, 8 px"
    assert 0 < result.flip <= 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([None, None], None),
        ([30.0, None, None], None),
        ([30.0, 40.0, None], 40.0),
        ([30.0, None], 30.0),
        ([30.0, 40.0], 35.0),
    ],
)
def test_the_median_of_equal_pictures(values: list[float | None], expected: float | None) -> None:
    assert median_psnr(values) == expected


def test_it_can_be_called_off() -> None:
    calls: list[None] = []

    def cancelled() -> bool:
        calls.append(None)
        return len(calls) > 5

    with pytest.raises(Cancelled):
        measure(small_model(), [SubnetChoice(width=0.5)], seeds=2, cancelled=cancelled)
    assert len(calls) == 6


def test_progress_rises_to_one() -> None:
    seen: list[float] = []
    choices = [SubnetChoice(width=0.5)]
    measure(small_model(), choices, seeds=1, progress=lambda f, text: seen.append(f))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)


def test_bad_requests_are_refused_before_any_work() -> None:
    model = small_model()
    with pytest.raises(BadChoice, match="0 seeds"):
        measure(model, [], seeds=0)
    with pytest.raises(BadChoice, match="width 2"):
        measure(model, [SubnetChoice(width=2.0)])
