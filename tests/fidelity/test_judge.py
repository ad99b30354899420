"""The network that judges clay heads: its files, and that it reads what was drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.fidelity.judge import (
    Judge,
    KindRead,
    Readable,
    clay_heads_judge,
    load_judge,
    save_judge,
)
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.judging import READABLE, judge_loss, read_back
from studio.training.clay_heads.preview import drawn
from studio.training.clay_heads.scene import ATTRIBUTE_NAMES, KIND_NAMES

SMALL = Readable(("turn", "smile"), (KindRead("hat", ("none", "hat")),))


def test_a_judge_reads_attributes_kinds_and_features() -> None:
    torch.manual_seed(0)
    judge = Judge(SMALL).eval()
    reading = judge.read(torch.rand(3, 3, 128, 128), batch=2)
    assert reading.attributes.shape == (3, 2)
    assert [k.shape for k in reading.kinds] == [(3, 2)]
    assert reading.features.shape == (3, 128)
    assert [o.shape for o in reading.options()] == [(3,)]


def test_pictures_of_another_size_are_resampled() -> None:
    torch.manual_seed(0)
    judge = Judge(SMALL).eval()
    picture = torch.rand(1, 3, 16, 16).repeat_interleave(16, 2).repeat_interleave(16, 3)
    small = torch.nn.functional.avg_pool2d(picture, 2)
    apart = (judge.read(picture).features - judge.read(small).features).abs().max()
    assert float(apart) < 0.1


def test_a_saved_judge_reads_the_same(tmp_path: Path) -> None:
    torch.manual_seed(0)
    judge = Judge(SMALL).eval()
    save_judge(judge, tmp_path / "judge.safetensors")
    again = load_judge(tmp_path / "judge.safetensors")
    assert again.readable == SMALL
    pictures = torch.rand(2, 3, 128, 128)
    assert torch.allclose(
        judge.read(pictures).attributes, again.read(pictures).attributes, atol=2e-3
    )


def test_learning_lowers_the_loss() -> None:
    torch.manual_seed(0)
    judge, z = Judge(READABLE), latents(4, 3)
    pictures = drawn(z, 128)
    optimiser = torch.optim.Adam(judge.parameters(), 1e-3)
    losses = []
    for _ in range(8):
        loss = judge_loss(judge(pictures), z)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.9 * losses[0]


@pytest.fixture(scope="module")
def shipped() -> Judge:
    return clay_heads_judge()


def test_the_shipped_judge_reads_renders_that_it_has_never_seen(shipped: Judge) -> None:
    z = latents(64, 800_001)
    back = read_back(shipped.read(drawn(z, 128)), z)
    assert tuple(a.name for a in back.attributes) == ATTRIBUTE_NAMES
    assert back.share_above(0.7) == 1.0
    assert back.share_above(0.85) >= 0.9
    assert len(back.kinds) == len(KIND_NAMES)
    assert min(back.kinds) >= 0.9


def test_the_shipped_judge_sees_what_is_missing(shipped: Judge) -> None:
    z = latents(32, 800_002)
    pictures = drawn(z, 128)
    erased = pictures.clone()
    erased[:, :, 40:110, 30:100] = pictures[:, :, 60:70, 60:70].mean(dim=(2, 3), keepdim=True)
    good, bad = (read_back(shipped.read(p), z) for p in (pictures, erased))
    r2 = {a.name: a.r2 for a in good.attributes}
    blind = {a.name: a.r2 for a in bad.attributes}
    assert r2["smile"] > 0.8
    assert blind["smile"] < 0.3
