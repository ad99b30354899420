"""Which layer loses most by int8: known answers on planted weights."""

from __future__ import annotations

import pytest
import torch

from studio.families.quantization import QuantPlan
from studio.recipes.scan import decibels
from studio.recipes.sensitivity import Bench, proposed
from studio.subnets.choice import SubnetChoice
from tests.families.quantised import convolutions, tame_model, with_tensors

MODEL = tame_model()
PLAN = QuantPlan(samples=4)
OUTLIER = "layer3.convolved"


def outlier_model() -> object:
    """One input channel of layer 3 is 300 times as large as the others and hardly read: it takes
    the whole range of int8 for itself."""
    tensors = MODEL.network.state_dict()
    style, bias = (tensors[f"layers.3.style_{part}"].clone() for part in ("weight", "bias"))
    weight = tensors["layers.3.weight"].clone()
    style[2] *= 300
    bias[2] *= 300
    weight[:, 2] /= 300
    return with_tensors(
        MODEL, layers__3__style_weight=style, layers__3__style_bias=bias, layers__3__weight=weight
    )


def test_a_layer_with_a_planted_outlier_is_the_worst() -> None:
    model = outlier_model()
    even = Bench(MODEL, PLAN, seeds=2).scan()
    assert even.worst_first[0].name != OUTLIER
    found = Bench(model, PLAN, seeds=2).scan()  # type: ignore[arg-type]
    worst, second = found.worst_first[:2]
    assert worst.name == OUTLIER
    assert worst.psnr is not None
    assert second.psnr is not None
    assert worst.psnr < second.psnr - 6


def test_it_is_the_one_proposed() -> None:
    bench = Bench(outlier_model(), PLAN, seeds=2)  # type: ignore[arg-type]
    names = convolutions(MODEL)
    together = bench.psnr(names)
    without = bench.psnr([name for name in names if name != OUTLIER])
    assert together is not None
    assert without is not None
    assert without > together
    found = proposed(bench, names, (together + without) / 2)
    assert found.keep == (OUTLIER,)
    assert found.psnr == without
    assert found.reached
    assert found.share == pytest.approx(bench.share(names) - bench.share([OUTLIER]))


def test_what_is_good_enough_keeps_nothing_and_what_cannot_be_keeps_all() -> None:
    bench, names = Bench(MODEL, PLAN, seeds=2), convolutions(MODEL)
    assert proposed(bench, names, 5.0).keep == ()
    found = proposed(bench, names, 300.0)
    assert set(found.keep) == set(names)
    assert (found.psnr, found.share, found.reached) == (None, 0, True)


def test_a_scan_of_all_layers() -> None:
    bench = Bench(MODEL, PLAN, seeds=2)
    found = bench.scan()
    assert [layer.name for layer in found.layers] == list(bench.names)
    assert found.seeds == 2
    for layer in found.layers:  # each by the slower way
        assert layer.psnr == pytest.approx(bench.psnr([layer.name]), abs=1e-3)
    assert bench.psnr([]) is None
    assert found.together == bench.psnr(bench.names)


def test_weights_and_inputs_on_the_grid_lose_nothing() -> None:
    """Constant inputs and weights of whole steps are exact in int8."""
    tensors = MODEL.network.state_dict()
    weight = torch.full_like(tensors["layers.0.weight"], 0.5)
    weight[:, ::2] = -1.0
    model = with_tensors(
        MODEL,
        const=torch.ones_like(tensors["const"]),
        layers__0__weight=weight,
        layers__0__style_weight=torch.zeros_like(tensors["layers.0.style_weight"]),
        layers__0__style_bias=torch.ones_like(tensors["layers.0.style_bias"]),
    )
    layer = Bench(model, PLAN, seeds=2).scan(["layer0.convolved"]).layers[0]
    # 0.5 lies half a step off a grid of 127 steps to 1, everything else on it.
    assert layer.psnr is None or layer.psnr > 45


def test_a_subnet_has_its_own_sensitivity() -> None:
    bench = Bench(MODEL, PLAN, seeds=2, choice=SubnetChoice(width=0.5, resolution=16))
    assert "layer6.convolved" not in bench.names
    assert bench.psnr(("layer0.convolved",)) is not None


def test_it_reports_progress_and_stops() -> None:
    said: list[tuple[float, str]] = []
    Bench(MODEL, PLAN, seeds=2, progress=lambda f, t: said.append((f, t))).scan()
    fractions = [fraction for fraction, _ in said]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < fractions[-1] <= 1
    assert any("layer3.convolved alone" in text for _, text in said)

    def stop(fraction: float, text: str) -> None:
        if "alone" in text:
            raise InterruptedError

    bench = Bench(MODEL, PLAN, seeds=2, progress=stop)
    with pytest.raises(InterruptedError):
        bench.scan()


def test_decibels_by_hand() -> None:
    assert decibels(0.04) == pytest.approx(20)
    assert decibels(0.0) is None
