"""Plans of GAN Compression: what steps take, which jobs they become, files they are kept in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.engine.gan_compression_messages import (
    GanCompressionJob,
    SearchJob,
    SubnetJob,
    TransferJob,
)
from studio.errors import BadChoice, MaquetteError, RefusedFile
from studio.search.budget import Budget
from studio.search.evolution import EvolutionOptions
from studio.search.orders import PipelineOrder, SearchOrder
from studio.session import gan_plan
from studio.session.gan_plan import GanPlan, is_begun, is_done, job, out_path, result, taken
from studio.training.gan_compression.options import DataOptions, TrainingOptions
from studio.training.gan_compression.orders import Order

DATA = DataOptions(("/pairs",))
PLAN = GanPlan(first="/pairs", teacher="/t.pth", config="16_16_16_16_16_16")


def file(folder: Path, name: str) -> str:
    path = folder / f"{name}.safetensors"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    return str(path)


def test_defaults_are_those_of_the_options() -> None:
    plan = GanPlan()
    assert (plan.training, plan.evolution) == (TrainingOptions(), EvolutionOptions())
    order = PipelineOrder(DATA, Budget(5e9, "macs"))
    assert job(replace(plan, first="/pairs"), Path("/w"), "all") == GanCompressionJob(
        order, "/w/compressed.safetensors", TrainingOptions(), EvolutionOptions()
    )


def test_each_step_takes_what_earlier_ones_left(tmp_path) -> None:
    def order(step) -> Order:
        made = job(PLAN, tmp_path, step)
        assert isinstance(made, GanCompressionJob)
        assert isinstance(made.order, Order)
        return made.order

    assert order("student") == Order("student", DATA, model="/t.pth", ngf=48)
    assert order("distil") == Order("distil", DATA, model="/t.pth", ngf=48)
    student, distil = file(tmp_path, "student"), file(tmp_path, "distil")
    assert order("student").model == "/t.pth"
    assert order("distil") == Order("distil", DATA, model=student, ngf=48)
    narrow = file(tmp_path, "transfer")
    assert order("distil").student == narrow
    assert order("supernet") == Order("supernet", DATA, model=student, student=distil, ngf=48)
    assert job(PLAN, tmp_path, "transfer") == TransferJob(
        student, str(tmp_path / "transfer.safetensors"), 48
    )
    supernet = file(tmp_path, "supernet")
    assert order("finetune") == Order(
        "finetune", DATA, model=supernet, teacher=student, config=PLAN.config
    )
    assert job(PLAN, tmp_path, "search") == SearchJob(
        SearchOrder(supernet, DATA, Budget(5e9, "macs"), student),
        EvolutionOptions(),
        str(tmp_path / "search.safetensors"),
    )
    assert job(PLAN, tmp_path, "export") == SubnetJob(
        supernet, str(tmp_path / "export.safetensors"), PLAN.config, DATA
    )


def test_a_named_file_comes_first_and_the_stages_of_the_whole_last(tmp_path) -> None:
    inside = file(tmp_path / "compressed.safetensors.stages", "supernet")
    assert taken(PLAN, tmp_path, "search", "model") == inside
    own = file(tmp_path, "supernet")
    assert taken(PLAN, tmp_path, "search", "model") == own
    named = PLAN.with_source("search", "model", "/other.pth")
    assert taken(named, tmp_path, "search", "model") == "/other.pth"
    assert taken(named, tmp_path, "finetune", "model") == own
    assert named.with_source("search", "model", "") == PLAN


def test_a_checkpoint_says_that_a_step_was_cut_short(tmp_path) -> None:
    out = file(tmp_path, "student")
    assert is_done(tmp_path, "student")
    Path(f"{out}.checkpoint").write_bytes(b"")
    assert is_begun(tmp_path, "student")
    assert not is_done(tmp_path, "student")
    assert result(tmp_path, "student") == ""
    assert not is_begun(tmp_path, "all")
    (tmp_path / "compressed.safetensors.stages").mkdir()
    (tmp_path / "compressed.safetensors.stages" / "order.json").write_text("{}")
    assert is_begun(tmp_path, "all")
    assert out_path(tmp_path, "all").name == "compressed.safetensors"


@pytest.mark.parametrize(
    ("plan", "step", "sentence"),
    [
        (GanPlan(), "teacher", "name a folder of pictures first"),
        (GanPlan(first="/p"), "distil", "there is no teacher yet"),
        (PLAN, "search", "there is no supernet yet"),
        (replace(PLAN, config=" ").with_source("export", "model", "/s"), "export", "name a subnet"),
        (replace(PLAN, unit="ms"), "all", "a budget in milliseconds needs a target"),
        (replace(PLAN, budget=0.0), "all", "a search needs a budget above 0"),
        (replace(PLAN, pairing="folders"), "all", "pairing 'folders' takes 2 folder"),
    ],
)
def test_what_is_missing_is_said(tmp_path, plan, step, sentence) -> None:
    with pytest.raises(BadChoice, match=sentence):
        job(plan, tmp_path, step)


def test_a_plan_comes_back_from_its_folder(tmp_path) -> None:
    plan = replace(
        PLAN.with_source("search", "model", "/other.pth"),
        unit="ms",
        target="pytorch:cpu:f32",
        ratios=(1.0, 0.5),
        training=TrainingOptions(steps=7, sampling="sandwich"),
    )
    assert gan_plan.load(tmp_path) is None
    gan_plan.save(plan, tmp_path / "new")
    assert gan_plan.load(tmp_path / "new") == plan
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["gan-compression.json"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[]", "is no plan of GAN Compression: it is wrong"),
        ('{"ngf": "many"}', "is no plan of GAN Compression: ngf is wrong"),
        ('{"training": {"batch": 0}}', "batch 0 is not within 1 and 512"),
        ("{" * 2_000_000, "it is too long"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path, text, sentence) -> None:
    (tmp_path / "gan-compression.json").write_text(text)
    with pytest.raises(RefusedFile, match=sentence):
        gan_plan.load(tmp_path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MaquetteError, match="cannot write"):
        gan_plan.save(PLAN, tmp_path / "file" / "folder")
