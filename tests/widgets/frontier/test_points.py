"""The frontier and the sweet spot, against brute force."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.frontier.points import (
    WEIGHTED,
    XS,
    YS,
    Point,
    Spread,
    best_under,
    frontier,
    goodness,
)


def point(latency, flip, ref="k", *, psnr=30.0, ssim=0.9, size=1e6, target="pytorch:cpu:f32"):
    """A point of which two numbers matter."""
    spread = None if latency is None else Spread(latency, latency * 0.9, latency * 1.2)
    return Point(ref, ref, target, spread, size, 1e9, 1e6, flip, ssim, psnr)


# Few different values, so that ties and equal points are common.
numbers = st.one_of(st.none(), st.integers(0, 6).map(float))
clouds = st.lists(st.builds(point, numbers, numbers, psnr=st.sampled_from([20.0, math.inf, None])))


def beats(a, b, x, y):
    """Whether ``a`` is at least as cheap and as good as ``b``, and better in one."""
    ax, ay, bx, by = a.x(x), goodness(a, y), b.x(x), goodness(b, y)
    return ax <= bx and ay >= by and (ax < bx or ay > by)


def complete(p, x, y):
    return p.x(x) is not None and p.y(y) is not None


@given(clouds, st.sampled_from(["flip", "psnr"]))
def test_the_frontier_is_what_no_other_beats(cloud, y):
    found = frontier(cloud, "latency", y)
    known = [i for i, p in enumerate(cloud) if complete(p, "latency", y)]
    slow = {i for i in known if not any(beats(cloud[j], cloud[i], "latency", y) for j in known)}
    assert set(found) == slow
    assert len(found) == len(set(found))
    costs = [cloud[i].x("latency") for i in found]
    assert costs == sorted(costs)


@given(clouds, st.sampled_from(["flip", "psnr"]), st.floats(-1, 7))
def test_the_sweet_spot_is_the_best_within_the_limit(cloud, y, limit):
    found = best_under(cloud, "latency", y, limit)
    within = [
        i for i, p in enumerate(cloud) if complete(p, "latency", y) and p.x("latency") <= limit
    ]
    if not within:
        assert found is None
        return
    top = max(goodness(cloud[i], y) for i in within)
    assert goodness(cloud[found], y) == top
    cheapest = min(cloud[i].x("latency") for i in within if goodness(cloud[i], y) == top)
    assert cloud[found].x("latency") == cheapest
    # A sweet spot is always on the frontier.
    assert found in frontier(cloud, "latency", y)


def test_a_known_frontier():
    cloud = [point(8, 0.0), point(2, 0.2), point(4, 0.1), point(5, 0.15), point(3, 0.3)]
    assert frontier(cloud, "latency", "flip") == (1, 2, 0)
    assert best_under(cloud, "latency", "flip", 7.9) == 2
    assert best_under(cloud, "latency", "flip", 1.9) is None


def test_equal_pictures_have_the_best_psnr():
    cloud = [point(8, 0.0, psnr=math.inf), point(4, 0.1, psnr=40.0)]
    assert frontier(cloud, "latency", "psnr") == (1, 0)


@pytest.mark.parametrize("x", XS)
@pytest.mark.parametrize("y", [*YS, *WEIGHTED])
def test_every_axis_has_its_value(x, y):
    one = Point(
        "k", "k", "t", Spread(1, 0, 2), 2.0, 3.0, 4.0, 0.1, 0.2, 30.0,
        memory=5.0, realism=6.0, lpips=7.0, fid=8.0,
    )  # fmt: skip
    costs = {"latency": 1, "memory": 5.0, "size": 2.0, "macs": 3.0, "parameters": 4.0}
    assert one.x(x) == costs[x]
    near = {"flip": 0.1, "ssim": 0.2, "psnr": 30.0, "realism": 6.0, "lpips": 7.0, "fid": 8.0}
    assert one.y(y) == near[y]
    assert goodness(one, y) == (near[y] if y in ("ssim", "psnr") else -near[y])


def test_every_pair_of_axes_has_a_frontier_of_its_own():
    """Of two points the first is faster and nearer, the second smaller and more real."""
    near = Point("a", "a", "t", Spread(1, 0, 2), 9.0, 1.0, 1.0, 0.1, 0.9, 30.0,
                 memory=9.0, realism=5.0)  # fmt: skip
    real = Point("b", "b", "t", Spread(2, 0, 2), 3.0, 1.0, 1.0, 0.2, 0.8, 20.0,
                 memory=3.0, realism=4.0)  # fmt: skip
    assert frontier([near, real], "latency", "flip") == (0,)
    assert frontier([near, real], "memory", "realism") == (1,)
    assert frontier([near, real], "latency", "realism") == (0, 1)
    assert frontier([near, real], "memory", "flip") == (1, 0)
    assert frontier([near, real], "latency", "fid") == ()


def test_ten_thousand_points_are_no_matter():
    rng = random.Random(0)
    cloud = [point(rng.random(), rng.random()) for _ in range(10_000)]
    found = frontier(cloud, "latency", "flip")
    assert 1 <= len(found) < 100
