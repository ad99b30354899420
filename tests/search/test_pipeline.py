"""The whole of it, from 16 tiny pairs to one subnet: killed twice on the way; and by two processes.

Programs of their own run it, as a user's do, so that a kill is a real one.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from studio.errors import BadChoice, MaquetteError
from studio.search.budget import Budget
from studio.search.evolution import EvolutionOptions
from studio.search.orders import PipelineOrder
from studio.search.pipeline import FAST, FULL, PipelineRun, stages_folder
from studio.training.gan_compression.job import open_translation
from studio.training.gan_compression.making import mobile_student
from studio.training.gan_compression.options import DataOptions, checkpoint_path
from tests.training.gan_compression.worlds import SIDE, joined_folder, quick, tiny_teacher

ROOT = Path(__file__).parents[2]
EVOLUTION = EvolutionOptions(population=4, generations=2)
STEPS = 12


def order(folder: Path, budget: str = "200kMAC", **options: object) -> PipelineOrder:
    return PipelineOrder(
        data=DataOptions((str(folder),)),
        budget=Budget.parse(budget),
        ngf=4,
        teacher_ngf=4,
        blocks=3,
        size=(SIDE, SIDE),
        pictures=2,
        **options,  # type: ignore[arg-type]
    )


def silent(fraction: float, text: str) -> None:
    """Nobody listens."""


def command(folder: Path, out: Path, *more: str) -> list[str]:
    options = (
        f"--data {folder} --steps {STEPS} --batch 2 --ndf 4 --held 2 --crop 1 --ngf 4 "
        f"--teacher-ngf 4 --blocks 3 --size {SIDE}x{SIDE} --budget 200kMAC --population 4 "
        "--generations 2 --pictures 2"
    )
    words = ["train", "gan-compression", "new", "-o", str(out), *options.split(), *more]
    return [sys.executable, "-m", "studio.cli", *words]


def surroundings() -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}


def killed_when(file: Path, line: list[str]) -> None:
    """Run, and kill without warning as soon as ``file`` is there."""
    process = subprocess.Popen(
        line, env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 120
        while not file.is_file():
            assert process.poll() is None, f"it ended before {file.name} was there"
            assert time.monotonic() < until
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_killed_twice_it_ends_where_it_would_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = joined_folder(tmp_path / "pairs", 16)
    out = tmp_path / "out.safetensors"
    stages = stages_folder(out)
    killed_when(checkpoint_path(stages / "student.safetensors"), command(folder, out))
    assert (stages / "teacher.safetensors").is_file()
    line = command(folder, out, "--resume")
    killed_when(checkpoint_path(stages / "supernet.safetensors"), line)
    assert not out.exists()
    done = subprocess.run(
        [*line, "--json"], env=surroundings(), capture_output=True, text=True, check=True
    )
    said = json.loads(done.stdout)
    assert [stage["stage"] for stage in said["stages"]] == ["supernet", "finetune"]
    assert said["search"]["best"]["name"] == said["config_str"]
    assert said["search"]["best"]["macs"] <= 200_000
    assert {file.name for file in stages.iterdir()} == {f"{part}.safetensors" for part in FULL[:-1]}
    assert not checkpoint_path(out).exists()

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        whole = tmp_path / "whole.safetensors"
        run = PipelineRun(order(folder), whole, quick(steps=STEPS), EVOLUTION)
        result = run.run(silent)
    finally:
        torch.set_num_threads(threads)
    assert result.parts == FULL
    a, b = open_translation(out), open_translation(whole)
    assert a.info.config == b.info.config
    for name, tensor in a.network.tensors().items():
        assert torch.equal(tensor, b.network.tensors()[name]), name


def test_the_fast_way_begins_with_the_teachers_own_weights(tmp_path: Path) -> None:
    folder = joined_folder(tmp_path / "pairs", 8)
    teacher = tmp_path / "teacher.safetensors"
    tiny_teacher().save(teacher)
    out = tmp_path / "out.safetensors"
    asked = order(folder, "300kMAC", model=str(teacher), fast=True)
    result = PipelineRun(asked, out, quick(steps=2), EVOLUTION).run(silent)
    assert result.parts == FAST[1:]
    assert result.info.config.architecture == "resnet"  # plain convolutions are allowed to win
    assert result.search is not None
    steps = [step.step for step in result.info.history]
    assert steps[-3:] == ["supernet", "cut", "finetune"]


def test_a_stop_leaves_what_is_done_and_a_resume_goes_on(tmp_path: Path) -> None:
    folder = joined_folder(tmp_path / "pairs", 8)
    out = tmp_path / "out.safetensors"
    asked = order(folder, "300kMAC", fast=True)
    looks: list[str] = []
    first = PipelineRun(asked, out, quick(steps=3), EVOLUTION)
    result = first.run(
        silent, lambda look: looks.append(look.stage), lambda: looks.count("supernet") > 1
    )
    assert result.stopped
    assert not out.exists()
    with pytest.raises(MaquetteError, match="go on with --resume, or remove it"):
        PipelineRun(asked, out, quick(steps=3), EVOLUTION).run(silent)
    other = order(folder, "310kMAC", fast=True)
    with pytest.raises(BadChoice, match="a run with other choices"):
        PipelineRun(other, out, quick(steps=3), EVOLUTION, resume=True).run(silent)
    result = PipelineRun(asked, out, quick(steps=3), EVOLUTION, resume=True).run(silent)
    assert result.parts == ("supernet", "search", "finetune")
    assert out.is_file()
    with pytest.raises(MaquetteError, match="nothing in"):
        PipelineRun(asked, out, quick(steps=3), EVOLUTION, resume=True).run(silent)


def test_a_budget_that_nothing_can_meet_is_refused_before_any_training(tmp_path: Path) -> None:
    folder = joined_folder(tmp_path / "pairs", 8)
    out = tmp_path / "out.safetensors"
    looks: list[object] = []
    run = PipelineRun(order(folder, "10kMAC"), out, quick(), EVOLUTION)
    with pytest.raises(MaquetteError, match="no subnet meets 10 kMACs; the best that can be"):
        run.run(silent, looks.append)
    assert not looks
    assert not stages_folder(out).exists()


def test_a_mobile_teacher_needs_no_student(tmp_path: Path) -> None:
    teacher = tmp_path / "teacher.safetensors"
    mobile_student(tiny_teacher()).save(teacher)
    asked = order(tmp_path, model=str(teacher))
    run = PipelineRun(asked, tmp_path / "out.safetensors", quick(), EVOLUTION)
    assert run.parts == ("distil", "supernet", "search", "finetune")


def test_two_processes_agree_with_one(tmp_path: Path) -> None:
    """At an equal batch over all, by a real ``accelerate launch`` over the loopback."""
    folder = joined_folder(tmp_path / "pairs", 16)
    teacher = tmp_path / "teacher.safetensors"
    tiny_teacher().save(teacher)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    launch = (
        "-m accelerate.commands.launch --multi_gpu --num_processes 2 --num_machines 1 "
        f"--mixed_precision no --dynamo_backend no --main_process_port {port} -m studio.cli"
    )
    found = {}
    for name, start in (("one", "-m studio.cli"), ("two", launch)):
        out = tmp_path / f"{name}.safetensors"
        words = (
            f"train gan-compression {teacher} --stage supernet --sampling sandwich --data {folder} "
            f"--steps 5 --batch 4 --ndf 4 --held 2 --crop 1 --json -o {out}"
        )
        done = subprocess.run(
            [sys.executable, *start.split(), *words.split()],
            env=surroundings(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        report = json.loads(done.stdout[done.stdout.index("{") :])
        found[report["stages"][0]["processes"]] = open_translation(out).network.tensors()
    assert set(found) == {1, 2}
    begun = tiny_teacher().network.tensors()
    for name, tensor in found[1].items():
        assert (tensor - found[2][name]).abs().max() < 1e-4, name
    assert (found[1]["stem.weight"] - begun["stem.weight"]).abs().max() > 5e-4
