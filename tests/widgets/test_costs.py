"""What it costs, in the window: the plot beside the table, wired to the document."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from studio.engine.messages import Render
from studio.fidelity.measurement import Latency, Measurement
from studio.runtimes.host import host_name
from studio.subnets.choice import SubnetChoice
from tests.widgets.fakes import model_info
from widgets import choosers, settings
from widgets.bottom_panel import SPLIT

LEFT = Qt.MouseButton.LeftButton
OTHER = "pytorch:cpu:f32"
QUARTER, HALF = SubnetChoice(width=0.25), SubnetChoice(width=0.5)


def measurement(choice, latency, flip, target):
    return Measurement(
        "m", choice, 30.0, 1 - flip, flip, 1000, 2000, 3000, 4_000_000,
        Latency(latency, 0.9 * latency, 1.1 * latency), target, 2, host_name(),
    )  # fmt: skip


@pytest.fixture
def costs(window, qtbot):
    """The window with full, half (current) and a kept quarter measured, the last on two targets."""
    controller = window.controller
    controller.set_subnet(QUARTER, None)
    controller.keep()
    controller.set_subnet(HALF, None)
    here = controller.target
    found = [
        measurement(SubnetChoice(), 8.0, 0.0, here),
        measurement(HALF, 4.0, 0.1, here),
        measurement(QUARTER, 2.0, 0.2, here),
        measurement(QUARTER, 3.0, 0.2, OTHER),
    ]
    controller.add_measurements(controller.info.key, tuple(found))
    qtbot.waitUntil(lambda: window.bottom.frontier.plot is not None)
    window.bottom.frontier.set_limit(3.0)
    qtbot.wait(30)
    return window


def plot_of(window):
    return window.bottom.frontier.plot


def index(window, ref, target=None):
    target = target or window.controller.target
    points = plot_of(window).cloud.points
    return next(i for i, p in enumerate(points) if (p.ref, p.target) == (ref, target))


def click(window, qtbot, ref, target=None, modifier=Qt.KeyboardModifier.NoModifier):
    at = plot_of(window).place(index(window, ref, target)).toPoint()
    qtbot.mouseClick(plot_of(window).viewport(), LEFT, modifier, at)


def test_before_anything_is_measured_the_plot_offers_to(window, qtbot, drawn):
    panel = window.bottom.frontier
    assert panel.plot is None
    assert panel.empty.isVisible()
    qtbot.mouseClick(panel.measure, LEFT)
    assert len(drawn.runner.handles) == 1


def test_plot_and_table_say_the_same(costs):
    points = {p.ref: p for p in plot_of(costs).cloud.points if p.target == costs.controller.target}
    assert set(points) == {"full", "current", "k1"}
    for row in costs.bottom.shown_rows():
        ref = next(r for r, p in points.items() if p.name == row.name)
        assert points[ref].latency.median == row.latency.median
        assert points[ref].flip == row.fidelity.flip
    assert plot_of(costs).cloud.frontiers[costs.controller.target] == (
        index(costs, "k1"), index(costs, "current"), index(costs, "full")
    )  # fmt: skip


def test_a_click_shows_it_on_side_b_where_it_was_measured(costs, qtbot):
    controller = costs.controller
    click(costs, qtbot, "k1")
    view = controller.document.view
    assert (view.side_b, view.target_b) == ("k1", "")
    assert costs.bottom.table.selected_ids() == ["k1"]
    click(costs, qtbot, "k1", OTHER)
    view = controller.document.view
    assert (view.side_b, view.target_b) == ("k1", OTHER)
    qtbot.waitUntil(lambda: costs.app.renderer.shown["B"].target == OTHER)
    click(costs, qtbot, "current", modifier=Qt.KeyboardModifier.ShiftModifier)
    assert controller.document.view.side_a == "current"
    costs.actions_["undo"].trigger()
    assert controller.document.view.side_a == "full"


def test_a_double_click_makes_it_current(costs, qtbot):
    at = plot_of(costs).place(index(costs, "k1")).toPoint()
    qtbot.mouseClick(plot_of(costs).viewport(), LEFT, pos=at)
    qtbot.mouseDClick(plot_of(costs).viewport(), LEFT, pos=at)
    document = costs.controller.document
    assert document.subnet == QUARTER
    assert document.view.side_b == "current"
    assert costs.controller.history.undo_label == "Make width 0.25, 64 px current"
    # Half is neither kept nor current any more: its point goes.
    qtbot.waitUntil(lambda: "current" not in {p.ref for p in plot_of(costs).cloud.points})
    assert plot_of(costs).current == "k1"
    costs.actions_["undo"].trigger()
    assert costs.controller.document.subnet == HALF


def test_the_sweet_spot_is_used_by_one_button(costs, qtbot):
    panel = costs.bottom.frontier
    assert panel.sweet_spot().ref == "k1"
    qtbot.mouseClick(panel.use, LEFT)
    assert costs.controller.document.subnet == QUARTER
    qtbot.waitUntil(lambda: not panel.use.isEnabled())


def test_another_target_moves_the_frontier(costs, qtbot):
    costs.controller.use_target(OTHER)
    panel = costs.bottom.frontier
    qtbot.waitUntil(lambda: plot_of(costs).target == OTHER)
    panel.set_limit(5.0)
    assert panel.sweet_spot().target == OTHER
    assert plot_of(costs).cloud.frontiers[OTHER] == (index(costs, "k1", OTHER),)


def test_a_live_point_follows_the_slider(costs, qtbot):
    for width in (0.4, 0.6, 0.4):  # the first picture of a subnet only warms up
        costs.right.width_slider.set_value(width, notify=True)
        qtbot.waitUntil(lambda w=width: costs.app.renderer.shown["B"].subnet.width == w)
        costs.app.renderer.redraw(lambda spec: True)
        qtbot.wait(60)

    def live():
        return [p.ref for p in plot_of(costs).cloud.points if not p.measured]

    qtbot.waitUntil(lambda: live() == ["current"])
    assert plot_of(costs).current == "current"


def test_hovering_draws_the_present_picture_of_that_variant(costs, qtbot, drawn):
    costs.controller.set_inputs("another seed", None, seed=5)
    qtbot.waitUntil(lambda: costs.app.renderer.shown["B"].inputs.seed == 5)
    qtbot.mouseMove(plot_of(costs).viewport(), plot_of(costs).place(index(costs, "k1")).toPoint())
    card = plot_of(costs).card
    qtbot.waitUntil(lambda: card.isVisible() and card.picture.isVisible())
    (asked,) = drawn.client.of(Render, "hover")
    assert asked.spec.subnet == QUARTER
    assert asked.spec.inputs == costs.app.renderer.shown["B"].inputs
    # Half stands on side B: its picture is at hand.
    plot_of(costs)._point_at(index(costs, "current"))
    assert card.picture.isVisible()
    assert len(drawn.client.of(Render, "hover")) == 1
    plot_of(costs)._point_at(None)


def test_another_model_has_points_of_its_own(costs, qtbot, tmp_path):
    from pathlib import Path

    from widgets.opening import reference

    other = model_info("key-two", "/models/two.safetensors")
    costs.controller.use_model(other, reference(other, Path(other.path)))
    qtbot.waitUntil(lambda: costs.bottom.frontier.empty.isVisible())


def test_the_table_is_filtered_by_words(costs, qtbot):
    bottom = costs.bottom
    qtbot.keyClicks(bottom.filter, "0.25 64")
    assert bottom.table.visible_ids() == ["k1"]
    assert [row.name for row in bottom.shown_rows()] == ["width 0.25, 64 px"]
    bottom.filter.setText("MEASURED openvino")
    assert len(bottom.table.visible_ids()) == 3
    bottom.filter.setText("no such thing")
    assert bottom.table.visible_ids() == []
    bottom.filter.clear()
    assert bottom.table.visible_ids() == ["full", "current", "k1"]


def test_numbers_are_sorted_as_numbers(costs):
    table = costs.bottom.table
    latency = [c.title for c in table.rows.columns].index("latency")
    table.sortByColumn(latency, Qt.SortOrder.AscendingOrder)
    assert table.visible_ids() == ["k1", "current", "full"]
    table.sortByColumn(latency, Qt.SortOrder.DescendingOrder)
    assert table.visible_ids() == ["full", "current", "k1"]


def test_the_table_is_saved_as_it_is_shown(costs, qtbot, tmp_path, monkeypatch):
    out = tmp_path / "table.csv"
    asked = []

    def choose(_, suggested):
        asked.append(suggested.name)
        return out

    monkeypatch.setattr(choosers, "save_table", choose)
    costs.bottom.filter.setText("measured")
    costs.bottom.table.sortByColumn(7, Qt.SortOrder.AscendingOrder)
    costs.actions_["save_table"].trigger()
    found = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert asked == ["one-variants.csv"]
    assert [(r["name"], r["latency_ms"], r["flip"]) for r in found] == [
        ("width 0.25, 64 px", "2.0", "0.2"), ("current", "4.0", "0.1"), ("full", "8.0", "0.0")
    ]  # fmt: skip
    assert "Saved as table.csv" in costs.notice.sentence()
    monkeypatch.setattr(choosers, "save_table", lambda *_: tmp_path / "gone" / "table.csv")
    costs.actions_["save_table"].trigger()
    assert costs.notice.severity() == "error"
    monkeypatch.setattr(choosers, "save_table", lambda *_: None)
    costs.actions_["save_table"].trigger()


def test_the_selected_rows_are_copied_or_all(costs):
    clipboard = QGuiApplication.clipboard()
    costs.actions_["copy_table"].trigger()
    assert len(list(csv.DictReader(io.StringIO(clipboard.text())))) == 3
    costs.bottom.table.select_ids(["k1"])
    costs.actions_["copy_table"].trigger()
    (found,) = csv.DictReader(io.StringIO(clipboard.text()))
    assert found["name"] == "width 0.25, 64 px"
    assert costs.notice.sentence() == "Copied as CSV, rows: 1"


def test_the_table_makes_current_too(costs):
    menu = costs.bottom.table.menu_for("k1")
    (action,) = [a for a in menu.actions() if a.text() == "Make it current"]
    action.trigger()
    menu.close()
    assert costs.controller.document.subnet == QUARTER


def test_the_split_is_remembered(costs, qtbot):
    handle = costs.bottom.split.handle(1)
    at = handle.rect().center()
    qtbot.mousePress(handle, LEFT, pos=at)
    qtbot.mouseMove(handle, at + type(at)(80, 0))
    qtbot.mouseRelease(handle, LEFT, pos=at + type(at)(80, 0))
    plot, table = costs.bottom.split.sizes()
    share = round(100 * plot / (plot + table))
    assert share != 45
    assert settings.text(SPLIT) == str(share)
