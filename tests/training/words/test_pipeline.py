"""The shipped pipeline: diffusers opens it alone, it is small, and it follows its prompt."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from studio.families.diffusion.opening import open_pipeline as open_model_of
from studio.fidelity.judge import clay_heads_judge
from studio.places import assets_dir
from studio.training.words.card import KOREAN_SAMPLES, SAMPLES
from studio.training.words.following import FULL, Preset, open_pipeline, pictures_of

# Of diffusers, which hands a torch tensor to numpy.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

FOLDER = assets_dir() / "models" / "clay-words"
LARGEST = 25_000_000  # bytes


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return open_pipeline(FOLDER)


def test_the_folder_is_small_and_holds_no_code_and_no_pickles() -> None:
    files = [f for f in FOLDER.rglob("*") if f.is_file()]
    assert sum(f.stat().st_size for f in files) < LARGEST
    assert {f.suffix for f in files} == {".json", ".md", ".safetensors", ".txt"}


def test_it_is_stored_in_half_and_is_the_class_that_it_says(pipeline: Any) -> None:
    for file in FOLDER.rglob("*.safetensors"):
        assert {t.dtype for t in load_file(file).values()} == {torch.float16}
    assert type(pipeline).__name__ == "StableDiffusionPipeline"
    assert pipeline.safety_checker is None


def test_maquette_opens_it_too(pipeline: Any) -> None:
    model = open_model_of(FOLDER)
    assert model.info.name == "clay-words"
    stored = sum(p.numel() for p in pipeline.unet.parameters())
    assert sum(1 for _ in model.network.parameters()) > 0
    assert sum(p.numel() for p in model.network.parameters()) == stored


def test_one_seed_makes_one_picture(pipeline: Any) -> None:
    quick = Preset("quick", 2)
    first = pictures_of(pipeline, SAMPLES[:2], quick, 5)
    assert first.shape == (2, 3, 64, 64)
    assert torch.equal(first, pictures_of(pipeline, SAMPLES[:2], quick, 5))
    assert not torch.equal(first, pictures_of(pipeline, SAMPLES[:2], quick, 6))


def _hue_gap(pictures: torch.Tensor) -> torch.Tensor:
    """Mean red less mean green of the middle of pictures (n, 3, 64, 64)."""
    middle = pictures[:, :, 20:48, 20:44].mean(dim=(2, 3))
    return middle[:, 0] - middle[:, 1]


def test_the_clay_has_the_colour_that_was_named(pipeline: Any) -> None:
    texts = ["a green clay head"] * 4 + ["a red clay head"] * 4
    gap = _hue_gap(pictures_of(pipeline, texts, Preset("some", 8), 1))
    assert float(gap[:4].max()) < float(gap[4:].min())


def test_the_judge_sees_glasses_where_they_were_named(pipeline: Any) -> None:
    texts = ["a clay head with glasses"] * 4 + ["a clay head with no glasses"] * 4
    pictures = pictures_of(pipeline, texts, Preset("some", 8), 2)
    judge = clay_heads_judge()
    glasses = [k.name for k in judge.readable.kinds].index("glasses")
    seen = judge.read(pictures).options()[glasses]
    assert int(seen[:4].sum()) >= 3
    assert int(seen[4:].sum()) <= 1


def test_samples_fit_the_limit_and_are_understood_word_by_word(pipeline: Any) -> None:
    limit = pipeline.tokenizer.model_max_length
    for text in (*SAMPLES, *KOREAN_SAMPLES):
        pieces = pipeline.tokenizer.tokenize(text)
        assert len(pieces) <= limit - 2
        assert all(piece.endswith("</w>") for piece in pieces), text


def test_any_text_is_taken(pipeline: Any) -> None:
    odd = ["", "zebra 🦓 żółw \x00 \n" * 30, "초록색 얼룩말"]
    made = pictures_of(pipeline, odd, Preset("quick", 1), 0)
    assert torch.isfinite(made).all()
    assert FULL.steps > 1
