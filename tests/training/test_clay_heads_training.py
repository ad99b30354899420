"""Training clay heads, small enough for a test; and the file it makes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open

from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.training.clay_heads.data import DrawnSet, drawn_set, latents
from studio.training.clay_heads.generator import new_generator
from studio.training.clay_heads.losses import Weights, local_contrast, target_of
from studio.training.clay_heads.meaning import meaning_of, taught_mapping
from studio.training.clay_heads.package import HistoryStep, edit_directions, write_model
from studio.training.clay_heads.scene import KINDS, NAMES, Z_DIM, scene_from_z
from studio.training.clay_heads.train import Settings, Trainer, rarer

SMALL = StyleGanConfig("anycost", 32, Z_DIM, 24, 0, 2, (16, 16, 16, 16, 16, 12, 12, 8))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    work = tmp_path_factory.mktemp("clay")
    return Settings(
        work=work,
        steps=400,
        sets=((1, 32),),
        batch=4,
        observer_steps=0,
        mapping_steps=0,
        workers=1,
        growth=(0.5, 0.8),
        config=SMALL,
    )


def _with_own_folder(settings: Settings, folder: Path, stop: int | None = None) -> Settings:
    folder.mkdir(exist_ok=True)
    (folder / "data").symlink_to(settings.work / "data", target_is_directory=True)
    return replace(settings, work=folder, stop=stop)


def test_sets_are_drawn_once_and_are_the_same_again(settings: Settings, tmp_path: Path) -> None:
    first = drawn_set(settings.work / "data", 32, 32, 1)
    again = drawn_set(tmp_path, 32, 32, 1)
    assert torch.equal(first.z, again.z)
    assert (first.planes == again.planes).all()
    _, picture, feature = first.batch(torch.tensor([0, 5]))
    assert picture.shape == (2, 3, 32, 32)
    assert feature.shape == (2, 1, 32, 32)
    assert -1.0 <= float(picture.min()) < float(picture.max()) <= 1.0


def test_a_pooled_set_holds_the_means_of_the_same_busts() -> None:
    planes = np.random.default_rng(0).integers(0, 256, (20, 4, 32, 32), dtype=np.uint8)
    drawn = DrawnSet(latents(20, 1), planes)
    small = drawn.at(8)
    assert small.planes.shape == (20, 4, 8, 8)
    means = planes.reshape(20, 4, 8, 4, 8, 4).mean(axis=(3, 5))
    assert np.abs(small.planes - means).max() <= 0.5
    assert torch.equal(small.z, drawn.z)
    assert drawn.at(32) is drawn


def test_shaped_hair_is_drawn_twice_as_often() -> None:
    z = latents(2000, 2)
    odds = np.diff(np.asarray([0.0, *rarer(z)]))
    option = scene_from_z(z).option("hairstyle").numpy()
    names = KINDS[0].options
    shaped = np.isin(option, [names.index("curls"), names.index("bun")])
    assert np.median(odds[shaped]) == pytest.approx(2.0, abs=0.01)
    assert np.median(odds[~shaped]) == pytest.approx(1.0, abs=0.01)


def test_training_lowers_the_loss_and_resumes_exactly(settings: Settings, tmp_path: Path) -> None:
    (settings.work / "data").mkdir(exist_ok=True)
    through, stopped = tmp_path / "through", tmp_path / "stopped"
    through.mkdir()
    stopped.mkdir()
    whole = Trainer(_with_own_folder(settings, through, stop=60))
    whole.run()
    assert whole.step == 60
    assert sum(whole.losses[-5:]) < 0.96 * sum(whole.losses[:5])

    half = Trainer(_with_own_folder(settings, stopped, stop=30))
    half.run()
    later = Trainer(half.settings)
    later.load()
    assert later.step == 30
    later.run()
    assert later.losses == whole.losses
    for a, b in zip(later.average.parameters(), whole.average.parameters(), strict=True):
        assert torch.equal(a, b)
    assert (stopped / "sheet.png").exists()


def test_the_adversarial_part_changes_the_training_and_resumes_exactly(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.training.clay_heads.adversarial.LEARNS_FIRST", 2)
    (settings.work / "data").mkdir(exist_ok=True)

    def trainer(name: str, stop: int, **changes: float) -> Trainer:
        own = _with_own_folder(settings, tmp_path / name, stop=stop)
        return Trainer(replace(own, steps=8, growth=(0.0, 0.0), **changes))

    alone = trainer("alone", 8)
    alone.run()
    through = trainer("through", 8, adversarial=0.5)
    assert through.rivalry is not None
    untaught = {k: v.clone() for k, v in through.rivalry.adversary.critic.state_dict().items()}
    through.run()
    # Nothing is heard of the discriminator before it has learnt for two steps.
    assert through.losses[:3] == alone.losses[:3]
    assert through.losses[4:] != alone.losses[4:]
    learnt = through.rivalry.adversary.critic.state_dict()
    assert any(not torch.equal(learnt[k], v) for k, v in untaught.items())

    half = trainer("half", 4, adversarial=0.5)
    half.run()
    later = Trainer(half.settings)
    later.load()
    later.run()
    assert later.losses == through.losses
    assert "adversarial" in later.history()[1].detail


def test_the_network_grows_to_its_full_size(settings: Settings, tmp_path: Path) -> None:
    grows = replace(_with_own_folder(settings, tmp_path), steps=4, growth=(0.08, 0.35))
    trainer = Trainer(grows)
    seen = []
    while trainer.progress() < 1.0:
        seen.append(trainer.resolution())
        trainer.one_step()
    assert seen == [8, 16, 32, 32]


def test_smaller_stages_take_more_pictures_a_step(settings: Settings, tmp_path: Path) -> None:
    trainer = Trainer(replace(_with_own_folder(settings, tmp_path), steps=4, growth=(0.25, 0.5)))
    z, picture, feature = trainer._batch()
    assert len(z) == len(picture) == len(feature) == 4 * settings.batch
    whole = replace(_with_own_folder(settings, tmp_path / "b"), growth=(), steps=4)
    assert Trainer(whole)._batch_size() == 2 * settings.batch  # 32 px


def test_the_mapping_is_taught_once_and_says_what_a_latent_means(tmp_path: Path) -> None:
    roomy = replace(SMALL, w_dim=192, mapping_layers=3)
    model = new_generator(0, roomy)
    z = torch.randn(64, Z_DIM)
    before = model.map(z)
    taught_mapping(model, tmp_path, 400, 3)
    again = new_generator(0, roomy)
    taught_mapping(again, tmp_path, 400, 3)  # from its file
    assert torch.equal(model.map(z), again.map(z))
    # What w says is read back by linear regression on half and tried on the other half.
    z = torch.randn(4000, Z_DIM)
    meaning = meaning_of(z)

    def explained(w: torch.Tensor) -> torch.Tensor:
        w = torch.cat([w, torch.ones(len(w), 1)], dim=1)
        fit = torch.linalg.lstsq(w[:2000], meaning[:2000]).solution
        error = (w[2000:] @ fit - meaning[2000:]).square().mean(dim=0)
        return 1.0 - error / meaning[2000:].var(dim=0)

    assert not torch.equal(before, model.map(z[:64]))
    new = new_generator(0, roomy)
    taught = explained(model.map(z).detach()).mean()
    assert float(taught) > float(explained(new.map(z).detach()).mean()) + 0.1


def test_what_a_latent_means_is_finite_even_and_read_from_the_named_coordinates() -> None:
    z = torch.randn(2000, Z_DIM)
    meaning = meaning_of(z)
    assert meaning.isfinite().all()
    assert float(meaning.abs().max()) < 3.0
    size = meaning.square().mean(dim=0).sqrt()
    assert 0.2 < float(size.min()) < float(size.max()) < 1.5
    unnamed = torch.cat([z[:, : len(NAMES)], z[:, len(NAMES) :].flip(1)], dim=1)
    assert torch.allclose(meaning_of(unnamed), meaning, atol=1e-4)


def test_a_new_generator_ignores_coordinates_without_a_meaning() -> None:
    model = new_generator(0, SMALL)
    z = torch.randn(2, Z_DIM)
    other = torch.cat([z[:, : len(NAMES)], z[:, len(NAMES) :].flip(1)], dim=1)
    assert torch.allclose(model.map(z), model.map(other), atol=1e-5)
    model.map(z).sum().backward()
    gradient = model.mapping[0].weight.grad
    assert isinstance(gradient, torch.Tensor)
    assert float(gradient[:, len(NAMES) :].abs().max()) == 0.0


def test_a_model_file_holds_weights_directions_and_description(tmp_path: Path) -> None:
    model = new_generator(0, SMALL)
    file = tmp_path / "small.safetensors"
    write_model(model, [HistoryStep("trained", "not at all")], file)
    with safe_open(file, "pt") as opened:
        metadata = opened.metadata()
        tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
    assert tensors.pop("directions").shape == (len(NAMES), SMALL.w_dim)
    assert all(t.dtype == torch.float16 for t in tensors.values())
    config = json.loads(metadata["config"])
    read = StyleGan2(StyleGanConfig(**{**config, "channels": tuple(config["channels"])}))
    read.load_state_dict(tensors)
    assert json.loads(metadata["directions"]) == list(NAMES)
    assert json.loads(metadata["history"])[0]["step"] == "trained"


def test_a_direction_is_the_slope_of_w() -> None:
    model = new_generator(0, replace(SMALL, mapping_layers=1))
    directions = edit_directions(model, count=4000)
    # One layer is linear but for the leak, which takes a share of the slope on either side.
    weight = model.mapping[0].weight
    assert isinstance(weight, torch.Tensor)
    expected = weight[:, : len(NAMES)].T * (2.0**0.5) * 0.6
    assert torch.allclose(directions, expected, atol=0.1)


def test_a_local_contrast_is_nothing_on_a_wall_and_most_at_a_spot() -> None:
    picture = torch.full((1, 3, 32, 32), -0.5)
    assert float(local_contrast(picture).max()) == 0.0
    picture[..., 16, 16] = 0.5
    contrast = local_contrast(picture)[0, 0]
    # The spot differs from the mean of its 25 pixels by 24/25, each of the 24 around by 1/25;
    # the mean of those over 25 pixels is what is left of it at the spot.
    assert float(contrast[16, 16]) == pytest.approx(2 * 24 / 25 / 25)
    assert float(contrast.argmax()) == 16 * 32 + 16
    assert float(contrast[:10].max()) == 0.0


def test_detail_weighs_pixels_of_the_target_alone() -> None:
    picture = torch.zeros(1, 3, 16, 16)
    picture[..., 8:, :] = 1.0
    feature = torch.zeros(1, 1, 16, 16)
    plain = target_of(picture, feature, (8, 16), None, Weights(detail=0.0))
    assert all(bool((w == 1.0).all()) for w in plain.weights)
    weighed = target_of(picture, feature, (8, 16), None, Weights(detail=10.0))
    assert weighed.weights[1].shape == (1, 1, 16, 16)
    assert float(weighed.weights[1][0, 0, 0, 0]) == 1.0
    assert float(weighed.weights[1][0, 0, 8, 8]) > 2.0


def test_the_choice_of_bf16_stays_with_the_run(settings: Settings, tmp_path: Path) -> None:
    asked = replace(settings, work=tmp_path, steps=2, half=True)
    first = Trainer(asked)
    first.save()
    again = Trainer(replace(asked, half=None))
    again.half = False  # as if this machine had measured the other way
    again.load()
    assert again.half
