"""Steps of GAN Compression as command lines: the program's own parser orders the very same."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from typer.main import get_command

from studio.commands import app
from studio.engine.gan_compression_messages import GanCompressionJob, SearchJob
from studio.errors import BadChoice, MaquetteError
from studio.search import job as searching
from studio.search import pipeline
from studio.search.evolution import EvolutionOptions
from studio.session import gan_plan
from studio.session.gan_command import gan_command
from studio.session.gan_plan import GanPlan
from studio.training.gan_compression import cutting
from studio.training.gan_compression import job as training
from studio.training.gan_compression.options import TrainingOptions

COMMAND = get_command(app)
PLAN = GanPlan(
    first="/pairs of mine",
    teacher="/t.pth",
    config="16_16_16_16_16_16",
    ngf=32,
    ratios=(1.0, 0.5),
    budget=1.5e9,
    target="pytorch:cpu:f32",
    pictures=4,
    training=TrainingOptions(minutes=0.5, flip=False, gan_mode="lsgan", sampling="sandwich"),
)
CHANGED = replace(
    PLAN,
    second="/b",
    pairing="folders",
    backwards=True,
    instances="/instances",
    teacher="",
    size=(64, 128),
    blocks=6,
    teacher_ngf=16,
    budget=2.5,
    unit="ms",
    fast=True,
    training=replace(PLAN.training, steps=9, rate=1e-3, crop=1.5),
    evolution=EvolutionOptions(population=8, generations=3),
)


class Stop(MaquetteError):
    pass


@pytest.fixture
def ordered(monkeypatch):
    """What the commands would run."""
    taken = []

    def keep(*arguments, **options):
        taken.append((arguments, options))
        raise Stop("stop")

    for module, name in (
        (training, "StageRun"),
        (pipeline, "PipelineRun"),
        (searching, "SearchRun"),
        (cutting, "transfer"),
        (cutting, "export_subnet"),
    ):
        monkeypatch.setattr(module, name, keep)
    return taken


def run(line: str) -> None:
    words = shlex.split(line)
    assert words[0] == "maquette"
    found = CliRunner().invoke(COMMAND, words[1:])
    assert found.exit_code == 1, found.output
    assert "stop" in found.output


@pytest.mark.parametrize("plan", [PLAN, CHANGED])
@pytest.mark.parametrize("step", ["all", "teacher", "student", "distil", "supernet", "finetune"])
def test_training_orders_the_same(ordered, tmp_path, plan, step) -> None:
    for name in ("teacher", "supernet"):
        (tmp_path / f"{name}.safetensors").write_bytes(b"")
    made = gan_plan.job(plan, tmp_path, step, resume=True)
    assert isinstance(made, GanCompressionJob)
    run(gan_command(plan, tmp_path, step, resume=True))
    ((order, out, options, *rest), kept) = ordered[0]
    assert kept == {"resume": True}
    assert (str(out), options) == (made.out, made.options)
    if step == "all":
        assert order == made.order
        assert rest == [made.evolution]
        return
    # Options that a stage does not use have no place on its line.
    unused = {
        "teacher": {"ratios"},
        "student": {"ngf", "blocks", "size", "ratios"},
        "distil": {"blocks", "size", "ratios"},
        "supernet": {"ngf", "blocks", "size"},
        "finetune": {"ngf", "blocks", "size", "ratios"},
    }[step]
    same = {name: getattr(made.order, name) for name in unused}
    assert replace(order, **same) == made.order


def test_a_search_orders_the_same(ordered, tmp_path) -> None:
    (tmp_path / "supernet.safetensors").write_bytes(b"")
    plan = replace(PLAN, evolution=EvolutionOptions(8, 3, 0.5, 0.25, 0.1, 5))
    made = gan_plan.job(plan, tmp_path, "search")
    assert isinstance(made, SearchJob)
    run(gan_command(plan, tmp_path, "search"))
    assert ordered[0][0] == (made.order, Path(made.out), made.options)


def test_transfer_and_export_order_the_same(ordered, tmp_path) -> None:
    (tmp_path / "supernet.safetensors").write_bytes(b"")
    run(gan_command(PLAN, tmp_path, "transfer"))
    run(gan_command(PLAN, tmp_path, "export"))
    assert ordered[0][0][:4] == ("/t.pth", 32, None, tmp_path / "transfer.safetensors")
    supernet, config, data, out = ordered[1][0][:4]
    assert (supernet, config) == (str(tmp_path / "supernet.safetensors"), PLAN.config)
    assert (data, out) == (PLAN.data(), tmp_path / "export.safetensors")


@pytest.mark.parametrize(
    ("plan", "step", "sentence"),
    [
        (replace(PLAN, finalists=9), "search", "measures 5 finalists"),
        (replace(PLAN, evolution=EvolutionOptions(parents=0.5)), "all", "the paper's parents"),
    ],
)
def test_what_the_command_line_has_no_option_for_is_said(tmp_path, plan, step, sentence) -> None:
    (tmp_path / "supernet.safetensors").write_bytes(b"")
    with pytest.raises(BadChoice, match=sentence):
        gan_command(plan, tmp_path, step)
