"""Reading the discriminator that a file carries, and saying why there is none."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor

from studio.checkpoints import open_discriminator
from studio.errors import RefusedFile
from studio.families.stylegan.discriminator import Discriminator, DiscriminatorConfig
from studio.training.elastic.critic import critic_of
from tests.families.small import small_config
from tests.fixtures_root import FIXTURES

ADA = FIXTURES / "stylegan2_ada"


def rosinality(channels: tuple[int, ...] = (4, 6, 8)) -> dict[str, Tensor]:
    """A discriminator under the tensor names of rosinality/stylegan2-pytorch."""
    random = torch.Generator().manual_seed(2)

    def of(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=random)

    last = channels[-1]
    tensors = {"convs.0.0.weight": of(channels[0], 3, 1, 1), "convs.0.1.bias": of(channels[0])}
    for k in range(len(channels) - 1):
        i, o, name = channels[k], channels[k + 1], f"convs.{k + 1}"
        tensors |= {
            f"{name}.conv1.0.weight": of(i, i, 3, 3),
            f"{name}.conv1.1.bias": of(i),
            f"{name}.conv2.0.kernel": of(4, 4),
            f"{name}.conv2.1.weight": of(o, i, 3, 3),
            f"{name}.conv2.2.bias": of(o),
            f"{name}.skip.0.kernel": of(4, 4),
            f"{name}.skip.1.weight": of(o, i, 1, 1),
        }
    return tensors | {
        "final_conv.0.weight": of(last, last + 1, 3, 3),
        "final_conv.1.bias": of(last),
        "final_linear.0.weight": of(last, last * 16),
        "final_linear.0.bias": of(last),
        "final_linear.1.weight": of(1, last),
        "final_linear.1.bias": of(1),
    }


def file_with(folder: Path, tensors: dict[str, Tensor] | None) -> Path:
    path = folder / "model.pt"
    torch.save({"g_ema": {"some": torch.zeros(1)}, "d": tensors}, path)
    return path


def test_a_state_dict_is_read_with_its_factors_folded_in(tmp_path: Path) -> None:
    stored = rosinality()
    found = open_discriminator(file_with(tmp_path, stored))
    assert found.channels == (4, 6, 8)
    assert found.words == "discriminator of the file, 16 px"
    first = stored["convs.1.conv1.0.weight"] / math.sqrt(4 * 9)
    assert torch.allclose(found.tensors["blocks.0.first.weight"], first)
    assert torch.equal(found.tensors["heads.16.bias"], stored["convs.0.1.bias"])
    hidden = stored["final_linear.0.weight"] / math.sqrt(8 * 16)
    assert torch.allclose(found.tensors["hidden.weight"], hidden)
    critic = Discriminator(DiscriminatorConfig(found.channels, (16,))).load(found.tensors)
    scores = critic(torch.rand(4, 3, 16, 16))
    assert scores.shape == (4,)
    assert torch.isfinite(scores).all()


def test_a_stored_object_is_read() -> None:
    found = open_discriminator(ADA / "unconditional" / "network-snapshot.pkl")
    assert found.channels == (8, 13, 13, 13, 13)
    assert found.conv_clamp is None
    critic = critic_of(
        ADA / "unconditional" / "network-snapshot.pkl", small_config((8,) * 10)
    ).critic
    assert critic is not None
    assert not any(p.requires_grad for p in critic.parameters())
    pictures = torch.rand(4, 3, 64, 64)
    assert not torch.allclose(critic(pictures), critic(1 - pictures))


def test_another_size_than_the_generators_is_not_used() -> None:
    found = critic_of(ADA / "unconditional" / "network-snapshot.pkl", small_config())
    assert found.critic is None
    assert "it is for 64 px, the generator for 32 px" in found.words


def test_files_without_one_say_so(tmp_path: Path) -> None:
    for path in (ADA / "conditional" / "network-snapshot.pkl", file_with(tmp_path, None)):
        found = open_discriminator(path)
        assert (found.tensors, found.channels) == ({}, ())
        assert found.words == "the file has no discriminator"
    assert critic_of(path, small_config()).critic is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"final_conv.0.weight": None}, r"it lacks final_conv\.0\.weight"),
        ({"convs.1.conv1.0.weight": None}, "it has 0 blocks"),
        ({"convs.0.0.weight": None}, "names that are not known here"),
        ({"convs.0.1.bias": torch.zeros(5)}, r"its tensor head\.bias has the shape \[5\]"),
        ({"convs.0.1.bias": torch.full((4,), math.nan)}, "NaN"),
    ],
)
def test_a_broken_one_is_not_used_and_said_why(
    tmp_path: Path, change: dict[str, Tensor | None], words: str
) -> None:
    stored = {n: t for n, t in (rosinality() | change).items() if t is not None}
    found = open_discriminator(file_with(tmp_path, stored))
    assert found.tensors == {}
    assert found.words.startswith("the discriminator of the file is not used: ")
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(found.words)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="there is no such file"):
        open_discriminator(tmp_path / "none.pt")
