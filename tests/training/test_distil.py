"""The trainer of distillation on tiny models: it recovers what was planted, and breaks in order."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from studio.errors import BadChoice, NotEnoughMemory
from studio.families.generative import AnyModel
from studio.families.model import Model
from studio.families.stylegan.network import StyleGan2
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import TranslationNetwork
from studio.recipes.testing import small_generator, small_translator
from studio.training.distil.generator import GeneratorPupil
from studio.training.distil.looking import examined
from studio.training.distil.losses import Adaptors, Judge
from studio.training.distil.notebook import Notebook
from studio.training.distil.options import DistilOptions
from studio.training.distil.pictures import PicturePupil
from studio.training.distil.pupil import Drawing, Lesson, Pupil
from studio.training.distil.trainer import Trainer
from tests.families.small import small_config, small_model

OPTIONS = DistilOptions(steps=60, batch=4)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tame() -> Model:
    """Random, and drawing within the range of pictures."""
    model = small_generator()
    tensors = {
        name: 0.1 * tensor if name.startswith("rgb.") and "style" not in name else tensor
        for name, tensor in model.network.state_dict().items()
    }
    return Model(model.info, StyleGan2.from_tensors(model.info.config, tensors))


def worn(model: AnyModel, share: float = 0.3) -> Any:
    """The same with noise on every kernel."""
    random = torch.Generator().manual_seed(1)
    tensors = {
        name: tensor + share * tensor.std() * torch.randn(tensor.shape, generator=random)
        if tensor.ndim == 4
        else tensor
        for name, tensor in model.network.state_dict().items()
    }
    if isinstance(model, Model):
        return Model(model.info, StyleGan2.from_tensors(model.info.config, tensors))
    assert isinstance(model, TranslationModel)
    network = TranslationNetwork.from_tensors(model.info.config, tensors)
    return TranslationModel(model.info, network)


def trainer(pupil: Pupil, options: DistilOptions = OPTIONS) -> Trainer:
    return Trainer(pupil, options, lambda fraction, text: None)


def test_a_generator_recovers_from_noise_on_its_weights() -> None:
    full = tame()
    run = trainer(GeneratorPupil(worn(full), full))
    report = run.run()
    assert report.after.loss < report.before.loss / 2.5
    assert report.after.flip < report.before.flip / 2
    assert (report.steps, report.broken) == (60, "")
    assert len(report.losses) == 10
    assert report.losses[-1] < report.losses[0] / 2
    assert not [name for name in run.result() if name.startswith("mapping.")]


def test_a_network_of_pictures_recovers_too() -> None:
    full = small_translator()
    report = trainer(PicturePupil(worn(full, 0.1), full, None), replace(OPTIONS, feature=0.3)).run()
    assert report.after.loss < report.before.loss / 1.5
    assert report.after.flip < report.before.flip


@pytest.mark.parametrize("more", [{"output": 0.0, "feature": 1.0}, {"adversarial": 0.02}])
def test_each_loss_teaches(more: dict[str, float]) -> None:
    full = tame()
    report = trainer(GeneratorPupil(worn(full), full), replace(OPTIONS, **more)).run()
    assert report.after.loss < report.before.loss
    assert report.losses[-1] < report.losses[0] / 1.5


def test_without_any_loss_nothing_moves() -> None:
    full = tame()
    run = trainer(GeneratorPupil(worn(full), full), DistilOptions(steps=2, batch=2, output=0.0))
    report = run.run()
    assert report.kept == 0
    assert report.after == report.before


def test_full_itself_has_nothing_to_learn() -> None:
    full = tame()
    pupil = GeneratorPupil(full, full)
    found = examined(pupil, pupil.copy(), pupil.held("reported"), lambda: None).closeness
    assert (found.flip, found.psnr, found.loss) == (0.0, None, 0.0)
    assert trainer(pupil).run().steps == 0


def test_pieces_of_a_batch_teach_the_same() -> None:
    full = tame()
    losses = []
    for most in (4, 3, 1):
        pupil = GeneratorPupil(worn(full), full)
        pupil.memory = lambda pictures, most=most: 0 if pictures <= most else math.inf  # type: ignore
        losses.append(trainer(pupil, DistilOptions(steps=3, batch=4)).run().losses)
    for found in losses[1:]:
        assert found == pytest.approx(losses[0], rel=1e-3)


def test_too_little_memory_is_said() -> None:
    full = tame()
    pupil = GeneratorPupil(worn(full), full)
    pupil.memory = lambda pictures: 5e15  # type: ignore[method-assign]
    with pytest.raises(NotEnoughMemory, match=r"needs 5000000\.0 GB of memory"):
        trainer(pupil)


class Poisoned(GeneratorPupil):
    """From a lesson on, full draws what is no number."""

    at = 3

    def lesson(self, inputs: Any, values: bool) -> Lesson:
        found = super().lesson(inputs, values)
        if len(inputs.z) > 1:
            self.at -= 1
        if self.at or len(inputs.z) == 1:
            return found
        pictures = tuple(picture * math.nan for picture in found.wanted.pictures)
        return Lesson(inputs, Drawing(pictures, found.wanted.values))


def test_what_is_no_number_ends_it_and_the_best_is_kept() -> None:
    full = tame()
    student = worn(full)
    run = trainer(Poisoned(student, full))
    report = run.run()
    assert report.broken == "the output loss was no finite number at step 3"
    assert report.steps == 2
    assert all(bool(tensor.isfinite().all()) for tensor in run.result().values())
    assert report.after.flip <= report.before.flip


def test_a_gradient_that_is_no_number_is_named() -> None:
    full = tame()
    pupil = GeneratorPupil(worn(full), full)
    run = trainer(pupil)
    slope = dict(run.student.named_parameters())["layers.1.bias"]
    slope.register_hook(lambda gradient: gradient * math.inf)
    report = run.run()
    assert report.broken == "the gradient of layers.1.bias was no finite number at step 1"
    assert (report.steps, report.kept) == (0, 0)


def test_inputs_that_are_looked_at_are_not_learnt_from(tmp_path: Any) -> None:
    import numpy as np
    from PIL import Image

    for number in range(60):
        pixels = np.full((32, 32, 3), 4 * number, np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number:02}.png")
    full = small_translator()
    pupil = PicturePupil(worn(full), full, str(tmp_path))
    values = [
        {round(float(lesson.inputs.mean()), 4) for lesson in pupil.held(which)}
        for which in ("watched", "reported")
    ]
    assert values[0]
    assert values[1]
    assert not values[0] & values[1]
    taught = pupil.inputs(400, torch.Generator().manual_seed(1), 8)
    seen = {round(float(x.mean()), 4) for piece in taught for x in piece}
    assert len(seen) + len(values[0]) + len(values[1]) == 60
    assert not seen & (values[0] | values[1])


def test_adaptors_begin_with_what_fits_best() -> None:
    random = torch.Generator().manual_seed(3)
    mine = {"a": torch.randn(4, 6, 8, 8, generator=random)}
    weight = torch.randn(9, 6, 1, 1, generator=random)
    theirs = {"a": torch.nn.functional.conv2d(mine["a"], weight, torch.ones(9))}
    adaptors = Adaptors()
    assert adaptors(mine, theirs).item() < 1e-5
    shifted = {"a": mine["a"] + 10 * torch.randn(4, 6, 8, 8, generator=random)}
    assert adaptors(shifted, theirs).item() > 1
    other: dict[str, Tensor] = {"b": torch.zeros(1, 2, 3, 3), "a": torch.zeros(1, 2, 4, 4)}
    assert Adaptors()(mine, other).item() == 0.0  # neither names nor sizes agree


def test_a_discriminator_learns_to_tell_full_from_the_student() -> None:
    random = torch.Generator().manual_seed(3)
    judge = Judge(3, 32, 0)
    found = []
    for _ in range(40):
        drawn = torch.randn(4, 3, 32, 32, generator=random)
        wanted = drawn.clamp(-0.2, 0.2)
        judge.clear()
        found.append(float(judge.learn(drawn, wanted, 1.0)))
        judge.step(1.0)
    assert found[-1] < found[0] / 2
    assert judge.passing(wanted).item() < judge.passing(drawn).item()


def test_networks_that_do_not_belong_together_are_refused() -> None:
    full = tame()
    with pytest.raises(BadChoice, match="takes other latents"):
        GeneratorPupil(small_model(small_config(c_dim=3)), full)
    small = small_model(small_config((24, 24, 24, 20)))
    with pytest.raises(BadChoice, match="draws larger pictures"):
        GeneratorPupil(small_model(), small)
    with pytest.raises(BadChoice, match="its inputs are others"):
        PicturePupil(small_translator(), small_translator(labels=True), None)


def test_every_second_batch_comes_again_where_enough_fit() -> None:
    def batch(number: int) -> Lesson:
        return Lesson(number, Drawing((torch.zeros(1, 1, 10, 10),), {}))  # 800 bytes with inputs

    random = torch.Generator().manual_seed(0)
    book = Notebook(10 * 800)
    found = []
    for number in range(40):
        old = book.again(random)
        found.append(None if old is None else old.inputs)
        if old is None:
            book.write(batch(number))
    assert set(found[:9]) == {None}
    assert [each is None for each in found[9:]].count(True) == 15
    assert all(each < number for number, each in enumerate(found) if each is not None)
    kept = {each.inputs for each in book._batches}
    assert len(kept) == 10
    assert kept == set(sorted(n for n, each in enumerate(found) if each is None)[-10:])
    small = Notebook(7 * 800)
    for number in range(20):
        assert small.again(random) is None
        small.write(batch(number))
