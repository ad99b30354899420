"""Points as arrays and layers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from studio.fidelity.measurement import Quartiles
from tests.widgets.frontier.clouds import HERE, THERE, few, point
from widgets.frontier.cloud import Cloud
from widgets.frontier.points import Point


def test_layers_sort_points_by_target_and_kind():
    guessed = replace(point("guess", 5.0, 0.0, measured=False), predicted=4)
    cloud = Cloud((*few(), guessed), "latency", "flip")
    found = {(layer.target, layer.kind): list(layer.indices) for layer in cloud.layers()}
    assert found == {
        (HERE, "best"): [1, 2, 0],
        (HERE, "beaten"): [3],
        (HERE, "live"): [6],
        (HERE, "predicted"): [7],
        (THERE, "best"): [5, 4],
        (THERE, "beaten"): [],
        (THERE, "live"): [],
        (THERE, "predicted"): [],
    }


def test_a_live_point_beats_nobody_and_is_no_sweet_spot():
    better = point("current", 1.0, 0.0, measured=False)
    cloud = Cloud((*few(), better), "latency", "flip")
    assert cloud.frontiers[HERE] == (1, 2, 0)
    assert cloud.best_under(HERE, 1.5) is None
    assert cloud.best_under(HERE, 7.0) == 2
    assert cloud.best_under("onnxruntime:cpu:f32", 7.0) is None


def test_a_predicted_point_beats_nobody_and_is_no_sweet_spot():
    better = replace(point("guess", 1.0, 0.0, measured=False), predicted=4)
    cloud = Cloud((*few(), better), "latency", "flip")
    assert cloud.frontiers[HERE] == (1, 2, 0)
    assert cloud.best_under(HERE, 1.5) is None


def test_bars_of_quality_reach_from_quartile_to_quartile():
    spread = Quartiles(8, (24.0, None), (0.8, 0.9), (0.08, 0.25))
    one = replace(point("a", 2.0, 0.1, psnr=26.0), spread=spread)
    equal = point("full", 4.0, 0.0, psnr=math.inf)
    cloud = Cloud((one, equal), "latency", "flip")
    assert (cloud.below[0], cloud.above[0]) == (0.08, 0.25)
    assert math.isnan(cloud.below[1])
    assert cloud.bounds()[2:] == (0.0, 0.25)
    cloud = Cloud((one, equal), "latency", "psnr")
    assert (cloud.below[0], cloud.above[0]) == (24.0, cloud.equal_at)
    assert cloud.equal_at > 26.0
    assert math.isnan(Cloud((one,), "latency", "psnr").above[0])


def test_a_limit_on_a_point_holds_it():
    cloud = Cloud([point("k", 0.1, 0.3)], "size", "flip")
    assert cloud.best_under(HERE, float(cloud.x[0])) == 0


def test_units_and_spreads_of_the_axes():
    cloud = Cloud([point("k", 2.0, 0.3)], "latency", "flip")
    assert (cloud.x[0], cloud.low[0], cloud.high[0]) == (2.0, 1.8, 2.4)
    assert cloud.inverted
    cloud = Cloud([point("k", 2.0, 0.3)], "size", "ssim")
    assert cloud.x[0] == pytest.approx(2.0)  # MB
    assert np.isnan(cloud.low[0])
    assert not cloud.inverted


def test_equal_pictures_stand_above_every_other():
    cloud = Cloud(few(), "latency", "psnr")
    assert cloud.equal_at == 33.0  # the best other one has 30 dB, and the gap is at least 3
    assert cloud.y[0] == cloud.equal_at
    alone = Cloud(few()[:1], "latency", "psnr")
    assert np.isfinite(alone.y[0])
    assert Cloud(few()[1:4], "latency", "psnr").equal_at is None


def test_the_stairs_hold_up_to_the_next_point():
    x, y = Cloud(few(), "latency", "flip").stairs(HERE, 20.0)
    assert list(x) == [2, 4, 4, 8, 8, 20]
    assert list(y) == [0.2, 0.2, 0.1, 0.1, 0.0, 0.0]


def test_what_is_unknown_is_not_drawn():
    nothing = Point("k", "k", HERE, None, 1.0, 1.0, 1.0, None, None, None)
    cloud = Cloud([nothing], "latency", "flip")
    assert cloud.bounds() is None
    assert all(len(layer.indices) == 0 for layer in cloud.layers())
    assert len(cloud.stairs(HERE, 1.0)[0]) == 0
    assert Cloud((), "latency", "flip").layers() == []
