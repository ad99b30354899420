"""Pairs of drawings and heads: one drawing has one answer, whatever its scene was lit by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from studio.fidelity.judge import Judge, KindRead, Readable
from studio.training.clay_heads import render as renderer
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.scene import NAMES, Scenes, scene_from_z
from studio.training.sketch.closeness import closeness_by
from studio.training.sketch.pairs import FIXED, by_hand, drawn_pairs, plain, write_pairs

SIZE = 32


def test_what_no_line_tells_never_varies() -> None:
    scenes = scene_from_z(latents(2, 4))
    other = scenes.values.clone()
    for name in FIXED:
        other[:, NAMES.index(name)] = 0.5
    first = renderer.render(plain(scenes), SIZE)
    second = renderer.render(plain(Scenes(other)), SIZE)
    assert torch.equal(first.pictures, second.pictures)
    assert torch.equal(first.lines, second.lines)
    kept = [k for k, name in enumerate(NAMES) if name not in FIXED]
    assert torch.equal(plain(scenes).values[:, kept], scenes.values[:, kept])


def test_a_drawing_is_black_lines_on_white() -> None:
    pairs = drawn_pairs(latents(2, 5), SIZE)
    assert pairs.drawings.shape == (2, 1, SIZE, SIZE)
    assert pairs.heads.shape == (2, 3, SIZE, SIZE)
    assert float(pairs.drawings.max()) == 1.0
    assert float(pairs.drawings.min()) < 0.2
    assert 0.4 < float(pairs.drawings.mean()) < 0.95


def test_a_hand_strays_by_little_and_leaves_the_paper_white() -> None:
    drawings = drawn_pairs(latents(8, 6), 64).drawings
    drawn = by_hand(drawings, torch.Generator().manual_seed(1))
    assert drawn.shape == drawings.shape
    ink, before = 1.0 - drawn, 1.0 - drawings
    near = F.max_pool2d(before, 7, stride=1, padding=3)
    assert bool((ink <= near + 1e-4).all())  # no ink further than three pixels from a line
    assert float((ink - before).abs().max()) > 0.3
    white = torch.ones(1, 1, 16, 16)
    assert torch.allclose(by_hand(white, torch.Generator().manual_seed(2)), white)
    again = by_hand(drawings, torch.Generator().manual_seed(1))
    assert torch.equal(drawn, again)


def test_pairs_are_the_same_after_a_break(tmp_path: Path) -> None:
    lines, clay = write_pairs(tmp_path / "whole", 18, SIZE)
    assert sorted(p.name for p in lines.iterdir()) == [f"{k:05d}.png" for k in range(18)]
    for k in (16, 17):
        (clay / f"{k:05d}.png").unlink()
    kept = (clay / "00003.png").stat().st_mtime_ns
    told: list[str] = []
    before = {p.name: p.read_bytes() for p in lines.iterdir()}
    write_pairs(tmp_path / "whole", 18, SIZE, progress=lambda _, text: told.append(text))
    assert (clay / "00003.png").stat().st_mtime_ns == kept
    assert len(list(clay.iterdir())) == 18
    assert {p.name: p.read_bytes() for p in lines.iterdir()} == before
    assert told == ["drawing pair 1 of 18", "drawing pair 17 of 18"]
    with Image.open(lines / "00000.png") as drawing, Image.open(clay / "00000.png") as head:
        assert (drawing.mode, head.mode) == ("L", "RGB")
        assert drawing.size == head.size == (SIZE, SIZE)
        wanted = drawn_pairs(latents(18, 11_000_001)[:1], SIZE).heads[0]
        pixels = torch.from_numpy(np.array(head)).permute(2, 0, 1) / 255.0
        assert float((pixels - wanted).abs().max()) < 0.01


def test_closeness_is_nothing_for_equal_pictures_and_grows_with_what_differs() -> None:
    torch.manual_seed(0)
    judge = Judge(Readable(("turn",), (KindRead("glasses", ("none", "glasses")),)))
    loss = closeness_by(judge.requires_grad_(False), weight=0.1)
    heads = drawn_pairs(latents(2, 7), SIZE).heads * 2.0 - 1.0
    assert float(loss(heads, heads)) == 0.0
    near, far = heads + 0.01, torch.zeros_like(heads)
    assert 0.0 < float(loss(near, heads)) < float(loss(far, heads))
    alone = float(closeness_by(judge, weight=0.0)(far, heads))
    assert abs(alone - float(heads.abs().mean())) < 1e-6
    pictures = far.clone().requires_grad_(True)
    loss(pictures, heads).backward()
    assert pictures.grad is not None
    assert bool(pictures.grad.isfinite().all())
    assert float(pictures.grad.abs().sum()) > 0
