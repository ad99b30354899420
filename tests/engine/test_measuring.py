"""Measuring in a job: variants that are baked on the way, and memory in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.engine.baked_files import baked_path, read_reports
from studio.engine.job_messages import BakedFile, JobMeasured, JobProgress, MeasureJob
from studio.engine.measuring import measure_all
from studio.engine.memory import MemoryOrder, peak_memory
from studio.engine.progress import ProgressReporter
from studio.errors import MaquetteError
from studio.fidelity import measure as measuring
from studio.recipes.recipe import Recipe, Step, to_text
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_model


@pytest.fixture
def model(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MAQUETTE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("MAQUETTE_LOG_DIR", str(tmp_path / "log"))
    monkeypatch.setattr(measuring, "SECONDS", 0.0)
    path = tmp_path / "small.safetensors"
    small_model().save(path)
    return path


def test_variants_are_baked_once_and_measured(model: Path) -> None:
    from studio.families.opening import open_model

    info = open_model(model).info
    wanted = []
    for ratio in (0.25, 0.5):
        text = to_text(Recipe("baked", (Step("prune", 1, True, {"ratio": ratio, "samples": 2}),)))
        path = str(baked_path(info.key, text))
        wanted.append(BakedFile(path, SubnetChoice(), f"ratio {ratio}", recipe=text))
    told: list[JobProgress] = []
    job = MeasureJob(str(model), (), seeds=2, variants=tuple(wanted))
    done = measure_all(job, ProgressReporter(told.append), "token")
    assert [m.name for m in done.measurements] == ["full"]
    less, more = (v.measurement for v in done.variants)
    assert (less.name, more.name) == ("ratio 0.25", "ratio 0.5")
    assert info.key not in {v.key for v in done.variants}
    full = done.measurements[0]
    assert more.parameters < less.parameters < full.parameters
    assert sum(more.channels) < sum(less.channels) < sum(full.channels)
    assert [m.made for m in (less, more)] == [Path(w.path).parent.name for w in wanted]
    assert full.made == ""
    assert all(read_reports(Path(w.path)) for w in wanted)
    assert not list(Path(wanted[0].path).parent.parent.glob("*/.maquette-*"))
    fractions = [p.fraction for p in told]
    assert fractions == sorted(fractions)
    before = [Path(w.path).stat().st_mtime_ns for w in wanted]
    news: list[JobMeasured] = []
    again = measure_all(job, ProgressReporter(told.append), "token", news.append)
    # Each is told as soon as it is measured, as it stands in the end.
    assert [each.subnet for each in news if each.subnet] == list(again.measurements)
    assert [each.variant for each in news if each.variant] == list(again.variants)
    assert [Path(w.path).stat().st_mtime_ns for w in wanted] == before


def test_memory_is_what_a_process_of_its_own_grows_by(model: Path) -> None:
    done = measure_all(
        MeasureJob(str(model), (SubnetChoice(width=0.5),), seeds=1, memory=True),
        ProgressReporter(lambda _: None),
    )
    assert all(m.memory is not None and 0 < m.memory < 2e9 for m in done.measurements)
    gone = str(model.with_name("none.safetensors"))
    with pytest.raises(MaquetteError, match=r"none\.safetensors"):
        peak_memory(MemoryOrder(gone, SubnetChoice(), "pytorch:cpu:f32", 1))
