"""One run: it learns, keeps the best, breaks off where numbers end, and goes on to the bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.errors import BadChoice, MaquetteError, NotEnoughMemory, RefusedFile
from studio.families.translation.model import TranslationModel
from studio.families.translation.steps import Normalise
from studio.training.gan_compression import job
from studio.training.gan_compression.checkpoint import load_checkpoint, save_checkpoint
from studio.training.gan_compression.data import Pairs, read_pairs
from studio.training.gan_compression.job import StageRun, open_translation
from studio.training.gan_compression.making import narrowed, new_model
from studio.training.gan_compression.options import DataOptions, Stage, TrainingOptions
from studio.training.gan_compression.orders import Order
from studio.training.gan_compression.report import Look
from studio.training.gan_compression.shapes import resnet_sizes, scaled_sizes
from studio.training.gan_compression.space import space_of
from studio.training.gan_compression.together import Together
from studio.training.gan_compression.trainer import Trainer
from tests.training.gan_compression.worlds import (
    SIDE,
    joined_folder,
    quick,
    tiny_teacher,
    two_folders,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return joined_folder(tmp_path / "pairs", 12)


def pairs_of(folder: Path, model: TranslationModel) -> Pairs:
    options = DataOptions((str(folder),))
    return read_pairs(options, model.info.config, 1.0, lambda fraction, text: None)


def trainer_of(
    folder: Path,
    stage: Stage = "distil",
    student: TranslationModel | None = None,
    **changes: object,
) -> Trainer:
    teacher = tiny_teacher()
    options = quick(**changes)
    begins = student or narrowed(teacher, scaled_sizes(teacher.info.config.sizes, 2))
    space = space_of(begins.info.config.sizes) if stage == "supernet" else None
    mine = None if stage == "teacher" else teacher
    pairs = pairs_of(folder, teacher)
    return Trainer(stage, begins, mine, pairs, options, Together(options.batch), space)


def never() -> bool:
    return False


def test_distillation_brings_the_student_nearer(folder: Path) -> None:
    trainer = trainer_of(folder, steps=40, rate=2e-3)
    looks: list[Look] = []
    trainer.run(looks.append, never)
    assert looks[-1].close[0].error < 0.8 * looks[0].close[0].error
    assert trainer.best_score == min(look.close[0].error for look in looks)
    assert looks[-1].losses[-1].recon < looks[-1].losses[0].recon
    assert all(each.distil > 0 and each.critic > 0 for each in looks[-1].losses)
    assert looks[-1].strip.shape == (2 * SIDE, 3 * SIDE, 3)
    assert looks[-1].fraction == 1.0


def test_the_teacher_and_the_beginning_are_left_alone(folder: Path) -> None:
    student = narrowed(tiny_teacher(), scaled_sizes(tiny_teacher().info.config.sizes, 2))
    before = {name: t.clone() for name, t in student.network.tensors().items()}
    trainer = trainer_of(folder, student=student, steps=2)
    assert trainer.teacher is not None
    taught = {name: t.clone() for name, t in trainer.teacher.tensors().items()}
    trainer.run(lambda look: None, never)
    assert all(torch.equal(t, before[n]) for n, t in student.network.tensors().items())
    assert all(torch.equal(t, taught[n]) for n, t in trainer.teacher.tensors().items())
    moved = trainer.student.tensors()
    assert not torch.equal(moved["stem.weight"], before["stem.weight"])
    assert torch.equal(moved["stem.bias"], before["stem.bias"])  # an instance norm takes it away


def test_a_subnet_teaches_the_first_channels_alone(folder: Path) -> None:
    trainer = trainer_of(folder, "supernet", student=tiny_teacher(), steps=1, gan=0.0)
    assert trainer.space is not None
    smallest = trainer.space.smallest
    trainer._subnets = lambda: (smallest,)  # type: ignore[method-assign]
    before = trainer.student.tensors()["stem.weight"].detach().clone()
    trainer.one_step()
    after = trainer.student.tensors()["stem.weight"]
    assert not torch.equal(after[:2], before[:2])
    assert torch.equal(after[2:], before[2:])


def test_the_sandwich_teaches_both_ends_every_step(folder: Path) -> None:
    trainer = trainer_of(folder, "supernet", student=tiny_teacher(), sampling="sandwich")
    assert trainer.space is not None
    for _ in range(3):
        drawn = trainer._subnets()
        assert drawn[:2] == (trainer.space.largest, trainer.space.smallest)
        assert len(drawn) == 4
    uniform = trainer_of(folder, "supernet", student=tiny_teacher())
    seen = {uniform._subnets() for _ in range(30)}
    assert all(len(each) == 1 for each in seen)
    assert len(seen) > 20
    looks: list[Look] = []
    trainer.run(looks.append, never)
    assert [each.name for each in looks[-1].close][:2] == ["4_4_4_4_4_4", "2_2_2_2_2_2"]


def test_the_rate_falls_to_nothing_at_the_end(folder: Path) -> None:
    trainer = trainer_of(folder, steps=8, decay=0.5)
    rates = []
    for step in range(8):
        trainer.step = step
        rates.append(trainer._falling())
    assert rates == pytest.approx([1, 1, 1, 1, 1, 0.75, 0.5, 0.25])


@pytest.mark.parametrize("what", ["weight", "loss"])
def test_what_is_no_number_ends_training_and_keeps_the_last_good(folder: Path, what: str) -> None:
    trainer = trainer_of(folder, steps=6)
    good: dict[str, torch.Tensor] = {}

    def spoil(fraction: float, losses: object) -> None:
        if trainer.step == 3:
            good.update(trainer.result())
            with torch.no_grad():
                if what == "weight":
                    trainer.taught["head.weight"].fill_(float("nan"))
                else:
                    trainer.judging["last_bias"].fill_(float("inf"))

    trainer.run(lambda look: None, never, spoil)
    assert trainer.step == 3
    wanted = "the reconstruction loss was nan at step 4" if what == "weight" else "adversarial loss"
    assert wanted in trainer.broken
    assert all(tensor.isfinite().all() for tensor in trainer.result().values())
    assert set(good) == set(trainer.result())


def test_a_gradient_that_is_no_number_changes_nothing(folder: Path) -> None:
    trainer = trainer_of(folder)
    before = {name: t.detach().clone() for name, t in trainer.taught.items()}
    trainer.taught["down.0.weight"].register_hook(lambda slope: slope * float("inf"))
    trainer.run(lambda look: None, never)
    assert "the gradient of down.0.weight was no finite number at step 1" in trainer.broken
    assert all(torch.equal(t, before[name]) for name, t in trainer.taught.items())


def test_a_run_that_goes_on_ends_where_it_would_have(folder: Path, tmp_path: Path) -> None:
    whole = trainer_of(folder, "supernet", student=tiny_teacher(), steps=6)
    whole.run(lambda look: None, never)
    first = trainer_of(folder, "supernet", student=tiny_teacher(), steps=6)
    first.run(lambda look: None, lambda: first.step == 3)
    file = tmp_path / "run.checkpoint"
    save_checkpoint(file, first, ["a", "b"], "token")
    again = trainer_of(folder, "supernet", student=tiny_teacher(), steps=6)
    load_checkpoint(file, again, ["a", "b"])
    assert again.step == 3
    again.run(lambda look: None, never)
    assert again.losses == whole.losses
    assert again.best_close == whole.best_close
    for name, tensor in whole.result().items():
        assert torch.equal(again.result()[name], tensor), name


def test_a_checkpoint_of_another_run_is_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "run.checkpoint"
    save_checkpoint(file, trainer_of(folder), ["a", "b"], "token")
    with pytest.raises(RefusedFile, match="another stage, or to the training of other models"):
        load_checkpoint(file, trainer_of(folder), ["a", "c"])
    with pytest.raises(RefusedFile, match=r"was made with recon 100\.0, not 10\.0"):
        load_checkpoint(file, trainer_of(folder, recon=10.0), ["a", "b"])
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(RefusedFile, match="is damaged"):
        load_checkpoint(file, trainer_of(folder), ["a", "b"])


def test_batch_norms_follow_the_widest_network(folder: Path) -> None:
    """Their statistics move a tenth of the way to those of the batch."""
    sizes = replace(resnet_sizes(3, 3, 4, 3), norm="batch", bias=False)
    model = new_model(sizes, name="batch", size=(SIDE, SIDE), seed=5)
    trainer = trainer_of(folder, "supernet", student=model, steps=1, distil=0.0)
    assert trainer.space is not None
    widest = trainer.space.largest
    trainer._subnets = lambda: (widest,)  # type: ignore[method-assign]
    seen: dict[str, torch.Tensor] = {}

    def hear(step: Normalise, x: torch.Tensor) -> None:
        assert step.mean is not None
        seen[step.mean] = x.mean((0, 2, 3))

    from studio.families.translation.run import run

    state = trainer.random.get_state()
    drawn = trainer.pairs.draw(2, trainer.held, True, trainer.random)
    trainer.random.set_state(state)
    with torch.no_grad():
        inputs = trainer.pairs.batch(drawn).inputs
        run(trainer.student.steps, trainer.student.tensors(), inputs, batch=hear)
    trainer.one_step()
    for name, mean in seen.items():
        assert torch.allclose(trainer.student.tensors()[name], 0.1 * mean, atol=1e-6), name


def test_a_supernet_with_batch_norms_ends_with_statistics_of_its_full(
    folder: Path, tmp_path: Path
) -> None:
    sizes = replace(resnet_sizes(3, 3, 4, 3), norm="batch", bias=False)
    path = tmp_path / "batch.safetensors"
    new_model(sizes, name="batch", size=(SIDE, SIDE), seed=5).save(path)
    order = Order("supernet", DataOptions((str(folder),)), model=str(path))
    out = tmp_path / "out.safetensors"
    result = StageRun(order, out, quick()).run(lambda fraction, text: None)
    assert [step.step for step in result.info.history][-2:] == ["supernet", "recalibrate"]
    tensors = open_translation(out).network.tensors()
    assert not torch.equal(tensors["stem.norm.var"], torch.ones(4))


def test_a_stage_writes_what_it_kept_and_says_so(folder: Path, tmp_path: Path) -> None:
    teacher = tmp_path / "teacher.safetensors"
    tiny_teacher().save(teacher)
    order = Order("distil", DataOptions((str(folder),)), model=str(teacher), ngf=2)
    run = StageRun(order, tmp_path / "out.safetensors", quick(steps=3))
    result = run.run(lambda fraction, text: None)
    assert result.info.config_string == "2_2_2_2_2_2"
    assert [step.step for step in result.info.history][-2:] == ["transfer", "distil"]
    assert "3 steps of 2" in result.info.history[-1].detail
    assert result.report.pairs == 12
    assert not result.report.stopped
    assert not run.checkpoint.exists()
    model = open_translation(tmp_path / "out.safetensors")
    assert model.info.config == result.info.config
    assert not list(tmp_path.glob(".maquette-*"))


def test_a_stop_keeps_the_best_and_the_checkpoint(folder: Path, tmp_path: Path) -> None:
    order = Order("teacher", DataOptions((str(folder),)), ngf=2, blocks=3, size=(SIDE, SIDE))
    run = StageRun(order, tmp_path / "out.safetensors", quick(steps=50))
    asked = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 3

    result = run.run(lambda fraction, text: None, stopped=stopped)
    assert result.report.stopped
    assert result.report.steps == 3
    assert run.checkpoint.is_file()
    on = StageRun(order, run.out, quick(steps=5), resume=True).run(lambda fraction, text: None)
    assert on.report.steps == 5
    assert not on.report.stopped


def test_unpaired_pictures_teach_by_the_teacher(tmp_path: Path) -> None:
    a, b = two_folders(tmp_path)
    teacher = tmp_path / "teacher.safetensors"
    tiny_teacher().save(teacher)
    for folders in ((str(a),), (str(a), str(b))):
        pairing = "inputs" if len(folders) == 1 else "unpaired"
        data = DataOptions(folders, pairing)  # type: ignore[arg-type]
        order = Order("distil", data, model=str(teacher), ngf=2)
        result = StageRun(order, tmp_path / "out.safetensors", quick()).run(lambda f, text: None)
        assert "6 pictures without pairs" in result.info.history[-1].detail
    order = Order("teacher", DataOptions((str(a),), "inputs"), ngf=2, size=(SIDE, SIDE))
    with pytest.raises(MaquetteError, match="a teacher learns from pairs"):
        StageRun(order, tmp_path / "t.safetensors", quick()).run(lambda f, text: None)


def test_what_does_not_fit_is_refused_first(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = DataOptions((str(folder),))
    out = tmp_path / "out.safetensors"
    with pytest.raises(BadChoice, match="stage 'distil' needs a model"):
        StageRun(Order("distil", data), out, quick()).run(lambda f, text: None)
    with pytest.raises(MaquetteError, match="there is no checkpoint"):
        StageRun(Order("distil", data), out, quick(), resume=True).run(lambda f, text: None)
    monkeypatch.setattr(job, "SHARE_OF_MEMORY", 0.0)
    order = Order("teacher", data, ngf=2, blocks=3, size=(SIDE, SIDE))
    with pytest.raises(NotEnoughMemory, match="smaller batches take less"):
        StageRun(order, out, quick()).run(lambda f, text: None)
    assert not out.exists()


def test_a_run_by_minutes_ends(folder: Path) -> None:
    trainer = trainer_of(folder, steps=None, minutes=TrainingOptions.minutes)
    trainer.elapsed = 60 * TrainingOptions.minutes
    trainer.run(lambda look: None, never)
    assert trainer.step == 0
    assert trainer.fraction == 1.0


def test_reconstruction_is_measured_as_asked(folder: Path) -> None:
    teacher = tiny_teacher()
    pairs = pairs_of(folder, teacher)
    options = quick(gan=0.0)
    asked: list[tuple[int, ...]] = []

    def twice(pictures: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        asked.append(tuple(pictures.shape))
        return 2.0 * (pictures - wanted).abs().mean()

    def first(**changes: object) -> float:
        trainer = Trainer("teacher", teacher, None, pairs, options, Together(2), **changes)  # type: ignore[arg-type]
        return trainer.one_step().recon

    plain = first()
    assert first(reconstruction=twice) == pytest.approx(2.0 * plain, rel=1e-5)
    assert asked == [(2, 3, SIDE, SIDE)]


def test_half_precision_learns_the_same_and_keeps_its_weights_whole(folder: Path) -> None:
    teacher = tiny_teacher()
    pairs = pairs_of(folder, teacher)
    begins = narrowed(teacher, scaled_sizes(teacher.info.config.sizes, 2))
    options = quick(gan=0.0)

    def trained(half: bool) -> tuple[list[float], Trainer]:
        trainer = Trainer("distil", begins, teacher, pairs, options, Together(2), half=half)
        return [trainer.one_step().recon for _ in range(3)], trainer

    whole, _ = trained(False)
    found, trainer = trained(True)
    assert found == pytest.approx(whole, rel=0.02)
    assert found != whole
    assert {p.dtype for p in trainer.student.parameters()} == {torch.float32}
