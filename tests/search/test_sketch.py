"""``maquette train sketch-to-clay`` from nothing to its models, tiny, with a stop on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.checkpoints.translation_sizes import ResNetSizes
from studio.errors import BadChoice
from studio.search import sketch
from studio.search.sketch import FEWER, NAME, SHARES, SHIPPED, Request, SketchRun
from studio.training.gan_compression.job import open_translation
from studio.training.gan_compression.options import checkpoint_path
from tests.cli.test_commands import refused, run, strict_json


def request(folder: Path, **changes: object) -> Request:
    small: dict[str, object] = {"steps": 2, "pairs": 10, "size": 32, "ngf": 8, "blocks": 9}
    return Request(folder / "models", folder / "work", **(small | changes))  # type: ignore[arg-type]


def test_everything_is_made_from_nothing_and_goes_on_after_a_stop(tmp_path: Path) -> None:
    asked: list[int] = []

    def soon() -> bool:
        asked.append(1)
        return len(asked) == 4  # in the second part

    told: list[str] = []
    first = SketchRun(request(tmp_path), told.append)
    assert first.run(soon) is None
    assert first.is_done("teacher-small")
    assert not first.is_done("teacher")
    assert checkpoint_path(first.file("teacher")).is_file()
    small = first.file("teacher-small").read_bytes()

    made = SketchRun(request(tmp_path)).run()
    assert made is not None
    assert [file.stem for file in made] == [stem for stem, _ in SHIPPED.values()]
    assert first.file("teacher-small").read_bytes() == small
    models = {file.stem: open_translation(file) for file in made}
    for name, (stem, title) in SHIPPED.items():
        info = models[stem].info
        assert (info.name, info.title, info.licence) == (stem, title, "Apache-2.0"), name
        assert info.config.settings.height == 32
        assert info.assumed == ()
        assert info.config.sizes.inputs == 1
        drawn = models[stem].picture(torch.zeros(1, 1, 32, 32))
        assert drawn.shape == (1, 3, 32, 32)
    teacher = models[f"{NAME}-teacher"]
    supernet = models[NAME].info.config.sizes
    assert isinstance(supernet, ResNetSizes)
    assert (supernet.stem, supernet.blocks) == (4, (16,) * 9)
    assert models[f"{NAME}-found"].cost().macs <= teacher.cost().macs / FEWER
    mobile = models[f"{NAME}-mobile"].info.config.sizes
    plain = models[f"{NAME}-plain"].info.config.sizes
    assert isinstance(mobile, ResNetSizes)
    assert isinstance(plain, ResNetSizes)
    assert mobile.separable
    assert not plain.separable
    assert plain.blocks == (48,) * 6
    steps = [step.step for step in models[f"{NAME}-found"].info.history]
    assert "finetune" in steps

    # What is there is not made again.
    kept = {name: first.file(name).stat().st_mtime_ns for name in SHARES}
    assert SketchRun(request(tmp_path)).run() is not None
    assert {name: first.file(name).stat().st_mtime_ns for name in SHARES} == kept


def test_numbers_that_make_no_models_are_refused(tmp_path: Path) -> None:
    for changes, words in (
        ({"minutes": 0.0}, "more than 0 minutes"),
        ({"steps": 0}, "at least 1 step"),
        ({"pairs": 3}, "at least 10"),
        ({"size": 36}, "multiple of 8"),
        ({"ngf": 12}, "multiples of 8"),
        ({"blocks": 2}, "at least 3 blocks"),
    ):
        with pytest.raises(BadChoice, match=words):
            request(tmp_path, **changes)


def test_the_shares_of_a_run_are_the_whole() -> None:
    assert abs(sum(SHARES.values()) - 1.0) < 1e-9


def test_the_command_takes_what_was_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Request] = []

    class Run:
        def __init__(self, request: Request, tell: object) -> None:
            asked.append(request)

        def run(self, stopped: object) -> tuple[Path, ...] | None:
            return None if asked[-1].seed == 7 else (tmp_path / "a.safetensors",)

    monkeypatch.setattr(sketch, "SketchRun", Run)
    words = ("train", "sketch-to-clay", "-o", str(tmp_path), "--minutes", "5", "--ngf", "16")
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    assert strict_json(result.stdout) == {"models": [str(tmp_path / "a.safetensors")]}
    assert (asked[0].minutes, asked[0].ngf, asked[0].blocks) == (5.0, 16, 9)
    assert "goes on" in run(*words, "--seed", "7").stdout
    assert "multiples of 8" in refused(*words[:-1], "12")
