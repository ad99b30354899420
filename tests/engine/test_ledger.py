"""What a new render process is told."""

from __future__ import annotations

from dataclasses import replace

from studio.engine.ledger import Ledger
from studio.engine.messages import (
    Began,
    CancelLane,
    CloseModel,
    Failed,
    Finish,
    Opened,
    OpenModel,
    Picture,
    Render,
    Rendered,
    RenderSpec,
)
from studio.families.inputs import GanInputs
from studio.subnets.choice import SubnetChoice
from tests.engine.faulty_renderer import PretendModel

SPEC = RenderSpec("key-a", GanInputs(), SubnetChoice())


def opened(request: int, path: str = "a") -> Opened:
    return Opened(request, PretendModel(path).info)


def rendered(lane: str, stamp: int) -> Rendered:
    return Rendered(lane, stamp, SPEC, Picture(1, 1, b"abc"), 0.1, "nothing")


def test_models_come_before_the_newest_requests_in_order():
    ledger = Ledger()
    ledger.sent(Render("current", 1, SPEC))
    ledger.sent(OpenModel(1, "a"))
    ledger.sent(Render("full", 2, SPEC))
    ledger.sent(Render("current", 3, SPEC))
    assert ledger.resend() == [
        OpenModel(1, "a"),
        Render("full", 2, SPEC),
        Render("current", 3, SPEC),
    ]


def test_answered_requests_are_forgotten_but_not_by_an_older_answer():
    ledger = Ledger()
    ledger.sent(Render("current", 1, SPEC))
    ledger.sent(Render("current", 2, SPEC))
    assert ledger.answered(rendered("current", 1))
    assert ledger.resend() == [Render("current", 2, SPEC)]
    assert ledger.answered(rendered("current", 2))
    assert ledger.resend() == []


def test_a_model_is_announced_once():
    ledger = Ledger()
    ledger.sent(OpenModel(1, "a"))
    assert ledger.answered(opened(1))
    assert ledger.resend() == [OpenModel(1, "a")]
    assert not ledger.answered(opened(1))


def test_the_same_weights_are_opened_once_again():
    ledger = Ledger()
    for number in (1, 2):
        ledger.sent(OpenModel(number, "a"))
        assert ledger.answered(opened(number))
    assert ledger.resend() == [OpenModel(2, "a")]


def test_what_is_closed_or_refused_is_not_opened_again():
    ledger = Ledger()
    for number, path in ((1, "a"), (2, "b")):
        ledger.sent(OpenModel(number, path))
    ledger.answered(opened(1, "a"))
    ledger.answered(Failed("open", 2, "no"))
    ledger.sent(Render("current", 3, SPEC))
    ledger.sent(CloseModel("key-a"))
    assert ledger.resend() == []


def test_cancelled_lanes_are_not_sent_again():
    ledger = Ledger()
    ledger.sent(Render("current", 1, SPEC))
    ledger.sent(CancelLane("current"))
    assert ledger.resend() == []


def test_only_the_request_that_was_running_is_blamed():
    ledger = Ledger()
    ledger.sent(Render("current", 1, SPEC))
    ledger.sent(Render("full", 2, SPEC))
    for _ in range(3):
        assert ledger.died() == (False, None)
    ledger.answered(Began("full", 2))
    assert ledger.died() == (True, None)
    ledger.answered(Began("full", 2))
    blamed, failed = ledger.died()
    assert blamed
    assert failed is not None
    assert (failed.lane, failed.stamp) == ("full", 2)
    assert ledger.resend() == [Render("current", 1, SPEC)]


def test_an_answer_between_two_deaths_clears_the_blame():
    ledger = Ledger()
    for _ in range(3):
        ledger.sent(Render("full", 2, SPEC))
        ledger.answered(Began("full", 2))
        assert ledger.died() == (True, None)
        ledger.answered(Began("full", 2))
        ledger.answered(rendered("full", 2))


def test_files_in_work_are_those_of_unanswered_finishes(tmp_path):
    ledger = Ledger()
    finish = Finish("finish", 1, SPEC, str(tmp_path / "a.png"))
    ledger.sent(finish)
    assert ledger.files_in_work() == [tmp_path / "a.png"]
    ledger.sent(replace(finish, stamp=2, path=str(tmp_path / "b.png")))
    assert ledger.files_in_work() == [tmp_path / "b.png"]
