"""The grid of variants: what it offers, how it fills, and what a click in it does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.engine.baked_files import baked_path, reports_path, reports_text
from studio.engine.messages import (
    Adopt,
    Adopted,
    CancelLane,
    CloseModel,
    Compare,
    OpenModel,
    Render,
    Rendered,
)
from studio.families.inputs import MAX_SEED
from studio.families.stylegan.config import StyleGanConfig
from studio.fidelity.measurement import Latency, Measurement
from studio.runtimes.host import host_name
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice, resolve
from tests.widgets.conftest import use
from tests.widgets.fakes import colour_of, model_info, picture_of
from widgets import choosers
from widgets.compare.transform import picture_rect
from widgets.grid import plan
from widgets.grid.cells import CELL_ROLE
from widgets.grid.filling import COMPARE_LANE, LANE
from widgets.grid.plan import columns_of, first_columns, rows_of, showing, too_many
from widgets.grid.sheet import Sheet, painted
from widgets.recipes.baking import recipe_text

FULL, HALF, QUARTER = SubnetChoice(), SubnetChoice(width=0.5), SubnetChoice(width=0.25)
PRUNE = Steps((RecipeStep("s1", "prune", 1, "{}"),))
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def grid(window, qtbot):
    """The grid of full, half (current) and a kept quarter, for two seeds; all drawn."""
    controller = window.controller
    controller.set_subnet(QUARTER, None)
    controller.keep()
    controller.set_subnet(HALF, None)
    controller.set_inputs("x", None, seed=7)
    window.bottom.show_numbers(controller.document, controller.info, window.app.renderer)
    window.bottom.table.select_ids([controller.document.kept[0].id])
    window.actions_["grid"].trigger()
    made = window.grid
    made.choice.seeds.setCurrentIndex(made.choice.seeds.findData("four"))
    qtbot.waitUntil(lambda: made.state.text() == "Pictures: 12")
    return made


def cell(made, row, column):
    return made.table.cells.index(row, column).data(CELL_ROLE)


def colour(made, row, column) -> bytes:
    return bytes(cell(made, row, column).image.pixelColor(0, 0).getRgb()[:3])


def spec(made, row, column):
    return made._wanted(made._columns[column], made._rows[row]).spec


def tick(made, name: str, on: bool = True) -> None:
    (item,) = [i for i in made.choice.items() if i.text() == name]
    item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def wheel(table, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(table.viewport().mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(table.viewport(), event)


# ---- what there is to show -----------------------------------------------------------------------


def test_columns_are_full_current_kept_and_the_ladder_each_once(window):
    controller = window.controller
    controller.set_subnet(QUARTER, None)
    controller.keep()
    controller.set_subnet(FULL, None)
    info = controller.info
    every = columns_of(controller.document, info)
    assert [(c.id, c.name) for c in every[:2]] == [
        ("full", "full, 64 px"), (controller.document.kept[0].id, "width 0.25, 64 px")
    ]  # fmt: skip
    here = [(resolve(c.choice, info.config), c.recipe) for c in every]
    assert len(set(here)) == len(here)
    assert ("width 0.5, 32 px", SubnetChoice(0.5, resolution=32)) in [
        (c.name, c.choice) for c in every
    ]
    assert {c.choice for c in every} >= {FULL, HALF, QUARTER, SubnetChoice(0.75)}


def test_a_grid_begins_with_what_is_selected_beside_full_and_current(window):
    controller = window.controller
    controller.set_subnet(QUARTER, None)
    controller.keep()
    controller.set_subnet(HALF, None)
    every = columns_of(controller.document, controller.info)
    kept = controller.document.kept[0].id
    assert first_columns(every, [kept]) == {"full", "current", kept}
    alone = first_columns(every, [])
    assert len(alone) == 4
    assert alone >= {"full", "current", kept}
    assert first_columns(every, ["gone"]) == {"full", "current"}


def test_rows_are_seeds_or_pins(window):
    controller = window.controller
    controller.set_inputs("x", None, seed=41, truncation=0.3)
    controller.pin()
    controller.set_inputs("x", None, seed=MAX_SEED - 1, truncation=0.6)
    document = controller.document
    assert [row.document.inputs.seed for row in rows_of("one", document)] == [MAX_SEED - 1]
    assert [row.document.inputs.seed for row in rows_of("four", document)] == [
        MAX_SEED - 1,
        MAX_SEED,
    ]
    assert {row.document.inputs.truncation for row in rows_of("four", document)} == {0.6}
    (pinned,) = rows_of("pins", document)
    assert (pinned.name, pinned.document.inputs.truncation) == ("seed 41", 0.3)
    here = replace(document, strip_offset=40)
    assert [row.name for row in rows_of("strip", here)][:2] == ["seed 40", "seed 41"]


def test_memory_and_count_limit_a_grid():
    info = model_info()
    assert too_many(12, 10, info) is None
    assert too_many(11, 11, info) == 120
    large = replace(info, config=StyleGanConfig("anycost", 1024, 16, 16, 0, 2, (32,) * 18))
    assert too_many(8, 8, large) is None  # 64 pictures of 4 MiB
    assert too_many(13, 5, large) == 64


# ---- filling -------------------------------------------------------------------------------------


def test_every_cell_shows_its_variant_and_seed_with_numbers(grid, window):
    assert grid.table.cells.rows == ("seed 7", "seed 8", "seed 9", "seed 10")
    names = [column.partition("\n")[0] for column in grid.table.cells.columns]
    assert names == ["full, 64 px", "current: width 0.5, 64 px", "width 0.25, 64 px"]
    for row in range(4):
        for column, choice in enumerate((FULL, HALF, QUARTER)):
            wanted = spec(grid, row, column)
            assert (wanted.subnet, wanted.inputs.seed) == (choice, 7 + row)
            assert colour(grid, row, column) == colour_of(wanted)
    assert cell(grid, 2, 0).caption == "reference"
    assert cell(grid, 2, 1).caption == "FLIP 0.060, 28.1 dB"
    compared = window.app.client.of(Compare, COMPARE_LANE)
    assert len(compared) == 8
    assert all(c.reference == replace(c.candidate, subnet=FULL) for c in compared)


def test_pictures_come_one_by_one_in_lanes_of_their_own(window, qtbot, drawn):
    client = drawn.client
    client.auto = False
    window.actions_["grid"].trigger()
    made = window.grid
    assert len(client.of(Render, LANE)) == 1
    assert "Drawing 1 of 16" in made.state.text()
    assert cell(made, 0, 0).image is None
    client.answer_lane(LANE)
    assert cell(made, 0, 0).image is not None
    assert cell(made, 0, 1).image is None
    assert len(client.of(Render, LANE)) == 2


def test_stop_and_go_on(window, qtbot, drawn):
    client = drawn.client
    client.auto = False
    window.actions_["grid"].trigger()
    made = window.grid
    client.answer_lane(LANE)
    made.stop.click()
    assert client.of(CancelLane, LANE)
    assert made.state.text() == "Stopped at 1 of 16"
    assert made.stop.text() == "Go on"
    asked = len(client.of(Render, LANE))
    client.auto = True
    made.stop.click()
    assert len(client.of(Render, LANE)) > asked
    assert made.state.text() == "Pictures: 16"
    assert not made.stop.isVisible()


def test_a_drag_and_a_measurement_have_it_wait(window, qtbot, drawn):
    client = drawn.client
    client.auto = False
    window.actions_["grid"].trigger()
    window.controller.begin("width")
    client.answer_lane(LANE)
    assert len(client.of(Render, LANE)) == 1
    window.controller.end()
    assert len(client.of(Render, LANE)) == 2
    window.app.measuring.busy_changed.emit(True)
    assert client.of(CancelLane, LANE)
    assert "Waits until the measurement" in window.grid.state.text()
    window.app.measuring.busy_changed.emit(False)
    assert len(client.of(Render, LANE)) == 3


def test_ticking_a_variant_draws_only_what_is_new(grid, window):
    before = len(window.app.client.of(Render, LANE))
    tick(grid, "width 0.5, 32 px")
    assert len(window.app.client.of(Render, LANE)) == before + 4
    assert grid.state.text() == "Pictures: 16"
    tick(grid, "full, 64 px", on=False)
    assert len(window.app.client.of(Render, LANE)) == before + 4
    assert grid.table.cells.columnCount() == 3


def test_box_words_and_space_tick_a_variant(grid, qtbot):
    (item,) = [i for i in grid.choice.items() if i.text() == "width 0.5, 32 px"]
    grid.choice.list.scrollToItem(item)
    rect = grid.choice.list.visualItemRect(item)
    box = QPoint(rect.left() + 10, rect.center().y())
    for number, at in enumerate((rect.center(), box, rect.center(), box)):
        qtbot.mouseClick(grid.choice.list.viewport(), LEFT, pos=at)
        wanted = Qt.CheckState.Unchecked if number % 2 else Qt.CheckState.Checked
        assert item.checkState() == wanted
    grid.choice.list.setCurrentItem(item)
    qtbot.keyClick(grid.choice.list, Qt.Key.Key_Space)
    assert item.checkState() == Qt.CheckState.Checked
    assert grid.table.cells.columnCount() == 4


def test_too_many_pictures_are_refused_with_a_sentence(grid, drawn, monkeypatch):
    monkeypatch.setattr(plan, "MOST_CELLS", 50)
    drawn.client.auto = False
    for item in grid.choice.items():
        item.setCheckState(Qt.CheckState.Checked)
    grid.choice.seeds.setCurrentIndex(grid.choice.seeds.findData("strip"))
    assert "at most 50" in grid.choice.hint.text()
    assert grid.table.cells.columnCount() == 0
    grid.choice.seeds.setCurrentIndex(grid.choice.seeds.findData("pins"))
    assert "Pin pictures" in grid.choice.hint.text()


def test_a_picture_that_cannot_be_made_says_why(window, qtbot, drawn):
    client = drawn.client
    client.auto = False
    window.actions_["grid"].trigger()
    (request,) = [r for r in client.waiting if getattr(r, "lane", "") == LANE]
    client.fail(request, "Rendering failed: there is not enough memory")
    assert "not enough memory" in cell(window.grid, 0, 0).caption
    assert len(client.of(Render, LANE)) == 2


def test_closing_gives_the_rest_up(window, qtbot, drawn):
    drawn.client.auto = False
    window.actions_["grid"].trigger()
    window.grid.close()
    assert drawn.client.of(CancelLane, LANE)
    drawn.client.auto = True
    use(drawn, model_info("key-two", "/models/two.safetensors"))
    assert window.grid.table.cells.columnCount() == 0


def test_latency_stands_where_it_was_measured(grid, window, qtbot):
    assert grid.table.cells.columns[1].endswith("\nnot measured")
    target = window.controller.target
    one = Measurement(
        "half", HALF, 30.0, 0.9, 0.1, 1000, 2000, 3000, 4000, Latency(5.25, 5.0, 6.0), target, 2,
        host_name(),
    )  # fmt: skip
    window.controller.add_measurements("key-one", (one,))
    assert grid.table.cells.columns[1].startswith("current: width 0.5, 64 px\n5.2 ms, ")
    assert grid.table.cells.columns[2].endswith("\nnot measured")


# ---- baked variants ------------------------------------------------------------------------------


def baked(window, number: int) -> str:
    """A kept variant whose recipe was applied in an earlier session. Its ref."""
    controller = window.controller
    steps = Steps((RecipeStep("s1", "prune", 1, f'{{"seed": {number}}}'),))
    before = controller.document
    kept = replace(before, recipe=steps, subnet=HALF).keeping(f"pruned {number}")
    controller.edit("x", replace(kept, recipe=before.recipe, subnet=before.subnet))
    path = baked_path("key-one", recipe_text(steps, HALF))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"weights")
    reports_path(path).write_text(reports_text(()), "utf-8")
    info = model_info(f"baked-{number}", str(path))
    window.app.client.models[str(path)] = info
    return controller.document.kept[-1].id


def test_baked_variants_are_opened_one_after_the_other(window, qtbot, drawn):
    refs = [baked(window, number) for number in range(6)]  # more than the renderer holds
    window.actions_["grid"].trigger()
    made = window.grid
    for item in made.choice.items():
        on = item.data(Qt.ItemDataRole.UserRole + 1).id in ("full", *refs)
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
    made.choice.seeds.setCurrentIndex(made.choice.seeds.findData("one"))
    qtbot.waitUntil(lambda: made.state.text() == "Pictures: 7", timeout=10_000)
    for column in range(1, 7):
        wanted = spec(made, 0, column)
        assert wanted.model == f"baked-{column - 1}"
        assert colour(made, 0, column) == colour_of(wanted)
        assert cell(made, 0, column).caption == "FLIP 0.060, 28.1 dB"
    opened = [r.path for r in drawn.client.of(OpenModel)]
    assert len(opened) == len(set(opened)) == 6
    assert drawn.client.of(CloseModel)


def test_a_recipe_that_was_never_applied_is_said(window, qtbot):
    controller = window.controller
    controller.edit("x", replace(controller.document, recipe=PRUNE).keeping("pruned"))
    controller.edit("y", replace(controller.document, recipe=Steps()))
    window.bottom.show_numbers(controller.document, controller.info, window.app.renderer)
    window.bottom.table.select_ids([controller.document.kept[0].id])
    window.actions_["grid"].trigger()
    made = window.grid
    last = len(made._columns) - 1
    assert made._columns[last].name == "pruned"
    qtbot.waitUntil(lambda: cell(made, 0, last).caption == "recipe not applied")
    qtbot.waitUntil(lambda: made.state.text() == "Pictures: 8")
    assert not made.stop.isVisible()


def test_int8_drawn_in_float_is_said_and_drawn_again_once_compiled(window, qtbot, drawn):
    client = drawn.client
    window.controller.use_target("openvino:CPU:bf16")
    ref = baked(window, 1)
    (path,) = [p for p, info in client.models.items() if info.key == "baked-1"]
    client.models[path] = replace(client.models[path], quantised=True)
    window.bottom.show_numbers(
        window.controller.document, window.controller.info, drawn.app.renderer
    )
    window.bottom.table.select_ids([ref])
    window.actions_["grid"].trigger()
    made = window.grid
    made.choice.seeds.setCurrentIndex(made.choice.seeds.findData("one"))
    qtbot.waitUntil(lambda: cell(made, 0, 2).caption == "in float; not compiled for int8")
    wanted = spec(made, 0, 2)
    assert wanted.target == "openvino:CPU:int8"
    assert [a for a in client.of(Adopt) if a.model == "baked-1" and a.targets == (wanted.target,)]
    assert not [c for c in client.of(Compare, COMPARE_LANE) if c.candidate == wanted]
    client.auto = False
    info = client.models[path]
    client.mailbox.answer(Adopted("baked-1", resolve(wanted.subnet, info.config), wanted.target))
    again = client.of(Render, LANE)[-1]
    assert again.spec == wanted
    client.mailbox.answer(
        Rendered(LANE, again.stamp, wanted, picture_of(wanted), 0.01, "OpenVINO int8 CPU")
    )
    client.answer_lane(COMPARE_LANE)
    assert cell(made, 0, 2).caption == "FLIP 0.060, 28.1 dB"
    compared = client.of(Compare, COMPARE_LANE)[-1]
    assert (compared.reference.model, compared.reference.target) == (
        "key-one", "openvino:CPU:f32"
    )  # fmt: skip


# ---- looking and choosing ------------------------------------------------------------------------


def test_the_wheel_zooms_into_all_cells_alike(grid, qtbot):
    table = grid.table
    assert not grid.fit.isEnabled()
    fitted = table.look.zoom
    at = table.frame_of(table.visualRect(table.cells.index(0, 1))).center()
    wheel(table, at, 3)
    assert table.look.zoom > 1.5 * fitted
    assert grid.fit.isEnabled()
    before = table.look
    middle = table.viewport().rect().center()
    qtbot.mousePress(table.viewport(), LEFT, pos=middle)
    for step in (10, 20, 30):
        qtbot.mouseMove(table.viewport(), middle + QPoint(step, step))
    qtbot.mouseRelease(table.viewport(), LEFT, pos=middle + QPoint(30, 30))
    assert table.look.zoom == before.zoom
    assert (table.look.cx, table.look.cy) != (before.cx, before.cy)
    wheel(table, at, -9)
    assert table.fitted
    assert table.look.zoom == fitted
    qtbot.keyClick(table, Qt.Key.Key_Plus)
    assert not table.fitted
    qtbot.keyClick(table, Qt.Key.Key_F)
    assert table.fitted


def test_the_zoom_keeps_the_point_under_the_pointer(grid, qtbot):
    table = grid.table
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(0xFF000000)
    image.setPixel(16, 48, 0xFFFFFFFF)
    for row in range(2):
        old = cell(grid, row, 1)
        table.cells.set_cell(row, 1, replace(old, image=image, reduced=image))
    table.picture_added()
    frame = table.frame_of(table.visualRect(table.cells.index(0, 1)))
    rect = picture_rect(table.reference(), table.area(), table.look)
    scale = rect.w / 64
    at = frame.topLeft() + QPoint(round(rect.x + 16.5 * scale), round(rect.y + 48.5 * scale))
    wheel(table, at, 8)
    shot = table.viewport().grab().toImage()
    assert shot.pixelColor(at).lightness() > 200
    below = at + QPoint(0, table.rowHeight(0))
    assert shot.pixelColor(below).lightness() > 200  # the same place of the cell below


def test_a_click_shows_a_cell_on_side_b_as_one_step(grid, window, qtbot):
    controller, table = window.controller, grid.table
    before = controller.document
    at = table.frame_of(table.visualRect(table.cells.index(1, 2))).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=at)
    document = controller.document
    assert document.view.side_b == before.kept[0].id
    assert document.inputs.seed == 8
    assert document.kept == before.kept
    assert window.app.renderer.shown["B"].subnet == QUARTER
    # The grid stays as it is; the button draws the present picture.
    assert spec(grid, 0, 0).inputs.seed == 7
    assert grid.choice.renew.isEnabled()
    controller.undo()
    assert controller.document.view.side_b == before.view.side_b
    assert controller.document.inputs == before.inputs


def test_enter_and_a_rung_that_is_not_kept(grid, window, qtbot):
    controller = window.controller
    tick(grid, "width 0.5, 32 px")
    before = controller.document
    grid.table.setCurrentIndex(grid.table.cells.index(0, 3))
    qtbot.keyClick(grid.table, Qt.Key.Key_Return)
    document = controller.document
    assert document.kept[-1].name == "width 0.5, 32 px"
    assert document.view.side_b == document.kept[-1].id
    assert (document.subnet, document.recipe) == (before.subnet, before.recipe)
    qtbot.mouseClick(grid.choice.renew, LEFT)
    assert not grid.choice.renew.isEnabled()
    assert [c.id for c in grid._columns][-1] == document.kept[-1].id or len(grid._columns) == 3


def test_a_choice_that_is_spelt_otherwise_is_kept_once(window):
    controller = window.controller
    spelt = SubnetChoice(width=0.25, resolution=64)
    controller.edit("x", replace(controller.document, subnet=spelt).keeping("quarter"))
    document = controller.document
    columns = {column.name: column for column in columns_of(document, controller.info)}
    assert "quarter" not in columns  # it is the current one
    row = rows_of("one", document)[0]
    controller.set_subnet(HALF, None)
    columns = {c.name: c for c in columns_of(controller.document, controller.info)}
    shown = showing(controller.document, columns["quarter"], row)
    assert shown.kept == document.kept
    assert shown.view.side_b == document.kept[0].id


def test_where_side_b_is_hidden_it_is_shown(window):
    controller = window.controller
    controller.show_mode("full")
    column = columns_of(controller.document, controller.info)[1]
    row = rows_of("one", controller.document)[0]
    assert showing(controller.document, column, row).view.mode == "side"


def test_screen_readers_hear_variant_seed_and_numbers(grid):
    assert grid.table.accessibleName()
    table = QAccessible.queryAccessibleInterface(grid.table)
    heard = [table.child(n).text(QAccessible.Text.Name) for n in range(table.childCount())]
    assert "seed 8, width 0.25, 64 px, not measured, FLIP 0.060, 28.1 dB" in heard
    assert "seed 9" in heard


# ---- the sheet -----------------------------------------------------------------------------------


def filled(colour_: int, side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(0xFF000000 | colour_)
    return image


def test_a_sheet_has_every_picture_whole_and_labels(qapp):
    images = ((filled(0xFF0000, 128), filled(0x00FF00, 64)), (filled(0x0000FF, 128), None))
    sheet = Sheet(
        ("full", "너비 0.5"), ("seed 1", "seed 2"), images, (("reference", "x"), ("", "")),
        qapp.font(),
    )  # fmt: skip
    image = painted(sheet)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    counts = [
        int((pixels[:, :, :3] == bgr).all(axis=2).sum())
        for bgr in ((0, 0, 255), (0, 255, 0), (255, 0, 0))
    ]
    assert counts == [128 * 128] * 3  # the small one covers the same room
    beside = pixels[:, : image.width() - 2 * 136, :3]
    assert (beside < 128).any()  # row labels
    assert (pixels[:40, :, :3] < 128).any()  # column labels


def test_a_sheet_of_many_large_pictures_is_reduced(qapp):
    row = tuple(filled(0x808080, 1024) for _ in range(10))
    sheet = Sheet(("v",) * 10, ("s",) * 6, (row,) * 6, (("",) * 10,) * 6, qapp.font())
    image = painted(sheet)
    assert image.width() * image.height() < 60_000_000


def test_the_sheet_is_saved_as_png(grid, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "격자.png"
    asked = []
    monkeypatch.setattr(choosers, "save_picture", lambda _, p: asked.append(p) or path)
    qtbot.mouseClick(grid.save, LEFT)
    qtbot.waitUntil(lambda: "Saved as" in grid.notice.sentence())
    assert asked[0].name == "one-grid.png"
    image = QImage(str(path))
    assert image.width() > 3 * 96
    monkeypatch.setattr(choosers, "save_picture", lambda *_: tmp_path / "no" / "a.png")
    qtbot.mouseClick(grid.save, LEFT)
    qtbot.waitUntil(lambda: "cannot be saved" in grid.notice.sentence())
