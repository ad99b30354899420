"""The layers of a variant in the real window on a fake engine."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from studio.engine.job_messages import JobDone, JobFailed, JobProgress, LayersJob
from studio.engine.layer_table import LayerRow, LayerTable
from studio.subnets.choice import SubnetChoice
from widgets import choosers
from widgets.controls.table import NOTHING
from widgets.layers import opening
from widgets.layers.text import csv_text

TABLE = LayerTable(
    "width 0.5",
    "openvino:CPU:int8",
    (
        LayerRow("mapping", None, 0, 1000, 4000),
        LayerRow("layer0", 0.5, 3, 5000, 8000, 2000, "int8", 0.04),
        LayerRow("rgb0", 0.25, 2, 200, 300, 150, "bf16"),
        LayerRow("layer1", 1.0, 3, 9000, 9000, 9000, "f32", 0.0),
        LayerRow("other", 0.25, 4, 0, 0),
    ),
    1.9,
    "int8",
    2,
)


def handles(window):
    return [h for h in window.app.jobs._runner.handles if isinstance(h.job, LayersJob)]


def shown(window, qtbot, ref="current"):
    opening.offer(window, ref)
    handles(window)[-1].end(JobDone(layers=TABLE))
    qtbot.waitUntil(lambda: window.layers.table.model().rowCount() == 5)
    return window.layers


def text_of(dialog, row, column):
    return dialog.table.model().index(row, column).data()


def test_the_current_subnet_is_timed_and_shown(window, qtbot):
    window.controller.set_subnet(SubnetChoice(width=0.5), None)
    window.actions_["layers"].trigger()
    dialog = window.layers
    (handle,) = handles(window)
    assert handle.job.path == "/models/one.safetensors"
    assert handle.job.choice == SubnetChoice(width=0.5)
    assert handle.job.target == window.controller.target
    assert (handle.job.model, handle.job.recipe) == ("", "")
    assert dialog.bar.isVisible()
    assert dialog.state.text() == "Timing; a drag pauses it."
    assert not dialog.save.isEnabled()
    handle.say(JobProgress(0.5, "timing"))
    handle.end(JobDone(layers=TABLE))
    qtbot.waitUntil(lambda: dialog.table.model().rowCount() == 5)
    assert [text_of(dialog, r, 0) for r in range(5)] == [r.name for r in TABLE.rows]
    assert text_of(dialog, 1, 1) == "0.500"
    assert text_of(dialog, 1, 2) == "25"
    assert text_of(dialog, 1, 7) == "2.0"
    assert text_of(dialog, 1, 8) == "int8"
    assert text_of(dialog, 1, 9) == "20.0"
    assert text_of(dialog, 0, 1) == NOTHING
    assert not dialog.table.isColumnHidden(9)
    assert "1.9 ms a picture" in dialog.state.text()
    assert "2.0 ms, which the rows add up to" in dialog.state.text()
    assert not dialog.bar.isVisible()
    # What was timed once is at hand.
    dialog.close()
    window.actions_["layers"].trigger()
    assert len(handles(window)) == 1
    assert dialog.isVisible()
    dialog.again.click()
    assert len(handles(window)) == 2
    dialog.close()
    qtbot.waitUntil(lambda: not window.app.layers.busy)


def test_it_is_sorted_filtered_copied_and_saved(window, qtbot, tmp_path, monkeypatch):
    suggested = []

    def chosen(parent, path):
        suggested.append(path.name)
        return tmp_path / "layers.csv"

    monkeypatch.setattr(choosers, "save_table", chosen)
    dialog = shown(window, qtbot)
    dialog.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert [row.name for row in dialog.shown_rows()][:2] == ["layer1", "layer0"]
    dialog.filter.setText("layer int8")
    assert [row.name for row in dialog.shown_rows()] == ["layer0"]
    dialog.copy.click()
    copied = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
    assert [(row["layer"], row["ms"], row["precision"]) for row in copied] == [
        ("layer0", "0.5", "int8")
    ]
    dialog.save.click()
    assert suggested == ["width-0.5-openvino-CPU-int8-layers.csv"]
    saved = (tmp_path / "layers.csv").read_text("utf-8")
    assert saved == QGuiApplication.clipboard().text()
    dialog.close()


def test_csv_says_what_is_unknown_and_what_is_equal():
    rows = list(csv.DictReader(io.StringIO(csv_text(TABLE, TABLE.rows))))
    by_name = {row["layer"]: row for row in rows}
    assert by_name["mapping"]["ms"] == ""
    assert by_name["rgb0"]["sensitivity_db"] == ""
    assert by_name["layer1"]["sensitivity_db"] == "inf"
    assert float(by_name["layer0"]["sensitivity_db"]) == pytest.approx(20)
    assert sum(float(row["ms"] or 0) for row in rows) == TABLE.counted_ms


def test_a_drag_stops_it_and_a_pause_starts_it_again(window, qtbot):
    timing = window.app.layers
    timing._again.setInterval(10)
    opening.offer(window)
    window.controller.begin("width")
    qtbot.waitUntil(lambda: handles(window)[0].finished)
    assert timing.busy
    window.controller.end()
    qtbot.waitUntil(lambda: len(handles(window)) == 2, timeout=3000)
    handles(window)[1].end(JobDone(layers=TABLE))
    qtbot.waitUntil(lambda: not timing.busy)
    window.layers.close()


def test_a_failure_and_a_cancel_are_said(window, qtbot):
    opening.offer(window)
    dialog = window.layers
    handles(window)[0].end(JobFailed("the device is gone"))
    qtbot.waitUntil(lambda: dialog.state.text() == "the device is gone")
    dialog.again.click()
    dialog.stop.click()
    qtbot.waitUntil(lambda: not window.app.layers.busy)
    assert dialog.state.text() == "Nothing is timed yet."
    assert handles(window)[1].finished
    dialog.close()


def test_the_menus_of_table_and_plot_lead_there(window, qtbot):
    menu = window.bottom.table.menu_for("full")
    next(a for a in menu.actions() if a.text() == "Layer by layer…").trigger()
    assert handles(window)[0].job.choice == SubnetChoice()
    menu.deleteLater()
    window.bottom.layers_wanted.emit("full", "onnxruntime:cpu:f32")
    assert handles(window)[1].job.target == "onnxruntime:cpu:f32"
    window.layers.close()
    qtbot.waitUntil(lambda: not window.app.layers.busy)


def test_names_of_layers_are_never_squeezed_away(qtbot):
    from widgets.controls.table import Column, NumberTable

    table = NumberTable(
        [Column("layer", numeric=False), *(Column(f"number {n}") for n in range(8))]
    )
    qtbot.addWidget(table)
    table.set_rows({"a": ("a layer with a long name", *[1234567.0] * 8)})
    table.resize(200, 200)
    table.show()
    table.fit_columns()
    assert table.horizontalHeader().sectionSize(0) >= table.sizeHintForColumn(0)
    table.resize(3000, 200)
    qtbot.waitUntil(lambda: table.horizontalHeader().sectionSize(0) > table.sizeHintForColumn(0))
    table.resize(200, 200)
    qtbot.waitUntil(lambda: table.horizontalHeader().sectionSize(0) < 1000)
    assert table.horizontalHeader().sectionSize(0) >= table.sizeHintForColumn(0)
