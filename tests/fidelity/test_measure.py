"""Measuring subnets: what is promised of the numbers."""

from __future__ import annotations

import pytest

from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.fidelity import measure as measuring
from studio.fidelity.measure import Cancelled, measure, median_psnr
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
