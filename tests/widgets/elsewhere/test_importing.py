"""A measurement of another computer comes in: file, table, frontier, session."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QMenu

from studio.bundles import imported
from studio.bundles.template.runner import measuring
from studio.engine.messages import RenderSpec
from studio.fidelity.measurement import Latency, Measurement
from studio.recipes.recipe import Recipe, Step, to_json
from studio.recipes.values import Values
from studio.runtimes.host import host_name
from studio.session import file
from studio.session.document import FULL
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice
from tests.widgets.fakes import colour_of, model_info
from widgets.elsewhere.places import on_host, target_and_host
from widgets.elsewhere.recipes import digest_of
from widgets.frontier.axes import card_lines
from widgets.table_text import csv_text

HALF = SubnetChoice(width=0.5)
SHA = "0" * 64


def run(**changes) -> dict:
    plain = {
        "id": "half.onnx-f32", "title": "width 0.5, ONNX f32",
        "subnet": {"width": 0.5, "rule": "literal", "widths": None, "resolution": None},
        "quality": {"seeds": [0, 1], "psnr": 28.5, "ssim": 0.9, "flip": 0.08},
        "pixels": 64, "parameters": 100, "macs": 200, "paper_macs": 300, "size_bytes": 400_000,
        "target": "onnxruntime:cpu:f32", "runtime": "onnxruntime", "version": "1.30.0",
        "device": "cpu", "precision": "f32", "threads": 0, "first_ms": 40.0,
        "latency_ms": {"median": 9.0, "p10": 8.0, "p90": 12.0, "runs": 50},
    }  # fmt: skip
    return plain | changes


def record(*runs, key: str = "key-one", sha: str = SHA, recipe: str = "") -> dict:
    return {
        "format": "maquette-measurement", "version": 1,
        "model": {"name": "one", "key": key, "source_sha256": sha, "recipe_sha256": recipe},
        "host": "Pixel 8", "system": "Linux", "python": "3.12.1",
        "measurements": list(runs or (run(),)),
    }  # fmt: skip


@pytest.fixture
def bring(window, tmp_path):
    def brought(content: dict | str) -> None:
        path = tmp_path / "measurement.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        window.commands.open_path(path)

    return brought


def taken(window) -> list[Measurement]:
    return [m.measurement for m in window.controller.document.measurements]


def test_it_stands_on_the_frontier_and_in_the_table_under_its_hosts_name(window, qtbot, bring):
    full = {"width": 1.0, "rule": "literal", "widths": None, "resolution": None}
    best = {"seeds": [0], "psnr": None, "ssim": 1.0, "flip": 0.0}
    slow = {"median": 30.0, "p10": 29.0, "p90": 33.0, "runs": 50}
    bring(record(run(), run(id="full", subnet=full, quality=best, latency_ms=slow)))
    qtbot.waitUntil(lambda: len(taken(window)) == 2)
    half = taken(window)[0]
    assert (half.host, half.target, half.choice) == ("Pixel 8", "onnxruntime:cpu:f32", HALF)
    assert half.latency_ms == Latency(9.0, 8.0, 12.0)
    assert "2 measurements of Pixel 8" in window.notice.sentence()
    # The subnet is kept, so that its picture can be seen; full need not be.
    (kept,) = window.controller.document.kept
    assert (kept.choice, window.controller.history.undo_label) == (HALF, "Import measurement.json")
    qtbot.waitUntil(lambda: window.bottom.frontier.plot is not None)
    cloud = window.bottom.frontier.plot.cloud
    place = on_host("onnxruntime:cpu:f32", "Pixel 8")
    found = {p.ref: p for p in cloud.points if p.target == place}
    assert set(found) == {kept.id, FULL}
    assert found[kept.id].latency.median == 9.0
    assert len(cloud.frontiers[place]) == 2  # a frontier of its own
    assert "measured on Pixel 8, ONNX Runtime f32 CPU" in card_lines(found[kept.id])
    legend = window.bottom.frontier.plot.legend.texts()
    assert "ONNX Runtime f32 CPU, Pixel 8" in legend
    rows = [r for r in window.bottom.shown_rows() if r.host]
    assert [(r.name, r.latency.median) for r in rows] == [
        (f"{kept.name}, Pixel 8", 9.0), ("full, Pixel 8", 30.0),
    ]  # fmt: skip
    assert csv_text(rows).splitlines()[1].endswith(",onnxruntime:cpu:f32,,measured,Pixel 8")


def test_what_was_measured_here_stays_apart(window, qtbot, bring):
    here = Measurement(
        "half", HALF, 28.0, 0.9, 0.1, 1, 2, 3, 4, Latency(5.0, 4.0, 6.0),
        "onnxruntime:cpu:f32", 2, host_name(),
    )  # fmt: skip
    window.controller.add_measurements("key-one", (here,))
    bring(record())
    qtbot.waitUntil(lambda: len(taken(window)) == 2)
    assert here in taken(window)
    document = window.controller.document
    assert document.measured(HALF, "onnxruntime:cpu:f32", host_name()) == here
    assert document.measured(HALF, "onnxruntime:cpu:f32", "Pixel 8").latency_ms.median == 9.0


def test_a_point_of_another_computer_is_drawn_where_this_one_draws(window, qtbot, bring):
    bring(record(run(target="onnxruntime:qnn:int8")))
    qtbot.waitUntil(lambda: window.bottom.frontier.plot is not None)
    plot, controller = window.bottom.frontier.plot, window.controller
    (point,) = [p for p in plot.cloud.points if target_and_host(p.target)[1]]
    before = controller.document.view.target_a
    plot.side_chosen.emit("A", point)
    assert controller.document.view.side_a == point.ref
    assert controller.document.view.target_a == before
    assert window.bottom.table.selected_ids() == [key_of(window)]
    # Its card shows the subnet as this computer draws it: there may be no such target here.
    spec = RenderSpec("key-one", controller.document.inputs, HALF, controller.target)
    image = plot.provider(point, lambda image: None)
    assert image.pixelColor(0, 0).getRgb()[:3] == tuple(colour_of(spec))


def key_of(window) -> str:
    (key,) = window.bottom._away
    return key


def test_a_runtime_that_only_exported_files_are_for(window, qtbot, bring, tmp_path):
    bring(record(run(target="litert:cpu:f32", runtime="litert")) | {"host": host_name()})
    qtbot.waitUntil(lambda: window.bottom.frontier.plot is not None)
    # Taken on this very computer: its point stands beside those measured here ...
    plot, controller = window.bottom.frontier.plot, window.controller
    (point,) = [p for p in plot.cloud.points if p.target == "litert:cpu:f32"]
    assert "measured, LiteRT f32 CPU" in card_lines(point)
    # ... and shows the subnet where the app draws.
    plot.side_chosen.emit("A", point)
    assert controller.document.view.side_a == point.ref
    assert controller.document.view.target_a == ""
    file.save(replace(controller.document, model=None), tmp_path / "s.maquette")
    assert file.load(tmp_path / "s.maquette").measurements == controller.document.measurements


def test_a_row_can_be_shown_and_its_measurement_removed(window, qtbot, bring):
    bring(record())
    qtbot.waitUntil(lambda: bool(window.bottom._away))
    key = key_of(window)
    (kept,) = window.controller.document.kept
    window.bottom.table.row_activated.emit(key)
    assert window.controller.document.view.side_b == kept.id
    menu = window.bottom.table.menu_for(key)
    assert isinstance(menu, QMenu)
    texts = {a.text(): a for a in menu.actions() if a.text()}
    assert list(texts) == [
        "Show on side A", "Show on side B", "Make it current", "Export bundle…",
        "Remove this measurement",
    ]  # fmt: skip
    texts["Remove this measurement"].trigger()
    menu.close()
    assert taken(window) == []
    qtbot.waitUntil(lambda: not window.bottom._away)


def test_undone_it_stays_true_but_belongs_to_no_variant(window, qtbot, bring):
    bring(record())
    qtbot.waitUntil(lambda: bool(window.bottom._away))
    window.controller.undo()
    assert window.controller.document.kept == ()
    qtbot.waitUntil(lambda: key_of(window).startswith("\n"))
    (found,) = window.bottom._away.values()
    assert (found.ref, found.name) == ("", "width 0.5, 64 px")
    before = window.controller.document
    window.bottom.table.row_activated.emit(key_of(window))
    plot = window.bottom.frontier.plot
    (index,) = [i for i, p in enumerate(plot.cloud.points) if not p.ref]
    plot.side_chosen.emit("B", plot.cloud.points[index])
    assert window.controller.document == before
    menu = plot.menu_for(index)
    assert [a.text() for a in menu.actions() if a.text()] == ["Show everything"]
    menu.deleteLater()
    menu = window.bottom.table.menu_for(key_of(window))
    assert [a.text() for a in menu.actions() if a.text()] == ["Remove this measurement"]
    menu.deleteLater()


STEPS = Steps((RecipeStep("s1", "lowrank", 1, '{"rank": 0.5}'),))
DIGEST = hashlib.sha256(b'[{"params":{"rank":0.5},"technique":"lowrank","version":1}]').hexdigest()


def test_a_variant_by_a_recipe_is_not_the_plain_subnet(window, qtbot, bring):
    controller = window.controller
    bring(record(recipe=DIGEST))
    qtbot.waitUntil(lambda: "a recipe that no variant here has" in window.notice.sentence())
    assert taken(window) == []
    controller.edit("", replace(controller.document, recipe=STEPS))
    bring(record(recipe=DIGEST))
    qtbot.waitUntil(lambda: len(taken(window)) == 1)
    # What was measured is kept, with its recipe; nothing is said of the plain subnet.
    (kept,) = controller.document.kept
    assert (kept.recipe, kept.choice) == (STEPS, controller.document.subnet)
    assert controller.document.measured(HALF, "onnxruntime:cpu:f32", "Pixel 8") is None
    qtbot.waitUntil(lambda: bool(window.bottom._away))
    (found,) = window.bottom._away.values()
    assert (found.ref, found.name) == (kept.id, kept.name)
    (row,) = [r for r in window.bottom.shown_rows() if r.host]
    assert (row.width.text, row.latency.median) == ("0.5", 9.0)
    # Again: the newer one takes the place of the older.
    fast = {"median": 7.0, "p10": 6.0, "p90": 8.0, "runs": 50}
    bring(record(run(latency_ms=fast), recipe=DIGEST))
    qtbot.waitUntil(lambda: taken(window)[0].latency_ms.median == 7.0)
    assert (len(taken(window)), len(controller.document.kept)) == (1, 1)
    controller.unkeep(kept.id)
    qtbot.waitUntil(lambda: not window.bottom._away)


def test_both_sides_name_a_recipe_alike():
    text = to_json(Recipe("any name", (Step("lowrank", 1, True, Values({"rank": 0.5})),)))
    assert measuring.recipe_digest({"name": "any name", "canonical": text}) == DIGEST
    assert imported.recipe_digest(text) == DIGEST
    assert measuring.recipe_digest(None) == ""
    assert digest_of(STEPS, HALF) == DIGEST


def test_it_is_kept_in_the_session(window, qtbot, bring, tmp_path):
    bring(record())
    qtbot.waitUntil(lambda: len(taken(window)) == 1)
    assert window.controller.dirty
    model = tmp_path / "one.safetensors"
    model.write_bytes(b"x")
    document = window.controller.document
    file.save(document, tmp_path / "s.maquette")
    assert json.loads((tmp_path / "s.maquette").read_text())["document"]["measurements"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (record(sha="1" * 64), "not of the one that is open"),
        (record(key="key-two"), "of other weights"),
        (record(run(target="../../etc:1")), "target"),
        (record(run(subnet={"width": 0.5, "rule": "literal", "widths": [0.5], "resolution": None})),
         "a subnet that one has not"),
        (record(run(subnet={"width": 0.5, "rule": "literal", "widths": None, "resolution": 48})),
         "a subnet that one has not"),
        (record(run(quality=None)), "fidelity"),
        (record(run(first_ms=-1.0)), "not a whole measurement"),
        (record() | {"version": 2}, "version 2"),
        (record() | {"host": "x" * 400}, "not a whole measurement"),
    ],
)  # fmt: skip
def test_what_does_not_belong_is_refused_with_a_sentence(window, qtbot, bring, content, words):
    before = window.controller.document
    bring(content)
    qtbot.waitUntil(lambda: words in window.notice.sentence())
    assert "measurement.json" in window.notice.sentence()
    assert window.controller.document == before


def test_without_a_model_it_says_what_to_do(stage, qtbot, tmp_path):
    from widgets.main_window import MainWindow

    window = MainWindow(stage.app)
    window.show()
    (tmp_path / "measurement.json").write_text(json.dumps(record()))
    window.commands.open_path(tmp_path / "measurement.json")
    qtbot.waitUntil(lambda: "open the model that it is of first" in window.notice.sentence())
    window.close()
    window.deleteLater()


def test_the_present_model_is_the_one_that_counts(window):
    assert window.controller.info.source_sha256 == model_info().source_sha256 == SHA
