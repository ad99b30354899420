"""The four stages and the folder they make, tiny; and a run that goes on where it was."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from studio.errors import BadChoice, MaquetteError, NoFolder, RefusedFile
from studio.fidelity.judge import Reading
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.judging import READABLE
from studio.training.words.aspects import ASPECT_NAMES, ASPECTS, NOT_SAID, options_of
from studio.training.words.denoiser import new_scheduler
from studio.training.words.following import Asked, open_pipeline, prompts, read
from studio.training.words.job import WordsRequest, train_words
from studio.training.words.latent_reader import (
    LatentReader,
    latents_read,
    teach_reader,
    unread,
)
from studio.training.words.networks import Sizes, new_denoiser
from studio.training.words.patches import basis_of, latents_of
from studio.training.words.pictures import DRAWN, Pictures
from studio.training.words.stage import Plan, Stage

# Of diffusers, which hands a torch tensor to numpy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

TINY = Sizes(
    picture=16,
    autoencoder=(8, 8, 8),
    latent=4,
    groups=4,
    text=16,
    text_layers=1,
    text_heads=2,
    denoiser=(16, 16),
    denoiser_head=8,
    denoiser_groups=4,
)


def _pictures(count: int, size: int) -> Pictures:
    random_bytes = np.random.default_rng(0).integers(0, 256, (count, 4, size, size), np.uint8)
    return Pictures(latents(count, 1), random_bytes)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with sets that seem drawn: noise, of the right form."""
    data = tmp_path_factory.mktemp("words") / "data"
    data.mkdir()
    for seed in (1, 3):
        planes = np.random.default_rng(seed).integers(0, 256, (16, 4, DRAWN, DRAWN), np.uint8)
        np.save(data / f"drawn-{seed}-16-{DRAWN}.npy", planes)
    return data.parent


def _own(work: Path, folder: Path) -> Path:
    folder.mkdir()
    (folder / "data").symlink_to(work / "data", target_is_directory=True)
    return folder


def _request(work: Path, output: Path, steps: int = 2) -> WordsRequest:
    return WordsRequest(output, work, steps=steps, renders=32, prompts=0, sizes=TINY)


def test_a_mirrored_picture_is_the_bust_in_a_mirror() -> None:
    pictures = _pictures(3, 8)
    assert len(pictures) == 6
    plain, features = pictures.batch(torch.tensor([1]))
    turned, _ = pictures.batch(torch.tensor([4]))
    assert torch.equal(turned, plain.flip(3))
    assert features.shape == (1, 1, 8, 8)
    assert torch.equal(pictures.meant()[:3], pictures.z)


def test_latents_are_components_that_give_the_patches_back() -> None:
    pictures = _pictures(40, 8)
    whole = basis_of(pictures, 2, 12)  # as many components as a patch has numbers
    shown, _ = pictures.batch(torch.arange(4))
    latents_ = whole.latents(shown)
    assert latents_.shape == (4, 12, 4, 4)
    patches = torch.linalg.inv(whole.directions) @ latents_.flatten(2) + whole.mean[:, None]
    assert torch.allclose(F.fold(patches, 8, 2, stride=2), shown, atol=1e-4)

    few = basis_of(pictures, 2, 5)
    assert torch.allclose(few.directions.norm(dim=1).diff().sign(), torch.ones(4))
    every = latents_of(pictures, few)
    assert every.shape == (80, 5, 4, 4)
    assert float(every.float().std()) == pytest.approx(1.0, abs=0.1)


def test_the_schedule_ends_in_noise_but_not_in_noise_alone() -> None:
    last = float(new_scheduler().alphas_cumprod[-1])
    assert 0.0 < last < 1e-4


def test_a_run_makes_a_pipeline_and_goes_on_to_the_bit(work: Path, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    folder = _own(work, tmp_path / "straight")
    result = train_words(_request(folder, tmp_path / "a", steps=4))
    assert result.steps == (4, 4, 4, 4)
    pipeline = open_pipeline(tmp_path / "a")
    picture = pipeline("a green clay head", num_inference_steps=2, output_type="np").images
    assert picture.shape == (1, 16, 16, 3)
    assert {f.name for f in (tmp_path / "a" / "tokenizer").iterdir()} >= {
        "merges.txt",
        "tokenizer.json",
        "vocab.json",
    }

    broken = _own(work, tmp_path / "broken")
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 14  # in the middle of the last of four stages of four steps

    train_words(_request(broken, tmp_path / "b", steps=4), stopped=stopped)
    again = replace(_request(broken, tmp_path / "c", steps=4), resume=True)
    assert train_words(again).steps == (4, 4, 4, 4)
    for part in ("unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model"):
        first = load_file(tmp_path / "a" / f"{part}.safetensors")
        second = load_file(tmp_path / "c" / f"{part}.safetensors")
        assert all(torch.equal(first[k], second[k]) for k in first)

    longer = replace(_request(broken, tmp_path / "d", steps=6), resume=True)
    assert train_words(longer).steps == (6, 4, 4, 6)  # the words that the U-Net has learnt stay


def test_stopped_before_there_is_a_pipeline_is_said_and_gone_on_from(
    work: Path, tmp_path: Path
) -> None:
    folder = _own(work, tmp_path / "w")
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 1

    with pytest.raises(MaquetteError, match="--resume goes on"):
        train_words(_request(folder, tmp_path / "a"), stopped=stopped)
    assert not (tmp_path / "a").exists()
    again = replace(_request(folder, tmp_path / "a"), resume=True)
    assert train_words(again).steps == (2, 2, 2, 2)


def test_a_reader_of_latents_learns_what_they_show_and_tells_a_network_through_them(
    tmp_path: Path,
) -> None:
    torch.manual_seed(0)
    latents_ = torch.randn(64, 2, 4, 4)
    mood = ASPECT_NAMES.index("mood")
    rows = torch.full((64, len(ASPECT_NAMES)), NOT_SAID)
    rows[:, mood] = (latents_.mean(dim=(1, 2, 3)) > 0).long()
    stage = Stage("reader", LatentReader(2, 4), Plan(1.0, 120, 1e-3, 0.9), tmp_path, resume=False)
    assert latents_read(stage.average, latents_, rows.tolist()) < 0.9
    assert teach_reader(stage, latents_, rows.tolist())
    assert latents_read(stage.average, latents_, rows.tolist()) > 0.95

    asked = latents_[:8].clone().requires_grad_()
    other = rows[:8].clone()
    other[:, mood] = 1 - other[:, mood]
    missed = unread(stage.average(asked), other)
    assert missed.shape == (8,)
    missed.sum().backward()  # type: ignore[no-untyped-call]
    assert asked.grad is not None
    moved = latents_[:8] - 0.5 * asked.grad.sign()
    assert (unread(stage.average(moved), other) < missed).all()


def test_what_is_not_named_costs_nothing() -> None:
    wanted = options_of([{}, {"mood": "smiling"}])
    assert (wanted == NOT_SAID).sum() == 2 * len(ASPECT_NAMES) - 1
    missed = unread(torch.zeros(2, sum(len(a.options) for a in ASPECTS)), wanted)
    assert missed.tolist() == pytest.approx([0.0, math.log(2.0)])


def test_a_new_denoiser_is_told_the_prompt_beside_the_time() -> None:
    torch.manual_seed(0)
    network = new_denoiser(TINY).eval()
    latent = torch.randn(1, TINY.latent, TINY.latent_side, TINY.latent_side)
    words = torch.randn(2, 1, TINY.text_limit, TINY.text)

    def blind(told: torch.Tensor) -> torch.Tensor:
        """What it makes of words when attention cannot see them."""
        attention = [m for n, m in network.named_modules() if n.endswith("attn2.to_v")]
        kept = [m.weight.detach().clone() for m in attention]
        with torch.no_grad():
            for module in attention:
                module.weight.zero_()
            made = network(latent, 500, encoder_hidden_states=told).sample
            for module, weight in zip(attention, kept, strict=True):
                module.weight.copy_(weight)
        return made

    assert torch.equal(blind(words[0]), blind(words[1]))  # it begins without effect
    torch.nn.init.ones_(network.add_embedding.norm2.weight)
    assert not torch.allclose(blind(words[0]), blind(words[1]), atol=1e-4)


def test_a_checkpoint_of_another_seed_is_refused(tmp_path: Path) -> None:
    network = torch.nn.Linear(2, 2)
    plan = Plan(1.0, 1, 1e-3, 0.9)
    stage = Stage("text", network, plan, tmp_path, resume=False)
    stage.run(lambda step, generator: network(torch.ones(1, 2)).sum())
    with pytest.raises(RefusedFile, match="seed"):
        Stage("text", network, replace(plan, seed=1), tmp_path, resume=True)
    with pytest.raises(RefusedFile, match="another size"):
        Stage("text", torch.nn.Linear(2, 3), plan, tmp_path, resume=True)


def test_what_cannot_be_done_is_refused(tmp_path: Path) -> None:
    request = _request(tmp_path / "w", tmp_path / "out")
    with pytest.raises(BadChoice, match="multiple of 32"):
        train_words(replace(request, renders=40))
    with pytest.raises(BadChoice, match="at least 1 step"):
        train_words(replace(request, steps=0))
    with pytest.raises(BadChoice, match="negative"):
        train_words(replace(request, prompts=-1))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(NoFolder, match="not an empty folder"):
        train_words(request)


def test_following_counts_what_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Known:
        """A judge that sees a smile, light from the left and glasses in every picture."""

        def read(self, pictures: torch.Tensor) -> Reading:
            attributes = torch.zeros(len(pictures), len(READABLE.attributes))
            attributes[:, READABLE.attributes.index("smile")] = 0.8
            attributes[:, READABLE.attributes.index("light")] = -0.8
            kinds = [torch.zeros(len(pictures), len(k.options)) for k in READABLE.kinds]
            kinds[1][:, 1] = 1.0
            return Reading(attributes, tuple(kinds), torch.zeros(len(pictures), 1))

    asked = (
        Asked("", {"mood": "smiling", "light": "left"}),
        Asked("", {"mood": "frowning", "glasses": "glasses"}),
    )
    found = read(Known(), torch.zeros(2, 3, 8, 8), asked, 0.1)  # type: ignore[arg-type]
    assert found.share == 0.75
    assert found.aspects == (("glasses", 1.0, 1), ("mood", 0.5, 2), ("light", 1.0, 1))


def test_prompts_are_the_same_for_the_same_seed_and_name_what_they_say() -> None:
    first = prompts(50, 3)
    assert first == prompts(50, 3) != prompts(50, 4)
    assert [a.said for a in first] == [a.said for a in prompts(50, 3, in_korean=True)]
    green = [a for a in first if a.said.get("clay") == "green"]
    assert green
    assert all("green" in a.text for a in green)
