"""The scan in the panel of int8: started, shown as bars, toggled, taken, undone, found again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from plugins.int8.technique import Int8
from plugins.subnet.technique import Subnet
from studio.engine.job_messages import JobDone, JobFailed, JobProgress, ScanJob
from studio.recipes.recipe import from_text
from studio.recipes.registry import Entry, Registry, described
from studio.recipes.scan import LayerDamage, Proposal, Scan, Sensitivity
from studio.recipes.scan_store import keep_scan
from widgets.recipes.scan_panel import NUMBER, ScanPanel

A, B, C, RGB = (f"{n}.convolved" for n in ("layer0", "layer1", "layer2", "rgb0"))
SCAN = Scan(
    Sensitivity(
        (
            LayerDamage(A, 50.0, 0.00004, 0.25),
            LayerDamage(B, 40.0, 0.0004, 0.5),
            LayerDamage(C, None, 0.0, 0.2),
            LayerDamage(RGB, 45.0, 0.0001, 0.01),
        ),
        36.5,
        8,
    ),
    Proposal((B,), 44.0, 0.45, True),
    38.0,
    ((RGB, "ToRGB stays in float"),),
)


@pytest.fixture
def step(window, qtbot):
    """The window with int8 in the recipe, and the id of its step."""
    entries = [Entry(kind.name, "", "ready", kind()) for kind in (Subnet, Int8)]
    techniques = window.app.techniques
    techniques.registry, techniques.complete = Registry(entries), True
    techniques._known = {entry.name: described(entry) for entry in entries}
    techniques.changed.emit()
    window.stack.add.setChecked(True)
    offer = next(o for o in window.stack.palette_.shown() if o.name == "int8")
    window.stack.palette_.chosen.emit(offer)
    qtbot.wait(80)
    return window.controller.document.recipe.steps[-1].id


def panel(window):
    return next(iter(window.stack.cards.values())).scan


def handles(window):
    runner = window.app.jobs._runner
    return [] if runner is None else [h for h in runner.handles if isinstance(h.job, ScanJob)]


def scan(window, qtbot):
    count = len(handles(window))
    panel(window).scan.click()
    qtbot.waitUntil(lambda: len(handles(window)) > count)
    return handles(window)[-1]


def scanned(window, qtbot):
    scan(window, qtbot).end(JobDone(scan=SCAN))
    qtbot.waitUntil(lambda: panel(window).list.count() == 4)
    return panel(window)


def checks(made):
    items = [made.list.item(n) for n in range(made.list.count())]
    return {item.text(): item.checkState() == Qt.CheckState.Checked for item in items}


def keep_of(window, step):
    return window.controller.document.recipe.find(step).values().get("keep", "auto")


def test_a_scan_is_a_job_with_progress_and_cancel(window, step, qtbot):
    made = panel(window)
    assert made.scan.isVisibleTo(window)
    assert not made.list.isVisibleTo(window)
    window.recipe.set_values(step, "keep", {"keep": [A], "samples": 16})
    handle = scan(window, qtbot)
    assert handle.job.path == "/models/one.safetensors"
    last = from_text(handle.job.recipe).steps[-1]
    assert (last.technique, dict(last.params)) == ("int8", {"samples": 16})
    assert made.cancel.isVisibleTo(window)
    handle.say(JobProgress(0.25, "layer0 alone in int8", 12.0))
    qtbot.waitUntil(lambda: made.words.text() == "12 s left")
    assert made.bar.value() == 250
    made.cancel.click()
    assert handle.finished
    assert made.scan.isVisibleTo(window)
    assert made.words.text() == ""
    scan(window, qtbot).end(JobFailed("there is not enough memory"))
    qtbot.waitUntil(lambda: "enough memory" in window.notice.sentence())
    assert made.scan.isVisibleTo(window)


def test_bars_show_damage_and_what_is_proposed(window, step, qtbot):
    made = scanned(window, qtbot)
    assert checks(made) == {
        "layer0": False, "layer1, proposed": True, "layer2": False, "rgb0": True
    }  # fmt: skip
    from widgets.recipes.scan_panel import NUMBER, SHARE

    items = [made.list.item(n) for n in range(4)]
    assert [item.data(NUMBER) for item in items] == ["50.0 dB", "40.0 dB", "none", "45.0 dB"]
    shares = [item.data(SHARE) for item in items]
    assert shares[1] == 1
    assert shares[2] == 0
    assert shares[0] < shares[3]
    assert not items[3].flags() & Qt.ItemFlag.ItemIsEnabled
    assert "ToRGB stays in float" in items[3].toolTip()
    assert "All in int8: 36.5 dB." in made.words.text()
    assert "Proposed for 38.0 dB: 1 in float; predicted 44.0 dB" in made.words.text()
    made.worst.setChecked(True)
    assert [made.list.item(n).text() for n in range(4)] == [
        "layer1, proposed", "rgb0", "layer0", "layer2"
    ]  # fmt: skip


def test_a_click_toggles_a_layer_and_a_button_takes_the_proposal_and_all_is_undone(
    window, step, qtbot
):
    made = scanned(window, qtbot)
    window.stack.ensurePolished()
    before = len(window.controller.history)
    row = made.list.visualItemRect(made.list.item(0))
    qtbot.mouseClick(made.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert keep_of(window, step) == [A, B]
    made.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert keep_of(window, step) == [A]
    assert made.take.isEnabled()
    made.take.click()
    assert keep_of(window, step) == [B]
    assert not made.take.isEnabled()
    assert len(window.controller.history) == before + 3
    window.controller.undo()
    assert keep_of(window, step) == [A]
    assert checks(made)["layer0"]
    window.controller.undo()
    window.controller.undo()
    assert keep_of(window, step) == "auto"
    assert checks(made)["layer1, proposed"]


def test_by_keys_too(window, step, qtbot):
    made = scanned(window, qtbot)
    made.list.setFocus()
    made.list.setCurrentRow(2)
    qtbot.keyClick(made.list, Qt.Key.Key_Space)
    assert keep_of(window, step) == [B, C]


def test_a_scan_is_of_one_network_and_is_found_again(window, step, qtbot):
    made = scanned(window, qtbot)
    window.recipe.set_values(step, "alpha", {"alpha": 0.25})
    assert not made.list.isVisibleTo(window)
    window.recipe.set_values(step, "wanted", {"wanted": 45})
    assert made.list.count() == 4  # what is wanted says nothing about the network
    # A scan that was made earlier lies on disk.
    from widgets.recipes.baking import recipe_text

    window.recipe.set_values(step, "alpha", {"alpha": 0.75})
    document = window.controller.document
    keep_scan("key-one", from_text(recipe_text(document.recipe, document.subnet)), SCAN)
    window.app.scanning._known.clear()
    window.stack.show_document(document)
    qtbot.waitUntil(lambda: made.list.isVisibleTo(window))
    assert len(handles(window)) == 1


def test_errors_of_an_output_are_shares(qtbot):
    """Of a denoiser it is its own output that layers cost, not a picture: 26 dB are 5%."""
    found = Sensitivity((LayerDamage("a.conv1", 40.0, 0.0001, 0.5),), 26.0206, 3)
    shown = ScanPanel()
    qtbot.addWidget(shown)
    made = Scan(found, Proposal(("a.conv1",), 34.0, 0.5, True), 26.0206, (), by_output=True)
    shown.show_scan(made, "auto", busy=False, progress=None)
    assert shown.list.item(0).data(NUMBER) == "1.00%"
    assert "All in int8: 5.00%." in shown.words.text()
    assert "predicted 2.00%" in shown.words.text()
