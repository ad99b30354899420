"""Every pin finished in one go, in the real window."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from studio.engine.messages import CancelLane, Finish
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice


def pins(window, *seeds: int) -> None:
    for seed in seeds:
        window.controller.set_inputs("x", None, seed=seed)
        window.controller.pin()


def title(window) -> str:
    (job,) = window.commands._expected._guesses.values()
    return job.title


def test_every_pin_is_finished_by_full_in_one_folder(window, qtbot, drawn, tmp_path):
    client = window.app.client
    pins(window, 5, 6, 7)
    before = window.controller.document
    client.auto = False
    drawn.answer_path = tmp_path / "one-seed-5.png"
    window.actions_["finish_pins"].trigger()
    assert len(drawn.asked) == 1  # the folder is asked for once
    assert "2 more" in title(window)
    for _ in range(3):
        client.answer_lane("finish")
        qtbot.wait(5)
    orders = client.of(Finish)
    assert [order.spec.inputs.seed for order in orders] == [5, 6, 7]
    assert [Path(order.path).name for order in orders] == [f"one-seed-{s}.png" for s in (5, 6, 7)]
    assert {Path(order.path).parent for order in orders} == {tmp_path}
    assert {(order.spec.subnet.width, order.spec.subnet.widths) for order in orders} == {(1, None)}
    assert window.commands._expected._guesses == {}
    assert window.controller.document == before


def test_cancel_gives_all_of_them_up(window, qtbot, drawn, tmp_path):
    from widgets.status_bar import FINISH

    client = window.app.client
    pins(window, 5, 6, 7)
    client.auto = False
    drawn.answer_path = tmp_path / "one-seed-5.png"
    window.actions_["finish_pins"].trigger()
    window.status.cancel_clicked.emit(FINISH)
    assert len(client.of(Finish)) == 1
    assert client.of(CancelLane, "finish")
    assert window.app.finishing.waiting == 0
    assert window.commands._expected._guesses == {}


def test_without_a_place_or_without_pins_nothing_is_drawn(window, qtbot, drawn):
    window.actions_["finish_pins"].trigger()
    assert "Pin pictures" in window.notice.sentence()
    pins(window, 5, 6)
    window.actions_["finish_pins"].trigger()
    assert len(drawn.asked) == 1
    assert window.app.client.of(Finish) == []


def test_every_finished_pin_tells_the_recipe_on_the_cards(window, drawn, tmp_path):
    client = window.app.client
    steps = Steps((RecipeStep("s1", "prune", 1, '{"ratio": 0.5}'),), 0)
    half = SubnetChoice(width=0.5)
    document = replace(window.controller.document, recipe=steps, subnet=half, next_id=9)
    window.controller.edit("x", document)
    pins(window, 5, 6)
    drawn.answer_path = tmp_path / "one-seed-5.png"
    window.actions_["finish_pins"].trigger()
    orders = client.of(Finish)
    assert orders
    for order in orders:
        told = json.loads(dict(order.text)["maquette"])
        assert told["recipe"] == []  # full of the model itself drew it
        assert [(s["technique"], s["params"]) for s in told["current_recipe"]] == [
            ("subnet", {"width": 0.5}),
            ("prune", {"ratio": 0.5}),
        ]
