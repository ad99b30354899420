"""A walk goes through its pins at an even pace, and its steps are small at every width."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from studio.errors import BadChoice, Overtaken
from studio.families.inputs import GanInputs
from studio.families.opening import open_model
from studio.families.stylegan.way import Way
from studio.families.walk import Walk, WalkPoint, WalkRoute, checked_walk
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_model

PINS = tuple(GanInputs(seed=s) for s in (1, 5, 9))


def test_two_pins_are_joined_by_a_straight_line_in_w() -> None:
    model = small_model(directions=("age",))
    start = GanInputs(seed=1, truncation=0.5, noise=0.5)
    end = GanInputs(seed=2, edits=(("age", 2.0),), mix_seed=3, mix_stages=(8,), noise=1.0)
    way = model.way(WalkRoute((start, end)))
    a, b = model.styles(start), model.styles(end)
    places = []
    for share in (0.0, 0.25, 0.6, 1.0):
        rows, noise = way.at(share)
        place = (((rows - a) * (b - a)).sum() / (b - a).square().sum()).item()
        assert torch.allclose(rows, torch.lerp(a, b, place), atol=1e-4)
        assert noise == pytest.approx(0.5 + 0.5 * place, abs=1e-4)
        places.append(place)
    assert places == sorted(places)
    assert places[0] == pytest.approx(0, abs=1e-5)
    assert places[-1] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("closed", [False, True])
def test_a_way_through_several_pins_passes_them_and_keeps_its_pace(closed: bool) -> None:
    model = small_model()
    knots = torch.cat([model.styles(pin) for pin in PINS])
    way = Way(knots, (1.0,) * 3, closed=closed)
    shares = np.linspace(0, 1, 241)
    points = torch.cat([way.at(float(share))[0] for share in shares]).flatten(1)
    for knot in knots:
        nearest = (points - knot.flatten()).norm(dim=1).min()
        assert nearest < (points[1:] - points[:-1]).norm(dim=1).max()
    steps = (points[1:] - points[:-1]).norm(dim=1)
    assert steps.max() / steps.min() < 1.25
    if closed:
        assert torch.allclose(points[0], points[-1], atol=1e-4)
    # It bends at the pins instead of breaking: neighbouring steps point nearly the same way.
    along = torch.nn.functional.normalize(points[1:] - points[:-1], dim=1)
    assert (along[1:] * along[:-1]).sum(dim=1).min() > 0.9


def test_the_pace_follows_what_changes_in_the_picture() -> None:
    """Something appears between 0.4 and 0.6 of the way: most of the time is spent there."""

    def changes(styles: torch.Tensor) -> torch.Tensor:
        places = styles[:, 0, 0]
        seen = places.clamp(0.4, 0.6)
        return (seen[1:] - seen[:-1]).abs()

    way = Way(torch.tensor([[[0.0]], [[1.0]]]), (0.0, 1.0), changes=changes)
    places = np.array([way.at(share)[0].item() for share in np.linspace(0, 1, 201)])
    assert ((places > 0.38) & (places < 0.62)).mean() > 0.8
    assert (np.diff(places) > 0).all()
    still = Way(torch.tensor([[[0.0]], [[1.0]]]), (0.0, 1.0), changes=lambda w: w[1:, 0, 0] * 0)
    assert still.at(0.3)[0].item() == pytest.approx(0.3, abs=1e-3)


def test_a_way_that_would_take_long_to_measure_is_even_in_w(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("studio.families.model.PACED_MACS", 0.0)
    model = small_model()
    way = model.way(WalkRoute(PINS[:2]))
    a, b = (model.styles(pin) for pin in PINS[:2])
    assert torch.allclose(way.at(0.3)[0], torch.lerp(a, b, 0.3), atol=1e-4)


def test_measuring_the_pace_can_be_stopped() -> None:
    def between() -> None:
        raise Overtaken

    with pytest.raises(Overtaken):
        small_model().render(WalkPoint(WalkRoute(PINS), 0.5), between=between)


def test_an_eased_way_rests_at_its_pins() -> None:
    way = Way(torch.tensor([[[0.0]], [[1.0]], [[4.0]]]), (1.0, 1.0, 1.0), eased=True)
    places = [way.at(share)[0].item() for share in np.linspace(0, 1, 101)]
    steps = np.diff(places)
    assert steps[0] < steps.mean() / 5
    assert steps[25] < steps.mean() / 5
    assert steps[-1] < steps.mean() / 5
    assert (steps >= 0).all()


@pytest.mark.parametrize("closed", [False, True])
def test_pins_in_one_place_are_one_pin(closed: bool) -> None:
    same = torch.ones(3, 2, 4)
    rows, noise = Way(same, (0.5, 0.7, 0.9), closed=closed).at(0.7)
    assert torch.equal(rows, same[:1])
    assert noise == 0.5
    pins = torch.tensor([0.0, 0.0, 1.0, 0.0]).view(4, 1, 1)
    way = Way(pins, (1.0,) * 4, closed=closed)
    assert way.at(0.5)[0].item() == pytest.approx(1.0, abs=1e-3)


def test_when_the_pictures_are_taken() -> None:
    route, ring = WalkRoute(PINS[:2]), WalkRoute(PINS, closed=True)
    assert [p.at for p in Walk(route, frames=5).points()] == [0, 0.25, 0.5, 0.75, 1]
    assert [p.at for p in Walk(ring, frames=4).points()] == [0, 0.25, 0.5, 0.75]
    assert [p.at for p in Walk(route, frames=6, back=True).points()] == pytest.approx(
        [0, 1 / 3, 2 / 3, 1, 2 / 3, 1 / 3]
    )
    assert 1.0 in [p.at for p in Walk(route, frames=7, back=True).points()]
    assert Walk(route, back=True).point(0.25).at == 0.5
    assert Walk(route, back=True).point(1.0).at == 0.0
    assert Walk(route).point(7.0).at == 1.0


@pytest.mark.parametrize(
    ("walk", "words"),
    [
        (Walk(WalkRoute(PINS[:1])), "2 to 64 pins, not 1"),
        (Walk(WalkRoute(PINS * 30)), "2 to 64 pins, not 90"),
        (Walk(WalkRoute(PINS), frames=1), "1 frames"),
        (Walk(WalkRoute(PINS), frames=5000), "5000 frames"),
        (Walk(WalkRoute(PINS), seconds=0.0), "0 seconds"),
        (Walk(WalkRoute(PINS), seconds=float("nan")), "nan seconds"),
        (Walk(WalkRoute(PINS, closed=True), back=True), "not both"),
    ],
)
def test_a_walk_that_cannot_be_drawn_is_refused(walk: Walk, words: str) -> None:
    with pytest.raises(BadChoice, match=words):
        checked_walk(walk)


def test_a_pin_that_the_model_cannot_draw_is_refused() -> None:
    route = WalkRoute((GanInputs(), GanInputs(edits=(("grin", 1.0),))))
    with pytest.raises(BadChoice, match="'grin'"):
        small_model().render(WalkPoint(route, 0.5))


def test_the_embedded_model_walks_in_small_steps_at_every_width() -> None:
    model = open_model("clay-heads")
    for width in model.info.widths:
        choice = SubnetChoice(width=width, resolution=64)
        for route in (WalkRoute(PINS[:2]), WalkRoute((PINS[2], GanInputs(seed=3)))):
            points = Walk(route, frames=33).points()
            frames = [model.render(point, choice).astype(float) for point in points]
            steps = [np.sqrt(((a - b) ** 2).mean()) for a, b in pairwise(frames)]
            assert max(steps) <= 3 * np.median(steps), (width, route)
