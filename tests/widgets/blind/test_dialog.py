"""The blind test in the window."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import Qt

from studio.engine.messages import Render
from studio.subnets.choice import SubnetChoice
from tests.widgets.fakes import colour_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def blind(window, qtbot):
    window.blind._rng = random.Random(3)
    window.actions_["blind_test"].trigger()
    qtbot.waitUntil(lambda: window.blind.buttons["A"].isEnabled())
    return window.blind


def shown(blind, side):
    return bytes(blind.pictures[side].image.pixelColor(0, 0).getRgb()[:3])


def truth(blind):
    return blind.test.present.full


def test_full_and_the_variant_stand_where_the_trial_says(blind, window):
    assert blind.variant.currentText() == "width 0.5, 64 px"
    specs = blind._specs(blind.test.present)
    full = truth(blind)
    other = "B" if full == "A" else "A"
    assert specs[full].subnet == SubnetChoice()
    assert specs[other].subnet == SubnetChoice(width=0.5)
    # Both on one target, of one seed: nothing but the variant differs.
    assert specs["A"].inputs == specs["B"].inputs
    assert specs["A"].target == specs["B"].target == window.controller.target
    for side in ("A", "B"):
        assert shown(blind, side) == colour_of(specs[side])


def test_ten_right_answers_by_mouse_and_key(blind, qtbot):
    seeds = set()
    for number in range(10):
        qtbot.waitUntil(lambda: blind.buttons["A"].isEnabled())
        assert f"Picture {number + 1} of 10" in blind.question.text()
        seeds.add(blind.test.present.seed)
        if number % 2:
            qtbot.mouseClick(blind.buttons[truth(blind)], LEFT)
        else:
            qtbot.keyClick(blind, {"A": Qt.Key.Key_A, "B": Qt.Key.Key_B}[truth(blind)])
    assert len(seeds) == 10
    text = blind.question.text()
    assert "You found full in 10 of 10 pictures." in text
    assert "0.2% of such tests" in text
    assert "p = 0.002" in text
    assert "So you can tell width 0.5, 64 px from full." in text
    assert blind.again.isVisible()
    qtbot.mouseClick(blind.again, LEFT)
    assert blind.test.answers == ()


def test_guessing_is_called_guessing(blind, qtbot):
    for number in range(10):
        qtbot.waitUntil(lambda: blind.buttons["A"].isEnabled())
        wrong = "B" if truth(blind) == "A" else "A"
        blind.answer(truth(blind) if number < 7 else wrong)
    assert "7 of 10" in blind.question.text()
    assert "comes up in 34% of such tests" in blind.question.text()
    assert "no sign that you can tell" in blind.question.text()


def test_nothing_is_shown_before_both_pictures_are_there(window, qtbot, drawn):
    drawn.client.auto = False
    window.actions_["blind_test"].trigger()
    blind = window.blind
    assert "Drawing" in blind.question.text()
    assert not blind.buttons["A"].isEnabled()
    drawn.client.answer_lane("blind")
    qtbot.waitUntil(lambda: len(drawn.client.of(Render, "blind")) == 2)
    assert blind.pictures["A"].image is None
    assert blind.pictures["B"].image is None
    qtbot.keyClick(blind, Qt.Key.Key_A)
    assert blind.test.answers == ()
    drawn.client.answer_lane("blind")
    qtbot.waitUntil(lambda: blind.buttons["A"].isEnabled())
    # Only this trial and the next are drawn ahead.
    for _ in range(6):
        drawn.client.answer_lane("blind")
        qtbot.wait(2)
    assert len(drawn.client.of(Render, "blind")) == 4


def test_the_inputs_are_those_of_the_beginning(blind, window):
    before = blind._specs(blind.test.present)
    window.controller.set_inputs("t", None, truncation=0.3)
    assert blind._specs(blind.test.present) == before


def test_the_variant_of_side_b_is_offered_first_and_another_can_be_chosen(window, qtbot):
    controller = window.controller
    controller.set_subnet(SubnetChoice(width=0.25), None)
    controller.keep()
    controller.set_subnet(SubnetChoice(width=0.75), None)
    controller.set_view("side", side_b=controller.document.kept[0].id)
    window.actions_["blind_test"].trigger()
    blind = window.blind
    assert [blind.variant.itemText(i) for i in range(blind.variant.count())] == [
        "width 0.75, 64 px", "width 0.25, 64 px"
    ]  # fmt: skip
    assert blind.variant.currentText() == "width 0.25, 64 px"
    blind.variant.setCurrentIndex(0)
    blind.variant.activated.emit(0)
    assert SubnetChoice(width=0.75) in {s.subnet for s in blind._specs(blind.test.present).values()}


def test_full_alone_cannot_be_tested(window):
    window.controller.set_subnet(SubnetChoice(), None)
    window.actions_["blind_test"].trigger()
    assert window.blind.test is None
    assert "no variant but full" in window.blind.question.text()
    assert not window.blind.buttons["A"].isEnabled()


def test_a_picture_that_cannot_be_made_ends_it_with_a_sentence(window, qtbot, drawn):
    drawn.client.auto = False
    window.actions_["blind_test"].trigger()
    (request,) = [r for r in drawn.client.waiting if r.lane == "blind"]
    drawn.client.fail(request, "Rendering failed")
    qtbot.waitUntil(lambda: window.blind.question.text() == "Rendering failed")
    assert window.blind.test is None


def test_escape_ends_it(blind, qtbot, drawn):
    qtbot.keyClick(blind, Qt.Key.Key_Escape)
    assert not blind.isVisible()
    assert blind._requests._under_way is None
