"""A search from file to file: budgets of multiplies and of latency, finalists, what is recalled."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.errors import BadChoice, MaquetteError
from studio.families.translation.model import TranslationModel
from studio.runtimes.timing_record import Spread
from studio.search import job
from studio.search.budget import Budget
from studio.search.evolution import EvolutionOptions
from studio.search.job import SearchRun
from studio.search.orders import SearchOrder
from studio.search.report import SearchReport
from studio.search.scoring import Scorer
from studio.training.gan_compression.job import open_translation
from studio.training.gan_compression.options import DataOptions
from studio.training.gan_compression.space import Widths, choice_of
from tests.families.translation.projects import SPADE
from tests.families.translation.small import small_model
from tests.training.gan_compression.worlds import joined_folder, tiny_teacher

FEW = EvolutionOptions(population=6, generations=4)


def silent(fraction: float, text: str) -> None:
    """Nobody listens."""


@pytest.fixture
def supernet(tmp_path: Path) -> str:
    path = tmp_path / "super.safetensors"
    tiny_teacher().save(path)
    return str(path)


@pytest.fixture
def data(tmp_path: Path) -> DataOptions:
    return DataOptions((str(joined_folder(tmp_path / "pairs", 4)),))


def order(supernet: str, data: DataOptions, budget: str, **options: object) -> SearchOrder:
    return SearchOrder(supernet, data, Budget.parse(budget), pictures=2, **options)  # type: ignore[arg-type]


def clocked(
    monkeypatch: pytest.MonkeyPatch, milliseconds: Callable[[float], float]
) -> list[Widths]:
    """Latency is what a function of true multiplies says; the subnets that were measured."""
    asked: list[Widths] = []

    def timing_on(model: TranslationModel, target: object, between: object) -> object:
        def timed(widths: Widths) -> Spread:
            asked.append(widths)
            median = milliseconds(model.cost(choice_of(widths)).macs)
            return Spread(median, median, median, 3)

        return timed

    monkeypatch.setattr(job, "timing_on", timing_on)
    return asked


@pytest.mark.parametrize("unit", ["MAC", "MAC-paper"])
def test_a_budget_of_multiplies_is_kept(
    supernet: str, data: DataOptions, tmp_path: Path, unit: str
) -> None:
    full = tiny_teacher().cost()
    limit = 0.7 * (full.macs if unit == "MAC" else full.paper_macs)
    out = tmp_path / "sub.safetensors"
    run = SearchRun(order(supernet, data, f"{limit / 1000:.3f}k{unit}"), out, FEW)
    info, report = run.run(silent)
    best = report.best
    assert (best.macs if unit == "MAC" else best.paper_macs) <= limit
    assert best.latency_ms is None
    assert report.space == 3**8
    assert 0 < report.tried <= 24
    assert report.front[-1] == best or len(report.front) == 1
    assert info is not None
    assert info.config_string == best.name
    made = open_translation(out)
    assert made.cost().macs == best.macs
    assert made.info.parameters == best.parameters
    assert run.notes is not None
    assert not run.notes.exists()


def test_what_nothing_can_meet_is_said_with_the_best_there_is(
    supernet: str, data: DataOptions
) -> None:
    least = tiny_teacher().cost(choice_of((2, 4, 8, 8, 8, 8, 4, 2))).macs
    run = SearchRun(order(supernet, data, "1kMAC"), None, FEW)
    with pytest.raises(MaquetteError) as caught:
        run.run(silent)
    text = Budget.parse("1kMAC").text(least)
    assert f"no subnet meets 1 kMACs; the best that can be reached is {text}" in str(caught.value)
    assert "2_2_2_2_2_2" in str(caught.value)


def test_a_budget_of_latency_is_measured(
    supernet: str, data: DataOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = clocked(monkeypatch, lambda macs: 1 + macs / 1e5)
    limit = 1 + 0.7 * tiny_teacher().cost().macs / 1e5
    run = SearchRun(order(supernet, data, f"{limit:.3f}ms", target="pytorch"), None, FEW)
    info, report = run.run(silent)
    assert info is None
    assert report.best.latency_ms is not None
    assert report.best.latency_ms <= limit
    assert report.best.predicted_ms == pytest.approx(report.best.latency_ms, rel=1e-6)
    assert report.target == "pytorch"
    assert len(asked) == len(set(asked))
    assert all(each.latency_ms is not None for each in report.front)
    with pytest.raises(MaquetteError, match="the best that can be reached is"):
        SearchRun(order(supernet, data, "0.5ms", target="pytorch"), None, FEW).run(silent)


def test_finalists_that_prove_slower_than_predicted_give_way(
    supernet: str, data: DataOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that was sampled for the prediction is quick, all that is measured later is slow."""
    quick = True
    clocked(monkeypatch, lambda macs: macs / 1e5 * (1 if quick else 5))
    limit = tiny_teacher().cost().macs / 1e5 * 0.9
    run = SearchRun(order(supernet, data, f"{limit:.4f}ms", target="pytorch"), None, FEW)

    def told(fraction: float, text: str) -> None:
        nonlocal quick
        if "scored" in text:
            quick = False

    _, report = run.run(told)
    assert report.best.latency_ms is not None
    assert report.best.latency_ms <= limit


def test_finalists_are_measured_under_multiplies_too(
    supernet: str, data: DataOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = clocked(monkeypatch, lambda macs: 5.0)
    wanted = order(supernet, data, "10MMAC", target="pytorch", finalists=2)
    _, report = SearchRun(wanted, None, FEW).run(silent)
    assert len(asked) == 2
    assert report.best.latency_ms == 5.0
    assert report.best.predicted_ms is None


def test_a_killed_search_repeats_no_score(
    supernet: str, data: DataOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "sub.safetensors"
    scored: list[Widths] = []
    original = Scorer._scored

    def counting(self: Scorer, widths: Widths) -> float:
        scored.append(widths)
        return original(self, widths)

    monkeypatch.setattr(Scorer, "_scored", counting)

    class Killed(BaseException):
        pass

    def told(fraction: float, text: str) -> None:
        if len(scored) == 5:
            raise Killed

    wanted = order(supernet, data, "10MMAC")
    with pytest.raises(Killed):
        SearchRun(wanted, out, FEW, save_seconds=0).run(told)
    notes = out.with_name("sub.safetensors.search")
    known = len(json.loads(notes.read_text())["scores"])
    assert known >= 4
    first = set(scored[:known])
    scored.clear()
    _, report = SearchRun(wanted, out, FEW).run(silent)
    assert not first & set(scored)
    assert report.tried == len(scored) + known
    notes.write_text("{ damaged")
    assert SearchRun(wanted, out, FEW).run(silent)[1].best == report.best


def test_a_subnet_with_batch_norms_is_written_with_statistics_of_its_own(tmp_path: Path) -> None:
    model = small_model(SPADE, "spade").answered({"size": "128x128"})
    path = tmp_path / "super.safetensors"
    model.save(path)
    labels = tmp_path / "labels"
    labels.mkdir()
    import numpy as np
    from PIL import Image

    for seed in range(3):
        numbers = np.random.default_rng(seed).integers(0, model.info.config.labels, (4, 4))
        large = np.kron(numbers, np.ones((32, 32))).astype(np.uint8)
        Image.fromarray(large).save(labels / f"{seed}.png")
    out = tmp_path / "sub.safetensors"
    limit = model.cost().macs * 0.5
    wanted = order(str(path), DataOptions((str(labels),)), f"{limit / 1e6:.3f}MMAC")
    SearchRun(wanted, out, EvolutionOptions(population=4, generations=2)).run(silent)
    made = open_translation(out)
    assert made.info.history[-1].step == "recalibrate"


def test_orders_are_checked(supernet: str, data: DataOptions) -> None:
    with pytest.raises(BadChoice, match="needs a target on which they are measured"):
        order(supernet, data, "5ms")
    with pytest.raises(BadChoice):
        order(supernet, data, "5ms", target="no-such-runtime")
    other = SearchOrder(supernet, data, Budget.parse("5GMAC"), teacher=supernet)
    report: SearchReport = SearchRun(other, None, EvolutionOptions(4, 1)).run(silent)[1]
    assert report.best.distance == pytest.approx(0, abs=1e-6)  # full is its own teacher
