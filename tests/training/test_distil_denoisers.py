"""Distillation of denoisers on tiny pipelines: what is taught, by what, and what comes of it."""

from __future__ import annotations

import functools
import random
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from studio.errors import BadChoice, NotEnoughMemory, RefusedFile
from studio.families.diffusion.components import replaced
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.diffusion.model import DiffusionModel
from studio.families.diffusion.prompt_files import prompts_in
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Elastic, resolve
from studio.subnets.denoisers.clones import with_tensors
from studio.subnets.denoisers.slicing import view
from studio.training.distil.denoisers.features import compared
from studio.training.distil.denoisers.memory import held_runs
from studio.training.distil.denoisers.pool import USES, Pool
from studio.training.distil.denoisers.pupil import DenoiserPupil
from studio.training.distil.denoisers.slices import Slices
from studio.training.distil.denoisers.subjects import subjects_of, varied
from studio.training.distil.denoisers.trajectories import Moment, answered, run_of
from studio.training.distil.denoisers.weighting import signal_to_noise, weights
from studio.training.distil.keeping import gone_on, load_run, save_run
from studio.training.distil.options import DistilLook, DistilOptions
from studio.training.distil.trainer import Trainer
from tests.families.diffusion.tiny import CLASSES, shared_model

NAME = "StableDiffusionPipeline"
OPTIONS = DistilOptions(steps=24, batch=4, rate=0.03, average=False)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a test takes moments."""
    monkeypatch.setattr("studio.training.distil.denoisers.pupil.held_runs", lambda *_: 2)
    monkeypatch.setattr("studio.training.distil.denoisers.pool.FIRST", 5)


@functools.cache
def full(name: str = NAME, steps: int = 3) -> DiffusionModel:
    """A tiny pipeline that runs a few steps."""
    model = shared_model(name)
    return model.described(replace(model.info, config=replace(model.info.config, steps=steps)))


def worn(model: DiffusionModel, share: float = 0.3) -> DiffusionModel:
    """The same with noise on every matrix."""
    noise = torch.Generator().manual_seed(1)
    tensors = {
        name: p + share * p.std() * torch.randn(p.shape, generator=noise)
        for name, p in model.network.named_parameters()
        if p.ndim > 1
    }
    return model.with_denoiser(replaced(model.network, tensors), model.info.config)


def pupil(
    student: DiffusionModel, options: DistilOptions = OPTIONS, name: str = NAME
) -> DenoiserPupil:
    return DenoiserPupil(student, full(name), subjects_of(full(name), ()), options)


def trainer(of: DenoiserPupil, options: DistilOptions = OPTIONS, **more: Any) -> Trainer:
    return Trainer(of, options, lambda fraction, text: None, **more)


# ---- the teacher's runs -------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLASSES)
def test_a_batch_of_moments_is_answered_as_each_was_in_its_run(name: str) -> None:
    made = pupil(full(name), name=name)
    moments = run_of(full(name), made._subjects.inputs(5, 0)).moments
    assert len(moments) >= 2
    batch = made._batch(moments[::-1])
    with torch.no_grad():
        found = answered(full(name).running_network, batch)
    apart = float((found - batch.wanted).norm() / batch.wanted.norm())
    assert apart < 1e-5
    (first, *_), rows = batch.pieces(1), batch.rows
    assert torch.equal(first.wanted, moments[-1].wanted)
    assert {len(each.wanted) for each in batch.pieces(1)} == {rows}


def test_a_run_keeps_its_text_once_and_makes_the_picture_of_the_model() -> None:
    inputs = DiffusionInputs("a red cat", seed=4)
    run = run_of(full(), inputs, whole=True)
    first, second = run.moments[:2]
    assert first.tensors["encoder_hidden_states"] is second.tensors["encoder_hidden_states"]
    assert first.tensors["sample"] is not second.tensors["sample"]
    assert run.picture is not None
    assert np.array_equal(run.picture, full().render(inputs))
    assert run_of(full(), inputs).picture is None


def test_the_pool_draws_as_often_as_its_moments_are_used_and_keeps_to_its_room() -> None:
    def draw(number: int) -> tuple[Moment, ...]:
        value = torch.full((1, 100), float(number))
        return tuple(Moment({"sample": value + n / 10}, value) for n in range(4))

    chance = torch.Generator().manual_seed(0)
    pool = Pool(draw, 1e9)
    for _ in range(60):
        assert len(pool.take(8, chance)) == 8
    assert pool.runs == 1 + 59 * 8 // (USES * 4)
    one = 4 * 400 + 400
    small = Pool(draw, 3 * one)
    taken = small.take(20, chance)
    assert (small.bytes, small.moments, len(taken)) == (3 * one, 12, 20)
    assert {int(moment.wanted[0, 0]) for moment in taken} == {2, 3, 4}


def test_large_denoisers_draw_fewer_pictures_to_be_looked_at() -> None:
    config = full().info.config
    assert (held_runs(config, 6, "reported"), held_runs(config, 6, "watched")) == (8, 4)
    assert (held_runs(config, 10**9, "reported"), held_runs(config, 10**9, "watched")) == (4, 2)


# ---- what is drawn ------------------------------------------------------------------------------


def test_prompts_are_varied_and_some_are_kept_apart(tmp_path: Path) -> None:
    rng = random.Random(0)
    found = {varied("a cat, oil painting, at night", rng) for _ in range(60)}
    assert "a cat, oil painting, at night" in found
    assert "a cat" in found
    assert all(each.startswith("a cat") for each in found)
    assert len(found) == 5  # the subject with none, one or two of the others, in either order
    many = [f"thing {n}" for n in range(12)]
    (tmp_path / "p.txt").write_text("\n".join([*many, ""]), "utf-8")
    subjects = subjects_of(full(), prompts_in(tmp_path))
    taught = {subjects.inputs(0, n).prompt for n in range(200)}
    held = {subjects.inputs(1, n, held=True).prompt for n in range(60)}
    assert taught | held == set(many)
    assert not taught & held
    few = subjects_of(full(), ("one", "two"))
    assert "other seeds" in few.said
    assert few.inputs(3, 4) == few.inputs(3, 4)
    assert few.inputs(3, 4).seed != few.inputs(3, 5).seed


def test_every_pipeline_has_something_to_draw() -> None:
    labels = {subjects_of(full("DiTPipeline"), ()).inputs(0, n).label for n in range(40)}
    assert len(labels) > 3
    nothing = subjects_of(full("DDPMPipeline"), ("a prompt",))
    assert (nothing.said, nothing.inputs(0, 0).prompt) == ("seeds of its own", "")
    clay = SimpleNamespace(
        own_inputs=full().own_inputs,
        info=replace(full().info, path=str(Path("assets/models/clay-words").resolve())),
    )
    words = subjects_of(clay, ())  # type: ignore[arg-type]
    assert words.said == "the wordings that it was made with"
    assert len({words.inputs(0, n).prompt for n in range(20)}) > 15


def test_files_of_prompts_are_refused_with_a_reason(tmp_path: Path) -> None:
    file = tmp_path / "p.txt"
    file.write_text("a\n\n b ", "utf-8")
    assert prompts_in(file) == ("a", "b")
    file.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(BadChoice, match="it is no text"):
        prompts_in(file)
    file.write_text("\n \n", "utf-8")
    with pytest.raises(BadChoice, match="has no prompts"):
        prompts_in(file)
    file.write_text("x" * 30_000, "utf-8")
    with pytest.raises(BadChoice, match="has 30000 characters"):
        prompts_in(file)
    with pytest.raises(BadChoice, match="cannot be read"):
        prompts_in(tmp_path / "none.txt")


# ---- what an error counts -----------------------------------------------------------------------


def _noise(prediction: str) -> Any:
    from diffusers import DDPMScheduler

    return DDPMScheduler(num_train_timesteps=1000, prediction_type=prediction)


def test_errors_count_less_where_the_picture_is_nearly_done() -> None:
    """Hang et al. 2023, section 3.4: min(SNR, gamma) / SNR for noise, over SNR + 1 for velocity."""
    times = torch.tensor([999.0, 500.0, 100.0, 0.0])
    kept = _noise("epsilon").alphas_cumprod[times.long()].double()
    ratio = kept / (1 - kept)
    noise = weights(_noise("epsilon"), times, 5.0, flow=False)
    assert noise.tolist() == pytest.approx((ratio.clamp_max(5) / ratio).tolist(), rel=1e-5)
    assert noise[0] == noise[1] == 1 > noise[2] > noise[3]
    velocity = weights(_noise("v_prediction"), times, 5.0, flow=False)
    wanted = (ratio + 1).clamp_max(5) / (ratio + 1)
    assert velocity.tolist() == pytest.approx(wanted.tolist(), rel=1e-5)
    picture = weights(_noise("sample"), times, 5.0, flow=False)
    assert picture[-1] == 1 > picture[0] > 0


def test_flow_is_weighted_by_the_share_of_noise_however_it_is_told() -> None:
    from diffusers import FlowMatchEulerDiscreteScheduler

    scheduler = FlowMatchEulerDiscreteScheduler()
    thousands = torch.tensor([1000.0, 500.0, 100.0])
    ratio = signal_to_noise(scheduler, thousands, flow=True)
    assert ratio.tolist() == pytest.approx([0, 1, 81], abs=1e-6)
    found = weights(scheduler, thousands, 5.0, flow=True)
    assert found.tolist() == pytest.approx([1, 1, 0.05])
    shares = weights(scheduler, thousands / 1000, 5.0, flow=True)
    assert shares.tolist() == pytest.approx(found.tolist())


def test_the_loss_is_a_share_of_what_the_teacher_answers() -> None:
    made = pupil(full())
    (batch,) = made.inputs(4, torch.Generator().manual_seed(0), 4)
    lesson = made.lesson(batch, False)
    from studio.training.distil.pupil import Drawing

    exact = made.difference(Drawing((batch.wanted,), {}), lesson)
    assert float(exact) == 0
    scale = made._size()
    plain = made.difference(Drawing((batch.wanted + 0.1 * scale**0.5,), {}), lesson)
    # Both rows are off alike, so guidance makes the same of them: half of 0.01, half over 7.5 ^ 2.
    guided = 0.01 / made._guidance**2
    assert float(plain) == pytest.approx(
        float(batch.weights.mean()) * (0.01 + guided) / 2, rel=1e-3
    )


def test_what_networks_predict_of_variances_does_not_count() -> None:
    made = pupil(full("DiTPipeline"), name="DiTPipeline")
    channels = made.config.latent_channels
    output = torch.zeros(2, 2 * channels, 4, 4)
    assert made._read(output).shape[1] == channels
    assert made._read(output[:, :channels]).shape[1] == channels


# ---- learning -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [NAME, "DiTPipeline"])
def test_a_worn_denoiser_recovers(name: str) -> None:
    looks: list[DistilLook] = []
    of = pupil(worn(full(name)), name=name)
    run = trainer(of, seen=looks.append)
    report = run.run()
    assert report.after.loss < report.before.loss / 1.6
    assert report.losses[-1] < report.losses[0] / 2
    assert report.kept > 0
    assert of.runs > 5
    assert looks[0].before == looks[0].now
    assert looks[-1].now.loss < looks[0].now.loss
    height, width, _ = looks[-1].strip.shape
    assert (height % 3, width % 2) == (0, 0)


def test_every_layer_learns() -> None:
    options = replace(OPTIONS, steps=2, feature=0.5)
    run = trainer(pupil(worn(full()), options), options)
    before = {name: p.detach().clone() for name, p in run.student.named_parameters()}
    run.run()
    still = [n for n, p in run.student.named_parameters() if torch.equal(p, before[n])]
    assert still == []
    assert all(p.requires_grad for p in run.student.parameters())
    assert not any(p.requires_grad for p in full().network.parameters())


def test_a_student_that_is_the_teacher_stays() -> None:
    run = trainer(pupil(full()))
    report = run.run()
    assert (report.steps, report.kept, report.before.loss) == (0, 0, 0.0)
    assert report.before.psnr is None


def test_a_cut_denoiser_learns_and_features_are_compared_on_the_trunk() -> None:
    options = replace(OPTIONS, output=0.0, feature=1.0, steps=20)
    student = full().cut(SubnetChoice(0.5))
    of = pupil(student, options)
    assert set(of._paths) == {
        *("down_blocks.0", "down_blocks.1", "mid_block", "up_blocks.0", "up_blocks.1")
    }
    report = trainer(of, options).run()
    assert report.losses[-1] < report.losses[0]
    assert of.room > 0
    assert compared(full("FluxPipeline").network)


def test_the_same_steps_give_the_same_weights() -> None:
    found = []
    for _ in range(2):
        options = replace(OPTIONS, steps=3)
        run = trainer(pupil(worn(full()), options), options)
        run.run()
        found.append(run.result())
    assert all(torch.equal(found[0][name], found[1][name]) for name in found[0])


# ---- slices -------------------------------------------------------------------------------------


def test_slices_add_to_the_gradients_of_the_whole() -> None:
    """Against the same slice cut out of the tensors by hand, where autograd follows."""
    model = full()
    network = with_tensors(model.running_network, lambda t: t.clone()).requires_grad_(True)
    slices = Slices(network, model.info.config.layout, ())
    (batch,) = pupil(model).inputs(2, torch.Generator().manual_seed(0), 2)
    half = slices.learning(0.5)
    answered(half, batch).square().sum().backward()
    name = "down_blocks.0.resnets.0.conv1.weight"
    whole = dict(network.named_parameters())[name]
    narrow = dict(half.named_parameters())[name]
    assert whole.grad is not None
    assert narrow.shape[0] == whole.shape[0] // 2
    assert narrow.grad is None
    assert float(whole.grad[: len(narrow)].abs().sum()) > 0
    assert float(whole.grad[len(narrow) :].abs().sum()) == 0
    step, place = 1e-3, (0, 0, 1, 1)

    def loss(shift: float) -> float:
        with torch.no_grad():
            whole[place] += shift
            kept = resolve(Elastic(width=0.5), model.info.config.layout)
            found = view(network, model.info.config.layout, kept)
            made = float(answered(found, batch).double().square().sum())
            whole[place] -= shift
        return made

    slope = (loss(step) - loss(-step)) / (2 * step)
    assert float(whole.grad[place]) == pytest.approx(slope, rel=0.05, abs=1e-2)
    before = whole.grad.clone()
    answered(slices.learning(1.0), batch).square().sum().backward()
    assert not torch.equal(whole.grad[len(narrow) :], before[len(narrow) :])


def test_narrow_slices_get_better_and_full_stays_near() -> None:
    options = replace(OPTIONS, narrowest=0.25)
    of = pupil(full(), options)
    report = trainer(of, options).run()
    assert [name for name, _ in report.after.parts] == ["1", "0.625", "0.25"]
    before, after = dict(report.before.parts), dict(report.after.parts)
    assert before["1"].loss == 0
    assert after["0.25"].loss < before["0.25"].loss / 1.3
    assert after["1"].loss < before["0.25"].loss
    assert report.after.loss == pytest.approx(sum(p.loss for p in after.values()) / 3)


# ---- ending, going on, refusing -----------------------------------------------------------------


def test_it_stops_when_told_and_goes_on_from_there(tmp_path: Path) -> None:
    file = tmp_path / "state" / "run.safetensors"
    student = worn(full())
    first = trainer(
        pupil(student), saved=lambda t: save_run(file, t, "m"), stopped=lambda: len(taken) >= 8
    )
    taken: list[float] = first.losses
    stopped = first.run()
    assert (stopped.stopped, stopped.steps) == (True, 8)
    again = trainer(pupil(student))
    assert gone_on(file, again, "m") == ""
    assert again.score == first.score
    assert all(
        torch.equal(p, dict(first.student.named_parameters())[n])
        for n, p in again.student.named_parameters()
    )
    remembered = again.optimiser.adam.state
    assert all("exp_avg_sq" in remembered[p] for p in again.student.parameters())
    report = again.run()
    assert (report.resumed, report.steps, report.stopped) == (8, 24, False)
    assert report.before.loss == stopped.before.loss
    assert report.after.loss < stopped.after.loss


def test_a_state_of_something_else_is_not_gone_on_from(tmp_path: Path) -> None:
    file = tmp_path / "run.safetensors"
    student, short = worn(full()), replace(OPTIONS, steps=1)
    run = trainer(pupil(student, short), short, saved=lambda t: save_run(file, t, "m"))
    run.run()
    fresh = trainer(pupil(student))
    with pytest.raises(RefusedFile, match="training of another model"):
        load_run(file, fresh, "n")
    other = replace(OPTIONS, rate=0.1)
    with pytest.raises(RefusedFile, match=r"with rate 0\.03, not 0\.1"):
        load_run(file, trainer(pupil(student, other), other), "m")
    file.write_bytes(file.read_bytes()[:200])
    assert "is damaged" in gone_on(file, fresh, "m") or "cannot" in gone_on(file, fresh, "m")
    assert fresh.losses == []
    assert gone_on(tmp_path / "none", fresh, "m") == gone_on(None, fresh, "m") == ""


def test_what_cannot_be_taught_is_refused() -> None:
    with pytest.raises(BadChoice, match="takes other inputs"):
        pupil(full("DDPMPipeline"))
    with pytest.raises(BadChoice, match="without a discriminator; accepted is 0"):
        pupil(full(), replace(OPTIONS, adversarial=0.1))
    packed = full().described(
        replace(full().info, config=replace(full().info.config, packed="Q4_K"))
    )
    with pytest.raises(BadChoice, match="GGUF file in Q4_K, which cannot be trained"):
        pupil(packed)
    greedy = replace(OPTIONS, cache=1e9)
    with pytest.raises(NotEnoughMemory, match="a training step needs"):
        trainer(pupil(full(), greedy), greedy)


def test_memory_grows_with_the_batch_and_counts_the_cache() -> None:
    made = pupil(full())
    one, two, three = (made.memory(n) for n in (1, 2, 3))
    assert two - one == pytest.approx(three - two)
    assert two > one > 256e6
    values = pupil(full(), replace(OPTIONS, feature=1.0))
    assert values.memory(1) - one == pytest.approx(256e6)


def test_half_precision_is_near() -> None:
    made = pupil(worn(full(), 0.1))
    (batch,) = made.inputs(2, torch.Generator().manual_seed(0), 2)
    network: nn.Module = made.copy()
    whole = made.draw(network, batch, False).pictures[0].detach()
    made.half = True
    half = made.draw(network, batch, False).pictures[0].detach()
    assert half.dtype == torch.float32
    assert 0 < float((half - whole).norm() / whole.norm()) < 0.05
    assert isinstance(made.half_pays(), bool)
