"""The bench of runtimes on a network so small that it takes seconds; no time is judged."""

from __future__ import annotations

import math

import pytest

from studio.families.inputs import GanInputs
from studio.places import cache_dir
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from tests.bench import runtimes
from tests.bench.__main__ import main
from tests.bench.figures import Figure
from tests.bench.random_model import CONFIG_F, random_model
from tests.families.small import small_config

FULL = SubnetChoice()
SIDE = 32


def _measured() -> dict[str, Figure]:
    case = runtimes.Case(FULL, turns=1, runs=1, best=5.0, in_f32=2.4, at_most=15.0)
    found = list(runtimes.figures(runtimes.Settings(small_config(), (case,), SIDE)))
    assert len({each.name for each in found}) == len(found)
    return {each.name: each for each in found}


def test_every_target_is_timed_beside_the_yardstick() -> None:
    found = _measured()
    model = random_model(small_config())
    titles = [plan.target.title for plan in runtimes.offered(model, FULL, 2)]
    assert {"PyTorch f32 CPU", "ONNX Runtime f32 CPU", "OpenVINO f32 CPU"} <= set(titles)
    (grouped,) = found["full, grouped eager"].samples
    macs = cost(small_config(), resolve(FULL, small_config())).macs
    for title in titles:
        (ms,) = found[f"full, {title}"].samples
        (over,) = found[f"full, {title}, over grouped"].samples
        assert over == pytest.approx(grouped / ms)
        precision = title.split()[-2]
        (limit,) = found[f"full, product of {SIDE} x {SIDE}, {precision}"].samples
        (share,) = found[f"full, {title}, of that rate"].samples
        assert share / 100 * limit == pytest.approx(2 * macs / ms / 1e6)
    for name, each in found.items():
        assert all(math.isfinite(sample) and sample >= 0 for sample in each.samples), name
    fastest = [f for n, f in found.items() if n.startswith("full, fastest: ")]
    assert [f.target for f in fastest] == ["median <= 15", ">= 5"]
    assert fastest[0].samples[0] == min(found[f"full, {t}"].samples[0] for t in titles)
    # What the user's app has compiled is neither used nor added to.
    assert not (cache_dir() / "compiled").exists()
    _precisions_are_told_apart(found, titles)


def _precisions_are_told_apart(found: dict[str, Figure], titles: list[str]) -> None:
    for title in titles[1:]:  # the first is what all are compared with
        psnr = found[f"full, {title}, PSNR to PyTorch f32"].samples
        assert len(psnr) == len(runtimes.SEEDS)
        if " f32 " in title:
            assert min(psnr) > 100
            apart = found[f"full, {title}, largest difference"]
            assert apart.target == "<= 0.0001"
            assert max(apart.samples) <= 1e-4
        else:
            assert 30 < min(psnr) < 100
    for title in (t for t in titles if not t.startswith("PyTorch")):
        assert len(found[f"full, {title}, compile"].samples) == 1
        assert len(found[f"full, {title}, load from the cache"].samples) == runtimes.LOADS
    assert not [n for n in found if "PyTorch" in n and n.endswith("compile")]


def test_the_generator_is_of_the_size_that_papers_quote() -> None:
    full = cost(CONFIG_F, resolve(FULL, CONFIG_F))
    assert full.paper_macs / 1e9 == pytest.approx(144, rel=0.005)
    for case in runtimes.settings(quick=False).cases:
        resolve(case.choice, CONFIG_F)  # all of them are subnets of it


def test_random_weights_draw_pictures_like_those_of_trained_ones() -> None:
    model = random_model(small_config())
    assert [port.name for port in model.portable().inputs] == ["styles", "noise"]
    picture = model.picture(model.styles(GanInputs(seed=1)))
    assert 0.1 < float(picture.std()) < 0.7
    again = random_model(small_config())
    assert bool((again.picture(again.styles(GanInputs(seed=1))) == picture).all())


def test_a_part_that_nobody_knows_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "ladders"])
    assert main() == 2
    said = capsys.readouterr().err
    assert said.startswith("unknown part 'ladders'")
    assert "runtimes, ladder" in said
