"""Elastic training of a tiny random generator: it learns, it repeats, it goes on where it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.errors import BadChoice, RefusedFile
from studio.families.stylegan.discriminator import new_discriminator
from studio.families.stylegan.network import StyleGan2
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.sorting import sort_channels
from studio.training.elastic.adversary import Adversary, critic_for
from studio.training.elastic.checkpoint import load_checkpoint, save_checkpoint
from studio.training.elastic.data import Reals
from studio.training.elastic.looking import REPORTED_SEED, drawn, held_out, look_at, strip
from studio.training.elastic.losses import agreement, feature_distance
from studio.training.elastic.memory import bytes_needed, largest_piece
from studio.training.elastic.options import ElasticOptions, about
from studio.training.elastic.report import flip_at
from studio.training.elastic.teacher import Teacher, trained_resolutions
from studio.training.elastic.trainer import Look, Trainer
from tests.families.small import small_config, small_model

OPTIONS = ElasticOptions(steps=12, batch=2, threads=1)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def network() -> StyleGan2:
    """Random, and drawing within the range of pictures."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        return sort_channels(tame(StyleGan2(small_config()).freeze())).network


def tame(network: StyleGan2) -> StyleGan2:
    tensors = {
        name: tensor * 0.1 if name.startswith("rgb.") and "style" not in name else tensor
        for name, tensor in network.state_dict().items()
    }
    return StyleGan2.from_tensors(network.config, tensors)


def reals(count: int = 6, size: int = 32) -> Reals:
    random = torch.Generator().manual_seed(3)
    return Reals(
        torch.randint(0, 256, (count, size, size, 3), generator=random, dtype=torch.uint8).numpy()
    )


def trained(network: StyleGan2, options: ElasticOptions = OPTIONS, **parts: object) -> Trainer:
    trainer = Trainer(network, options, **parts)
    trainer.run(lambda look: None, lambda: False)
    return trainer


def same(a: StyleGan2, b: StyleGan2) -> bool:
    theirs = b.state_dict()
    return all(torch.equal(t, theirs[name]) for name, t in a.state_dict().items())


# ---- options -------------------------------------------------------------------------------------


def test_full_is_always_one_of_the_widths() -> None:
    assert ElasticOptions(widths=(0.5,)).widths == (0.5, 1.0)
    assert ElasticOptions().widths == (0.25, 0.5, 0.75, 1.0)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"minutes": 0}, "minutes 0 is not within 0.05 and 100000"),
        ({"steps": 0}, "steps 0 is not within 1 and 1e+08"),
        ({"batch": 0}, "batch 0 is not within 1 and 256"),
        ({"seed": -1}, "seed -1 is not within 0 and 4.29497e+09"),
        ({"widths": (0.0,)}, "width 0 is not within 0.015625 and 1"),
        ({"widths": (1.0,)}, "widths name full alone; at least one below 1 is needed"),
    ],
)
def test_options_out_of_bounds_are_refused(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadChoice) as refused:
        ElasticOptions(**fields)
    assert str(refused.value) == sentence


def test_every_option_says_what_it_is() -> None:
    for name in ElasticOptions.__dataclass_fields__:
        assert about(name).text.endswith(".")


# ---- what it learns ------------------------------------------------------------------------------


def test_a_few_steps_bring_narrow_widths_nearer_than_sorting_alone(network: StyleGan2) -> None:
    out = held_out(network, REPORTED_SEED)
    before = look_at(network, out, OPTIONS.widths)
    after = look_at(trained(network, replace(OPTIONS, steps=30)).result(), out, OPTIONS.widths)
    assert flip_at(before, 1.0) == 0
    assert flip_at(after, 0.5) < flip_at(before, 0.5)
    psnr = {each.width: each.psnr or 99 for each in before}
    assert all((each.psnr or 99) > psnr[each.width] for each in after if each.width < 1)


def test_the_teacher_is_not_changed_and_mapping_and_noise_stay(network: StyleGan2) -> None:
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    result = trained(network).result().state_dict()
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, before[name]), name
        kept = name.startswith("mapping.") or "noise" in name or name == "w_avg"
        assert kept == torch.equal(result[name], before[name]), name


def test_holding_full_keeps_it_nearer(network: StyleGan2) -> None:
    steps = replace(OPTIONS, steps=30)
    out = held_out(network, REPORTED_SEED)

    def full(options: ElasticOptions) -> float:
        trainer = trained(network, options)
        (found,) = look_at(trainer.average, out, (1.0,))
        return found.psnr or 99

    assert full(steps) > full(replace(steps, keep_full=False))


def test_the_repair_at_the_end_moves_only_what_full_alone_reads(network: StyleGan2) -> None:
    trainer = Trainer(network, OPTIONS)
    trainer.run(lambda look: None, lambda: trainer.repairing)
    assert 0 < trainer.step < 12
    before = {name: t.clone() for name, t in trainer.student.state_dict().items()}
    trainer.run(lambda look: None, lambda: False)
    after = trainer.student.state_dict()
    widest = resolve(SubnetChoice(width=0.75), network.config).channels
    for k in range(len(network.layers)):
        name = f"layers.{k}.weight"
        assert not torch.equal(after[name], before[name])
        corner = slice(None, widest[k + 1]), slice(None, widest[k])
        assert torch.equal(after[name][corner], before[name][corner])
    narrow = [
        trainer.student.from_tensors(network.config, dict(tensors)) for tensors in (before, after)
    ]
    for width in (0.25, 0.5, 0.75):
        first, second = (drawn(each, trainer.watched.styles, width) for each in narrow)
        assert (first == second).all()


def test_the_same_seed_gives_the_same_bits_and_another_does_not(network: StyleGan2) -> None:
    first = trained(network)
    assert same(first.average, trained(network).average)
    assert not same(first.average, trained(network, replace(OPTIONS, seed=1)).average)


def test_a_batch_in_pieces_teaches_the_same(network: StyleGan2) -> None:
    whole, pieces = (Trainer(network, OPTIONS, piece=piece) for piece in (2, 1))
    assert whole.one_step() == pytest.approx(pieces.one_step(), rel=1e-4)


def test_looks_carry_what_a_window_shows(network: StyleGan2) -> None:
    looks: list[Look] = []
    trainer = Trainer(network, OPTIONS)
    trainer.run(looks.append, lambda: False)
    assert looks[0].step == 0
    assert looks[-1].step == 12
    assert looks[-1].fraction == 1.0
    assert [each.width for each in looks[0].widths] == [0.25, 0.5, 0.75, 1.0]
    assert looks[0].strip.shape == (5 * 32, 4 * 32, 3)
    assert len(looks[-1].losses) == 12


def test_a_strip_of_large_pictures_is_reduced() -> None:
    channels = (4,) * 14
    network = small_model(small_config(channels)).network
    out = held_out(network, 1)
    assert out.pictures.shape[1:] == (256, 256, 3)
    assert strip(network, out, (0.5, 1.0)).shape == (3 * 128, 4 * 128, 3)


def test_stop_keeps_the_best(network: StyleGan2) -> None:
    trainer = Trainer(network, OPTIONS)
    trainer.run(lambda look: None, lambda: trainer.step == 5)
    assert trainer.step == 5
    trainer.look()
    best = trainer.best_score
    for parameter in trainer.average.parameters():
        parameter.data.mul_(0.5)
    trainer.look()
    assert trainer.best_score == best
    out = held_out(network, REPORTED_SEED)
    (full,) = look_at(trainer.result(), out, (1.0,))
    assert (full.psnr or 99) > 15


# ---- its parts -----------------------------------------------------------------------------------


def test_trained_stages_show_the_full_picture_made_smaller(network: StyleGan2) -> None:
    teacher = Teacher(network)
    random = torch.Generator().manual_seed(0)
    lesson = teacher.lesson(teacher.styles(3, random))
    assert [p.shape[-1] for p in lesson.pictures] == [4, 8, 16, 32]
    assert trained_resolutions(network.config) == (16, 32)
    smaller = torch.nn.functional.avg_pool2d(lesson.pictures[-1], 2)
    assert torch.equal(lesson.pictures[-2], smaller)


def test_conditional_models_are_taught_with_every_class() -> None:
    network = small_model(small_config(c_dim=3)).network
    assert trained(network, replace(OPTIONS, steps=2)).step == 2


def test_agreement_is_zero_for_equal_pictures_and_grows_with_a_shift() -> None:
    stages = [torch.rand(2, 3, r, r) for r in (4, 8, 16, 32)]
    assert agreement(stages, stages).item() == 0
    little = [s + 0.1 for s in stages]
    more = [s + 0.3 for s in stages]
    assert 0 < agreement(little, stages) < agreement(more, stages)


def test_a_critics_features_count(network: StyleGan2) -> None:
    critic = new_discriminator((8, 8, 8, 8), (32,), 0, seed=2).requires_grad_(False)
    pictures = torch.rand(2, 3, 32, 32)
    wanted = critic.features(pictures)
    assert feature_distance(critic, pictures, wanted).item() == 0
    assert feature_distance(critic, 1 - pictures, wanted).item() > 0
    assert trained(network, replace(OPTIONS, steps=2), critic=critic).step == 2


def test_memory_grows_with_the_batch_and_limits_the_piece() -> None:
    config = small_config()
    assert bytes_needed(config, 1) < bytes_needed(config, 8)
    assert largest_piece(config, 8, bytes_needed(config, 3)) == 3
    assert largest_piece(config, 8, 1e12) == 8
    assert largest_piece(config, 8, 0) == 0


def test_the_adversarial_part_moves_student_and_critic(network: StyleGan2) -> None:
    options = replace(OPTIONS, steps=3)
    critic = critic_for(network.config, None, 0)
    assert critic.config.heads == (16, 32)
    before = {name: t.clone() for name, t in critic.state_dict().items()}
    trainer = Trainer(network, options)
    trainer.adversary = Adversary(critic, reals(), trainer.random)
    trainer.run(lambda look: None, lambda: False)
    after = critic.state_dict()
    assert any(not torch.equal(after[name], before[name]) for name in before)
    assert all(torch.isfinite(t).all() for t in after.values())
    plain = trained(network, options)
    assert not same(plain.average, trainer.average)


# ---- checkpoints ---------------------------------------------------------------------------------


@pytest.mark.parametrize("adversarial", [False, True])
def test_a_resumed_run_ends_on_the_same_bits(
    network: StyleGan2, tmp_path: Path, adversarial: bool
) -> None:
    def new() -> Trainer:
        trainer = Trainer(network, OPTIONS)
        if adversarial:
            critic = critic_for(network.config, None, 0)
            trainer.adversary = Adversary(critic, reals(), trainer.random)
        return trainer

    through = new()
    through.run(lambda look: None, lambda: False)
    first = new()
    first.run(lambda look: None, lambda: first.step == 5)
    file = tmp_path / "run.checkpoint"
    save_checkpoint(file, first, "key", "token")
    assert [p.name for p in tmp_path.iterdir()] == ["run.checkpoint"]
    second = new()
    load_checkpoint(file, second, "key")
    assert second.step == 5
    second.run(lambda look: None, lambda: False)
    assert same(second.average, through.average)
    assert same(second.result(), through.result())
    assert second.losses == through.losses


def test_checkpoints_of_other_runs_are_refused(network: StyleGan2, tmp_path: Path) -> None:
    file = tmp_path / "run.checkpoint"
    trainer = Trainer(network, OPTIONS)
    trainer.look()
    save_checkpoint(file, trainer, "key", "token")

    def refusal(key: str, options: ElasticOptions = OPTIONS, path: Path = file) -> str:
        with pytest.raises(RefusedFile) as refused:
            load_checkpoint(path, Trainer(network, options), key)
        return str(refused.value)

    assert refusal("other") == f"{file} belongs to the training of another model"
    assert "was made with batch 2, not 4" in refusal("key", replace(OPTIONS, batch=4))
    assert "there is no checkpoint" in refusal("key", path=tmp_path / "none")
    file.write_bytes(file.read_bytes()[:-100])
    assert "is damaged" in refusal("key")
    file.write_bytes(b"nothing")
    assert "is damaged" in refusal("key")
    more = replace(OPTIONS, steps=50, threads=2)
    save_checkpoint(file, trainer, "key", "token")
    load_checkpoint(file, Trainer(network, more), "key")
