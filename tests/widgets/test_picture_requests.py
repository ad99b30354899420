"""Pictures beside those on the sides: one at a time, the wanted ones only."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from studio.engine.messages import CancelLane, Failed, Picture, Render, Rendered, RenderSpec
from studio.families.inputs import GanInputs
from studio.subnets.choice import SubnetChoice
from widgets.picture_requests import PictureRequests

PIXELS = np.zeros((2, 2, 3), np.uint8)


def spec(seed):
    return RenderSpec("m", GanInputs(seed=seed), SubnetChoice())


@pytest.fixture
def requests(qapp):
    sent = []
    made = PictureRequests(sent.append, itertools.count(1).__next__, "mine")
    made.sent, made.got = sent, []
    made.ready.connect(lambda s, _: made.got.append(s))
    return made


def answer(requests, request, pixels=PIXELS):
    picture = Picture(2, 2, pixels=bytes(12))
    return requests.take(
        Rendered(request.lane, request.stamp, request.spec, picture, 0.1, "x"), pixels
    )


def test_one_after_the_other_and_each_once(requests):
    requests.want([spec(1), spec(2), spec(1)])
    assert [r.spec for r in requests.sent] == [spec(1)]
    assert answer(requests, requests.sent[0])
    assert [r.spec for r in requests.sent] == [spec(1), spec(2)]
    assert answer(requests, requests.sent[1])
    assert requests.got == [spec(1), spec(2)]
    requests.want([spec(2)])
    assert len(requests.sent) == 2  # at hand
    assert requests.get(spec(1)) is PIXELS


def test_what_is_no_longer_wanted_is_cancelled_and_dropped(requests):
    requests.want([spec(1)])
    old = requests.sent[0]
    requests.want([spec(2)])
    assert isinstance(requests.sent[1], CancelLane)
    assert requests.sent[2].spec == spec(2)
    assert answer(requests, old)  # late: taken, and shown to nobody
    assert requests.got == []
    requests.want([spec(3), spec(2)])  # goes on with what is under way
    assert [type(r) for r in requests.sent] == [Render, CancelLane, Render]
    answer(requests, requests.sent[2])
    assert requests.sent[3].spec == spec(3)
    requests.want([])
    assert isinstance(requests.sent[4], CancelLane)


def test_a_failure_is_told_and_the_next_one_asked_for(requests):
    told = []
    requests.failed.connect(lambda s, sentence: told.append((s, sentence)))
    requests.want([spec(1), spec(2)])
    assert requests.take(Failed("mine", requests.sent[0].stamp, "no"), None)
    assert told == [(spec(1), "no")]
    assert requests.sent[1].spec == spec(2)


def test_answers_of_other_lanes_are_not_for_it(requests):
    requests.want([spec(1)])
    assert not requests.take(Failed("current", 1, "no"), None)
    assert not answer(requests, Render("full", 1, spec(1)))
