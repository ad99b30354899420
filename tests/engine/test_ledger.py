"""What a new render process is told."""

from __future__ import annotations

from dataclasses import replace

from studio.engine.ledger import Ledger
from studio.engine.messages import (
    Adopt,
    Began,
    CancelLane,
    CloseModel,
    Failed,
    Finish,
    Notice,
    Opened,
    OpenModel,
    Picture,
    Render,
    Rendered,
    RenderSpec,
    Touching,
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
        assert ledger.died() == (False, ())
    ledger.answered(Began("full", 2))
    assert ledger.died() == (True, ())
    ledger.answered(Began("full", 2))
    blamed, (failed,) = ledger.died()
    assert blamed
    assert failed is not None
    assert (failed.lane, failed.stamp) == ("full", 2)
    assert ledger.resend() == [Render("current", 1, SPEC)]


def test_an_answer_between_two_deaths_clears_the_blame():
    ledger = Ledger()
    for _ in range(3):
        ledger.sent(Render("full", 2, SPEC))
        ledger.answered(Began("full", 2))
        assert ledger.died() == (True, ())
        ledger.answered(Began("full", 2))
        ledger.answered(rendered("full", 2))


def test_files_in_work_are_those_of_unanswered_finishes(tmp_path):
    ledger = Ledger()
    finish = Finish("finish", 1, SPEC, str(tmp_path / "a.png"))
    ledger.sent(finish)
    assert ledger.files_in_work() == [tmp_path / "a.png"]
    ledger.sent(replace(finish, stamp=2, path=str(tmp_path / "b.png")))
    assert ledger.files_in_work() == [tmp_path / "b.png"]


FAST, COARSE = "openvino:CPU:f32", "openvino:CPU:bf16"
LADDER = Adopt("key-a", (SubnetChoice(),), (FAST, COARSE))


def test_compiled_networks_are_asked_for_again_until_the_model_is_closed():
    ledger = Ledger()
    assert ledger.sent(LADDER) == LADDER
    assert ledger.resend() == [LADDER]
    ledger.sent(CloseModel("key-a"))
    assert ledger.resend() == []


def test_a_target_that_ends_the_process_while_it_is_loaded_is_not_tried_again():
    ledger = Ledger()
    ledger.sent(LADDER)
    ledger.sent(Render("current", 1, SPEC))
    ledger.answered(Began("current", 1))
    assert not ledger.answered(Touching(FAST))
    blamed, told = ledger.died()
    assert blamed
    assert told == (Notice("OpenVINO f32 CPU stopped the renderer; PyTorch f32 CPU draws instead"),)
    assert ledger.resend() == [Render("current", 1, SPEC), replace(LADDER, targets=(COARSE,))]
    assert ledger.sent(LADDER) == replace(LADDER, targets=(COARSE,))
    ledger.answered(Touching(COARSE))
    ledger.answered(Touching(None))
    assert ledger.died() == (False, ())


def test_a_compiled_network_that_ends_the_process_twice_gives_way_to_pytorch():
    ledger = Ledger()
    fast = Render("current", 1, replace(SPEC, target=FAST))
    ledger.sent(LADDER)
    ledger.sent(fast)
    for last in (False, True):
        ledger.answered(Began("current", 1))
        blamed, told = ledger.died()
        assert blamed
        assert [type(t) for t in told] == [Notice] * last
    assert ledger.resend() == [fast, replace(LADDER, targets=(COARSE,))]
    for last in (False, True):
        ledger.answered(Began("current", 1))
        assert [type(t) for t in ledger.died()[1]] == [Failed] * last
    assert ledger.resend() == [replace(LADDER, targets=(COARSE,))]


def test_a_process_that_was_ended_on_purpose_blames_nothing():
    ledger = Ledger()
    ledger.sent(LADDER)
    ledger.answered(Touching(FAST))
    assert ledger.died(blame=False) == (False, ())
    assert ledger.resend() == [LADDER]
