"""Dragging, releasing, undoing: what is asked of the engine, and what is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.engine.client import EngineState
from studio.engine.messages import CancelLane, Compare, Render
from studio.subnets.choice import SubnetChoice
from tests.widgets.conftest import settle, use
from tests.widgets.fakes import colour_of, model_info
from widgets.scene import compose


class Screen:
    """What the sides show, as told by the renderer's signals."""

    def __init__(self, renderer) -> None:
        self.colour: dict[str, bytes] = {}
        self.history: list[tuple[str, bytes]] = []
        self.stale: dict[str, bool] = {}
        renderer.picture_ready.connect(self._picture)
        renderer.stale_changed.connect(self.stale.__setitem__)

    def _picture(self, side: str, pixels: np.ndarray | None) -> None:
        if pixels is not None:
            self.colour[side] = bytes(pixels[0, 0])
            self.history.append((side, self.colour[side]))


@pytest.fixture
def screen(drawn):
    return Screen(drawn.app.renderer)


def drag(stage, *widths):
    """Move the width to each value; the button stays down."""
    controller = stage.app.controller
    if not controller.dragging:
        controller.begin("width")
    for width in widths:
        controller.set_subnet(replace(controller.document.subnet, width=width), "width")


def spec_at(stage, width):
    controller = stage.app.controller
    scene = compose(controller.document, controller.info, controller.target)
    return replace(scene.full, subnet=SubnetChoice(width=width))


def test_first_pictures_are_full_and_half(drawn):
    shown = drawn.app.renderer.shown
    assert shown["A"].subnet == SubnetChoice()
    assert shown["B"].subnet == SubnetChoice(width=0.5)
    assert drawn.app.renderer.fidelities.get(shown["A"], shown["B"]).flip == 0.06


def test_a_drag_asks_for_current_only(drawn, screen, qapp):
    before = len(drawn.client.requests)
    drag(drawn, 0.4)
    asked = drawn.client.requests[before:]
    assert [r.lane for r in asked if isinstance(r, Render)] == ["current"]
    assert not [r for r in asked if isinstance(r, Compare)]
    assert screen.stale == {"A": False, "B": True}


def test_newest_wins_and_values_in_between_are_skipped(drawn, screen, qapp):
    before = len(drawn.client.of(Render, "current"))
    drag(drawn, 0.4, 0.39, 0.38, 0.37, 0.36)
    asked = drawn.client.of(Render, "current")[before:]
    assert [r.spec.subnet.width for r in asked] == [0.4]
    drawn.client.answer_lane("current")
    qapp.processEvents()
    # The picture of 0.4 is seen although the hand is further on, and says that it is behind.
    assert screen.colour["B"] == colour_of(spec_at(drawn, 0.4))
    assert screen.stale["B"]
    asked = drawn.client.of(Render, "current")[before:]
    assert [r.spec.subnet.width for r in asked] == [0.4, 0.36]
    drawn.client.answer_lane("current")
    qapp.processEvents()
    assert screen.colour["B"] == colour_of(spec_at(drawn, 0.36))
    assert not screen.stale["B"]


def test_a_slow_render_does_not_hold_a_fast_one_back(drawn, qapp):
    before = len(drawn.client.of(Render, "current"))
    drag(drawn, 0.99, 0.1)
    widths = [r.spec.subnet.width for r in drawn.client.of(Render, "current")[before:]]
    assert widths == [0.99, 0.1]


def test_stale_answers_are_dropped(drawn, screen, qapp):
    drag(drawn, 0.99)
    (old,) = [r for r in drawn.client.waiting if r.lane == "current"]
    drag(drawn, 0.1)
    drawn.client.answer_lane("current")
    qapp.processEvents()
    newest = colour_of(spec_at(drawn, 0.1))
    assert screen.colour["B"] == newest
    drawn.client.answer(old)
    qapp.processEvents()
    assert screen.colour["B"] == newest
    assert colour_of(old.spec) not in [colour for _, colour in screen.history]


def test_release_refines_full_and_compares(drawn, screen, qapp):
    controller = drawn.app.controller
    before = len(drawn.client.requests)
    controller.begin("truncation")
    controller.set_inputs("t", "truncation", truncation=0.7)
    drawn.client.answer_all()
    qapp.processEvents()
    lanes = [r.lane for r in drawn.client.requests[before:] if isinstance(r, Render)]
    assert set(lanes) == {"current"}
    assert screen.stale == {"A": True, "B": False}
    controller.end()
    lanes = {r.lane for r in drawn.client.requests[before:] if isinstance(r, Render)}
    assert lanes == {"current", "full"}
    settle(drawn, qapp)
    (compare,) = [r for r in drawn.client.requests[before:] if isinstance(r, Compare)]
    assert compare.lane == "compare"
    assert compare.reference.inputs.truncation == 0.7
    assert compare.candidate.subnet == SubnetChoice(width=0.5)
    assert screen.stale == {"A": False, "B": False}


def test_idle_counts_as_release_for_the_keyboard(drawn, qtbot):
    controller = drawn.app.controller
    before = len(drawn.client.of(Render, "full"))
    controller.set_inputs("t", "truncation", truncation=0.7)
    assert len(drawn.client.of(Render, "full")) == before
    qtbot.waitUntil(lambda: len(drawn.client.of(Render, "full")) == before + 1, timeout=2000)


def test_one_drag_is_one_step(drawn, qapp):
    controller = drawn.app.controller
    start = controller.document.subnet
    drag(drawn, 0.45, 0.4, 0.3)
    controller.end()
    drag(drawn, 0.2, 0.1)
    controller.end()
    assert len(controller.history) == 2
    controller.undo()
    assert controller.document.subnet.width == 0.3
    controller.undo()
    assert controller.document.subnet == start
    controller.redo()
    controller.redo()
    assert controller.document.subnet.width == 0.1


def test_undo_shows_pictures_at_hand_without_asking(drawn, screen, qapp):
    controller = drawn.app.controller
    first = screen.colour.get("B") or colour_of(spec_at(drawn, 0.5))
    drag(drawn, 0.3)
    controller.end()
    settle(drawn, qapp)
    before = len(drawn.client.of(Render))
    controller.undo()
    assert screen.colour["B"] == first
    assert [r for r in drawn.client.of(Render)[before:] if r.lane in ("current", "full")] == []


def test_keep_pin_sides_and_mode_can_be_undone(drawn, qapp):
    controller = drawn.app.controller
    controller.keep()
    kept = controller.document.kept[0]
    assert kept.name == "width 0.5, 64 px"
    controller.pin()
    controller.swap()
    controller.set_view("mode", mode="wipe")
    controller.set_view("side", side_a=kept.id)
    controller.unkeep(kept.id)
    assert controller.document.view.side_a == "current"
    labels = []
    while controller.history.undo_label:
        labels.append(controller.history.undo_label)
        controller.undo()
    assert len(labels) == 6
    document = controller.document
    assert (document.kept, document.pins, document.view.mode) == ((), (), "side")
    for _ in labels:
        controller.redo()
    assert controller.document.view.mode == "wipe"


def test_keeping_twice_says_so(drawn, qtbot):
    controller = drawn.app.controller
    controller.keep()
    with qtbot.waitSignal(controller.refused):
        controller.keep()
    assert len(controller.document.kept) == 1


def test_number_keys_mean_what_they_say_after_a_swap(drawn):
    controller = drawn.app.controller
    controller.swap()
    controller.show_mode("full")
    view = controller.document.view
    assert (view.mode, view.side_b) == ("current", "full")
    controller.show_mode("current")
    assert controller.document.view.mode == "full"


def test_difference_asks_for_the_map(drawn, qapp):
    maps = []
    drawn.app.renderer.difference_ready.connect(maps.append)
    drawn.app.controller.show_mode("difference")
    settle(drawn, qapp)
    (compare,) = [c for c in drawn.client.of(Compare) if c.with_map]
    assert compare.candidate.subnet.width == 0.5
    assert maps[-1] is not None


def test_a_failed_render_is_told_and_not_asked_again(drawn, qtbot, qapp):
    renderer = drawn.app.renderer
    drag(drawn, 0.3)
    (request,) = [r for r in drawn.client.waiting if r.lane == "current"]
    with qtbot.waitSignal(renderer.failed) as told:
        drawn.client.fail(request, "Rendering failed")
    assert told.args[0] == "Rendering failed"
    before = len(drawn.client.of(Render, "current"))
    drawn.app.controller.end()
    assert len(drawn.client.of(Render, "current")) == before


def test_another_model_drops_what_was_under_way(drawn, screen, qapp):
    drag(drawn, 0.3)
    (old,) = [r for r in drawn.client.waiting if r.lane == "current"]
    use(drawn, model_info("key-two", "/models/two.safetensors"))
    assert [r for r in drawn.client.of(CancelLane) if r.lane == "current"]
    drawn.client.answer(old)
    settle(drawn, qapp)
    assert drawn.app.renderer.shown["B"].model == "key-two"
    assert colour_of(old.spec) not in [colour for _, colour in screen.history]


def test_undo_goes_back_to_the_model_before(drawn, qapp, tmp_path):
    one = model_info("key-one", str(tmp_path / "one.safetensors"))
    two = model_info("key-two", str(tmp_path / "two.safetensors"))
    wanted = []
    drawn.app.controller.model_wanted.connect(wanted.append)
    use(drawn, one)
    use(drawn, two)
    drawn.app.controller.undo()
    assert [ref.key for ref in wanted] == ["key-one"]
    drawn.app.controller.model_opened_again(one)
    settle(drawn, qapp)
    assert drawn.app.renderer.shown["B"].model == "key-one"


def test_no_edit_is_lost_when_the_engine_dies(drawn, screen, qapp):
    drag(drawn, 0.4, 0.3)
    drawn.client.state(EngineState.RESTARTING)
    drag(drawn, 0.2)
    drawn.client.state(EngineState.READY)
    # The client sends the newest request of a lane again by itself, under its own stamp.
    drawn.client.answer_all()
    qapp.processEvents()
    drawn.app.controller.end()
    settle(drawn, qapp)
    assert drawn.app.controller.document.subnet.width == 0.2
    assert screen.colour["B"] == colour_of(spec_at(drawn, 0.2))
    assert len(drawn.app.controller.history) == 1


def test_pictures_of_a_session_of_sides(drawn, qapp):
    controller = drawn.app.controller
    controller.keep()
    kept = controller.document.kept[0].id
    controller.set_subnet(SubnetChoice(width=0.3), None)
    controller.set_view("side", side_a=kept)
    settle(drawn, qapp)
    shown = drawn.app.renderer.shown
    assert shown["A"].subnet.width == 0.5
    assert shown["B"].subnet.width == 0.3
    full = replace(shown["A"], subnet=SubnetChoice())
    fidelities = drawn.app.renderer.fidelities
    assert fidelities.get(full, shown["A"]) is not None
    assert fidelities.get(full, shown["B"]) is not None
