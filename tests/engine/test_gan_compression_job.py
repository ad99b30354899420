"""GAN Compression as job processes: looks, an early end, a cancelled one, searches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.engine.client import JobRunner
from studio.engine.gan_compression_messages import (
    GanCompressionJob,
    JobStage,
    SearchJob,
    SubnetJob,
    TransferJob,
)
from studio.engine.job_messages import JobCancelled, JobDone, JobFailed, JobProgress
from studio.search.budget import Budget
from studio.search.evolution import EvolutionOptions
from studio.search.orders import PipelineOrder, SearchOrder
from studio.training.gan_compression.options import DataOptions
from studio.training.gan_compression.orders import Order
from tests.engine.listening import Listener
from tests.training.gan_compression.worlds import SIDE, joined_folder, quick, tiny_teacher

FEW = EvolutionOptions(population=4, generations=2)


@pytest.fixture
def events():
    return Listener()


@pytest.fixture
def runner(events):
    runner = JobRunner(events)
    yield runner
    runner.stop()


@pytest.fixture
def data(tmp_path: Path) -> DataOptions:
    return DataOptions((str(joined_folder(tmp_path / "pairs", 8)),))


@pytest.fixture
def job(tmp_path: Path, data: DataOptions) -> GanCompressionJob:
    teacher = tmp_path / "teacher.safetensors"
    tiny_teacher().save(teacher)
    (tmp_path / "out").mkdir()
    order = Order("supernet", data, model=str(teacher))
    out = tmp_path / "out" / "super.safetensors"
    return GanCompressionJob(order, str(out), quick(steps=1_000_000), FEW)


def ended(item):
    return isinstance(item[1], JobDone | JobFailed | JobCancelled)


def looked(item):
    return isinstance(item[1], JobStage)


def left(job: GanCompressionJob) -> list[str]:
    return sorted(p.name for p in Path(job.out).parent.iterdir())


def test_looks_come_and_stop_keeps_the_best(runner, events, job) -> None:
    handle = runner.run(job)
    look = events.wait(looked)[1]
    assert look.stage == "supernet"
    assert [each.name for each in look.close][:2] == ["4_4_4_4_4_4", "2_2_2_2_2_2"]
    assert len(look.picture.pixels) == look.picture.width * look.picture.height * 3
    handle.stop()
    done = events.wait(ended)[1]
    assert isinstance(done, JobDone), done
    assert done.stages[0].stopped
    assert left(job) == ["super.safetensors", "super.safetensors.checkpoint"]


def test_cancel_keeps_nothing_but_the_checkpoint(runner, events, job) -> None:
    handle = runner.run(job)
    events.wait(lambda item: isinstance(item[1], JobProgress) and "step 2" in item[1].text)
    handle.cancel()
    assert events.wait(ended)[1] == JobCancelled()
    assert left(job) == ["super.safetensors.checkpoint"]


def test_all_of_it_is_one_job(runner, events, job, data) -> None:
    order = PipelineOrder(
        data,
        Budget.parse("300kMAC"),
        model=job.order.model,
        fast=True,
        pictures=2,
        size=(SIDE, SIDE),
    )
    runner.run(replace(job, order=order, options=quick(steps=2)))
    done = events.wait(ended)[1]
    assert isinstance(done, JobDone), done
    assert [stage.stage for stage in done.stages] == ["supernet", "finetune"]
    assert done.search is not None
    assert done.search.best.macs <= 300_000
    assert done.path == done.info.path == job.out


def test_a_search_tells_its_front_or_why_there_is_none(runner, events, job, data) -> None:
    order = SearchOrder(job.order.model, data, Budget.parse("300kMAC"), pictures=2)
    runner.run(SearchJob(order, FEW))
    done = events.wait(ended)[1]
    assert isinstance(done, JobDone), done
    assert done.path is None
    assert done.search is not None
    assert done.search.front
    handle = runner.run(SearchJob(replace(order, budget=Budget.parse("1kMAC")), FEW))
    failed = events.wait(lambda item: item[0] == handle.id and ended(item))[1]
    assert isinstance(failed, JobFailed)
    assert failed.sentence.startswith("no subnet meets 1 kMACs; the best that can be reached is")


def test_weights_are_transferred_and_a_subnet_is_exported(runner, events, job, tmp_path) -> None:
    wide, out = job.order.model, str(tmp_path / "out" / "narrow.safetensors")
    runner.run(TransferJob(wide, out, ngf=2))
    done = events.wait(ended)[1]
    assert isinstance(done, JobDone), done
    assert (done.path, done.info.path) == (out, out)
    assert done.info.config_string == "2_2_2_2_2_2"
    part = str(tmp_path / "out" / "part.safetensors")
    handle = runner.run(SubnetJob(wide, part, "4_2_3_2_2_4"))
    done = events.wait(lambda item: item[0] == handle.id and ended(item))[1]
    assert isinstance(done, JobDone), done
    assert done.info.config_string == "4_2_3_2_2_4"
    handle = runner.run(SubnetJob(wide, part, "8_8_8_8_8_8"))
    failed = events.wait(lambda item: item[0] == handle.id and ended(item))[1]
    assert isinstance(failed, JobFailed)
    assert "8 is not within 1 and 4" in failed.sentence
